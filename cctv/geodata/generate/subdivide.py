"""Cut the areas between main streets into superblocks, blocks and rows of plots; each cut is a street or a lane."""

from dataclasses import dataclass, field

import numpy as np
import shapely

from cctv.geodata.generate.frame import Street
from cctv.geodata.generate.shapes import cut, envelope, extent, rotation


@dataclass(frozen=True)
class Rule:
    """When an area is cut, and what street the cut becomes.

    Attributes
    ----------
    longest_m, shortest_m : float
        Largest long and short side that stay uncut [m].
    width_m : tuple of float
        Range of street widths [m].
    road_class : str
        Class of the street.
    """

    longest_m: float
    shortest_m: float
    width_m: tuple[float, float]
    road_class: str


# Superblocks of about 330 x 250-600 m, then blocks of about 60-120 x 90-180 m.
SUPERBLOCK = Rule(600.0, 360.0, (6.0, 8.0), "local")
BLOCK = Rule(180.0, 125.0, (4.0, 5.5), "local")
LANE_WIDTH_M = (1.5, 3.0)
_LEAST_AREA_M2 = 250.0


@dataclass(frozen=True)
class Cut:
    """A street made by a cut, and the blocks it opens up.

    Attributes
    ----------
    street : Street
        The street.
    first, last : int
        Blocks ``first`` to ``last - 1`` came out of the area that was cut.
    """

    street: Street
    first: int
    last: int


@dataclass(frozen=True)
class Row:
    """A strip of plots between two lanes.

    Attributes
    ----------
    polygon : shapely.Polygon
        Up to the middle of the lanes [m].
    angle_rad : float
        Direction of the lanes [rad].
    block : int
        Block it belongs to.
    """

    polygon: shapely.Polygon
    angle_rad: float
    block: int


@dataclass
class Plan:
    """Result of the cutting.

    Attributes
    ----------
    blocks : list of shapely.Polygon
        Up to the middle of the streets [m].
    cuts : list of Cut
        Streets between them.
    """

    blocks: list[shapely.Polygon] = field(default_factory=list[shapely.Polygon])
    cuts: list[Cut] = field(default_factory=list[Cut])


def subdivide(faces: list[shapely.Polygon], core: shapely.Geometry, rng: np.random.Generator) -> Plan:
    """Cut faces into superblocks and blocks.

    Parameters
    ----------
    faces : list of shapely.Polygon
        Areas between main streets [m].
    core : shapely.Geometry
        Old town, where streets run along the axes.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    Plan
        Blocks and the streets between them.
    """
    plan = Plan()
    for face in faces:
        _divide(face, (SUPERBLOCK, BLOCK), core, plan, rng)
    return plan


def rows_of_block(
    block: shapely.Polygon,
    inner: shapely.Polygon,
    number: int,
    core: shapely.Geometry,
    depth_m: float,
    rng: np.random.Generator,
) -> tuple[list[Row], list[Street]]:
    """Cut a block into rows of plots with lanes between them.

    Parameters
    ----------
    block : shapely.Polygon
        Up to the middle of the streets [m].
    inner : shapely.Polygon
        The block without the shop-houses along main streets [m]; lanes are spaced over it.
    number : int
        Number of the block.
    core : shapely.Geometry
        Old town, where lanes run along the axes.
    depth_m : float
        Wished distance between lanes [m].
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    tuple of list
        Rows, and the lanes.
    """
    angle = _direction(inner, core)
    _, _, low, high = extent(inner, angle)
    count = max(1, round((high - low) / depth_m))
    wobble = 0.0 if _is_core(block, core) else 0.03
    places = low + (high - low) * (np.arange(1, count) + rng.uniform(-0.08, 0.08, count - 1)) / count
    rows: list[Row] = []
    lanes: list[Street] = []
    rest = [block]
    for place in places:
        tilt = angle + rng.normal(0.0, wobble)
        point = rotation(angle) @ np.array([_middle(block, angle), place])
        width = round(float(rng.uniform(*LANE_WIDTH_M)), 1)
        pieces: list[shapely.Polygon] = []
        for part in rest:
            halves, lines = cut(part, point, tilt)
            lanes += [Street(line, "lane", width, lit=False) for line in lines]
            pieces += halves
        rest = pieces
    rows += [Row(part, angle, number) for part in rest if part.area > _LEAST_AREA_M2]
    return rows, lanes


def _divide(
    area: shapely.Polygon, rules: tuple[Rule, ...], core: shapely.Geometry, plan: Plan, rng: np.random.Generator
) -> None:
    if area.area < _LEAST_AREA_M2:
        return
    _, long_m, short_m = envelope(area)
    while rules and long_m <= rules[0].longest_m and short_m <= rules[0].shortest_m:
        rules = rules[1:]
    if not rules:
        plan.blocks.append(area)
        return
    first = len(plan.blocks)
    pieces, lines = _halve(area, core, rng)
    width = round(float(rng.uniform(*rules[0].width_m)), 1)
    for piece in pieces:
        _divide(piece, rules, core, plan, rng)
    plan.cuts += [Cut(Street(line, rules[0].road_class, width), first, len(plan.blocks)) for line in lines]


def _halve(
    area: shapely.Polygon, core: shapely.Geometry, rng: np.random.Generator
) -> tuple[list[shapely.Polygon], list[shapely.LineString]]:
    """Cut across the long side, near the middle."""
    in_core = _is_core(area, core)
    angle = _direction(area, core)
    u0, u1, v0, v1 = extent(area, angle)
    place = u0 + (u1 - u0) * rng.uniform(0.42, 0.58)
    point = rotation(angle) @ np.array([place, (v0 + v1) / 2])
    return cut(area, point, angle + np.pi / 2 + rng.normal(0.0, 0.008 if in_core else 0.05))


def _direction(area: shapely.Polygon, core: shapely.Geometry) -> float:
    """Direction of the long side; along an axis in the old town."""
    angle, _, _ = envelope(area)
    if not _is_core(area, core):
        return angle
    u0, u1, v0, v1 = extent(area, 0.0)
    return 0.0 if u1 - u0 >= v1 - v0 else np.pi / 2


def _is_core(area: shapely.Polygon, core: shapely.Geometry) -> bool:
    return bool(shapely.intersects(core, area.representative_point()))


def _middle(area: shapely.Polygon, angle: float) -> float:
    u0, u1, _, _ = extent(area, angle)
    return (u0 + u1) / 2

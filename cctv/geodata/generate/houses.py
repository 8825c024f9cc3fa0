"""Fill rows of plots with houses, and main streets with terraced shop-houses."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import shapely

from cctv.geodata.generate.frame import Street
from cctv.geodata.generate.shapes import Floats, Geometries, polygons_from, rotation
from cctv.geodata.generate.subdivide import Row

# Shop-houses: fronts 4-5 m, 12-19 m deep, terraces of 4-12, two or three floors.
SHOP_DEPTH_M = 20.0
_SHOP_SETBACK_M = 1.0
_SHOP_WIDTH_M = (4.0, 5.0)
_SHORTEST_TERRACE = 3
_THREE_FLOORS = 3
_UNLIKE_NEIGHBOURS = 0.2
# Kampung houses: 50-120 m2, 80-90 % single-storey, walls shared or 0.5-1.5 m apart.
_SINGLE_STOREY = 0.85
_LEAST_DEPTH_M = 5.5
_LEAST_ROW_M = 5.0
_BACK_TO_BACK_M = 19.0
_NEW_TERRACE = 0.45
_GARDEN = 0.2
_EMPTY_PLOT = 0.45
_UPRIGHT_M = 1e-9

Integers = npt.NDArray[np.int64]


@dataclass
class Houses:
    """Growing list of footprints.

    Attributes
    ----------
    corners : list of numpy.ndarray
        Footprints as corners [m], shape (n, 4, 2) each.
    heights_m : list of numpy.ndarray
        Heights above ground [m], shape (n,) each.
    classes : list of str
        Building class of each batch.
    groups : list of int
        Row each batch belongs to; -1 along main streets.
    """

    corners: list[Floats] = field(default_factory=list[Floats])
    heights_m: list[Floats] = field(default_factory=list[Floats])
    classes: list[str] = field(default_factory=list[str])
    groups: list[int] = field(default_factory=list[int])

    def add(self, corners: Floats, heights_m: Floats, building_class: str, group: int) -> None:
        """Add footprints of one class.

        Parameters
        ----------
        corners : numpy.ndarray
            Corners [m], shape (n, 4, 2).
        heights_m : numpy.ndarray
            Heights [m], shape (n,).
        building_class : str
            Class of all of them.
        group : int
            Row, or -1.
        """
        if len(corners):
            self.corners.append(corners)
            self.heights_m.append(heights_m)
            self.classes.append(building_class)
            self.groups.append(group)

    def table(self) -> tuple[Geometries, Floats, npt.NDArray[np.str_], Integers]:
        """Put all batches together.

        Returns
        -------
        tuple of numpy.ndarray
            Polygons, heights [m], classes and groups, shape (n,) each.
        """
        sizes = [len(batch) for batch in self.corners]
        return (
            polygons_from(np.concatenate(self.corners)),
            np.concatenate(self.heights_m),
            np.repeat(np.array(self.classes), sizes),
            np.repeat(np.array(self.groups), sizes),
        )


@dataclass(frozen=True)
class StreetSide:
    """One side of one straight piece of a main street.

    Attributes
    ----------
    origin : numpy.ndarray
        Start of the axis [m], shape (2,).
    turn : numpy.ndarray
        Frame along the axis, shape (2, 2).
    length_m : float
        Length of the piece [m].
    side : int
        1 left, -1 right of the direction.
    front_m : float
        Distance of the facades from the axis, negative on the right [m].
    shop_share : float
        Share of shop-houses; the rest are houses and gaps.
    """

    origin: Floats
    turn: Floats
    length_m: float
    side: int
    front_m: float
    shop_share: float

    def quads(self, x0: Floats, x1: Floats, setback_m: float, depth_m: float) -> Floats:
        """Make footprints behind the front line.

        Parameters
        ----------
        x0, x1 : numpy.ndarray
            Start and end along the axis [m], shape (n,).
        setback_m, depth_m : float
            Distance from the front line, and depth [m].

        Returns
        -------
        numpy.ndarray
            Corners [m], shape (n, 4, 2).
        """
        near = np.full(len(x0), self.front_m + self.side * setback_m)
        return _quads(x0, x1, near, near + self.side * depth_m) @ self.turn.T + self.origin


def fill_row(
    houses: Houses, polygon: shapely.Polygon, row: Row, group: int, frontage_m: float, rng: np.random.Generator
) -> None:
    """Put houses along both lanes of a row, front to the lane, back to back.

    Parameters
    ----------
    houses : Houses
        Takes the houses.
    polygon : shapely.Polygon
        What is left of the row between the lanes [m].
    row : Row
        Direction of the lanes.
    group : int
        Number of the row.
    frontage_m : float
        Mean width of a plot [m].
    rng : numpy.random.Generator
        Source of chance.
    """
    turn = rotation(row.angle_rad)
    ring = shapely.get_coordinates(polygon.exterior) @ turn
    start, end = float(ring[:, 0].min()) + 1.0, float(ring[:, 0].max()) - 1.0
    if end - start < _LEAST_ROW_M:
        return
    both = polygon.area / (end - start) > _BACK_TO_BACK_M
    for side in (1, -1) if both else (int(rng.choice([1, -1])),):
        x0, x1, terrace = _slots(start, end, frontage_m, rng)
        if not len(x0):
            continue
        low, high = _span(ring, x0, x1)
        front, depth = _fronts(low, high, terrace, both=both, side=side, rng=rng)
        corners = _quads(x0, x1, front, front + side * depth) @ turn.T
        good = depth >= _LEAST_DEPTH_M
        houses.add(corners[good], _house_heights(int(good.sum()), rng), "house", group)


def fill_main_street(
    houses: Houses, street: Street, obstacles: shapely.STRtree, shop_share: Floats, rng: np.random.Generator
) -> None:
    """Put terraces of shop-houses along both sides of a main street.

    Parameters
    ----------
    houses : Houses
        Takes the shop-houses and houses.
    street : Street
        A main street.
    obstacles : shapely.STRtree
        Ground where nothing may stand.
    shop_share : numpy.ndarray
        Share of shop-houses along each segment, the rest are houses and gaps, shape (n_segments,).
    rng : numpy.random.Generator
        Source of chance.
    """
    xy = shapely.get_coordinates(street.line)
    for side in (1, -1):
        front = side * (street.width_m / 2 + _SHOP_SETBACK_M)
        for a, b, share in zip(xy[:-1], xy[1:], shop_share, strict=True):
            turn = rotation(float(np.arctan2(b[1] - a[1], b[0] - a[0])))
            piece = StreetSide(a, turn, float(np.hypot(*(b - a))), side, front, float(share))
            for start, end in _free(piece, obstacles):
                _terraces(houses, piece, start, end, rng)


def _terraces(houses: Houses, piece: StreetSide, start: float, end: float, rng: np.random.Generator) -> None:
    """Fill a free stretch with terraces, houses and empty plots, one after the other."""
    x = start
    while x < end - _SHOP_WIDTH_M[0]:
        if rng.random() < piece.shop_share:
            x = _add_terrace(houses, piece, x, end, rng)
        elif rng.random() < _EMPTY_PLOT:
            x += float(rng.uniform(8.0, 30.0))
        else:
            x = _add_villas(houses, piece, x, end, rng)


def _add_terrace(houses: Houses, piece: StreetSide, x: float, end: float, rng: np.random.Generator) -> float:
    """Add shop-houses wall to wall; tell where the next building can start."""
    width = float(rng.uniform(*_SHOP_WIDTH_M))
    count = min(int(rng.integers(4, 13)), int((end - x) / width))
    if count < _SHORTEST_TERRACE:
        return end
    walls = x + np.arange(count + 1, dtype=np.float64) * width
    corners = piece.quads(walls[:-1], walls[1:], 0.0, float(rng.uniform(12.0, 19.0)))
    houses.add(corners, _shop_heights(count, rng), "shophouse", -1)
    return x + count * width + float(rng.choice([0.0, 2.0, 3.5]))


def _add_villas(houses: Houses, piece: StreetSide, x: float, end: float, rng: np.random.Generator) -> float:
    """Add detached houses; tell where the next building can start."""
    width, gap = float(rng.uniform(8.0, 11.0)), float(rng.uniform(1.0, 2.5))
    count = min(int(rng.integers(1, 4)), int((end - x) / width))
    if count < 1:
        return end
    x0 = x + np.arange(count, dtype=np.float64) * width
    corners = piece.quads(x0, x0 + width - gap, float(rng.uniform(1.0, 4.0)), float(rng.uniform(10.0, 14.0)))
    houses.add(corners, _house_heights(count, rng), "house", -1)
    return x + count * width + float(rng.uniform(1.0, 6.0))


def _free(piece: StreetSide, obstacles: shapely.STRtree) -> list[tuple[float, float]]:
    """Find the stretches of a street side that nothing crosses [m along the axis]."""
    area = polygons_from(piece.quads(np.zeros(1), np.full(1, piece.length_m), 0.0, SHOP_DEPTH_M))[0]
    hits = obstacles.geometries[np.sort(obstacles.query(area, predicate="intersects"))]
    blocked: list[tuple[float, float]] = []
    for part in shapely.get_parts(shapely.intersection(hits, area)):
        if part.area > 0:
            along = ((shapely.get_coordinates(part) - piece.origin) @ piece.turn)[:, 0]
            blocked.append((float(along.min()) - 0.5, float(along.max()) + 0.5))
    free: list[tuple[float, float]] = []
    at = 0.0
    for start, end in sorted(blocked):
        if start > at:
            free.append((at, start))
        at = max(at, end)
    return [*free, (at, piece.length_m)] if at < piece.length_m else free


def _slots(start: float, end: float, frontage_m: float, rng: np.random.Generator) -> tuple[Floats, Floats, Integers]:
    """Divide a row into terraces of a few houses, with small gaps between terraces."""
    most = int((end - start) / (0.75 * frontage_m)) + 2
    widths = frontage_m * rng.uniform(0.78, 1.25, most)
    new = rng.random(most) < _NEW_TERRACE
    new[0] = False
    wide = rng.random(most) < _GARDEN
    gaps = np.where(wide, rng.uniform(2.5, 6.0, most), rng.uniform(0.5, 1.5, most)) * new
    x1 = start + np.cumsum(widths + gaps)
    x0 = np.where(new, x1 - widths, np.concatenate([[start], x1[:-1]]))
    keep = x1 <= end
    return x0[keep], x1[keep], np.cumsum(new, dtype=np.int64)[keep]


def _span(ring: Floats, x0: Floats, x1: Floats) -> tuple[Floats, Floats]:
    """Highest lower and lowest upper edge of a polygon over intervals of x."""
    x = np.concatenate([x0, x1])
    a, b = ring[:-1], ring[1:]
    run = b[:, 0] - a[:, 0]
    run = np.where(np.abs(run) < _UPRIGHT_M, _UPRIGHT_M, run)
    share = (x[:, None] - a[:, 0]) / run
    meets = (share >= 0) & (share <= 1)
    y = a[:, 1] + share * (b[:, 1] - a[:, 1])
    low = np.where(meets, y, np.inf).min(axis=1)
    high = np.where(meets, y, -np.inf).max(axis=1)
    n = len(x0)
    return np.maximum(low[:n], low[n:]), np.minimum(high[:n], high[n:])


def _fronts(
    low: Floats, high: Floats, terrace: Integers, *, both: bool, side: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Front line and depth of each house; the same within a terrace, so that walls are shared."""
    n = int(terrace.max()) + 1
    lowest, highest = np.full(n, -np.inf), np.full(n, np.inf)
    np.maximum.at(lowest, terrace, low)
    np.minimum.at(highest, terrace, high)
    setback = rng.uniform(0.4, 2.2, n)
    room = (highest - lowest) / (2 if both else 1) - setback - rng.uniform(0.4, 2.0, n)
    depth = np.minimum(room, rng.uniform(7.5, 12.0, n))
    front = lowest + setback if side == 1 else highest - setback
    return front[terrace], depth[terrace]


def _quads(x0: Floats, x1: Floats, y0: Floats, y1: Floats) -> Floats:
    return np.stack([np.stack([x0, y0], -1), np.stack([x1, y0], -1), np.stack([x1, y1], -1), np.stack([x0, y1], -1)], 1)


def _house_heights(n: int, rng: np.random.Generator) -> Floats:
    """Ridge of one floor 4.5-5.5 m, of two floors 7-8 m."""
    return np.where(rng.random(n) < _SINGLE_STOREY, rng.uniform(4.5, 5.5, n), rng.uniform(7.0, 8.0, n))


def _shop_heights(n: int, rng: np.random.Generator) -> Floats:
    """Two floors 8-9 m, three floors 11-12 m; a terrace is mostly built as one."""
    usual = int(rng.integers(2, _THREE_FLOORS + 1))
    floors = np.where(rng.random(n) < _UNLIKE_NEIGHBOURS, rng.integers(2, _THREE_FLOORS + 1, n), usual)
    two, three = float(rng.uniform(8.0, 9.0)), float(rng.uniform(11.0, 12.0))
    return np.where(floors == _THREE_FLOORS, three, two)

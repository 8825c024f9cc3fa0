"""How much private ground and how much house wall cameras see, and how far one must turn to see half of it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from numpy.typing import NDArray

from coverage.graded import polygonal, visible_levels
from coverage.levels import Scale, level_scale
from coverage.observers import Observers
from coverage.obstacles import Obstacles
from coverage.optics import FULL_TURN_DEG, HALF_TURN_DEG
from coverage.viewshed import visible_polygons

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]

#: Ground around a house that counts as its yard where there is no layer of parcels; an assumption [m].
YARD_M = 3.0
#: A wall is seen where the viewshed comes this near to it; viewsheds end at walls, within rounding [m].
WALL_TOLERANCE_M = 0.01
_YARD_SEGMENTS = 2


@dataclass(frozen=True, eq=False)
class PrivatePlaces:
    """Houses with the ground around them; look them up by place.

    Attributes
    ----------
    houses : ndarray of Polygon, shape (n,)
        Footprints, EPSG:32749 [m].
    public : ndarray of Polygon or MultiPolygon, shape (m,)
        Public space, which is nobody's yard.
    yard_m : float
        How far a yard reaches from the house [m].
    """

    houses: Shapes
    public: Shapes
    yard_m: float
    house_tree: shapely.STRtree
    public_tree: shapely.STRtree

    @classmethod
    def around(cls, houses: Shapes, public: Shapes, *, yard_m: float = YARD_M) -> "PrivatePlaces":
        """Take over houses and public space.

        Parameters
        ----------
        houses : ndarray of Polygon, shape (n,)
            Footprints, EPSG:32749 [m].
        public : ndarray of Polygon or MultiPolygon, shape (m,)
            Public space, EPSG:32749 [m].
        yard_m : float
            How far a yard reaches from the house [m].

        Returns
        -------
        PrivatePlaces
            Ready to be asked.
        """
        return cls(houses, public, yard_m, shapely.STRtree(houses), shapely.STRtree(public))

    def near(self, area: shapely.Geometry) -> tuple[shapely.Geometry, shapely.Geometry]:
        """Give the private ground and the house walls around an area.

        Parameters
        ----------
        area : Geometry
            Where, EPSG:32749 [m].

        Returns
        -------
        ground : Geometry
            Yards of all houses whose yard may touch the area, each place once, less public space.
        walls : Geometry
            Outlines of these houses.
        """
        rows = np.sort(self.house_tree.query(area, predicate="dwithin", distance=self.yard_m + WALL_TOLERANCE_M))
        if not len(rows):
            return shapely.Polygon(), shapely.MultiLineString()
        houses = self.houses[rows]
        yards = shapely.union_all(shapely.buffer(houses, self.yard_m, quad_segs=_YARD_SEGMENTS))
        public = self.public[np.sort(self.public_tree.query(yards, predicate="intersects"))]
        ground = shapely.difference(yards, shapely.union_all(public)) if len(public) else yards
        return ground, shapely.union_all(shapely.boundary(houses))


@dataclass(frozen=True, eq=False)
class Exposure:
    """What is seen of private places, per area.

    Attributes
    ----------
    ground_m2 : ndarray of float64, shape (n,)
        Private ground [m2]; NaN where it is not known what the camera sees at the level.
    facade_m : ndarray of float64, shape (n,)
        House walls [m]; NaN likewise.
    """

    ground_m2: Floats
    facade_m: Floats


@dataclass(frozen=True)
class Turn:
    """The smallest turn that halves the private ground a camera sees.

    Attributes
    ----------
    turn_deg : float
        Clockwise positive, -180 to 180 [deg]; NaN if no turn does, or there is nothing to halve.
    before_m2, after_m2 : float
        Private ground seen before and after [m2].
    kept_share : float
        Other ground seen after, as a share of before: a turn towards a wall would keep nothing.
    """

    turn_deg: float
    before_m2: float
    after_m2: float
    kept_share: float


def zones_at_level(
    areas: Shapes, observers: Observers, resolution_px: npt.ArrayLike, scale: Scale, level: str
) -> tuple[Shapes, NDArray[np.bool_]]:
    """Cut viewsheds to where the picture reaches a level or a finer one.

    Parameters
    ----------
    areas : ndarray of Polygon or MultiPolygon, shape (n,)
        Viewsheds, EPSG:32749 [m].
    observers : Observers
        The cameras.
    resolution_px : array-like of float, shape (n,)
        Width of their pictures; NaN is unknown [px].
    scale : {"iec-2025", "iec-2014"}
        Which edition.
    level : str
        Key of the level, as ``validate`` or ``identify``.

    Returns
    -------
    zones : ndarray of Polygon or MultiPolygon, shape (n,)
        Part of each viewshed; empty where it is not known.
    is_known : ndarray of bool, shape (n,)
        False for cameras that see all round or whose picture width is unknown.

    Raises
    ------
    InvalidObserverError
        If there is no such scale (``scale_unknown``).
    KeyError
        If the scale has no such level.
    """
    keys = [entry.key for entry in level_scale(scale).levels]
    if level not in keys:
        raise KeyError(level)
    bands = visible_levels(areas, observers, resolution_px, scale)
    finer = np.stack([bands[key] for key in keys[keys.index(level) :]])
    width = np.asarray(resolution_px, dtype=np.float64)
    zones = np.asarray(shapely.union_all(finer, axis=0), dtype=object) if len(areas) else areas
    return polygonal(zones), (observers.hfov_deg < HALF_TURN_DEG) & (width > 0)


def exposure(areas: Shapes, places: PrivatePlaces) -> Exposure:
    """Measure the private ground and house walls inside areas.

    Parameters
    ----------
    areas : ndarray of Polygon or MultiPolygon, shape (n,)
        Viewsheds or parts of them, EPSG:32749 [m].
    places : PrivatePlaces
        Houses and public space.

    Returns
    -------
    Exposure
        Per area; a place seen twice within one area counts once.

    Notes
    -----
    Viewsheds end at walls, so a wall is seen where it lies within 1 cm of the area. That adds 1 cm at each end of a
    visible stretch, and of a wall around the corner what lies within 1 cm of the line of sight.
    """
    measured = np.array([_measure(area, *places.near(area)) for area in areas], np.float64).reshape(-1, 2)
    return Exposure(measured[:, 0], measured[:, 1])


def halving_turn(
    obstacles: Obstacles, observer: Observers, resolution_px: float, places: PrivatePlaces, *,
    scale: Scale | None = None, level: str = "",
) -> Turn:  # fmt: skip
    """Find the smallest turn after which one camera sees at most half of the private ground it sees now.

    Parameters
    ----------
    obstacles : Obstacles
        Buildings.
    observer : Observers
        One camera.
    resolution_px : float
        Width of its picture [px].
    places : PrivatePlaces
        Houses and public space.
    scale : {"iec-2025", "iec-2014"}, optional
        With ``level``, count only ground seen at this level; by default all that is seen.
    level : str
        Key of the level.

    Returns
    -------
    Turn
        In whole degrees; of two equal turns the clockwise one.

    Raises
    ------
    InvalidObserverError
        As :func:`coverage.viewshed.visible_polygons`.

    Notes
    -----
    Every whole degree is computed exactly, because what is seen between buildings does not change evenly with the turn.
    """
    if observer.hfov_deg[0] >= FULL_TURN_DEG or np.isnan(observer.azimuth_deg[0]):
        return Turn(float("nan"), float("nan"), float("nan"), float("nan"))
    steps = np.arange(1, int(HALF_TURN_DEG) + 1)
    turns = np.concatenate([[0], np.stack([steps, -steps], axis=1).ravel()])
    turned = _turned(observer, turns)
    areas = visible_polygons(obstacles, turned)
    zones = areas
    if scale is not None:
        zones, _ = zones_at_level(areas, turned, np.full(len(turns), resolution_px), scale, level)
    ground, _ = places.near(shapely.union_all(zones))
    shapely.prepare(ground)
    private = shapely.area(shapely.intersection(zones, ground))
    half = np.flatnonzero(private <= private[0] / 2)
    if private[0] == 0 or not len(half):
        return Turn(float("nan"), float(private[0]), float("nan"), float("nan"))
    row = half[0]
    whole, _ = places.near(shapely.union_all(areas[[0, row]]))
    other = shapely.area(shapely.difference(areas[[0, row]], whole))
    kept = float(other[1] / other[0]) if other[0] else float("nan")
    return Turn(float(turns[row]), float(private[0]), float(private[row]), kept)


def _measure(area: shapely.Geometry, ground: shapely.Geometry, walls: shapely.Geometry) -> tuple[float, float]:
    if shapely.is_empty(area):
        return 0.0, 0.0
    seen = shapely.intersection(walls, shapely.buffer(area, WALL_TOLERANCE_M))
    return float(shapely.area(shapely.intersection(area, ground))), float(shapely.length(seen))


def _turned(observer: Observers, turns: NDArray[np.int64]) -> Observers:
    same = observer.take(np.zeros(len(turns), np.int64))
    azimuth = (same.azimuth_deg + turns) % FULL_TURN_DEG
    return Observers(
        same.x_m, same.y_m, same.height_m, azimuth, same.hfov_deg, same.range_m, same.tilt_deg, same.vfov_deg,
        same.mount,
    )  # fmt: skip

"""The slow and plain form of the viewshed: a union of shadow quads cut from the open ground. The reference in tests.

It shares only cameras, buildings and optics with the engine: no keys, no sweep, no tracing.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon

from coverage.observers import Observers
from coverage.obstacles import Obstacles
from coverage.optics import FULL_TURN_DEG, ground_footprint, placed
from coverage.viewshed import observers_inside

SAGITTA_M = 0.01
"""Arcs are drawn as chords that leave them by at most this much, always on the inside. [m]"""

_MAX_STEP_RAD = np.deg2rad(15.0)


def open_ground(observers: Observers, *, target_height_m: float) -> NDArray[np.object_]:
    """Draw what each camera would see on empty ground, relative to the camera.

    Parameters
    ----------
    observers : Observers
        Cameras, all above the target plane.
    target_height_m : float
        Height of the target plane above ground [m].

    Returns
    -------
    ndarray of Polygon, shape (n,)
        Metres to the east and north of the camera; empty where a tilted camera sees nothing of the plane [m].

    Notes
    -----
    Without a tilt this is the circular sector of the horizontal field of view. With a tilt it is the trapezoid of
    :func:`coverage.optics.ground_footprint` within the range: near the camera it is wider than the sector, far away
    narrower, and it leaves a blind zone at the foot of the pole.
    """
    regions = np.empty(len(observers), dtype=object)
    corners = ground_footprint(
        observers.height_m,
        observers.tilt_deg,
        observers.hfov_deg,
        observers.vfov_deg,
        range_m=observers.range_m,
        target_height_m=target_height_m,
    )
    for i, is_clipped in enumerate(observers.is_clipped):
        azimuth, hfov = float(observers.azimuth_deg[i]), float(observers.hfov_deg[i])
        reach = float(observers.range_m[i])
        regions[i] = _clipped(corners[i], azimuth, reach) if is_clipped else sector(azimuth, hfov, reach)
    return regions


def sector(azimuth_deg: float, hfov_deg: float, range_m: float) -> Polygon:
    """Draw a circular sector around (0, 0).

    Parameters
    ----------
    azimuth_deg : float
        Direction of its middle, clockwise from north; may be NaN for a full circle [deg].
    hfov_deg : float
        Opening, 0 < h <= 360 [deg].
    range_m : float
        Radius [m].

    Returns
    -------
    Polygon
        The sector with chords for arcs, at most 1 cm inside the true arc [m].
    """
    middle = 0.0 if np.isnan(azimuth_deg) else np.deg2rad(azimuth_deg)
    opening = np.deg2rad(hfov_deg)
    # A chord over the angle 2 s leaves the arc by R (1 - cos s).
    step = min(2 * np.arccos(max(1 - SAGITTA_M / range_m, -1.0)), _MAX_STEP_RAD)
    n_chords = int(np.ceil(opening / step))
    angles = middle - opening / 2 + np.linspace(0.0, opening, n_chords + 1)
    arc = range_m * np.column_stack([np.sin(angles), np.cos(angles)])
    return Polygon(arc[:-1] if hfov_deg >= FULL_TURN_DEG else np.vstack([[0.0, 0.0], arc]))


def _clipped(corners: NDArray[np.float64], azimuth_deg: float, range_m: float) -> Polygon:
    """Turn a footprint from the frame of the camera to north and cut it at the range."""
    if np.isnan(corners).any():
        return Polygon()
    trapezoid = placed(Polygon(corners), 0.0, 0.0, azimuth_deg)
    cut = trapezoid.intersection(sector(azimuth_deg, FULL_TURN_DEG, range_m))
    return cut if isinstance(cut, Polygon) else Polygon()  # two convex shapes that only touch share no area


RESOLUTION_M = 2.0**-20
"""Step of all coordinates that are worked with, about one micrometre; cameras are rounded to it. [m]"""

FACADE_TOLERANCE_M = 4 * RESOLUTION_M
"""A camera this near to a wall stands on it, not behind it. [m]"""

_Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ShadowPieces:
    """Polygons whose union is what a set of cameras cannot see.

    Attributes
    ----------
    polygons : ndarray of Polygon, shape (m,)
        Pieces, relative to their camera [m].
    observer : ndarray of int64, shape (m,)
        Which camera each piece belongs to, ascending.
    """

    polygons: NDArray[np.object_]
    observer: _Ints

    def of(self, observer: int) -> NDArray[np.object_]:
        """Give the pieces of one camera.

        Parameters
        ----------
        observer : int
            Position of the camera.

        Returns
        -------
        ndarray of Polygon, shape (k,)
            Its pieces [m].
        """
        first, last = np.searchsorted(self.observer, [observer, observer + 1])
        return self.polygons[first:last]


def rounded_positions(observers: Observers) -> _Floats:
    """Give the positions of cameras on the working resolution.

    With both ends on one binary step, moving a polygon to its camera and back is exact and keeps it valid.

    Parameters
    ----------
    observers : Observers
        Cameras.

    Returns
    -------
    ndarray of float, shape (n, 2)
        x and y in EPSG:32749, off by half a micrometre at most [m].
    """
    return np.round(np.column_stack([observers.x_m, observers.y_m]) / RESOLUTION_M) * RESOLUTION_M


def moved(polygons: NDArray[np.object_], offset_m: _Floats) -> NDArray[np.object_]:
    """Move each polygon by its own offset.

    Parameters
    ----------
    polygons : ndarray of Geometry, shape (n,)
        What to move [m].
    offset_m : ndarray of float, shape (n, 2)
        East and north [m].

    Returns
    -------
    ndarray of Geometry, shape (n,)
        The moved polygons [m].
    """
    per_vertex = np.repeat(offset_m, shapely.get_num_coordinates(polygons), axis=0)
    return shapely.transform(polygons, lambda xy: xy + per_vertex)


def shadow_pieces(
    obstacles: Obstacles, observers: Observers, regions: NDArray[np.object_], *, target_height_m: float
) -> ShadowPieces:
    """Cut the shadows that fall on the regions of cameras into simple polygons.

    Parameters
    ----------
    obstacles : Obstacles
        Buildings.
    observers : Observers
        Cameras, all above the target plane.
    regions : ndarray of Polygon, shape (n,)
        What each camera could see, relative to the camera [m].
    target_height_m : float
        Height of the target plane above ground [m].

    Returns
    -------
    ShadowPieces
        For each camera the footprints, and a quad for each wall through which sight leaves a building.

    Notes
    -----
    With camera height hc, target height ht and roof height H, a building hides a target on the plane exactly if sight
    leaves the footprint for the last time further along than the share (hc - H) / (hc - ht) of the way. So its shadow
    is the union of the footprint scaled by s, 1 <= s < k, about the camera, with k = (hc - ht) / (hc - H), endless if
    H >= hc and none if H <= ht. Scaling only the walls whose inner side faces the camera gives the same union.
    """
    positions = rounded_positions(observers)
    observer, building = _pairs(obstacles, positions, regions, target_height_m)
    footprints = moved(obstacles.polygons[building], -positions[observer])
    quads, pair = _quads(obstacles, observers, positions, observer, building, target_height_m)
    owner = np.concatenate([observer, observer[pair]])
    order = np.argsort(owner, kind="stable")
    return ShadowPieces(np.concatenate([footprints, quads])[order], owner[order])


def _pairs(
    obstacles: Obstacles, positions: _Floats, regions: NDArray[np.object_], target_height_m: float
) -> tuple[_Ints, _Ints]:
    """Find the buildings that can stand between each camera and a point of its region."""
    at_camera = np.broadcast_to(np.array(shapely.Point(0.0, 0.0), dtype=object), len(regions))
    both = shapely.geometrycollections(np.column_stack([at_camera, regions]))
    between = np.asarray(shapely.convex_hull(both), dtype=object)
    between[shapely.is_empty(regions)] = shapely.Polygon()
    observer, building = obstacles.tree.query(moved(between, positions), predicate="intersects")
    is_high = obstacles.heights_m[building] > target_height_m
    observer, building = observer[is_high].astype(np.int64), building[is_high].astype(np.int64)
    order = np.lexsort((building, observer))
    return observer[order], building[order]


def _quads(
    obstacles: Obstacles,
    observers: Observers,
    positions: _Floats,
    observer: _Ints,
    building: _Ints,
    target_height_m: float,
) -> tuple[NDArray[np.object_], _Ints]:
    """Stretch the exit walls of each pair of camera and building; gives the quads and the pair of each."""
    walls = obstacles.walls
    n_walls = np.diff(walls.first)[building]
    pair = np.repeat(np.arange(len(building)), n_walls)
    first_of_pair = np.cumsum(n_walls) - n_walls
    wall = np.repeat(walls.first[building] - first_of_pair, n_walls) + np.arange(n_walls.sum())
    start = walls.start_m[wall] - positions[observer[pair]]
    end = walls.end_m[wall] - positions[observer[pair]]

    cross = start[:, 0] * end[:, 1] - start[:, 1] * end[:, 0]
    distance = _distance_from_origin(start, end)
    range_m = observers.range_m[observer]
    is_exit = (cross > 0) & (distance > FACADE_TOLERANCE_M)

    stretch = _stretch(observers.height_m[observer], obstacles.heights_m[building], target_height_m)
    nearest = np.full(len(building), np.inf)
    np.minimum.at(nearest, pair[is_exit], distance[is_exit])
    stretch[stretch * nearest >= range_m] = np.inf  # the same within the range, and without huge coordinates

    is_exit &= distance < range_m[pair]
    is_endless = is_exit & np.isinf(stretch[pair])
    is_finite = is_exit & ~is_endless
    finite, of_finite = _finite_quads(start[is_finite], end[is_finite], stretch[pair[is_finite]])
    reach = _reach(end, observer[pair], observers.range_m)
    endless, of_endless = _endless_quads(start[is_endless], end[is_endless], reach[observer[pair[is_endless]]])
    return (
        np.concatenate([finite, endless]),
        np.concatenate([pair[is_finite][of_finite], pair[is_endless][of_endless]]),
    )


def _distance_from_origin(start: _Floats, end: _Floats) -> _Floats:
    """Give the distance from (0, 0) to each edge."""
    along = end - start
    length_squared = (along**2).sum(axis=1)
    share = -(start * along).sum(axis=1) / np.where(length_squared > 0, length_squared, 1.0)
    nearest = start + np.clip(share, 0.0, 1.0)[:, None] * along
    return np.hypot(nearest[:, 0], nearest[:, 1])


def _stretch(camera_m: _Floats, roof_m: _Floats, target_m: float) -> _Floats:
    """Give k = (hc - ht) / (hc - H), endless from H = hc on."""
    is_below = roof_m < camera_m
    stretch = np.full(len(camera_m), np.inf)
    stretch[is_below] = (camera_m[is_below] - target_m) / (camera_m[is_below] - roof_m[is_below])
    return stretch


def _reach(corners: _Floats, observer: _Ints, range_m: _Floats) -> _Floats:
    """Give for each camera a distance beyond everything, to which endless shadows are drawn.

    It is one per camera, so that the shadows of two walls that meet have a common side.
    """
    reach = range_m.copy()
    np.maximum.at(reach, observer, np.hypot(corners[:, 0], corners[:, 1]))
    return 2 * reach


def _finite_quads(start: _Floats, end: _Floats, stretch: _Floats) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Draw the ground between walls and the same walls stretched; also tells which walls have any."""
    cross = start[:, 0] * end[:, 1] - start[:, 1] * end[:, 0]
    length = np.hypot(*(end - start).T)
    has_ground = (length > RESOLUTION_M) & ((stretch - 1) * cross > RESOLUTION_M * length)
    p, q, k = start[has_ground], end[has_ground], stretch[has_ground, None]
    return _polygons(p, q, k * q, k * p), has_ground


def _endless_quads(start: _Floats, end: _Floats, reach: _Floats) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Draw the ground behind walls as far as the eye reaches; also tells which walls have any.

    The far side has a corner in the middle: with the walls seen under up to 180 degrees, each half of it then stays
    further away than ``reach / sqrt(2)``, which is more than the range.
    """
    cross = start[:, 0] * end[:, 1] - start[:, 1] * end[:, 0]
    angle = np.arctan2(cross, (start * end).sum(axis=1))
    has_ground = angle * reach > RESOLUTION_M
    p, q, far = start[has_ground], end[has_ground], reach[has_ground, None]
    to_p, to_q = p / np.hypot(*p.T)[:, None], q / np.hypot(*q.T)[:, None]
    middle = to_p + to_q  # not 0: a wall seen under 180 degrees has the camera on it and hides nothing
    middle /= np.hypot(*middle.T)[:, None]
    return _polygons(p, q, far * to_q, far * middle, far * to_p), has_ground


def _polygons(*corners: _Floats) -> NDArray[np.object_]:
    return np.asarray(shapely.polygons(np.stack(corners, axis=1)), dtype=object)


_SPECK_M2 = 1e-4


def visible_by_quads(obstacles: Obstacles, observers: Observers, target_height_m: float = 1.5) -> NDArray[np.object_]:
    """Subtract shadows from open ground, near (0, 0) where coordinates are fine, then move the rest to the map."""
    regions = open_ground(observers, target_height_m=target_height_m)
    regions[observers_inside(obstacles, observers)] = shapely.Polygon()
    pieces = shadow_pieces(obstacles, observers, regions, target_height_m=target_height_m)
    shadows = np.empty(len(observers), dtype=object)
    shadows[:] = [shapely.union_all(pieces.of(i), grid_size=RESOLUTION_M) for i in range(len(observers))]
    visible = shapely.difference(regions, shadows, grid_size=RESOLUTION_M)
    return moved(_without_specks(np.asarray(visible, dtype=object)), rounded_positions(observers))


def _without_specks(polygons: NDArray[np.object_]) -> NDArray[np.object_]:
    parts, row = shapely.get_parts(polygons, return_index=True)
    is_speck = shapely.area(parts) < _SPECK_M2
    for i in np.unique(row[is_speck]):
        kept = parts[(row == i) & ~is_speck]
        polygons[i] = (
            kept[0] if len(kept) == 1 else shapely.MultiPolygon(list(kept)) if len(kept) else shapely.Polygon()
        )
    return polygons

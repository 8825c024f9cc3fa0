"""Lines of sight one by one, in three dimensions: the reference for every viewshed, and why a place is hidden."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from numpy.typing import NDArray

from coverage.errors import InvalidObserverError
from coverage.frames import FACADE_TOLERANCE_M
from coverage.observers import Observers, require_above_target
from coverage.obstacles import Obstacles
from coverage.optics import DEFAULT_TARGET_HEIGHT_M

_Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Blocker:
    """The building that hides a place.

    Attributes
    ----------
    building_id : str
        Its id.
    height_m : float
        Its height [m].
    distance_m : float
        Distance along the ground from the camera to where the line of sight enters it [m].
    camera_height_needed_m : float
        The least camera height from which the place would be seen past every building; infinite if the place is inside
        a building [m].
    """

    building_id: str
    height_m: float
    distance_m: float
    camera_height_needed_m: float


@dataclass(frozen=True, eq=False)
class _Crossings:
    """Where lines pass over footprints: one entry for each pair of line and building.

    ``first`` and ``last`` are shares of the way, 0 at the eye and 1 at the target.
    """

    line: NDArray[np.int64]
    building: NDArray[np.int64]
    first: _Floats
    last: _Floats


def line_of_sight(obstacles: Obstacles, eyes_xyz_m: npt.ArrayLike, targets_xyz_m: npt.ArrayLike) -> NDArray[np.bool_]:
    """Test each line from an eye to a target against every building it passes over.

    Parameters
    ----------
    obstacles : Obstacles
        Buildings.
    eyes_xyz_m, targets_xyz_m : array-like of float, shape (n, 3)
        Ends of the lines: x and y in EPSG:32749, z above ground [m].

    Returns
    -------
    ndarray of bool, shape (n,)
        True where nothing is in the way. A line that only touches a wall or a roof is free.

    Raises
    ------
    InvalidObserverError
        If the two do not have the same shape (n, 3) or a value is not finite (``sight_line_invalid``).

    Notes
    -----
    Brute force: the line is cut with the footprint and its height is compared with the roof at both ends of the cut.
    Nothing is shared with the shadows of :func:`coverage.viewshed.visible_polygons`, whose reference this is.
    """
    eyes, targets = np.asarray(eyes_xyz_m, dtype=np.float64), np.asarray(targets_xyz_m, dtype=np.float64)
    if eyes.shape != targets.shape or eyes.shape[1:] != (3,) or not np.isfinite([eyes, targets]).all():
        shapes = f"{eyes.shape} and {targets.shape}"
        raise InvalidObserverError(
            "sight_line_invalid", f"lines of {shapes}, expected finite (n, 3)", {"shapes": shapes}
        )
    free = np.ones(len(eyes), dtype=np.bool_)
    is_upright = (eyes[:, :2] == targets[:, :2]).all(axis=1)
    slanted, upright = np.flatnonzero(~is_upright), np.flatnonzero(is_upright)

    over = _crossings(obstacles, eyes[slanted, :2], targets[slanted, :2])
    row = slanted[over.line]
    rise = targets[row, 2] - eyes[row, 2]
    lowest = eyes[row, 2] + np.minimum(over.first * rise, over.last * rise)
    highest = eyes[row, 2] + np.maximum(over.first * rise, over.last * rise)
    free[row[_blocked(obstacles, over.building, lowest, highest)]] = False

    line, building = obstacles.tree.query(shapely.points(eyes[upright, :2]), predicate="within")
    ends = np.stack([eyes[upright[line], 2], targets[upright[line], 2]])
    free[upright[line[_blocked(obstacles, building, ends.min(axis=0), ends.max(axis=0))]]] = False
    return free


def _blocked(obstacles: Obstacles, building: NDArray[np.int64], lowest: _Floats, highest: _Floats) -> NDArray[np.bool_]:
    """Tell whether lines of these heights over footprints meet what stands on them."""
    base = obstacles.bases_m[building]
    return (lowest < obstacles.heights_m[building]) & ((highest > base) | (base <= 0))


def explain_hidden(
    obstacles: Obstacles,
    observer: Observers,
    target_xy_m: npt.ArrayLike,
    *,
    target_height_m: float = DEFAULT_TARGET_HEIGHT_M,
) -> Blocker | None:
    """Tell which building hides a place from a camera, and how high the camera would have to be.

    Parameters
    ----------
    obstacles : Obstacles
        Buildings.
    observer : Observers
        One camera. Its direction and range play no part: only buildings are explained.
    target_xy_m : array-like of float, shape (2,)
        The place, x and y in EPSG:32749 [m].
    target_height_m : float
        Height of the target plane above ground [m].

    Returns
    -------
    Blocker or None
        Of the buildings in the way the one that asks for the highest camera, the nearest one first where several ask
        for the same; None if no building is in the way.

    Raises
    ------
    InvalidObserverError
        If there is not exactly one camera (``observer_not_single``) or it is not above the target plane
        (``observer_below_target``).

    Notes
    -----
    A building of height H that the line leaves at the share t of the way is cleared from
    ``hc = (H - t ht) / (1 - t)`` upwards.
    """
    if len(observer) != 1:
        raise InvalidObserverError(
            "observer_not_single", f"{len(observer)} cameras, expected 1", {"observers": len(observer)}
        )
    require_above_target(observer, target_height_m)
    eye = np.column_stack([observer.x_m, observer.y_m])
    target = np.asarray(target_xy_m, dtype=np.float64).reshape(1, 2)
    over = _crossings(obstacles, eye, target)
    roof = obstacles.heights_m[over.building]
    height = float(observer.height_m[0])
    falls = height - target_height_m
    blocks = _blocked(obstacles, over.building, height - over.last * falls, height - over.first * falls)
    if not blocks.any():
        return None
    way_m = float(np.hypot(*(target - eye)[0]))
    remaining = 1 - over.last
    is_inside = remaining * way_m <= FACADE_TOLERANCE_M
    needed = np.full(len(roof), np.inf)
    needed[~is_inside] = (roof - over.last * target_height_m)[~is_inside] / remaining[~is_inside]
    needed[~blocks] = -np.inf
    worst = int(np.lexsort((over.building, over.first, -needed))[0])
    return Blocker(
        building_id=str(obstacles.ids[over.building[worst]]),
        height_m=float(roof[worst]),
        distance_m=float(over.first[worst] * way_m),
        camera_height_needed_m=float(needed[worst]),
    )


def _crossings(obstacles: Obstacles, eyes_xy: _Floats, targets_xy: _Floats) -> _Crossings:
    """Cut lines with the footprints they pass over; a mere touch does not count."""
    lines = np.asarray(shapely.linestrings(np.stack([eyes_xy, targets_xy], axis=1)), dtype=object)
    line, building = obstacles.tree.query(lines, predicate="intersects")
    cuts, pair = shapely.get_parts(shapely.intersection(lines[line], obstacles.polygons[building]), return_index=True)
    is_cut = shapely.length(cuts) > FACADE_TOLERANCE_M
    ends, cut = shapely.get_coordinates(cuts[is_cut], return_index=True)
    pair = pair[is_cut][cut]

    way = (targets_xy - eyes_xy)[line[pair]]
    share = ((ends - eyes_xy[line[pair]]) * way).sum(axis=1) / (way**2).sum(axis=1)
    first, last = np.full(len(line), np.inf), np.full(len(line), -np.inf)
    np.minimum.at(first, pair, np.clip(share, 0.0, 1.0))
    np.maximum.at(last, pair, np.clip(share, 0.0, 1.0))
    passes = np.flatnonzero(np.isfinite(first))
    order = passes[np.lexsort((building[passes], line[passes]))]
    return _Crossings(line[order].astype(np.int64), building[order].astype(np.int64), first[order], last[order])

"""What each camera sees of the ground: exact visible polygons, their areas and the grid cells inside them.

Flat ground, buildings as upright prisms with flat roofs, targets on a plane at ``target_height_m``. All three results
come from one outline, made by an exact angular sweep over batches of cameras.
"""

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array

from coverage.frames import FACADE_TOLERANCE_M, Frames, frames_of
from coverage.grid import Grid
from coverage.observers import Observers, require_above_target
from coverage.obstacles import Obstacles
from coverage.optics import DEFAULT_TARGET_HEIGHT_M
from coverage.outline import areas_m2, outline_of
from coverage.pieces import pieces_of
from coverage.polar import Floats, Ints
from coverage.rasters import cells_of
from coverage.sight_lines import Blocker, explain_hidden, line_of_sight
from coverage.sweep import Limits, sweep
from coverage.tracing import polygons_of

__all__ = [
    "DEFAULT_TARGET_HEIGHT_M",
    "Blocker",
    "explain_hidden",
    "line_of_sight",
    "observers_inside",
    "visible_areas_m2",
    "visible_cells",
    "visible_polygons",
]

_BATCH = 200
"""Cameras that are swept together: more gain nothing, fewer pay more for each call."""


def visible_polygons(
    obstacles: Obstacles, observers: Observers, *, target_height_m: float = DEFAULT_TARGET_HEIGHT_M
) -> NDArray[np.object_]:
    """Compute the ground each camera sees.

    Parameters
    ----------
    obstacles : Obstacles
        Buildings.
    observers : Observers
        Cameras, all above the target plane.
    target_height_m : float
        Height of the target plane above ground [m].

    Returns
    -------
    ndarray of Polygon or MultiPolygon, shape (n,)
        Valid visible area of each camera, EPSG:32749; arcs are chords at most 1 cm inside the true arc, parts under
        1 cm2 are left out. Empty where nothing is seen; :func:`observers_inside` tells when that is because the camera
        stands in a building [m].

    Raises
    ------
    InvalidObserverError
        If any camera is not above the target plane (``observer_below_target``), or the target height is negative or not
        finite (``target_height_invalid``).

    Notes
    -----
    The area is what a camera sees of the plane at ``target_height_m``; footprints higher than the plane are not part of
    it. A camera on a wall or a corner sees the free side; one on a roof is hidden from the ground by the roof's edge.

    Examples
    --------
    >>> field = Obstacles.from_arrays([], [])
    >>> camera = Observers([670_000.0], [9_173_000.0], [6.0], [0.0], [90.0], [20.0])
    >>> round(visible_polygons(field, camera)[0].area)
    314
    """
    require_above_target(observers, target_height_m)
    areas = [
        polygons_of(outline_of(limits, frames), _origins(frames), len(frames))
        for limits, frames in _swept(obstacles, observers, target_height_m)
    ]
    return np.concatenate([np.empty(0, dtype=object), *areas])


def visible_areas_m2(
    obstacles: Obstacles, observers: Observers, *, target_height_m: float = DEFAULT_TARGET_HEIGHT_M
) -> NDArray[np.float64]:
    """Compute how much ground each camera sees.

    Parameters
    ----------
    obstacles : Obstacles
        Buildings.
    observers : Observers
        Cameras, all above the target plane.
    target_height_m : float
        Height of the target plane above ground [m].

    Returns
    -------
    ndarray of float, shape (n,)
        Areas in closed form; those of :func:`visible_polygons` up to rounding [m2].

    Raises
    ------
    InvalidObserverError
        As :func:`visible_polygons`.
    """
    require_above_target(observers, target_height_m)
    areas = [areas_m2(limits, frames) for limits, frames in _swept(obstacles, observers, target_height_m)]
    return np.concatenate([np.empty(0), *areas])


def visible_cells(
    obstacles: Obstacles, observers: Observers, grid: Grid, *, target_height_m: float = DEFAULT_TARGET_HEIGHT_M
) -> csr_array:
    """Compute which cells of a grid each camera sees.

    Parameters
    ----------
    obstacles : Obstacles
        Buildings.
    observers : Observers
        Cameras, all above the target plane.
    grid : Grid
        Cells; a cell is seen if its centre is.
    target_height_m : float
        Height of the target plane above ground [m].

    Returns
    -------
    csr_array of bool, shape (n, grid.n_cells)
        True where the camera sees the centre of the cell; column indices are sorted.

    Raises
    ------
    InvalidObserverError
        As :func:`visible_polygons`.
    """
    require_above_target(observers, target_height_m)
    counts: list[Ints] = [np.zeros(1, np.int64)]
    columns: list[NDArray[np.signedinteger]] = [np.empty(0, np.int32)]
    for limits, frames in _swept(obstacles, observers, target_height_m):
        count, cell = cells_of(outline_of(limits, frames), _origins(frames), grid)
        counts.append(count)
        columns.append(cell)
    column = np.concatenate(columns)
    first = np.cumsum(np.concatenate(counts)).astype(column.dtype)  # one type for both, or scipy copies them
    seen = np.ones(len(column), dtype=np.bool_)
    return csr_array((seen, column, first), shape=(len(observers), grid.n_cells))


def observers_inside(obstacles: Obstacles, observers: Observers) -> NDArray[np.bool_]:
    """Tell which cameras stand inside a building that is at least as high as they are, and so see nothing.

    Parameters
    ----------
    obstacles : Obstacles
        Buildings.
    observers : Observers
        Cameras.

    Returns
    -------
    ndarray of bool, shape (n,)
        True where the position or a height must be wrong. A camera on a wall, or on a roof below it, is not inside.
    """
    frames = frames_of(observers, 0.0)
    points = np.asarray(shapely.points(_origins(frames)), dtype=object)
    row, building = obstacles.tree.query(points, predicate="within")
    to_wall = shapely.distance(points[row], shapely.boundary(obstacles.polygons[building]))
    is_inside = (to_wall > FACADE_TOLERANCE_M) & (obstacles.heights_m[building] >= observers.height_m[row])
    inside = np.zeros(len(observers), dtype=np.bool_)
    inside[row[is_inside]] = True
    return inside


def _swept(obstacles: Obstacles, observers: Observers, target_height_m: float) -> Iterator[tuple[Limits, Frames]]:
    """Sweep batch by batch; the batches do not change the results."""
    for first in range(0, len(observers), _BATCH):
        is_whole = len(observers) <= _BATCH
        batch = observers if is_whole else observers.take(np.arange(first, min(first + _BATCH, len(observers))))
        frames = frames_of(batch, target_height_m)
        yield sweep(frames, pieces_of(obstacles, frames, target_height_m)), frames


def _origins(frames: Frames) -> Floats:
    return np.column_stack([frames.x_m, frames.y_m])

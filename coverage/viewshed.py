"""What each camera sees of the ground: exact visible polygons, their areas and the grid cells inside them.

Flat ground, buildings as upright prisms with flat roofs, targets on a plane at ``target_height_m``. This is the plain
form, a union of shadow quads cut from the sector: slow and exact, and so the reference for any faster one.
"""

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array

from coverage.grid import Grid
from coverage.observers import Observers, require_above_target
from coverage.obstacles import Obstacles
from coverage.optics import DEFAULT_TARGET_HEIGHT_M
from coverage.sectors import open_ground
from coverage.shadows import FACADE_TOLERANCE_M, RESOLUTION_M, moved, rounded_positions, shadow_pieces
from coverage.sight_lines import Blocker, explain_hidden, line_of_sight

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

_SPECK_M2 = 1e-4
"""Parts of a visible area smaller than this (1 cm2) come from rounding between touching buildings. [m2]"""


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
    batches = [
        _visible(obstacles, observers.take(np.arange(first, min(first + _BATCH, len(observers)))), target_height_m)
        for first in range(0, len(observers), _BATCH)
    ]
    return np.concatenate(batches) if batches else np.empty(0, dtype=object)


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
        Areas of :func:`visible_polygons` [m2].

    Raises
    ------
    InvalidObserverError
        As :func:`visible_polygons`.
    """
    return shapely.area(visible_polygons(obstacles, observers, target_height_m=target_height_m))


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
    polygons = visible_polygons(obstacles, observers, target_height_m=target_height_m)
    cells = [grid.cells_in(polygon) for polygon in polygons]
    first = np.concatenate([[0], np.cumsum([len(row) for row in cells], dtype=np.int64)])
    columns = np.concatenate([np.empty(0, dtype=np.int64), *cells])
    return csr_array((np.ones(len(columns), dtype=np.bool_), columns, first), shape=(len(cells), grid.n_cells))


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
    points = np.asarray(shapely.points(rounded_positions(observers)), dtype=object)
    row, building = obstacles.tree.query(points, predicate="within")
    to_wall = shapely.distance(points[row], shapely.boundary(obstacles.polygons[building]))
    is_inside = (to_wall > FACADE_TOLERANCE_M) & (obstacles.heights_m[building] >= observers.height_m[row])
    inside = np.zeros(len(observers), dtype=np.bool_)
    inside[row[is_inside]] = True
    return inside


def _visible(obstacles: Obstacles, observers: Observers, target_height_m: float) -> NDArray[np.object_]:
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

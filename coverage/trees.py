"""Trees: crowns let some light through, so the ground behind them is dimmed, not hidden."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from coverage.errors import InvalidObstacleError, Problem, raise_if_any
from coverage.graded import polygonal
from coverage.observers import Observers
from coverage.obstacles import Obstacles
from coverage.optics import DEFAULT_TARGET_HEIGHT_M
from coverage.viewshed import visible_polygons


@dataclass(frozen=True, eq=False)
class Trees:
    """Crowns of one opacity, as upright prisms above the ground.

    Attributes
    ----------
    crowns : Obstacles
        Outlines with the heights of their lowest branches and tops [m].
    opacity : float
        Share of the view that a crown takes, 0 to 1.
    """

    crowns: Obstacles
    opacity: float


def trees(
    outlines: NDArray[np.object_] | list[BaseGeometry], tops_m: npt.ArrayLike, bases_m: npt.ArrayLike, opacity: float
) -> Trees:
    """Check crowns and take them over.

    Parameters
    ----------
    outlines : sequence of Polygon, shape (n,)
        Outlines of the crowns, EPSG:32749 [m].
    tops_m, bases_m : array-like of float, shape (n,)
        Heights of their tops and of their lowest branches above ground [m].
    opacity : float
        Share of the view that a crown takes, above 0 up to 1.

    Returns
    -------
    Trees
        Ready to be used; no default anywhere uses trees.

    Raises
    ------
    InvalidObstacleError
        As `Obstacles.from_arrays`, or if the opacity is out of its limits (``trees_invalid``).
    """
    wrong = [] if 0 < opacity <= 1 else [Problem("out_of_range", "trees", "opacity", str(opacity), "0 < o <= 1")]
    raise_if_any(wrong, InvalidObstacleError, code="trees_invalid", message="trees cannot be used")
    return Trees(Obstacles.from_arrays(outlines, tops_m, bases_m=bases_m), opacity)


def visible_past_trees(
    obstacles: Obstacles, planted: Trees, observers: Observers, *, target_height_m: float = DEFAULT_TARGET_HEIGHT_M
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Compute the ground that is seen clearly, and the ground that is seen through at least one crown.

    Parameters
    ----------
    obstacles : Obstacles
        Buildings.
    planted : Trees
        Crowns.
    observers : Observers
        Cameras, all above the target plane.
    target_height_m : float
        Height of the target plane above ground [m].

    Returns
    -------
    tuple of ndarray of Polygon or MultiPolygon, shape (n,)
        Clear and dimmed ground, EPSG:32749 [m]; together they are the viewshed between the buildings alone. A crown
        above the camera, or one that ends below the target plane, dims nothing.

    Raises
    ------
    InvalidObserverError
        As `visible_polygons`.
    """
    between = visible_polygons(obstacles, observers, target_height_m=target_height_m)
    clear = visible_polygons(obstacles.joined(planted.crowns), observers, target_height_m=target_height_m)
    return clear, polygonal(np.asarray(shapely.difference(between, clear), dtype=object))

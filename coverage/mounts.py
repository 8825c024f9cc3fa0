"""Where a camera really hangs: positions in registers often lie inside the building that carries the camera."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from coverage.observers import Observers
from coverage.obstacles import Obstacles
from coverage.polar import Floats

BRACKET_M = 0.3
"""A camera on a wall hangs this far before it; a pole stands this far from one. [m]"""

FURTHEST_M = 25.0
"""A camera is not moved further than this: then its position is wrong, not its mount. [m]"""


@dataclass(frozen=True, eq=False)
class Mounted:
    """Cameras where they can hang.

    Attributes
    ----------
    observers : Observers
        The cameras, some of them moved.
    moved_m : ndarray of float64, shape (n,)
        How far each was moved; 0 for most [m].
    is_stuck : ndarray of bool, shape (n,)
        True where a camera would have to be moved further than `FURTHEST_M`; it stays where it was.
    """

    observers: Observers
    moved_m: Floats
    is_stuck: NDArray[np.bool_]


def mounted(obstacles: Obstacles, observers: Observers) -> Mounted:
    """Move cameras out of the buildings they hang on, by the kind of their mount.

    Parameters
    ----------
    obstacles : Obstacles
        Buildings.
    observers : Observers
        Cameras with their mounts.

    Returns
    -------
    Mounted
        A camera on a roof stays: the roof's edge hides the ground at the foot of the house. One on a pole is moved to
        0.3 m before the nearest wall if it stands in or at a building. One on a wall is moved to 0.3 m before the
        nearest wall if it is inside, or further than that from it and nearer than 25 m. Nothing is moved into another
        building.
    """
    points = np.asarray(shapely.points(np.column_stack([observers.x_m, observers.y_m])), dtype=object)
    pair, building = obstacles.tree.query(points, predicate="dwithin", distance=FURTHEST_M + BRACKET_M)
    touched = np.zeros(len(observers), np.bool_)
    touched[pair[shapely.distance(points[pair], obstacles.polygons[building]) <= 0]] = True
    near = np.zeros(len(observers), np.bool_)
    near[pair] = True
    wanted = np.where(observers.mount == "pole", touched, (observers.mount == "wall") & near)
    x_m, y_m = observers.x_m.copy(), observers.y_m.copy()
    moved_m, is_stuck = np.zeros(len(observers)), np.zeros(len(observers), np.bool_)
    for row in np.flatnonzero(wanted):
        place = _before_wall(points[row], obstacles.polygons[building[pair == row]])
        distance = float(shapely.distance(points[row], place))
        if distance > FURTHEST_M:
            is_stuck[row] = touched[row]
            continue
        x_m[row], y_m[row], moved_m[row] = shapely.get_x(place), shapely.get_y(place), distance
    placed = Observers(
        x_m, y_m, observers.height_m, observers.azimuth_deg, observers.hfov_deg, observers.range_m,
        observers.tilt_deg, observers.vfov_deg, observers.mount,
    )  # fmt: skip
    return Mounted(placed, moved_m, is_stuck)


def _before_wall(point: BaseGeometry, buildings: NDArray[np.object_]) -> BaseGeometry:
    """Find the nearest place that is 0.3 m outside all buildings around."""
    outside = shapely.buffer(shapely.union_all(buildings), BRACKET_M, join_style="mitre")
    line = shapely.shortest_line(point, shapely.boundary(outside))
    return shapely.get_point(line, 1)

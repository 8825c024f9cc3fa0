"""One camera, several views: whole bodies or heads only, at night, and the presets of a camera that turns."""

import numpy as np
import numpy.typing as npt
import shapely
from numpy.typing import NDArray

from coverage.errors import InvalidObserverError, Problem, raise_if_any
from coverage.graded import polygonal
from coverage.observers import Observers
from coverage.obstacles import Obstacles
from coverage.optics import DEFAULT_TARGET_HEIGHT_M, FULL_TURN_DEG
from coverage.polar import Ints
from coverage.viewshed import visible_polygons

KNEE_HEIGHT_M = 0.5
"""Who is seen from this height up is seen as a whole body. [m]"""

Areas = NDArray[np.object_]


def visible_bodies(
    obstacles: Obstacles,
    observers: Observers,
    *,
    low_m: float = KNEE_HEIGHT_M,
    high_m: float = DEFAULT_TARGET_HEIGHT_M,
) -> tuple[Areas, Areas]:
    """Tell where people are seen as a whole, and where only their heads are.

    Parameters
    ----------
    obstacles : Obstacles
        Buildings.
    observers : Observers
        Cameras, all above both planes.
    low_m, high_m : float
        Heights of the two target planes above ground [m].

    Returns
    -------
    tuple of ndarray of Polygon or MultiPolygon, shape (n,)
        Ground where both planes are seen, and ground where only the higher one is, EPSG:32749 [m].

    Raises
    ------
    InvalidObserverError
        As `visible_polygons`.
    """
    low = visible_polygons(obstacles, observers, target_height_m=low_m)
    high = visible_polygons(obstacles, observers, target_height_m=high_m)
    whole = polygonal(np.asarray(shapely.intersection(low, high), dtype=object))
    return whole, polygonal(np.asarray(shapely.difference(high, whole), dtype=object))


def at_night(observers: Observers, infrared_range_m: npt.ArrayLike) -> tuple[Ints, Observers]:
    """Give the cameras that see without daylight, as far as their own light reaches.

    Parameters
    ----------
    observers : Observers
        Cameras by day.
    infrared_range_m : array-like of float, shape (n,)
        How far their infrared light reaches; NaN for a camera without, 0 counts the same [m].

    Returns
    -------
    tuple of ndarray of int64 and Observers
        Rows of the cameras that have light, and these cameras with the shorter of the two ranges.

    Raises
    ------
    InvalidObserverError
        If a range is negative or infinite (``observer_invalid``).
    """
    light = np.broadcast_to(np.asarray(infrared_range_m, dtype=np.float64), (len(observers),))
    raise_if_any(
        (
            Problem("out_of_range", f"[{row}]", "infrared_range_m", str(light[row]), ">= 0 m")
            for row in np.flatnonzero((light < 0) | np.isinf(light))
        ),
        InvalidObserverError, code="observer_invalid", message="infrared ranges cannot be used",
    )  # fmt: skip
    rows = np.flatnonzero(light > 0)
    some = observers.take(rows)
    return rows, Observers(
        some.x_m, some.y_m, some.height_m, some.azimuth_deg, some.hfov_deg, np.minimum(some.range_m, light[rows]),
        some.tilt_deg, some.vfov_deg, some.mount,
    )  # fmt: skip


def visible_presets(
    obstacles: Obstacles,
    presets: Observers,
    camera: npt.ArrayLike,
    *,
    target_height_m: float = DEFAULT_TARGET_HEIGHT_M,
) -> tuple[Areas, Areas]:
    """Join the presets of cameras that turn, and draw what each could see if it turned all the way.

    Parameters
    ----------
    obstacles : Obstacles
        Buildings.
    presets : Observers
        One row per preset.
    camera : array-like of int, shape (n,)
        Camera of each preset, numbered from 0 without gaps.
    target_height_m : float
        Height of the target plane above ground [m].

    Returns
    -------
    tuple of ndarray of Polygon or MultiPolygon, shape (number of cameras,)
        Ground that the tour of presets shows, which is what may be promised, and ground within reach of some turn, seen
        only while nobody looks elsewhere, EPSG:32749 [m].

    Raises
    ------
    InvalidObserverError
        If a camera has no preset (``observer_invalid``), or as `visible_polygons`.
    """
    owner = np.asarray(camera, dtype=np.int64)
    n_presets = np.bincount(owner)
    raise_if_any(
        (
            Problem("not_positive", f"[{row}]", "presets", "0", ">= 1")
            for row in np.flatnonzero(n_presets == 0)
        ),
        InvalidObserverError, code="observer_invalid", message="cameras without presets",
    )  # fmt: skip
    seen = visible_polygons(obstacles, presets, target_height_m=target_height_m)
    toured = np.array([shapely.union_all(seen[owner == one]) for one in range(len(n_presets))], dtype=object)
    _, first = np.unique(owner, return_index=True)
    longest = np.zeros(len(n_presets))
    np.maximum.at(longest, owner, presets.range_m)
    one = presets.take(first)
    around = Observers(
        one.x_m, one.y_m, one.height_m, np.full(len(first), np.nan), np.full(len(first), FULL_TURN_DEG), longest
    )
    return toured, visible_polygons(obstacles, around, target_height_m=target_height_m)

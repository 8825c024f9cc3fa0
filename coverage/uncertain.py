"""What a camera of uncertain direction sees for certain, and what it may see."""

import numpy as np
import numpy.typing as npt
import shapely
from numpy.typing import NDArray

from coverage.errors import InvalidObserverError, Problem, raise_if_any
from coverage.observers import Observers
from coverage.obstacles import Obstacles
from coverage.optics import DEFAULT_TARGET_HEIGHT_M, FULL_TURN_DEG, HALF_TURN_DEG
from coverage.polar import Floats
from coverage.viewshed import visible_polygons


def visible_interval(
    obstacles: Obstacles,
    observers: Observers,
    azimuth_slack_deg: npt.ArrayLike,
    *,
    target_height_m: float = DEFAULT_TARGET_HEIGHT_M,
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Compute the ground that is seen whatever the true direction is, and the ground that some direction would show.

    Parameters
    ----------
    obstacles : Obstacles
        Buildings.
    observers : Observers
        Cameras, all above the target plane.
    azimuth_slack_deg : array-like of float, shape (n,)
        The true direction differs from the given one by this much at most; 180 for one that is unknown [deg].
    target_height_m : float
        Height of the target plane above ground [m].

    Returns
    -------
    tuple of ndarray of Polygon or MultiPolygon, shape (n,)
        Certain and possible ground, EPSG:32749 [m]. The first lies in the viewshed of every direction within the slack;
        the viewshed of each of them lies in the second.

    Raises
    ------
    InvalidObserverError
        If a slack is not between 0 and 180 (``observer_invalid``), or as `visible_polygons`.

    Notes
    -----
    A place in direction b is seen by all cameras turned by up to s exactly if it is within HFOV / 2 - s of the axis,
    and by some of them exactly if it is within HFOV / 2 + s: buildings do not turn. What a tilted picture holds of the
    ground is not part of it: with a slack, tilted cameras count as plain sectors in ``possible`` and as seeing nothing
    for certain.
    """
    slack = np.broadcast_to(np.asarray(azimuth_slack_deg, dtype=np.float64), (len(observers),))
    wrong = ~((slack >= 0) & (slack <= HALF_TURN_DEG))
    raise_if_any(
        (
            Problem("out_of_range", f"[{row}]", "azimuth_slack_deg", str(slack[row]), "0 <= s <= 180")
            for row in np.flatnonzero(wrong)
        ),
        InvalidObserverError, code="observer_invalid", message="directions are not known to within such a slack",
    )  # fmt: skip
    exact = visible_polygons(obstacles, observers, target_height_m=target_height_m)
    certain, possible = exact.copy(), exact
    loose = np.flatnonzero((slack > 0) & (observers.hfov_deg < FULL_TURN_DEG))
    some = observers.take(loose)
    wide = np.minimum(some.hfov_deg + 2 * slack[loose], FULL_TURN_DEG)
    possible[loose] = visible_polygons(obstacles, opened(some, wide), target_height_m=target_height_m)
    certain[loose] = shapely.Polygon()
    narrow = np.where(some.is_clipped, 0.0, some.hfov_deg - 2 * slack[loose])
    kept = np.flatnonzero(narrow > 0)
    sure = opened(some.take(kept), narrow[kept])
    certain[loose[kept]] = visible_polygons(obstacles, sure, target_height_m=target_height_m)
    return certain, possible


def opened(observers: Observers, hfov_deg: Floats, range_m: Floats | None = None) -> Observers:
    """Give cameras another opening, as plain sectors: what a tilted picture holds of the ground is left out.

    Parameters
    ----------
    observers : Observers
        Cameras.
    hfov_deg : ndarray of float64, shape (n,)
        Their new opening [deg].
    range_m : ndarray of float64, shape (n,), optional
        Their new range; the old one by default [m].

    Returns
    -------
    Observers
        The same but for opening, range and tilt.
    """
    return Observers(
        observers.x_m, observers.y_m, observers.height_m, observers.azimuth_deg, hfov_deg,
        observers.range_m if range_m is None else range_m,
        mount=observers.mount,
    )  # fmt: skip

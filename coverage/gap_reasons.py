"""Why the nearest camera does not see a place."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from numpy.typing import NDArray

from coverage.conditions import Limits
from coverage.obstacles import Obstacles
from coverage.optics import FULL_TURN_DEG, HALF_TURN_DEG
from coverage.sight_lines import Blocker, explain_hidden
from coverage.sightings import Sightings, extent

Why = Literal["too_far", "looks_elsewhere", "hidden", "too_coarse", "not_working", "at_the_edge"]


@dataclass(frozen=True)
class Reason:
    """What keeps the nearest camera from seeing a place.

    Attributes
    ----------
    camera : int
        Row of the camera.
    distance_m : float
        How far away it stands [m].
    why : str
        ``too_far`` for its range, ``looks_elsewhere``, ``hidden`` behind a building, ``too_coarse`` a picture or too
        dark for what is asked, ``not_working``, or ``at_the_edge`` of what it sees.
    blocker : Blocker or None
        The building, where it is hidden.
    """

    camera: int
    distance_m: float
    why: Why
    blocker: Blocker | None = None


def why_unseen(
    obstacles: Obstacles, sightings: Sightings, working: NDArray[np.bool_], limits: Limits, place_xy_m: npt.ArrayLike
) -> Reason | None:
    """Explain why the camera nearest to a place does not see it.

    Parameters
    ----------
    obstacles : Obstacles
        Buildings.
    sightings : Sightings
        All cameras.
    working : ndarray of bool, shape (n,)
        Cameras that count.
    limits : Limits
        How far each sees under the conditions asked for.
    place_xy_m : array-like of float, shape (2,)
        The place, EPSG:32749 [m].

    Returns
    -------
    Reason or None
        The first of the reasons that holds, in the order of `Reason`; None if there is no camera at all.
    """
    observers = sightings.observers
    if not len(observers):
        return None
    way = np.asarray(place_xy_m, np.float64) - np.column_stack([observers.x_m, observers.y_m])
    distance = np.hypot(way[:, 0], way[:, 1])
    camera = int(distance.argmin())
    far = float(distance[camera])
    opening, reach = (float(values[camera]) for values in extent(observers))
    half = opening / 2 + float(sightings.knowledge.azimuth_slack_deg[camera])
    bearing = np.rad2deg(np.arctan2(way[camera, 0], way[camera, 1]))
    off = abs((bearing - np.nan_to_num(observers.azimuth_deg[camera]) + HALF_TURN_DEG) % FULL_TURN_DEG - HALF_TURN_DEG)
    if far > reach:
        return Reason(camera, far, "too_far")
    if opening < FULL_TURN_DEG and off > half:
        return Reason(camera, far, "looks_elsewhere")
    blocker = explain_hidden(obstacles, observers.take([camera]), place_xy_m)
    if blocker is not None:
        return Reason(camera, far, "hidden", blocker)
    ahead = far * np.cos(np.deg2rad(off))
    if far > limits.may_distance_m[camera] or ahead > limits.may_ahead_m[camera]:
        return Reason(camera, far, "too_coarse")
    return Reason(camera, far, "at_the_edge" if working[camera] else "not_working")

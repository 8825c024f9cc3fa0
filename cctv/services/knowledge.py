"""How well the cameras of the register are known: what the intervals of the shares rest on."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime

import numpy as np
from numpy.typing import NDArray

from cctv.registry.models import Camera
from cctv.services.mapdata import PointOnMap
from cctv.services.observing import (
    CERTAIN_AZIMUTHS,
    FULL_CIRCLE_DEG,
    USUAL_HFOV_DEG,
    WORDED_SLACK_DEG,
    Watching,
    is_certain_position,
)
from coverage.observers import Observers
from coverage.optics import HALF_TURN_DEG
from coverage.sightings import Knowledge

#: A camera whose line in the register says "on" and is older than this is not counted as alive [days].
STALE_AFTER_DAYS = 3 * 365


def cameras_of(points: Sequence[PointOnMap], watching: Watching) -> list[tuple[PointOnMap, Camera]]:
    """Give the cameras that are watched with, in their order.

    Parameters
    ----------
    points : sequence of PointOnMap
        Points of the register.
    watching : Watching
        What their cameras see.

    Returns
    -------
    list of tuple of PointOnMap and Camera
        One per camera of ``watching``.
    """
    found = {camera.camera_id: (item, camera) for item in points for camera in item.cameras}
    return [found[camera_id] for camera_id in watching.camera_id]


def described(cameras: Sequence[tuple[PointOnMap, Camera]], watching: Watching) -> tuple[Observers, Knowledge]:
    """Describe cameras as they are said to be, and how well that is known.

    Parameters
    ----------
    cameras : sequence of tuple of PointOnMap and Camera
        Cameras in the order of ``watching``.
    watching : Watching
        Where they hang.

    Returns
    -------
    tuple of Observers and Knowledge
        A direction in words may be 45 degrees off, an unknown one is any; a position that is a guess may be as far off
        as the register says, or anywhere if it does not say. Where a direction is exact the observer is the one of
        ``watching``, with its tilt.
    """
    hung = watching.observers
    hfov = np.array([camera.hfov_deg or USUAL_HFOV_DEG for _, camera in cameras], np.float64)
    slack = np.array([_slack_deg(camera) for _, camera in cameras], np.float64)
    error = np.array([_error_m(item) for item, _ in cameras], np.float64)
    azimuth = np.array([np.nan if c.azimuth_deg is None else c.azimuth_deg for _, c in cameras], np.float64)
    is_round = hfov >= FULL_CIRCLE_DEG
    loose = (slack > 0) & ~is_round
    observers = Observers(
        hung.x_m, hung.y_m, hung.height_m,
        np.where(is_round, np.nan, np.where(loose, np.nan_to_num(azimuth), hung.azimuth_deg)),
        np.where(loose, hfov, hung.hfov_deg), hung.range_m,
        np.where(loose, np.nan, hung.tilt_deg), np.where(loose, np.nan, hung.vfov_deg), hung.mount,
    )  # fmt: skip
    lens = np.array([c.hfov_deg is not None and c.range_m is not None for _, c in cameras], np.bool_)
    light = np.array([np.nan if c.infrared_range_m is None else c.infrared_range_m for _, c in cameras], np.float64)
    return observers, Knowledge(slack, error, lens, watching.resolution_px, light)


def is_alive(
    cameras: Sequence[tuple[PointOnMap, Camera]], silent: Collection[str] = (), today: date | None = None
) -> NDArray[np.bool_]:
    """Tell which cameras work: the register says so, did not say so too long ago, and the rounds do not disagree.

    Parameters
    ----------
    cameras : sequence of tuple of PointOnMap and Camera
        Cameras.
    silent : collection of str
        Cameras that have left too many questions unanswered.
    today : date, optional
        Today by default.

    Returns
    -------
    ndarray of bool
        False for cameras that are off, in trouble (dead, turned away, blocked), in maintenance, silent, or stale.
    """
    working = [c.status == "on" and c.camera_id not in silent and not is_stale(c, today) for _, c in cameras]
    return np.array(working, np.bool_)


def is_stale(camera: Camera, today: date | None = None) -> bool:
    """Tell whether nobody has confirmed the line of a camera for too long.

    Parameters
    ----------
    camera : Camera
        The camera.
    today : date, optional
        Today by default.

    Returns
    -------
    bool
        True after three years without news.
    """
    newest = camera.as_of if camera.status_since is None else max(camera.as_of, camera.status_since.date())
    return ((today or datetime.now(UTC).date()) - newest).days > STALE_AFTER_DAYS


def _slack_deg(camera: Camera) -> float:
    if camera.hfov_deg is not None and camera.hfov_deg >= FULL_CIRCLE_DEG:
        return 0.0
    if camera.azimuth_deg is None:
        return HALF_TURN_DEG
    return 0.0 if camera.azimuth_source in CERTAIN_AZIMUTHS else WORDED_SLACK_DEG


def _error_m(item: PointOnMap) -> float:
    if is_certain_position(item):
        return 0.0
    return float("inf") if item.point.est_error_m is None else item.point.est_error_m

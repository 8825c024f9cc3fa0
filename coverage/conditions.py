"""Under which conditions a place counts as watched: from which level of picture quality, by day or at night."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coverage.errors import InvalidObserverError
from coverage.levels import Scale, level_scale
from coverage.optics import DEFAULT_TARGET_HEIGHT_M, HALF_TURN_DEG, RIGHT_ANGLE_DEG
from coverage.sightings import Sightings

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Conditions:
    """What counts as watched.

    Attributes
    ----------
    level : str, optional
        Key of the coarsest level that is enough, for example ``discern``; None for any picture.
    scale : {"iec-2025", "iec-2014"}
        Edition of IEC 62676-4 that the level is one of.
    is_night : bool
        Whether only the light of the cameras themselves helps.
    """

    level: str | None = None
    scale: Scale = "iec-2025"
    is_night: bool = False


ANY = Conditions()


@dataclass(frozen=True, eq=False)
class Limits:
    """How far cameras see under conditions, one element per camera; infinite for no limit, negative for nothing.

    Attributes
    ----------
    sure_ahead_m, may_ahead_m : ndarray of float64, shape (n,)
        Along the axis, for cameras of known direction: for certain, and at the most [m].
    sure_distance_m, may_distance_m : ndarray of float64, shape (n,)
        In a straight line [m].
    """

    sure_ahead_m: Floats
    may_ahead_m: Floats
    sure_distance_m: Floats
    may_distance_m: Floats


def limits_of(
    sightings: Sightings, conditions: Conditions, *, target_height_m: float = DEFAULT_TARGET_HEIGHT_M
) -> Limits:
    """Tell how far each camera sees under conditions.

    Parameters
    ----------
    sightings : Sightings
        Cameras with what is known about them.
    conditions : Conditions
        What counts as watched.
    target_height_m : float
        Height of the target plane above ground [m].

    Returns
    -------
    Limits
        Where the picture or the light of a camera is unknown, nothing is certain and all is possible.

    Raises
    ------
    InvalidObserverError
        If there is no such scale (``scale_unknown``) or level (``level_unknown``).

    Notes
    -----
    ``p = N / (2 z tan(HFOV / 2))`` with the depth ``z = y cos T + D sin T`` of ground y ahead. Where the direction is
    not known, y lies between ``d cos(HFOV / 2)`` and d, the distance. A camera without a known tilt is taken as level.
    """
    n = len(sightings)
    limits = Limits(np.full(n, np.inf), np.full(n, np.inf), np.full(n, np.inf), np.full(n, np.inf))
    if conditions.level is not None:
        limits = _with_level(limits, sightings, conditions, target_height_m)
    if conditions.is_night:
        light = sightings.knowledge.infrared_range_m
        return Limits(
            limits.sure_ahead_m, limits.may_ahead_m,
            np.minimum(limits.sure_distance_m, np.where(light > 0, light, -1.0)),
            np.minimum(limits.may_distance_m, np.where(np.isnan(light), np.inf, np.where(light > 0, light, -1.0))),
        )  # fmt: skip
    return limits


def _with_level(limits: Limits, sightings: Sightings, conditions: Conditions, target_height_m: float) -> Limits:
    observers, knowledge = sightings.observers, sightings.knowledge
    width, tilt = knowledge.resolution_px, np.deg2rad(np.nan_to_num(observers.tilt_deg))
    is_flat = observers.hfov_deg < HALF_TURN_DEG
    known = is_flat & (width > 0) & (np.rad2deg(np.abs(tilt)) < RIGHT_ANGLE_DEG) & knowledge.is_lens_known
    half = np.deg2rad(np.where(is_flat, observers.hfov_deg, RIGHT_ANGLE_DEG)) / 2
    depth = np.where(known, width, 1.0) / (2 * _px_per_m(conditions) * np.tan(half))
    ahead = (depth - (observers.height_m - target_height_m) * np.sin(tilt)) / np.where(known, np.cos(tilt), 1.0)
    axis_known = knowledge.is_exact
    wide = np.where(ahead > 0, ahead / np.cos(half), -1.0)
    return Limits(
        np.where(known, np.where(axis_known, ahead, np.inf), -np.inf),
        np.where(known & axis_known, ahead, np.inf),
        np.where(known & ~axis_known, ahead, limits.sure_distance_m),
        np.where(known & ~axis_known, wide, limits.may_distance_m),
    )


def _px_per_m(conditions: Conditions) -> float:
    levels = {level.key: level.px_per_m for level in level_scale(conditions.scale).levels}
    if conditions.level not in levels:
        raise InvalidObserverError(
            "level_unknown", f"level={conditions.level!r}, expected {list(levels)}",
            {"value": conditions.level, "known": ", ".join(levels)},
        )  # fmt: skip
    return levels[conditions.level]

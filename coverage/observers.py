"""Cameras as arrays: where they stand, where they look; every row checked, all problems told at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from numpy.typing import NDArray

from coverage.errors import InvalidObserverError, Problem, raise_if_any
from coverage.optics import FULL_TURN_DEG, HALF_TURN_DEG, RIGHT_ANGLE_DEG

MOUNTS = ("pole", "wall", "roof")

_Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, init=False)
class Observers:
    """Cameras in EPSG:32749, one array element each.

    Parameters
    ----------
    x_m, y_m : array-like of float, shape (n,)
        Position of the lens, EPSG:32749 [m].
    height_m : array-like of float, shape (n,)
        Height of the lens above ground, > 0 [m].
    azimuth_deg : array-like of float, shape (n,)
        Direction of the optical axis, clockwise from grid north, 0 <= a < 360. NaN means unknown and is accepted
        only where the camera sees all round [deg].
    hfov_deg : array-like of float, shape (n,)
        Horizontal field of view, 0 < h <= 360; 360 sees all round [deg].
    range_m : array-like of float, shape (n,)
        How far along the ground the camera is taken to see, > 0 [m].
    tilt_deg : array-like of float, shape (n,), optional
        Optical axis below horizontal, positive down, -90 to 90; NaN is unknown [deg].
    vfov_deg : array-like of float, shape (n,), optional
        Vertical field of view, 0 < v < 180; NaN is unknown. Where tilt and vertical field of view are both known the
        viewshed is clipped to what the picture holds of the ground [deg].
    mount : str or sequence of str, shape (n,)
        ``pole``, ``wall`` or ``roof``.

    Raises
    ------
    InvalidObserverError
        If the arrays do not have one length (``observer_lengths``) or any value is out of its limits
        (``observer_invalid``; lists every value).

    Notes
    -----
    A tilt without a vertical field of view, or the other way round, is refused rather than left out. So is a tilted
    camera of 180 degrees or more: a flat picture cannot hold it. Leave both out (NaN) for such a camera.

    Examples
    --------
    >>> cameras = Observers([670_000.0], [9_173_000.0], [6.0], [90.0], [80.0], [60.0])
    >>> len(cameras)
    1
    """

    x_m: _Floats
    y_m: _Floats
    height_m: _Floats
    azimuth_deg: _Floats
    hfov_deg: _Floats
    range_m: _Floats
    tilt_deg: _Floats = field(repr=False)
    vfov_deg: _Floats = field(repr=False)
    mount: NDArray[np.str_] = field(repr=False)

    def __init__(
        self,
        x_m: npt.ArrayLike,
        y_m: npt.ArrayLike,
        height_m: npt.ArrayLike,
        azimuth_deg: npt.ArrayLike,
        hfov_deg: npt.ArrayLike,
        range_m: npt.ArrayLike,
        tilt_deg: npt.ArrayLike | None = None,
        vfov_deg: npt.ArrayLike | None = None,
        mount: str | Sequence[str] | NDArray[np.str_] = "pole",
    ) -> None:
        x = _column(x_m)
        unknown = np.full(len(x), np.nan)
        columns: dict[str, NDArray[np.float64] | NDArray[np.str_]] = {
            "x_m": x,
            "y_m": _column(y_m),
            "height_m": _column(height_m),
            "azimuth_deg": _column(azimuth_deg),
            "hfov_deg": _column(hfov_deg),
            "range_m": _column(range_m),
            "tilt_deg": unknown if tilt_deg is None else _column(tilt_deg),
            "vfov_deg": unknown if vfov_deg is None else _column(vfov_deg),
            "mount": np.full(len(x), mount) if isinstance(mount, str) else np.array(mount, dtype=np.str_),
        }
        lengths = {name: len(values) for name, values in columns.items()}
        if len(set(lengths.values())) > 1:
            raise InvalidObserverError("observer_lengths", f"lengths differ: {lengths}", {"lengths": str(lengths)})
        for name, values in columns.items():
            values.setflags(write=False)
            object.__setattr__(self, name, values)
        raise_if_any(
            _problems(self),
            InvalidObserverError,
            code="observer_invalid",
            message="cameras cannot be computed",
        )

    def __len__(self) -> int:
        """Count the cameras."""
        return len(self.x_m)

    @property
    def is_clipped(self) -> NDArray[np.bool_]:
        """Whether tilt and vertical field of view are known, shape (n,)."""
        return ~np.isnan(self.tilt_deg)

    def take(self, indices: npt.ArrayLike) -> "Observers":
        """Pick cameras by position.

        Parameters
        ----------
        indices : array-like of int or bool, shape (m,)
            Positions, or a mask of length n.

        Returns
        -------
        Observers
            The picked cameras, in the order of ``indices``.
        """
        picked = np.atleast_1d(np.asarray(indices))
        rows = np.flatnonzero(picked) if picked.dtype == np.bool_ else picked.astype(np.int64)
        return Observers(
            self.x_m[rows],
            self.y_m[rows],
            self.height_m[rows],
            self.azimuth_deg[rows],
            self.hfov_deg[rows],
            self.range_m[rows],
            self.tilt_deg[rows],
            self.vfov_deg[rows],
            self.mount[rows],
        )


def require_above_target(observers: Observers, target_height_m: float) -> None:
    """Refuse cameras that are not higher than what they are to see.

    Parameters
    ----------
    observers : Observers
        Cameras.
    target_height_m : float
        Height of the target plane above ground, >= 0 [m].

    Raises
    ------
    InvalidObserverError
        If the target height is negative or not finite (``target_height_invalid``), or if any camera is not above it
        (``observer_below_target``; lists every row).
    """
    if not (np.isfinite(target_height_m) and target_height_m >= 0):
        raise InvalidObserverError(
            "target_height_invalid", f"target_height_m={target_height_m}, expected >= 0 m", {"value": target_height_m}
        )
    raise_if_any(
        _listed(observers, "height_m", observers.height_m <= target_height_m, "below_target", f"> {target_height_m} m"),
        InvalidObserverError,
        code="observer_below_target",
        message=f"cameras are not above the target plane at {target_height_m} m",
        target_height_m=target_height_m,
    )


def _column(values: npt.ArrayLike) -> _Floats:
    return np.array(np.atleast_1d(np.asarray(values, dtype=np.float64)))


def _problems(given: Observers) -> Iterator[Problem]:
    for name in ("x_m", "y_m", "height_m", "hfov_deg", "range_m"):
        yield from _listed(given, name, ~np.isfinite(getattr(given, name)), "not_finite", "a finite number")
    for name in ("height_m", "range_m"):
        yield from _listed(given, name, getattr(given, name) <= 0, "not_positive", "> 0 m")
    yield from _listed(
        given, "hfov_deg", _outside(given.hfov_deg, 0, FULL_TURN_DEG, open_low=True), "out_of_range", "0 < h <= 360"
    )
    yield from _azimuth_problems(given)
    yield from _tilt_problems(given)
    yield from _listed(given, "mount", ~np.isin(given.mount, MOUNTS), "mount_unknown", ", ".join(MOUNTS))


def _azimuth_problems(given: Observers) -> Iterator[Problem]:
    azimuth = given.azimuth_deg
    unknown = np.isnan(azimuth) & ~(given.hfov_deg >= FULL_TURN_DEG)
    yield from _listed(
        given, "azimuth_deg", unknown, "azimuth_unknown", "0 <= a < 360, or a camera that sees all round"
    )
    wrong = ~np.isnan(azimuth) & ~((azimuth >= 0) & (azimuth < FULL_TURN_DEG))
    yield from _listed(given, "azimuth_deg", wrong, "out_of_range", "0 <= a < 360")


def _tilt_problems(given: Observers) -> Iterator[Problem]:
    tilt, vfov = given.tilt_deg, given.vfov_deg
    yield from _listed(
        given, "tilt_deg", _outside(tilt, -RIGHT_ANGLE_DEG, RIGHT_ANGLE_DEG), "out_of_range", "-90 <= t <= 90"
    )
    yield from _listed(given, "vfov_deg", (vfov <= 0) | (vfov >= HALF_TURN_DEG), "out_of_range", "0 < v < 180")
    half_known = np.isnan(tilt) != np.isnan(vfov)
    yield from _listed(
        given, "tilt_deg", half_known, "tilt_without_vfov", "tilt and vertical field of view, or neither"
    )
    too_wide = ~np.isnan(tilt) & (given.hfov_deg >= HALF_TURN_DEG)
    yield from _listed(given, "hfov_deg", too_wide, "tilt_too_wide", "< 180 for a camera with a tilt")


def _outside(values: _Floats, low: float, high: float, *, open_low: bool = False) -> NDArray[np.bool_]:
    """Compare with limits; NaN is never outside."""
    below = values <= low if open_low else values < low
    return below | (values > high)


def _listed(given: Observers, name: str, wrong: NDArray[np.bool_], code: str, expected: str) -> Iterator[Problem]:
    for i in np.flatnonzero(wrong):
        yield Problem(code, f"[{i}]", name, str(getattr(given, name)[i]), expected)

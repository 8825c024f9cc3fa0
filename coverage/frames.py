"""What each camera looks at: its place, the turn that its sweep covers, and the borders of a tilted picture."""

from dataclasses import dataclass

import numpy as np

from coverage.observers import Observers
from coverage.optics import FULL_TURN_DEG, RIGHT_ANGLE_DEG, ground_footprint
from coverage.polar import QUADRANT_BITS, TURN, Floats, Ints, keys_of
from coverage.reach import Reach, reach_of

RESOLUTION_M = 2.0**-20
"""Step of the positions that are worked with, about one micrometre. [m]"""

FACADE_TOLERANCE_M = 4 * RESOLUTION_M
"""A camera this near to a wall stands on it, not behind it. [m]"""

_SLACK_M = 1e-3
_AXES = np.arange(4) * (np.pi / 2)


@dataclass(frozen=True, eq=False)
class Frames:
    """Cameras ready to be swept: each in a frame of its own, whose +x axis is where its turn starts.

    Attributes
    ----------
    x_m, y_m : ndarray of float64, shape (n,)
        Position on the working resolution, EPSG:32749 [m].
    height_m : ndarray of float64, shape (n,)
        Height of the lens [m].
    reach : Reach
        Range along the ground.
    cos, sin : ndarray of float64, shape (n,)
        Direction of the frame's +x axis, counter-clockwise from east.
    end_key : ndarray of int64, shape (n,)
        Where the turn ends; ``TURN`` for a camera that is swept all round.
    border : ndarray of float64, shape (n, 4, 2)
        Corners of what a tilted picture holds of the ground, counter-clockwise in the frame; NaN without a tilt [m].
    is_bordered : ndarray of bool, shape (n,)
        Whether there is such a border.
    hidden_at_start : ndarray of int64, shape (n,)
        1 where the camera's own foot lies outside its border, else 0.
    extent_m : ndarray of float64, shape (n, 4)
        West, south, east and north end of what it could see, from its place [m].
    """

    x_m: Floats
    y_m: Floats
    height_m: Floats
    reach: Reach
    cos: Floats
    sin: Floats
    end_key: Ints
    border: Floats
    is_bordered: np.ndarray[tuple[int], np.dtype[np.bool_]]
    hidden_at_start: Ints
    extent_m: Floats

    def __len__(self) -> int:
        """Count the cameras."""
        return len(self.x_m)

    @property
    def first_key(self) -> Ints:
        """First key of each camera in the batch, shape (n,)."""
        return np.arange(len(self), dtype=np.int64) * TURN


def frames_of(observers: Observers, target_height_m: float) -> Frames:
    """Make cameras ready to be swept.

    Parameters
    ----------
    observers : Observers
        Cameras, all above the target plane.
    target_height_m : float
        Height of the target plane above ground [m].

    Returns
    -------
    Frames
        One per camera, in the same order.
    """
    azimuth = np.where(np.isnan(observers.azimuth_deg), 0.0, observers.azimuth_deg)  # all round: any start will do
    is_full = observers.hfov_deg >= FULL_TURN_DEG
    half = np.where(is_full, np.pi, np.deg2rad(observers.hfov_deg) / 2)
    circle = half
    border = np.full((len(observers), 4, 2), np.nan)
    outside = np.zeros(len(observers), np.bool_)
    tilted = np.flatnonzero(observers.is_clipped)
    if len(tilted):  # one dragged pin should not wait for what it does not need
        picture = _pictures(observers.take(tilted), target_height_m)
        circle = np.where(observers.is_clipped, np.pi, half)  # the chords of a tilted camera do not depend on its lens
        outside[tilted] = ~(picture[:, 0, 1] <= 0)  # also where the picture holds nothing of the ground
        is_full = np.where(observers.is_clipped, ~outside, is_full)
        half[tilted] = np.where(outside[tilted], _half_angles(picture), np.pi)
        border[tilted] = _turned(picture, half[tilted])
    start = np.deg2rad(RIGHT_ANGLE_DEG - azimuth) - half
    end_key = np.full(len(observers), TURN)
    partial = np.flatnonzero(~is_full)
    if len(partial):
        end_key[partial] = keys_of(np.cos(2 * half[partial]), np.sin(2 * half[partial]))
    return Frames(
        x_m=np.rint(observers.x_m / RESOLUTION_M) * RESOLUTION_M,
        y_m=np.rint(observers.y_m / RESOLUTION_M) * RESOLUTION_M,
        height_m=observers.height_m,
        reach=reach_of(observers.range_m, 2 * circle, circle - half),
        cos=np.cos(start),
        sin=np.sin(start),
        end_key=end_key,
        border=border,
        is_bordered=~np.isnan(border[:, 0, 0]),
        hidden_at_start=outside.astype(np.int64),
        extent_m=_extent(start, 2 * half, observers.range_m),
    )


def _pictures(tilted: Observers, target_height_m: float) -> Floats:
    """Give the corners of what tilted cameras hold of the ground, shape (n, 4, 2); NaN where they hold nothing."""
    return ground_footprint(
        tilted.height_m, tilted.tilt_deg, tilted.hfov_deg, tilted.vfov_deg, range_m=tilted.range_m,
        target_height_m=target_height_m,
    )  # fmt: skip


def _half_angles(picture: Floats) -> Floats:
    """Give the angle from the axis under which the foot of the camera sees the sides of its picture; 0 for none."""
    return np.nan_to_num(np.arctan2(picture[:, 1:3, 0], picture[:, 1:3, 1]).max(axis=1))


def _extent(start: Floats, turn: Floats, range_m: Floats) -> Floats:
    """Give the box around each camera and its sector: its own place, both ends of the arc, and the axes in between."""
    reach, end = range_m + _SLACK_M, start + turn
    crossed = (_AXES - start[:, None]) % (2 * np.pi) <= turn[:, None]  # east, north, west, south
    x_1, x_2, y_1, y_2 = reach * np.cos(start), reach * np.cos(end), reach * np.sin(start), reach * np.sin(end)
    ends = np.array([np.maximum(x_1, x_2), np.maximum(y_1, y_2), -np.minimum(x_1, x_2), -np.minimum(y_1, y_2)])
    east, north, west, south = np.where(crossed.T, reach, np.maximum(ends, _SLACK_M))  # the camera itself is at 0
    return np.array([-west, -south, east, north]).T


def _turned(picture: Floats, ahead: Floats) -> Floats:
    """Turn corners (right, ahead) of the picture into the frame, counter-clockwise: near left and right, far ones."""
    cos, sin = np.cos(ahead)[:, None], np.sin(ahead)[:, None]
    right, forward = picture[..., 0], picture[..., 1]
    return np.stack([forward * cos + right * sin, forward * sin - right * cos], axis=-1)


def wedge_starts(frames: Frames) -> Ints:
    """Give the keys at which the quadrants of all turns start, and where each turn ends.

    Parameters
    ----------
    frames : Frames
        Cameras.

    Returns
    -------
    ndarray of int64
        Keys over all cameras, not sorted.
    """
    quadrants = np.arange(4, dtype=np.int64) << QUADRANT_BITS
    starts = frames.first_key[:, None] + quadrants
    is_within = quadrants < frames.end_key[:, None]
    return np.concatenate([starts[is_within], frames.first_key + frames.end_key])

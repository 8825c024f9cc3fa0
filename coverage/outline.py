"""The closed outline of what each camera sees: curves along walls and the range, and the rays that join them.

One outline feeds areas, polygons and cells, so that the map and the ranking can never disagree.
"""

from dataclasses import dataclass

import numpy as np

from coverage.frames import RESOLUTION_M, Frames
from coverage.pieces import Bools
from coverage.polar import (
    QUADRANT_BITS,
    TURN,
    TURN_BITS,
    Floats,
    Ints,
    angles_of,
    directions_of,
    expanded,
    lengths_of,
    loose_order_by,
    shares_of,
)
from coverage.sweep import Limits, Slabs

_SAME_PLACE = 1e-9
"""Places on one ray whose distances differ by less than this share of them are one corner."""

_AT_FOOT = np.inf  # nearness of the camera's own place


@dataclass(frozen=True, eq=False)
class Outline:
    """Directed edges with the seen on their left hand; each corner has as many edges out as in.

    Attributes
    ----------
    camera : ndarray of int64, shape (n,)
        Camera of each edge.
    first, last : ndarray of int64, shape (n,)
        Corners that it joins.
    first_inner, n_inner : ndarray of int64, shape (n,)
        Corners in between, numbered in a row: none on a wall or a ray, those of the chords along the range.
    x_m, y_m : ndarray of float64, shape (k,)
        Corners, east and north of the camera, on the working resolution [m].
    """

    camera: Ints
    first: Ints
    last: Ints
    first_inner: Ints
    n_inner: Ints
    x_m: Floats
    y_m: Floats

    def straight(self) -> tuple[Ints, Ints, Ints]:
        """Take edges apart at their inner corners.

        Returns
        -------
        tuple of ndarray of int64, shape (m,)
            Camera, first and last corner of straight edges.
        """
        edge, place = expanded(self.n_inner + 1)
        inner = self.first_inner[edge] + place
        first = np.where(place == 0, self.first[edge], inner - 1)
        last = np.where(place == self.n_inner[edge], self.last[edge], inner)
        return self.camera[edge], first, last


@dataclass(frozen=True, eq=False)
class _Curves:
    """Limits that go on over several slabs, from their right end to their left one (counter-clockwise)."""

    first_slab: Ints
    last_slab: Ints
    first_w: Floats
    last_w: Floats
    begins: Bools

    def __len__(self) -> int:
        return len(self.begins)

    @staticmethod
    def joined(*parts: "_Curves") -> "_Curves":
        names = _Curves.__dataclass_fields__
        return _Curves(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


@dataclass(frozen=True, eq=False)
class _Corners:
    """Places where curves end, by ray and then outward; ``right`` and ``left`` are those of each curve."""

    camera: Ints
    event: Ints
    w: Floats
    right: Ints
    left: Ints
    beside: Ints
    """What is seen on the left of the ray beyond each corner, less what is seen on its right."""


def areas_m2(limits: Limits, frames: Frames) -> Floats:
    """Measure what each camera sees, in closed form.

    Parameters
    ----------
    limits : Limits
        Result of the sweep.
    frames : Frames
        Cameras.

    Returns
    -------
    ndarray of float, shape (n,)
        Areas, those of the polygons up to rounding [m2].
    """
    slabs = limits.slabs
    width = slabs.last_share - slabs.first_share
    triangle = np.where(limits.begins, -0.5, 0.5) * width[limits.slab] / (limits.first_w * limits.last_w)
    area = np.bincount(slabs.camera[limits.slab], triangle, len(frames))
    first, last = _runs(limits.is_open_at_range, slabs.key >> TURN_BITS)
    camera = slabs.camera[first]
    area = area + np.bincount(camera, frames.reach.areas_m2(camera, *_turn_of(slabs, first, last)), len(frames))
    return np.maximum(area, 0.0)


def outline_of(limits: Limits, frames: Frames) -> Outline:
    """Close the outline of what each camera sees.

    Parameters
    ----------
    limits : Limits
        Result of the sweep.
    frames : Frames
        Cameras.

    Returns
    -------
    Outline
        All edges of all cameras.
    """
    slabs = limits.slabs
    first, last = _runs(limits.is_open_at_range, slabs.key >> TURN_BITS)
    angles = _turn_of(slabs, first, last)
    lengths = lengths_of(np.concatenate([slabs.first_share[first], slabs.last_share[last]]))
    at_range = lengths * frames.reach.nearness(slabs.camera[np.concatenate([first, last])], np.concatenate(angles))
    arcs = _Curves(first, last, at_range[: len(first)], at_range[len(first) :], np.zeros(len(first), np.bool_))
    walls, feet = _walls(limits), _feet(limits)
    curves = _Curves.joined(walls, feet, arcs)
    camera = slabs.camera[curves.first_slab]
    corners = _corners(curves, camera, _last_events(slabs, frames, curves, camera))
    n = len(walls) + len(feet)
    begins = curves.begins[:n]
    x_m, y_m = _places(slabs, frames, corners)
    right, left = corners.right[:n], corners.left[:n]
    inward, outward = _rays(corners)
    n_inner, inner_x, inner_y = _chords(frames, camera[n:], angles)
    first_inner = np.cumsum(n_inner) - n_inner + len(x_m)
    same = _joined_feet(corners)
    starts = same[np.concatenate([np.where(begins, left, right), outward, inward + 1, corners.right[n:]])]
    ends = same[np.concatenate([np.where(begins, right, left), outward + 1, inward, corners.left[n:]])]
    camera = np.concatenate([camera[:n], corners.camera[outward], corners.camera[inward], camera[n:]])
    plain = np.zeros(len(camera) - len(n_inner), np.int64)
    n_inner, first_inner = np.concatenate([plain, n_inner]), np.concatenate([plain, first_inner])
    kept = np.flatnonzero((starts != ends) | (n_inner > 0))
    return Outline(
        camera[kept], starts[kept], ends[kept], first_inner[kept], n_inner[kept],
        np.concatenate([x_m, inner_x]), np.concatenate([y_m, inner_y]),
    )  # fmt: skip


def _runs(is_open: Bools, key_group: Ints) -> tuple[Ints, Ints]:
    """Find runs of open slabs, each within one group."""
    joins = is_open[1:] & is_open[:-1] & (key_group[1 : len(is_open)] == key_group[: len(is_open) - 1])
    starts, stops = is_open.copy(), is_open.copy()
    starts[1:] &= ~joins
    stops[:-1] &= ~joins
    return np.flatnonzero(starts), np.flatnonzero(stops)


def _turn_of(slabs: Slabs, first: Ints, last: Ints) -> tuple[Floats, Floats]:
    """Give the angles at which runs of slabs start and end."""
    share = np.concatenate([slabs.first_share[first], slabs.last_share[last]])
    angles = angles_of(share, slabs.key[np.concatenate([first, last])] >> QUADRANT_BITS)
    return angles[: len(first)], angles[len(first) :]


def _last_events(slabs: Slabs, frames: Frames, curves: _Curves, camera: Ints) -> Ints:
    """Give the events at which curves end; one that goes all the way round closes at the first event of its camera."""
    event = curves.last_slab + 1
    closes = (frames.end_key[camera] == TURN) & (slabs.key[event] == frames.first_key[camera] + TURN)
    return np.where(closes, np.searchsorted(slabs.key, frames.first_key)[camera], event)


def _walls(limits: Limits) -> _Curves:
    """Join limits on one wall in neighbouring slabs."""
    kind = 2 * limits.wall + limits.begins
    order = np.lexsort((limits.slab, kind))
    kind, slab = kind[order], limits.slab[order]
    joins = (kind[1:] == kind[:-1]) & (slab[1:] == slab[:-1] + 1)
    starts, stops = np.ones((2, len(order)), np.bool_)
    starts[1:], stops[:-1] = ~joins, ~joins
    first, last = order[starts], order[stops]
    return _Curves(
        limits.slab[first], limits.slab[last], limits.first_w[first], limits.last_w[last], limits.begins[first]
    )


def _feet(limits: Limits) -> _Curves:
    """Join slabs in which the seen begins at the camera."""
    first, last = _runs(limits.is_open_at_foot, limits.slabs.key >> TURN_BITS)
    at_foot = np.full(len(first), _AT_FOOT)
    return _Curves(first, last, at_foot, at_foot, np.ones(len(first), np.bool_))


def _corners(curves: _Curves, camera: Ints, last_event: Ints) -> _Corners:
    """Find the places where curves end; what differs by rounding is one place."""
    n = len(curves)
    event = np.concatenate([curves.first_slab, last_event])  # the event before a slab has its number
    w = np.concatenate([curves.first_w, curves.last_w])
    order = loose_order_by(event, -w)
    event, w = event[order], w[order]
    is_new = np.ones(len(order), np.bool_)
    is_new[1:] = (event[1:] != event[:-1]) | (w[1:] < w[:-1] * (1 - _SAME_PLACE)) & np.isfinite(w[1:])
    number = np.cumsum(is_new) - 1
    corner = np.empty(len(order), np.int64)
    corner[order] = number
    step = np.where(curves.begins, 1, -1)
    change = np.bincount(number, np.concatenate([step, -step])[order])
    camera = np.concatenate([camera, camera])[order][is_new]
    beside = np.cumsum(np.rint(change).astype(np.int64))
    return _Corners(camera, event[is_new], w[is_new], corner[:n], corner[n:], beside)


def _rays(corners: _Corners) -> tuple[Ints, Ints]:
    """Find the parts of rays with the seen on one side only, by their nearer corner: those inward, those outward."""
    goes_on = corners.event[1:] == corners.event[:-1]
    beside = corners.beside[:-1]
    return np.flatnonzero(goes_on & (beside < 0)), np.flatnonzero(goes_on & (beside > 0))


def _joined_feet(corners: _Corners) -> Ints:
    """Make the place of each camera one corner, whatever the ray."""
    same = np.arange(len(corners.w))
    feet = np.flatnonzero(np.isinf(corners.w))
    one = np.zeros(corners.camera.max(initial=-1) + 1, np.int64)
    one[corners.camera[feet]] = feet  # any of them, the last one
    same[feet] = one[corners.camera[feet]]
    return same


def _places(slabs: Slabs, frames: Frames, corners: _Corners) -> tuple[Floats, Floats]:
    """Give corners east and north of their camera."""
    key = slabs.key[corners.event] - frames.first_key[corners.camera]
    wedge = np.minimum(key >> QUADRANT_BITS, 3)
    u, v = directions_of(shares_of(key, wedge), wedge)
    return _turned_back(frames, corners.camera, u / corners.w, v / corners.w)


def _turned_back(frames: Frames, camera: Ints, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Turn places from the frame of their camera to east and north, on the working resolution."""
    cos, sin = frames.cos[camera], frames.sin[camera]
    east, north = cos * x - sin * y, sin * x + cos * y
    return np.rint(east / RESOLUTION_M) * RESOLUTION_M, np.rint(north / RESOLUTION_M) * RESOLUTION_M


def _chords(frames: Frames, camera: Ints, angles: tuple[Floats, Floats]) -> tuple[Ints, Floats, Floats]:
    """Draw runs along the range: how many corners lie between the ends of each, and where."""
    number, count = frames.reach.corners(camera, *angles)
    run, place = expanded(count)
    of = camera[run]
    angle = frames.reach.corner_angles(of, number[run] + place)
    reach = frames.reach.range_m[of]
    return count, *_turned_back(frames, of, reach * np.cos(angle), reach * np.sin(angle))

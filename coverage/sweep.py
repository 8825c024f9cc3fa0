"""The angular sweep: between two neighbouring events the order of walls along a ray never changes.

Each wall that begins a shadow counts +1 along a ray and each that ends one -1; a place is seen exactly if the walls
nearer than it add up to 0. No pairing of fronts and backs is needed, so concave, touching, overlapping and repeated
buildings are right without special cases.
"""

from dataclasses import dataclass

import numpy as np

from coverage.frames import Frames, wedge_starts
from coverage.pieces import Bools, Pieces
from coverage.polar import (
    QUADRANT_BITS,
    TURN_BITS,
    Floats,
    Ints,
    angles_of,
    expanded,
    lengths_of,
    order_by,
    shares_of,
    sorted_unique,
)

_EQUAL = 1e-10
"""Walls whose distances differ by less than this share of them are at one place."""


@dataclass(frozen=True, eq=False)
class Slabs:
    """Narrow sectors between neighbouring events.

    Attributes
    ----------
    key : ndarray of int64, shape (n + 1,)
        Events, ascending over all cameras of the batch; slab ``s`` lies between ``key[s]`` and ``key[s + 1]``.
    camera : ndarray of int64, shape (n,)
        Camera of each slab.
    is_swept : ndarray of bool, shape (n,)
        False for the part of the keys after the end of a turn.
    first_share, last_share : ndarray of float64, shape (n,)
        Share of the quadrant at both sides.
    """

    key: Ints
    camera: Ints
    is_swept: Bools
    first_share: Floats
    last_share: Floats


@dataclass(frozen=True, eq=False)
class Limits:
    """Where the seen ends and begins again along the rays of slabs.

    Attributes
    ----------
    slabs : Slabs
        The sectors.
    slab : ndarray of int64, shape (m,)
        Slab of each limit.
    first_w, last_w : ndarray of float64, shape (m,)
        Nearness at both sides of the slab [1/m].
    wall : ndarray of int64, shape (m,)
        Wall it lies on.
    begins : ndarray of bool, shape (m,)
        True where the seen begins again, False where it ends.
    is_open_at_foot, is_open_at_range : ndarray of bool, shape (n,)
        Whether the seen begins at the camera, and whether it reaches the range, in each slab.
    """

    slabs: Slabs
    slab: Ints
    first_w: Floats
    last_w: Floats
    wall: Ints
    begins: Bools
    is_open_at_foot: Bools
    is_open_at_range: Bools


@dataclass(frozen=True, eq=False)
class _Entries:
    """Pieces in slabs, by slab and then from near to far."""

    slab: Ints
    piece: Ints
    first_w: Floats
    last_w: Floats

    def take(self, rows: Ints | Bools) -> "_Entries":
        return _Entries(self.slab[rows], self.piece[rows], self.first_w[rows], self.last_w[rows])


def sweep(frames: Frames, pieces: Pieces) -> Limits:
    """Sweep all cameras of a batch at once.

    Parameters
    ----------
    frames : Frames
        Cameras.
    pieces : Pieces
        Walls that limit their sight.

    Returns
    -------
    Limits
        What each slab sees along its rays.
    """
    key = sorted_unique(np.concatenate([pieces.first_key, pieces.last_key, pieces.split_keys, wedge_starts(frames)]))
    slabs = _slabs(key, frames)
    entries = _sorted(_nearest(_entries(slabs, pieces), slabs, frames, pieces))
    while True:
        cuts = _crossings(slabs, entries)
        if not len(cuts):
            break
        slabs, entries = _cut(slabs, entries, cuts, frames, pieces)
    return _limits(slabs, entries, frames, pieces)


def _slabs(key: Ints, frames: Frames) -> Slabs:
    left, right = key[:-1], key[1:]
    camera, wedge = left >> TURN_BITS, left >> QUADRANT_BITS
    is_swept = left < frames.first_key[camera] + frames.end_key[camera]
    return Slabs(key, camera, is_swept, shares_of(left, wedge), shares_of(right, wedge))


def _entries(slabs: Slabs, pieces: Pieces) -> _Entries:
    """List every piece in every slab that it spans, piece by piece."""
    first = np.searchsorted(slabs.key, pieces.first_key)
    n_slabs = np.searchsorted(slabs.key, pieces.last_key) - first
    piece, place = expanded(n_slabs)
    slab = first[piece] + place
    slope = (pieces.last_w - pieces.first_w) / (pieces.last_key - pieces.first_key)
    first_w = pieces.first_w[piece] + slope[piece] * (slabs.key[slab] - pieces.first_key[piece])
    last_w = np.empty_like(first_w)
    last_w[:-1] = first_w[1:]
    last_w[np.cumsum(n_slabs) - 1] = pieces.last_w  # every piece spans a slab at least
    return _Entries(slab, piece, first_w, last_w)


def _nearest(entries: _Entries, slabs: Slabs, frames: Frames, pieces: Pieces) -> _Entries:
    """Leave out what lies beyond the range, or behind a wall that hides all the rest."""
    middle = (slabs.first_share + slabs.last_share) / 2
    angle = angles_of(middle, slabs.key[:-1] >> QUADRANT_BITS)
    at_range = lengths_of(middle) * 2 * frames.reach.nearness(slabs.camera, angle)
    entries = entries.take(entries.first_w + entries.last_w > at_range[entries.slab])
    hiding = np.flatnonzero(pieces.hides_all[entries.piece])
    nearest = np.zeros(len(slabs.camera))
    np.maximum.at(nearest, entries.slab[hiding], np.minimum(entries.first_w[hiding], entries.last_w[hiding]))
    return entries.take(np.maximum(entries.first_w, entries.last_w) >= nearest[entries.slab])


def _sorted(entries: _Entries) -> _Entries:
    return entries.take(order_by(entries.slab, -(entries.first_w + entries.last_w)))


def _crossings(slabs: Slabs, entries: _Entries) -> Ints:
    """Find the keys at which neighbours along a ray change places."""
    same = entries.slab[1:] == entries.slab[:-1]
    first = entries.first_w[:-1] - entries.first_w[1:]
    last = entries.last_w[:-1] - entries.last_w[1:]
    rows = np.flatnonzero(same & (np.minimum(first, last) < -_EQUAL * entries.first_w[:-1]))
    slab = entries.slab[rows]
    left, right = slabs.key[slab], slabs.key[slab + 1]
    share = first[rows] / (first[rows] - last[rows])
    keys = left + np.rint(share * (right - left)).astype(np.int64)
    return sorted_unique(keys[(keys > left) & (keys < right)])


def _cut(slabs: Slabs, entries: _Entries, cuts: Ints, frames: Frames, pieces: Pieces) -> tuple[Slabs, _Entries]:
    """Cut slabs at keys; only the entries of slabs that are cut are computed and sorted again."""
    before = np.searchsorted(cuts, slabs.key)
    n_cuts = np.diff(before)
    is_cut = n_cuts[entries.slab] > 0
    whole, old = entries.take(~is_cut), entries.take(is_cut)
    row, place = expanded(n_cuts[old.slab] + 1)
    new = _slabs(np.sort(np.concatenate([slabs.key, cuts])), frames)
    slab = (old.slab + before[old.slab])[row] + place
    piece = old.piece[row]
    begin, end = pieces.first_key[piece], pieces.last_key[piece]

    def nearness(key: Ints) -> Floats:
        share = (key - begin) / (end - begin)
        return pieces.first_w[piece] * (1 - share) + pieces.last_w[piece] * share

    cut = _sorted(_Entries(slab, piece, nearness(new.key[slab]), nearness(new.key[slab + 1])))
    shifted = whole.slab + before[whole.slab]
    order = np.argsort(np.concatenate([shifted, cut.slab]), kind="stable")
    both = _Entries(
        np.concatenate([shifted, cut.slab]), np.concatenate([whole.piece, cut.piece]),
        np.concatenate([whole.first_w, cut.first_w]), np.concatenate([whole.last_w, cut.last_w]),
    )  # fmt: skip
    return new, both.take(order)


def _limits(slabs: Slabs, entries: _Entries, frames: Frames, pieces: Pieces) -> Limits:
    at_foot = _hidden_at_foot(slabs, frames, pieces)
    sign = pieces.sign[entries.piece]
    is_first = np.ones(len(entries.slab), np.bool_)
    is_first[1:] = entries.slab[1:] != entries.slab[:-1]
    first = np.flatnonzero(is_first)
    total = np.cumsum(sign)
    before_slab = (total - sign)[first]
    count = total - before_slab[is_first.cumsum() - 1] + at_foot[entries.slab]
    ends, begins = (count > 0) & (count == sign), (count == 0) & (sign < 0)
    ends, begins = _without_slits(entries, ends, begins)
    at_range = at_foot.copy()
    at_range[entries.slab] = count  # of several in one slab the last one stays
    rows = np.flatnonzero(ends | begins)
    kept = entries.take(rows)
    return Limits(
        slabs, kept.slab, kept.first_w, kept.last_w, pieces.wall[kept.piece], begins[rows],
        slabs.is_swept & (at_foot == 0), slabs.is_swept & (at_range == 0),
    )  # fmt: skip


def _hidden_at_foot(slabs: Slabs, frames: Frames, pieces: Pieces) -> Ints:
    """Count the shadows that each ray starts in: those of buildings that it leaves more often than it enters them."""
    near = np.flatnonzero(pieces.is_near)
    if not len(near):
        return frames.hidden_at_start[slabs.camera]
    change = np.zeros(len(slabs.key), np.int64)
    np.add.at(change, np.searchsorted(slabs.key, pieces.first_key[near]), pieces.sign[near])
    np.add.at(change, np.searchsorted(slabs.key, pieces.last_key[near]), -pieces.sign[near])
    return frames.hidden_at_start[slabs.camera] - np.cumsum(change)[:-1]


def _without_slits(entries: _Entries, ends: Bools, begins: Bools) -> tuple[Bools, Bools]:
    """Close what is open between walls at one place, such as those of two houses that touch."""
    open_between = np.flatnonzero(begins[:-1] & ends[1:] & (entries.slab[1:] == entries.slab[:-1]))
    if not len(open_between):
        return ends, begins
    near, far = entries.take(open_between), entries.take(open_between + 1)
    gap = np.maximum(np.abs(far.first_w - near.first_w), np.abs(far.last_w - near.last_w))
    slit = open_between[gap <= _EQUAL * far.first_w]
    begins, ends = begins.copy(), ends.copy()
    begins[slit] = False
    ends[slit + 1] = False
    return ends, begins

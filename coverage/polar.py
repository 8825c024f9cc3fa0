"""Directions as whole numbers: a pseudo-angle in which the walls of buildings are straight lines.

A direction ``(u, v)`` is scaled to ``|u| + |v| = 1``; its place on that square, walked counter-clockwise from east, is
its key: ``2**48`` steps per quadrant. Within a quadrant ``u`` and ``v`` are linear in the key, and so is the nearness
``w`` of a straight wall, where ``(u, v) / w`` is the point of the wall in that direction. Whole numbers make equal
directions equal, whatever else is computed in the same batch.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

QUADRANT_BITS = 48
QUADRANT = 1 << QUADRANT_BITS
TURN_BITS = QUADRANT_BITS + 2
TURN = 1 << TURN_BITS
"""Keys of one full turn; camera ``i`` of a batch uses keys from ``i * TURN`` on."""

MOST_CAMERAS = 1 << (63 - TURN_BITS)
"""So many cameras have room in the keys of one batch."""

_EAST = np.array([1.0, 0.0, -1.0, 0.0])
_NORTH = np.array([0.0, 1.0, 0.0, -1.0])


def keys_of(x_m: Floats, y_m: Floats) -> Ints:
    """Give the keys of directions.

    Parameters
    ----------
    x_m, y_m : ndarray of float, shape (n,)
        Vectors other than (0, 0), in the frame in which the turn starts along +x.

    Returns
    -------
    ndarray of int64, shape (n,)
        0 to ``TURN``; both mean +x.
    """
    across, up = np.abs(x_m), np.abs(y_m)
    quadrant = np.where(y_m > 0, x_m <= 0, np.where(y_m < 0, 2 + (x_m >= 0), 2 * (x_m < 0))).astype(np.int64)
    part = np.where(quadrant & 1, across, up) / (across + up)
    return (quadrant << QUADRANT_BITS) + np.rint(part * QUADRANT).astype(np.int64)


def shares_of(keys: Ints, wedges: Ints) -> Floats:
    """Tell how far through its quadrant a key is.

    Parameters
    ----------
    keys : ndarray of int64, shape (n,)
        Keys.
    wedges : ndarray of int64, shape (n,)
        Quadrant they are looked at from, counted over all cameras; the end of a quadrant is the start of the next.

    Returns
    -------
    ndarray of float, shape (n,)
        0 to 1.
    """
    return np.ldexp((keys - (wedges << QUADRANT_BITS)).astype(np.float64), -QUADRANT_BITS)


def lengths_of(shares: Floats) -> Floats:
    """Give the Euclidean length of directions of ``|u| + |v| = 1``.

    Parameters
    ----------
    shares : ndarray of float, shape (n,)
        Share of the quadrant.

    Returns
    -------
    ndarray of float, shape (n,)
        Between sqrt(1/2) and 1.
    """
    return np.hypot(1.0 - shares, shares)


def angles_of(shares: Floats, wedges: Ints) -> Floats:
    """Give the angles of directions.

    Parameters
    ----------
    shares : ndarray of float, shape (n,)
        Share of the quadrant.
    wedges : ndarray of int64, shape (n,)
        Quadrant, counted over all cameras.

    Returns
    -------
    ndarray of float, shape (n,)
        Angles from the start of the camera's turn, counter-clockwise [rad].
    """
    return np.arctan2(shares, 1.0 - shares) + (wedges & 3).astype(np.float64) * (np.pi / 2)


def directions_of(shares: Floats, wedges: Ints) -> tuple[Floats, Floats]:
    """Give directions of ``|u| + |v| = 1``.

    Parameters
    ----------
    shares : ndarray of float, shape (n,)
        Share of the quadrant.
    wedges : ndarray of int64, shape (n,)
        Quadrant, counted over all cameras.

    Returns
    -------
    tuple of ndarray of float, shape (n,)
        ``u`` and ``v``.
    """
    first, second = wedges & 3, (wedges + 1) & 3
    rest = 1.0 - shares
    return rest * _EAST[first] + shares * _EAST[second], rest * _NORTH[first] + shares * _NORTH[second]


def sorted_unique(keys: Ints) -> Ints:
    """Sort keys and leave out repeated ones.

    Parameters
    ----------
    keys : ndarray of int64, shape (n,)
        Keys.

    Returns
    -------
    ndarray of int64, shape (m,)
        Ascending; faster than ``numpy.unique``, which hashes first.
    """
    keys = np.sort(keys)
    is_new = np.ones(len(keys), np.bool_)
    is_new[1:] = keys[1:] != keys[:-1]
    return keys[is_new]


def order_by(groups: Ints, values: Floats) -> Ints:
    """Order items by group, and within groups by value.

    Parameters
    ----------
    groups : ndarray of int64, shape (n,)
        Groups, 0 or more.
    values : ndarray of float, shape (n,)
        Values.

    Returns
    -------
    ndarray of int64, shape (n,)
        The order, stable; faster than ``numpy.lexsort`` for up to 65,536 groups.
    """
    order = loose_order_by(groups, values)
    group, value = groups[order], values[order]
    tied = np.zeros(len(order) + 1, np.bool_)
    tied[1:-1] = (group[1:] == group[:-1]) & (value[1:] == value[:-1])
    among = np.flatnonzero(tied[1:] | tied[:-1])
    if len(among):
        order[among] = order[among][np.lexsort((order[among], value[among], group[among]))]
    return order


def loose_order_by(groups: Ints, values: Floats) -> Ints:
    """Order items by group, and within groups by value; where both are equal any order will do.

    Parameters
    ----------
    groups : ndarray of int64, shape (n,)
        Groups, 0 or more.
    values : ndarray of float, shape (n,)
        Values.

    Returns
    -------
    ndarray of int64, shape (n,)
        The order.
    """
    by_value = values.argsort()  # not stable, and five times faster for that
    small = groups.astype(np.uint16) if groups.max(initial=0) < 1 << 16 else groups
    return by_value[small[by_value].argsort(kind="stable")]


def expanded(counts: Ints) -> tuple[Ints, Ints]:
    """Give every item of some groups its group and its place.

    Parameters
    ----------
    counts : ndarray of int64, shape (n,)
        Items per group.

    Returns
    -------
    tuple of ndarray of int64, shape (sum of counts,)
        Group of each item, and its place in the group.
    """
    group = np.arange(len(counts)).repeat(counts)
    first = counts.cumsum() - counts
    return group, np.arange(len(group)) - first[group]

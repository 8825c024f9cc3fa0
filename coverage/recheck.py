"""A plan counted once more, from the polygons of what its cameras see instead of the cells they were chosen by."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from coverage.packed_rows import Bools, Ints

SQUARE_M = 64.0


@dataclass(frozen=True)
class Recheck:
    """Two counts of the same plan.

    Attributes
    ----------
    value : int
        Weight of the cells whose centres lie in the polygons and that no existing camera sees.
    claimed : int
        Value that the plan states.
    is_confirmed : bool
        Whether they differ by no more than the cells whose centres lie on the edge of a polygon.
    """

    value: int
    claimed: int
    is_confirmed: bool


def recheck(
    areas: NDArray[np.object_], centre_xy_m: NDArray[np.float64], weight: Ints, covered: Bools, *, claimed: int,
    edge_m: float = 0.02,
) -> Recheck:  # fmt: skip
    """Count what polygons newly see.

    Parameters
    ----------
    areas : ndarray of shapely (Multi)Polygon
        What each chosen camera sees, EPSG:32749 [m].
    centre_xy_m : ndarray of float64, shape (m, 2)
        Centres of the cells, EPSG:32749 [m].
    weight : ndarray of int64, shape (m,)
        Weight of each cell.
    covered : ndarray of bool, shape (m,)
        Cells that existing cameras see.
    claimed : int
        Value to compare with.
    edge_m : float
        How near to the edge of a polygon a centre counts as lying on it [m].

    Returns
    -------
    Recheck
        Both counts.
    """
    near = _near(areas, centre_xy_m, edge_m)
    tree = shapely.STRtree(np.asarray(shapely.points(centre_xy_m[near]), dtype=object))
    seen = np.zeros(len(near), np.bool_)
    doubtful = np.zeros(len(near), np.bool_)
    for area in areas:
        seen[tree.query(area, predicate="intersects")] = True
        doubtful[tree.query(shapely.boundary(area), predicate="dwithin", distance=edge_m)] = True
    is_open, worth = ~covered[near], weight[near]
    value = int(worth[seen & is_open].sum())
    slack = int(worth[doubtful & is_open].sum())
    return Recheck(value, claimed, abs(value - claimed) <= slack)


def _near(areas: NDArray[np.object_], xy: NDArray[np.float64], edge_m: float) -> Ints:
    """Find the centres in the squares that the box of some polygon touches; the others lie in none."""
    boxes = shapely.bounds(areas).reshape(-1, 4)
    boxes = boxes[np.isfinite(boxes).all(axis=1)]
    if not len(boxes) or not len(xy):
        return np.empty(0, np.int64)
    corner = xy.min(axis=0)
    square = ((xy - corner) // SQUARE_M).astype(np.int64)
    touched = np.zeros(square.max(axis=0) + 1, np.bool_)
    first = np.maximum((boxes[:, :2] - edge_m - corner) // SQUARE_M, 0).astype(np.int64)
    last = np.maximum((boxes[:, 2:] + edge_m - corner) // SQUARE_M + 1, 0).astype(np.int64)
    for (left, low), (right, high) in zip(first.tolist(), last.tolist(), strict=True):
        touched[left:right, low:high] = True
    return np.flatnonzero(touched[square[:, 0], square[:, 1]])

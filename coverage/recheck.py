"""A plan counted once more, from the polygons of what its cameras see instead of the cells they were chosen by."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from coverage.packed_rows import Bools, Ints


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
    points = np.asarray(shapely.points(centre_xy_m), dtype=object)
    tree = shapely.STRtree(points)
    seen = np.zeros(len(points), np.bool_)
    doubtful = np.zeros(len(points), np.bool_)
    for area in areas:
        seen[tree.query(area, predicate="intersects")] = True
        doubtful[tree.query(shapely.boundary(area), predicate="dwithin", distance=edge_m)] = True
    value = int(weight[seen & ~covered].sum())
    slack = int(weight[doubtful & ~covered].sum())
    return Recheck(value, claimed, abs(value - claimed) <= slack)

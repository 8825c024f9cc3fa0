"""Streets as a network to walk along: which places are reached from a point, and how far along the streets."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import KDTree

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Distance between neighbouring nodes along a street [m].
STEP_M = 10.0
#: Ends of streets that are drawn up to this far apart are taken as joined [m].
GAP_M = 8.0
_SAME_M = 0.5


@dataclass(frozen=True, eq=False)
class Reach:
    """What is reached from a place along the streets.

    Attributes
    ----------
    node : ndarray of int64, shape (k,)
        Rows of the network's nodes, nearest first; ties by row.
    along_m : ndarray of float64, shape (k,)
        Way from the place to each, the way to the nearest street included [m].
    """

    node: Ints
    along_m: Floats


@dataclass(frozen=True, eq=False)
class StreetNetwork:
    """Nodes every few metres along streets, joined where streets meet.

    Attributes
    ----------
    xy_m : ndarray of float64, shape (n, 2)
        Nodes, EPSG:32749 [m].
    street : ndarray of int64, shape (n,)
        Row of the street that passes nearest to each node.
    ways : csr_array of float64, shape (n, n)
        Length of the direct way between neighbouring nodes, both directions [m].
    """

    xy_m: Floats
    street: Ints
    ways: csr_array

    @classmethod
    def from_lines(cls, lines: Sequence[shapely.Geometry] | NDArray[np.object_]) -> "StreetNetwork":
        """Join street centre lines.

        Parameters
        ----------
        lines : sequence of LineString
            Streets, EPSG:32749 [m]; need not be cut where they cross.

        Returns
        -------
        StreetNetwork
            Crossing streets are joined at the crossing, also where one passes over the other: layers of a flat city do
            not say so. An end within 8 m of another street is joined to it.
        """
        streets = np.asarray(lines, dtype=object)
        pieces = shapely.get_parts(shapely.segmentize(shapely.get_parts(shapely.union_all(streets)), STEP_M))
        corners, piece = shapely.get_coordinates(pieces, return_index=True)
        _, first, node = np.unique(np.round(corners / _SAME_M), axis=0, return_index=True, return_inverse=True)
        xy, node = corners[first], node.ravel()
        step = np.flatnonzero(piece[1:] == piece[:-1])
        near, far = _gaps(xy, np.bincount(np.concatenate([node[step], node[step + 1]]), minlength=len(xy)))
        start, stop = np.concatenate([node[step], near]), np.concatenate([node[step + 1], far])
        length = np.hypot(*(xy[stop] - xy[start]).T)
        keep = start != stop
        ways = coo_array((length[keep], (start[keep], stop[keep])), shape=(len(xy), len(xy)))
        nearest = shapely.STRtree(streets).nearest(shapely.points(xy)) if len(xy) else np.zeros(0)
        return cls(xy, np.asarray(nearest, np.int64), csr_array(ways.maximum(ways.T)))

    def nearest(self, place: tuple[float, float]) -> tuple[int, float]:
        """Find the node nearest to a place.

        Parameters
        ----------
        place : tuple of float
            EPSG:32749 [m].

        Returns
        -------
        tuple of int and float
            Row of the node and its distance in a straight line [m].
        """
        away = np.hypot(*(self.xy_m - place).T)
        row = int(np.argmin(away))
        return row, float(away[row])

    def reach(self, place: tuple[float, float], limit_m: float) -> Reach:
        """Walk the streets from a place in all directions.

        Parameters
        ----------
        place : tuple of float
            Where it begins, EPSG:32749 [m].
        limit_m : float
            Longest way [m].

        Returns
        -------
        Reach
            Nodes within that way; none if no street is that near.

        Notes
        -----
        Shortest paths by Dijkstra's algorithm from the nearest node; one-way rules are not known and not kept by those
        who flee.
        """
        if not len(self.xy_m):
            return Reach(np.zeros(0, np.int64), np.zeros(0))
        start, away = self.nearest(place)
        along = away + dijkstra(self.ways, indices=[start], limit=max(limit_m - away, 0.0))[0]
        found = np.flatnonzero(along <= limit_m)
        order = np.lexsort((found, along[found]))
        return Reach(found[order], along[found][order])


def _gaps(xy: Floats, degree: Ints) -> tuple[Ints, Ints]:
    """Pair each loose end with the nearest node that is not its own neighbour along the street."""
    ends = np.flatnonzero(degree == 1)
    if not len(ends):
        return ends, ends
    pairs = KDTree(xy).query(xy[ends], k=min(3, len(xy)), distance_upper_bound=GAP_M)[1]
    near, far = [], []
    for end, others in zip(ends, np.atleast_2d(pairs), strict=True):
        for other in others[(others != end) & (others < len(xy))]:
            near.append(end)
            far.append(other)
    return np.array(near, np.int64), np.array(far, np.int64)

"""A plan counted once more, from the polygons of what its cameras see instead of the cells they were chosen by."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from coverage.grid import Grid
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


@dataclass(frozen=True, eq=False)
class AreaCells:
    """Cells of one polygon.

    Attributes
    ----------
    inside : ndarray of int64
        Cells whose centre lies in it.
    edge : ndarray of int64
        Cells whose centre lies on its edge.
    """

    inside: Ints
    edge: Ints


def area_cells(area: BaseGeometry, grid: Grid, *, edge_m: float = 0.02) -> AreaCells:
    """Find the cells of a polygon.

    Parameters
    ----------
    area : Polygon or MultiPolygon
        What a camera sees, EPSG:32749 [m].
    grid : Grid
        Cells.
    edge_m : float
        How near to the edge of a polygon a centre counts as lying on it [m].

    Returns
    -------
    AreaCells
        Ids of cells of the grid.
    """
    return AreaCells(grid.cells_in(area), grid.cells_in(shapely.buffer(shapely.boundary(area), edge_m)))


def recheck(areas: Sequence[AreaCells], weight: Ints, covered: Bools, *, claimed: int) -> Recheck:
    """Count what polygons newly see.

    Parameters
    ----------
    areas : sequence of AreaCells
        Cells of what each chosen camera sees.
    weight : ndarray of int64, shape (number of cells of the grid,)
        Weight of each cell; 0 where nothing is to be seen.
    covered : ndarray of bool, shape (number of cells of the grid,)
        Cells that existing cameras see.
    claimed : int
        Value to compare with.

    Returns
    -------
    Recheck
        Both counts.
    """
    value, slack = (
        int(weight[cells[~covered[cells]]].sum())
        for cells in (_union([area.inside for area in areas]), _union([area.edge for area in areas]))
    )
    return Recheck(value, claimed, abs(value - claimed) <= slack)


def _union(cells: Sequence[Ints]) -> Ints:
    return np.unique(np.concatenate([np.empty(0, np.int64), *cells]))

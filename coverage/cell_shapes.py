"""Cells drawn as polygons."""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from coverage.grid import Grid

Ints = NDArray[np.int64]


def outline_of_cells(grid: Grid, cells: Ints) -> BaseGeometry:
    """Draw the border of cells.

    Parameters
    ----------
    grid : Grid
        The grid, EPSG:32749.
    cells : ndarray of int64, shape (m,)
        Cell ids, ascending, each once.

    Returns
    -------
    Polygon, MultiPolygon or GeometryCollection
        Their union, EPSG:32749 [m]; an empty collection for no cells.

    Notes
    -----
    The cells of each run along a row become a box, and the boxes are joined.
    """
    if not len(cells):
        return shapely.GeometryCollection()
    row, col = np.divmod(cells, grid.n_cols)
    starts = np.flatnonzero(np.r_[True, (np.diff(cells) != 1) | (np.diff(row) != 0)])
    stops = np.r_[starts[1:], len(cells)] - 1
    west, south = grid.x0_m + col[starts] * grid.cell_m, grid.y0_m + row[starts] * grid.cell_m
    boxes = shapely.box(west, south, grid.x0_m + (col[stops] + 1) * grid.cell_m, south + grid.cell_m)
    return shapely.union_all(boxes)

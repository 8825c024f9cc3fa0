"""Outlines to grid cells: each edge toggles the rows it crosses, and a running parity tells inside from outside."""

import numpy as np

from coverage.grid import Grid
from coverage.outline import Outline
from coverage.polar import Floats, Ints, expanded


def cells_of(outline: Outline, origin_m: Floats, reach_m: Floats, grid: Grid) -> tuple[Ints, Ints]:
    """Find the cells whose centre lies inside outlines.

    Parameters
    ----------
    outline : Outline
        Straight edges.
    origin_m : ndarray of float, shape (n, 2)
        Place of each camera, EPSG:32749 [m].
    reach_m : ndarray of float, shape (n,)
        No corner is further from its camera [m].
    grid : Grid
        Cells.

    Returns
    -------
    camera, cell : ndarray of int64, shape (m,)
        By camera, then by cell.
    """
    # columns and rows are counted in cell centres: centre (i, j) has the coordinates (i, j)
    centre = (origin_m - (grid.x0_m, grid.y0_m)) / grid.cell_m - 0.5
    reach = (reach_m / grid.cell_m)[:, None]
    low = np.floor(centre - reach).astype(np.int64)
    n_cols, n_rows = (np.ceil(centre + reach).astype(np.int64) - low + 2).T
    start = np.cumsum(n_cols * n_rows) - n_cols * n_rows
    inside = _parity(outline, centre - low, grid.cell_m, start, n_cols, int((n_cols * n_rows).sum()))
    found = np.flatnonzero(inside)
    camera = np.searchsorted(start, found, side="right") - 1
    row, col = np.divmod(found - start[camera], n_cols[camera])
    row, col = row + low[camera, 1], col + low[camera, 0]
    on_grid = (row >= 0) & (row < grid.n_rows) & (col >= 0) & (col < grid.n_cols)
    return camera[on_grid], (row * grid.n_cols + col)[on_grid]


def _parity(outline: Outline, shift: Floats, cell_m: float, start: Ints, n_cols: Ints, n_cells: int) -> np.ndarray:
    """Toggle the first centre right of each crossing of an edge and a row; an odd number to the left is inside."""
    of = outline.camera
    x, y = outline.x_m / cell_m, outline.y_m / cell_m
    x0, y0 = x[outline.first] + shift[of, 0], y[outline.first] + shift[of, 1]
    x1, y1 = x[outline.last] + shift[of, 0], y[outline.last] + shift[of, 1]
    begin = np.ceil(np.minimum(y0, y1)).astype(np.int64)
    n_rows = np.ceil(np.maximum(y0, y1)).astype(np.int64) - begin
    slope = np.divide(x1 - x0, y1 - y0, out=np.zeros(len(x0)), where=n_rows > 0)
    edge, place = expanded(n_rows)
    row = begin[edge] + place
    col = np.ceil(x0[edge] + (row - y0[edge]) * slope[edge]).astype(np.int64)
    toggled = np.zeros(n_cells, np.uint8)
    np.add.at(toggled, start[of][edge] + row * n_cols[of][edge] + col, np.uint8(1))
    # every row is toggled an even number of times, so the sum may run on from row to row, modulo 256
    return np.add.accumulate(toggled, dtype=np.uint8) & 1

"""Outlines to grid cells: where edges cross the rows of the grid, runs of cells begin and end."""

import numpy as np
from numpy.typing import NDArray

from coverage.grid import Grid
from coverage.outline import Outline
from coverage.polar import Floats, Ints, expanded


def cells_of(outline: Outline, origin_m: Floats, grid: Grid) -> tuple[Ints, NDArray[np.signedinteger]]:
    """Find the cells whose centre lies inside outlines.

    Parameters
    ----------
    outline : Outline
        Closed outlines.
    origin_m : ndarray of float, shape (n, 2)
        Place of each camera, EPSG:32749 [m].
    grid : Grid
        Cells.

    Returns
    -------
    count : ndarray of int64, shape (n,)
        Cells of each camera.
    cell : ndarray of int64 or int32, shape (sum of count,)
        Their ids, by camera and then ascending.
    """
    camera, row, start, stop = _runs(outline, origin_m, grid)
    length = stop - start
    total = int(length.sum())
    kind = np.int32 if max(total, grid.n_cells) < np.iinfo(np.int32).max else np.int64
    jump = row * grid.n_cols + start - (np.cumsum(length) - length)
    cell = np.arange(total, dtype=kind)
    cell += np.repeat(jump.astype(kind), length)
    return np.bincount(camera, length, len(origin_m)).astype(np.int64), cell


def _runs(outline: Outline, origin_m: Floats, grid: Grid) -> tuple[Ints, Ints, Ints, Ints]:
    """Pair the crossings of each row from west to east: camera, row, first column, column after the last one."""
    # columns and rows are counted in cell centres: centre (i, j) has the coordinates (i, j)
    centre = (origin_m - (grid.x0_m, grid.y0_m)) / grid.cell_m - 0.5
    x = outline.x_m / grid.cell_m
    y = outline.y_m / grid.cell_m
    of, first, last = outline.straight()
    x0, y0 = x[first] + centre[of, 0], y[first] + centre[of, 1]
    x1, y1 = x[last] + centre[of, 0], y[last] + centre[of, 1]
    begin = np.clip(np.ceil(np.minimum(y0, y1)), 0, grid.n_rows).astype(np.int64)
    n_rows = np.clip(np.ceil(np.maximum(y0, y1)), 0, grid.n_rows).astype(np.int64) - begin
    slope = np.divide(x1 - x0, y1 - y0, out=np.zeros(len(x0)), where=n_rows > 0)
    edge, place = expanded(n_rows)
    row = begin[edge] + place
    column = np.clip(np.ceil(x0[edge] + (row - y0[edge]) * slope[edge]), 0, grid.n_cols).astype(np.int64)
    width = grid.n_cols + 1
    key = np.sort((of[edge] * grid.n_rows + row) * width + column)
    line, start = np.divmod(key[::2], width)
    camera, row = np.divmod(line, grid.n_rows)
    return camera, row, start, key[1::2] - line * width

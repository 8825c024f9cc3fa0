"""The fixed grid of square cells on which the city is counted."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from coverage.errors import GridError, Problem, raise_if_any

_MAX_CELLS_AT_ONCE = 1_000_000
_POLYGONAL = {"Polygon", "MultiPolygon"}


@dataclass(frozen=True)
class Grid:
    """Square cells in EPSG:32749, numbered row by row from the south-west corner.

    The id of a cell is ``row * n_cols + col``; row 0 is the southernmost.

    Attributes
    ----------
    x0_m, y0_m : float
        South-west corner of cell 0, EPSG:32749 [m].
    cell_m : float
        Side of a cell [m].
    n_cols, n_rows : int
        Number of cells to the east and to the north.

    Raises
    ------
    GridError
        If the corner is not finite, the side is not positive or a count is below 1 (``grid_invalid``).

    Examples
    --------
    >>> grid = Grid(0.0, 0.0, 2.0, 3, 2)
    >>> grid.centres(np.array([0, 5])).tolist()
    [[1.0, 1.0], [5.0, 3.0]]
    """

    x0_m: float
    y0_m: float
    cell_m: float
    n_cols: int
    n_rows: int

    def __post_init__(self) -> None:
        problems = [
            Problem("not_finite", "grid", name, str(value), "a finite number [m]")
            for name, value in (("x0_m", self.x0_m), ("y0_m", self.y0_m))
            if not np.isfinite(value)
        ]
        if not (np.isfinite(self.cell_m) and self.cell_m > 0):
            problems.append(Problem("not_positive", "grid", "cell_m", str(self.cell_m), "> 0 m"))
        problems += [
            Problem("not_positive", "grid", name, str(value), ">= 1")
            for name, value in (("n_cols", self.n_cols), ("n_rows", self.n_rows))
            if value < 1
        ]
        raise_if_any(problems, GridError, code="grid_invalid", message="grid cannot be made")

    @classmethod
    def covering(cls, boundary: BaseGeometry, cell_m: float = 2.0) -> "Grid":
        """Make the grid that covers the bounding box of a geometry.

        The corner is a multiple of ``cell_m``, so grids of one cell size always fit on each other.

        Parameters
        ----------
        boundary : Geometry
            Area to cover, EPSG:32749 [m].
        cell_m : float
            Side of a cell [m].

        Returns
        -------
        Grid
            The smallest such grid.

        Raises
        ------
        GridError
            If the geometry is empty or the side is not positive (``grid_invalid``).
        """
        if boundary.is_empty:
            problem = Problem("geometry_empty", "grid", "boundary", "empty", "a geometry with an extent")
            raise_if_any([problem], GridError, code="grid_invalid", message="nothing to cover")
        if not (np.isfinite(cell_m) and cell_m > 0):
            return cls(0.0, 0.0, cell_m, 1, 1)  # raises: there is one wording for a bad side
        west, south, east, north = boundary.bounds
        first_col, first_row = np.floor(west / cell_m), np.floor(south / cell_m)
        n_cols = max(1, int(np.ceil(east / cell_m) - first_col))
        n_rows = max(1, int(np.ceil(north / cell_m) - first_row))
        return cls(float(first_col * cell_m), float(first_row * cell_m), cell_m, n_cols, n_rows)

    @property
    def n_cells(self) -> int:
        """Number of cells."""
        return self.n_cols * self.n_rows

    def centres(self, cell_ids: NDArray[np.int64]) -> NDArray[np.float64]:
        """Give the centres of cells.

        Parameters
        ----------
        cell_ids : ndarray of int, shape (n,)
            Ids of cells.

        Returns
        -------
        ndarray of float, shape (n, 2)
            Centres, x and y in EPSG:32749 [m].

        Raises
        ------
        GridError
            If an id is below 0 or not below ``n_cells`` (``cell_outside_grid``).
        """
        ids = np.asarray(cell_ids, dtype=np.int64)
        outside = np.flatnonzero((ids < 0) | (ids >= self.n_cells))
        raise_if_any(
            (
                Problem("cell_outside_grid", f"[{i}]", "cell_ids", str(ids[i]), f"0 - {self.n_cells - 1}")
                for i in outside
            ),
            GridError,
            code="cell_outside_grid",
            message="no such cell",
        )
        row, col = np.divmod(ids, self.n_cols)
        return np.column_stack([self.x0_m + (col + 0.5) * self.cell_m, self.y0_m + (row + 0.5) * self.cell_m])

    def cell_of(self, xy_m: NDArray[np.float64]) -> NDArray[np.int64]:
        """Find the cells that points lie in.

        Parameters
        ----------
        xy_m : ndarray of float, shape (n, 2)
            Points, x and y in EPSG:32749 [m].

        Returns
        -------
        ndarray of int64, shape (n,)
            Cell ids; -1 for a point outside the grid. South and west edges belong to a cell, north and east do not.
        """
        points = np.asarray(xy_m, dtype=np.float64).reshape(-1, 2)
        col = np.floor((points[:, 0] - self.x0_m) / self.cell_m)
        row = np.floor((points[:, 1] - self.y0_m) / self.cell_m)
        inside = (col >= 0) & (col < self.n_cols) & (row >= 0) & (row < self.n_rows)  # False for NaN as well
        cells = np.full(len(points), -1, dtype=np.int64)
        cells[inside] = (row[inside] * self.n_cols + col[inside]).astype(np.int64)
        return cells

    def cells_in(self, geometry: BaseGeometry) -> NDArray[np.int64]:
        """Find the cells whose centre is inside a polygon.

        Parameters
        ----------
        geometry : Polygon or MultiPolygon
            Valid area, EPSG:32749; may reach beyond the grid [m].

        Returns
        -------
        ndarray of int64, shape (n,)
            Sorted cell ids. A centre exactly on the boundary is not inside.

        Raises
        ------
        GridError
            If the geometry is not a valid polygon or multipolygon (``grid_geometry``).
        """
        if geometry.geom_type not in _POLYGONAL or not geometry.is_valid:
            kind = geometry.geom_type if geometry.is_valid else f"invalid {geometry.geom_type}"
            raise GridError("grid_geometry", f"cells of {kind}, expected a valid polygon", {"kind": kind})
        found = [np.empty(0, dtype=np.int64)]
        for part in shapely.get_parts(geometry):
            shapely.prepare(part)
            found += [self._centres_within(part, rows, cols) for rows, cols in self._windows(part.bounds)]
        return np.sort(np.concatenate(found))

    def _windows(self, bounds: tuple[float, float, float, float]) -> Iterator[tuple[range, range]]:
        """Cut the rows and columns whose centres lie in a box into pieces that fit in memory."""
        if np.isnan(bounds[0]):  # an empty polygon
            return
        west, south, east, north = bounds
        cols = _span(west, east, self.x0_m, self.cell_m, self.n_cols)
        rows = _span(south, north, self.y0_m, self.cell_m, self.n_rows)
        step = max(1, _MAX_CELLS_AT_ONCE // max(1, len(cols)))
        for first in range(rows.start, rows.stop, step):
            yield range(first, min(first + step, rows.stop)), cols

    def _centres_within(self, polygon: BaseGeometry, rows: range, cols: range) -> NDArray[np.int64]:
        row, col = np.meshgrid(
            np.arange(rows.start, rows.stop, dtype=np.int64),
            np.arange(cols.start, cols.stop, dtype=np.int64),
            indexing="ij",
        )
        cells = (row * self.n_cols + col).ravel()
        centres = self.centres(cells)
        return cells[shapely.contains_xy(polygon, centres[:, 0], centres[:, 1])]


def _span(low: float, high: float, origin: float, cell_m: float, count: int) -> range:
    """Give the cells along one axis whose centres lie between two coordinates."""
    first = int(np.ceil((low - origin) / cell_m - 0.5))
    last = int(np.floor((high - origin) / cell_m - 0.5))
    return range(max(0, first), min(count, last + 1))

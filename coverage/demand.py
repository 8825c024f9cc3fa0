"""Which cells of the city are public space, and what seeing each is worth."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from coverage.crs import require_crs
from coverage.errors import InvalidDemandError, Problem, raise_if_any
from coverage.grid import Grid

Ints = NDArray[np.int64]
Names = NDArray[np.str_]

#: Name of the district of a cell that lies in none.
NO_DISTRICT = ""


class WeightTable(NamedTuple):
    """Weights that come with the engine.

    Attributes
    ----------
    weights : dict
        Class of public space to whole number.
    precedence : tuple of str
        Classes; where spaces overlap the first one wins.
    source : str
        Where the weights come from, in Indonesian.
    as_of : str
        Their date, ISO.
    """

    weights: dict[str, int]
    precedence: tuple[str, ...]
    source: str
    as_of: str


@cache
def default_weights() -> WeightTable:
    """Read the weights that come with the engine; they are a planning assumption.

    Returns
    -------
    WeightTable
        From ``coverage/data/weights.toml``.
    """
    table = tomllib.loads((Path(__file__).parent / "data" / "weights.toml").read_text(encoding="utf-8"))
    return WeightTable(
        weights={str(name): int(weight) for name, weight in table["weights"].items()},
        precedence=tuple(table["precedence"]["order"]),
        source=str(table["source"]),
        as_of=table["as_of"].isoformat(),
    )


DEFAULT_WEIGHTS: dict[str, int] = default_weights().weights


@dataclass(frozen=True, eq=False)
class Demand:
    """Cells whose centre lies in a public space.

    Attributes
    ----------
    grid : Grid
        The grid, EPSG:32749.
    cell : ndarray of int64, shape (n,)
        Cell ids, ascending, each once.
    weight : ndarray of int64, shape (n,)
        What seeing the cell is worth.
    space_index : ndarray of int64, shape (n,)
        Row of the cell's space in ``spaces_id`` and ``spaces_class``.
    spaces_id, spaces_class : ndarray of str, shape (k,)
        Ids and classes of the public spaces, by id.
    district_index : ndarray of int64, shape (n,)
        Row of the cell's kelurahan in ``districts``.
    districts : ndarray of str, shape (d,)
        Names of the kelurahan; the last one is empty, for cells in none.
    """

    grid: Grid
    cell: Ints
    weight: Ints
    space_index: Ints
    spaces_id: Names
    spaces_class: Names
    district_index: Ints
    districts: Names

    def __len__(self) -> int:
        """Count the cells."""
        return len(self.cell)

    @property
    def space_id(self) -> Names:
        """Public space of each cell, shape (n,)."""
        return self.spaces_id[self.space_index]

    @property
    def space_class(self) -> Names:
        """Class of the public space of each cell, shape (n,)."""
        return self.spaces_class[self.space_index]

    @property
    def district(self) -> Names:
        """Kelurahan of each cell, shape (n,)."""
        return self.districts[self.district_index]

    def rows_of(self, cells: NDArray[np.signedinteger]) -> Ints:
        """Find cells of the grid among those of public space.

        Parameters
        ----------
        cells : ndarray of int, shape (m,)
            Cell ids.

        Returns
        -------
        ndarray of int64, shape (m,)
            Row of each cell; -1 for a cell that is no public space.
        """
        return self._row_of_cell[cells].astype(np.int64)

    @cached_property
    def _row_of_cell(self) -> NDArray[np.int32]:
        rows = np.full(self.grid.n_cells, -1, np.int32)
        rows[self.cell] = np.arange(len(self.cell), dtype=np.int32)
        return rows

    @property
    def cell_area_m2(self) -> float:
        """Area of one cell [m2]."""
        return self.grid.cell_m**2

    @property
    def total_weight(self) -> int:
        """Weight of all cells."""
        return int(self.weight.sum())


def demand_from_spaces(
    spaces: gpd.GeoDataFrame,
    grid: Grid,
    weights: Mapping[str, int] | None = None,
    *,
    districts: gpd.GeoDataFrame | None = None,
) -> Demand:
    """Lay the public spaces on the grid.

    Parameters
    ----------
    spaces : GeoDataFrame
        Columns ``space_id``, ``space_class`` and polygons, EPSG:32749 [m].
    grid : Grid
        The grid, EPSG:32749.
    weights : mapping of str to int, optional
        Class of public space to whole number, 0 or more; those that come with the engine by default.
    districts : GeoDataFrame, optional
        Column ``kelurahan`` and polygons, EPSG:32749 [m].

    Returns
    -------
    Demand
        Where spaces overlap, a cell belongs to the class that comes first in the table that comes with the engine
        (classes that are not in it come last, by name), then to the space whose id comes first.

    Raises
    ------
    CrsError
        If a layer is not in EPSG:32749.
    InvalidDemandError
        Lists ids that are missing or occur twice, classes without a weight, weights that are no whole number of 0 or
        more, and spaces without a valid polygon.
    GridError
        If a district is not a valid polygon.
    """
    table = DEFAULT_WEIGHTS if weights is None else dict(weights)
    require_crs(spaces, name="spaces")
    raise_if_any(
        [*_weight_problems(table), *_space_problems(spaces, table)], InvalidDemandError, code="demand_invalid",
        message="public spaces or weights cannot be used",
    )  # fmt: skip
    ordered = spaces.sort_values("space_id", kind="stable")
    ids = np.array(ordered["space_id"].astype(str), dtype=np.str_)
    classes = np.array(ordered["space_class"].astype(str), dtype=np.str_)
    owner = _owners(grid, list(ordered.geometry), classes)
    cell = np.flatnonzero(owner >= 0)
    space_index = owner[cell]
    class_weight = np.array([table[name] for name in classes], np.int64)
    names, district_index = _districts(grid, cell, districts)
    return Demand(grid, cell, class_weight[space_index], space_index, ids, classes, district_index, names)


def _owners(grid: Grid, shapes: list[BaseGeometry], classes: Names) -> Ints:
    """Give each cell of the grid the space it belongs to; -1 for none."""
    precedence = default_weights().precedence
    rank = {name: place for place, name in enumerate(precedence)}
    last_first = sorted(
        range(len(shapes)), key=lambda i: (rank.get(classes[i], len(rank)), classes[i], i), reverse=True
    )
    owner = np.full(grid.n_cells, -1, np.int64)
    for index in last_first:
        owner[grid.cells_in(shapes[index])] = index
    return owner


def _districts(grid: Grid, cell: Ints, districts: gpd.GeoDataFrame | None) -> tuple[Names, Ints]:
    """Name the districts and give the row of each cell's district; the last row is for none."""
    if districts is None:
        return np.array([NO_DISTRICT]), np.zeros(len(cell), np.int64)
    require_crs(districts, name="districts")
    ordered = districts.sort_values("kelurahan", kind="stable")
    names = np.array([*ordered["kelurahan"].astype(str), NO_DISTRICT], dtype=np.str_)
    index = np.full(len(cell), len(ordered), np.int64)
    centres = grid.centres(cell)
    for row, shape in enumerate(ordered.geometry):
        west, south, east, north = shape.bounds
        inside = (centres >= (west, south)).all(axis=1) & (centres <= (east, north)).all(axis=1)
        near = np.flatnonzero(inside & (index == len(ordered)))
        shapely.prepare(shape)
        index[near[shapely.contains_xy(shape, centres[near, 0], centres[near, 1])]] = row
    return names, index


def _weight_problems(weights: Mapping[str, object]) -> Iterator[Problem]:
    for name, weight in weights.items():
        if not isinstance(weight, int) or isinstance(weight, bool) or weight < 0:
            yield Problem("weight_invalid", name, "weight", str(weight), ">= 0")


def _space_problems(spaces: gpd.GeoDataFrame, weights: Mapping[str, object]) -> Iterator[Problem]:
    missing = [name for name in ("space_id", "space_class") if name not in spaces.columns]
    for name in missing:
        yield Problem("column_missing", "spaces", name, "", name)
    if missing:
        return
    ids = spaces["space_id"].astype(str)
    for repeated in sorted(set(ids[ids.duplicated()])):
        yield Problem("id_repeated", repeated, "space_id", repeated, "1")
    for name in sorted(set(spaces["space_class"].astype(str)) - set(weights)):
        yield Problem("weight_missing", "weights", "space_class", name, ", ".join(sorted(weights)))
    for space_id, shape in zip(ids, spaces.geometry, strict=True):
        kind = str(getattr(shape, "geom_type", ""))
        if kind not in ("Polygon", "MultiPolygon") or not shape.is_valid:
            yield Problem("space_not_polygon", space_id, "geometry", kind, "Polygon")

"""Where nobody is watching: unseen public space as named polygons, the weightiest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely.geometry.base import BaseGeometry

from coverage.cell_shapes import outline_of_cells
from coverage.crs import PROJECTED_CRS
from coverage.demand import Demand
from coverage.errors import InvalidDemandError
from coverage.gap_names import GapName, StreetNames
from coverage.shares import coverage_state, measure

__all__ = ["BLOCK_M", "COLUMNS", "GapFinder", "coverage_state", "gap_polygons", "measure"]

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

#: A street is cut at the lines of this lattice, so that a gap is a place to stand in, not a road across town [m].
BLOCK_M = 120.0
COLUMNS = (
    "gap_id", "name", "between_from", "between_to", "is_near", "space_class", "kelurahan", "area_m2", "corridor_m",
    "weight",
)  # fmt: skip
MIN_AREA_M2, MOST = 40.0, 300
_MOST_REMEMBERED = 5_000


@dataclass(frozen=True, eq=False)
class _Parts:
    """Connected parts of unseen cells: the lead is the first cell, a row of the demand."""

    lead: Ints
    cells: Ints
    weight: Ints


@dataclass(frozen=True)
class _Drawn:
    """What a part looks like."""

    shape: BaseGeometry
    name: GapName
    corridor_m: float


class GapFinder:
    """Finds gaps again and again: only blocks in which something is seen are looked at anew.

    Parameters
    ----------
    demand : Demand
        Cells of public space with their weight.
    space_names : mapping of str to str
        Name of each public space that has one.
    streets : GeoDataFrame
        Columns ``name`` and lines, EPSG:32749 [m]; they name the gaps and give their length.

    Raises
    ------
    CrsError
        If the streets are not in EPSG:32749.
    """

    def __init__(self, demand: Demand, space_names: Mapping[str, str], streets: gpd.GeoDataFrame) -> None:
        self.demand, self.space_names = demand, space_names
        self.street_names = StreetNames(streets)
        self.lines = np.asarray(streets.geometry.array, dtype=object)
        self.tree = shapely.STRtree(self.lines)
        self._remembered: dict[bytes, _Drawn] = {}

    def find(self, seen: Bools, *, min_area_m2: float = MIN_AREA_M2, most: int = MOST) -> gpd.GeoDataFrame:
        """Gather the cells that nobody sees into gaps.

        Parameters
        ----------
        seen : ndarray of bool, shape (len(demand),)
            Cells that some camera sees.
        min_area_m2 : float
            Smaller gaps are left out [m2].
        most : int
            How many gaps at the most.

        Returns
        -------
        GeoDataFrame
            The columns ``COLUMNS``: names as in `GapName`, ``area_m2`` [m2], ``corridor_m`` [m], ``weight`` (cells
            times their weight), and polygons, EPSG:32749 [m]; by falling weight, then by cell.

        Raises
        ------
        InvalidDemandError
            If ``seen`` does not fit the demand.
        """
        demand = self.demand
        if len(seen) != len(demand):
            raise InvalidDemandError("gap_lengths", f"{len(seen)} cells seen of {len(demand)}", {"given": len(seen)})
        parts, label = self._parts(np.asarray(seen, np.bool_))
        large = np.flatnonzero(parts.cells * demand.cell_area_m2 >= min_area_m2)
        ranked = large[np.lexsort((parts.lead[large], -parts.weight[large]))][:most]
        members = _members(label, ranked)
        drawn = self._draw(members)
        lead = parts.lead[ranked]
        return gpd.GeoDataFrame(
            {
                "gap_id": [f"C-{demand.cell[i]}" for i in lead],
                "name": [one.name.name for one in drawn],
                "between_from": [one.name.between_from for one in drawn],
                "between_to": [one.name.between_to for one in drawn],
                "is_near": np.array([one.name.is_near for one in drawn], np.bool_),
                "space_class": demand.spaces_class[demand.space_index[lead]],
                "kelurahan": demand.districts[demand.district_index[lead]],
                "area_m2": parts.cells[ranked] * demand.cell_area_m2,
                "corridor_m": np.array([one.corridor_m for one in drawn], np.float64),
                "weight": parts.weight[ranked],
            },
            geometry=np.array([one.shape for one in drawn], dtype=object),
            crs=PROJECTED_CRS,
        )

    @cached_property
    def _block(self) -> Ints:
        """Number of the space and lattice block of each cell: gaps never reach from one into another."""
        grid = self.demand.grid
        row, col = np.divmod(self.demand.cell, grid.n_cols)
        step = max(1, round(BLOCK_M / grid.cell_m))
        place = (row // step) * (grid.n_cols // step + 1) + col // step
        key = self.demand.space_index * (int(place.max(initial=0)) + 1) + place
        return np.unique(key, return_inverse=True)[1].astype(np.int64)

    @cached_property
    def _pairs(self) -> NDArray[np.int64]:
        """Neighbours (up, down, left, right) in one block, as rows of the demand; shape (2, m)."""
        grid, cell = self.demand.grid, self.demand.cell
        row, col = np.divmod(cell, grid.n_cols)
        pairs = []
        for step, has_next in ((1, col < grid.n_cols - 1), (grid.n_cols, row < grid.n_rows - 1)):
            start = np.flatnonzero(has_next)
            end = self.demand.rows_of(cell[start] + step)
            start, end = start[end >= 0], end[end >= 0]
            pairs.append(np.stack([start, end])[:, self._block[start] == self._block[end]])
        return np.concatenate(pairs, axis=1)

    @cached_property
    def _whole(self) -> Ints:
        """Part of each cell while nothing is seen; the part of a cell is named by its first cell."""
        return _first_cells(np.arange(len(self.demand)), self._pairs)

    def _parts(self, seen: Bools) -> tuple[_Parts, Ints]:
        """Join unseen neighbours; give the parts, and the part of each cell (-1 for what is seen)."""
        touched = np.zeros(int(self._block.max(initial=-1)) + 1, np.bool_)
        touched[self._block[seen]] = True
        lead = self._whole.copy()
        rows = np.flatnonzero(touched[self._block] & ~seen)
        inside = touched[self._block[self._pairs[0]]]
        pairs = self._pairs[:, inside]
        lead[rows] = _first_cells(rows, pairs[:, ~seen[pairs].any(axis=0)])
        lead[seen] = -1
        is_lead = np.zeros(len(lead), np.bool_)
        is_lead[lead[lead >= 0]] = True
        leads = np.flatnonzero(is_lead)
        number = np.cumsum(is_lead) - 1
        label = np.where(lead >= 0, number[lead], -1)
        kept = lead >= 0
        cells = np.bincount(label[kept], minlength=len(leads))
        weight = np.bincount(label[kept], self.demand.weight[kept], len(leads)).astype(np.int64)
        return _Parts(leads, cells, weight), label

    def _draw(self, members: list[Ints]) -> list[_Drawn]:
        """Outline and name parts; those that were drawn before are remembered."""
        if len(self._remembered) > _MOST_REMEMBERED:
            self._remembered.clear()
        keys = [rows.tobytes() for rows in members]
        new = [i for i, key in enumerate(keys) if key not in self._remembered]
        shapes = np.array([outline_of_cells(self.demand.grid, self.demand.cell[members[i]]) for i in new], dtype=object)
        names, lengths = self.street_names.of(shapes), self._corridor_m(shapes)
        for i, shape, street, length in zip(new, shapes, names, lengths, strict=True):
            space = str(self.demand.spaces_id[self.demand.space_index[members[i][0]]])
            place = self.space_names.get(space)
            self._remembered[keys[i]] = _Drawn(shape, GapName(place) if place else street, float(length))
        return [self._remembered[key] for key in keys]

    def _corridor_m(self, shapes: NDArray[np.object_]) -> NDArray[np.float64]:
        length = np.zeros(len(shapes))
        if not len(shapes) or not len(self.lines):
            return length
        gap, line = self.tree.query(shapes, predicate="intersects")
        np.add.at(length, gap, shapely.length(shapely.intersection(shapes[gap], self.lines[line])))
        return length


def gap_polygons(
    demand: Demand,
    seen: Bools,
    *,
    space_names: Mapping[str, str],
    streets: gpd.GeoDataFrame,
    min_area_m2: float = MIN_AREA_M2,
    most: int = MOST,
) -> gpd.GeoDataFrame:
    """Gather the cells that nobody sees into gaps, once; `GapFinder` does it again and again.

    Parameters
    ----------
    demand : Demand
        Cells of public space with their weight.
    seen : ndarray of bool, shape (len(demand),)
        Cells that some camera sees.
    space_names : mapping of str to str
        Name of each public space that has one.
    streets : GeoDataFrame
        Columns ``name`` and lines, EPSG:32749 [m]; they name the gaps and give their length.
    min_area_m2 : float
        Smaller gaps are left out [m2].
    most : int
        How many gaps at the most.

    Returns
    -------
    GeoDataFrame
        As `GapFinder.find`.

    Raises
    ------
    InvalidDemandError
        If ``seen`` does not fit the demand.
    CrsError
        If the streets are not in EPSG:32749.
    """
    return GapFinder(demand, space_names, streets).find(seen, min_area_m2=min_area_m2, most=most)


def _first_cells(rows: Ints, pairs: NDArray[np.int64]) -> Ints:
    """Give the first cell of the connected part of each cell; rows are ascending."""
    place = np.searchsorted(rows, pairs)
    graph = coo_array((np.ones(place.shape[1], np.int8), (place[0], place[1])), shape=(len(rows), len(rows)))
    label = connected_components(graph.tocsr(), directed=False)[1].astype(np.int64)
    first = np.full(int(label.max(initial=-1)) + 1, len(rows), np.int64)
    np.minimum.at(first, label, np.arange(len(rows)))
    return rows[first[label]] if len(rows) else rows


def _members(label: Ints, wanted: Ints) -> list[Ints]:
    """Give the cells of each wanted part, ascending."""
    rank = np.full(int(label.max(initial=-1)) + 1, -1, np.int64)
    rank[wanted] = np.arange(len(wanted))
    rows = np.flatnonzero(label >= 0)
    rows = rows[rank[label[rows]] >= 0]
    part = rank[label[rows]]
    order = np.argsort(part, kind="stable")
    return np.split(rows[order], np.searchsorted(part[order], np.arange(1, len(wanted)))) if len(wanted) else []

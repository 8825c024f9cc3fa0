"""Where nobody is watching: unseen public space as named polygons, the weightiest first."""

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely.geometry.base import BaseGeometry

from coverage.crs import PROJECTED_CRS, require_crs
from coverage.demand import Demand
from coverage.errors import InvalidDemandError

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

#: A street is cut at the lines of this lattice, so that a gap is a place to stand in, not a road across town [m].
BLOCK_M = 120.0
COLUMNS = ("gap_id", "name", "space_class", "kelurahan", "area_m2", "corridor_m", "weight")


def gap_polygons(
    demand: Demand,
    seen: Bools,
    *,
    space_names: dict[str, str],
    streets: gpd.GeoDataFrame,
    min_area_m2: float = 40.0,
    most: int = 300,
) -> gpd.GeoDataFrame:
    """Gather the cells that nobody sees into gaps.

    Parameters
    ----------
    demand : Demand
        Cells of public space with their weight.
    seen : ndarray of bool, shape (len(demand),)
        Cells that some camera sees.
    space_names : dict of str to str
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
        ``gap_id``, ``name``, ``space_class``, ``kelurahan``, ``area_m2`` [m2], ``corridor_m`` [m], ``weight``
        (cells times their weight) and polygons, EPSG:32749 [m]; by falling weight, then by id.

    Raises
    ------
    InvalidDemandError
        If ``seen`` does not fit the demand.
    CrsError
        If the streets are not in EPSG:32749.
    """
    if len(seen) != len(demand):
        raise InvalidDemandError("gap_lengths", f"{len(seen)} cells seen of {len(demand)}", {"given": len(seen)})
    require_crs(streets, name="streets")
    open_cells = np.flatnonzero(~np.asarray(seen, np.bool_))
    label = _components(demand, open_cells)
    weight = np.bincount(label, demand.weight[open_cells]).astype(np.int64)
    area = np.bincount(label) * demand.cell_area_m2
    first = _first_of(label)
    large = np.flatnonzero(area >= min_area_m2)
    ranked = large[np.lexsort((open_cells[first[large]], -weight[large]))][:most]
    members = _members(label, open_cells, ranked)
    shapes = [_outline(demand, cells) for cells in members]
    lead = open_cells[first[ranked]]
    names = _names(demand, lead, shapes, space_names, streets)
    return gpd.GeoDataFrame(
        {
            "gap_id": [f"C-{demand.cell[i]}" for i in lead],
            "name": names,
            "space_class": demand.space_class[lead],
            "kelurahan": demand.district[lead],
            "area_m2": area[ranked],
            "corridor_m": _corridor_m(shapes, streets),
            "weight": weight[ranked],
        },
        geometry=np.array(shapes, dtype=object),
        crs=PROJECTED_CRS,
    )


def _components(demand: Demand, rows: Ints) -> Ints:
    """Label neighbours (up, down, left, right) of the same space and block."""
    row, col = np.divmod(demand.cell[rows], demand.grid.n_cols)
    step = max(1, round(BLOCK_M / demand.grid.cell_m))
    block = (row // step) * (demand.grid.n_cols // step + 1) + col // step
    key = demand.space_index[rows] * (int(block.max(initial=0)) + 1) + block
    place = np.full(demand.grid.n_cells, -1, np.int64)
    place[demand.cell[rows]] = np.arange(len(rows))
    pairs = [_neighbours(place, demand.cell[rows], key, 1, col < demand.grid.n_cols - 1)]
    pairs.append(_neighbours(place, demand.cell[rows], key, demand.grid.n_cols, row < demand.grid.n_rows - 1))
    a, b = np.concatenate(pairs, axis=1)
    graph = coo_array((np.ones(len(a), np.int8), (a, b)), shape=(len(rows), len(rows)))
    return connected_components(graph.tocsr(), directed=False)[1].astype(np.int64)


def _neighbours(place: Ints, cell: Ints, key: Ints, step: int, has_next: Bools) -> NDArray[np.int64]:
    start = np.flatnonzero(has_next)
    end = place[cell[start] + step]
    start, end = start[end >= 0], end[end >= 0]
    same = key[start] == key[end]
    return np.stack([start[same], end[same]])


def _first_of(label: Ints) -> Ints:
    first = np.zeros(int(label.max(initial=-1)) + 1, np.int64)
    first[label[::-1]] = np.arange(len(label))[::-1]
    return first


def _members(label: Ints, rows: Ints, wanted: Ints) -> list[Ints]:
    order = np.argsort(label, kind="stable")
    starts = np.searchsorted(label[order], wanted, side="left")
    stops = np.searchsorted(label[order], wanted, side="right")
    return [rows[order[a:b]] for a, b in zip(starts, stops, strict=True)]


def _outline(demand: Demand, rows: Ints) -> BaseGeometry:
    """Join the cells of each run along a row to a box, and the boxes to a polygon."""
    grid = demand.grid
    cells = demand.cell[rows]
    row, col = np.divmod(cells, grid.n_cols)
    starts = np.flatnonzero(np.r_[True, (np.diff(cells) != 1) | (np.diff(row) != 0)])
    stops = np.r_[starts[1:], len(cells)] - 1
    west, south = grid.x0_m + col[starts] * grid.cell_m, grid.y0_m + row[starts] * grid.cell_m
    boxes = shapely.box(west, south, grid.x0_m + (col[stops] + 1) * grid.cell_m, south + grid.cell_m)
    return shapely.union_all(boxes)


def _names(
    demand: Demand, lead: Ints, shapes: list[BaseGeometry], space_names: dict[str, str], streets: gpd.GeoDataFrame
) -> list[str]:
    """Name a gap by its space, else by the nearest street that has a name."""
    named = streets[streets["name"].astype(str) != ""]
    lines = np.array(named.geometry.array, dtype=object)
    nearest = (
        shapely.STRtree(lines).nearest(shapely.centroid(shapes)) if len(named) and shapes else np.zeros(0, np.int64)
    )
    street = [str(named["name"].iloc[int(i)]) for i in nearest] or [""] * len(shapes)
    return [space_names.get(str(demand.space_id[i])) or near for i, near in zip(lead, street, strict=True)]


def _corridor_m(shapes: list[BaseGeometry], streets: gpd.GeoDataFrame) -> NDArray[np.float64]:
    lines = np.array(streets.geometry.array, dtype=object)
    length = np.zeros(len(shapes))
    if not shapes or not len(lines):
        return length
    gaps = np.array(shapes, dtype=object)
    gap, line = shapely.STRtree(lines).query(gaps, predicate="intersects")
    np.add.at(length, gap, shapely.length(shapely.intersection(gaps[gap], lines[line])))
    return length

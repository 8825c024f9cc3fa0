"""How much of the public space is watched: share of area, of street length, of weighted demand, and how often."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from coverage import METHOD_VERSION
from coverage.corridors import Corridors
from coverage.demand import Demand, Names
from coverage.errors import InvalidDemandError, Problem, raise_if_any

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]

VIEWS = (1, 2, 3)


@dataclass(frozen=True)
class Share:
    """A share between 0 and 1 with the interval it may lie in.

    Attributes
    ----------
    value : float
        What is certain; equals ``low``.
    low : float
        Only cameras whose position and direction are certain.
    high : float
        With all that the uncertain cameras may see at most.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class CoverageState:
    """How much of the public space a set of cameras watches.

    Attributes
    ----------
    covered_area_share : Share
        Of the area of public space, counted on the grid.
    covered_corridor_share : Share or None
        Of the length of street centre lines, exact; None if no streets were given.
    covered_demand_share : Share
        Of the area weighted by what seeing it is worth.
    k_coverage : dict of int to Share
        Of the area seen by at least 1, 2, 3 cameras.
    by_district, by_class : DataFrame
        ``district`` or ``space_class``, ``area_m2``, ``corridor_m``, and for area, demand and corridor the columns
        ``*_share``, ``*_low``, ``*_high``; NaN where there is nothing to watch. In ``by_class`` the corridors stand
        under ``street/<road class>``.
    n_certain, n_possible : ndarray of int64, shape (cells of the demand,)
        How many cameras see each cell for certain; how many more may see it.
    area_m2 : float
        Area of public space [m2].
    corridor_m : float
        Length of street centre lines [m].
    cameras_certain, cameras_uncertain : int
        How many cameras of each kind were counted.
    method_version : str
        Version of the method.
    """

    covered_area_share: Share
    covered_corridor_share: Share | None
    covered_demand_share: Share
    k_coverage: dict[int, Share]
    by_district: pd.DataFrame
    by_class: pd.DataFrame
    n_certain: Ints
    n_possible: Ints
    area_m2: float
    corridor_m: float
    cameras_certain: int
    cameras_uncertain: int
    method_version: str = METHOD_VERSION


def coverage_state(
    demand: Demand,
    certain: csr_array,
    *,
    possible: csr_array | None = None,
    corridors: Corridors | None = None,
    certain_areas: Shapes | None = None,
    possible_areas: Shapes | None = None,
) -> CoverageState:
    """Measure how much a set of cameras watches.

    Alive and designed coverage are two calls with two sets of cameras.

    Parameters
    ----------
    demand : Demand
        Cells of public space with their weight.
    certain : csr_array of bool, shape (a, grid.n_cells)
        Cells seen by each camera whose position and direction are certain.
    possible : csr_array of bool, shape (b, grid.n_cells), optional
        Cells that each uncertain camera may see at most.
    corridors : Corridors, optional
        Street centre lines.
    certain_areas : ndarray of Polygon, shape (a,), optional
        Area seen by each certain camera, EPSG:32749 [m]; needed with ``corridors``.
    possible_areas : ndarray of Polygon, shape (b,), optional
        Area that each uncertain camera may see at most, EPSG:32749 [m]; needed with ``corridors`` and ``possible``.

    Returns
    -------
    CoverageState
        Shares with their interval; adding a camera never lowers any of them.

    Raises
    ------
    InvalidDemandError
        If there is no public space, or covers and areas do not fit the grid or each other.
    """
    unsure = csr_array((0, demand.grid.n_cells), dtype=np.bool_) if possible is None else possible
    sure_areas = np.empty(0, object) if certain_areas is None else certain_areas
    unsure_areas = np.empty(0, object) if possible_areas is None else possible_areas
    _check(demand, certain, unsure, len(sure_areas), len(unsure_areas), needs_areas=corridors is not None)
    low = _views(demand, certain)
    extra = _views(demand, unsure)
    seen = _Seen(demand, low > 0, low + extra > 0)
    streets = None if corridors is None else _SeenStreets(corridors, sure_areas, unsure_areas)
    return CoverageState(
        covered_area_share=_share(seen.cells, seen.low, seen.high),
        covered_corridor_share=None if streets is None else _share(streets.total, streets.low, streets.high),
        covered_demand_share=_share(demand.weight, demand.weight * seen.low, demand.weight * seen.high),
        k_coverage={
            k: _share(seen.cells, (low >= k).astype(np.int64), (low + extra >= k).astype(np.int64)) for k in VIEWS
        },
        by_district=_by_district(seen, streets),
        by_class=_by_class(seen, streets),
        n_certain=low,
        n_possible=extra,
        area_m2=len(demand) * demand.cell_area_m2,
        corridor_m=0.0 if streets is None else float(streets.total.sum()),
        cameras_certain=int(certain.shape[0]),
        cameras_uncertain=int(unsure.shape[0]),
    )


class _Seen:
    """Which cells are seen for certain, and at most."""

    def __init__(self, demand: Demand, low: NDArray[np.bool_], high: NDArray[np.bool_]) -> None:
        self.demand = demand
        self.cells = np.ones(len(demand), np.int64)
        self.low, self.high = low.astype(np.int64), high.astype(np.int64)


class _SeenStreets:
    """How much of each piece of street is seen for certain, and at most [m]."""

    def __init__(self, corridors: Corridors, certain: Shapes, possible: Shapes) -> None:
        self.corridors = corridors
        self.total = corridors.length_m
        self.low = corridors.seen_length_m(certain)
        both = self.low if not len(possible) else corridors.seen_length_m(np.concatenate([certain, possible]))
        self.high = np.maximum(self.low, both)


def _views(demand: Demand, covers: csr_array) -> Ints:
    """Count how many cameras see each cell of the demand."""
    seen = covers.astype(np.bool_)
    seen.sum_duplicates()
    seen.eliminate_zeros()
    return np.bincount(seen.indices, minlength=demand.grid.n_cells)[demand.cell].astype(np.int64)


def _share(total: Floats | Ints, low: Floats | Ints, high: Floats | Ints) -> Share:
    whole = float(total.sum())
    if whole == 0:
        return Share(0.0, 0.0, 0.0)
    return Share(float(low.sum()) / whole, float(low.sum()) / whole, float(high.sum()) / whole)


def _shares(
    name: str, group: Ints, size: int, total: Floats | Ints, low: Floats | Ints, high: Floats | Ints
) -> dict[str, Floats]:
    """Give the three columns of shares of one quantity, one row per group."""
    whole = np.bincount(group, total, size)
    with np.errstate(invalid="ignore"):
        at_least, at_most = (np.bincount(group, part, size) / whole for part in (low, high))
    return {f"{name}_share": at_least, f"{name}_low": at_least, f"{name}_high": at_most}


def _space_columns(seen: _Seen, group: Ints, size: int) -> dict[str, Floats]:
    weight = seen.demand.weight
    return {
        "area_m2": np.bincount(group, minlength=size).astype(np.float64) * seen.demand.cell_area_m2,
        **_shares("area", group, size, seen.cells, seen.low, seen.high),
        **_shares("demand", group, size, weight, weight * seen.low, weight * seen.high),
    }


def _street_columns(streets: _SeenStreets, group: Ints, size: int) -> dict[str, Floats]:
    return {
        "corridor_m": np.bincount(group, streets.total, size).astype(np.float64),
        **_shares("corridor", group, size, streets.total, streets.low, streets.high),
    }


def _by_district(seen: _Seen, streets: _SeenStreets | None) -> pd.DataFrame:
    names = seen.demand.districts
    columns = _space_columns(seen, seen.demand.district_index, len(names))
    if streets is not None:
        place = {name: row for row, name in enumerate(names.tolist())}
        group = np.array([place.get(name, len(names) - 1) for name in streets.corridors.district.tolist()], np.int64)
        columns |= _street_columns(streets, group, len(names))
    frame = pd.DataFrame({"district": names, **columns})
    empty = (frame["area_m2"] == 0) & (frame["corridor_m"] == 0 if streets is not None else True)
    return frame[~((frame["district"] == "") & empty)].reset_index(drop=True)


def _by_class(seen: _Seen, streets: _SeenStreets | None) -> pd.DataFrame:
    names, of_space = _numbered(seen.demand.spaces_class)
    frame = pd.DataFrame({"space_class": names, **_space_columns(seen, of_space[seen.demand.space_index], len(names))})
    if streets is None:
        return frame
    roads, group = _numbered(streets.corridors.road_class)
    corridors = pd.DataFrame(
        {"space_class": [f"street/{name}" for name in roads], **_street_columns(streets, group, len(roads))}
    )
    return pd.concat([frame, corridors], ignore_index=True)


def _numbered(names: Names) -> tuple[Names, Ints]:
    unique, number = np.unique(names, return_inverse=True)
    return unique, number.astype(np.int64)


def _check(
    demand: Demand, certain: csr_array, possible: csr_array, n_certain: int, n_possible: int, *, needs_areas: bool
) -> None:
    problems = [] if len(demand) else [Problem("no_public_space", "demand", "cell", "0", ">= 1")]
    for name, covers, n_areas in (("certain", certain, n_certain), ("possible", possible, n_possible)):
        if covers.shape[1] != demand.grid.n_cells:
            problems.append(
                Problem("covers_not_on_grid", name, "columns", f"{covers.shape[1]}", f"{demand.grid.n_cells}")
            )
        if needs_areas and n_areas != covers.shape[0]:
            problems.append(Problem("areas_do_not_match", name, "areas", f"{n_areas}", f"{covers.shape[0]}"))
    raise_if_any(problems, InvalidDemandError, code="coverage_state", message="shares cannot be computed")

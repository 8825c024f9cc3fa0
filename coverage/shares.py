"""How much of the public space is watched: share of area, of street length, of weighted demand, and how often."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from coverage import METHOD_VERSION
from coverage.conditions import ANY, Conditions, limits_of
from coverage.corridors import Corridors
from coverage.counted import Bound, Counted
from coverage.demand import Demand
from coverage.errors import InvalidDemandError, Problem, raise_if_any
from coverage.public_space import Grouping, PublicSpace
from coverage.sightings import Sightings, from_covers

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Shapes = NDArray[np.object_]

VIEWS = (1, 2, 3)
#: Groupings that shares are given for, by the name of the column that names their parts.
TABLES = {"district": "district", "kecamatan": "kecamatan", "space_class": "space_class", "road_class": "space_class",
          "place": "place"}  # fmt: skip


@dataclass(frozen=True)
class Share:
    """A share between 0 and 1 with the interval it may lie in.

    Attributes
    ----------
    value : float
        What is certain; equals ``low``.
    low : float
        What is watched whatever the true directions and positions are.
    high : float
        What may be watched at the most.
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
    by : dict of str to DataFrame
        Tables by ``district``, ``kecamatan``, ``space_class``, ``road_class`` and named ``place``: name of the part,
        ``area_m2``, ``corridor_m``, and for area, demand and corridor the columns ``*_share``, ``*_low``, ``*_high``;
        NaN where there is nothing to watch.
    n_certain, n_possible : ndarray of int64, shape (cells of the demand,)
        How many cameras see each cell for certain; how many more may see it from where they are said to stand.
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
    by: dict[str, pd.DataFrame]
    n_certain: Ints
    n_possible: Ints
    area_m2: float
    corridor_m: float
    cameras_certain: int
    cameras_uncertain: int
    method_version: str = METHOD_VERSION

    @property
    def by_district(self) -> pd.DataFrame:
        """Table by kelurahan."""
        return self.by["district"]

    @property
    def by_class(self) -> pd.DataFrame:
        """Table by class of public space; the corridors stand under ``street/<road class>``."""
        roads = self.by["road_class"]
        roads = roads.assign(space_class=[f"street/{name}" for name in roads["space_class"]])
        return (
            pd.concat([self.by["space_class"], roads], ignore_index=True) if self.corridor_m else self.by["space_class"]
        )


def measure(
    public: PublicSpace, sightings: Sightings, chosen: Bools | None = None, conditions: Conditions = ANY
) -> CoverageState:
    """Measure how much a set of cameras watches, with honest intervals.

    Alive and designed coverage, owners, and what would be if others joined are calls with other sets of cameras.

    Parameters
    ----------
    public : PublicSpace
        Cells and streets.
    sightings : Sightings
        What all cameras see of them.
    chosen : ndarray of bool, shape (n,), optional
        Cameras that count; all by default.
    conditions : Conditions
        From which level, by day or at night.

    Returns
    -------
    CoverageState
        The true shares lie between low and high as long as the cameras are known as well as is said; adding a camera
        never lowers any of them.

    Raises
    ------
    InvalidDemandError
        If there is no public space, or the choice does not fit the cameras.
    InvalidObserverError
        If there is no such level or scale.
    """
    counted_in = np.ones(len(sightings), np.bool_) if chosen is None else np.asarray(chosen, np.bool_)
    problems = [] if len(public.demand) else [Problem("no_public_space", "demand", "cell", "0", ">= 1")]
    if len(counted_in) != len(sightings):
        problems.append(Problem("areas_do_not_match", "chosen", "cameras", f"{len(counted_in)}", f"{len(sightings)}"))
    raise_if_any(problems, InvalidDemandError, code="coverage_state", message="shares cannot be computed")
    counted = Counted(public, sightings, counted_in, limits_of(sightings, conditions))
    city = public.groupings["city"]
    area, demand = counted.cells(city), counted.cells(city, public.demand.weight)
    is_exact = sightings.knowledge.is_exact & counted_in
    return CoverageState(
        covered_area_share=_share(area, city.cells),
        covered_corridor_share=_share(counted.streets(city), city.corridor_m) if len(public.corridors.line) else None,
        covered_demand_share=_share(demand, city.weight),
        k_coverage={1: _share(area, city.cells)} | {k: _k_share(counted, k) for k in VIEWS[1:]},
        by={name: _table(counted, public.groupings[name], column) for name, column in TABLES.items()},
        n_certain=counted.n_certain,
        n_possible=counted.n_possible,
        area_m2=len(public.demand) * public.demand.cell_area_m2,
        corridor_m=float(public.corridors.length_m.sum()),
        cameras_certain=int(is_exact.sum()),
        cameras_uncertain=int((counted_in & ~is_exact).sum()),
    )


def coverage_state(
    demand: Demand,
    certain: csr_array,
    *,
    possible: csr_array | None = None,
    corridors: Corridors | None = None,
    certain_areas: Shapes | None = None,
    possible_areas: Shapes | None = None,
) -> CoverageState:
    """Measure how much a set of cameras watches, from matrices of what each sees.

    For cameras as the register knows them use `measure`, which bounds what the uncertain ones add together.

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
    public = PublicSpace(demand, Corridors.none() if corridors is None else corridors, {}, {})
    if corridors is None:
        sure_areas, unsure_areas = (np.full(rows.shape[0], None) for rows in (certain, unsure))
    return measure(public, from_covers(public, certain, sure_areas, unsure, unsure_areas))


def _share(bound: Bound, whole: Floats) -> Share:
    total = float(whole.sum())
    if total == 0:
        return Share(0.0, 0.0, 0.0)
    low = float(bound.low.sum()) / total
    return Share(low, low, float(bound.high.sum()) / total)


def _k_share(counted: Counted, k: int) -> Share:
    cells = len(counted.public.demand)
    low, high = counted.k_cells(k)
    return Share(low / cells, low / cells, min(1.0, high / cells))


def _table(counted: Counted, grouping: Grouping, column: str) -> pd.DataFrame:
    """Give the shares of each part; columns of cells or of streets are left out where no part has any."""
    columns: dict[str, object] = {column: grouping.label}
    if grouping.cells.any():
        columns["area_m2"] = grouping.cells * counted.public.demand.cell_area_m2
        columns |= _columns("area", counted.cells(grouping), grouping.cells)
        columns |= _columns("demand", counted.cells(grouping, counted.public.demand.weight), grouping.weight)
    if grouping.corridor_m.any():
        columns["corridor_m"] = grouping.corridor_m
        columns |= _columns("corridor", counted.streets(grouping), grouping.corridor_m)
    frame = pd.DataFrame(columns)
    is_empty = (grouping.cells == 0) & (grouping.corridor_m == 0) & (grouping.label == "")
    return frame[~is_empty].reset_index(drop=True)


def _columns(name: str, bound: Bound, whole: Floats) -> dict[str, Floats]:
    with np.errstate(invalid="ignore"):
        low, high = bound.low / whole, bound.high / whole
    return {f"{name}_share": low, f"{name}_low": low, f"{name}_high": high}


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

"""Which new camera points see the most for the money: candidates, ranking, what it is compared with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from threading import RLock

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from cctv.geodata.layers import kelurahan_of
from cctv.geodata.lonlat import to_lonlat, to_metres
from cctv.registry import points as point_store
from cctv.registry import prices as price_store
from cctv.services import situation
from cctv.services.baselines import Baseline, baselines
from cctv.services.runtime import Runtime
from cctv.services.situation import Base
from coverage import METHOD_VERSION
from coverage.candidates import COST_PARTS, CameraModel, Candidates, candidate_sites, candidates_at
from coverage.crs import PROJECTED_CRS
from coverage.errors import CoverageError
from coverage.recheck import recheck
from coverage.siting import BudgetCurve, SitingPlan, SitingProblem, budget_curve, solve
from coverage.viewshed import visible_cells, visible_polygons

#: Assumed models of new cameras; the range is where a 4 MP camera still gives "Outline" (40 px/m, IEC 62676-4:2025).
MODELS = (
    CameraModel("fixed", hfov_deg=86.0, vfov_deg=55.0, range_m=36.0, height_m=6.0, tilt_deg=20.0),
    CameraModel("dome", hfov_deg=360.0, vfov_deg=float("nan"), range_m=20.0, height_m=6.0, tilt_deg=float("nan")),
)
LEVEL = "Outline, IEC 62676-4:2025, 40 px/m"
ROAD_CLASSES = ("primary", "secondary", "local")
SPACING_M, MOST_SITES = 60.0, 900
BATCH = 1_000
MOVES, GAP_TARGET = 3_000, 0.002  # moves, not seconds: the same answer on every machine
CURVE_MOVES = 2_000
CURVE_STEPS = 12

Progress = Callable[[float], object]


@dataclass(frozen=True, eq=False)
class CandidateSet:
    """All candidates and what each sees.

    Attributes
    ----------
    candidates : Candidates
        Possible cameras with their cost.
    covers : csr_array of bool, shape (n, len(demand))
        Cells of public space that each sees.
    """

    candidates: Candidates
    covers: csr_array


@dataclass(frozen=True, eq=False)
class Ranking:
    """Points for a budget, best first, and how good the choice is.

    Attributes
    ----------
    plan : SitingPlan
        The choice with its certificate.
    rows : DataFrame
        One row per point in the order of the plan: ``rank``, ``street``, ``kelurahan``, ``azimuth_deg``, ``model``,
        ``cost_idr``, one column per part of the cost, ``gain_weight``, ``gain_m2``, ``fibre_m``, ``lon``, ``lat``.
    areas : GeoDataFrame
        What each chosen camera sees, EPSG:32749 [m], with ``rank``.
    seen_before, seen_after : float
        Share of weighted demand that some camera sees or may see, without and with the new points.
    area_before, area_after : float
        The same for the area of public space.
    baselines : tuple of Baseline
        What simpler ways of choosing see for the same money.
    computed_at : datetime
        When.
    level : str
        Level and edition of the standard that the range of the models means.
    is_synthetic : bool
        Whether the ranking rests on made-up city layers.
    """

    plan: SitingPlan
    rows: pd.DataFrame
    areas: gpd.GeoDataFrame
    seen_before: float
    seen_after: float
    area_before: float
    area_after: float
    baselines: tuple[Baseline, ...]
    computed_at: datetime
    level: str
    is_synthetic: bool
    method_version: str = METHOD_VERSION


_sets: dict[str, tuple[gpd.GeoDataFrame, csr_array]] = {}
_computing = RLock()


def is_ready(runtime: Runtime) -> bool:
    """Tell whether the candidates are computed already.

    Parameters
    ----------
    runtime : Runtime
        Open process.

    Returns
    -------
    bool
        False while the first visitor would have to wait.
    """
    return runtime.city.manifest.fingerprint in _sets


def candidate_set(runtime: Runtime, progress: Progress | None = None) -> CandidateSet:
    """Give all candidates with their present cost; what they see is computed once per version of the city layers.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    progress : callable, optional
        Called with the share that is done.

    Returns
    -------
    CandidateSet
        Shared by all sessions.

    Raises
    ------
    CoverageError
        If the price list lacks an item, or a layer cannot be used.
    """
    ground = situation.base(runtime)
    key = runtime.city.manifest.fingerprint
    with _computing:
        if key not in _sets:
            sites = _sites(runtime, ground)
            found = _covers(candidates_at(sites, MODELS, _prices(runtime), np.empty((0, 2))), ground, progress)
            _sets.clear()
            _sets[key] = (sites, found)
        sites, covers = _sets[key]
    return CandidateSet(candidates_at(sites, MODELS, _prices(runtime), _network(runtime)), covers)


def rank(runtime: Runtime, budget_idr: int, progress: Progress | None = None) -> Ranking:
    """Choose points for a budget.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    budget_idr : int
        Money [Rp].
    progress : callable, optional
        Called with the share of the candidates that is computed.

    Returns
    -------
    Ranking
        Same register, city layers and budget, same ranking.

    Raises
    ------
    CoverageError
        If the budget or a layer cannot be used.
    """
    candidate_set(runtime, progress)
    with _computing:
        return _rank(runtime, situation.fingerprint(runtime), budget_idr)


def curve(runtime: Runtime, most_idr: int) -> BudgetCurve:
    """Tell what each of several budgets buys, up to a largest one.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    most_idr : int
        Largest budget [Rp].

    Returns
    -------
    BudgetCurve
        With the certified upper envelope.

    Raises
    ------
    CoverageError
        If the budget or a layer cannot be used.
    """
    with _computing:
        return _curve(runtime, situation.fingerprint(runtime), most_idr)


# The runtime is the same object for the whole process; the fingerprint makes old answers go.
@lru_cache(maxsize=64)
def _rank(runtime: Runtime, _fingerprint: str, budget_idr: int) -> Ranking:
    ground, found = situation.base(runtime), candidate_set(runtime)
    seen = _seen(runtime)
    problem = _problem(ground, found, seen)
    plan = solve(problem, budget_idr=budget_idr, most_moves=MOVES, gap_target=GAP_TARGET)
    after = seen.copy()
    for row in plan.chosen:
        after[problem.cells_of(int(row))] = True
    weight = ground.demand.weight
    areas = _areas(ground, found.candidates, plan)
    _recheck(ground, seen, areas, plan)
    return Ranking(
        plan=plan,
        rows=_rows(runtime, ground, found.candidates, plan),
        areas=areas,
        seen_before=float(weight[seen].sum() / weight.sum()),
        seen_after=float(weight[after].sum() / weight.sum()),
        area_before=float(seen.mean()),
        area_after=float(after.mean()),
        baselines=(*baselines(problem, budget_idr), Baseline("greedy", plan.greedy_value)),
        computed_at=datetime.now(UTC),
        level=LEVEL,
        is_synthetic=ground.is_synthetic,
    )


@lru_cache(maxsize=8)
def _curve(runtime: Runtime, _fingerprint: str, most_idr: int) -> BudgetCurve:
    problem = _problem(situation.base(runtime), candidate_set(runtime), _seen(runtime))
    steps = [most_idr * step // CURVE_STEPS for step in range(1, CURVE_STEPS + 1)]
    return budget_curve(problem, steps, most_moves=CURVE_MOVES, gap_target=GAP_TARGET)


def _problem(ground: Base, found: CandidateSet, seen: NDArray[np.bool_]) -> SitingProblem:
    return SitingProblem(
        found.covers, ground.demand.weight, found.candidates.cost_idr, found.candidates.pole_id, already_covered=seen
    )


def _seen(runtime: Runtime) -> NDArray[np.bool_]:
    """Count a cell as seen if a camera that is on sees or may see it: a new point beside a real camera helps nobody."""
    alive = situation.current(runtime).alive
    return alive.n_certain + alive.n_possible > 0


def _sites(runtime: Runtime, ground: Base) -> gpd.GeoDataFrame:
    city = runtime.city
    streets = city.streets[city.streets["road_class"].isin(ROAD_CLASSES)]
    junctions = city.public_spaces[city.public_spaces["space_class"] == "junction"]
    return candidate_sites(city.poles, junctions, streets, ground.obstacles, spacing_m=SPACING_M, most=MOST_SITES)


def _covers(candidates: Candidates, ground: Base, progress: Progress | None) -> csr_array:
    observers = candidates.observers(MODELS)
    place = np.full(ground.demand.grid.n_cells, -1, np.int64)
    place[ground.demand.cell] = np.arange(len(ground.demand))
    columns, counts = [np.empty(0, np.int64)], [np.zeros(1, np.int64)]
    for first in range(0, len(candidates), BATCH):
        batch = observers.take(np.arange(first, min(first + BATCH, len(candidates))))
        cells = visible_cells(ground.obstacles, batch, ground.demand.grid)
        column = place[cells.indices]
        is_public = column >= 0
        row = np.repeat(np.arange(len(batch)), np.diff(cells.indptr))
        columns.append(column[is_public])
        counts.append(np.bincount(row[is_public], minlength=len(batch)))
        if progress is not None:
            progress(min(1.0, (first + BATCH) / len(candidates)))
    column, starts = np.concatenate(columns), np.cumsum(np.concatenate(counts))
    shape = (len(candidates), len(ground.demand))
    return csr_array((np.ones(len(column), np.bool_), column, starts), shape=shape)


def _prices(runtime: Runtime) -> dict[str, int]:
    return {item.item_id: item.price_idr for item in price_store.list_prices(runtime.registry)}


def _network(runtime: Runtime) -> NDArray[np.float64]:
    """Take every placed point as a node of the network: an assumption, said so on the screen."""
    placed = [p for p in point_store.list_points(runtime.registry) if p.lon is not None and p.lat is not None]
    x_m, y_m = to_metres([p.lon or 0.0 for p in placed], [p.lat or 0.0 for p in placed])
    return np.column_stack([x_m, y_m])


def _rows(runtime: Runtime, ground: Base, candidates: Candidates, plan: SitingPlan) -> pd.DataFrame:
    order = plan.order
    xy = np.column_stack([candidates.x_m[order], candidates.y_m[order]])
    lon, lat = to_lonlat(xy[:, 0], xy[:, 1])
    parts = {f"cost_{name}_idr": candidates.cost_parts_idr[order, k] for k, name in enumerate(COST_PARTS)}
    return pd.DataFrame(
        {
            "rank": np.arange(1, len(order) + 1),
            "street": candidates.street[order],
            "kelurahan": kelurahan_of(runtime.city.kelurahan, xy),
            "azimuth_deg": candidates.azimuth_deg[order],
            "model": candidates.model[order],
            "cost_idr": candidates.cost_idr[order],
            "gain_weight": plan.marginal_gain,
            "gain_m2": np.array([reason.new_cells for reason in plan.reason]) * ground.demand.cell_area_m2,
            "seen_weight": [reason.seen_weight for reason in plan.reason],
            "fibre_m": candidates.fibre_m[order],
            "lon": lon,
            "lat": lat,
            **parts,
        }
    )


def _recheck(ground: Base, seen: NDArray[np.bool_], areas: gpd.GeoDataFrame, plan: SitingPlan) -> None:
    """Count the plan once more from the polygons; a value that they do not confirm is never shown."""
    demand = ground.demand
    polygons = np.array(areas.geometry.array, dtype=object)
    found = recheck(polygons, demand.grid.centres(demand.cell), demand.weight, seen, claimed=plan.value)
    if not found.is_confirmed:
        raise CoverageError(
            "plan_not_confirmed",
            f"the plan states {found.claimed}, its polygons see {found.value}",
            {"claimed": found.claimed, "found": found.value},
        )


def _areas(ground: Base, candidates: Candidates, plan: SitingPlan) -> gpd.GeoDataFrame:
    observers = candidates.observers(MODELS).take(plan.order)
    areas = visible_polygons(ground.obstacles, observers)
    return gpd.GeoDataFrame({"rank": np.arange(1, len(areas) + 1)}, geometry=areas, crs=PROJECTED_CRS)

"""A plan in the words of the city: places, costs, shares before and after; confirmed from the polygons first."""

from dataclasses import dataclass
from datetime import UTC, datetime

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cctv.geodata.layers import kelurahan_of
from cctv.geodata.lonlat import to_lonlat
from cctv.services import situation
from cctv.services.baselines import Baseline, baselines
from cctv.services.confirming import confirm, drawn_areas
from cctv.services.new_cameras import LEVEL, PoolName, candidate_set
from cctv.services.runtime import Runtime
from cctv.services.situation import Base
from coverage import METHOD_VERSION
from coverage.candidates import COST_PARTS, Candidates
from coverage.crs import PROJECTED_CRS
from coverage.shares import CoverageState, Share
from coverage.siting import SitingPlan, SitingProblem


@dataclass(frozen=True, eq=False)
class Ranking:
    """Points for a budget, best first, and how good the choice is.

    Attributes
    ----------
    plan : SitingPlan
        The choice with its certificate.
    rows : DataFrame
        One row per point in the order of the plan: ``rank``, ``candidate``, ``street``, ``source``, ``kelurahan``,
        ``azimuth_deg``, ``model``, ``cost_idr``, one column per part of the cost, ``gain_weight``, ``gain_m2``,
        ``fibre_m``, ``lon``, ``lat``.
    areas : GeoDataFrame
        What each chosen camera sees, EPSG:32749 [m], with ``rank``.
    demand_before, demand_after : Share
        Share of weighted demand that is watched, with its interval, without and with the new points. The first is the
        share of the screen Celah.
    ground_before, ground_after : Share
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
    demand_before: Share
    demand_after: Share
    ground_before: Share
    ground_after: Share
    baselines: tuple[Baseline, ...]
    computed_at: datetime
    level: str
    is_synthetic: bool
    method_version: str = METHOD_VERSION

    @property
    def seen_before(self) -> float:
        """Certain share of weighted demand without the new points."""
        return self.demand_before.low

    @property
    def seen_after(self) -> float:
        """Certain share of weighted demand with the new points."""
        return self.demand_after.low

    @property
    def area_before(self) -> float:
        """Certain share of the area without the new points."""
        return self.ground_before.low

    @property
    def area_after(self) -> float:
        """Certain share of the area with the new points."""
        return self.ground_after.low


def described(
    runtime: Runtime, problem: SitingProblem, plan: SitingPlan, pool: PoolName, *, with_random: bool
) -> Ranking:  # fmt: skip
    """Put a plan in the words of the city: places, costs, shares; counted once more from the polygons first.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    problem : SitingProblem
        Problem that was solved.
    plan : SitingPlan
        Plan for it.
    pool : {"quick", "full"}
        Candidates it chose from.
    with_random : bool
        Whether to draw points by lot to compare with, which takes a moment.

    Returns
    -------
    Ranking
        What people are shown.

    Raises
    ------
    CoverageError
        If the polygons do not confirm what the plan states (``plan_not_confirmed``).
    """
    ground, candidates = situation.base(runtime), candidate_set(runtime, pool=pool).candidates
    state = situation.current(runtime).alive
    drawn = drawn_areas(ground, candidates, plan.order)
    confirm(ground, problem, plan, [cells for _, cells in drawn])
    fresh = _fresh(problem, plan, state)
    weight = ground.demand.weight
    more_demand = float(weight[fresh].sum()) / float(weight.sum())
    simple = baselines(problem, plan.budget_idr) if with_random else ()
    return Ranking(
        plan=plan,
        rows=_rows(runtime, ground, candidates, plan),
        areas=gpd.GeoDataFrame(
            {"rank": np.arange(1, len(drawn) + 1)}, geometry=[area for area, _ in drawn], crs=PROJECTED_CRS
        ),
        demand_before=state.covered_demand_share,
        demand_after=_raised(state.covered_demand_share, more_demand),
        ground_before=state.covered_area_share,
        ground_after=_raised(state.covered_area_share, float(fresh.mean())),
        baselines=(*simple, Baseline("greedy", plan.greedy_value)),
        computed_at=datetime.now(UTC),
        level=LEVEL,
        is_synthetic=situation.current(runtime).is_synthetic,
    )


def _fresh(problem: SitingProblem, plan: SitingPlan, state: CoverageState) -> NDArray[np.bool_]:
    """Find the cells that the new points see and nobody sees for certain today."""
    seen = np.zeros(problem.n_cells, np.bool_)
    for row in plan.chosen.tolist():
        seen[problem.cells_of(row)] = True
    return seen & (state.n_certain == 0)


def _raised(share: Share, more: float) -> Share:
    """Add what is newly seen for certain: no place of the uncertain cameras lets all see more than both together."""
    low = min(1.0, share.low + more)
    return Share(low, low, min(1.0, share.high + more))


def _rows(runtime: Runtime, ground: Base, candidates: Candidates, plan: SitingPlan) -> pd.DataFrame:
    order = plan.order
    xy = np.column_stack([candidates.x_m[order], candidates.y_m[order]])
    lon, lat = to_lonlat(xy[:, 0], xy[:, 1])
    parts = {f"cost_{name}_idr": candidates.cost_parts_idr[order, k] for k, name in enumerate(COST_PARTS)}
    return pd.DataFrame(
        {
            "rank": np.arange(1, len(order) + 1),
            "candidate": order,
            "street": candidates.street[order],
            "source": candidates.source[order],
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

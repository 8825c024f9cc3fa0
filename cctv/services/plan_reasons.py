"""For whom a point of a kept plan is, and why the plan has none at another place."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from cctv.geodata.lonlat import to_metres
from cctv.i18n import number, rupiah, t
from cctv.permissions import Permission
from cctv.registry.access_log import log_access
from cctv.registry.models import Account
from cctv.registry.plan_models import Plan
from cctv.services import accounts, situation
from cctv.services.new_cameras import candidate_set
from cctv.services.plan_from_ranking import candidate_of, observers_of
from cctv.services.planning import problem_of
from cctv.services.runtime import Runtime
from coverage.refusals import Refusal, explain_refusal
from coverage.siting import SitingPlan, SitingProblem
from coverage.viewshed import visible_polygons

#: A click belongs to the nearest possible place, if there is one within this [m].
REACH_M = 60.0


@dataclass(frozen=True)
class Benefit:
    """Public space of one kind and name that a point would newly see [m2]."""

    space_class: str
    name: str
    kelurahan: str
    area_m2: float


@dataclass(frozen=True)
class WhyNot:
    """Why a plan has no point at a place.

    Attributes
    ----------
    here : {"not_public", "seen", "unseen"}
        Whether the place itself is public space, and a camera that works sees or may see it.
    code : str
        ``no_place`` (no candidate within reach), ``in_plan``, or the code of the refusal.
    distance_m : float
        From the click to the nearest possible place [m]; inf if there is none.
    street : str
        Of that place.
    rank : int
        Rank of the point there, or of the one it would replace; 0 for none.
    cost_idr : int
        Of a camera there, without tax [Rp].
    refusal : Refusal or None
        What would have to change.
    """

    here: Literal["not_public", "seen", "unseen"]
    code: str
    distance_m: float
    street: str = ""
    rank: int = 0
    cost_idr: int = 0
    refusal: Refusal | None = None


def benefits(runtime: Runtime, plan: Plan, row: int) -> tuple[Benefit, ...]:
    """List the public space that a point would newly see, beside those ranked above it.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    plan : Plan
        Which plan.
    row : int
        Which of its points, from 0.

    Returns
    -------
    tuple of Benefit
        The largest first; space that a camera sees or may see already does not count.
    """
    now = situation.current(runtime)
    demand = now.base.demand
    areas = visible_polygons(now.base.obstacles, observers_of(plan.points[: row + 1]))
    fresh = _inside(demand.grid.centres(demand.cell), areas[row])
    fresh &= now.alive.n_certain + now.alive.n_possible == 0
    for above in areas[:row]:
        if fresh.any() and shapely.intersects(above, areas[row]):
            fresh[fresh] = ~_inside(demand.grid.centres(demand.cell[fresh]), above)
    spaces = runtime.city.public_spaces.drop(columns="geometry").set_index("space_id")
    ids = pd.Series(demand.space_id[fresh]).value_counts()
    rows = spaces.loc[ids.index].assign(area_m2=ids.to_numpy() * demand.cell_area_m2)
    grouped = rows.groupby(["space_class", "name", "kelurahan"], as_index=False)["area_m2"].sum()
    found = [
        Benefit(str(kind), str(name), str(where), float(area))
        for kind, name, where, area in zip(*(grouped[column] for column in grouped.columns), strict=True)
    ]
    return tuple(sorted(found, key=lambda space: (-space.area_m2, space.name, space.space_class)))


def why_not(runtime: Runtime, account: Account, plan: Plan, lon: float, lat: float) -> WhyNot:
    """Tell why a plan has no point at a place; the question is logged.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who asks.
    plan : Plan
        Which plan; points that were refused or postponed count as absent.
    lon, lat : float
        The place [deg, EPSG:4326].

    Returns
    -------
    WhyNot
        About the most useful camera of the nearest possible place, at the present prices.

    Raises
    ------
    AccessError
        If the role does not allow it.
    CoverageError
        If a layer or the price list cannot be used.
    """
    accounts.require(account, Permission.PLAN)
    log_access(runtime.registry, account.username, "tanya_tempat", plan.plan_id, f"{lon:.5f} {lat:.5f}")
    candidates, problem = candidate_set(runtime).candidates, problem_of(runtime)
    x_m, y_m = (float(value) for value in to_metres(lon, lat))
    state = _state(runtime, x_m, y_m)
    distance = np.hypot(candidates.x_m - x_m, candidates.y_m - y_m)
    nearest = int(np.argmin(distance)) if len(candidates) else -1
    if nearest < 0 or distance[nearest] > REACH_M:
        return WhyNot(state, "no_place", float(distance[nearest]) if nearest >= 0 else np.inf)
    here = np.flatnonzero(candidates.pole_id == candidates.pole_id[nearest])
    street, far = str(candidates.street[nearest]), float(distance[nearest])
    rank_of = {row: point.rank for point in plan.proposed if (row := candidate_of(candidates, point)) is not None}
    taken = next((rank_of[row] for row in here.tolist() if row in rank_of), 0)
    if taken:
        return WhyNot(state, "in_plan", far, street, taken)
    kept = _kept(problem, plan, np.array(sorted(rank_of), np.int64))
    answers = {row: explain_refusal(problem, kept, row) for row in here.tolist()}
    row = max(answers, key=lambda r: (answers[r].new_weight, -r))
    refusal = answers[row]
    instead = 0 if refusal.instead_of is None else rank_of[refusal.instead_of]
    return WhyNot(state, refusal.code, far, street, instead, int(problem.cost_idr[row]), refusal)


def why_not_words(found: WhyNot) -> str:
    """Say why not, and what would have to change.

    Parameters
    ----------
    found : WhyNot
        The answer.

    Returns
    -------
    str
        One to three sentences.
    """
    words = [t(f"refusal.{found.here}")]
    if found.code == "no_place":
        return f"{words[0]} {t('refusal.no_place', reach=number(REACH_M))}"
    words.append(t("refusal.place", street=found.street or t("planning.unnamed"), m=number(found.distance_m)))
    words.append(t(f"refusal.{found.code}", cost=rupiah(found.cost_idr), n=found.rank))
    below = 0 if found.refusal is None else found.refusal.below_idr
    if found.code in ("no_money_left", "others_see_more") and below > 0:
        key = "refusal.change_instead" if found.rank else "refusal.change_alone"
        words.append(t(key, below=rupiah(below), n=found.rank, more=rupiah(max(found.cost_idr - below, 0))))
    return " ".join(words)


def _state(runtime: Runtime, x_m: float, y_m: float) -> Literal["not_public", "seen", "unseen"]:
    found = situation.current(runtime)
    demand = found.base.demand
    cell = demand.grid.cell_of(np.array([[x_m, y_m]]))[0]
    row = int(np.searchsorted(demand.cell, cell))
    if cell < 0 or row == len(demand) or demand.cell[row] != cell:
        return "not_public"
    return "seen" if found.alive.n_certain[row] + found.alive.n_possible[row] > 0 else "unseen"


def _inside(xy_m: NDArray[np.float64], area: shapely.Geometry) -> NDArray[np.bool_]:
    west, south, east, north = shapely.bounds(area)
    x, y = xy_m[:, 0], xy_m[:, 1]
    found = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    found[found] = shapely.contains_xy(area, x[found], y[found])
    return found


def _kept(problem: SitingProblem, plan: Plan, chosen: NDArray[np.int64]) -> SitingPlan:
    """Put a kept plan in the form that the engine explains."""
    return SitingPlan(
        chosen=chosen, value=plan.run.value, spend_idr=int(problem.cost_idr[chosen].sum()),
        budget_idr=plan.run.budget_idr, upper_bound=plan.run.upper_bound, gap=plan.run.gap, order=chosen,
        marginal_gain=np.zeros(len(chosen), np.int64), reason=(), notes=(), greedy_value=0, is_proved=False,
        presolve={}, seed=plan.run.seed, moves=0, fingerprint=plan.run.fingerprint, elapsed_s=0.0,
    )  # fmt: skip

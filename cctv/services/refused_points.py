"""Why a point is not in a plan, and what would have to change: its price, or a chosen point that is taken out."""

from dataclasses import dataclass, replace

import numpy as np

from cctv.services import planning
from cctv.services.new_cameras import candidate_set
from cctv.services.rankings import Ranking
from cctv.services.runtime import Runtime
from cctv.services.wishes import Wishes
from coverage.greedy import next_weights
from coverage.packed_rows import Ints
from coverage.refusals import Refusal, explain_refusal
from coverage.repaired_plan import repaired_plan
from coverage.siting import SitingPlan, SitingProblem

#: Chosen points of each kind that are taken out on trial.
MOST_TRIALS = 2


@dataclass(frozen=True)
class Refused:
    """A camera that is not in a plan.

    Attributes
    ----------
    row : int
        The candidate.
    cost_idr : int
        What it costs [Rp].
    refusal : Refusal
        Why, and below which price it would improve the plan.
    """

    row: int
    cost_idr: int
    refusal: Refusal

    @property
    def promise(self) -> float:
        """How near it is to being chosen: 1 where its price would do."""
        return self.refusal.below_idr / self.cost_idr


def refused_at(runtime: Runtime, ranking: Ranking, wishes: Wishes, pole_id: str) -> tuple[Refused, ...]:
    """Explain every camera of a point that is not in the plan.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    ranking : Ranking
        The plan.
    wishes : Wishes
        What was wished of it.
    pole_id : str
        The point.

    Returns
    -------
    tuple of Refused
        The nearest to being chosen first, then what adds most, then by row; empty for a point that does not exist.
    """
    problem, plan = planning.problem_of(runtime, wishes), ranking.plan
    chosen = set(plan.chosen.tolist())
    rows = [row for row in candidate_set(runtime, pool=wishes.pool).rows_at.get(pole_id, ()) if row not in chosen]
    return _sorted([explained(problem, plan, row) for row in rows])


def near_misses(runtime: Runtime, ranking: Ranking, wishes: Wishes, most: int) -> tuple[Refused, ...]:
    """Find the points that are nearest to being chosen, one camera of each.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    ranking : Ranking
        The plan.
    wishes : Wishes
        What was wished of it.
    most : int
        How many at the most.

    Returns
    -------
    tuple of Refused
        By what each would add per Rupiah; points that carry a chosen camera or add nothing are left out.
    """
    problem, plan = planning.problem_of(runtime, wishes), ranking.plan
    gain = gains_beside(problem, plan)
    taken = np.isin(problem.pole, problem.pole[plan.chosen])
    worth = np.where(taken | ~problem.allowed | (gain <= 0), 0.0, gain / problem.cost_idr)
    order = np.lexsort((np.arange(len(worth)), -worth))
    _, first = np.unique(problem.pole[order], return_index=True)
    best = order[np.sort(first)]
    return tuple(explained(problem, plan, row) for row in best[worth[best] > 0][:most].tolist())


def explained(problem: SitingProblem, plan: SitingPlan, row: int) -> Refused:
    """Explain one camera.

    Parameters
    ----------
    problem : SitingProblem
        What was solved.
    plan : SitingPlan
        The plan.
    row : int
        Candidate that the plan does not have.

    Returns
    -------
    Refused
        With its cost.
    """
    return Refused(row, int(problem.cost_idr[row]), explain_refusal(problem, plan, row))


def _sorted(found: list[Refused]) -> tuple[Refused, ...]:
    return tuple(sorted(found, key=lambda one: (-one.promise, -one.refusal.new_weight, one.row)))


def gains_beside(problem: SitingProblem, plan: SitingPlan) -> Ints:
    """Tell what each candidate would add to a plan.

    Parameters
    ----------
    problem : SitingProblem
        What was solved.
    plan : SitingPlan
        The plan.

    Returns
    -------
    ndarray of int64, shape (n,)
        Weight less penalty; for those of the plan, what one more like them would add.
    """
    layers = problem.layers_after(problem.views)
    views = np.asarray(problem.covers[plan.chosen].sum(axis=0), np.int64).ravel()
    return problem.covers @ next_weights(layers, np.arange(problem.n_cells), views) - problem.penalty


def makes_room(runtime: Runtime, ranking: Ranking, wishes: Wishes, row: int) -> int | None:
    """Find a chosen point that has to be forbidden for another to come in.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    ranking : Ranking
        The plan.
    wishes : Wishes
        What was wished of it.
    row : int
        Candidate that the plan does not have; what is wanted is any camera of its point.

    Returns
    -------
    int or None
        A chosen candidate; the plan that the screen shows at once when its point is forbidden has the other point. None
        if none of the few that are tried keeps it out.
    """
    problem, plan = planning.problem_of(runtime, wishes), ranking.plan
    found = candidate_set(runtime, pool=wishes.pool)
    rows_at, pole_id = found.rows_at, found.candidates.pole_id
    own = set(rows_at[str(pole_id[row])])
    for rival in _rivals(problem, plan, row):
        gone = tuple(sorted({*problem.excluded, *rows_at[str(pole_id[rival])]}))
        if own & set(repaired_plan(replace(problem, excluded=gone), plan).chosen.tolist()):
            return rival
    return None


def _rivals(problem: SitingProblem, plan: SitingPlan, row: int) -> list[int]:
    """List chosen candidates that may keep another out: those that see most of the same, then the least useful ones.

    Only those count whose money would do for it, and that a person has not forced.
    """
    worth = np.zeros(problem.n_cells, np.int64)
    cells = problem.cells_of(row)
    worth[cells] = problem.demand_weight[cells]
    order = plan.order
    shared = problem.covers[order] @ worth
    left = plan.budget_idr - plan.spend_idr
    free = ~np.isin(order, problem.must_include) & (problem.cost_idr[order] + left >= problem.cost_idr[row])
    same_view = [at for at in np.argsort(-shared, kind="stable").tolist() if free[at] and shared[at] > 0][:MOST_TRIALS]
    weakest = [at for at in reversed(range(len(order))) if free[at]][:MOST_TRIALS]
    return [int(order[at]) for at in dict.fromkeys([*same_view, *weakest])]

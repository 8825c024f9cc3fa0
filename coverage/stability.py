"""How often each chosen point stays chosen when weights and costs are a little different from what was assumed."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from coverage.packed_rows import Ints
from coverage.siting import solve
from coverage.siting_plan import SitingPlan
from coverage.siting_problem import SitingProblem

ROBUST = 0.8
FINENESS = 100  # weights are multiplied by this before they are changed, so that rounding does not decide


@dataclass(frozen=True, eq=False)
class Stability:
    """How a plan stands up to other assumptions.

    Attributes
    ----------
    share : ndarray of float64, shape (k,)
        Share of the draws in which each point stays, in the order of the plan.
    is_robust : ndarray of bool, shape (k,)
        Whether that is four draws in five or more.
    n_draws : int
        How many draws were done.
    """

    share: NDArray[np.float64]
    is_robust: NDArray[np.bool_]
    n_draws: int


def stability(
    problem: SitingProblem, plan: SitingPlan, *, kind_of_cell: Ints, weight_spread: float = 0.2,
    cost_spread: float = 0.1, n_draws: int = 100, seed: int = 0, moves: int = 100,
    report: Callable[[float], bool] | None = None,
) -> Stability:  # fmt: skip
    """Solve a problem again and again with changed weights and costs.

    Parameters
    ----------
    problem : SitingProblem
        Candidates, what they see and cost, what it is worth.
    plan : SitingPlan
        Plan for it.
    kind_of_cell : ndarray of int64, shape (number of cells,)
        Kind of space of each cell; all cells of a kind get the same factor.
    weight_spread, cost_spread : float
        Standard deviation of the logarithm of the factors of weights, and of the costs of single candidates.
    n_draws : int
        How often.
    seed : int
        Start of the random numbers.
    moves : int
        Moves of the search in each draw.
    report : callable, optional
        Told after each draw how far it is (0 to 1); returns False to stop with the draws that are done.

    Returns
    -------
    Stability
        Same seed, same answer. Each draw starts from scratch, not from the plan, so that the plan has no advantage.
    """
    rng = np.random.default_rng(seed)
    stays = np.zeros(len(plan.order))
    done = 0
    while done < n_draws:
        factor = np.exp(weight_spread * rng.standard_normal(int(kind_of_cell.max(initial=0)) + 1))[kind_of_cell]
        dearness = np.exp(cost_spread * rng.standard_normal(problem.n_candidates))
        changed = replace(
            problem,
            demand_weight=np.rint(FINENESS * factor * problem.demand_weight).astype(np.int64),
            later_view_weight=tuple(
                np.rint(FINENESS * factor * layer).astype(np.int64) for layer in problem.later_view_weight
            ),
            penalty_weight=None if problem.penalty_weight is None else FINENESS * problem.penalty_weight,
            cost_idr=np.maximum(np.rint(dearness * problem.cost_idr), 1).astype(np.int64),
        )
        must = int(changed.cost_idr[list(problem.must_include)].sum())
        again = solve(changed, budget_idr=max(plan.budget_idr, must), most_moves=moves, gap_target=0.02, seed=plan.seed)
        stays += np.isin(plan.order, again.chosen)
        done += 1
        if report is not None and not report(done / n_draws):
            break
    share = stays / max(done, 1)
    return Stability(share, share >= ROBUST, done)

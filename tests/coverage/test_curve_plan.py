"""A plan from a point of the budget curve: within its money, below its bound, and no worse than the greedy."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from coverage.curve_plan import plan_from_curve
from coverage.errors import InfeasibleBudgetError
from coverage.siting import SitingPlan, SitingProblem, budget_curve, solve
from coverage.stability import stability

MILLION = 10**6


@pytest.fixture(scope="module")
def problem():
    rng = np.random.default_rng(4)
    covers = csr_array(rng.random((30, 150)) < 0.08)
    cost = rng.integers(15, 60, 30) * MILLION
    return SitingProblem(covers, rng.integers(0, 9, 150), cost, np.arange(30) // 2)


@pytest.fixture(scope="module")
def curve(problem):
    return budget_curve(problem, [million * MILLION for million in range(20, 401, 20)], most_moves=500)


@pytest.mark.parametrize("million", [0, 5, 20, 33, 100, 199, 400])
def test_the_plan_keeps_to_its_money_and_its_bound(problem, curve, million):
    plan = plan_from_curve(problem, curve, million * MILLION)
    best = solve(problem, budget_idr=million * MILLION, most_moves=2_000, gap_target=0.0)
    assert plan.spend_idr == problem.cost_idr[plan.chosen].sum() <= million * MILLION
    assert plan.greedy_value <= plan.value <= plan.upper_bound
    assert best.value <= plan.upper_bound
    assert plan.value == plan.marginal_gain.sum() == sum(reason.new_weight for reason in plan.reason)
    assert plan.notes == best.notes or million >= 400
    again = SitingPlan.from_json(plan.to_json())
    assert again.chosen.tolist() == plan.chosen.tolist()


def test_what_the_curve_does_not_reach_is_refused(problem, curve):
    with pytest.raises(ValueError, match="the curve ends"):
        plan_from_curve(problem, curve, 401 * MILLION)
    forced = SitingProblem(problem.covers, problem.demand_weight, problem.cost_idr, problem.pole_id, must_include=(3,))
    with pytest.raises(InfeasibleBudgetError):
        plan_from_curve(forced, curve, int(problem.cost_idr[3]) - 1)


def test_stability_can_be_stopped_with_what_is_done(problem):
    plan = solve(problem, budget_idr=100 * MILLION, most_moves=200)
    told = []
    found = stability(
        problem, plan, kind_of_cell=np.zeros(150, np.int64), n_draws=10, moves=20,
        report=lambda share: told.append(share) or len(told) < 4,
    )  # fmt: skip
    assert (found.n_draws, told) == (4, [0.1, 0.2, 0.3, 0.4])
    assert ((found.share >= 0) & (found.share <= 1)).all()

"""A plan kept under new conditions: what still may be chosen and paid stays, the money that is freed is spent anew."""

import numpy as np

from coverage.budget_curve import BudgetCurve
from coverage.curve_plan import plan_from_curve
from coverage.greedy import Gains, greedy
from coverage.ranking import ranked
from coverage.siting import warm_start
from coverage.siting_checks import checked_money
from coverage.siting_plan import SitingPlan
from coverage.siting_problem import SitingProblem


def repaired_plan(problem: SitingProblem, plan: SitingPlan) -> SitingPlan:
    """Carry a plan over to a problem that allows less, at once.

    Parameters
    ----------
    problem : SitingProblem
        The problem of the plan with more conditions: candidates forced or forbidden, money bound to a purpose.
    plan : SitingPlan
        Plan without these conditions, for the same money.

    Returns
    -------
    SitingPlan
        What is left of the plan, filled up one by one, or the greedy choice if that sees more. Its bound is the bound
        of the plan: conditions only take choices away, so no choice under them sees more.

    Raises
    ------
    InfeasibleBudgetError
        If the candidates that must be included cost more than the budget of the plan.
    """
    reduced = problem.reduced
    (money,) = checked_money(problem, (plan.budget_idr,))
    kept = warm_start(problem, money, plan).rows
    gains = Gains(reduced)
    for row in kept.tolist():
        gains.take(row)
    untouched = ~np.isin(reduced.pole, reduced.pole[kept])
    more = greedy(reduced, money.after(reduced, kept), among=untouched, start=gains)
    rows = reduced.candidate[np.concatenate([kept, more.array])]
    chosen = np.sort(np.concatenate([np.array(problem.must_include, np.int64), rows]))
    once = BudgetCurve(
        budget_idr=np.array([plan.budget_idr], np.int64),
        value=ranked(problem, chosen)[1].sum(keepdims=True),
        upper_envelope=np.array([plan.upper_bound], np.int64),
        spend_idr=problem.cost_idr[chosen].sum(keepdims=True),
        chosen=(chosen,),
        knee=0,
    )
    return plan_from_curve(problem, once, plan.budget_idr)

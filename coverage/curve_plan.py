"""A whole plan from a point of a budget curve, at once: the order, the reasons, and what the curve proves about it."""

from time import monotonic

import numpy as np

from coverage.budget_curve import BudgetCurve
from coverage.greedy import greedy
from coverage.packed_rows import Ints
from coverage.ranking import notes_of, payments_of, ranked, reasons_of
from coverage.siting_checks import checked_money
from coverage.siting_plan import SitingPlan
from coverage.siting_problem import SitingProblem


def plan_from_curve(problem: SitingProblem, curve: BudgetCurve, budget_idr: int) -> SitingPlan:
    """Make the plan that a curve knows for a budget, without a new search.

    Parameters
    ----------
    problem : SitingProblem
        The problem that the curve was computed for.
    curve : BudgetCurve
        What several budgets buy.
    budget_idr : int
        Money for everything [Rp], at most the largest budget of the curve.

    Returns
    -------
    SitingPlan
        The choice of the largest budget of the curve that is no larger, or the greedy one for this budget if that sees
        more. Its bound is the envelope at the next budget of the curve, which holds for all smaller ones too.

    Raises
    ------
    InvalidDemandError
        If the budget is not a whole number of 0 or more.
    InfeasibleBudgetError
        If the candidates that must be included cost more than the budget.
    ValueError
        If the budget is larger than all of the curve.
    """
    started = monotonic()
    reduced = problem.reduced
    (money,) = checked_money(problem, (budget_idr,))
    if budget_idr > curve.budget_idr[-1]:
        raise ValueError(f"the curve ends at {curve.budget_idr[-1]} Rp, asked for {budget_idr} Rp")
    below = curve.at(budget_idr)
    rows = np.flatnonzero(np.isin(reduced.candidate, curve.chosen[below])) if below >= 0 else np.empty(0, np.int64)
    simple = greedy(reduced, money).array
    greedy_part = reduced.value_of(simple)
    if greedy_part > reduced.value_of(rows):
        rows = simple
    must = np.array(problem.must_include, np.int64)
    chosen: Ints = np.sort(np.concatenate([must, reduced.candidate[rows]]))
    order, gains = ranked(problem, chosen)
    value, part = int(gains.sum()), reduced.value_of(rows)
    bound = max(int(curve.upper_envelope[np.searchsorted(curve.budget_idr, budget_idr)]), value)
    return SitingPlan(
        chosen=chosen, value=value, spend_idr=int(problem.cost_idr[chosen].sum()), budget_idr=budget_idr,
        upper_bound=bound, gap=(bound - value) / bound if bound > 0 else 0.0, order=order, marginal_gain=gains,
        reason=reasons_of(problem, order, gains), notes=notes_of(problem, rows, part, money),
        greedy_value=value - part + greedy_part, is_proved=value == bound, presolve=reduced.dropped, seed=0, moves=0,
        fingerprint=f"{problem.fingerprint}-{budget_idr}-curve", elapsed_s=monotonic() - started,
        payment=payments_of(problem, order),
    )  # fmt: skip

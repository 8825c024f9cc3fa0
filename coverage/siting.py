"""Choose new camera points for a budget, with a certificate of how good the choice is."""

import numpy as np

from coverage.budget_curve import BudgetCurve, budget_curve
from coverage.ceilings import Ceiling, Payment
from coverage.effort import Effort, Report
from coverage.floors import optimise_with_floors
from coverage.money import Envelopes, Money
from coverage.optimise import Outcome, Warm, optimise
from coverage.ranking import notes_of, payments_of, ranked, reasons_of
from coverage.siting_checks import checked_money
from coverage.siting_plan import Memory, Note, Reason, SitingPlan
from coverage.siting_problem import SitingProblem

__all__ = [
    "BudgetCurve", "Ceiling", "Envelopes", "Note", "Payment", "Reason", "SitingPlan", "SitingProblem", "budget_curve",
    "solve",
]  # fmt: skip


def solve(
    problem: SitingProblem,
    *,
    budget_idr: int,
    time_limit_s: float = 5.0,
    seed: int = 0,
    gap_target: float = 0.01,
    most_moves: int | None = None,
    warm: SitingPlan | None = None,
    report: Report | None = None,
) -> SitingPlan:
    """Choose candidates for a budget.

    Parameters
    ----------
    problem : SitingProblem
        Candidates, what they see and cost, what it is worth.
    budget_idr : int
        Money for everything [Rp].
    time_limit_s : float
        Stop after about this time [s].
    seed : int
        Start of the random numbers.
    gap_target : float
        Stop once the gap is no larger; 0 goes on until the choice is proved or the time is over.
    most_moves : int, optional
        Stop after so many moves of the search instead of after a time; same seed, same answer on every machine.
    warm : SitingPlan, optional
        Plan for a problem with the same candidates and cells, of which a cost, a weight or an exclusion was different.
    report : callable, optional
        Told the stage, how far it is, the best value and the bound; returns False to stop with what is known.

    Returns
    -------
    SitingPlan
        Never below the greedy. The same problem in any order of candidates gives the same choice.

    Raises
    ------
    InvalidDemandError
        If the budget is not a whole number of 0 or more.
    InfeasibleBudgetError
        If the candidates that must be included cost more than the budget, or no choice meets the floors of the
        districts.
    """
    effort = Effort(time_limit_s, most_moves, gap_target, report)
    (money,) = checked_money(problem, (budget_idr,))
    start = None if warm is None else warm_start(problem, money, warm)
    if problem.district_floor:
        outcome, price = optimise_with_floors(problem, money, effort, seed=seed)
    else:
        outcome, price = optimise(problem.reduced, money, effort, seed=seed, warm=start), 0
    return plan_of(problem, outcome, budget_idr, money, effort, seed=seed, price_of_equity=price)


def plan_of(
    problem: SitingProblem,
    outcome: Outcome,
    budget_idr: int,
    money: Money,
    effort: Effort,
    *,
    seed: int,
    price_of_equity: int = 0,
) -> SitingPlan:
    """Put what was found in the reduced problem in the words of the problem.

    Parameters
    ----------
    problem : SitingProblem
        Candidates, what they see and cost, what it is worth.
    outcome : Outcome
        What was found.
    budget_idr : int
        Money for everything [Rp].
    money : Money
        What was left of it after the candidates that must be included.
    effort : Effort
        How long it took.
    seed : int
        Start of the random numbers.
    price_of_equity : int
        Weight that is given up for the floors of the districts.

    Returns
    -------
    SitingPlan
        Its value is recounted cell by cell.
    """
    reduced = problem.reduced
    chosen = np.sort(np.concatenate([np.array(problem.must_include, np.int64), reduced.candidate[outcome.rows]]))
    order, gains = ranked(problem, chosen)
    value = int(gains.sum())
    fixed = value - outcome.value
    upper_bound = max(fixed + outcome.bound, value)
    price = np.zeros(problem.n_cells, np.float32)
    price[reduced.cell] = outcome.prices
    per_idr = np.zeros(problem.n_candidates)
    per_idr[reduced.candidate] = outcome.per_idr
    return SitingPlan(
        chosen=chosen, value=value, spend_idr=int(problem.cost_idr[chosen].sum()), budget_idr=budget_idr,
        upper_bound=upper_bound, gap=(upper_bound - value) / upper_bound if upper_bound > 0 else 0.0, order=order,
        marginal_gain=gains, reason=reasons_of(problem, order, gains),
        notes=notes_of(problem, outcome.rows, outcome.value, money, price_of_equity),
        greedy_value=fixed + outcome.greedy_value,
        is_proved=outcome.is_proved, presolve=reduced.dropped, seed=seed, moves=outcome.moves,
        payment=payments_of(problem, order),
        fingerprint=f"{problem.fingerprint}-{budget_idr}", elapsed_s=effort.elapsed_s, memory=Memory(price, per_idr),
    )  # fmt: skip


def warm_start(problem: SitingProblem, money: Money, plan: SitingPlan) -> Warm:
    """Carry over what is still allowed and affordable of a plan, best first.

    Parameters
    ----------
    problem : SitingProblem
        The problem as it is now.
    money : Money
        What may be spent.
    plan : SitingPlan
        Plan for the problem as it was.

    Returns
    -------
    Warm
        Choice, and prices if the plan remembers them.
    """
    reduced = problem.reduced
    place = np.full(problem.n_candidates, -1, np.int64)
    place[reduced.candidate] = np.arange(reduced.n_candidates)
    rows: list[int] = []
    room = reduced.pole_limit.copy()
    for row in place[plan.order[plan.order < problem.n_candidates]].tolist():
        if row < 0:
            continue
        pole = reduced.pole[row]
        if room[pole] > 0 and money.can_pay(reduced, np.array([*rows, row])):
            rows.append(row)
            room[pole] -= 1
    remembered = plan.memory is not None and len(plan.memory.price) == problem.n_cells
    prices = plan.memory.price[reduced.cell] if remembered and plan.memory is not None else None
    return Warm(np.array(rows, np.int64), prices)

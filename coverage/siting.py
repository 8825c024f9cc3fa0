"""Choose new camera points for a budget, with a certificate of how good the choice is."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Literal

import numpy as np

from coverage.bounds import Cut, certified_cut
from coverage.errors import InfeasibleBudgetError, InvalidDemandError, Problem, raise_if_any
from coverage.greedy import Gains, Picks, best_single, greedy, greedy_with_starts
from coverage.presolve import Bools, Ints, row_sums
from coverage.siting_problem import SitingProblem

__all__ = ["BudgetCurve", "Note", "Reason", "SitingPlan", "SitingProblem", "budget_curve", "solve"]

N_START_CLASSES, N_START_BEST = 8, 32
MOST_ROUNDS = 2_000
MOST_ENVELOPE_LINES = 4

ReasonCode = Literal["must_include", "best_per_rupiah"]
NoteCode = Literal["nothing_affordable", "nothing_left_to_see", "all_reachable_seen"]


@dataclass(frozen=True)
class Reason:
    """Why a candidate stands where it does in the ranking.

    Attributes
    ----------
    code : {"must_include", "best_per_rupiah"}
        Rule that chose it.
    new_cells : int
        Cells that nobody saw before it.
    seen_weight : int
        Weight of all cells it sees that no existing camera sees.
    new_weight : int
        Weight of its new cells.
    """

    code: ReasonCode
    new_cells: int
    seen_weight: int
    new_weight: int


@dataclass(frozen=True)
class Note:
    """Something about the whole plan that a person should be told.

    Attributes
    ----------
    code : {"nothing_affordable", "nothing_left_to_see", "all_reachable_seen"}
        What it is.
    amount_idr : int
        Cost of the cheapest useful candidate, or money that is left over [Rp].
    """

    code: NoteCode
    amount_idr: int = 0


@dataclass(frozen=True, eq=False)
class SitingPlan:
    """A choice of candidates and what is proved about it.

    Attributes
    ----------
    chosen : ndarray of int64, shape (k,)
        Candidates, ascending.
    value : int
        Weight of the cells that they newly see.
    spend_idr : int
        Their cost [Rp].
    budget_idr : int
        Money that was given [Rp].
    upper_bound : int
        No choice within the budget sees more weight than this.
    gap : float
        (upper_bound - value) / upper_bound; 0 if the bound is 0.
    order : ndarray of int64, shape (k,)
        The same candidates by marginal gain per Rupiah; those that must be included come first.
    marginal_gain : ndarray of int64, shape (k,)
        Weight that each adds to those before it in ``order``; they sum to ``value``.
    reason : tuple of Reason, length k
        Why each one, in the order of ``order``.
    notes : tuple of Note
        What a person should be told about the whole plan.
    fingerprint : str
        Changes with any input.
    elapsed_s : float
        Time it took [s].
    """

    chosen: Ints
    value: int
    spend_idr: int
    budget_idr: int
    upper_bound: int
    gap: float
    order: Ints
    marginal_gain: Ints
    reason: tuple[Reason, ...]
    notes: tuple[Note, ...]
    fingerprint: str
    elapsed_s: float


@dataclass(frozen=True, eq=False)
class BudgetCurve:
    """What each budget buys, and what it could buy at most.

    Attributes
    ----------
    budget_idr : ndarray of int64, shape (b,)
        Budgets [Rp], ascending.
    value : ndarray of int64, shape (b,)
        Weight that one ranking, cut off at each budget, newly sees; :func:`solve` finds as much or more.
    upper_envelope : ndarray of int64, shape (b,)
        No choice within the budget sees more.
    """

    budget_idr: Ints
    value: Ints
    upper_envelope: Ints


def solve(
    problem: SitingProblem, *, budget_idr: int, time_limit_s: float = 5.0, gap_target: float = 0.01
) -> SitingPlan:
    """Choose candidates for a budget.

    Parameters
    ----------
    problem : SitingProblem
        Candidates, what they see and cost, what it is worth.
    budget_idr : int
        Money [Rp].
    time_limit_s : float
        Stop improving the upper bound after this time [s]. The choice never depends on the clock, and neither does the
        bound unless this limit is reached.
    gap_target : float
        Stop improving the upper bound once the gap is no larger.

    Returns
    -------
    SitingPlan
        More money never lowers its value. The same problem in any order of candidates gives the same choice.

    Raises
    ------
    InvalidDemandError
        If the budget is not a whole number of 0 or more.
    InfeasibleBudgetError
        If the candidates that must be included cost more than the budget.
    """
    started = monotonic()
    fixed_spend = _fixed_spend(problem, (budget_idr,))
    money = budget_idr - fixed_spend
    reduced = problem.reduced
    picks = greedy_with_starts(reduced, money, n_classes=N_START_CLASSES, n_best=N_START_BEST)
    picks = greedy(reduced, picks.spend_idr, among=_mask(reduced.n_candidates, picks.rows))
    cut = certified_cut(
        reduced, money, value=picks.value, seen=_seen(problem, picks), gap_target=gap_target, max_rounds=MOST_ROUNDS,
        deadline_s=started + time_limit_s,
    )  # fmt: skip
    fixed_order, fixed_gains = _fixed_order(problem)
    value = sum(fixed_gains) + picks.value
    upper_bound = sum(fixed_gains) + cut.at(money)
    order = np.array([*fixed_order, *reduced.candidate[list(picks.rows)].tolist()], np.int64)
    gains = np.array([*fixed_gains, *picks.gains], np.int64)
    return SitingPlan(
        chosen=np.sort(order),
        value=value,
        spend_idr=fixed_spend + picks.spend_idr,
        budget_idr=budget_idr,
        upper_bound=upper_bound,
        gap=(upper_bound - value) / upper_bound if upper_bound else 0.0,
        order=order,
        marginal_gain=gains,
        reason=_reasons(problem, order, gains),
        notes=_notes(problem, picks, money),
        fingerprint=f"{problem.fingerprint}-{budget_idr}",
        elapsed_s=monotonic() - started,
    )


def budget_curve(
    problem: SitingProblem, budgets_idr: Sequence[int], *, time_limit_s: float = 5.0, gap_target: float = 0.01
) -> BudgetCurve:
    """Tell what each of several budgets buys, from one ranking to the largest of them.

    Parameters
    ----------
    problem : SitingProblem
        Candidates, what they see and cost, what it is worth.
    budgets_idr : sequence of int
        Budgets [Rp], at least one.
    time_limit_s : float
        Stop improving the upper envelope after this time [s].
    gap_target : float
        Stop improving each of its lines once the gap is no larger.

    Returns
    -------
    BudgetCurve
        Budgets ascending, each once; value and envelope never fall.

    Raises
    ------
    InvalidDemandError
        If there is no budget, or one is not a whole number of 0 or more.
    InfeasibleBudgetError
        If the candidates that must be included cost more than the smallest budget.
    """
    started = monotonic()
    budgets = sorted(set(budgets_idr))
    fixed_spend = _fixed_spend(problem, budgets)
    fixed_value = sum(_fixed_order(problem)[1])
    reduced = problem.reduced
    start = Gains(reduced)
    picks = greedy(reduced, budgets[-1] - fixed_spend, start=start)
    spent = np.cumsum([0, *reduced.cost_idr[list(picks.rows)]])
    reached = np.cumsum([0, *picks.gains])
    money = [budget - fixed_spend for budget in budgets]
    along = [int(reached[np.searchsorted(spent, left, side="right") - 1]) for left in money]
    alone = [best_single(reduced, left, start).value for left in money]
    values = np.maximum.accumulate(np.maximum(along, alone))
    lines = _envelope_lines(problem, picks, money, values, (started, time_limit_s), gap_target)
    envelope = [min(cut.at(left) for cut in lines) for left in money]
    return BudgetCurve(
        budget_idr=np.array(budgets, np.int64),
        value=values.astype(np.int64) + fixed_value,
        upper_envelope=np.array(envelope, np.int64) + fixed_value,
    )


def _envelope_lines(
    problem: SitingProblem, picks: Picks, money: list[int], values: Ints, clock: tuple[float, float], gap_target: float
) -> list[Cut]:
    """Prove one line at each of a few budgets; each line must hold up to the largest budget."""
    reduced = problem.reduced
    spent = np.cumsum(reduced.cost_idr[list(picks.rows)])
    cuts: list[Cut] = []
    steps = MOST_ENVELOPE_LINES - 1
    for at in sorted({round(step * (len(money) - 1) / steps) for step in range(steps + 1)}):
        n_paid = int(np.searchsorted(spent, money[at], side="right"))
        prefix = Picks(picks.rows[:n_paid], (), 0)
        cuts.append(
            certified_cut(
                reduced, money[at], value=int(values[at]), seen=_seen(problem, prefix), gap_target=gap_target,
                max_rounds=MOST_ROUNDS, deadline_s=clock[0] + clock[1], holds_to_idr=money[-1],
            )
        )  # fmt: skip
    return cuts


def _fixed_spend(problem: SitingProblem, budgets_idr: Sequence[int]) -> int:
    """Check the budgets and give what the candidates that must be included cost [Rp]."""
    raise_if_any(
        (
            *(Problem("budget", "", "budget_idr", f"{b}", ">= 0, Rp") for b in budgets_idr if not _is_money(b)),
            *([] if budgets_idr else [Problem("budget", "", "budgets_idr", "", ">= 1")]),
        ),
        InvalidDemandError, code="budget", message="a budget is a whole number of Rupiah, 0 or more",
    )  # fmt: skip
    fixed = int(problem.cost_idr[list(problem.must_include)].sum())
    if fixed > min(budgets_idr):
        raise InfeasibleBudgetError(
            "budget_below_must_include",
            f"candidates that must be included cost {fixed} Rp, the budget is {min(budgets_idr)} Rp",
            {"cost_idr": fixed, "budget_idr": min(budgets_idr), "count": len(problem.must_include)},
        )
    return fixed


def _is_money(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _mask(length: int, rows: Sequence[int]) -> Bools:
    mask = np.zeros(length, np.bool_)
    mask[list(rows)] = True
    return mask


def _seen(problem: SitingProblem, picks: Picks) -> Bools:
    """Mark the cells of the reduced problem that the picks see."""
    seen = np.zeros(problem.reduced.n_cells, np.bool_)
    for row in picks.rows:
        seen[problem.reduced.cells_of(row)] = True
    return seen


def _fixed_order(problem: SitingProblem) -> tuple[list[int], list[int]]:
    """Rank the candidates that must be included by gain per Rupiah, with the exact gain of each."""
    left: Ints = np.where(problem.covered, 0, problem.demand_weight)
    waiting = list(problem.must_include)
    order: list[int] = []
    gains: list[int] = []
    while waiting:
        gain = {row: sum(left[problem.cells_of(row)].tolist()) for row in waiting}
        best = max(waiting, key=lambda row: (gain[row] / int(problem.cost_idr[row]), -int(problem.pole[row])))
        order.append(best)
        gains.append(gain[best])
        left[problem.cells_of(best)] = 0
        waiting.remove(best)
    return order, gains


def _reasons(problem: SitingProblem, order: Ints, gains: Ints) -> tuple[Reason, ...]:
    unseen = ~problem.covered
    worth = np.where(unseen, problem.demand_weight, 0)
    indptr, indices = problem.rows_of_cells
    seen_weight = row_sums(worth[indices], indptr)
    reasons: list[Reason] = []
    for row, gain in zip(order.tolist(), gains.tolist(), strict=True):
        cells = problem.cells_of(row)
        code: ReasonCode = "must_include" if row in problem.must_include else "best_per_rupiah"
        reasons.append(Reason(code, int(unseen[cells].sum()), int(seen_weight[row]), gain))
        unseen[cells] = False
    return tuple(reasons)


def _notes(problem: SitingProblem, picks: Picks, money: int) -> tuple[Note, ...]:
    reduced = problem.reduced
    if reduced.n_candidates == 0:
        return (Note("nothing_left_to_see", money),)
    cheapest = int(reduced.cost_idr.min())
    if cheapest > money:
        return (Note("nothing_affordable", cheapest),)
    if picks.value == int(reduced.weight.sum()):
        return (Note("all_reachable_seen", money - picks.spend_idr),)
    return ()

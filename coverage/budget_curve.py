"""What each of several budgets buys, and what it could buy at most."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coverage.bounds import plane_at
from coverage.effort import Effort, Report
from coverage.greedy import greedy
from coverage.kernel import kernel_of
from coverage.money import Cut, Money
from coverage.optimise import Outcome, Warm, optimise
from coverage.packed_rows import Ints
from coverage.presolve import Reduced
from coverage.search import RuinRecreate
from coverage.siting_checks import checked_money
from coverage.siting_problem import SitingProblem

MOST_ANCHORS = 5
PRICING_SHARE = 0.85
LEAST_MOVES, MOVES_PER_PICK = 150, 3


@dataclass(frozen=True, eq=False)
class BudgetCurve:
    """What each budget buys, and what it could buy at most.

    Attributes
    ----------
    budget_idr : ndarray of int64, shape (b,)
        Budgets [Rp], ascending.
    value : ndarray of int64, shape (b,)
        Weight that the best choice found for each budget newly sees.
    upper_envelope : ndarray of int64, shape (b,)
        No choice within the budget sees more.
    spend_idr : ndarray of int64, shape (b,)
        What the choice costs [Rp].
    chosen : tuple of ndarray of int64, length b
        The choices.
    knee : int
        Place of the budget after which more money buys clearly less.
    """

    budget_idr: Ints
    value: Ints
    upper_envelope: Ints
    spend_idr: Ints
    chosen: tuple[Ints, ...]
    knee: int

    def at(self, budget_idr: int) -> int:
        """Tell which of the choices a budget pays for.

        Parameters
        ----------
        budget_idr : int
            Money [Rp].

        Returns
        -------
        int
            Place of the largest budget that is no larger; -1 if all are.
        """
        return int(np.searchsorted(self.budget_idr, budget_idr, side="right")) - 1


def budget_curve(
    problem: SitingProblem,
    budgets_idr: Sequence[int],
    *,
    time_limit_s: float = 5.0,
    gap_target: float = 0.01,
    seed: int = 0,
    most_moves: int | None = None,
    report: Report | None = None,
) -> BudgetCurve:
    """Tell what each of several budgets buys, in one run.

    Parameters
    ----------
    problem : SitingProblem
        Candidates, what they see and cost, what it is worth.
    budgets_idr : sequence of int
        Budgets [Rp], at least one.
    time_limit_s : float
        Stop improving after about this time [s].
    gap_target : float
        Stop improving where the gap is no larger.
    seed : int
        Start of the random numbers.
    most_moves : int, optional
        Moves of the search for the whole curve instead of a time.
    report : callable, optional
        As for :func:`coverage.siting.solve`.

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

    Notes
    -----
    A few anchors are solved for themselves; each proves a plane that holds for all budgets, and the lowest of the
    planes is the envelope. Between the anchors, the choice
    for more money is cut down and improved by a short search.
    """
    effort = Effort(time_limit_s, most_moves, gap_target, report)
    budgets = sorted(set(budgets_idr))
    moneys = checked_money(problem, budgets)
    reduced = problem.reduced
    usable = moneys[-1].thinkable(reduced)
    n_anchors = min(MOST_ANCHORS, len(budgets))
    anchors = sorted({round(place) for place in (np.linspace(0, 1, n_anchors) ** 2 * (len(budgets) - 1)).tolist()})
    outcomes: dict[int, Outcome] = {}
    for turn, place in enumerate(reversed(anchors)):
        part = _part(effort, len(anchors) - turn)
        above = outcomes[min(outcomes)] if outcomes else None
        warm = None if above is None else Warm(_cut_down(reduced, above.rows, moneys[place]), above.prices)
        outcomes[place] = optimise(reduced, moneys[place], part, seed=seed, warm=warm, usable=usable)
        effort.is_stopped = part.is_stopped
    rows = _between(reduced, moneys, outcomes, seed)
    fixed = _fixed_value(problem)
    cuts: list[Cut] = [outcome.cut for outcome in outcomes.values()]
    tops = [plane_at(reduced, money, cuts).at(money) for money in moneys]
    for place, outcome in outcomes.items():
        tops[place] = min(tops[place], outcome.bound)
    tops = np.minimum.accumulate(np.array(tops[::-1], np.int64))[::-1]
    values = np.array([reduced.value_of(own) for own in rows], np.int64)
    must = np.array(problem.must_include, np.int64)
    chosen = tuple(np.sort(np.concatenate([must, reduced.candidate[own]])) for own in rows)
    return BudgetCurve(
        budget_idr=np.array(budgets, np.int64), value=values + fixed, upper_envelope=np.maximum(tops, values) + fixed,
        spend_idr=np.array([int(problem.cost_idr[own].sum()) for own in chosen], np.int64), chosen=chosen,
        knee=knee_of(np.array(budgets, np.float64), values.astype(np.float64)),
    )  # fmt: skip


def knee_of(budgets: NDArray[np.float64], values: NDArray[np.float64]) -> int:
    """Find where more money begins to buy clearly less.

    Parameters
    ----------
    budgets, values : ndarray of float64, shape (b,)
        The curve.

    Returns
    -------
    int
        Place of the point farthest above the straight line from no money to the end of the curve.
    """
    if budgets[-1] <= 0 or values[-1] <= 0:
        return 0
    return int(np.argmax(values / values[-1] - budgets / budgets[-1]))


def _part(effort: Effort, n_left: int) -> Effort:
    """Give one anchor its part of what is left of the effort."""
    moves = None if effort.most_moves is None else effort.most_moves // MOST_ANCHORS
    part = Effort(max(effort.left_s, 0.0) / n_left, moves, effort.gap_target, effort.report, PRICING_SHARE)
    part.is_stopped = effort.is_stopped
    return part


def _fixed_value(problem: SitingProblem) -> int:
    """Count what existing cameras leave to the candidates that must be included."""
    before = problem.layers_after(problem.views).sum()
    after = problem.layers_after(problem.mandatory_views).sum()
    return int(before - after) - int(problem.penalty[list(problem.must_include)].sum())


def _cut_down(reduced: Reduced, rows: Ints, money: Money) -> Ints:
    """Keep the best of a choice per Rupiah that less money pays."""
    among = np.zeros(reduced.n_candidates, np.bool_)
    among[rows] = True
    return greedy(reduced, money, among=among).array


def _between(reduced: Reduced, moneys: list[Money], outcomes: dict[int, Outcome], seed: int) -> list[Ints]:
    """Choose for every budget, from the most money to the least: never less than for less money.

    Where nothing was solved, the choice for more money is cut down, and a short search among the promising candidates
    spends what is left.
    """
    keep = np.zeros(reduced.n_candidates, np.bool_)
    for outcome in outcomes.values():
        keep[outcome.pool] = True
        keep[outcome.rows] = True
    kernel = kernel_of(reduced, keep)
    part = kernel.problem
    search = RuinRecreate(part, moneys[-1], seed) if part.n_candidates else None
    rows: list[Ints] = [np.empty(0, np.int64)] * len(moneys)
    for place in range(len(moneys) - 1, -1, -1):
        if place in outcomes:
            rows[place] = outcomes[place].rows
        elif search is not None and moneys[place].affordable(part).any():
            search.money = moneys[place]
            start = _cut_down(part, kernel.place_of(rows[place + 1]), moneys[place])
            length = max(LEAST_MOVES, MOVES_PER_PICK * len(start))
            found = search.run(start, heat=0.0, progress=lambda moves, length=length: moves / length)
            rows[place] = np.sort(kernel.rows[found.rows])
    for place in range(1, len(rows)):
        if reduced.value_of(rows[place - 1]) > reduced.value_of(rows[place]):
            rows[place] = rows[place - 1]
    return rows

"""The order of a plan, what each of its points adds, and what to say about it; recounted from the covers alone."""

import numpy as np

from coverage.ceilings import Payment
from coverage.errors import InfeasibleBudgetError
from coverage.greedy import next_weights
from coverage.money import Money
from coverage.packed_rows import Ints
from coverage.payments import as_early_as_possible, ways_to_pay
from coverage.siting_plan import Note, Reason
from coverage.siting_problem import SitingProblem


def ranked(problem: SitingProblem, chosen: Ints) -> tuple[Ints, Ints]:
    """Rank chosen candidates by what each adds per Rupiah; those that must be included come first.

    Parameters
    ----------
    problem : SitingProblem
        Candidates, what they see and cost, what it is worth.
    chosen : ndarray of int64
        Candidates.

    Returns
    -------
    order : ndarray of int64
        Candidates.
    gains : ndarray of int64
        What each adds to those before it.
    """
    layers = problem.layers_after(problem.views)
    views = np.zeros(problem.n_cells, np.int64)
    cells = {row: problem.cells_of(row) for row in chosen.tolist()}
    gain = {row: _gain(problem, layers, views, row, seen) for row, seen in cells.items()}
    must = set(problem.must_include)
    order: list[int] = []
    gains: list[int] = []
    while gain:
        waiting = [row for row in gain if row in must] or list(gain)
        best = max(waiting, key=lambda row: (gain[row] / int(problem.cost_idr[row]), -int(problem.pole[row]), -row))
        fresh = _gain(problem, layers, views, best, cells[best])
        if fresh < gain[best]:  # gains only fall: a stale one is a bound on the true one
            gain[best] = fresh
            continue
        order.append(best)
        gains.append(gain.pop(best))
        views[cells[best]] += 1
    return np.array(order, np.int64), np.array(gains, np.int64)


def _gain(problem: SitingProblem, layers: Ints, views: Ints, row: int, cells: np.ndarray) -> int:
    return int(next_weights(layers, cells, views[cells]).sum()) - int(problem.penalty[row])


def reasons_of(problem: SitingProblem, order: Ints, gains: Ints) -> tuple[Reason, ...]:
    """Explain each candidate of a plan.

    Parameters
    ----------
    problem : SitingProblem
        Candidates, what they see and cost, what it is worth.
    order, gains : ndarray of int64
        As given by :func:`ranked`.

    Returns
    -------
    tuple of Reason
        One per candidate.
    """
    layers = problem.layers_after(problem.views)
    views = np.zeros(problem.n_cells, np.int64)
    for row in order.tolist():
        views[problem.cells_of(row)] += 1
    seen_before = problem.views > 0
    reasons: list[Reason] = []
    for row, gain in zip(order.tolist(), gains.tolist(), strict=True):
        cells = problem.cells_of(row)
        alone = int(next_weights(layers, cells, views[cells] - 1).sum()) - int(problem.penalty[row])
        reasons.append(
            Reason(
                code="must_include" if row in problem.must_include else "best_per_rupiah",
                new_cells=int((~seen_before[cells]).sum()), seen_weight=int(layers[0][cells].sum()), new_weight=gain,
                alone_weight=alone,
            )
        )  # fmt: skip
        seen_before[cells] = True
    return tuple(reasons)


def payments_of(problem: SitingProblem, order: Ints) -> tuple[Payment, ...]:
    """Say when and from which source each candidate of a plan is paid: the first ones as early as their money is there.

    Parameters
    ----------
    problem : SitingProblem
        Candidates, what they see and cost, what it is worth.
    order : ndarray of int64
        Candidates that all limits reach for, best first.

    Returns
    -------
    tuple of Payment
        One per candidate; empty if there are no ceilings.
    """
    if not problem.ceilings or not len(order):
        return ()
    purse = problem.purse
    payer, cost = purse.payer[order], problem.cost_idr[order]
    ways = ways_to_pay(payer, cost, purse.every_payers, purse.limit_idr)
    if ways is None:
        raise InfeasibleBudgetError(
            "plan_unpaid", f"no way was found to pay all {len(order)} candidates", {"count": len(order)}
        )
    years = [way.year for way in purse.ways]
    early = as_early_as_possible(payer, cost, ways, purse.every_payers, purse.limit_idr, years)
    return tuple(purse.ways[way] for way in early.tolist())


def notes_of(
    problem: SitingProblem, rows: Ints, value: int, money: Money, price_of_equity: int = 0
) -> tuple[Note, ...]:
    """Say what a person should be told about the whole plan.

    Parameters
    ----------
    problem : SitingProblem
        Candidates, what they see and cost, what it is worth.
    rows : ndarray of int64
        What was chosen of the reduced problem.
    value : int
        Weight that they newly see.
    money : Money
        What there was to spend.
    price_of_equity : int
        Weight that is given up for the floors of the districts.

    Returns
    -------
    tuple of Note
        Often empty.
    """
    reduced = problem.reduced
    equity = () if not problem.district_floor else (Note("price_of_equity", weight=price_of_equity),)
    if reduced.n_candidates == 0:
        return (Note("nothing_left_to_see", money.total_idr), *equity)
    if not money.affordable(reduced).any():
        return (Note("nothing_affordable", int(reduced.cost_idr.min())), *equity)
    if value == int(reduced.layers.sum()):
        return (Note("all_reachable_seen", money.after(reduced, rows).total_idr), *equity)
    return equity

"""Why a candidate is not in a plan, and what would have to change for it to be."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from coverage.ceilings import Payment
from coverage.greedy import next_weights
from coverage.siting_plan import SitingPlan
from coverage.siting_problem import SitingProblem

RefusalCode = Literal[
    "excluded", "class_not_allowed", "sees_nothing_new", "pole_taken", "no_money_left", "others_see_more"
]


@dataclass(frozen=True)
class Refusal:
    """Why a candidate is not in a plan.

    Attributes
    ----------
    code : {"excluded", "class_not_allowed", "sees_nothing_new", "pole_taken", "no_money_left", "others_see_more"}
        The first reason that holds.
    new_weight : int
        What it would add to the plan as it stands, less its penalty.
    below_idr : int
        At a cost up to this it would improve the plan, alone or in place of ``instead_of`` [Rp]; 0 if at none.
    instead_of : int or None
        Chosen candidate that it would then replace; None if it would come on top.
    if_excluded : tuple of int
        Chosen candidates of which it would see more than they do if one of them were excluded, dearest first.
    """

    code: RefusalCode
    new_weight: int
    below_idr: int
    instead_of: int | None
    if_excluded: tuple[int, ...]


def explain_refusal(problem: SitingProblem, plan: SitingPlan, row: int) -> Refusal:
    """Explain why a candidate is not in a plan.

    Parameters
    ----------
    problem : SitingProblem
        Candidates, what they see and cost, what it is worth.
    plan : SitingPlan
        Plan for it.
    row : int
        Candidate that the plan does not have.

    Returns
    -------
    Refusal
        Every price in it is exact: adding or exchanging at that cost was counted cell by cell.

    Raises
    ------
    ValueError
        If the plan has the candidate.
    """
    if row in plan.chosen:
        raise ValueError(f"candidate {row} is in the plan")
    layers = problem.layers_after(problem.views)
    views = np.zeros(problem.n_cells, np.int64)
    for own in plan.chosen.tolist():
        views[problem.cells_of(own)] += 1
    cells = problem.cells_of(row)
    penalty = int(problem.penalty[row])
    gain = int(next_weights(layers, cells, views[cells]).sum()) - penalty
    mates = [own for own in plan.chosen.tolist() if problem.pole[own] == problem.pole[row]]
    has_room = len(mates) < problem.pole_limit
    ways = _ways(problem, plan)
    left = _left_idr(problem, plan, row, ways)
    offers: list[tuple[int, int | None]] = [(left, None)] if has_room and gain > 0 else []
    for own in plan.chosen.tolist() if has_room else mates:
        if own in problem.must_include:
            continue
        theirs = problem.cells_of(own)
        lost = int(next_weights(layers, theirs, views[theirs] - 1).sum()) - int(problem.penalty[own])
        views[theirs] -= 1
        if int(next_weights(layers, cells, views[cells]).sum()) - penalty > lost:
            offers.append((_left_idr(problem, plan, row, ways, without=own), own))
        views[theirs] += 1
    offers.sort(key=lambda offer: (-offer[0], -1 if offer[1] is None else offer[1]))
    below, instead = offers[0] if offers else (0, None)
    code = _code(problem, row, gain=gain, has_room=has_room, left_idr=left)
    return Refusal(code, gain, max(below, 0), instead, tuple(own for _, own in offers if own is not None))


def _left_idr(
    problem: SitingProblem, plan: SitingPlan, row: int, ways: dict[int, int], without: int | None = None
) -> int:
    """Give what is left to pay a candidate with, of the total and of the limits of its best way to pay [Rp]."""
    payers, payer, cost = problem.purse.every_payers, problem.purse.payer, problem.cost_idr
    paid = [own for own in plan.order.tolist() if own != without]
    rest = list(problem.purse.limit_idr)
    for own in paid:
        for limit in payers.limits_of[payer[own]][ways[own]]:
            rest[limit] -= int(cost[own])
    return min(plan.budget_idr - int(cost[paid].sum()), int(payers.room(rest)[payer[row]]))


def _ways(problem: SitingProblem, plan: SitingPlan) -> dict[int, int]:
    """Give the way in which each candidate of a plan is paid."""
    payment = plan.payment or (Payment(0, ""),) * len(plan.order)
    return dict(zip(plan.order.tolist(), (problem.purse.ways.index(one) for one in payment), strict=True))


def _code(problem: SitingProblem, row: int, *, gain: int, has_room: bool, left_idr: int) -> RefusalCode:
    if row in problem.excluded:
        return "excluded"
    if not problem.allowed[row]:
        return "class_not_allowed"
    if gain <= 0:
        return "sees_nothing_new"
    if not has_room:
        return "pole_taken"
    return "no_money_left" if problem.cost_idr[row] > left_idr else "others_see_more"

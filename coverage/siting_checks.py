"""What can be wrong with a siting problem or its money; everything that is wrong is listed at once."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse

from coverage.errors import InfeasibleBudgetError, InvalidDemandError, Problem, raise_if_any
from coverage.money import Money
from coverage.packed_rows import Bools
from coverage.payments import ways_to_pay

if TYPE_CHECKING:
    from coverage.siting_problem import SitingProblem

#: Largest total weight; keeps every sum exact in 64 bits with room for the bound.
MOST_WEIGHT = 2**40
#: Largest cost of one candidate [Rp].
MOST_COST_IDR = 10**12
MILLION = 1_000_000
LEAST_REAL_COST_IDR = 100_000  # below this, costs are not in Rupiah and a mix-up cannot be recognised


def invalid_parts(problem: "SitingProblem") -> Iterator[Problem]:
    """Find everything about a problem that cannot be used.

    Parameters
    ----------
    problem : SitingProblem
        As it was given.

    Yields
    ------
    Problem
        By argument, then row.
    """
    wrong_shapes = [*_shape_problems(problem)]
    yield from wrong_shapes
    if wrong_shapes:
        return
    yield from _weight_problems(problem)
    yield from _number_problems("cost_idr", problem.cost_idr, 1, MOST_COST_IDR)
    yield from _optional_problems(problem)
    yield from _envelope_problems(problem)
    yield from _ceiling_problems(problem)
    yield from _row_problems(problem)


def conflicts(problem: "SitingProblem") -> Iterator[Problem]:
    """Find candidates that must be included but cannot be, in sets as small as possible.

    Parameters
    ----------
    problem : SitingProblem
        Checked already for everything else.

    Yields
    ------
    Problem
        By pole, then row.
    """
    must = problem.must_include
    poles = problem.pole[list(must)]
    for pole in np.unique(poles).tolist():
        rows = [row for row, own in zip(must, poles.tolist(), strict=True) if own == pole]
        for row in rows if len(rows) > problem.pole_limit else []:
            yield Problem("siting_two_on_one_pole", f"[{row}]", "must_include", f"{problem.pole_id[row]}", "")
    for row in must:
        if row in problem.excluded:
            yield Problem("siting_must_and_excluded", f"[{row}]", "must_include", f"{row}", "")
        elif not problem.allowed[row]:
            expected = ", ".join(problem.only_classes)
            yield Problem("siting_must_of_other_class", f"[{row}]", "must_include", f"{row}", expected)


def checked_money(problem: "SitingProblem", budgets_idr: Sequence[int]) -> list[Money]:
    """Check budgets, and give what is left of each once the candidates that must be included are paid.

    Parameters
    ----------
    problem : SitingProblem
        Candidates.
    budgets_idr : sequence of int
        Totals [Rp], at least one.

    Returns
    -------
    list of Money
        One per budget.

    Raises
    ------
    InvalidDemandError
        If there is no budget, or one is not a whole number of 0 or more.
    InfeasibleBudgetError
        If the candidates that must be included cost more than the smallest budget or than their envelope or ceilings,
        or if a budget looks as if it were meant in millions.
    """
    raise_if_any(
        (
            *(Problem("budget", "", "budget_idr", f"{b}", ">= 0, Rp") for b in budgets_idr if not _is_money(b)),
            *([] if budgets_idr else [Problem("budget", "", "budgets_idr", "", ">= 1")]),
        ),
        InvalidDemandError, code="budget", message="a budget is a whole number of Rupiah, 0 or more",
    )  # fmt: skip
    least = min(budgets_idr)
    _check_unit(problem, least)
    must = np.array(problem.must_include, np.int64)
    _check_reach(problem, must, least, "budget_below_must_include", "")
    limit, loose = _after_mandatory(problem, must)
    spent = int(problem.cost_idr[must].sum())
    return [Money(budget - spent, limit, loose) for budget in budgets_idr]


def _after_mandatory(problem: "SitingProblem", must: NDArray[np.int64]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Give what candidates that must be included leave of each limit as they are paid, and at most."""
    purse, payers = problem.purse, problem.purse.payers
    cost, payer = problem.cost_idr[must], purse.payer[must]
    always = np.asarray(
        (payers.uses | ~payers.exists[:, :, None]).all(axis=1)
    )  # limits that no way of a payer goes round
    for place, (name, amount) in enumerate(zip(purse.limit_name, purse.limit_idr, strict=True)):
        _check_reach(problem, must[always[payer, place]], amount, "envelope_below_must_include", name)
    ways = ways_to_pay(payer, cost, payers, purse.limit_idr)
    if ways is None:
        raise InfeasibleBudgetError(
            "ceilings_below_must_include", "no division among years and sources pays all that must be included",
            {"count": len(must), "cost_idr": int(cost.sum())},
        )  # fmt: skip
    amount = np.array(purse.limit_idr, np.int64)
    limit = amount - cost @ payers.uses[payer, ways]
    return tuple(limit.tolist()), tuple((amount - cost @ always[payer]).tolist())


def _check_unit(problem: "SitingProblem", budget_idr: int) -> None:
    """Recognise a budget that was meant in millions of Rupiah."""
    if not problem.n_candidates:
        return
    cheapest, median = int(problem.cost_idr.min()), float(np.median(problem.cost_idr))
    if 0 < budget_idr * 1_000 <= cheapest <= budget_idr * MILLION and median >= LEAST_REAL_COST_IDR:
        raise InfeasibleBudgetError(
            "budget_in_millions",
            f"the budget is {budget_idr} Rp, the cheapest candidate costs {cheapest} Rp; was it meant in millions?",
            {"budget_idr": budget_idr, "cheapest_idr": cheapest, "meant_idr": budget_idr * MILLION},
        )


def _check_reach(problem: "SitingProblem", rows: NDArray[np.int64], limit_idr: int, code: str, envelope: str) -> None:
    """Refuse candidates that must be included and cost too much; name the fewest that already do."""
    cost = problem.cost_idr[rows]
    if int(cost.sum()) <= limit_idr:
        return
    dearest = np.lexsort((rows, -cost))
    few = rows[dearest[: int(np.searchsorted(np.cumsum(cost[dearest]), limit_idr, side="right")) + 1]]
    problems = tuple(
        Problem("siting_must_too_dear", f"[{row}]", "must_include", f"{problem.cost_idr[row]}", f"<= {limit_idr} Rp")
        for row in sorted(few.tolist())
    )
    params: dict[str, object] = {"cost_idr": int(cost.sum()), "budget_idr": limit_idr, "count": len(rows)}
    if envelope:
        params["envelope"] = envelope
    message = f"candidates that must be included cost {cost.sum()} Rp, the budget is {limit_idr} Rp {envelope}"
    raise InfeasibleBudgetError(code, message.rstrip(), params, problems)


def _is_money(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _shape_problems(problem: "SitingProblem") -> Iterator[Problem]:
    if not issparse(problem.covers) or problem.covers.ndim != 2:  # noqa: PLR2004 - candidates x cells
        yield Problem("siting_covers", "", "covers", type(problem.covers).__name__, "csr_array, candidates x cells")
        return
    n, m = problem.covers.shape
    arrays: dict[str, tuple[object, int]] = {
        "demand_weight": (problem.demand_weight, m),
        "cost_idr": (problem.cost_idr, n),
        "pole_id": (problem.pole_id, n),
        "already_covered": (problem.already_covered, m),
        "district": (problem.district, m),
        "existing_views": (problem.existing_views, m),
        "penalty_weight": (problem.penalty_weight, n),
        "site_class": (problem.site_class, n),
        "envelopes": (None if problem.envelopes is None else problem.envelopes.name, n),
        **{f"ceilings[{i}].pays": (ceiling.pays, n) for i, ceiling in enumerate(problem.ceilings)},
        **{f"later_view_weight[{i}]": (layer, m) for i, layer in enumerate(problem.later_view_weight)},
    }
    for name, (values, length) in arrays.items():
        if values is not None and np.shape(np.asarray(values)) != (length,):
            yield Problem("siting_length", "", name, f"{np.shape(np.asarray(values))}", f"({length},)")
    if problem.already_covered is not None and np.asarray(problem.already_covered).dtype != np.bool_:
        yield Problem("siting_not_bool", "", "already_covered", f"{np.asarray(problem.already_covered).dtype}", "bool")


def _not_whole(values: NDArray[np.generic]) -> Bools:
    """Find values that are no whole number."""
    if values.dtype.kind in "iu":
        return np.zeros(len(values), np.bool_)
    if values.dtype.kind != "f":
        return np.ones(len(values), np.bool_)
    floats = values.astype(np.float64)
    return ~np.isfinite(floats) | (floats != np.floor(floats))


def _number_problems(name: str, given: object, lowest: int, highest: int) -> Iterator[Problem]:
    values = np.asarray(given)
    bad = _not_whole(values)
    if values.dtype.kind in "iuf":
        bad[~bad] = (values[~bad] < lowest) | (values[~bad] > highest)
    for row in np.flatnonzero(bad).tolist():
        yield Problem("siting_number", f"[{row}]", name, f"{values[row]}", f"{lowest} - {highest}")


def _weight_problems(problem: "SitingProblem") -> Iterator[Problem]:
    found = [*_number_problems("demand_weight", problem.demand_weight, 0, MOST_WEIGHT)]
    layers = [np.asarray(problem.demand_weight), *(np.asarray(layer) for layer in problem.later_view_weight)]
    for i, layer in enumerate(layers[1:]):
        found += _number_problems(f"later_view_weight[{i}]", layer, 0, MOST_WEIGHT)
    yield from found
    if found:
        return
    if sum(float(layer.sum(dtype=np.float64)) for layer in layers) > MOST_WEIGHT:
        yield Problem("siting_total_weight", "", "demand_weight", "", f"<= {MOST_WEIGHT}")
    for i, (before, after) in enumerate(pairwise(layers)):
        for cell in np.flatnonzero(after > before).tolist():
            expected = f"<= {before[cell]}"
            yield Problem("siting_view_rises", f"[{cell}]", f"later_view_weight[{i}]", f"{after[cell]}", expected)


def _optional_problems(problem: "SitingProblem") -> Iterator[Problem]:
    if problem.penalty_weight is not None:
        yield from _number_problems("penalty_weight", problem.penalty_weight, 0, MOST_WEIGHT)
    if problem.existing_views is not None:
        yield from _number_problems("existing_views", problem.existing_views, 0, MOST_WEIGHT)
    if problem.pole_limit < 1:
        yield Problem("siting_number", "", "pole_limit", f"{problem.pole_limit}", ">= 1")
    floor = problem.district_floor
    if floor is not None and not 0 <= floor <= 1:
        yield Problem("siting_number", "", "district_floor", f"{floor}", "0 - 1")
    if floor is not None and problem.district is None:
        yield Problem("siting_floor_without_district", "", "district", "", f"({problem.covers.shape[1]},)")


def _envelope_problems(problem: "SitingProblem") -> Iterator[Problem]:
    if problem.envelopes is None:
        return
    for name, limit in problem.envelopes.budget_idr.items():
        if not _is_money(limit):
            yield Problem("budget", "", name, f"{limit}", ">= 0, Rp")
    for row, name in enumerate(problem.envelopes.name):
        if name not in problem.envelopes.budget_idr:
            expected = ", ".join(problem.envelopes.order)
            yield Problem("siting_envelope_unknown", f"[{row}]", "envelopes", name, expected)


def _ceiling_problems(problem: "SitingProblem") -> Iterator[Problem]:
    taken: set[str] = set() if problem.envelopes is None else {*problem.envelopes.budget_idr}
    n_years = len(problem.ceilings[0].amount_idr) if problem.ceilings else 0
    for place, ceiling in enumerate(problem.ceilings):
        where = f"ceilings[{place}]"
        if ceiling.name in taken:
            yield Problem("siting_ceiling_twice", where, "ceilings", ceiling.name)
        taken.add(ceiling.name)
        if len(ceiling.amount_idr) != n_years or not n_years:
            yield Problem(
                "siting_ceiling_years", where, ceiling.name, f"{len(ceiling.amount_idr)}", f"{max(n_years, 1)}"
            )
        for amount in ceiling.amount_idr:
            if not _is_money(amount):
                yield Problem("budget", where, ceiling.name, f"{amount}", ">= 0, Rp")
        if np.asarray(ceiling.pays).dtype != np.bool_:
            yield Problem("siting_not_bool", where, ceiling.name, f"{np.asarray(ceiling.pays).dtype}", "bool")


def _row_problems(problem: "SitingProblem") -> Iterator[Problem]:
    n = problem.covers.shape[0]
    for name, rows in (("must_include", problem.must_include), ("excluded", problem.excluded)):
        for row in rows:
            if not 0 <= row < n:
                yield Problem("siting_row", f"[{row}]", name, f"{row}", f"0 - {n - 1}")

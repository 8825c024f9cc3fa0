"""Money of several years, kelurahan, agencies and sources: against enumeration of every choice and every way to pay."""

from dataclasses import replace
from itertools import chain, combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from coverage.errors import InfeasibleBudgetError, InvalidDemandError
from coverage.refusals import explain_refusal
from coverage.siting import Ceiling, Envelopes, Payment, SitingPlan, SitingProblem, budget_curve, solve


def value_of(problem, chosen) -> int:
    layers = [problem.demand_weight, *problem.later_view_weight]
    views = problem.views.copy()
    value = 0
    for row in chosen:
        cells = problem.cells_of(row)
        value += sum(
            int(layers[view][cell]) for cell, view in zip(cells, views[cells], strict=True) if view < len(layers)
        )
        views[cells] += 1
    return value


def keeps_ceilings(problem, payments: dict) -> bool:
    """Check year by year in plain Python what each ceiling has and pays."""
    for ceiling in problem.ceilings:
        left = 0
        for year, amount in enumerate(ceiling.amount_idr):
            left = amount + (left if ceiling.carries_over else 0)
            for row, payment in payments.items():
                counts = ceiling.pays[row] and ceiling.source in ("", payment.source)
                left -= int(problem.cost_idr[row]) if counts and payment.year == year else 0
            if left < 0:
                return False
    sources = {ceiling.source for ceiling in problem.ceilings} - {""}
    for row, payment in payments.items():
        if sources and not any(c.pays[row] and c.source == payment.source for c in problem.ceilings):
            return False
    if problem.envelopes is not None:
        for name, limit in problem.envelopes.budget_idr.items():
            if sum(int(problem.cost_idr[row]) for row in payments if problem.envelopes.name[row] == name) > limit:
                return False
    return True


def all_payments(problem) -> list[Payment]:
    sources = sorted({ceiling.source for ceiling in problem.ceilings} - {""}) or [""]
    return [Payment(year, source) for year, source in product(range(len(problem.ceilings[0].amount_idr)), sources)]


def is_allowed(problem, chosen, budget) -> bool:
    rows = list(chosen)
    if problem.cost_idr[rows].sum() > budget or not set(problem.must_include) <= set(rows):
        return False
    if rows and np.bincount(problem.pole[rows]).max() > problem.pole_limit:
        return False
    ways = product(all_payments(problem), repeat=len(rows))
    return any(keeps_ceilings(problem, dict(zip(rows, way, strict=True))) for way in ways)


def optimum(problem, budget) -> int | None:
    rows = range(problem.n_candidates)
    every = chain.from_iterable(combinations(rows, size) for size in range(problem.n_candidates + 1))
    return max((value_of(problem, chosen) for chosen in every if is_allowed(problem, chosen, budget)), default=None)


@st.composite
def with_ceilings(draw, *, must: bool = False):
    n, m, n_years = draw(st.integers(1, 4)), draw(st.integers(1, 6)), draw(st.integers(1, 2))
    covers = np.zeros((n, m), bool)
    for row in range(n):
        covers[row, list(draw(st.sets(st.integers(0, m - 1))))] = True

    def whole(length, low, high):
        return np.array(draw(st.lists(st.integers(low, high), min_size=length, max_size=length)))

    ceilings = tuple(
        Ceiling(
            name, tuple(draw(st.lists(st.integers(0, 25), min_size=n_years, max_size=n_years))),
            np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n))), draw(st.booleans()),
            draw(st.sampled_from(["", "APBD", "CSR"])),
        )
        for name in "KLM"[: draw(st.integers(1, 3))]
    )  # fmt: skip
    envelopes = Envelopes({"A": 20, "B": 25}, tuple(draw(st.lists(st.sampled_from("AB"), min_size=n, max_size=n))))
    first = whole(m, 0, 9)
    return SitingProblem(
        csr_array(covers), first, whole(n, 1, 20), whole(n, 0, n - 1), ceilings=ceilings,
        envelopes=envelopes if draw(st.booleans()) else None, pole_limit=draw(st.integers(1, 2)),
        later_view_weight=(np.minimum(first, whole(m, 0, 9)),) if draw(st.booleans()) else (),
        must_include=(draw(st.integers(0, n - 1)),) if must else (),
    )  # fmt: skip


def best_plan(problem, budget, **more) -> SitingPlan:
    return solve(problem, budget_idr=budget, gap_target=0, most_moves=200, **more)


@given(with_ceilings(), st.integers(0, 60))
@settings(max_examples=80, deadline=None)
def test_the_best_plan_its_payments_and_its_bound(problem, budget):
    plan = best_plan(problem, budget)
    assert keeps_ceilings(problem, dict(zip(plan.order.tolist(), plan.payment, strict=True)))
    assert plan.value == value_of(problem, plan.chosen.tolist()) == optimum(problem, budget) == plan.upper_bound
    assert SitingPlan.from_json(plan.to_json()).payment == plan.payment


@given(with_ceilings(must=True), st.integers(20, 60))
@settings(max_examples=60, deadline=None)
def test_the_bound_holds_with_mandatory_candidates_however_they_are_paid(problem, budget):
    most = optimum(problem, budget)
    if most is None:
        with pytest.raises(InfeasibleBudgetError):
            best_plan(problem, budget)
        return
    plan = best_plan(problem, budget)
    assert is_allowed(problem, plan.chosen.tolist(), budget)
    assert plan.value <= most <= plan.upper_bound


@given(with_ceilings(), st.integers(0, 60))
@settings(max_examples=30, deadline=None)
def test_the_bound_holds_without_any_time_and_along_the_curve(problem, budget):
    plan = solve(problem, budget_idr=budget, time_limit_s=0)
    assert plan.value <= optimum(problem, budget) <= plan.upper_bound
    curve = budget_curve(problem, [budget // 2, budget], gap_target=0, most_moves=100)
    assert curve.value[0] <= optimum(problem, budget // 2) <= curve.upper_envelope[0]


@given(with_ceilings(), st.integers(0, 60))
@settings(max_examples=30, deadline=None)
def test_below_the_named_price_a_refused_candidate_can_be_paid(problem, budget):
    plan = best_plan(problem, budget)
    for row in sorted(set(range(problem.n_candidates)) - set(plan.chosen.tolist())):
        refusal = explain_refusal(problem, plan, row)
        if refusal.below_idr < 1:
            continue
        cost = problem.cost_idr.copy()
        cost[row] = refusal.below_idr
        cheaper = replace(problem, cost_idr=cost)
        rows = sorted({*plan.chosen.tolist(), row} - {refusal.instead_of})
        assert is_allowed(cheaper, rows, budget)
        assert value_of(problem, rows) > plan.value


def four(*ceilings: Ceiling, **more) -> SitingProblem:
    """Four candidates that see 4, 3, 2 and 1 and cost 10 each."""
    return SitingProblem(
        csr_array(np.eye(4, dtype=bool)), np.array([4, 3, 2, 1]), np.full(4, 10), np.arange(4),
        ceilings=ceilings, **more,
    )  # fmt: skip


EVERYONE, FIRST_TWO = np.ones(4, bool), np.array([True, True, False, False])


def test_what_is_carried_over_pays_later_and_what_is_not_is_lost():
    kept = best_plan(four(Ceiling("kota", (15, 15), EVERYONE, carries_over=True)), 100)
    lost = best_plan(four(Ceiling("kota", (15, 15), EVERYONE)), 100)
    assert (kept.value, lost.value) == (4 + 3 + 2, 4 + 3)
    assert [payment.year for payment in kept.payment] == [0, 1, 1]
    assert [payment.year for payment in lost.payment] == [0, 1]


def test_a_candidate_counts_against_its_kelurahan_and_the_whole_city():
    plan = best_plan(four(Ceiling("Balongsari", (10,), FIRST_TWO), Ceiling("kota", (30,), EVERYONE)), 100)
    assert plan.chosen.tolist() == [0, 2, 3]


def test_the_source_of_funds_is_chosen():
    plan = best_plan(
        four(Ceiling("kelurahan", (10,), FIRST_TWO, source="DK"), Ceiling("dinas", (20,), EVERYONE, source="APBD")), 99
    )
    assert dict(zip(plan.order.tolist(), [payment.source for payment in plan.payment], strict=True)) in (
        {0: "DK", 1: "APBD", 2: "APBD"}, {0: "APBD", 1: "DK", 2: "APBD"},
    )  # fmt: skip


def test_years_are_dealt_out_even_where_the_dearest_first_would_not_fit():
    cost = np.array([6, 4, 4, 3, 3])  # only as 6 + 4 and 4 + 3 + 3
    everyone = np.ones(5, bool)
    problem = SitingProblem(
        csr_array(np.eye(5, dtype=bool)), np.ones(5, int), cost, np.arange(5),
        ceilings=(Ceiling("kota", (10, 10), everyone),),
    )  # fmt: skip
    plan = best_plan(problem, 20)
    assert plan.chosen.tolist() == [0, 1, 2, 3, 4]
    spent = np.bincount([payment.year for payment in plan.payment], cost[plan.order])
    assert spent.tolist() == [10, 10]


def test_a_plan_from_before_a_source_was_closed_is_a_start_all_the_same():
    open_to_all = four(Ceiling("dinas", (40,), EVERYONE, source="APBD"))
    closed = four(Ceiling("dinas", (40,), FIRST_TWO, source="APBD"))
    plan = best_plan(closed, 40, warm=best_plan(open_to_all, 40))
    assert plan.chosen.tolist() == [0, 1]


def test_the_bound_reckons_with_other_years_for_mandatory_candidates():
    problem = SitingProblem(
        csr_array(np.array([[False], [True]])), np.array([1]), np.array([1, 2]), np.arange(2), must_include=(0,),
        ceilings=(Ceiling("kota", (1, 2), np.ones(2, bool)),),
    )  # fmt: skip
    plan = best_plan(problem, 20)  # paid in the second year, the mandatory one would leave too little for the other
    assert plan.value <= 1 == plan.upper_bound
    assert plan.is_proved == (plan.value == 1)


def test_everything_carried_over_leaves_one_way_to_decide():
    problem = four(
        Ceiling("kota", (15, 15, 0), EVERYONE, carries_over=True), Ceiling("k", (9, 9, 9), FIRST_TWO, carries_over=True)
    )
    assert problem.purse.payers.n_ways == 1
    assert problem.purse.every_payers.n_ways == 3


class TestMistakes:
    def test_everything_wrong_with_ceilings_at_once(self):
        with pytest.raises(InvalidDemandError) as caught:
            four(Ceiling("A", (1, 2), EVERYONE), Ceiling("A", (1,), EVERYONE), Ceiling("B", (-1, 2), np.ones(4)))
        assert {(problem.code, problem.where) for problem in caught.value.problems} == {
            ("siting_ceiling_twice", "ceilings[1]"), ("siting_ceiling_years", "ceilings[1]"),
            ("budget", "ceilings[2]"), ("siting_not_bool", "ceilings[2]"),
        }  # fmt: skip

    def test_a_ceiling_too_small_for_what_must_be_included(self):
        with pytest.raises(InfeasibleBudgetError) as caught:
            best_plan(four(Ceiling("Balongsari", (9, 0), FIRST_TWO, carries_over=True), must_include=(1, 2)), 100)
        assert (caught.value.code, caught.value.params["envelope"]) == ("envelope_below_must_include", "Balongsari")
        assert [problem.where for problem in caught.value.problems] == ["[1]"]

    def test_no_division_among_years_pays_what_must_be_included(self):
        with pytest.raises(InfeasibleBudgetError) as caught:
            best_plan(four(Ceiling("kota", (15, 15), EVERYONE), must_include=(0, 1, 2)), 100)
        assert caught.value.code == "ceilings_below_must_include"

"""Conditions on a plan, each in the choice and in the bound: against enumeration of everything that is allowed."""

from dataclasses import replace
from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from coverage.errors import InfeasibleBudgetError, InvalidDemandError
from coverage.siting import Envelopes, SitingPlan, SitingProblem, budget_curve, solve

MILLION = 1_000_000


def value_of(problem: SitingProblem, chosen) -> int:
    """Count view by view in plain Python."""
    weights = [problem.demand_weight, *problem.later_view_weight]
    value = -sum(int(problem.penalty[row]) for row in chosen)
    for cell in range(problem.n_cells):
        before = int(problem.views[cell])
        after = before + sum(cell in problem.cells_of(row).tolist() for row in chosen)
        value += sum(int(layer[cell]) for layer in weights[before:after])
    return value


def is_allowed(problem: SitingProblem, chosen, budget: int) -> bool:
    rows = list(chosen)
    if int(problem.cost_idr[rows].sum()) > budget or not problem.allowed[rows].all():
        return False
    if rows and np.bincount(problem.pole[rows]).max() > problem.pole_limit:
        return False
    if problem.envelopes is not None:
        for name, limit in problem.envelopes.budget_idr.items():
            if sum(int(problem.cost_idr[r]) for r in rows if problem.envelopes.name[r] == name) > limit:
                return False
    return meets_floor(problem, rows)


def meets_floor(problem: SitingProblem, rows) -> bool:
    if not problem.district_floor:
        return True
    seen = problem.covered.copy()
    for row in rows:
        seen[problem.cells_of(row)] = True
    for name in np.unique(problem.district):
        weight = np.where(problem.district == name, problem.demand_weight, 0)
        if weight[seen].sum() < problem.district_floor * weight.sum() - 1e-9:
            return False
    return True


def optimum(problem: SitingProblem, budget: int) -> int | None:
    rows = range(problem.n_candidates)
    every = chain.from_iterable(combinations(rows, size) for size in range(problem.n_candidates + 1))
    return max((value_of(problem, chosen) for chosen in every if is_allowed(problem, chosen, budget)), default=None)


def best_plan(problem, budget, **more) -> SitingPlan:
    return solve(problem, budget_idr=budget, gap_target=0, most_moves=300, **more)


@st.composite
def conditioned(draw, *, floor: bool = False):
    n, m = draw(st.integers(1, 7)), draw(st.integers(1, 8))
    covers = np.zeros((n, m), bool)
    for row in range(n):
        covers[row, list(draw(st.sets(st.integers(0, m - 1))))] = True

    def whole(length, low, high):
        return np.array(draw(st.lists(st.integers(low, high), min_size=length, max_size=length)))

    first = whole(m, 0, 9)
    second = np.minimum(first, whole(m, 0, 9))
    names = tuple(draw(st.lists(st.sampled_from("AB"), min_size=n, max_size=n)))
    conditions = {
        "pole_limit": draw(st.integers(1, 2)),
        "later_view_weight": (second,) if draw(st.booleans()) else (),
        "existing_views": whole(m, 0, 2),
        "penalty_weight": whole(n, 0, 4) if draw(st.booleans()) else None,
        "envelopes": Envelopes({name: draw(st.integers(0, 40)) for name in "AB"}, names)
        if draw(st.booleans())
        else None,
        "site_class": np.array(draw(st.lists(st.sampled_from(["tiang", "simpang"]), min_size=n, max_size=n))),
        "only_classes": draw(st.sampled_from([(), ("tiang",)])),
    }
    if floor:
        conditions |= {"district": whole(m, 0, 1), "district_floor": draw(st.sampled_from([0.2, 0.5, 0.8]))}
    return SitingProblem(csr_array(covers), first, whole(n, 1, 20), whole(n, 0, n - 1), **conditions)


@given(conditioned(), st.integers(0, 70))
@settings(max_examples=150, deadline=None)
def test_the_best_plan_and_its_bound_under_all_conditions(problem, budget):
    plan = best_plan(problem, budget)
    assert is_allowed(problem, plan.chosen.tolist(), budget)
    assert plan.value == value_of(problem, plan.chosen.tolist()) == plan.marginal_gain.sum()
    assert plan.value == optimum(problem, budget) <= plan.upper_bound
    assert plan.is_proved


@given(conditioned(), st.integers(0, 70))
@settings(max_examples=60, deadline=None)
def test_the_bound_holds_without_any_time(problem, budget):
    plan = solve(problem, budget_idr=budget, time_limit_s=0)
    assert plan.value <= optimum(problem, budget) <= plan.upper_bound


@given(conditioned(floor=True), st.integers(0, 70))
@settings(max_examples=60, deadline=None)
def test_floors_of_districts(problem, budget):
    most = optimum(problem, budget)
    if most is None:
        with pytest.raises(InfeasibleBudgetError) as caught:
            best_plan(problem, budget)
        assert caught.value.code == "floor_infeasible"
        return
    plan = best_plan(problem, budget)
    assert is_allowed(problem, plan.chosen.tolist(), budget)
    assert plan.value == value_of(problem, plan.chosen.tolist()) == most <= plan.upper_bound


def two_villages(**more) -> SitingProblem:
    """Two districts, of which the north is worth more per Rupiah everywhere."""
    covers = csr_array(np.eye(8, dtype=bool))
    weight = np.array([9, 9, 9, 9, 2, 2, 2, 2])
    district = np.array(["utara"] * 4 + ["selatan"] * 4)
    return SitingProblem(covers, weight, np.full(8, 10), np.arange(8), district=district, **more)


def test_a_second_view_does_not_count_for_a_floor():
    problem = SitingProblem(
        csr_array(np.eye(2, dtype=bool)), np.array([4, 6]), np.array([10, 10]), np.arange(2),
        later_view_weight=(np.array([4, 0]),), existing_views=np.array([1, 0]), penalty_weight=np.array([0, 3]),
        district=np.array(["utara", "utara"]),
    )  # fmt: skip
    assert best_plan(problem, 10).chosen.tolist() == [0]
    assert best_plan(replace(problem, district_floor=0.5, already_covered=None), 10).chosen.tolist() == [1]


def test_the_price_of_equity_is_told():
    plan = best_plan(two_villages(district_floor=0.5), 40)
    assert plan.value == 2 * 9 + 2 * 2
    assert [(note.code, note.weight) for note in plan.notes] == [("price_of_equity", 14)]


def test_a_floor_out_of_reach_names_the_largest_that_is_not():
    with pytest.raises(InfeasibleBudgetError) as caught:
        best_plan(two_villages(district_floor=0.9), 40)
    assert caught.value.params == {"floor": 90.0, "largest": 50.0}


def test_surcharges_find_floors_where_the_solver_is_not_used():
    rng = np.random.default_rng(4)
    n, m = 900, 2_000
    start = rng.integers(0, m, n)
    indices = ((start[:, None] + np.arange(25)) % m).ravel()
    covers = csr_array((np.ones(len(indices), bool), indices, np.arange(0, len(indices) + 1, 25)), shape=(n, m))
    weight = np.where(np.arange(m) < 1_500, 9, 1)
    district = (np.arange(m) // 500).astype(np.int64)
    problem = SitingProblem(covers, weight, rng.integers(15, 60, n), np.arange(n), district=district)
    free = solve(problem, budget_idr=1_000, gap_target=0, most_moves=600)
    fair = solve(replace(problem, district_floor=0.3), budget_idr=1_000, gap_target=0, most_moves=1_200)
    assert not meets_floor(replace(problem, district_floor=0.3), free.chosen.tolist())
    assert meets_floor(replace(problem, district_floor=0.3), fair.chosen.tolist())
    assert fair.value <= fair.upper_bound <= free.upper_bound
    assert fair.gap < 0.05


def test_the_curve_keeps_envelopes_and_the_knee():
    covers = csr_array(np.eye(6, dtype=bool))
    names = tuple("AAABBB")
    problem = SitingProblem(
        covers,
        np.array([9, 8, 7, 3, 2, 1]),
        np.full(6, 10),
        np.arange(6),
        envelopes=Envelopes({"A": 20, "B": 60}, names),
    )
    curve = budget_curve(problem, range(0, 70, 10), gap_target=0, most_moves=400)
    assert curve.value.tolist() == [0, 9, 17, 20, 22, 23, 23]
    assert (curve.value <= curve.upper_envelope).all()
    assert curve.spend_idr.tolist() == [0, 10, 20, 30, 40, 50, 50]
    assert curve.budget_idr[curve.knee] == 20
    assert curve.at(25) == 2


class TestMistakes:
    def test_a_budget_in_millions(self):
        problem = replace(two_villages(), cost_idr=np.full(8, 25 * MILLION))
        with pytest.raises(InfeasibleBudgetError) as caught:
            solve(problem, budget_idr=500)
        assert caught.value.code == "budget_in_millions"
        assert caught.value.params["meant_idr"] == 500 * MILLION

    def test_the_fewest_that_are_too_dear_together(self):
        problem = replace(two_villages(must_include=(0, 1, 2, 3)), cost_idr=np.array([5, 50, 60, 5, 1, 1, 1, 1]))
        with pytest.raises(InfeasibleBudgetError) as caught:
            solve(problem, budget_idr=100)
        assert [problem.where for problem in caught.value.problems] == ["[1]", "[2]"]

    def test_an_envelope_too_small_for_what_it_must_pay(self):
        envelopes = Envelopes({"Dishub": 5, "Kominfo": 100}, ("Dishub",) + ("Kominfo",) * 7)
        with pytest.raises(InfeasibleBudgetError) as caught:
            solve(two_villages(must_include=(0,), envelopes=envelopes), budget_idr=100)
        assert (caught.value.code, caught.value.params["envelope"]) == ("envelope_below_must_include", "Dishub")

    def test_must_be_included_but_of_a_kind_that_is_not_allowed(self):
        with pytest.raises(InfeasibleBudgetError) as caught:
            two_villages(must_include=(3,), site_class=np.array(["pohon"] * 8), only_classes=("tiang",))
        assert [problem.code for problem in caught.value.problems] == ["siting_must_of_other_class"]

    def test_everything_wrong_with_conditions_at_once(self):
        with pytest.raises(InvalidDemandError) as caught:
            SitingProblem(
                csr_array(np.eye(2, dtype=bool)), np.array([1, 1]), np.array([1, 1]), np.array([0, 1]),
                pole_limit=0, district_floor=1.5, later_view_weight=(np.array([0, 2]),),
                penalty_weight=np.array([-1, 0]), envelopes=Envelopes({"A": -1}, ("A", "B")),
            )  # fmt: skip
        assert {(problem.code, problem.name) for problem in caught.value.problems} == {
            ("siting_number", "pole_limit"), ("siting_number", "district_floor"),
            ("siting_floor_without_district", "district"), ("siting_view_rises", "later_view_weight[0]"),
            ("siting_number", "penalty_weight"), ("budget", "A"), ("siting_envelope_unknown", "envelopes"),
        }  # fmt: skip

    def test_twins_on_one_pole_are_merged_and_counted(self):
        covers = csr_array(np.array([[True, False], [True, False], [False, True]]))
        problem = SitingProblem(covers, np.array([1, 1]), np.array([12, 10, 10]), np.array([0, 0, 1]))
        plan = best_plan(problem, 100)
        assert plan.chosen.tolist() == [1, 2]
        assert plan.presolve["candidates_repeated"] == 1

    def test_what_presolve_leaves_out_is_counted(self):
        covers = csr_array(np.array([[True, False, False], [False, True, False], [False, False, False]]))
        seen = np.array([False, True, False])
        problem = SitingProblem(covers, np.array([1, 1, 0]), np.full(3, 10), np.arange(3), already_covered=seen)
        plan = best_plan(problem, 100)
        assert plan.chosen.tolist() == [0]
        assert {name: count for name, count in plan.presolve.items() if count} == {
            "cells_without_weight": 1, "cells_already_seen": 1, "candidates_without_new_cells": 2,
        }  # fmt: skip

    def test_everything_seen_already(self):
        problem = replace(two_villages(), already_covered=np.ones(8, bool))
        plan = best_plan(problem, 100)
        assert (plan.value, plan.gap, [note.code for note in plan.notes]) == (0, 0.0, ["nothing_left_to_see"])


class TestText:
    @given(conditioned(), st.integers(0, 70))
    @settings(max_examples=30, deadline=None)
    def test_there_and_back(self, problem, budget):
        plan = best_plan(problem, budget)
        back = SitingPlan.from_json(plan.to_json())
        for name, value in vars(plan).items():
            if name != "memory":
                assert np.array_equal(getattr(back, name), value), name
        assert back.to_json() == plan.to_json()

    @pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 99}', '{"format": 1, "chosen": []}'])
    def test_other_text_is_refused(self, text):
        with pytest.raises(InvalidDemandError) as caught:
            SitingPlan.from_json(text)
        assert caught.value.code == "plan_format"


class TestWarm:
    @given(conditioned(), st.integers(0, 70), st.data())
    @settings(max_examples=60, deadline=None)
    def test_a_changed_problem_from_a_plan_for_the_old_one(self, problem, budget, data):
        plan = best_plan(problem, budget)
        cost = problem.cost_idr.copy()
        cost[data.draw(st.integers(0, problem.n_candidates - 1))] += 3
        gone = (data.draw(st.integers(0, problem.n_candidates - 1)),)
        changed = replace(problem, cost_idr=cost, excluded=gone)
        for old in (plan, SitingPlan.from_json(plan.to_json())):
            again = best_plan(changed, budget, warm=old)
            assert is_allowed(changed, again.chosen.tolist(), budget)
            assert again.value == optimum(changed, budget) <= again.upper_bound

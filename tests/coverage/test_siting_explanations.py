"""Refusals that can be checked by doing what they say, stability, and the second count from polygons."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from coverage.grid import Grid
from coverage.recheck import area_cells, recheck
from coverage.refusals import explain_refusal
from coverage.siting import SitingProblem, solve
from coverage.stability import stability


def problem_of(rows, weight, cost, pole, **more) -> SitingProblem:
    covers = np.zeros((len(rows), len(weight)), bool)
    for row, cells in enumerate(rows):
        covers[row, list(cells)] = True
    return SitingProblem(csr_array(covers), np.array(weight), np.array(cost), np.array(pole), **more)


def best_plan(problem, budget):
    return solve(problem, budget_idr=budget, gap_target=0, most_moves=300)


@st.composite
def problems(draw):
    n, m = draw(st.integers(2, 7)), draw(st.integers(1, 8))
    rows = draw(st.lists(st.sets(st.integers(0, m - 1)), min_size=n, max_size=n))
    weight = draw(st.lists(st.integers(0, 9), min_size=m, max_size=m))
    cost = draw(st.lists(st.integers(5, 30), min_size=n, max_size=n))
    return problem_of(rows, weight, cost, draw(st.lists(st.integers(0, n - 1), min_size=n, max_size=n)))


@given(problems(), st.integers(0, 80))
@settings(max_examples=80, deadline=None)
def test_below_the_named_price_the_plan_gets_better(problem, budget):
    plan = best_plan(problem, budget)
    for row in set(range(problem.n_candidates)) - set(plan.chosen.tolist()):
        refusal = explain_refusal(problem, plan, row)
        if refusal.below_idr >= 1:
            cost = problem.cost_idr.copy()
            cost[row] = refusal.below_idr
            assert best_plan(replace(problem, cost_idr=cost), budget).value > plan.value
            assert problem.cost_idr[row] > refusal.below_idr


def test_reasons():
    rows = [{0, 1, 2}, {0, 1}, {0}, {3}, {4}, {5, 6}]
    problem = problem_of(rows, [5] * 7, [10, 4, 4, 4, 20, 9], [0, 0, 1, 2, 3, 4], excluded=(5,))
    plan = best_plan(problem, 15)
    assert plan.chosen.tolist() == [0, 3]
    codes = [explain_refusal(problem, plan, row).code for row in (1, 2, 4, 5)]
    assert codes == ["sees_nothing_new", "sees_nothing_new", "no_money_left", "excluded"]
    dear = explain_refusal(problem, plan, 4)
    assert (dear.new_weight, dear.below_idr, dear.instead_of) == (5, 1, None)


def test_a_taken_pole_names_its_owner():
    problem = problem_of([{0, 1}, {1, 2}], [5, 5, 4], [10, 10], [0, 0])
    refusal = explain_refusal(problem, best_plan(problem, 30), 1)
    assert (refusal.code, refusal.new_weight, refusal.if_excluded) == ("pole_taken", 4, ())


def test_what_is_chosen_is_not_refused():
    problem = problem_of([{0}], [5], [10], [0])
    with pytest.raises(ValueError, match="in the plan"):
        explain_refusal(problem, best_plan(problem, 10), 0)


def test_what_is_far_better_is_robust_and_what_is_a_toss_up_is_not():
    problem = problem_of([{0}, {1}, {2}], [100, 10, 10], [10, 10, 10], [0, 1, 2])
    plan = best_plan(problem, 25)
    kinds = np.array([0, 1, 2])
    found = stability(problem, plan, kind_of_cell=kinds, n_draws=40, cost_spread=0.02)
    assert plan.order[0] == 0
    assert found.is_robust.tolist() == [True, False]
    assert found.share[0] == 1
    assert (
        stability(problem, plan, kind_of_cell=kinds, n_draws=40, cost_spread=0.02).share.tolist()
        == found.share.tolist()
    )


class TestSecondCount:
    grid = Grid(0.0, 0.0, 1.0, 4, 4)
    weight = np.arange(16)

    def count(self, claimed, covered=None):
        areas = [area_cells(area, self.grid) for area in (shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 2))]
        covered = np.zeros(16, bool) if covered is None else covered
        return recheck(areas, self.weight, covered, claimed=claimed)

    def test_each_cell_once(self):
        assert self.count(0 + 1 + 4 + 5 + 6).is_confirmed

    def test_a_wrong_value_is_found(self):
        found = self.count(17)
        assert (found.value, found.is_confirmed) == (16, False)

    def test_seen_cells_are_worth_nothing(self):
        covered = np.zeros(16, bool)
        covered[5] = True
        assert self.count(11, covered).is_confirmed

    def test_a_centre_on_the_edge_may_count_or_not(self):
        edge = [area_cells(shapely.box(0, 0, 1.5, 1), self.grid)]
        counts = [recheck(edge, self.weight + 1, np.zeros(16, bool), claimed=value) for value in (1, 3, 4)]
        assert [count.is_confirmed for count in counts] == [True, True, False]

    def test_nothing_sees_nothing(self):
        assert recheck([], self.weight, np.zeros(16, bool), claimed=0).is_confirmed

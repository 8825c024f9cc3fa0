"""What must not change a plan, or must change it in a known way: more candidates, other order, cells, units."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array, hstack, vstack

from coverage.siting import Ceiling, SitingPlan, SitingProblem, solve


@st.composite
def problems(draw, least_candidates: int = 1):
    """Small problems with two views, two per pole, existing views and penalties."""
    n, m = draw(st.integers(least_candidates, 7)), draw(st.integers(1, 9))

    def whole(length, low, high):
        return np.array(draw(st.lists(st.integers(low, high), min_size=length, max_size=length)))

    covers = np.zeros((n, m), bool)
    for row in range(n):
        covers[row, list(draw(st.sets(st.integers(0, m - 1))))] = True
    first = whole(m, 0, 9)
    return SitingProblem(
        csr_array(covers), first, whole(n, 1, 20), whole(n, 0, n - 1), pole_limit=draw(st.integers(1, 2)),
        later_view_weight=(np.minimum(first, whole(m, 0, 9)),), existing_views=whole(m, 0, 1),
        penalty_weight=whole(n, 0, 3),
        ceilings=(Ceiling("kota", (draw(st.integers(0, 40)), draw(st.integers(0, 40))), whole(n, 0, 1) > 0),),
    )  # fmt: skip


def best_plan(problem, budget) -> SitingPlan:
    """Solve to proof, the same on every machine."""
    plan = solve(problem, budget_idr=budget, gap_target=0, most_moves=200)
    assert plan.is_proved
    return plan


def with_cells(problem, covers, cells) -> SitingProblem:
    """Give a problem other cells: ``cells`` are the numbers that the new ones had."""
    return replace(
        problem, covers=csr_array(covers), demand_weight=problem.demand_weight[cells],
        later_view_weight=tuple(layer[cells] for layer in problem.later_view_weight),
        existing_views=problem.existing_views[cells], already_covered=None,
    )  # fmt: skip


@given(problems(least_candidates=2), st.integers(0, 60))
@settings(max_examples=40, deadline=None)
def test_one_more_candidate_never_lowers_the_value(problem, budget):
    fewer = replace(problem, excluded=(problem.n_candidates - 1,))
    assert best_plan(fewer, budget).value <= best_plan(problem, budget).value


@given(problems(), st.integers(0, 60), st.integers(0, 30))
@settings(max_examples=40, deadline=None)
def test_more_money_in_total_or_below_a_ceiling_never_lowers_the_value(problem, budget, more):
    value = best_plan(problem, budget).value
    ceiling = replace(problem.ceilings[0], amount_idr=(problem.ceilings[0].amount_idr[0] + more, 0))
    less = replace(problem, ceilings=(replace(ceiling, amount_idr=(problem.ceilings[0].amount_idr[0], 0)),))
    assert value <= best_plan(problem, budget + more).value
    assert best_plan(less, budget).value <= best_plan(replace(problem, ceilings=(ceiling,)), budget).value


@given(problems(), st.integers(0, 60), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_cells_changes_nothing(problem, budget, random):
    cells = list(range(problem.n_cells))
    random.shuffle(cells)
    other = with_cells(problem, problem.covers[:, cells], cells)
    one, two = best_plan(problem, budget), best_plan(other, budget)
    assert (one.value, one.upper_bound) == (two.value, two.upper_bound)


@given(problems(), st.integers(0, 60), st.data())
@settings(max_examples=40, deadline=None)
def test_splitting_a_cell_changes_nothing(problem, budget, data):
    cell = data.draw(st.integers(0, problem.n_cells - 1))
    part = data.draw(st.floats(0, 1))
    cells = [*range(problem.n_cells), cell]
    split = with_cells(problem, hstack([problem.covers, problem.covers[:, [cell]]]), cells)
    weights = []
    for layer in (split.demand_weight, *split.later_view_weight):
        shared = layer.copy()
        shared[-1] = round(part * layer[cell])
        shared[cell] -= shared[-1]
        weights.append(shared)
    if (weights[1] > weights[0]).any():  # rounding made a second view worth more than the first
        return
    split = replace(split, demand_weight=weights[0], later_view_weight=(weights[1],), already_covered=None)
    one, two = best_plan(problem, budget), best_plan(split, budget)
    assert (one.value, one.upper_bound) == (two.value, two.upper_bound)


@given(problems(), st.integers(0, 60))
@settings(max_examples=40, deadline=None)
def test_doubled_weights_double_value_and_bound(problem, budget):
    double = replace(
        problem, demand_weight=2 * problem.demand_weight, penalty_weight=2 * problem.penalty_weight,
        later_view_weight=tuple(2 * layer for layer in problem.later_view_weight), already_covered=None,
    )  # fmt: skip
    one, two = best_plan(problem, budget), best_plan(double, budget)
    assert (2 * one.value, 2 * one.upper_bound) == (two.value, two.upper_bound)


@given(problems(), st.integers(0, 60), st.integers(2, 1_000))
@settings(max_examples=40, deadline=None)
def test_another_unit_of_money_changes_nothing(problem, budget, factor):
    amounts = tuple(factor * amount for amount in problem.ceilings[0].amount_idr)
    other = replace(
        problem, cost_idr=factor * problem.cost_idr, already_covered=None,
        ceilings=(replace(problem.ceilings[0], amount_idr=amounts),),
    )  # fmt: skip
    one, two = best_plan(problem, budget), best_plan(other, factor * budget)
    assert (one.value, one.upper_bound) == (two.value, two.upper_bound)


@given(problems(), st.integers(0, 60))
@settings(max_examples=40, deadline=None)
def test_each_chosen_camera_as_an_existing_one_lowers_the_rest_by_its_gain(problem, budget):
    plan = best_plan(problem, budget)
    views = problem.existing_views.copy()
    for place, (row, gain) in enumerate(zip(plan.order.tolist(), plan.marginal_gain.tolist(), strict=True)):
        rest = replace(problem, existing_views=views.copy(), already_covered=None)
        layers = rest.layers_after(rest.views)
        cells = problem.cells_of(row)
        assert int(layers[0][cells].sum()) - int(problem.penalty[row]) == gain
        views[cells] += 1
        left = replace(problem, existing_views=views.copy(), already_covered=None)
        assert _value(left, plan.order[place + 1 :]) == _value(rest, plan.order[place:]) - gain


def _value(problem, rows) -> int:
    layers = problem.layers_after(problem.views)
    seen = np.zeros(problem.n_cells, int)
    for row in rows.tolist():
        seen[problem.cells_of(row)] += 1
    return sum(int(layer[seen > depth].sum()) for depth, layer in enumerate(layers)) - int(problem.penalty[rows].sum())


@pytest.fixture(scope="module")
def large() -> SitingProblem:
    """Make a problem of which nothing is proved: kernels, bundles and the search are at work."""
    rng = np.random.default_rng(11)
    n, m = 3_600, 9_000
    start = rng.integers(0, m, n)
    indices = (start[:, None] + np.arange(30)) % m
    covers = csr_array((np.ones(indices.size, bool), indices.ravel(), np.arange(0, indices.size + 1, 30)), (n, m))
    return SitingProblem(covers, rng.integers(0, 11, m), rng.integers(15, 121, n) * 10**6, np.arange(n) // 4)


@pytest.fixture(scope="module")
def plan(large) -> SitingPlan:
    return solved(large)


def solved(problem, budget=10**9) -> SitingPlan:
    return solve(problem, budget_idr=budget, gap_target=0, most_moves=300)


class TestLarge:
    def test_doubled_weights_double_value_and_bound(self, large, plan):
        double = solved(replace(large, demand_weight=2 * large.demand_weight))
        assert double.value == 2 * plan.value
        assert 0 <= double.upper_bound - 2 * plan.upper_bound <= 1  # the bound is rounded down once

    def test_the_order_of_candidates_changes_nothing(self, large, plan):
        place = np.random.default_rng(1).permutation(large.n_candidates)
        shuffled = SitingProblem(
            csr_array(large.covers[place]), large.demand_weight, large.cost_idr[place], large.pole_id[place]
        )
        other = solved(shuffled)
        assert np.sort(place[other.chosen]).tolist() == plan.chosen.tolist()
        assert other.upper_bound == plan.upper_bound

    def test_another_unit_of_money_changes_no_value(self, large, plan):
        other = solved(replace(large, cost_idr=1_024 * large.cost_idr), 1_024 * 10**9)
        assert (other.value, other.upper_bound) == (plan.value, plan.upper_bound)

    def test_the_bound_stays_above_whatever_was_found_with_more(self, large, plan):
        poles = np.concatenate([large.pole_id, large.pole_id.max() + 1 + np.arange(40)])
        more = SitingProblem(
            csr_array(vstack([large.covers, large.covers[:40]])), large.demand_weight,
            np.concatenate([large.cost_idr, large.cost_idr[:40]]), poles,
        )  # fmt: skip
        assert solved(more).upper_bound >= plan.value

"""Siting: closed forms, brute-force enumeration, certificates, and what must not change under re-ordering."""

from dataclasses import replace
from itertools import chain, combinations
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from coverage.errors import InfeasibleBudgetError, InvalidDemandError
from coverage.siting import SitingPlan, SitingProblem, budget_curve, solve


def problem_of(rows, weight, cost, pole=None, **more) -> SitingProblem:
    covers = np.zeros((len(rows), len(weight)), bool)
    for row, cells in enumerate(rows):
        covers[row, list(cells)] = True
    pole = np.arange(len(rows)) if pole is None else np.array(pole)
    return SitingProblem(csr_array(covers), np.array(weight), np.array(cost), pole, **more)


def value_of(problem: SitingProblem, chosen) -> int:
    seen = np.zeros(problem.n_cells, bool)
    for row in chosen:
        seen[problem.cells_of(row)] = True
    return int(problem.demand_weight[seen & ~problem.covered].sum())


def feasible_sets(problem: SitingProblem, budget: int):
    allowed = [row for row in range(problem.n_candidates) if row not in problem.excluded]
    for chosen in chain.from_iterable(combinations(allowed, size) for size in range(len(allowed) + 1)):
        poles = problem.pole[list(chosen)]
        fits = problem.cost_idr[list(chosen)].sum() <= budget and len(set(poles.tolist())) == len(poles)
        if fits and set(problem.must_include) <= set(chosen):
            yield chosen


def optimum(problem: SitingProblem, budget: int) -> int:
    return max(value_of(problem, chosen) for chosen in feasible_sets(problem, budget))


def assert_consistent(problem: SitingProblem, plan: SitingPlan) -> None:
    assert plan.value == value_of(problem, plan.chosen.tolist())
    assert plan.spend_idr == problem.cost_idr[plan.chosen].sum() <= plan.budget_idr
    assert len(set(problem.pole[plan.chosen].tolist())) == len(plan.chosen)
    assert sorted(plan.order.tolist()) == plan.chosen.tolist()
    assert plan.marginal_gain.sum() == plan.value
    assert [r.new_weight for r in plan.reason] == plan.marginal_gain.tolist()
    assert plan.upper_bound >= plan.value
    assert plan.gap == ((plan.upper_bound - plan.value) / plan.upper_bound if plan.upper_bound else 0)


@st.composite
def problems(draw, most_candidates=9):
    n = draw(st.integers(1, most_candidates))
    m = draw(st.integers(1, 14))
    rows = draw(st.lists(st.sets(st.integers(0, m - 1)), min_size=n, max_size=n))
    weight = draw(st.lists(st.integers(0, 9), min_size=m, max_size=m))
    cost = draw(st.lists(st.integers(1, 30), min_size=n, max_size=n))
    pole = draw(st.lists(st.integers(0, n - 1), min_size=n, max_size=n))
    covered = np.array(draw(st.lists(st.booleans(), min_size=m, max_size=m)))
    excluded = tuple(draw(st.sets(st.integers(0, n - 1), max_size=2)))
    return problem_of(rows, weight, cost, pole, already_covered=covered, excluded=excluded)


def best_plan(problem, *, budget_idr) -> SitingPlan:
    """Solve to proof, the same on every machine."""
    return solve(problem, budget_idr=budget_idr, gap_target=0, most_moves=400)


def random_problem(n, m, seed, per_row=40) -> SitingProblem:
    rng = np.random.default_rng(seed)
    start = rng.integers(0, m, n)
    indices = (start[:, None] + np.arange(per_row)) % m
    indices = np.where(rng.random(indices.shape) < 0.7, indices, start[:, None])
    covers = csr_array((np.ones(indices.size, bool), indices.ravel(), np.arange(0, indices.size + 1, per_row)), (n, m))
    return SitingProblem(covers, rng.integers(0, 11, m), rng.integers(15, 121, n) * 1_000_000, np.arange(n) // 4)


class TestClosedForms:
    def test_takes_the_two_best_disjoint_candidates(self):
        problem = problem_of([{0, 1}, {2}, {3, 4, 5}], [1, 1, 1, 1, 1, 1], [10, 10, 10])
        plan = solve(problem, budget_idr=20)
        assert plan.chosen.tolist() == [0, 2]
        assert plan.order.tolist() == [2, 0]
        assert (plan.value, plan.upper_bound, plan.gap) == (5, 5, 0.0)

    def test_cheap_tiny_camera_does_not_block_the_good_one(self):
        # by ratio alone the first camera (2 per Rupiah) wins and then the second cannot be paid: 2 instead of 100
        problem = problem_of([{0}, {1}], [2, 100], [1, 100])
        plan = solve(problem, budget_idr=100)
        assert plan.chosen.tolist() == [1]
        assert plan.value == 100

    def test_one_configuration_per_pole(self):
        problem = problem_of([{0, 1}, {2, 3}, {4}], [5, 5, 4, 4, 1], [10, 10, 10], pole=["A", "A", "B"])
        plan = solve(problem, budget_idr=100)
        assert plan.chosen.tolist() == [0, 2]
        assert plan.value == plan.upper_bound == 11

    def test_cells_already_seen_are_worth_nothing(self):
        problem = problem_of([{0, 1}, {2}], [9, 9, 1], [10, 10], already_covered=np.array([True, True, False]))
        plan = solve(problem, budget_idr=10)
        assert plan.chosen.tolist() == [1]
        assert plan.value == 1

    def test_must_include_comes_first_and_the_rest_is_relative_to_it(self):
        problem = problem_of([{0, 1}, {1, 2}, {3}], [5, 5, 5, 1], [10, 10, 10], must_include=(2,))
        plan = solve(problem, budget_idr=20)
        assert plan.order.tolist() == [2, 0]
        assert plan.marginal_gain.tolist() == [1, 10]
        assert [r.code for r in plan.reason] == ["must_include", "best_per_rupiah"]

    def test_reason_tells_new_and_shared_weight(self):
        plan = solve(problem_of([{0, 1, 2}, {2, 3}], [4, 4, 2, 3], [10, 10]), budget_idr=20)
        assert [(r.new_cells, r.seen_weight, r.new_weight) for r in plan.reason] == [(3, 10, 10), (1, 5, 3)]

    def test_excluded_is_never_chosen(self):
        problem = problem_of([{0, 1}, {0}], [5, 5], [10, 10], excluded=(0,))
        assert solve(problem, budget_idr=100).chosen.tolist() == [1]

    def test_nothing_affordable_names_the_cheapest(self):
        plan = solve(problem_of([{0}, {1}], [1, 1], [50, 70]), budget_idr=49)
        assert (len(plan.chosen), plan.value, plan.upper_bound, plan.gap) == (0, 0, 0, 0.0)
        assert [(note.code, note.amount_idr) for note in plan.notes] == [("nothing_affordable", 50)]

    def test_everything_seen_leaves_money(self):
        plan = solve(problem_of([{0}, {1}], [1, 1], [50, 70]), budget_idr=1000)
        assert [(note.code, note.amount_idr) for note in plan.notes] == [("all_reachable_seen", 880)]

    def test_no_weight_left(self):
        plan = solve(problem_of([{0}], [0], [50]), budget_idr=100)
        assert [note.code for note in plan.notes] == ["nothing_left_to_see"]
        assert plan.gap == 0


class TestAgainstEnumeration:
    @given(problems(), st.integers(0, 90))
    @settings(max_examples=150, deadline=None)
    def test_value_and_bound_enclose_the_optimum(self, problem, budget):
        plan = best_plan(problem, budget_idr=budget)
        assert_consistent(problem, plan)
        most = optimum(problem, budget)
        assert plan.value == most == plan.upper_bound

    @given(problems(), st.integers(0, 90), st.data())
    @settings(max_examples=60, deadline=None)
    def test_with_candidates_that_must_be_included(self, problem, budget, data):
        free = [row for row in range(problem.n_candidates) if row not in problem.excluded]
        if not free:
            return
        row = data.draw(st.sampled_from(free))
        problem = replace(problem, must_include=(row,))
        budget += int(problem.cost_idr[row])
        plan = best_plan(problem, budget_idr=budget)
        assert_consistent(problem, plan)
        assert row in plan.chosen
        assert plan.value == optimum(problem, budget) == plan.upper_bound

    @given(problems(most_candidates=7), st.lists(st.integers(0, 90), min_size=1, max_size=6))
    @settings(max_examples=60, deadline=None)
    def test_curve_lies_between_a_real_plan_and_the_envelope(self, problem, budgets):
        curve = budget_curve(problem, budgets, gap_target=0, most_moves=400)
        assert curve.budget_idr.tolist() == sorted(set(budgets))
        assert (np.diff(curve.value) >= 0).all()
        assert (np.diff(curve.upper_envelope) >= 0).all()
        for budget, value, bound in zip(curve.budget_idr, curve.value, curve.upper_envelope, strict=True):
            most = optimum(problem, int(budget))
            assert value <= best_plan(problem, budget_idr=int(budget)).value == most <= bound


class TestProperties:
    @given(problems(), st.integers(0, 60), st.integers(0, 60))
    @settings(max_examples=150, deadline=None)
    def test_more_money_never_lowers_value(self, problem, budget, more):
        assert best_plan(problem, budget_idr=budget).value <= best_plan(problem, budget_idr=budget + more).value

    @given(problems(), st.integers(0, 90), st.randoms(use_true_random=False))
    @settings(max_examples=80, deadline=None)
    def test_order_of_candidates_changes_nothing(self, problem, budget, random):
        place = list(range(problem.n_candidates))
        random.shuffle(place)
        shuffled = SitingProblem(
            csr_array(problem.covers[place]), problem.demand_weight, problem.cost_idr[place], problem.pole_id[place],
            already_covered=problem.covered, excluded=tuple(place.index(row) for row in problem.excluded),
        )  # fmt: skip
        plan, other = best_plan(problem, budget_idr=budget), best_plan(shuffled, budget_idr=budget)
        assert (plan.value, plan.spend_idr, plan.upper_bound) == (other.value, other.spend_idr, other.upper_bound)
        assert plan.marginal_gain.tolist() == other.marginal_gain.tolist()
        assert plan.fingerprint == other.fingerprint
        assert _what(problem, plan.order) == _what(shuffled, other.order)

    @given(problems(), st.integers(0, 90))
    @settings(max_examples=60, deadline=None)
    def test_doubling_the_weights_doubles_value_and_keeps_the_bound_valid(self, problem, budget):
        doubled = replace(problem, demand_weight=2 * problem.demand_weight)
        plan, other = best_plan(problem, budget_idr=budget), best_plan(doubled, budget_idr=budget)
        assert other.value == 2 * plan.value
        assert other.chosen.tolist() == plan.chosen.tolist()

    @given(problems(), st.integers(0, 90), st.integers(2, 1000))
    @settings(max_examples=60, deadline=None)
    def test_scaling_costs_and_budget_changes_no_value(self, problem, budget, factor):
        scaled = replace(problem, cost_idr=factor * problem.cost_idr)
        assert best_plan(scaled, budget_idr=factor * budget).value == best_plan(problem, budget_idr=budget).value

    def test_marking_the_first_choice_as_existing_lowers_the_rest_by_its_gain(self):
        problem = random_problem(200, 2_000, seed=3)
        budget = 500_000_000
        plan = solve(problem, budget_idr=budget)
        seen = np.zeros(problem.n_cells, bool)
        seen[problem.cells_of(int(plan.order[0]))] = True
        rest = replace(problem, already_covered=seen)
        assert value_of(rest, plan.chosen.tolist()) == plan.value - plan.marginal_gain[0]

    def test_five_runs_give_one_answer(self):
        plans = [
            solve(random_problem(400, 5_000, seed=5), budget_idr=900_000_000, most_moves=400, gap_target=0)
            for _ in range(5)
        ]
        answers = {(p.chosen.tobytes(), p.order.tobytes(), p.value, p.upper_bound, p.fingerprint) for p in plans}
        assert len(answers) == 1

    def test_gains_per_rupiah_never_rise_along_the_order(self):
        problem = random_problem(400, 5_000, seed=6)
        plan = solve(problem, budget_idr=2_000_000_000)
        ratio = plan.marginal_gain / problem.cost_idr[plan.order]
        assert (np.diff(ratio) <= 0).all()

    def test_certificate_is_useful_on_a_larger_problem(self):
        problem = random_problem(2_000, 20_000, seed=7)
        plan = solve(problem, budget_idr=3_000_000_000, most_moves=2_000, gap_target=0)
        assert_consistent(problem, plan)
        assert plan.gap < 0.01

    def test_no_time_still_gives_the_greedy_and_a_valid_bound(self):
        problem = random_problem(2_000, 20_000, seed=8)
        quick = solve(problem, budget_idr=3_000_000_000, time_limit_s=0)
        full = solve(problem, budget_idr=3_000_000_000, gap_target=0, most_moves=300)
        assert_consistent(problem, quick)
        assert quick.upper_bound >= full.upper_bound >= full.value >= quick.greedy_value

    def test_gap_target_stops_early(self):
        problem = random_problem(2_000, 20_000, seed=9)
        loose = solve(problem, budget_idr=3_000_000_000, gap_target=0.5, most_moves=300)
        tight = solve(problem, budget_idr=3_000_000_000, gap_target=0.0, most_moves=300)
        assert loose.moves == 0 < tight.moves
        assert loose.upper_bound >= tight.upper_bound

    def test_it_tells_what_it_does_and_can_be_stopped(self):
        told = []
        problem = random_problem(2_000, 20_000, seed=9)
        stop_at_the_bound = lambda *what: told.append(what) or what[0] != "bound"  # noqa: E731
        plan = solve(problem, budget_idr=3_000_000_000, gap_target=0, time_limit_s=60, report=stop_at_the_bound)
        assert [stage for stage, *_ in told] == ["greedy", "bound"]
        assert_consistent(problem, plan)

    def test_huge_costs_and_weights_keep_the_bound_valid(self):
        problem = problem_of([{0}, {1}, {0, 1}], [2**38, 2**37], [1, 10**12, 10**12])
        plan = solve(problem, budget_idr=10**12 + 1)
        assert plan.value == optimum(problem, 10**12 + 1)
        assert plan.upper_bound >= plan.value


def _what(problem, order):
    return [(str(problem.pole_id[r]), int(problem.cost_idr[r]), problem.cells_of(r).tolist()) for r in order.tolist()]


class TestRefusals:
    def test_lists_every_bad_number_at_once(self):
        with pytest.raises(InvalidDemandError) as caught:
            problem_of([{0}, {0}, {0}], [-1.0], [0, 10, float("nan")], must_include=(7,))
        found = {(p.code, p.where, p.name) for p in caught.value.problems}
        assert found == {
            ("siting_number", "[0]", "demand_weight"),
            ("siting_number", "[0]", "cost_idr"),
            ("siting_number", "[2]", "cost_idr"),
            ("siting_row", "[7]", "must_include"),
        }

    def test_costs_as_text(self):
        with pytest.raises(InvalidDemandError) as caught:
            SitingProblem(csr_array(np.ones((1, 1), bool)), np.array([1]), np.array(["Rp 25.000.000"]), np.array([0]))
        assert caught.value.problems[0].value == "Rp 25.000.000"

    def test_fractions_are_refused_and_whole_floats_taken(self):
        with pytest.raises(InvalidDemandError):
            problem_of([{0}], [0.5], [10])
        assert solve(problem_of([{0}], [2.0], [10.0]), budget_idr=10).value == 2

    def test_lengths_must_match(self):
        with pytest.raises(InvalidDemandError) as caught:
            SitingProblem(csr_array(np.ones((2, 3), bool)), np.ones(2, int), np.ones(3, int), np.ones(2, int))
        assert {p.name for p in caught.value.problems} == {"demand_weight", "cost_idr"}

    def test_dense_covers(self):
        with pytest.raises(InvalidDemandError):
            SitingProblem(np.ones((1, 1)), np.array([1]), np.array([1]), np.array([0]))

    def test_total_weight_too_large(self):
        with pytest.raises(InvalidDemandError):
            problem_of([{0}], [2**40, 1], [10])

    def test_covered_cells_must_be_bool(self):
        with pytest.raises(InvalidDemandError):
            problem_of([{0}], [1], [10], already_covered=np.array([1]))

    @pytest.mark.parametrize("budget", [-1, 1.5, True])
    def test_budget(self, budget):
        with pytest.raises(InvalidDemandError):
            solve(problem_of([{0}], [1], [10]), budget_idr=budget)

    def test_curve_without_budgets(self):
        with pytest.raises(InvalidDemandError):
            budget_curve(problem_of([{0}], [1], [10]), [])

    def test_must_include_dearer_than_the_budget(self):
        with pytest.raises(InfeasibleBudgetError) as caught:
            solve(problem_of([{0}], [1], [10], must_include=(0,)), budget_idr=9)
        assert caught.value.params == {"cost_idr": 10, "budget_idr": 9, "count": 1}

    def test_must_include_conflicts(self):
        with pytest.raises(InfeasibleBudgetError) as caught:
            problem_of([{0}, {0}, {0}], [1], [1, 1, 1], pole=[0, 0, 1], must_include=(0, 1, 2), excluded=(2,))
        assert {p.code for p in caught.value.problems} == {"siting_two_on_one_pole", "siting_must_and_excluded"}

    def test_inputs_are_not_changed_and_cannot_be(self):
        weight = np.array([1, 2])
        problem = SitingProblem(csr_array(np.eye(2, dtype=bool)), weight, np.array([5, 5]), np.array([0, 1]))
        solve(problem, budget_idr=10)
        weight[0] = 100
        assert problem.demand_weight.tolist() == [1, 2]
        with pytest.raises(ValueError, match="read-only"):
            problem.demand_weight[0] = 7


@pytest.mark.slow
def test_city_size_is_interactive():
    problem = random_problem(5_000, 200_000, seed=1, per_row=600)
    started = perf_counter()
    plan = solve(problem, budget_idr=5_000_000_000)
    assert_consistent(problem, plan)
    assert perf_counter() - started < 30

"""A plan under new conditions: the conditions hold, the money is not overspent, the bound is one."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from coverage.repaired_plan import repaired_plan
from coverage.siting import SitingProblem, solve


@st.composite
def cases(draw):
    n, m = draw(st.integers(2, 7)), draw(st.integers(1, 8))
    covers = np.array(draw(st.lists(st.lists(st.booleans(), min_size=m, max_size=m), min_size=n, max_size=n)))
    ints = [draw(st.lists(st.integers(*ends), min_size=k, max_size=k)) for ends, k in (((0, 9), m), ((5, 30), n))]
    pole = draw(st.lists(st.integers(0, n - 1), min_size=n, max_size=n))
    free = SitingProblem(csr_array(covers), np.array(ints[0]), np.array(ints[1]), np.array(pole))
    kinds = draw(st.lists(st.sampled_from(["", "", "must", "not"]), min_size=n, max_size=n))
    must: list[int] = []
    for row, kind in enumerate(kinds):
        if kind == "must" and pole[row] not in {pole[own] for own in must}:
            must.append(row)
    excluded = tuple(row for row, kind in enumerate(kinds) if kind == "not")
    return free, replace(free, must_include=tuple(must), excluded=excluded), draw(st.integers(0, 80))


@given(cases())
@settings(max_examples=120, deadline=None)
def test_conditions_hold_and_the_bound_is_never_below_the_best(case):
    free, bound_by, budget = case
    budget += int(bound_by.cost_idr[list(bound_by.must_include)].sum())
    before = solve(free, budget_idr=budget, gap_target=0, most_moves=200)
    after = repaired_plan(bound_by, before)
    best = solve(bound_by, budget_idr=budget, gap_target=0, most_moves=200)
    assert set(bound_by.must_include) <= set(after.chosen.tolist())
    assert not set(bound_by.excluded) & set(after.chosen.tolist())
    assert after.spend_idr <= budget
    assert len(set(bound_by.pole[after.chosen].tolist())) == len(after.chosen)
    seen = np.asarray(bound_by.covers[after.chosen].sum(axis=0)).ravel() > 0
    assert after.value == bound_by.demand_weight[seen].sum()
    assert after.value <= best.upper_bound
    assert best.value <= after.upper_bound


def test_what_is_allowed_stays_and_the_freed_money_is_spent():
    covers = csr_array(np.eye(5, dtype=bool))
    free = SitingProblem(covers, np.array([9, 8, 7, 6, 1]), np.full(5, 10), np.arange(5))
    before = solve(free, budget_idr=30, gap_target=0, most_moves=50)
    assert before.chosen.tolist() == [0, 1, 2]
    assert repaired_plan(replace(free, excluded=(1,)), before).chosen.tolist() == [0, 2, 3]
    forced = repaired_plan(replace(free, must_include=(4,)), before)
    assert forced.chosen.tolist() == [0, 1, 4]
    assert forced.value == 18

"""Wishes from clicks to plans: marks, rows, addresses, and the reasons that a person can check by clicking."""

import json
from dataclasses import replace

import numpy as np
import pytest

from cctv.errors import AccessError, CctvError
from cctv.geodata.lonlat import to_lonlat, to_metres
from cctv.permissions import Role
from cctv.services import maplayers, planning
from cctv.services.candidate_points import nearest_point, state_of
from cctv.services.refused_points import explained, gains_beside, makes_room, near_misses, refused_at
from cctv.services.wishes import NO_WISHES, Wishes, mark_of, marked, read_wishes, wishes_of
from coverage.siting import solve

BUDGET = 200 * 10**6
QUICK = Wishes(pool="quick")  # all candidates take longer and are made in the same way


def pole_at(found, row):
    return str(found.candidates.pole_id[row])


def plan_of(runtime, wishes=QUICK):
    return planning.sketch(runtime, BUDGET, wishes)


def test_a_point_carries_one_mark_and_the_last_one_counts(city_runtime):
    found = planning.candidate_set(city_runtime, pool="quick")
    forced, forbidden = mark_of(found, 7, "must"), mark_of(found, 7, "not")
    assert wishes_of(found, marked((), forced)) == Wishes(must_include=(7,), pool="quick")
    both = marked(marked((), forced), forbidden)
    assert both == (forbidden,)
    assert wishes_of(found, both) == Wishes(excluded=found.rows_at[pole_at(found, 7)], pool="quick")
    assert wishes_of(found, (replace(forced, pole_id="no such point"),)) == QUICK
    every = [wishes_of(found, (mark_of(found, row, "must"),)).must_include for row in range(20)]
    assert every == [(row,) for row in range(20)]


def test_an_address_gives_the_same_wishes_and_nonsense_is_refused(city_runtime):
    wishes = Wishes((3, 8), (10, 11))
    assert read_wishes(city_runtime, wishes.query()) == wishes
    assert read_wishes(city_runtime, NO_WISHES.query()) == read_wishes(city_runtime, {"wajib": ""}) == NO_WISHES
    for bad in ("x", "1,,2", "-1", "1.5", "٣", "9" * 8, ",".join(["1"] * 5_000)):
        with pytest.raises(CctvError) as caught:
            read_wishes(city_runtime, {"jangan": bad})
        assert caught.value.code == "bad_query"


def test_wishes_hold_at_once_and_their_bound_holds_for_the_refined_plan(city_runtime):
    found, free = planning.candidate_set(city_runtime, pool="quick"), plan_of(city_runtime).plan
    outside = near_misses(city_runtime, plan_of(city_runtime), QUICK, 1)[0].row
    marks = (mark_of(found, int(free.chosen[0]), "not"), mark_of(found, outside, "must"))
    wishes = wishes_of(found, marks)
    assert not planning.is_drawn(city_runtime, wishes)
    first = plan_of(city_runtime, wishes).plan
    assert set(wishes.must_include) <= set(first.chosen.tolist())
    assert not set(wishes.excluded) & set(first.chosen.tolist())
    assert first.spend_idr <= BUDGET
    refined = planning.rank(city_runtime, BUDGET, wishes=wishes).plan
    assert first.value <= refined.upper_bound
    assert refined.value <= first.upper_bound
    states = {row: state_of(found, first, wishes, pole_at(found, row)) for row in (outside, int(free.chosen[0]))}
    assert list(states.values()) == ["wajib", "jangan"]


def test_what_is_added_beside_a_plan_is_counted_cell_by_cell(city_runtime):
    problem, plan = planning.problem_of(city_runtime, QUICK), plan_of(city_runtime).plan
    gain = gains_beside(problem, plan)
    seen = problem.covered.copy()
    for row in plan.chosen.tolist():
        seen[problem.cells_of(row)] = True
    for row in range(0, problem.n_candidates, 97):
        cells = problem.cells_of(row)
        assert gain[row] == problem.demand_weight[cells][~seen[cells]].sum()


def test_near_misses_are_one_camera_of_points_that_are_free(city_runtime):
    ranking, found = plan_of(city_runtime), planning.candidate_set(city_runtime, pool="quick")
    misses = near_misses(city_runtime, ranking, QUICK, 12)
    poles = [pole_at(found, one.row) for one in misses]
    assert len(set(poles)) == 12
    assert not set(poles) & {pole_at(found, row) for row in ranking.plan.chosen.tolist()}
    worth = [one.refusal.new_weight / one.cost_idr for one in misses]
    assert worth == sorted(worth, reverse=True)
    assert refused_at(city_runtime, ranking, QUICK, "no such point") == ()
    every = refused_at(city_runtime, ranking, QUICK, poles[0])
    assert [one.row for one in every] != []
    assert [one.promise for one in every] == sorted((one.promise for one in every), reverse=True)


def test_the_nearest_point_is_the_one_that_nothing_beats(city_runtime):
    found = planning.candidate_set(city_runtime, pool="quick")
    lon, lat = 112.4365, -7.4705
    pole_id, apart_m = nearest_point(found, lon, lat)
    x_m, y_m = to_metres(lon, lat)
    every = {pole_id: np.hypot(found.candidates.x_m[rows[0]] - x_m, found.candidates.y_m[rows[0]] - y_m)
             for pole_id, rows in found.rows_at.items()}  # fmt: skip
    assert min(every.values()) == every[pole_id] == pytest.approx(apart_m)
    row = found.rows_at[pole_id][0]
    there = to_lonlat(found.candidates.x_m[row], found.candidates.y_m[row])
    assert nearest_point(found, *map(float, there)) == (pole_id, pytest.approx(0, abs=0.01))


def test_the_named_price_is_one_at_which_a_solver_sees_more(city_runtime):
    problem, ranking = planning.problem_of(city_runtime, QUICK), planning.rank(city_runtime, BUDGET, wishes=QUICK)
    one = near_misses(city_runtime, ranking, QUICK, 1)[0]
    assert 0 < one.refusal.below_idr < one.cost_idr
    cost = problem.cost_idr.copy()
    cost[one.row] = one.refusal.below_idr
    cheaper = solve(replace(problem, cost_idr=cost), budget_idr=BUDGET, most_moves=planning.MOVES, gap_target=0.0)
    assert cheaper.value > ranking.plan.value
    assert explained(problem, ranking.plan, one.row) == one


def test_the_rival_that_keeps_a_point_out_lets_it_in_when_it_is_forbidden(city_runtime):
    ranking, found = plan_of(city_runtime), planning.candidate_set(city_runtime, pool="quick")
    rows = [one.row for one in near_misses(city_runtime, ranking, QUICK, 4)]
    named = {row: makes_room(city_runtime, ranking, QUICK, row) for row in rows}
    assert any(rival is not None for rival in named.values())
    for row, rival in named.items():
        if rival is None:
            continue
        wishes = wishes_of(found, (mark_of(found, rival, "not"),))
        after = plan_of(city_runtime, wishes).plan
        assert pole_at(found, row) in {pole_at(found, own) for own in after.chosen.tolist()}


def test_the_layers_of_the_map_read_the_wishes(city_runtime, account_of):
    found, free = planning.candidate_set(city_runtime, pool="quick"), plan_of(city_runtime).plan
    wishes = wishes_of(found, (mark_of(found, int(free.order[0]), "not"),))
    planner = account_of(city_runtime, Role.PLANNER)
    query = {"anggaran": str(BUDGET), "bagian": "rencana", **wishes.query()}

    def told(asked):
        features = json.loads(maplayers.layer(city_runtime, planner, "calon", asked))["features"]
        return {row["properties"]["id"]: row["properties"] for row in features}

    assert set(told({"bagian": "semua", "calon": "quick"})) == set(found.rows_at)
    marked_ones = told(query)
    gone = marked_ones[pole_at(found, int(free.order[0]))]
    assert (gone["state"], gone["mark"]) == ("jangan", "x")
    plan = planning.shown(city_runtime, BUDGET, wishes).plan
    ranks = sorted(int(row["mark"]) for row in marked_ones.values() if row["mark"] != "x")
    assert ranks == list(range(1, len(plan.order) + 1))
    areas = json.loads(maplayers.layer(city_runtime, planner, "usulan", query))["features"]
    assert len(areas) == len(plan.order)
    with pytest.raises(CctvError):
        maplayers.layer(city_runtime, planner, "calon", {**query, "bagian": "x"})
    with pytest.raises(AccessError):
        maplayers.layer(city_runtime, account_of(city_runtime, Role.EDITOR), "calon", query)

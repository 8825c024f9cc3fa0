"""Ranking on the real city layers: money, certificate, and what simpler ways see."""

import json

import numpy as np
import pytest

from cctv.errors import AccessError
from cctv.permissions import Role
from cctv.registry.access_log import recent_access
from cctv.services import exports, new_cameras, planning, situation
from cctv.services.baselines import baselines
from cctv.services.candidate_cache import read_seen
from cctv.services.planning import HIGHEST, LOWEST, Wishes
from cctv.services.questions import ask
from coverage.errors import InfeasibleBudgetError, InvalidDemandError

MILLION = 10**6
QUICK = Wishes(pool="quick")  # all candidates take longer and are made in the same way
BUDGETS = tuple(million * MILLION for million in (20, 60, 100, 110, 150, 300, 500, 2_000))


@pytest.mark.parametrize("budget", BUDGETS)
def test_no_simpler_way_sees_more(city_runtime, budget):
    ranking = planning.rank(city_runtime, budget, wishes=QUICK)
    assert ranking.plan.spend_idr <= budget
    assert all(simple.value <= ranking.plan.value <= ranking.plan.upper_bound for simple in ranking.baselines)


def test_more_money_never_sees_less(city_runtime):
    values = [planning.rank(city_runtime, budget, wishes=QUICK).plan.value for budget in BUDGETS]
    assert values == sorted(values)
    assert planning.rank(city_runtime, 500 * MILLION, wishes=QUICK).plan.gap <= 0.02


def test_rows_explain_the_plan(city_runtime):
    ranking = planning.rank(city_runtime, 500 * MILLION, wishes=QUICK)
    rows = ranking.rows
    assert rows["rank"].tolist() == list(range(1, len(rows) + 1))
    assert rows["cost_idr"].sum() == ranking.plan.spend_idr
    assert rows["gain_weight"].sum() == ranking.plan.value
    parts = rows[[name for name in rows if name.startswith("cost_") and name != "cost_idr"]]
    assert (parts.sum(axis=1) == rows["cost_idr"]).all()
    assert len(ranking.areas) == len(rows)
    assert ranking.seen_before < ranking.seen_after
    assert ranking.area_before < ranking.area_after


def test_new_points_add_what_nobody_sees_for_certain(city_runtime):
    ranking = planning.rank(city_runtime, 500 * MILLION, wishes=QUICK)
    demand, state = situation.base(city_runtime).demand, situation.current(city_runtime).alive
    problem = planning.problem_of(city_runtime, QUICK)
    seen = np.zeros(len(demand), bool)
    for row in ranking.plan.chosen:
        seen[problem.cells_of(int(row))] = True
    added = demand.weight[seen & (state.n_certain == 0)].sum() / demand.total_weight
    assert ranking.seen_after - ranking.seen_before == pytest.approx(added)
    assert ranking.seen_after - ranking.seen_before >= ranking.plan.value / demand.total_weight
    assert ranking.demand_after.high - ranking.demand_before.high == pytest.approx(added)


def test_today_is_the_same_number_as_on_the_gaps_screen(city_runtime):
    ranking, state = planning.rank(city_runtime, 500 * MILLION, wishes=QUICK), ask(city_runtime).state
    assert ranking.demand_before == state.covered_demand_share
    assert ranking.ground_before == state.covered_area_share


def test_the_first_plan_comes_from_the_curve_and_the_refined_one_sees_no_less(city_runtime):
    for million in (LOWEST, 500, 510, HIGHEST):
        first, refined = (
            choose(city_runtime, million * MILLION, wishes=QUICK) for choose in (planning.sketch, planning.rank)
        )
        assert first.plan.spend_idr <= million * MILLION
        assert first.plan.value <= refined.plan.upper_bound
        assert refined.plan.value <= first.plan.upper_bound
        assert planning.shown(city_runtime, million * MILLION, QUICK) is refined


def test_forced_points_are_in_and_forbidden_ones_are_not(city_runtime):
    free = planning.sketch(city_runtime, 500 * MILLION, QUICK).plan
    wishes = Wishes(pool="quick", excluded=tuple(sorted(free.chosen[:3].tolist())))
    without = planning.sketch(city_runtime, 500 * MILLION, wishes).plan
    assert not set(wishes.excluded) & set(without.chosen.tolist())
    back = planning.sketch(city_runtime, 500 * MILLION, Wishes(pool="quick", must_include=wishes.excluded)).plan
    assert set(wishes.excluded) <= set(back.chosen.tolist())
    with pytest.raises(InfeasibleBudgetError):
        planning.sketch(city_runtime, 500 * MILLION, Wishes(wishes.excluded, wishes.excluded, pool="quick"))


def test_the_curve_never_falls_and_stays_below_its_bound(city_runtime):
    curve = planning.curve(city_runtime, 1_000 * MILLION, QUICK)
    assert (np.diff(curve.value) >= 0).all()
    assert (curve.value <= curve.upper_envelope).all()
    assert planning.rank(city_runtime, 1_000 * MILLION, wishes=QUICK).plan.value >= curve.value[-1]


def test_all_candidates_see_more_for_the_same_money_and_are_read_again_from_disk(city_runtime, monkeypatch):
    monkeypatch.setattr(
        new_cameras, "_seen", {}
    )  # another file's tests may have computed them for a folder of their own
    few, every = (planning.candidate_set(city_runtime, pool=pool) for pool in ("quick", "full"))
    assert len(few.candidates) < 6_000
    assert 15_000 < len(every.candidates) <= 24_000
    assert set(every.candidates.source) == {"pole", "point", "junction", "street"}
    own = every.candidates
    assert len(set(zip(own.pole_id, own.model, own.azimuth_deg.astype(str), strict=True))) == len(own)
    plans = [planning.rank(city_runtime, 500 * MILLION, wishes=wishes).plan for wishes in (QUICK, planning.NO_WISHES)]
    assert plans[1].value > plans[0].upper_bound
    file = max((city_runtime.cache_dir / "calon").iterdir(), key=lambda one: one.stat().st_size)
    again = read_seen(city_runtime.cache_dir, file.stem, every.covers.shape[1])
    assert (again.covers != every.covers).nnz == 0
    assert again.sites["pole_id"].tolist() == list(every.rows_at)
    whole = file.read_bytes()
    for damaged in (whole[:-2_000], whole[:1_000], b"", bytes(4_000)):
        file.write_bytes(damaged)
        assert read_seen(city_runtime.cache_dir, file.stem, every.covers.shape[1]) is None
    file.write_bytes(whole)
    assert read_seen(city_runtime.cache_dir, file.stem, 10) is None
    assert read_seen(city_runtime.cache_dir, "no such key", 1) is None


@pytest.mark.parametrize("budget", [-1, 1.5, "500 juta"])
def test_a_budget_that_is_no_money_is_refused(city_runtime, budget):
    with pytest.raises(InvalidDemandError):
        planning.rank(city_runtime, budget, wishes=QUICK)


def test_no_money_buys_nothing_and_says_what_the_cheapest_costs(city_runtime):
    plan = planning.rank(city_runtime, 0, wishes=QUICK).plan
    assert len(plan.chosen) == 0
    assert [note.code for note in plan.notes] == ["nothing_affordable"]
    assert plan.notes[0].amount_idr > 0


def test_baselines_are_the_same_every_time(city_runtime):
    problem = planning.problem_of(city_runtime, QUICK)
    assert baselines(problem, 200 * MILLION) == baselines(problem, 200 * MILLION)


@pytest.mark.parametrize("form", ["csv", "geojson"])
def test_files_say_what_their_numbers_are_and_who_took_them(city_runtime, account_of, form):
    ranking = planning.rank(city_runtime, 300 * MILLION, wishes=QUICK)
    planner = account_of(city_runtime, Role.PLANNER)
    write = exports.ranking_csv if form == "csv" else exports.ranking_geojson
    text = write(city_runtime, planner, ranking).decode("utf-8-sig")
    assert exports.KIND in text
    assert ranking.plan.fingerprint in text
    assert planner.username in text
    n_rows = len(text.splitlines()) - 1 if form == "csv" else len(json.loads(text)["features"])
    assert n_rows == len(ranking.rows)
    newest = recent_access(city_runtime.registry)[0]
    assert (newest.username, newest.action) == (planner.username, "unduh_usulan")


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.EDITOR])
def test_files_are_for_those_who_plan(city_runtime, account_of, role):
    ranking = planning.rank(city_runtime, 20 * MILLION, wishes=QUICK)
    n_logged = len(recent_access(city_runtime.registry))
    with pytest.raises(AccessError):
        exports.ranking_csv(city_runtime, account_of(city_runtime, role), ranking)
    assert len(recent_access(city_runtime.registry)) == n_logged

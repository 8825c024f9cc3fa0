"""Counts as weights: kept whole with their history, switched by who may, and the numbers that rest on them follow."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from cctv.errors import AccessError, ImportProblemsError, NotFoundError, StaleEditError, ValidationError
from cctv.permissions import Role
from cctv.registry import counts as count_store
from cctv.registry import history
from cctv.services import share_history, situation, weighting
from cctv.services.reporting import coverage_report
from cctv.services.weighting import Origin

ORIGIN = Origin("incident", "kecelakaan", "contoh uji", date(2026, 11, 1), "measured")
ROWS = "lon,lat,tanggal\n112.4336,-7.4722,2026-10-01\n112.4340,-7.4725,2026-10-02\n112.70,-7.30,2026-10-03\n"


@pytest.fixture
def planner(own_runtime, account_of):
    return account_of(own_runtime, Role.PLANNER)


def added(runtime, account, text=ROWS, origin=ORIGIN, **choices):
    found = weighting.preview(runtime, account, "laka.csv", text.encode(), origin)
    set_id = weighting.add(runtime, account, found, reason="uji", **choices)
    return next(one for one in count_store.list_sets(runtime.registry) if one.set_id == set_id)


def test_a_set_weighs_only_once_it_is_switched_on(own_runtime, planner):
    before = situation.current(own_runtime)
    one = added(own_runtime, planner)
    assert (one.n_points, one.n_outside, one.n_refused, one.is_on) == (3, 1, 0, False)
    after = situation.current(own_runtime)
    assert (after.base.demand.weight == before.base.demand.weight).all()
    assert after.alive.covered_demand_share == before.alive.covered_demand_share
    weighting.switch(own_runtime, planner, one, is_on=True, reason="uji")
    weighed = situation.current(own_runtime)
    factor = weighed.base.demand.weight // weighed.base.plain.weight
    assert set(np.unique(factor)) <= {1, 2, 3, 4}
    assert (weighed.base.plain.weight * factor == weighed.base.demand.weight).all()
    near = weighed.base.demand.rows_of(weighed.base.demand.grid.cell_of(np.array([[658184.0, 9173789.0]])))
    assert len(near) == 1
    assert weighed.alive.covered_area_share == before.alive.covered_area_share
    assert weighed.alive.covered_demand_share != before.alive.covered_demand_share
    assert weighed.fingerprint != before.fingerprint
    assert weighed.series != before.series
    assert any("kecelakaan" in line for line in coverage_report(own_runtime, weighed).cautions)
    assert {row.method_version for row in share_history.shares_over_time(own_runtime)} >= {
        before.series, weighed.series,
    }  # fmt: skip
    now = [row for row in weighting.effects(own_runtime, weighed) if row.is_present]
    assert [row.factors for row in now] == [("incident",)]
    weight = weighed.base.demand.weight
    assert now[0].certain == pytest.approx(weight[weighed.alive.n_certain > 0].sum() / weight.sum())
    again = next(iter(weighting.in_force(own_runtime)))
    weighting.remove(own_runtime, planner, again, "uji")
    back = situation.current(own_runtime)
    assert back.alive.covered_demand_share == before.alive.covered_demand_share
    ops = [change.op for change in history.changes(own_runtime.registry, "count_set", one.set_id)]
    assert ops == ["remove", "update", "create"]
    assert len(count_store.points_of(own_runtime.registry, one.set_id)["row_no"]) == 0


def test_one_set_of_a_factor_at_a_time(own_runtime, planner):
    first, second = added(own_runtime, planner), added(own_runtime, planner)
    weighting.switch(own_runtime, planner, first, is_on=True, reason="uji")
    weighting.switch(own_runtime, planner, second, is_on=True, reason="uji")
    assert [one.set_id for one in weighting.in_force(own_runtime)] == [second.set_id]
    with pytest.raises(StaleEditError):
        weighting.remove(own_runtime, planner, first, "uji")
    with pytest.raises(NotFoundError):
        weighting.remove(own_runtime, planner, replace(first, set_id="H-tidakada"), "uji")


def test_rows_that_cannot_be_used_are_left_out_only_by_agreement(own_runtime, planner):
    bad = ROWS + "112.43,-7.47,2027-01-01\n"
    with pytest.raises(ImportProblemsError, match="counts_refused"):
        added(own_runtime, planner, bad)
    assert count_store.list_sets(own_runtime.registry) == []
    assert added(own_runtime, planner, bad, without_refused=True).n_refused == 1


def test_a_file_of_another_town_is_refused(own_runtime, planner):
    with pytest.raises(ImportProblemsError, match="counts_none_inside"):
        added(own_runtime, planner, "lon,lat,tanggal\n112.70,-7.30,2026-10-03\n")


@pytest.mark.parametrize(
    "origin",
    [
        replace(ORIGIN, title=" "),
        replace(ORIGIN, source="s" * 201),
        replace(ORIGIN, as_of=weighting.today() + timedelta(days=1)),
    ],
)
def test_data_must_say_where_they_come_from(own_runtime, planner, origin):
    with pytest.raises(ValidationError) as caught:
        added(own_runtime, planner, origin=origin)
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR, Role.EDITOR])
def test_only_who_plans_may_weigh(own_runtime, planner, account_of, role):
    one, other = added(own_runtime, planner), account_of(own_runtime, role)
    with pytest.raises(AccessError):
        added(own_runtime, other)
    with pytest.raises(AccessError):
        weighting.switch(own_runtime, other, one, is_on=True, reason="uji")
    with pytest.raises(AccessError):
        weighting.remove(own_runtime, other, one, "uji")

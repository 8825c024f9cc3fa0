"""The state of watching on the real city layers: intervals, gaps, and what an edit changes."""

import numpy as np
import pytest
import shapely

from cctv.permissions import Role
from cctv.registry import cameras as camera_store
from cctv.services import editing, situation


def test_alive_is_never_above_designed_nor_low_above_high(city_runtime):
    state = situation.current(city_runtime)
    for alive, designed in (
        (state.alive.covered_area_share, state.designed.covered_area_share),
        (state.alive.covered_demand_share, state.designed.covered_demand_share),
        (state.alive.covered_corridor_share, state.designed.covered_corridor_share),
    ):
        assert 0 < alive.low <= alive.high <= 1
        assert alive.low <= designed.low
        assert alive.high <= designed.high


def test_no_gap_is_seen_by_a_camera_that_is_on(city_runtime):
    state = situation.current(city_runtime)
    on = shapely.union_all(state.watching.area[state.watching.is_on])
    shapely.prepare(on)
    inner = state.gaps.geometry.buffer(-1.5)  # a gap is made of cells of 2 m, counted by their centres
    overlap = shapely.area(shapely.intersection(np.array(inner[~inner.is_empty], dtype=object), on))
    assert overlap.sum() <= 0.01 * state.gaps.area.sum()


def test_gaps_are_ranked_and_named(city_runtime):
    gaps = situation.current(city_runtime).gaps
    assert gaps["gap_id"].is_unique
    assert (np.diff(gaps["weight"]) <= 0).all()
    assert gaps.is_valid.all()
    assert (gaps["name"] != "").any()


def test_asking_twice_computes_once(city_runtime):
    assert situation.current(city_runtime) is situation.current(city_runtime)
    assert situation.peek(city_runtime) is situation.current(city_runtime)


def test_a_camera_that_dies_lowers_alive_and_leaves_designed(own_runtime, account_of):
    before = situation.current(own_runtime)
    best = _camera_that_sees_most(before)
    camera = camera_store.get_camera(own_runtime.registry, best)
    editing.save_camera(
        own_runtime, account_of(own_runtime, Role.EDITOR), best, version=camera.version,
        changes={"status": "off", "status_reason": "kabel putus"}, reason="dicek di lapangan",
    )  # fmt: skip
    assert situation.peek(own_runtime) is None
    after = situation.current(own_runtime)
    assert after.fingerprint != before.fingerprint
    assert after.alive.covered_area_share.high < before.alive.covered_area_share.high
    assert after.designed.covered_area_share == pytest.approx(before.designed.covered_area_share)
    assert len(after.watching.camera_id) == len(before.watching.camera_id)


def _camera_that_sees_most(state):
    area = np.where(state.watching.is_on & state.watching.is_certain, shapely.area(state.watching.area), 0)
    return state.watching.camera_id[int(area.argmax())]

"""Kept viewsheds: the same bytes as computed ones, and only what changed is computed again."""

import logging

import dask
import distributed  # noqa: F401 - its settings are read when it is imported
import numpy as np
import pytest
import shapely

from cctv.errors import RegistryError
from cctv.registry import computed
from cctv.services.viewshed_store import ViewshedStore
from coverage.observers import Observers
from coverage.obstacles import Obstacles
from coverage.viewshed import visible_polygons

X0, Y0 = 670_000.0, 9_173_000.0


def street(roof_m: float = 9.0) -> Obstacles:
    """A house in front of each of eight cameras, a hundred metres apart; the height of the third house is given."""
    houses = [shapely.box(X0 + 100 * i + 10, Y0, X0 + 100 * i + 16, Y0 + 8) for i in range(8)]
    return Obstacles.from_arrays(houses, [roof_m if i == 2 else 9.0 for i in range(8)])


def cameras(moved_m: float = 0.0) -> Observers:
    """One camera in front of each house; the fifth can be moved."""
    x = X0 + 100 * np.arange(8) + moved_m * (np.arange(8) == 4)
    return Observers(x, np.full(8, Y0), np.full(8, 6.0), np.full(8, 90.0), np.full(8, 80.0), np.full(8, 40.0))


def kept(runtime) -> set[tuple[str, str]]:
    with runtime.registry.cursor() as cursor:
        return set(cursor.execute("select kind, key from computed").fetchall())


def seen(runtime, obstacles: Obstacles, observers: Observers):
    return ViewshedStore(runtime.registry, obstacles).polygons(observers)


def test_kept_ones_are_those_that_were_computed(own_runtime):
    for _ in range(2):
        areas = seen(own_runtime, street(), cameras())
        assert (shapely.to_wkb(areas) == shapely.to_wkb(visible_polygons(street(), cameras()))).all()
    assert len(kept(own_runtime)) == 8


def test_one_edited_camera_is_computed_again_alone(own_runtime):
    seen(own_runtime, street(), cameras())
    before = kept(own_runtime)
    areas = seen(own_runtime, street(), cameras(moved_m=1.0))
    assert len(kept(own_runtime) - before) == 1
    assert areas[4].wkb == visible_polygons(street(), cameras(moved_m=1.0))[4].wkb


def test_one_edited_building_touches_only_the_cameras_in_range(own_runtime):
    seen(own_runtime, street(), cameras())
    before = kept(own_runtime)
    areas = seen(own_runtime, street(roof_m=3.0), cameras())
    assert len(kept(own_runtime) - before) == 1
    assert areas[2].area > visible_polygons(street(), cameras())[2].area


def test_a_damaged_one_is_computed_again(own_runtime, caplog):
    seen(own_runtime, street(), cameras())
    with own_runtime.registry.transaction("uji") as cursor:
        cursor.execute("update computed set value = '\\x00\\x01'::blob where kind = 'viewshed'")
    with caplog.at_level(logging.WARNING):
        areas = seen(own_runtime, street(), cameras())
    assert "damaged" in caplog.text
    assert (shapely.to_wkb(areas) == shapely.to_wkb(visible_polygons(street(), cameras()))).all()


def test_a_full_disk_costs_time_only(own_runtime, monkeypatch, caplog):
    def full(*_):
        raise RegistryError("disk_full", "no room", {"free_mb": 0})

    monkeypatch.setattr("cctv.registry.connection.require_room", full)
    with caplog.at_level(logging.WARNING):
        areas = seen(own_runtime, street(), cameras())
    assert not shapely.is_empty(areas).any()
    assert "not kept" in caplog.text
    assert kept(own_runtime) == set()


def test_the_oldest_that_nobody_uses_go_first(own_runtime, monkeypatch):
    monkeypatch.setattr(computed, "MOST_SPARE", 2)
    for name in "abcd":
        computed.keep(own_runtime.registry, "viewshed", {name: b"x"}, ["a"])
    computed.keep(own_runtime.registry, "cells", {"e": b"x"}, [])
    assert kept(own_runtime) == {("viewshed", "a"), ("viewshed", "c"), ("viewshed", "d"), ("cells", "e")}


@pytest.mark.parametrize("n", [0, 1])
def test_no_cameras_and_one(own_runtime, n: int):
    areas = seen(own_runtime, street(), cameras().take(np.arange(n)))
    assert len(areas) == n


def many(n: int) -> Observers:
    some = cameras().take(np.arange(n) % 8)
    columns = (some.y_m + 1e-3 * np.arange(n), some.height_m, some.azimuth_deg, some.hfov_deg, some.range_m)
    return Observers(some.x_m, *columns)


@pytest.mark.parametrize("spread", [{"workers": 2}, {"scheduler": "tcp://127.0.0.1:9"}])
def test_more_than_a_thousand_are_shared_out_and_come_back_the_same(own_runtime, caplog, spread):
    observers = many(1_200)
    store = ViewshedStore(own_runtime.registry, street(), **spread)
    with caplog.at_level(logging.WARNING), dask.config.set({"distributed.comm.timeouts.connect": "1s"}):
        areas = store.polygons(observers)
    assert (shapely.to_wkb(areas) == shapely.to_wkb(visible_polygons(street(), observers))).all()
    assert ("scheduler_unreachable" in caplog.text) == ("scheduler" in spread)

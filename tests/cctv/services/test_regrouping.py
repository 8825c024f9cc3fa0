"""Cameras that are added, moved to another point, split off, merged: together or not at all, and back again."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from cctv.errors import AccessError, StaleEditError, ValidationError
from cctv.geodata.lonlat import to_metres
from cctv.permissions import Role
from cctv.registry import cameras as camera_store
from cctv.registry import points as point_store
from cctv.registry.doctor import doctor
from cctv.registry.history import changes
from cctv.services import adding, anchors, mapdata, regrouping, undoing
from cctv.services.adding import NewCamera


@pytest.fixture
def editor(own_runtime, account_of):
    return account_of(own_runtime, Role.EDITOR)


def state(runtime):
    """What stands in the register, but for the versions."""
    return {
        (item.point.point_id, replace(camera, version=0, status_since=None))
        for item in mapdata.all_points(runtime)
        for camera in item.cameras
    }


def crowded(runtime):
    return next(item for item in mapdata.all_points(runtime) if len(item.cameras) > 2 and item.is_placed)


def newest(runtime):
    return changes(runtime.registry, limit=1)[0]


def new_camera(item, **values):
    plain = NewCamera("Kamera baru", "dishub", "fixed", "on", item.point.lon, item.point.lat)
    return replace(plain, **values)


def test_a_camera_beside_a_point_joins_it_and_never_makes_a_second_one_silently(own_runtime, editor):
    item = crowded(own_runtime)
    n_points = len(point_store.list_points(own_runtime.registry))
    beside = new_camera(item, lon=item.point.lon + 0.00004)
    with pytest.raises(ValidationError) as refused:
        adding.add_camera(own_runtime, editor, beside, "dilihat")
    assert [problem.code for problem in refused.value.problems] == ["point_there"]
    added = adding.add_camera(own_runtime, editor, replace(beside, point_id=item.point.point_id), "dilihat")
    assert len(point_store.list_points(own_runtime.registry)) == n_points
    assert camera_store.get_camera(own_runtime.registry, added).point_id == item.point.point_id
    apart = adding.add_camera(own_runtime, editor, replace(beside, is_apart=True), "tiang lain di seberang")
    made = point_store.get_point(own_runtime.registry, camera_store.get_camera(own_runtime.registry, apart).point_id)
    assert (made.name, made.position_certainty, made.kelurahan) == ("Kamera baru", "B", item.point.kelurahan)
    assert doctor(own_runtime.registry) == []


def test_an_added_camera_is_taken_back_and_brought_again(own_runtime, editor):
    before = state(own_runtime)
    west = min((i for i in mapdata.all_points(own_runtime) if i.is_placed), key=lambda i: i.point.lon)
    added = adding.add_camera(own_runtime, editor, new_camera(west, lon=west.point.lon - 0.002), "dilihat")
    with_it = state(own_runtime)
    undoing.undo(own_runtime, editor, newest(own_runtime), "salah klik")
    assert state(own_runtime) == before
    assert camera_store.get_camera(own_runtime.registry, added).status == "removed"
    undoing.undo(own_runtime, editor, newest(own_runtime), "ternyata benar")
    assert state(own_runtime) == with_it


def test_only_ones_own_agency_and_never_without_a_reason(own_runtime, editor):
    item = crowded(own_runtime)
    limited = replace(editor, agency_id="polres")
    with pytest.raises(AccessError):
        adding.add_camera(own_runtime, limited, new_camera(item, point_id=item.point.point_id), "coba")
    with pytest.raises(AccessError):
        regrouping.split_point(own_runtime, limited, item, item.cameras[1:], "coba")
    for job in (
        lambda: adding.add_camera(own_runtime, editor, new_camera(item, point_id=item.point.point_id), " "),
        lambda: regrouping.move_cameras(own_runtime, editor, item.cameras, "T-001", ""),
        lambda: regrouping.merge_cameras(own_runtime, editor, *item.cameras[:2], ""),
        lambda: regrouping.merge_cameras(own_runtime, editor, item.cameras[0], item.cameras[0], "ganda"),
        lambda: regrouping.split_point(own_runtime, editor, item, item.cameras, "semua"),
        lambda: regrouping.move_cameras(own_runtime, editor, item.cameras, "T-999", "tidak ada"),
    ):
        before = state(own_runtime)
        with pytest.raises(ValidationError):
            job()
        assert state(own_runtime) == before


def test_a_point_is_split_and_made_one_again(own_runtime, editor):
    before, item = state(own_runtime), crowded(own_runtime)
    made = regrouping.split_point(own_runtime, editor, item, item.cameras[1:], "masing-masing tiang sendiri")
    stands = {i.point.point_id: i for i in mapdata.all_points(own_runtime)}
    assert [c.camera_id for c in stands[item.point.point_id].cameras] == [item.cameras[0].camera_id]
    for point_id, camera in zip(made, item.cameras[1:], strict=True):
        own = stands[point_id]
        assert [c.camera_id for c in own.cameras] == [camera.camera_id]
        assert (own.point.lon, own.point.lat, own.point.name) == (item.point.lon, item.point.lat, camera.name)
    moments = {c.changed_at for c in changes(own_runtime.registry, limit=2 * len(made))}
    assert len(moments) == 1
    back = [camera for point_id in made for camera in stands[point_id].cameras]
    regrouping.move_cameras(own_runtime, editor, back, item.point.point_id, "ternyata satu tiang")
    assert state(own_runtime) == before
    assert doctor(own_runtime.registry) == []


def test_a_split_is_taken_back_whole_or_not_at_all(own_runtime, editor, account_of):
    before, item = state(own_runtime), crowded(own_runtime)
    regrouping.split_point(own_runtime, editor, item, item.cameras[1:], "salah")
    split = newest(own_runtime)
    undoing.undo(own_runtime, editor, split, "salah titik")
    assert state(own_runtime) == before
    item = crowded(own_runtime)
    regrouping.split_point(own_runtime, editor, item, item.cameras[1:], "lagi")
    split = newest(own_runtime)
    other = camera_store.get_camera(own_runtime.registry, item.cameras[1].camera_id)
    camera_store.update_camera(own_runtime.registry, "admin", other.camera_id, other.version, {"name": "Lain"}, "papan")
    assert not undoing.can_undo(own_runtime, editor, split)


def test_merging_keeps_what_is_known_and_undo_brings_both_back(own_runtime, editor):
    registry = own_runtime.registry
    kept, twin = crowded(own_runtime).cameras[:2]
    kept = camera_store.update_camera(
        registry, "admin", kept.camera_id, kept.version,
        {"height_m": None, "azimuth_deg": None, "azimuth_source": "unknown", "stream_address": ""}, "tidak diketahui",
    )  # fmt: skip
    stream = camera_store.stream_address(registry, twin.camera_id)
    assert stream
    before = state(own_runtime)
    regrouping.merge_cameras(own_runtime, editor, kept, twin, "satu kamera, dua nama")
    now, gone = (camera_store.get_camera(registry, c.camera_id) for c in (kept, twin))
    assert (now.height_m, now.azimuth_deg, now.name) == (twin.height_m, twin.azimuth_deg, kept.name)
    assert camera_store.stream_address(registry, kept.camera_id) == stream
    assert gone.status == "removed"
    assert kept.camera_id in gone.status_reason
    assert changes(registry, "camera", twin.camera_id)[0].op == "remove"
    with pytest.raises(StaleEditError):
        regrouping.merge_cameras(own_runtime, editor, kept, twin, "lagi")
    undoing.undo(own_runtime, editor, newest(own_runtime), "bukan kamera yang sama")
    assert state(own_runtime) == before
    assert camera_store.stream_address(registry, kept.camera_id) == ""
    assert camera_store.stream_address(registry, twin.camera_id) == stream


def test_anchors_are_the_nearest_poles_and_junctions_and_no_others(city_runtime):
    lon, lat = 112.4365, -7.4705
    found = anchors.fixed_anchors(city_runtime, lon, lat)
    x_m, y_m = to_metres(lon, lat)
    poles = city_runtime.city.poles
    away = np.hypot(poles.geometry.x - x_m, poles.geometry.y - y_m)
    assert all(one.distance_m <= two.distance_m for one, two in pairwise(found))
    nearest = {a.anchor_id: a.distance_m for a in found if a.kind == "pole"}
    expected = poles["pole_id"][away <= max(nearest.values())]
    assert sorted(nearest) == sorted(expected)
    assert nearest[str(poles["pole_id"][away.idxmin()])] == pytest.approx(float(away.min()), abs=0.01)
    assert {a.is_made_up for a in found} == {True}
    junctions = city_runtime.city.public_spaces.query("space_class == 'junction'")
    middle = junctions.geometry.representative_point().to_crs(4326).iloc[0]
    assert any(
        (a.kind, a.anchor_id) == ("junction", junctions["space_id"].iloc[0]) and a.distance_m < 0.01
        for a in anchors.fixed_anchors(city_runtime, middle.x, middle.y)
    )

"""The past: the register as of any moment is what stood there then, and a person takes back their own change only."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cctv.errors import AccessError, RegistryError
from cctv.permissions import Role
from cctv.registry import cameras as camera_store
from cctv.registry import points as point_store
from cctv.registry.as_of import register_as_of
from cctv.registry.history import changes
from cctv.services import editing, mapdata, undoing


def present(runtime):
    return mapdata.all_points(runtime)


def same_but_version(camera, other):
    return replace(camera, version=0) == replace(other, version=0)


def save(runtime, account, camera_id, **values):
    version = camera_store.get_camera(runtime.registry, camera_id).version
    return editing.save_camera(runtime, account, camera_id, version=version, changes=values, reason="dicek di lapangan")


def newest(runtime, camera_id):
    return changes(runtime.registry, "camera", camera_id, limit=1)[0]


def test_the_register_as_of_now_is_the_register(own_runtime):
    past = register_as_of(own_runtime.registry, datetime.now(UTC))
    assert len(past.cameras) > 50
    assert list(past.cameras) == sorted(camera_store.list_cameras(own_runtime.registry), key=lambda c: c.camera_id)
    assert list(past.points) == sorted(point_store.list_points(own_runtime.registry), key=lambda p: p.point_id)


def test_every_earlier_state_is_found_again(own_runtime, account_of):
    editor = account_of(own_runtime, Role.EDITOR)
    first, second = present(own_runtime)[0].cameras[0], present(own_runtime)[-1].cameras[0]
    point = present(own_runtime)[0].point
    steps = [
        lambda: save(own_runtime, editor, first.camera_id, status="off", status_reason="kabel putus"),
        lambda: save(own_runtime, editor, second.camera_id, name="Nama baru", height_m=7.25),
        lambda: editing.place_point(
            own_runtime, editor, point.point_id, version=point.version, lon=112.4312345678, lat=-7.4712345678,
            reason="GPS",
        ),
        lambda: camera_store.remove_camera(own_runtime.registry, "petugas", second.camera_id, 2, "tiang roboh"),
    ]  # fmt: skip
    states = [(datetime.now(UTC), present(own_runtime))]
    for step in steps:
        step()
        states.append((changes(own_runtime.registry, limit=1)[0].changed_at, present(own_runtime)))
    for moment, state in states:
        assert mapdata.points_as_of(own_runtime, moment) == state
    assert len({str(state) for _, state in states}) == len(states)
    start = min(c.changed_at for c in changes(own_runtime.registry, limit=1_000_000))
    assert mapdata.points_as_of(own_runtime, start - timedelta(seconds=1)) == []


def test_ones_own_change_is_taken_back_with_every_value_it_had(own_runtime, account_of):
    editor = account_of(own_runtime, Role.EDITOR)
    before = next(c for i in present(own_runtime) for c in i.cameras if c.status == "on" and c.height_m)
    save(own_runtime, editor, before.camera_id, status="off", status_reason="kabel putus", height_m=None)
    undoing.undo(own_runtime, editor, newest(own_runtime, before.camera_id), "salah kamera")
    after = camera_store.get_camera(own_runtime.registry, before.camera_id)
    assert same_but_version(after, before)
    assert after.version == before.version + 2
    assert newest(own_runtime, before.camera_id).reason == "salah kamera"


def test_a_move_is_taken_back(own_runtime, account_of):
    editor = account_of(own_runtime, Role.EDITOR)
    point = next(p for p in point_store.list_points(own_runtime.registry) if p.lon is None)
    editing.place_point(
        own_runtime, editor, point.point_id, version=point.version, lon=112.43, lat=-7.47, reason="GPS"
    )  # fmt: skip
    (change, *_) = changes(own_runtime.registry, "point", point.point_id)
    undoing.undo(own_runtime, editor, change, "salah titik")
    assert same_but_version(point_store.get_point(own_runtime.registry, point.point_id), point)


def test_neither_anothers_change_nor_one_that_was_followed_is_taken_back(own_runtime, account_of):
    editor, admin = account_of(own_runtime, Role.EDITOR), account_of(own_runtime, Role.ADMIN)
    camera_id = present(own_runtime)[0].cameras[0].camera_id
    save(own_runtime, editor, camera_id, name="Satu")
    first = newest(own_runtime, camera_id)
    with pytest.raises(AccessError):
        undoing.undo(own_runtime, admin, first, "coba")
    with pytest.raises(AccessError):
        undoing.undo(own_runtime, replace(editor, role=Role.VIEWER), first, "coba")
    save(own_runtime, admin, camera_id, name="Dua")
    with pytest.raises(RegistryError, match="newest"):
        undoing.undo(own_runtime, editor, first, "coba")
    assert camera_store.get_camera(own_runtime.registry, camera_id).name == "Dua"

"""Edits: the right role, the right agency, the version that was seen; each row whole or not at all."""

from dataclasses import replace

import pytest

from cctv.errors import AccessError, CctvError, StaleEditError
from cctv.permissions import Role
from cctv.registry import cameras as camera_store
from cctv.registry import points as point_store
from cctv.registry.history import changes
from cctv.services import editing
from cctv.services.editing import TableEdit


def any_camera(runtime):
    return camera_store.list_cameras(runtime.registry)[0]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.PLANNER, Role.OPERATOR])
def test_only_field_staff_and_admins_edit(own_runtime, account_of, role):
    camera, account = any_camera(own_runtime), account_of(own_runtime, role)
    with pytest.raises(AccessError):
        editing.save_camera(
            own_runtime, account, camera.camera_id, version=camera.version, changes={"name": "X"}, reason="coba"
        )
    with pytest.raises(AccessError):
        editing.save_table(own_runtime, account, [], "coba")
    with pytest.raises(AccessError):
        editing.place_point(own_runtime, account, camera.point_id, version=1, lon=112.43, lat=-7.47, reason="coba")
    assert camera_store.get_camera(own_runtime.registry, camera.camera_id) == camera


def test_an_account_of_one_agency_edits_its_own_cameras_only(own_runtime, account_of):
    cameras = camera_store.list_cameras(own_runtime.registry)
    own = cameras[0]
    other = next(camera for camera in cameras if camera.agency_id != own.agency_id)
    editor = replace(account_of(own_runtime, Role.EDITOR), agency_id=own.agency_id)
    saved = editing.save_camera(
        own_runtime, editor, own.camera_id, version=own.version, changes={"name": "Baru"}, reason="papan diganti"
    )
    assert saved.name == "Baru"
    with pytest.raises(AccessError):
        editing.save_camera(
            own_runtime, editor, other.camera_id, version=other.version, changes={"name": "Baru"}, reason="coba"
        )


def test_rows_of_the_table_stand_each_on_their_own(own_runtime, account_of):
    first, second, third = camera_store.list_cameras(own_runtime.registry)[:3]
    result = editing.save_table(
        own_runtime,
        account_of(own_runtime, Role.EDITOR),
        [
            TableEdit(first.camera_id, first.version, {"height_m": 7.5}),
            TableEdit(second.camera_id, second.version, {"azimuth_deg": 400.0, "name": "Tidak boleh tersimpan"}),
            TableEdit(third.camera_id, third.version + 5, {"name": "Basi"}),
        ],
        "dicek di lapangan",
    )
    assert result.saved == (first.camera_id,)
    assert [camera_id for camera_id, _ in result.refused] == [second.camera_id, third.camera_id]
    assert isinstance(result.refused[1][1], StaleEditError)
    assert camera_store.get_camera(own_runtime.registry, second.camera_id) == second
    newest = changes(own_runtime.registry, "camera", first.camera_id)[0]
    assert (newest.actor, newest.reason) == (account_of(own_runtime, Role.EDITOR).username, "dicek di lapangan")
    assert newest.after["height_m"] == 7.5


def test_placing_a_point_brings_its_kelurahan_and_its_error(own_runtime, account_of):
    point = next(p for p in point_store.list_points(own_runtime.registry) if p.lon is None)
    inside = own_runtime.city.kelurahan.to_crs(4326).geometry.iloc[0].representative_point()
    placed = editing.place_point(
        own_runtime, account_of(own_runtime, Role.EDITOR), point.point_id, version=point.version,
        lon=inside.x, lat=inside.y, reason="GPS di lokasi",
    )  # fmt: skip
    assert placed.kelurahan == own_runtime.city.kelurahan["kelurahan"].iloc[0]
    assert placed.est_error_m == 10
    assert placed.position_certainty == "B"


@pytest.mark.parametrize(("lon", "lat"), [(-7.47, 112.43), (float("nan"), -7.47), (0.0, 0.0)])
def test_a_position_that_cannot_be_is_refused(own_runtime, account_of, lon, lat):
    point = point_store.list_points(own_runtime.registry)[0]
    with pytest.raises(CctvError):
        editing.place_point(
            own_runtime, account_of(own_runtime, Role.EDITOR), point.point_id, version=point.version,
            lon=lon, lat=lat, reason="coba",
        )  # fmt: skip
    assert point_store.get_point(own_runtime.registry, point.point_id) == point

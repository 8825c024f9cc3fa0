"""From the register to the picture: allowed people only, logged once a minute, nothing of the address comes out."""

import time
from dataclasses import replace

import pytest

from cctv.errors import AccessError, NotFoundError
from cctv.live.scene_file import read_scene
from cctv.permissions import Role
from cctv.registry.access_log import recent_access
from cctv.registry.cameras import get_camera, list_cameras, update_camera
from cctv.registry.models import Account
from cctv.registry.points import list_points
from cctv.services import liveview
from cctv.services.simulation import SCENE_FILE, fault_of, start_simulation

OPERATOR = Account("operator", "Operator", Role.OPERATOR, None, active=True, is_demo=True, version=1)


def _working(house):
    return next(camera for camera in list_cameras(house.registry) if camera.status == "on")


def _settled(house, account: Account, camera_id: str):
    """Ask until the camera has answered in one way or the other; nobody is made to wait for it."""
    end = time.monotonic() + 15
    answer = liveview.picture(house, account, camera_id, 320)
    while answer.reason in ("connecting", "restarting", "slow") and time.monotonic() < end:
        time.sleep(0.02)
        answer = liveview.picture(house, account, camera_id, 320)
    return answer


def test_every_camera_is_in_the_scene(house):
    scene = read_scene(house.cache_dir / SCENE_FILE)["cameras"]
    cameras = [camera for camera in list_cameras(house.registry) if camera.status != "removed"]
    assert set(scene) == {camera.camera_id for camera in cameras}
    assert all(scene[camera.camera_id]["fault"] == fault_of(camera.camera_id, camera.status) for camera in cameras)
    placed = {point.point_id: point.lon is not None for point in list_points(house.registry)}
    assert all(scene[camera.camera_id]["position_known"] == placed[camera.point_id] for camera in cameras)
    known = [camera.azimuth_deg is not None or (camera.hfov_deg or 0) >= 360 for camera in cameras]
    assert [scene[camera.camera_id]["azimuth_known"] for camera in cameras] == known
    assert start_simulation(house) is house.simulator


def test_faults_follow_the_status():
    ids = [f"K-{i:04d}" for i in range(40)]
    assert {fault_of(one, "on") for one in ids} == {""}
    assert {fault_of(one, "off") for one in ids} == {"refused", "silent", "login"}
    assert {fault_of(one, "trouble") for one in ids} == {"frozen", "garbage"}


def test_picture_is_logged_once_a_minute(house):
    camera_id = _working(house).camera_id
    end = time.monotonic() + 40
    while _settled(house, OPERATOR, camera_id).state not in ("fresh", "cached"):
        assert time.monotonic() < end  # a loaded machine draws slowly
    lines = [line for line in recent_access(house.registry, 50) if line.action == liveview.ACTION]
    assert [(line.username, line.target) for line in lines] == [("operator", camera_id)]


def test_other_agency_is_refused(house):
    stranger = replace(OPERATOR, username="tamu", agency_id="bukan-pemilik")
    with pytest.raises(AccessError) as caught:
        liveview.picture(house, stranger, _working(house).camera_id, 320)
    assert caught.value.code == "other_agency"
    assert caught.value.params["agency"]


def test_own_agency_is_allowed(house):
    camera = _working(house)
    colleague = replace(OPERATOR, username="dinas", agency_id=camera.agency_id)
    assert liveview.picture(house, colleague, camera.camera_id, 320).jpeg.startswith(b"\xff\xd8")


def test_unknown_camera(house):
    with pytest.raises(NotFoundError):
        liveview.picture(house, OPERATOR, "K-tidak-ada", 320)


def test_address_never_comes_out(house):
    camera = _working(house)
    secret = {"stream_address": "http://admin:kenari-rahasia@192.0.2.9/snap.jpg"}
    update_camera(house.registry, "admin", camera.camera_id, camera.version, secret, "uji")
    answer = _settled(house, OPERATOR, camera.camera_id)
    assert (answer.state, answer.reason) == ("never", "blocked_by_policy")
    assert "kenari" not in repr(answer)
    assert b"kenari" not in answer.jpeg


def test_dead_camera_says_since_when_the_register_knows(house):
    camera = next(one for one in list_cameras(house.registry) if one.status == "off" and one.status_since)
    answer = _settled(house, OPERATOR, camera.camera_id)
    assert answer.state == "never"
    assert answer.since == get_camera(house.registry, camera.camera_id).status_since

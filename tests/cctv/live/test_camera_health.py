"""Rounds over all cameras: what each said is counted per hour, and uptime is what was answered of what was asked."""

import asyncio
import socket
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from cctv.live import polling
from cctv.live.address import Target
from cctv.live.client import PictureClient
from cctv.permissions import Role
from cctv.registry import Registry, camera_health
from cctv.registry.camera_health import KEPT_DAYS, Poll, add_round, hours_since
from cctv.registry.cameras import list_cameras
from cctv.registry.models import Account
from cctv.services.camera_health import health, keep_asking, make_round
from cctv.services.simulation import fault_of

OPERATOR = Account("operator", "Operator", Role.OPERATOR, None, active=True, is_demo=True, version=1)
NOON = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)


@pytest.fixture
def client():
    one = PictureClient(())
    yield one
    one.close()


@pytest.fixture
def registry(tmp_path):
    opened = Registry.open(tmp_path / "r.duckdb", secret_key="k" * 40)
    yield opened
    opened.close()


def test_each_camera_says_how_it_is(simulator, client):
    expected = {"baik": "", "slow": "", "login": "", "frozen": "", "silent": "silent", "refused": "dead"}
    asked = {name: (f"{simulator.base_url}/kamera/{name}.jpg", simulator.base_url) for name in expected}
    asked["video-h264"] = (f"{simulator.video_url}/kamera/video-h264", simulator.video_url)
    asked["dilarang"] = ("http://127.0.0.1:22/", "")
    assert client.poll(asked) == {**expected, "video-h264": "", "dilarang": "blocked_by_policy"}


def test_black_holes_do_not_add_up(simulator, client):
    with socket.create_server(("127.0.0.1", 0), backlog=0) as hole:
        base = f"http://127.0.0.1:{hole.getsockname()[1]}"
        full = [socket.socket() for _ in range(4)]
        for one in full:
            one.settimeout(0)
            one.connect_ex(hole.getsockname())
        asked = {f"h{i}": (f"{base}/{i}", base) for i in range(60)}
        asked |= {f"k{i}": (f"{simulator.base_url}/kamera/baik.jpg", simulator.base_url) for i in range(60)}
        started = time.monotonic()
        found = client.poll(asked)
        assert time.monotonic() - started < 20
        for one in full:
            one.close()
    assert {found[f"k{i}"] for i in range(60)} == {""}
    assert {found[f"h{i}"] for i in range(60)} <= {"dead", "silent"}


def test_a_process_that_was_held_up_asks_again(simulator, monkeypatch):
    monkeypatch.setattr(polling, "POLL_S", 0.5)
    url = httpx.URL(f"{simulator.base_url}/kamera/baik.jpg")
    asked = []

    async def held_up():
        asked.append(1)
        monkeypatch.setattr(polling, "POLL_S", 20.0)  # the second time there is time enough
        if len(asked) == 1:
            time.sleep(0.8)  # noqa: ASYNC251 - the machine has no time for us
            await asyncio.sleep(0.1)
        return Target(url, url.netloc.decode(), url.host, None)

    assert asyncio.run(polling.poll_all({"k": held_up})) == {"k": ""}
    assert len(asked) == 2


def test_uptime_is_what_was_answered_of_what_was_asked(registry, monkeypatch):
    cameras = [camera for camera in list_cameras(registry) if camera.status == "on"]
    first, second = cameras[0].camera_id, cameras[1].camera_id
    for hours_ago, reason in ((700, "dead"), (200, ""), (100, "silent"), (3, ""), (2, "dead"), (1, "")):
        add_round(registry, [Poll(first, reason), Poll(second, "")], NOON - timedelta(hours=hours_ago))
    add_round(registry, [Poll(first, "dead")], NOON)
    add_round(registry, [Poll(first, "")], NOON + timedelta(seconds=1))
    runtime = type("Runtime", (), {"registry": registry})()
    found = health(runtime, OPERATOR, NOON + timedelta(minutes=1))
    row = found.cameras.set_index("camera_id").loc[first]
    assert (row["day"], row["week"], row["month"]) == pytest.approx((3 / 5, 3 / 6, 4 / 8))
    assert row["reason"] == ""
    assert found.cameras.set_index("camera_id").loc[second, "month"] == 1.0
    assert found.answering == 2
    assert found.cameras["month"].isna().sum() == len(found.cameras) - 2
    assert found.owners["cameras"].sum() == len(found.cameras)
    assert found.hours.query("camera_id == @first")["share"].to_list() == [1.0, 0.0, 1.0, 0.5]
    add_round(registry, [Poll(second, "dead")], NOON + timedelta(minutes=2))
    late = health(runtime, OPERATOR, NOON + timedelta(minutes=2))
    assert late.contradicted["camera_id"].to_list() == [second]
    stranger = replace(OPERATOR, agency_id="bukan-pemilik")
    assert health(runtime, stranger, NOON).cameras.empty


def test_old_hours_are_forgotten_and_a_round_is_all_or_nothing(registry):
    assert add_round(registry, [], NOON) == 0
    add_round(registry, [Poll("a", "dead"), Poll("a", "")], NOON - timedelta(days=KEPT_DAYS + 1))
    add_round(registry, [Poll("a", "")], NOON)
    frame = hours_since(registry, NOON - timedelta(days=400))
    assert frame[["camera_id", "polls", "answered"]].to_numpy().tolist() == [["a", 1, 1]]
    assert camera_health.ACTOR == "sistem"


def test_a_round_over_the_city(house):
    ending = threading.Event()
    ending.set()
    keep_asking(house, ending)
    asked = [camera for camera in list_cameras(house.registry) if camera.status != "removed" and camera.has_stream]
    found = health(house, OPERATOR)
    reasons = found.cameras.set_index("camera_id")["reason"]
    dead = {one.camera_id for one in asked if fault_of(one.camera_id, one.status) in ("refused", "silent")}
    assert {name for name, reason in reasons.items() if reason in ("dead", "silent")} == dead
    assert reasons.notna().sum() == len(asked)
    assert make_round(house) == len(asked)

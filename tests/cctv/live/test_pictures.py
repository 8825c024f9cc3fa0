"""There is always a picture; requests are shared; failing cameras are left alone; old pictures say how old they are."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from cctv.errors import SnapshotError
from cctv.live import pictures as module
from cctv.live.frames import FIRST_PAUSE_S, LONGEST_PAUSE_S
from cctv.live.jpeg import decode, encode, size_of
from cctv.live.pictures import Pictures

PICTURE = encode(np.full((90, 160, 3), (20, 160, 90), dtype=np.uint8))
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n"


class Base:
    """Stands where the running simulator does: says which loopback address is allowed."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.video_url = ""


@pytest.fixture
def source(pictures, simulator):
    return pictures(simulator)


def _age(source: Pictures, camera_id: str, seconds: float) -> None:
    """Let time pass for the picture that is kept."""
    camera = source._cameras[camera_id]
    camera.frame.taken_at -= timedelta(seconds=seconds)
    if camera.failure:
        camera.failure.retry_at = 0.0


def test_fresh_then_cached(source):
    first = source.get("baik", "simulasi:baik", width=640)
    again = source.get("baik", "simulasi:baik", width=320)
    assert (first.state, size_of(first.jpeg), first.reason) == ("fresh", (640, 360), "")
    assert (again.state, size_of(again.jpeg), again.taken_at) == ("cached", (320, 180), first.taken_at)
    _age(source, "baik", 2)
    assert source.get("baik", "simulasi:baik").taken_at > first.taken_at


def test_one_request_for_many_people(serving, pictures):
    requests, gate = [], threading.Event()

    def answer(connection, ending):
        requests.append(1)
        gate.wait(2)
        connection.sendall(HEAD % len(PICTURE) + PICTURE)

    with serving(answer) as base_url, ThreadPoolExecutor(12) as people:
        source = pictures(Base(base_url))
        asked = [people.submit(source.get, "k", "simulasi:k") for _ in range(12)]
        while not requests:
            time.sleep(0.002)
        gate.set()
        states = {one.result().state for one in asked}
    assert len(requests) == 1
    assert states <= {"fresh", "cached"}


@pytest.mark.parametrize("fault", ["refused", "garbage", "login", "silent"])
def test_never_has_a_card_and_then_answers_at_once(source, fault):
    reason = {"refused": "dead", "login": "login_refused"}.get(fault, fault)
    first = source.get(fault, f"simulasi:{fault}", name="Simpang contoh")
    started = time.monotonic()
    second = source.get(fault, f"simulasi:{fault}", name="Simpang contoh")
    assert time.monotonic() - started < 0.3
    assert (first.state, second.state, second.reason, second.since) == ("never", "never", reason, first.since)
    assert size_of(second.jpeg) == (640, 360)
    assert second.taken_at is None


def test_silence_is_not_waited_for(source):
    source._patience_s = module.PATIENCE_S
    started = time.monotonic()
    answer = source.get("silent", "simulasi:silent")
    assert time.monotonic() - started < 0.9
    assert (answer.state, answer.reason) == ("never", "connecting")


def test_known_since_goes_before_what_we_saw(source):
    known = datetime(2026, 10, 2, tzinfo=UTC)
    assert source.get("refused", "simulasi:refused", known_since=known).since == known


def test_last_picture_is_grey_and_says_its_age(serving, pictures):
    works = True

    def answer(connection, ending):
        connection.sendall(HEAD % len(PICTURE) + PICTURE if works else b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n")

    with serving(answer) as base_url:
        source = pictures(Base(base_url))
        assert source.get("k", "simulasi:k").state == "fresh"
        works = False
        _age(source, "k", 90)
        old = source.get("k", "simulasi:k")
        works = True
        assert source.get("k", "simulasi:k").state == "last_good"  # left alone for a moment
        _age(source, "k", 0)
        back = source.get("k", "simulasi:k")
    assert (old.state, old.reason, round(old.age_s)) == ("last_good", "garbage", 90)
    corner = decode(old.jpeg)[2:8, 2:8].astype(int)
    assert np.ptp(corner, axis=2).max() < 12  # no colour left
    assert (back.state, back.reason) == ("fresh", "")


def test_pauses_grow_and_end(source):
    source.get("refused", "simulasi:refused")
    camera = source._cameras["refused"]
    pauses = []
    for _ in range(8):
        pauses.append(camera.failure.retry_at - time.monotonic())
        camera.failure.retry_at = 0.0
        source.get("refused", "simulasi:refused")
    assert pauses[0] == pytest.approx(FIRST_PAUSE_S, abs=0.5)
    assert pauses[-1] == pytest.approx(LONGEST_PAUSE_S, abs=0.5)


def test_refused_login_waits_for_another_address(source):
    assert source.get("k", "simulasi:login").reason == "login_refused"
    source._cameras["k"].failure.retry_at = 0.0
    assert source._cameras["k"].failure.is_open
    assert source.get("k", "simulasi:baik").state == "fresh"


def test_slow_camera_does_not_hold_up_who_has_a_picture(source):
    assert source.get("slow", "simulasi:slow").state == "fresh"
    _age(source, "slow", 2)
    source._patience_s = module.PATIENCE_S
    started = time.monotonic()
    answer = source.get("slow", "simulasi:slow")
    assert time.monotonic() - started < 0.9
    assert (answer.state, answer.reason) == ("cached", "")


def test_no_address_and_no_simulator(pictures):
    source = pictures()
    assert source.get("k", "").reason == "no_address"
    assert source.get("s", "simulasi:s").reason == "dead"
    assert source.get("f", "file:///etc/passwd").reason == "blocked_by_policy"


def test_odd_ids_stay_inside_the_simulator(source):
    assert source.get("k", "simulasi:../../etc/passwd").reason == "no_such_picture"


@pytest.mark.parametrize("width", [0, -1, 79, 5000])
def test_odd_widths_are_refused(source, width):
    with pytest.raises(SnapshotError, match="picture_width"):
        source.get("baik", "simulasi:baik", width=width)


def test_memory_is_bounded(source, monkeypatch):
    monkeypatch.setattr(module, "MOST_CAMERAS", 3)
    for i in range(10):
        source.get(f"k{i}", "")
    assert list(source._cameras) == ["k7", "k8", "k9"]

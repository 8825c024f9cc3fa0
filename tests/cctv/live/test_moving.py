"""Moving pictures: one connection however many watch, none once nobody does, and the truth when the frames stop."""

import os
import signal
import threading
import time
from dataclasses import replace
from itertools import cycle

import numpy as np
import pytest

from cctv.errors import AccessError, SnapshotError
from cctv.live import client as client_module
from cctv.live import moving as module
from cctv.live.client import PictureClient
from cctv.live.inbox import Inbox
from cctv.live.jpeg import decode, encode, size_of
from cctv.live.moving import Moving
from cctv.permissions import Role
from cctv.registry.access_log import recent_access
from cctv.registry.cameras import list_cameras
from cctv.registry.models import Account
from cctv.services import liveview
from cctv.services import moving as service
from cctv.services.moving import Viewing

OPERATOR = Account("operator", "Operator", Role.OPERATOR, None, active=True, is_demo=True, version=1)
GREY, GREEN = (encode(np.full((90, 160, 3), colour, dtype=np.uint8)) for colour in ((90, 90, 90), (20, 160, 90)))
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=b\r\n\r\n"
LONG_S = 40.0


@pytest.fixture
def client():
    one = PictureClient(())
    yield one
    one.close()


@pytest.fixture
def moving(client):
    made = Moving(client, most=2, fps=20, width=320)
    yield made
    made.close()


def _part(jpeg: bytes) -> bytes:
    return b"--b\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(jpeg) + jpeg + b"\r\n"


def _shots(moving: Moving, base_url: str, n: int) -> list[module.Shot]:
    shots, end = [], time.monotonic() + LONG_S
    while len(shots) < n and time.monotonic() < end:
        shot, _ = moving.next(base_url + "/x", base_url, shots[-1].taken_at if shots else None, 1.0)
        shots += [shot] if shot else []
    return shots


def _until(is_so) -> None:
    end = time.monotonic() + LONG_S
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_video_moves_over_the_connection_of_the_still(simulator, client, moving, monkeypatch, codec):
    url = f"{simulator.video_url}/kamera/video-{codec}"
    client.fetch(url, simulator.video_url)
    monkeypatch.setattr(module, "LEFT_S", LONG_S)
    pieces, show = [], moving._projector.show

    def seen(address, piece, width):
        pieces.append(piece)
        return show(address, piece, width)

    monkeypatch.setattr(moving._projector, "show", seen)
    shot, end = None, time.monotonic() + LONG_S
    while shot is None or all(piece.is_start for piece in pieces):  # key frames alone would be one a second
        assert time.monotonic() < end
        shot = moving.next(url, simulator.video_url, shot and shot.taken_at, 1.0)[0] or shot
    assert size_of(shot.jpeg) == (320, 180)
    assert (client.n_streams, moving.n_playing) == (1, 1)
    monkeypatch.setattr(module, "LEFT_S", 0.1)
    _until(lambda: moving.n_playing == 0)  # everybody has left


def test_one_connection_for_all_and_none_for_nobody(serving, moving, monkeypatch):
    monkeypatch.setattr(module, "LEFT_S", LONG_S)  # a loaded machine may keep people away for seconds
    contacts, left = [], threading.Event()

    def answer(connection, ending):
        contacts.append(1)
        connection.sendall(HEAD)
        try:
            for jpeg in cycle((GREY, GREEN)):
                connection.sendall(_part(jpeg))
                ending.wait(0.02)
        except OSError:
            left.set()

    with serving(answer) as base_url:
        people = [threading.Thread(target=_shots, args=(moving, base_url, 5)) for _ in range(6)]
        for one in people:
            one.start()
        for one in people:
            one.join()
        still = moving._client.fetch(base_url + "/x", base_url)
        assert (len(contacts), still.kind) == (1, "jpeg")
        monkeypatch.setattr(module, "LEFT_S", 0.1)
        assert left.wait(LONG_S)
    _until(lambda: moving.n_playing == 0)


def test_a_camera_that_stops_is_not_called_live(serving, moving, monkeypatch):
    monkeypatch.setattr(client_module, "DEADLINE_S", 0.6)

    def answer(connection, ending):
        connection.sendall(HEAD + _part(GREEN))
        ending.wait(LONG_S)

    with serving(answer) as base_url:
        [shot] = _shots(moving, base_url, 1)
        _until(lambda: moving.next(base_url + "/x", base_url, shot.taken_at, 0.2)[1] == "slow")
        assert moving.next(base_url + "/x", base_url, shot.taken_at, 0.2)[0] is None


def test_stills_and_garbage(serving, moving):
    def stills(connection, ending):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(GREEN) + GREEN)

    with serving(stills) as base_url, serving(lambda c, _: c.sendall(HEAD + b"x" * 9000)) as bad_url:
        assert len(_shots(moving, base_url, 2)) == 2
        _until(lambda: moving.next(bad_url + "/x", bad_url, None, 0.2)[1] == "garbage")


def test_no_more_cameras_than_allowed(serving, moving):
    def forever(connection, ending):
        connection.sendall(HEAD + _part(GREEN))
        ending.wait(LONG_S)

    with serving(forever) as one, serving(forever) as two, serving(forever) as three:
        assert [moving.next(url + "/x", url, None, 0.05)[1] for url in (one, two, three)] == ["", "", "crowded"]


def test_killed_projector_comes_back(simulator, moving):
    url = f"{simulator.video_url}/kamera/video-h264"

    def newer(after):
        return moving.next(url, simulator.video_url, after, 1.0)[0]

    end = time.monotonic() + LONG_S
    while (first := newer(None)) is None:
        assert time.monotonic() < end
    os.kill(moving._projector._worker.pid, signal.SIGKILL)
    while newer(first.taken_at) is None:
        assert time.monotonic() < end


def test_inbox_forgets_what_is_not_needed():
    inbox = Inbox()
    inbox.put("h264", b"lost", is_key=False)
    assert inbox.take() is None
    for unit, is_key in ((b"k1", True), (b"p", False), (b"k2", True), (b"q", False)):
        inbox.put("h264", unit, is_key=is_key)
    piece = inbox.take()
    assert (piece.units, piece.is_start) == ((b"k2", b"q"), True)
    inbox.put("h264", b"r", is_key=False)
    assert (inbox.take().units, inbox.take()) == ((b"r",), None)
    inbox.lose()
    inbox.put("h264", b"s", is_key=False)
    assert inbox.take() is None


def _camera(house, status: str = "on"):
    return next(one for one in list_cameras(house.registry) if one.status == status)


def test_watching_is_logged_and_bounded(house):
    camera = _camera(house)
    viewings = [Viewing(house, OPERATOR, "", camera.camera_id) for _ in range(service.MOST_PER_PERSON + 1)]
    lines = [line for line in recent_access(house.registry, 50) if line.action == liveview.MOVING]
    assert [(line.username, line.target) for line in lines] == [("operator", camera.camera_id)]
    for viewing in viewings[:-1]:
        viewing.__enter__()
    with pytest.raises(SnapshotError, match="moving_crowded"), viewings[-1]:
        pass
    for viewing in viewings[:-1]:
        viewing.__exit__(None, None, None)
    assert service.n_watching() == 0


def test_watching_needs_the_role_and_the_agency(house):
    with pytest.raises(AccessError):
        Viewing(house, replace(OPERATOR, agency_id="bukan-pemilik"), "", _camera(house).camera_id)


def test_a_dead_camera_shows_what_a_still_would(house):
    viewing = Viewing(house, OPERATOR, "", _camera(house, "off").camera_id)
    end = time.monotonic() + LONG_S
    while (answer := viewing.next_picture()) is None or answer.reason in ("connecting", "slow"):
        assert time.monotonic() < end
    assert answer.state == "never"
    assert answer.reason in ("dead", "silent", "login_refused")
    assert size_of(answer.jpeg)[0] == house.settings.moving_width
    assert decode(answer.jpeg).any()


def test_it_ends_after_the_time_and_with_the_session(house, monkeypatch):
    viewing = Viewing(house, OPERATOR, "", _camera(house).camera_id)
    monkeypatch.setattr(service.accounts, "account_of", lambda _cookie: None)
    viewing._checked -= service.CHECK_EVERY_S + 1
    with pytest.raises(SnapshotError, match="moving_signed_out"):
        viewing.next_picture()
    viewing._started -= house.settings.moving_s + 1
    with pytest.raises(SnapshotError, match="moving_ended"):
        viewing.next_picture()

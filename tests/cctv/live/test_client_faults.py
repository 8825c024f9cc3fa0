"""Every way a camera can fail ends within the deadline, with the right name for it."""

import itertools
import socket
import struct
import threading
import time

import numpy as np
import pytest

from cctv.errors import SnapshotError
from cctv.i18n import catalogue
from cctv.live.client import DEADLINE_S, PictureClient
from cctv.live.jpeg import decode, encode, size_of
from cctv.live.multipart import MOST_BYTES

CODES = (
    "dead", "silent", "garbage", "login_refused", "blocked_by_policy", "too_large", "no_such_picture", "slow",
    "unreadable", "no_address", "simulator_failed", "snapd_failed", "picture_width",
)  # fmt: skip
PICTURE = encode(np.full((90, 160, 3), 90, dtype=np.uint8))
LATEST_S = DEADLINE_S + 0.7  # the machine is shared


@pytest.fixture(scope="module")
def client():
    one = PictureClient(())
    yield one
    one.close()


def _head(body_length: int | None, kind: str = "image/jpeg", status: str = "200 OK") -> bytes:
    length = "" if body_length is None else f"Content-Length: {body_length}\r\n"
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{length}Connection: close\r\n\r\n".encode()


def _code(client: PictureClient, base_url: str) -> tuple[str, float]:
    started = time.monotonic()
    with pytest.raises(SnapshotError) as caught:
        decode(client.fetch(base_url + "/gambar.jpg", base_url).data)
    return caught.value.code, time.monotonic() - started


@pytest.mark.parametrize("fault", ["", "frozen", "slow"])
def test_simulated_cameras_that_work(simulator, client, fault):
    data = client.fetch(f"{simulator.base_url}/kamera/{fault or 'baik'}.jpg", simulator.base_url).data
    assert decode(data).shape == (540, 960, 3)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("refused", "dead"),
        ("silent", "silent"),
        ("garbage", "garbage"),
        ("login", "login_refused"),
        ("x", "no_such_picture"),
    ],
)
def test_simulated_cameras_that_fail(simulator, client, fault, code):
    started = time.monotonic()
    with pytest.raises(SnapshotError) as caught:
        decode(client.fetch(f"{simulator.base_url}/kamera/{fault}.jpg", simulator.base_url).data)
    assert caught.value.code == code
    assert time.monotonic() - started < LATEST_S


def test_first_picture_of_a_stream(simulator, client):
    data = client.fetch(f"{simulator.base_url}/kamera/baik.mjpg", simulator.base_url).data
    assert size_of(data) == (960, 540)


def test_stream_without_lengths(serving, client):
    part = b"--b\r\nContent-Type: image/jpeg\r\n\r\n" + PICTURE + b"\r\n--b\r\n"
    with serving(lambda c, _: c.sendall(_head(None, "multipart/x-mixed-replace; boundary=--b") + part)) as base_url:
        assert client.fetch(base_url + "/x", base_url).data == PICTURE


def test_dripping_server(serving, client):
    def drip(connection: socket.socket, ending: threading.Event) -> None:
        connection.sendall(_head(len(PICTURE)))
        for i in itertools.count():
            if ending.wait(0.1):
                return
            connection.sendall(PICTURE[i : i + 1])

    with serving(drip) as base_url:
        code, took_s = _code(client, base_url)
    assert code == "slow"
    assert took_s < LATEST_S


def test_server_that_never_answers(serving, client):
    with serving(lambda _, ending: ending.wait(20)) as base_url:
        code, took_s = _code(client, base_url)
    assert code == "silent"
    assert took_s < LATEST_S


def test_endless_body(serving, client):
    sent = 0

    def pour(connection: socket.socket, ending: threading.Event) -> None:
        nonlocal sent
        connection.sendall(_head(None))
        while not ending.is_set():
            sent += connection.send(b"\xff" * 65536)

    with serving(pour) as base_url:
        code, _ = _code(client, base_url)
    assert code == "too_large"
    assert sent < 3 * MOST_BYTES


def _jpeg_header(width: int, height: int) -> bytes:
    return b"\xff\xd8\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00" + b"\xff\xd9"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (_jpeg_header(60_000, 60_000), "too_large"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + struct.pack(">II", 60_000, 60_000), "garbage"),
        (PICTURE[: len(PICTURE) // 2], "unreadable"),
        (PICTURE[: len(PICTURE) // 2] + b"\xff\xd9", "unreadable"),
        (b"\xff\xd8\xff\xff\xff", "unreadable"),
        (b"<html>login</html>", "garbage"),
        (b"", "garbage"),
    ],
    ids=["jpeg bomb", "png bomb", "half", "half with an end", "no header", "login page", "nothing"],
)
def test_bodies_that_are_no_picture(serving, client, body, code):
    if code == "unreadable" and body.endswith(b"\xff\xd9"):
        body = PICTURE[:300] + b"\xff\xd9"  # cut inside the tables: nothing is left to decode
    with serving(lambda c, _: c.sendall(_head(len(body)) + body)) as base_url:
        assert _code(client, base_url)[0] == code


def test_cut_connection(serving, client):
    with serving(lambda c, _: c.sendall(_head(len(PICTURE)) + PICTURE[:200])) as base_url:
        assert _code(client, base_url)[0] == "unreadable"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (_head(0, status="401 Unauthorized"), "login_refused"),
        (_head(0, status="404 Not Found"), "no_such_picture"),
        (_head(0, status="500 Oops"), "garbage"),
        (_head(MOST_BYTES + 1), "too_large"),
        (b"RTSP/1.0 200 OK\r\n\r\n", "garbage"),
        (b"", "dead"),
        (_head(None, "multipart/x-mixed-replace"), "garbage"),
        (_head(None, "multipart/x-mixed-replace; boundary=b") + b"-" * 20_000, "garbage"),
        (_head(None, "multipart/x-mixed-replace; boundary=b") + b"--b\r\n\r\nabc", "unreadable"),
    ],
)
def test_answers(serving, client, answer, code):
    with serving(lambda c, _: c.sendall(answer)) as base_url:
        assert _code(client, base_url)[0] == code


def test_nobody_listens(client):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        base_url = f"http://127.0.0.1:{gone.getsockname()[1]}"
    assert _code(client, base_url)[0] == "dead"


def test_every_code_has_words():
    for language in ("id", "en"):
        texts = catalogue(language)
        missing = [key for code in CODES for key in (f"error.{code}", f"error.{code}_hint") if key not in texts]
        assert missing == []

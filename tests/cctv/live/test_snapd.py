"""snapd: only the app may ask it, it comes back when killed, its decoders may die, every answer comes in time."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from ipaddress import ip_network
from pathlib import Path

import numpy as np
import pytest

from cctv.errors import SnapshotError
from cctv.live.channel import call
from cctv.live.decoding import Decoders
from cctv.live.jpeg import encode, size_of
from cctv.live.snapd_client import Bounds, SnapdPictures

ROOT = Path(__file__).resolve().parents[3]
CANARY = "kenari-rahasia"
BLACK = np.zeros((90, 160, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def snapd(simulator):
    bounds = Bounds((ip_network("198.51.100.0/24"),), (80, 554), 64, 8, 2, 60.0, "")
    running = SnapdPictures(bounds)
    running.simulator = simulator
    simulator.video_ids = frozenset({"video-h264"})
    running.start()
    yield running
    running.close()


def _picture(snapd: SnapdPictures, camera_id: str, limit_s: float = 40.0):
    end = time.monotonic() + limit_s
    answer = snapd.get(camera_id, f"simulasi:{camera_id}")
    while answer.state not in ("fresh", "cached") and time.monotonic() < end:  # a loaded machine draws slowly
        time.sleep(0.05)
        answer = snapd.get(camera_id, f"simulasi:{camera_id}")
    return answer


@pytest.mark.parametrize("camera_id", ["baik", "video-h264"])
def test_pictures_come_through(snapd, camera_id):
    answer = _picture(snapd, camera_id)
    assert (answer.state, answer.reason) in (("fresh", ""), ("cached", ""))
    assert size_of(answer.jpeg) == (640, 360)
    assert answer.age_s < 6


def test_only_the_app_may_ask(snapd):
    for secret in ("", "tebakan"):
        line = call(snapd._process.port(), secret, 2.0)
        with suppress(OSError):
            line.send({"ask": "health"})
        with pytest.raises((OSError, EOFError)):
            line.receive(5.0)


def test_secrets_are_on_no_command_line(snapd):
    done = subprocess.run(
        ["ps", "-o", "args=", "-p", str(snapd.health().pid)], capture_output=True, text=True, check=True
    )
    assert "snapd" in done.stdout
    assert snapd._secret not in done.stdout


def test_widths_are_refused_with_their_limits(snapd):
    with pytest.raises(SnapshotError) as caught:
        snapd.get("baik", "simulasi:baik", width=5)
    assert (caught.value.code, caught.value.params["low"]) == ("picture_width", 80)


def test_killed_snapd_comes_back_and_somebody_always_answers(snapd):
    killed = snapd.health().pid
    os.kill(killed, signal.SIGKILL)
    answer = snapd.get("baik", "simulasi:baik", name="Simpang contoh")
    assert answer.jpeg.startswith(b"\xff\xd8")
    assert answer.state in ("cached", "last_good")  # the app itself has the last one
    end = time.monotonic() + 40
    while snapd.health().pid in (killed, None):
        assert time.monotonic() < end
        time.sleep(0.05)
    assert _picture(snapd, "baik").state in ("fresh", "cached")
    assert snapd.health().pid != killed
    assert snapd.health().restarts >= 1


def test_decoder_killed_again_and_again(decoders):
    jpeg = encode(BLACK)
    for _ in range(5):
        with suppress(ProcessLookupError):
            os.kill(decoders.pids[0], signal.SIGKILL)
        assert size_of(decoders.render("jpeg", jpeg, 100)) == (100, 56)


def test_decoder_that_hangs_is_replaced(monkeypatch):
    monkeypatch.setattr("cctv.live.decoding.JOB_S", 0.3)
    one = Decoders(1)
    try:
        [pid] = one.pids
        one.render("jpeg", encode(BLACK), 100)
        os.kill(pid, signal.SIGSTOP)
        assert one.render("jpeg", encode(BLACK), 100)
        assert one.pids != [pid]
        assert one.replaced == 1
    finally:
        one.close()


@pytest.mark.parametrize("kind", ["h264", "hevc", "mpegts", "mp4"])
@pytest.mark.parametrize("data", [b"#EXTM3U\nfile:///etc/passwd\n", b"\x00\x00\x00\x01" + bytes(range(256)) * 9, b""])
def test_bytes_that_are_no_video(decoders, kind, data):
    with pytest.raises(SnapshotError, match=r"garbage|unreadable"):
        decoders.render(kind, data, 640)


def test_password_comes_out_nowhere(snapd, capfd, caplog):
    for address in (
        f"http://admin:{CANARY}@198.51.100.7/x.jpg", f"rtsp://admin:{CANARY}@198.51.100.7/x",
        f"http://admin:{CANARY}@198.51.100.7:22/", f"rtsp://admin:{CANARY}@[::1", f"{CANARY}://x",
        f"go2rtc+x{CANARY}:x",
    ):  # fmt: skip
        answer = snapd.get("kenari", address)
        assert CANARY not in repr(answer)
        assert CANARY.encode() not in answer.jpeg
    assert CANARY not in json.dumps(snapd.inside())
    out, err = capfd.readouterr()
    assert CANARY not in out + err + caplog.text


def test_process_ends_with_its_input():
    rules = {**vars(Bounds((), (), 1, 1, 1, 1.0, "")), "secret": "s"}
    command = [sys.executable, "-m", "cctv.live.snapd"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        process.stdin.write(json.dumps(rules) + "\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["port"] > 0
        process.stdin.close()
        assert process.wait(10) == 0

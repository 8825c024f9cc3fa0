"""Pictures of 50 RTSP cameras (720p, 15 frames a second, a key frame in 2 s): snapd beside PyAV and OpenCV per click.

Camera server, snapd and peers are processes of one machine in one run: read the ratios.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import av
import cv2
import numpy as np
import psutil

from cctv.live.snapd_client import Bounds, SnapdPictures
from cctv.live.supervisor import Supervised
from cctv.settings import ROOT

N_CAMERAS, N_SINGLE, N_BURST = 50, 40, 200


class _Cameras(Supervised):
    def __init__(self, codec: str) -> None:
        super().__init__("cameras", "benchmarks.live_cameras", [codec], error="simulator_failed")
        self.base_url = ""
        self.video_ids = frozenset({*(f"k{i}" for i in range(N_CAMERAS)), *(f"diam{i}" for i in range(20))})

    @property
    def video_url(self) -> str:
        return f"rtsp://127.0.0.1:{self.port('rtsp_port')}"


def _quantiles(seconds: list[float]) -> str:
    return f"{np.percentile(seconds, 50) * 1000:7.1f} / {np.percentile(seconds, 95) * 1000:7.1f}"


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _family(pid: int) -> list[psutil.Process]:
    parent = psutil.Process(pid)
    return [parent, *parent.children(recursive=True)]


def _cpu_s(processes: list[psutil.Process]) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in processes)


def _settled(snapd: SnapdPictures, camera_id: str) -> None:
    while snapd.get(camera_id, f"simulasi:{camera_id}").state not in ("fresh", "cached"):
        time.sleep(0.02)


def _singles(snapd: SnapdPictures, names: list[str]) -> list[float]:
    """Click cameras whose kept picture is too old to be shown again: each click decodes."""
    seconds = []
    for name in names:
        snapd.get(name, f"simulasi:{name}")
        time.sleep(1.05)
        seconds.append(_timed(lambda name=name: snapd.get(name, f"simulasi:{name}", width=800)))
    return seconds


def _burst(snapd: SnapdPictures) -> tuple[list[float], int]:
    picks = np.random.default_rng(1).integers(0, N_CAMERAS, N_BURST)
    seconds: list[float] = []
    failed = [0]

    def click(name: str) -> None:
        started = time.perf_counter()
        answer = snapd.get(name, f"simulasi:{name}", width=720)
        seconds.append(time.perf_counter() - started)
        failed[0] += answer.state not in ("fresh", "cached")

    threads = [threading.Thread(target=click, args=(f"k{i}",)) for i in picks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seconds, failed[0]


def _ours(cameras: _Cameras, codec: str) -> None:
    snapd = SnapdPictures(Bounds((), (554,), 128, 80, 2, 300.0, ""))
    snapd.simulator = cameras
    snapd.start()
    try:
        cold = [_timed(lambda i=i: _settled(snapd, f"k{i}")) for i in range(8)]
        print(f"  {codec} snapd, first picture of a camera nobody watches {_quantiles(cold)} ms")
        print(f"  {codec} snapd, all {N_CAMERAS} warm after {_timed(lambda: _warm(snapd)):.1f} s")
        time.sleep(2)
        _resources(snapd, codec)
        alone = _singles(snapd, [f"k{i % N_CAMERAS}" for i in range(N_SINGLE)])
        print(f"  {codec} snapd, warm click {_quantiles(alone)} ms")
        seconds, failed = _burst(snapd)
        print(f"  {codec} snapd, {N_BURST} clicks at once on {N_CAMERAS} cameras {_quantiles(seconds)} ms", end="")
        print(f", without a new picture {failed}, connections {(snapd.inside() or {}).get('streams')}")
        for i in range(20):
            threading.Thread(target=snapd.get, args=(f"diam{i}", f"simulasi:diam{i}"), daemon=True).start()
        beside = _singles(snapd, [f"k{i % N_CAMERAS}" for i in range(N_SINGLE // 2)])
        print(f"  {codec} snapd, warm click beside 20 silent cameras {_quantiles(beside)} ms")
    finally:
        snapd.close()


def _warm(snapd: SnapdPictures) -> None:
    threads = [threading.Thread(target=_settled, args=(snapd, f"k{i}")) for i in range(N_CAMERAS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _resources(snapd: SnapdPictures, codec: str) -> None:
    family = _family(snapd.health().pid or os.getpid())
    before, started = _cpu_s(family), time.perf_counter()
    time.sleep(6)
    idle = (_cpu_s(family) - before) / (time.perf_counter() - started) / N_CAMERAS * 1000
    memory = [process.memory_info().rss / 1e6 for process in family]
    print(f"  {codec} snapd, idle CPU per camera {idle:.2f} ms/s; threads {family[0].num_threads()}", end="")
    print(f"; memory {memory[0]:.0f} MB, with decoders {sum(memory):.0f} MB")


def _round() -> None:
    """Ask 2,000 cameras, a tenth of them silent."""
    cameras = _Cameras("h264")
    cameras.start()
    snapd = SnapdPictures(Bounds((), (554,), 128, 8, 1, 300.0, ""))
    snapd.simulator = cameras
    snapd.start()
    try:
        names = {f"c{i}": f"simulasi:{'diam' if i % 10 == 0 else 'k'}{i % 20}" for i in range(2_000)}
        [process, *_] = _family(snapd.health().pid or os.getpid())
        before, started = _cpu_s([process]), time.perf_counter()
        answers = snapd.poll(names) or {}
        taken, used = time.perf_counter() - started, _cpu_s([process]) - before
        print(f"  round over {len(answers)} cameras {taken:.1f} s, {used:.1f} s of CPU", end="")
        print(f"; {sum(reason == '' for reason in answers.values())} answered")
    finally:
        snapd.close()
        cameras.stop()


def _pyav(url: str) -> None:
    options = {"rtsp_transport": "tcp", "analyzeduration": "0", "probesize": "32", "fflags": "nobuffer"}
    with av.open(url, options=options, timeout=(8, 5)) as container:
        frame = next(container.decode(video=0))
        cv2.imencode(".jpg", frame.to_ndarray(format="bgr24"))


def _cv2(url: str) -> None:
    capture = cv2.VideoCapture(url, cv2.CAP_FFMPEG)
    _, pixels = capture.read()
    capture.release()
    cv2.imencode(".jpg", pixels)


def _peers(cameras: _Cameras, codec: str) -> None:
    for name, click in (("PyAV opened per click", _pyav), ("cv2.VideoCapture per click", _cv2)):
        seconds = [_timed(lambda i=i, click=click: click(f"{cameras.video_url}/kamera/k{i}")) for i in range(6)]
        print(f"  {codec} {name} {_quantiles(seconds)} ms")


_HOLDER = """
import av, json, os, psutil, sys, threading, time
def hold(url):
    options = {"rtsp_transport": "tcp", "analyzeduration": "0", "probesize": "32"}
    with av.open(url, options=options, timeout=(8, 5)) as container:
        for packet in container.demux(container.streams.video[0]):
            pass
n = int(sys.argv[2])
for i in range(n):
    threading.Thread(target=hold, args=(sys.argv[1] + "/kamera/k%d" % i,), daemon=True).start()
time.sleep(8)
me = psutil.Process()
before = sum(me.cpu_times()[:2])
time.sleep(5)
idle = (sum(me.cpu_times()[:2]) - before) / 5 / n * 1000
print(json.dumps([idle, me.memory_info().rss / 1e6, me.num_threads()]), flush=True)
os._exit(0)
"""


def _pyav_memory(cameras: _Cameras, codec: str) -> None:
    """Measure what draining the packets of the same cameras with PyAV takes, in a process of its own."""
    command = [sys.executable, "-c", _HOLDER, cameras.video_url, str(N_CAMERAS)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    idle, memory, threads = json.loads(done.stdout)
    print(f"  {codec} PyAV draining packets, idle CPU per camera {idle:.2f} ms/s; threads {threads}", end="")
    print(f"; memory {memory:.0f} MB")


def main() -> None:
    print("Live pictures (p50 / p95)")
    for codec in ("h264", "hevc"):
        cameras = _Cameras(codec)
        cameras.start()
        try:
            _ours(cameras, codec)
            _peers(cameras, codec)
            _pyav_memory(cameras, codec)
        finally:
            cameras.stop()
    _round()


if __name__ == "__main__":
    main()

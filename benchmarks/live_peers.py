"""What others need for one picture of the same cameras: PyAV, OpenCV, the ffmpeg program, Debian's motion."""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import av
import cv2
import httpx
import psutil

from benchmarks.live_tools import Cameras, quantiles, timed
from cctv.settings import ROOT

N_MOTION = 5


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


def _ffmpeg(url: str) -> None:
    command = ["ffmpeg", "-v", "quiet", "-rtsp_transport", "tcp", "-i", url, "-frames:v", "1", "-f", "mjpeg", "-"]
    subprocess.run(command, capture_output=True, check=True, timeout=20)


def per_click(cameras: Cameras, codec: str) -> None:
    """Open the camera anew for every picture, as tutorials do."""
    peers: list[tuple[str, Callable[[str], None]]] = [("PyAV", _pyav), ("cv2.VideoCapture", _cv2)]
    if shutil.which("ffmpeg"):
        peers.append(("ffmpeg", _ffmpeg))
    else:
        print(f"  {codec} ffmpeg is not installed: skipped")
    for name, click in peers:
        seconds = [timed(lambda i=i, click=click: click(f"{cameras.video_url}/kamera/k{i}")) for i in range(3)]
        print(f"  {codec} {name} opened per click {quantiles(seconds)} ms")


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
time.sleep(6)
me = psutil.Process()
before = sum(me.cpu_times()[:2])
time.sleep(4)
idle = (sum(me.cpu_times()[:2]) - before) / 4 / n * 1000
print(json.dumps([idle, me.memory_info().rss / 1e6, me.num_threads()]), flush=True)
os._exit(0)
"""


def pyav_memory(cameras: Cameras, codec: str, n: int) -> None:
    """Measure what draining the packets of the same cameras with PyAV takes, in a process of its own."""
    command = [sys.executable, "-c", _HOLDER, cameras.video_url, str(n)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    idle, memory, threads = json.loads(done.stdout)
    print(f"  {codec} PyAV draining packets of {n}, idle CPU per camera {idle:.2f} ms/s", end="")
    print(f"; threads {threads}; memory {memory:.0f} MB")


def motion(cameras: Cameras) -> float | None:
    """Let motion watch a few cameras and ask it for pictures; give its p95 [s], None if it is not there."""
    if shutil.which("motion") is None:
        print("  motion is not installed (apt-get install motion): skipped")
        return None
    with tempfile.TemporaryDirectory() as folder:
        process, port = _start_motion(Path(folder), cameras.video_url)
        try:
            asked = [f"http://127.0.0.1:{port}/{i + 1}/current" for i in range(N_MOTION)]
            _wait_for(asked)
            idle = _idle_ms(process)
            seconds = [timed(lambda url=url: httpx.get(url, trust_env=False, timeout=10)) for url in asked * 4]
        finally:
            process.terminate()
            process.wait(10)
    print(f"  h264 motion watching {N_MOTION}, picture {quantiles(seconds)} ms; idle CPU per camera {idle:.1f} ms/s")
    return sorted(seconds)[int(len(seconds) * 0.95)]


def _start_motion(folder: Path, video_url: str) -> tuple[subprocess.Popen[bytes], int]:
    port = 20_000 + psutil.Process().pid % 20_000
    common = f"setup_mode off\ndaemon off\nstream_port {port}\nstream_localhost on\nwebcontrol_port 0\nlog_level 1\n"
    common += "movie_output off\npicture_output off\nwidth 1280\nheight 720\nframerate 15\n"
    for i in range(N_MOTION):
        lines = f"camera_id {i + 1}\nnetcam_url {video_url}/kamera/k{i}\nnetcam_params rtsp_transport = tcp\n"
        (folder / f"k{i}.conf").write_text(lines)
        common += f"camera {folder}/k{i}.conf\n"
    (folder / "motion.conf").write_text(common)
    command = ["motion", "-n", "-c", str(folder / "motion.conf"), "-l", str(folder / "log")]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL), port


def _wait_for(urls: list[str]) -> None:
    end = time.monotonic() + 30
    for url in urls:
        while True:
            try:
                if httpx.get(url, trust_env=False, timeout=3).content[:2] == b"\xff\xd8":
                    break
            except httpx.HTTPError:
                pass
            if time.monotonic() > end:
                raise TimeoutError("motion gives no picture")
            time.sleep(0.3)


def _idle_ms(process: subprocess.Popen[bytes]) -> float:
    watched = psutil.Process(process.pid)
    before = sum(watched.cpu_times()[:2])
    time.sleep(4)
    return (sum(watched.cpu_times()[:2]) - before) / 4 / N_MOTION * 1000

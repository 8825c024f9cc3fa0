"""What the benchmarks of live pictures share: the cameras, snapd as the app holds it, times and processes."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import psutil

from benchmarks.live_cameras import FAULTS, N_CAMERAS
from cctv.live.snapd_client import Bounds, SnapdPictures
from cctv.live.supervisor import Supervised

GOOD = ("fresh", "cached")


class Cameras(Supervised):
    """The camera server of :mod:`benchmarks.live_cameras`; stands where the simulator of the demo does."""

    def __init__(self, codec: str) -> None:
        super().__init__("cameras", "benchmarks.live_cameras", [codec], error="simulator_failed")
        faulty = (f"{name}{i}" for name in FAULTS for i in range(40))
        self.video_ids = frozenset({*(f"k{i}" for i in range(N_CAMERAS)), "jam", *faulty})

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port()}"

    @property
    def video_url(self) -> str:
        return f"rtsp://127.0.0.1:{self.port('rtsp_port')}"


@contextmanager
def snapd_of(cameras: Cameras, **bounds: float) -> Iterator[SnapdPictures]:
    """Start snapd with two decoders and let it ask these cameras."""
    snapd = SnapdPictures(Bounds((), (554,), 128, 80, 2, 300.0, "", **bounds))  # type: ignore[arg-type]
    snapd.simulator = cameras
    snapd.start()
    try:
        yield snapd
    finally:
        snapd.close()


def quantiles(seconds: list[float]) -> str:
    return f"{np.percentile(seconds, 50) * 1000:7.1f} / {np.percentile(seconds, 95) * 1000:7.1f}"


def p95(seconds: list[float]) -> float:
    return float(np.percentile(seconds, 95))


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def together(works: list[Callable[[], object]]) -> None:
    """Do everything at the same time."""
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def settled(snapd: SnapdPictures, name: str, width: int = 640) -> None:
    """Ask for a picture until there is one."""
    while snapd.get(name, f"simulasi:{name}", width=width).state not in GOOD:
        time.sleep(0.02)


def family(pid: int | None) -> list[psutil.Process]:
    parent = psutil.Process(pid)
    return [parent, *parent.children(recursive=True)]


def cpu_s(processes: list[psutil.Process]) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in processes)

"""Many pictures while decoders and snapd are killed again and again: what is left of memory, handles and answers."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial

from benchmarks.live_tools import GOOD, Cameras, family, settled, snapd_of, together
from cctv.live.snapd_client import SnapdPictures

N_PICTURES, N_DECODERS, N_SNAPD, N_CAMERAS = 50_000, 100, 20, 20
_LIVED_S = 5.5  # snapd is started again at once if it lived longer than the watcher's STEADY_S


class _Clicks:
    """People who click without pause, and what they were given."""

    def __init__(self, snapd: SnapdPictures) -> None:
        self._snapd = snapd
        self.n, self.cards, self.longest_s = 0, 0, 0.0
        self.without_new_s = 0.0
        self._good_at = dict.fromkeys(range(N_CAMERAS), time.monotonic())
        self.ending = threading.Event()

    def person(self, first: int) -> None:
        number = first
        while not self.ending.is_set():
            number = (number + 1) % N_CAMERAS
            started = time.monotonic()
            answer = self._snapd.get(f"k{number}", f"simulasi:k{number}", width=720)
            now = time.monotonic()
            self.n += 1
            self.cards += answer.state == "never"
            self.longest_s = max(self.longest_s, now - started)
            if answer.state in GOOD:
                self._good_at[number] = now
            self.without_new_s = max(self.without_new_s, now - self._good_at[number])
            time.sleep(0.002)


@contextmanager
def _clicking(snapd: SnapdPictures) -> Iterator[_Clicks]:
    clicks = _Clicks(snapd)
    people = [threading.Thread(target=clicks.person, args=(i * 5,)) for i in range(4)]
    for person in people:
        person.start()
    try:
        yield clicks
    finally:
        clicks.ending.set()
        for person in people:
            person.join()


def run() -> None:
    """Measure; takes about four minutes."""
    cameras = Cameras("h264")
    cameras.start()
    try:
        with snapd_of(cameras) as snapd:
            together([partial(settled, snapd, f"k{i}", 720) for i in range(N_CAMERAS)])
            _many(snapd)
            _without_decoders(snapd)
            _without_snapd(snapd)
    finally:
        cameras.stop()


def _many(snapd: SnapdPictures) -> None:
    time.sleep(10)
    before = _held(snapd)
    with _clicking(snapd) as clicks:
        while clicks.n < N_PICTURES:
            time.sleep(0.2)
    memory, handles = (now - then for now, then in zip(_held(snapd), before, strict=True))
    print(f"  soak: {clicks.n} pictures, memory of snapd and decoders {memory:+.1f} MB, handles {handles:+.0f}", end="")
    print(f"; cards {clicks.cards}, longest answer {clicks.longest_s:.2f} s")


def _without_decoders(snapd: SnapdPictures) -> None:
    with _clicking(snapd) as clicks:
        for _ in range(N_DECODERS):
            with suppress(ProcessLookupError, IndexError):
                os.kill((snapd.inside() or {"decoders": []})["decoders"][0], signal.SIGKILL)
            time.sleep(0.3)
    replaced = (snapd.inside() or {}).get("replaced")
    print(
        f"  a decoder killed {N_DECODERS} times ({replaced} replaced): {clicks.n} pictures, cards {clicks.cards}",
        end="",
    )
    print(f", longest answer {clicks.longest_s:.2f} s, longest without a new picture {clicks.without_new_s:.1f} s")


def _without_snapd(snapd: SnapdPictures) -> None:
    with _clicking(snapd) as clicks:
        for _ in range(N_SNAPD):
            pid = snapd.health().pid
            if pid is not None:
                os.kill(pid, signal.SIGKILL)
            time.sleep(_LIVED_S)
    print(f"  snapd killed {N_SNAPD} times ({snapd.health().restarts} restarts): {clicks.n} pictures", end="")
    print(f", cards {clicks.cards}, longest answer {clicks.longest_s:.2f} s", end="")
    print(f", longest without a new picture {clicks.without_new_s:.1f} s")


def _held(snapd: SnapdPictures) -> tuple[float, float]:
    """Give memory [MB] and open files of snapd and its decoders."""
    processes = family(snapd.health().pid)
    return sum(one.memory_info().rss for one in processes) / 1e6, float(sum(one.num_fds() for one in processes))

"""Pictures of RTSP cameras (720p, 15 frames a second, a key frame in 2 s) and JPEG cameras: snapd beside its peers.

``python -m benchmarks.live`` measures everything but the soak; ``python -m benchmarks.live soak`` that alone, and so
any other part (h264, hevc, peers, bounds). Camera server, snapd and peers are processes of one machine in one run: read
the ratios. Times are p50 / p95.
"""

import sys
import threading
import time
from collections.abc import Callable
from functools import partial

import httpx
import numpy as np

from benchmarks import live_peers, live_soak
from benchmarks.live_cameras import read_clock
from benchmarks.live_tools import (
    GOOD,
    Cameras,
    cpu_s,
    family,
    p95,
    quantiles,
    settled,
    snapd_of,
    timed,
    together,
)  # fmt: skip
from cctv.live.jpeg import decode
from cctv.live.snapd_client import SnapdPictures

N_WARM, N_BURST_CAMERAS, N_BURST, N_SINGLE = 60, 50, 200, 16


def _singles(snapd: SnapdPictures, names: list[str], width: int = 800) -> list[float]:
    """Click cameras whose kept picture is too old to be shown again: each click decodes."""
    seconds = []
    for name in names:
        snapd.get(name, f"simulasi:{name}")
        time.sleep(1.05)
        seconds.append(timed(partial(snapd.get, name, f"simulasi:{name}", width=width)))
    return seconds


def _burst(snapd: SnapdPictures, prefix: str = "k") -> tuple[list[float], list[str]]:
    picks = np.random.default_rng(1).integers(0, N_BURST_CAMERAS, N_BURST)
    seconds, states = [], []

    def click(name: str) -> None:
        started = time.perf_counter()
        answer = snapd.get(name, f"simulasi:{name}", width=720)
        seconds.append(time.perf_counter() - started)
        states.append(answer.state)

    together([partial(click, f"{prefix}{i}") for i in picks])
    return seconds, states


def _ours(cameras: Cameras, codec: str) -> None:
    with snapd_of(cameras) as snapd:
        cold = [timed(partial(settled, snapd, f"k{i}")) for i in range(6)]
        print(f"  {codec} snapd, first picture of a camera nobody watches {quantiles(cold)} ms")
        names = [f"k{i}" for i in range(N_WARM)]
        took = timed(lambda: together([partial(settled, snapd, name, 720) for name in names]))
        print(f"  {codec} snapd, all {N_WARM} warm after {took:.1f} s")
        time.sleep(3)
        _idle(snapd, codec)
        alone = _singles(snapd, names[:N_SINGLE])
        print(f"  {codec} snapd, warm click {quantiles(alone)} ms")
        for _ in range(2):
            seconds, states = _burst(snapd)
            bad = [state for state in states if state not in GOOD]
            print(
                f"  {codec} snapd, {N_BURST} clicks at once on {N_BURST_CAMERAS} cameras {quantiles(seconds)} ms",
                end="",
            )
            print(f", longest {max(seconds) * 1000:.0f}; older picture {bad.count('last_good')}, ", end="")
            print(f"none {bad.count('never')}; connections {(snapd.inside() or {}).get('streams')}")
            time.sleep(5)


def _idle(snapd: SnapdPictures, codec: str) -> None:
    processes = family(snapd.health().pid)
    before, started = cpu_s(processes), time.perf_counter()
    time.sleep(6)
    idle = (cpu_s(processes) - before) / (time.perf_counter() - started)
    memory = [process.memory_info().rss / 1e6 for process in processes]
    print(
        f"  {codec} snapd, idle {idle / N_WARM * 1000:.2f} ms/s per camera, {idle:.2f} of a core for {N_WARM}", end=""
    )
    print(f"; threads {processes[0].num_threads()}; memory {memory[0]:.0f} MB, with decoders {sum(memory):.0f} MB")


def _isolation(cameras: Cameras) -> None:
    """Click healthy cameras alone, and beside 45 of 100 that fail and are looked at once a second each."""
    bad = [*(f"mati{i}" for i in range(30)), *(f"diam{i}" for i in range(10)), *(f"rusak{i}" for i in range(5))]
    names = [f"k{i}" for i in range(55)]
    with snapd_of(cameras) as snapd:
        together([partial(settled, snapd, name, 720) for name in names])
        alone, beside, longest = [], [], []
        ending = threading.Event()

        def look(mine: list[str]) -> None:
            while not ending.wait(1):
                longest.extend(timed(partial(snapd.get, name, f"simulasi:{name}")) for name in mine)

        alone = _singles(snapd, names[:N_SINGLE])
        lookers = [threading.Thread(target=look, args=(bad[i::9],)) for i in range(9)]
        for one in lookers:
            one.start()
        time.sleep(4)
        beside = _singles(snapd, names[:N_SINGLE])
        ending.set()
        for one in lookers:
            one.join()
    change = p95(beside) / p95(alone) - 1
    print(
        f"  isolation: warm click {quantiles(alone)} ms alone, {quantiles(beside)} ms beside 30 dead, 10 silent, ",
        end="",
    )
    print(
        f"5 garbage of 100: p95 {change:+.0%}; answers about these {quantiles(longest)} ms, "
        f"longest {max(longest):.2f} s"
    )


def _stills(cameras: Cameras) -> None:
    with snapd_of(cameras, sweep_s=0) as snapd:
        for _ in range(3):
            before = int(httpx.get(f"{cameras.base_url}/jumlah", trust_env=False).text)
            seconds, states = _burst(snapd, "j")
            contacts = int(httpx.get(f"{cameras.base_url}/jumlah", trust_env=False).text) - before
            bad = sum(state not in GOOD for state in states)
            print(
                f"  jpeg snapd, {N_BURST} clicks at once on {N_BURST_CAMERAS} cameras {quantiles(seconds)} ms", end=""
            )
            print(f"; without a picture {bad}; contacts {contacts}")
            time.sleep(3)


def _ages(cameras: Cameras) -> None:
    """Compare the age that is shown with the clock drawn in the picture."""
    with snapd_of(cameras) as snapd:
        for what, name in (("rtsp", "jam"), ("jpeg", "jamgambar")):
            off = []
            settled(snapd, name, 1280)
            for _ in range(12):
                time.sleep(0.37)
                answer = snapd.get(name, f"simulasi:{name}", width=1280)
                if answer.age_s is not None and answer.state in GOOD:
                    off.append(abs(read_clock(decode(answer.jpeg)) - answer.age_s))
            print(
                f"  {what} age shown against the clock in the picture: off by {quantiles(off)} ms, "
                f"most {max(off):.3f} s"
            )


def _moving(cameras: Cameras, codec: str) -> None:
    with snapd_of(cameras) as snapd:
        after, taken, ages, started = None, [], [], time.monotonic()
        first = 0.0
        while time.monotonic() - started < 6:
            shot = snapd.next_shot("simulasi:k0", after)
            if shot.taken_at is not None:
                first = first or time.monotonic() - started
                after = shot.taken_at
                taken.append(time.monotonic())
                ages.append(time.time() - shot.taken_at.timestamp())
        used = cpu_s(family(snapd.health().pid)[-1:])
        inside = snapd.inside() or {}
    print(
        f"  {codec} moving: {(len(taken) - 1) / (taken[-1] - taken[0]):.1f} pictures/s, first after {first:.2f} s",
        end="",
    )
    print(f", age {quantiles(ages)} ms, projector {used:.1f} s of CPU, connections {inside.get('streams')}")


def _round(cameras: Cameras) -> None:
    """Ask 2,000 cameras, a tenth of them silent."""
    with snapd_of(cameras) as snapd:
        names = {f"c{i}": f"simulasi:{'diam' if i % 10 == 0 else 'k'}{i % 20}" for i in range(2_000)}
        [process, *_] = family(snapd.health().pid)
        before, started = cpu_s([process]), time.perf_counter()
        answers = snapd.poll(names) or {}
        taken, used = time.perf_counter() - started, cpu_s([process]) - before
    print(f"  round over {len(answers)} cameras {taken:.1f} s, {used:.2f} s of CPU", end="")
    print(f"; {sum(reason == '' for reason in answers.values())} answered")


def _with_cameras(codec: str, *works: Callable[[Cameras], object]) -> None:
    cameras = Cameras(codec)
    cameras.start()
    try:
        for work in works:
            work(cameras)
    finally:
        cameras.stop()


def _against_motion(cameras: Cameras) -> None:
    motion_s = live_peers.motion(cameras)
    with snapd_of(cameras) as snapd:
        names = [f"k{i}" for i in range(live_peers.N_MOTION)]
        together([partial(settled, snapd, name) for name in names])
        ours = _singles(snapd, names * 3)
    print(f"  h264 snapd watching {len(names)}, picture {quantiles(ours)} ms", end="")
    print(f": 1/{motion_s / p95(ours):.0f} of motion's" if motion_s else "")


def _peers() -> None:
    drain = partial(live_peers.pyav_memory, codec="h264", n=N_BURST_CAMERAS)
    _with_cameras("h264", partial(live_peers.per_click, codec="h264"), drain, _against_motion)


def _codec(codec: str) -> None:
    _with_cameras(codec, partial(_ours, codec=codec), partial(_moving, codec=codec))


PARTS: dict[str, Callable[[], None]] = {
    "h264": partial(_codec, "h264"),
    "hevc": partial(_codec, "hevc"),
    "peers": _peers,
    "bounds": partial(_with_cameras, "h264", _isolation, _stills, _ages, _round),
    "soak": live_soak.run,
}


def main() -> None:
    print("Live pictures (p50 / p95)")
    for name in sys.argv[1:] or [name for name in PARTS if name != "soak"]:
        PARTS[name]()


if __name__ == "__main__":
    main()

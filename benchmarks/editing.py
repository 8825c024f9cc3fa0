"""Edits of the register by many people at once: 0 lost, 0 wrong answers, the history complete."""

import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from cctv.errors import StaleEditError
from cctv.registry import Registry, cameras, history
from cctv.registry.doctor import doctor

START_PX = 1_000
HOT_CAMERAS = 5
#: A reader that never rests holds the interpreter, which no screen does [s].
READER_PAUSE_S = 0.02
KEY = "k" * 40


@dataclass(frozen=True)
class Tally:
    """What became of the edits.

    Attributes
    ----------
    saved : int
        Edits that were acknowledged.
    refused : int
        Tries that came second and were made again.
    lost : int
        Acknowledged edits that the records or the history do not hold.
    reads, wrong : int
        Answers to readers; those that no moment of the register could have given.
    """

    saved: int
    refused: int
    lost: int
    reads: int
    wrong: int


def together(registry: Registry, *, edits: int, editors: int, readers: int) -> Tally:
    """Let many people count the same few cameras up, each one on top of the value it saw.

    Parameters
    ----------
    registry : Registry
        Open register.
    edits : int
        How many in all; a multiple of `editors`.
    editors, readers : int
        Threads.

    Returns
    -------
    Tally
        Counted from the records and from the history at the end.
    """
    ids = [camera.camera_id for camera in cameras.list_cameras(registry)[:HOT_CAMERAS]]
    opened = {}
    for camera_id in ids:
        seen = cameras.get_camera(registry, camera_id)
        opened[camera_id] = cameras.update_camera(
            registry, "pembuka", camera_id, seen.version, {"resolution_px": START_PX}, "awal"
        ).version
    done = threading.Event()

    def edit(who: int) -> int:
        refused = 0
        for k in range(edits // editors):
            camera_id = ids[(who + k) % len(ids)]
            while True:
                seen = cameras.get_camera(registry, camera_id)
                try:
                    cameras.update_camera(
                        registry, f"petugas {who}", camera_id, seen.version,
                        {"resolution_px": (seen.resolution_px or 0) + 1}, "hitung",
                    )  # fmt: skip
                except StaleEditError:
                    refused += 1
                else:
                    break
        return refused

    def read(_: int) -> tuple[int, int]:
        reads = wrong = 0
        while not done.wait(READER_PAUSE_S):
            for camera in cameras.get_cameras(registry, ids):
                reads += 1
                wrong += (camera.resolution_px or 0) - START_PX != camera.version - opened[camera.camera_id]
        return reads, wrong

    with ThreadPoolExecutor(editors + readers) as pool:
        reading = [pool.submit(read, k) for k in range(readers)]
        refused = [edited.result() for edited in [pool.submit(edit, k) for k in range(editors)]]
        done.set()
        answers = [read_.result() for read_ in reading]
    saved = edits // editors * editors
    counted = sum((cameras.get_camera(registry, key).resolution_px or 0) - START_PX for key in ids)
    written = [
        change for key in ids for change in history.changes(registry, "camera", key, limit=2 * saved + 10)
        if change.reason == "hitung"
    ]  # fmt: skip
    steps = [int(str(c.after["resolution_px"])) - int(str(c.before["resolution_px"])) for c in written]
    lost = max(saved - counted, saved - len(written), saved - steps.count(1))
    return Tally(saved, sum(refused), lost, sum(r for r, _ in answers), sum(w for _, w in answers))


def main() -> None:
    """Print what became of the edits, and how long they took."""
    with tempfile.TemporaryDirectory() as folder:
        registry = Registry.open(Path(folder) / "cameras.duckdb", secret_key=KEY)
        start = time.perf_counter()
        print("3,000 edits by 8 people with 4 readers:", together(registry, edits=3_000, editors=8, readers=4))
        print(f"in {time.perf_counter() - start:.1f} s; doctor finds {len(doctor(registry))} problems")
        registry.close()


if __name__ == "__main__":
    main()

"""Decoders that may crash: a few processes of their own, replaced when one dies or takes too long."""

import json
import logging
import queue
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import IO

from cctv.errors import SnapshotError
from cctv.live.media import Kind
from cctv.settings import ROOT

log = logging.getLogger(__name__)

#: Longest that one picture may take; a hostile one is cut off here.
JOB_S = 4.0
START_S = 20.0
_MOST_ANSWER = 16_000_000
#: What decoding costs is remembered over so many pictures.
_MEMORY, _FIRST_GUESS_S = 50, 0.02
GONE = (OSError, ValueError, KeyError, TypeError)


class Worker:
    """One decoding process."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "cctv.live.decode_worker"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def wait_until_ready(self) -> None:
        """Wait for its first line; importing takes most of a second."""
        with suppress(*GONE):
            _pipes(self._process)[1].readline(8)

    def render(self, job: dict[str, object], data: bytes) -> tuple[str, bytes]:
        """Give code and picture; the process is killed if it takes too long.

        Parameters
        ----------
        job : dict
            As :func:`cctv.live.decode_worker.render` takes it.
        data : bytes
            What the camera sent.

        Returns
        -------
        tuple of str and bytes
            Code of what is wrong, or empty and a JPEG file.
        """
        alarm = threading.Timer(JOB_S, self._process.kill)
        alarm.start()
        try:
            jobs, answers = _pipes(self._process)
            jobs.write(json.dumps({**job, "n_bytes": len(data)}).encode() + b"\n")
            jobs.write(data)
            jobs.flush()
            head = json.loads(answers.readline(4096))
            n_bytes = int(head["n_bytes"])
            jpeg = answers.read(n_bytes) if 0 <= n_bytes <= _MOST_ANSWER else b""
            if len(jpeg) != n_bytes:
                raise OSError("the answer ends in the middle")
            return str(head["code"]), jpeg
        finally:
            alarm.cancel()

    def end(self) -> None:
        """Kill it."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


class Decoders:
    """Decodes pictures in processes of their own; safe to use from any thread.

    Parameters
    ----------
    n_workers : int
        How many processes.

    Attributes
    ----------
    replaced : int
        How many had to be replaced.
    mean_s : float
        What one picture takes, lately [s].
    """

    def __init__(self, n_workers: int = 2) -> None:
        self._idle: queue.LifoQueue[Worker] = queue.LifoQueue()
        self._all: set[Worker] = set()
        self._lock = threading.Lock()
        self._closed = False
        self.replaced = 0
        self.mean_s = _FIRST_GUESS_S
        for _ in range(n_workers):
            self._add()

    @property
    def pids(self) -> list[int]:
        """Process ids of the workers, sorted."""
        with self._lock:
            return sorted(worker.pid for worker in self._all)

    def render(self, kind: Kind, data: bytes, width: int, *, wait_s: float = START_S) -> bytes:
        """Decode a picture and encode it anew.

        Parameters
        ----------
        kind : str
            How to decode it.
        data : bytes
            What the camera sent.
        width : int
            Width wanted [px]; nothing is made wider.
        wait_s : float
            Longest wait for a free decoder [s].

        Returns
        -------
        bytes
            JPEG file.

        Raises
        ------
        SnapshotError
            ``garbage``, ``too_large`` or ``unreadable``, the last one also if it made two workers crash; ``slow`` if no
            decoder is free in time.
        """
        job: dict[str, object] = {"kind": kind, "width": width}
        for _ in range(2):  # a worker that somebody killed was no fault of the picture
            worker = self._next(wait_s)
            started = time.monotonic()
            try:
                code, jpeg = worker.render(job, data)
            except GONE:
                self._replace(worker)
                continue
            self._idle.put(worker)
            self.mean_s += (time.monotonic() - started - self.mean_s) / _MEMORY
            if code:
                raise SnapshotError(code, "refused by the decoder")
            return jpeg
        raise SnapshotError("unreadable", "the decoder crashed or took too long")

    def close(self) -> None:
        """End all workers."""
        with self._lock:
            self._closed = True
            workers, self._all = self._all, set()
        for worker in workers:
            worker.end()

    def _next(self, wait_s: float) -> Worker:
        try:
            return self._idle.get(timeout=wait_s)
        except queue.Empty as error:
            raise SnapshotError("slow", "no decoder is free") from error

    def _add(self) -> None:
        worker = Worker()
        with self._lock:
            if not self._closed:
                self._all.add(worker)
                threading.Thread(target=self._offer, args=(worker,), daemon=True).start()
                return
        worker.end()

    def _offer(self, worker: Worker) -> None:
        worker.wait_until_ready()
        self._idle.put(worker)

    def _replace(self, worker: Worker) -> None:
        with self._lock:
            self._all.discard(worker)
            self.replaced += 1
        worker.end()
        self._add()
        log.warning("a decoder ended and is replaced")


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:
        raise OSError("no pipes")
    return process.stdin, process.stdout

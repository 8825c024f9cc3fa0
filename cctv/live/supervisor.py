"""Keep the simulator process running: start it, watch it, start it again with growing pauses when it dies."""

import json
import logging
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cctv.errors import SnapshotError
from cctv.settings import ROOT

log = logging.getLogger(__name__)

START_LIMIT_S = 20.0
STOP_LIMIT_S = 3.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 30.0
#: A process that lived this long had started well: the next pause is short again.
STEADY_S = 30.0

Health = Literal["stopped", "running", "restarting"]


@dataclass(frozen=True)
class SimulatorHealth:
    """How the simulator is."""

    state: Health
    pid: int | None
    restarts: int


class Simulator:
    """The simulator process and its watcher; safe to use from any thread.

    Parameters
    ----------
    scene_file : Path
        Scene for the simulator.
    """

    def __init__(self, scene_file: Path) -> None:
        self._scene_file = scene_file
        self._lock = threading.RLock()
        self._process: subprocess.Popen[str] | None = None
        self._watcher: threading.Thread | None = None
        self._stopping = threading.Event()
        self._base_url = ""
        self._restarts = 0

    @property
    def base_url(self) -> str:
        """Where it listens now, ``http://127.0.0.1:port``; empty while it does not run."""
        return self._base_url

    def start(self) -> str:
        """Start the process, or do nothing if it runs.

        Returns
        -------
        str
            Base address.

        Raises
        ------
        SnapshotError
            ``simulator_failed`` if it does not come up.
        """
        with self._lock:
            if self._watcher is not None:
                return self._base_url
            self._stopping.clear()
            process = self._launch()
            self._watcher = threading.Thread(target=self._watch, args=(process,), name="simulator", daemon=True)
            self._watcher.start()
            return self._base_url

    def stop(self) -> None:
        """Stop the process and its watcher; does nothing if it does not run."""
        with self._lock:
            watcher, process = self._watcher, self._process
            self._watcher = None
            self._stopping.set()
        if process is not None:
            _end(process)
        if watcher is not None:
            watcher.join(START_LIMIT_S)

    def health(self) -> SimulatorHealth:
        """Tell how it is.

        Returns
        -------
        SimulatorHealth
            State, process id and how often it had to be started again.
        """
        with self._lock:
            process = self._process
            if self._watcher is None:
                return SimulatorHealth("stopped", None, self._restarts)
            if process is None or process.poll() is not None:
                return SimulatorHealth("restarting", None, self._restarts)
            return SimulatorHealth("running", process.pid, self._restarts)

    def _launch(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "cctv.live.simulator", "--scene", str(self._scene_file), "--port", "0"]
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        port = _announced_port(process)
        if port is None:
            _end(process)
            raise SnapshotError("simulator_failed", f"no port announced within {START_LIMIT_S} s")
        with self._lock:
            self._process = process
            self._base_url = f"http://127.0.0.1:{port}"
        if self._stopping.is_set():  # stop() came while it was starting
            _end(process)
        return process

    def _watch(self, process: subprocess.Popen[str]) -> None:
        pause_s = FIRST_PAUSE_S
        born = time.monotonic()
        while True:
            process.wait()
            _end(process)
            self._base_url = ""
            if self._stopping.is_set():
                return
            log.warning("the simulator ended with %s, starting it again in %.1f s", process.returncode, pause_s)
            if time.monotonic() - born > STEADY_S:
                pause_s = FIRST_PAUSE_S
            if self._stopping.wait(pause_s):
                return
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
            born = time.monotonic()
            try:
                process = self._launch()
            except SnapshotError as error:
                log.warning("%s", error)
                continue
            self._restarts += 1


def _announced_port(process: subprocess.Popen[str]) -> int | None:
    """Read the one line that says where it listens; a process that never says is ended."""
    if process.stdout is None:
        return None
    alarm = threading.Timer(START_LIMIT_S, process.kill)
    alarm.start()
    try:
        return int(json.loads(process.stdout.readline())["port"])
    except (ValueError, KeyError):
        return None
    finally:
        alarm.cancel()


def _end(process: subprocess.Popen[str]) -> None:
    """End a process for certain and close its pipes."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()

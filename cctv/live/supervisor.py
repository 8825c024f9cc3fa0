"""Keep a helper process running: start it, watch it, start it again with growing pauses when it dies."""

import json
import logging
import subprocess
import sys
import threading
import time
from contextlib import suppress
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
STEADY_S = 5.0

Health = Literal["stopped", "running", "restarting"]


@dataclass(frozen=True)
class ProcessHealth:
    """How a helper process is."""

    state: Health
    pid: int | None
    restarts: int


class Supervised:
    """A helper process and its watcher; safe to use from any thread.

    The process gets one line of JSON on its input, says in one line of JSON on its output where it listens, and ends
    when its input closes: it cannot outlive the app.

    Parameters
    ----------
    name : str
        What to call it in the log.
    module : str
        What ``python -m`` runs.
    arguments : list of str
        Its command line; never secrets, anybody on the machine can read it.
    greeting : dict, optional
        What it gets on its input; the place for secrets.
    error : str
        Code of the error if it does not come up.
    """

    def __init__(
        self, name: str, module: str, arguments: list[str], greeting: dict[str, object] | None = None, *, error: str
    ) -> None:
        self._name = name
        self._command = [sys.executable, "-m", module, *arguments]
        self._greeting = greeting
        self._error = error
        self._lock = threading.RLock()
        self._process: subprocess.Popen[str] | None = None
        self._watcher: threading.Thread | None = None
        self._stopping = threading.Event()
        self._announced: dict[str, int] = {}
        self._restarts = 0

    def port(self, name: str = "port") -> int | None:
        """Where it listens now.

        Parameters
        ----------
        name : str
            Which of the ports that it announced.

        Returns
        -------
        int or None
            None while it does not run.
        """
        return self._announced.get(name)

    def start(self) -> None:
        """Start the process, or do nothing if it runs.

        Raises
        ------
        SnapshotError
            If it does not come up.
        """
        with self._lock:
            if self._watcher is not None:
                return
            self._stopping.clear()
            process = self._launch()
            self._watcher = threading.Thread(target=self._watch, args=(process,), name=self._name, daemon=True)
            self._watcher.start()

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

    def health(self) -> ProcessHealth:
        """Tell how it is.

        Returns
        -------
        ProcessHealth
            State, process id and how often it had to be started again.
        """
        with self._lock:
            process = self._process
            if self._watcher is None:
                return ProcessHealth("stopped", None, self._restarts)
            if process is None or process.poll() is not None:
                return ProcessHealth("restarting", None, self._restarts)
            return ProcessHealth("running", process.pid, self._restarts)

    def _launch(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(self._command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        announced = _announced(process, self._greeting)
        if announced is None:
            _end(process)
            raise SnapshotError(self._error, f"{self._name} announced no port within {START_LIMIT_S} s")
        with self._lock:
            self._process = process
            self._announced = announced
        if self._stopping.is_set():  # stop() came while it was starting
            _end(process)
        return process

    def _watch(self, process: subprocess.Popen[str]) -> None:
        pause_s = FIRST_PAUSE_S
        born = time.monotonic()
        while True:
            process.wait()
            _end(process)
            self._announced = {}
            if self._stopping.is_set():
                return
            log.warning("%s ended with %s, starting again in %.1f s", self._name, process.returncode, pause_s)
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


class Simulator(Supervised):
    """The camera simulator of demo mode; ``video_ids`` are the cameras that are asked over RTSP.

    Parameters
    ----------
    scene_file : Path
        Scene for the simulator.
    """

    def __init__(self, scene_file: Path) -> None:
        arguments = ["--scene", str(scene_file), "--port", "0"]
        super().__init__("simulator", "cctv.live.simulator", arguments, error="simulator_failed")
        self.video_ids: frozenset[str] = frozenset()

    @property
    def base_url(self) -> str:
        """Where it serves pictures now, ``http://127.0.0.1:port``; empty while it does not run."""
        port = self.port()
        return "" if port is None else f"http://127.0.0.1:{port}"

    @property
    def video_url(self) -> str:
        """Where it serves video now, ``rtsp://127.0.0.1:port``; empty while it does not run."""
        port = self.port("rtsp_port")
        return "" if port is None else f"rtsp://127.0.0.1:{port}"


def _announced(process: subprocess.Popen[str], greeting: dict[str, object] | None) -> dict[str, int] | None:
    """Greet it and read the one line that says where it listens; a process that never says is ended."""
    if process.stdout is None or process.stdin is None:
        return None
    alarm = threading.Timer(START_LIMIT_S, process.kill)
    alarm.start()
    try:
        if greeting is not None:
            process.stdin.write(json.dumps(greeting) + "\n")
            process.stdin.flush()
        ports = json.loads(process.stdout.readline())
        return {name: int(port) for name, port in ports.items()} if "port" in ports else None
    except (OSError, ValueError, TypeError):
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
            with suppress(OSError):  # what was not yet written to a process that is gone
                pipe.close()

"""The camera simulator, a process of its own: ``python -m cctv.live.simulator --scene FILE --port 0``.

It prints one JSON line, ``{"port": N, "rtsp_port": M}``, serves ``/kamera/<id>.jpg``, ``/kamera/<id>.mjpg`` and RTSP on
this machine alone, and ends when its input closes or on SIGTERM. Cameras with a fault misbehave the way dead ones do.
"""

import argparse
import json
import os
import random
import signal
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from cctv.live.drawing import Painter
from cctv.live.scene_file import CameraView, Scene, read_scene
from cctv.live.simulated_rtsp import VideoServer

STREAM_PERIOD_S = 0.2
SLOW_S = 1.5
SILENT_S = 60.0
FROZEN_FOR = timedelta(hours=3)
MOST_STREAMS = 16
MOST_SILENT = 64
_IDLE_S = 15.0
_BOUNDARY = "bingkai"
_PREFIX = "/kamera/"


@dataclass
class _Studio:
    """What all requests share."""

    scene: Scene
    painter: Painter = field(default_factory=Painter)
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    ending: threading.Event = field(default_factory=threading.Event)
    streams: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(MOST_STREAMS))
    silent: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(MOST_SILENT))

    def frame(self, view: CameraView) -> bytes:
        now = self.started - FROZEN_FOR if view["fault"] == "frozen" else datetime.now(UTC)
        return self.painter.frame(view, now)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_S

    def __init__(self, studio: _Studio, *args: object) -> None:
        self._studio = studio
        super().__init__(*args)  # type: ignore[arg-type] - handed on as socketserver gives them

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the base class
        """Keep quiet: the app logs what matters."""

    def handle(self) -> None:
        """Answer requests until the client goes, however it goes."""
        with suppress(ConnectionError, TimeoutError):
            super().handle()

    def do_GET(self) -> None:
        """Answer one request."""
        path = urlsplit(self.path).path
        name, _, ending = unquote(path.removeprefix(_PREFIX)).rpartition(".")
        view = self._studio.scene["cameras"].get(name) if path.startswith(_PREFIX) else None
        if view is None or ending not in ("jpg", "mjpg"):
            self._send(HTTPStatus.NOT_FOUND, "text/plain", b"")
            return
        if self._misbehaves(view):
            return
        if self.command == "HEAD":
            self._send(HTTPStatus.OK, "image/jpeg", b"")
        elif ending == "mjpg":
            self._stream(view)
        else:
            self._send(HTTPStatus.OK, "image/jpeg", self._studio.frame(view))

    def do_HEAD(self) -> None:
        """Say how it is, with the same faults."""
        self.do_GET()

    def _misbehaves(self, view: CameraView) -> bool:
        """Do what the fault of a camera says; tell whether that was all."""
        match view["fault"]:
            case "refused":
                self.close_connection = True
            case "silent":
                self._say_nothing()
            case "garbage":
                self._send(HTTPStatus.OK, "image/jpeg", random.Random(view["camera_id"]).randbytes(20_000))  # noqa: S311
            case "login":
                self._send(HTTPStatus.UNAUTHORIZED, "text/plain", b"", {"WWW-Authenticate": 'Basic realm="kamera"'})
            case "slow":
                self._studio.ending.wait(SLOW_S)
                return False
            case _:
                return False
        return True

    def _say_nothing(self) -> None:
        """Hold the connection until the client goes or it took long enough."""
        self.close_connection = True
        if not self._studio.silent.acquire(blocking=False):
            return
        try:
            self.connection.settimeout(SILENT_S)
            self.connection.recv(1)
        finally:
            self._studio.silent.release()

    def _send(self, status: int, kind: str, body: bytes, extra: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        for name, value in (extra or {}).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _stream(self, view: CameraView) -> None:
        """Send frames until the client goes."""
        self.close_connection = True
        if not self._studio.streams.acquire(blocking=False):
            self._send(HTTPStatus.SERVICE_UNAVAILABLE, "text/plain", b"")
            return
        try:
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={_BOUNDARY}")
            self.end_headers()
            while not self._studio.ending.is_set():
                frame = self._studio.frame(view)
                head = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(frame)}\r\n\r\n"
                self.wfile.write(head.encode("ascii") + frame + b"\r\n")
                self._studio.ending.wait(STREAM_PERIOD_S)
        finally:
            self._studio.streams.release()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def main(arguments: list[str] | None = None) -> int:
    """Serve the simulated cameras until the input closes or SIGTERM comes.

    Parameters
    ----------
    arguments : list of str, optional
        Command line without the program name.

    Returns
    -------
    int
        Exit status.
    """
    parser = argparse.ArgumentParser(prog="cctv.live.simulator", description=__doc__)
    parser.add_argument("--scene", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args(arguments)
    studio = _Studio(read_scene(options.scene))
    with _Server(("127.0.0.1", options.port), partial(_Handler, studio)) as server:
        signal.signal(signal.SIGTERM, lambda _signal, _frame: studio.ending.set())
        threading.Thread(target=_end_with_input, args=(studio,), daemon=True).start()
        serving = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
        serving.start()
        ports = {"port": server.server_address[1], "rtsp_port": VideoServer(studio.scene, studio.frame).start()}
        sys.stdout.write(json.dumps(ports) + "\n")
        sys.stdout.flush()
        studio.ending.wait()
        server.shutdown()
    return 0


def _end_with_input(studio: _Studio) -> None:
    """Wait for the end of the input: it comes when the app that started us is gone, however it went."""
    while os.read(sys.stdin.fileno(), 4096):  # past the buffer of sys.stdin, whose lock must be free at the end
        continue
    studio.ending.set()


if __name__ == "__main__":
    sys.exit(main())

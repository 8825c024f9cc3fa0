"""The one process that talks to cameras: ``python -m cctv.live.snapd``, started and watched by the app.

It listens on loopback alone, reads its rules and a secret from its input, prints ``{"port": N}``, and ends when its
input closes. Every request has to carry the secret. What goes in and out is one line of JSON and a JPEG.
"""

import json
import os
import secrets
import signal
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import Any

from cctv.errors import SnapshotError
from cctv.live import notices
from cctv.live.client import PictureClient
from cctv.live.decoding import Decoders
from cctv.live.pictures import PictureAnswer, Pictures

SECRET_HEADER = "X-Rahasia"  # noqa: S105 - its name, not its value
ABOUT_HEADER = "X-Tentang"
POLL_PATH = "/periksa"
_MOST_REQUEST = 8_000_000
_IDLE_S = 60.0


@dataclass
class _ToldSimulator:
    """Where the simulator is, as the app said last."""

    base_url: str = ""
    video_url: str = ""


class Desk:
    """Answers the app.

    Parameters
    ----------
    rules : dict
        ``secret``, ``networks``, ``ports``, ``connections``, ``streams``, ``warm_s``, ``decoders``, ``relay``.
    """

    def __init__(self, rules: dict[str, Any]) -> None:
        self._secret = str(rules["secret"])
        self.client = PictureClient(
            tuple(ip_network(text) for text in rules["networks"]),
            ports=frozenset(rules["ports"]),
            most_connections=int(rules["connections"]),
            most_streams=int(rules["streams"]),
            warm_s=float(rules["warm_s"]),
            relay_template=str(rules["relay"]),
        )
        self.decoders = Decoders(int(rules["decoders"]))
        self._simulator = _ToldSimulator()
        self.pictures = Pictures(self.client, self.decoders, self._simulator)
        notices.no_picture(320, "", "connecting", None)  # reads fonts and texts before somebody waits for them

    def knows(self, secret: str) -> bool:
        """Tell whether somebody may ask.

        Parameters
        ----------
        secret : str
            What the request carries.

        Returns
        -------
        bool
            True for the app.
        """
        return secrets.compare_digest(secret.encode(), self._secret.encode())

    def picture(self, asked: dict[str, Any]) -> PictureAnswer:
        """Give a picture.

        Parameters
        ----------
        asked : dict
            ``camera_id``, ``address``, ``width``, ``name``, ``known_since``, ``known_reason``, and where the
            simulator is.

        Returns
        -------
        PictureAnswer
            Always with a picture.

        Raises
        ------
        SnapshotError
            If the width cannot be used.
        """
        self._locate(asked)
        known = asked["known_since"]
        return self.pictures.get(
            str(asked["camera_id"]),
            str(asked["address"]),
            width=int(asked["width"]),
            name=str(asked["name"]),
            known_since=datetime.fromisoformat(known) if known else None,
            known_reason=str(asked["known_reason"]),
        )

    def poll(self, asked: dict[str, Any]) -> dict[str, str]:
        """Ask many cameras whether they are there.

        Parameters
        ----------
        asked : dict
            ``addresses`` by camera, and where the simulator is.

        Returns
        -------
        dict
            Camera to a code of what is wrong; empty if it answered.
        """
        self._locate(asked)
        return self.pictures.poll({str(name): str(address) for name, address in asked["addresses"].items()})

    def _locate(self, asked: dict[str, Any]) -> None:
        self._simulator.base_url = str(asked["simulator"])
        self._simulator.video_url = str(asked["simulator_video"])

    def health(self) -> dict[str, object]:
        """Tell how it is.

        Returns
        -------
        dict
            ``streams`` open, ``decoders`` as process ids, how many were ``replaced``.
        """
        return {
            "streams": self.client.n_streams,
            "decoders": self.decoders.pids,
            "replaced": self.decoders.replaced,
        }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_S
    wbufsize = -1
    disable_nagle_algorithm = True

    def __init__(self, desk: Desk, *args: object) -> None:
        self._desk = desk
        super().__init__(*args)  # type: ignore[arg-type] - handed on as socketserver gives them

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the base class
        """Keep quiet: requests carry addresses."""

    def handle(self) -> None:
        """Answer requests until the app closes the connection, however it does."""
        with suppress(ConnectionError, TimeoutError):
            super().handle()

    def do_GET(self) -> None:
        """Tell how this process is."""
        if not self._desk.knows(self.headers.get(SECRET_HEADER, "")):
            self._send(HTTPStatus.FORBIDDEN, {}, b"")
            return
        self._send(HTTPStatus.OK, self._desk.health(), b"")

    def do_POST(self) -> None:
        """Give a picture, or ask many cameras whether they are there."""
        length = self.headers.get("Content-Length", "")
        is_short = length.isdecimal() and len(length) < 8 and int(length) <= _MOST_REQUEST  # noqa: PLR2004
        if not is_short or not self._desk.knows(self.headers.get(SECRET_HEADER, "")):
            self.close_connection = True
            self._send(HTTPStatus.FORBIDDEN, {}, b"")
            return
        asked = json.loads(self.rfile.read(int(length)))
        if self.path == POLL_PATH:
            self._send(HTTPStatus.OK, {}, json.dumps(self._desk.poll(asked)).encode())
            return
        try:
            answer = self._desk.picture(asked)
        except SnapshotError as error:
            self._send(HTTPStatus.BAD_REQUEST, {"code": error.code}, b"")
            return
        about = {
            "state": answer.state,
            "taken_at": answer.taken_at.isoformat() if answer.taken_at else None,
            "age_s": answer.age_s,
            "reason": answer.reason,
            "since": answer.since.isoformat() if answer.since else None,
        }
        self._send(HTTPStatus.OK, about, answer.jpeg)

    def _send(self, status: int, about: Mapping[str, object], body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "image/jpeg")
        self.send_header("Content-Length", str(len(body)))
        self.send_header(ABOUT_HEADER, json.dumps(about))
        self.end_headers()
        self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


def main() -> int:
    """Serve until the input closes or SIGTERM comes.

    Returns
    -------
    int
        Exit status.
    """
    ending = threading.Event()
    signal.signal(signal.SIGTERM, lambda _signal, _frame: ending.set())
    desk = Desk(json.loads(_first_line()))
    with _Server(("127.0.0.1", 0), partial(_Handler, desk)) as server:
        threading.Thread(target=_end_with_input, args=(ending,), daemon=True).start()
        threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
        sys.stdout.write(json.dumps({"port": server.server_address[1]}) + "\n")
        sys.stdout.flush()
        ending.wait()
        server.shutdown()
    desk.decoders.close()
    return 0


def _first_line() -> bytes:
    line = b""
    while not line.endswith(b"\n"):  # past the buffer of sys.stdin, whose lock must be free at the end
        piece = os.read(sys.stdin.fileno(), 65_536)
        if not piece:
            break
        line += piece
    return line


def _end_with_input(ending: threading.Event) -> None:
    """Wait for the end of the input: it comes when the app that started us is gone, however it went."""
    while os.read(sys.stdin.fileno(), 4096):
        continue
    ending.set()


if __name__ == "__main__":
    sys.exit(main())

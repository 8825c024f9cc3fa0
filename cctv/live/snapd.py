"""The one process that talks to cameras: ``python -m cctv.live.snapd``, started and watched by the app.

It listens on loopback alone, reads its rules and a secret from its input, prints ``{"port": N}``, and ends when its
input closes. Whoever connects has to know the secret. What goes in and out is a line of JSON and a JPEG.
"""

import json
import os
import resource
import signal
import socket
import sys
import threading
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_network
from typing import Any

import cv2

from cctv.errors import SnapshotError
from cctv.live import notices
from cctv.live.channel import accepted
from cctv.live.client import PictureClient
from cctv.live.decoding import Decoders
from cctv.live.moving import Moving
from cctv.live.pictures import PictureAnswer, Pictures
from cctv.live.warming import Warming

_MOST_LINES = 256
#: Connections to cameras and to the app; many systems start with 1,024.
_MOST_FILES = 8192
#: Threads take turns this often: a click must not wait 5 ms for each of them.
_TURN_S = 0.001


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
        As :class:`cctv.live.snapd_client.Bounds` has them, and the ``secret``.
    """

    def __init__(self, rules: dict[str, Any]) -> None:
        self.secret = str(rules["secret"])
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
        self.pictures = Pictures(
            self.client, self.decoders, self._simulator, most_bytes=int(rules["memory_mb"]) * 1_000_000
        )
        self.moving = Moving(
            self.client, most=int(rules["moving"]), fps=float(rules["moving_fps"]), width=int(rules["moving_width"])
        )
        self.warming = Warming(
            self.pictures, self.decoders, most=int(rules["warm"]), share=float(rules["share"]),
            warm_s=float(rules["warm_s"]), sweep_s=float(rules["sweep_s"]),
        )  # fmt: skip
        notices.no_picture(320, "", "connecting", None)  # reads fonts and texts before somebody waits for them

    def answer(self, asked: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Do what a message of the app asks for.

        Parameters
        ----------
        asked : dict
            ``ask`` says what: ``picture``, ``moving``, ``poll``, ``warm`` or ``health``.

        Returns
        -------
        tuple of dict and bytes
            What to say, and a JPEG if it is about a picture; ``code`` if it cannot be done.
        """
        try:
            match asked["ask"]:
                case "picture":
                    answer = self.picture(asked)
                    return about(answer), answer.jpeg
                case "moving":
                    return self.next_shot(asked)
                case "poll":
                    return self.poll(asked), b""
                case "warm":
                    self.warm(asked)
                    return {}, b""
                case _:
                    return self.health(), b""
        except SnapshotError as error:
            return {"code": error.code}, b""

    def picture(self, asked: dict[str, Any]) -> PictureAnswer:
        """Give a picture.

        Parameters
        ----------
        asked : dict
            ``camera_id``, ``address``, ``width``, ``name``, ``known_since``, ``known_reason``, ``brief``, and
            where the simulator is.

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
            brief=bool(asked["brief"]),
        )

    def next_shot(self, asked: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Wait for the next picture of a moving one.

        Parameters
        ----------
        asked : dict
            ``address``, ``after`` which moment, ``wait_s``, and where the simulator is.

        Returns
        -------
        tuple of dict and bytes
            ``taken_at``, None if there is no newer picture yet, and ``reason``; JPEG file.
        """
        self._locate(asked)
        address = str(asked["address"])
        found = self.pictures.resolved(address, moving=True)
        if found is None:
            return {"taken_at": None, "reason": "dead" if address else "no_address"}, b""
        after = datetime.fromisoformat(asked["after"]) if asked["after"] else None
        shot, reason = self.moving.next(*found, after, float(asked["wait_s"]))
        if shot is None:
            return {"taken_at": None, "reason": reason}, b""
        return {"taken_at": shot.taken_at.isoformat(), "reason": reason}, shot.jpeg

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

    def warm(self, asked: dict[str, Any]) -> None:
        """Take over which cameras to keep ready.

        Parameters
        ----------
        asked : dict
            ``pointed``, or ``pinned`` and ``rest``: addresses by camera; and where the simulator is.
        """
        self._locate(asked)
        if "pointed" in asked:
            self.warming.point(asked["pointed"])
        else:
            self.warming.tell(asked["pinned"], asked["rest"])

    def _locate(self, asked: dict[str, Any]) -> None:
        self._simulator.base_url = str(asked["simulator"])
        self._simulator.video_url = str(asked["simulator_video"])

    def health(self) -> dict[str, object]:
        """Tell how it is.

        Returns
        -------
        dict
            ``streams`` open, ``decoders`` as process ids, how many were ``replaced``, how many cameras are ``warm``
            and how many ``moving``.
        """
        return {
            "streams": self.client.n_streams,
            "decoders": self.decoders.pids,
            "replaced": self.decoders.replaced,
            "warm": len(self.warming.warm()),
            "moving": self.moving.n_playing,
        }


def about(answer: PictureAnswer) -> dict[str, object]:
    """Write down what is to be said about a picture.

    Parameters
    ----------
    answer : PictureAnswer
        The picture.

    Returns
    -------
    dict
        Everything but the picture itself.
    """
    return {
        "state": answer.state,
        "taken_at": answer.taken_at.isoformat() if answer.taken_at else None,
        "age_s": answer.age_s,
        "reason": answer.reason,
        "since": answer.since.isoformat() if answer.since else None,
    }


class _Server:
    """Lets the app in and gives each of its lines a thread.

    Parameters
    ----------
    desk : Desk
        Answers.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self._room = threading.BoundedSemaphore(_MOST_LINES)

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._listener.getsockname()[1]

    def serve(self) -> None:
        """Let people in until the process ends."""
        while True:
            caller, _ = self._listener.accept()
            if self._room.acquire(blocking=False):
                threading.Thread(target=self._talk, args=(caller,), daemon=True).start()
            else:
                caller.close()

    def _talk(self, caller: socket.socket) -> None:
        line = None
        try:
            line = accepted(caller, self._desk.secret)
            while line is not None:
                asked, _ = line.receive()
                line.send(*self._desk.answer(asked))
        except (OSError, EOFError):
            return  # the app hung up
        finally:
            self._room.release()
            if line is not None:
                line.close()


def main() -> int:
    """Serve until the input closes or SIGTERM comes.

    Returns
    -------
    int
        Exit status.
    """
    sys.setswitchinterval(_TURN_S)
    cv2.setNumThreads(1)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (_MOST_FILES if hard < 0 else min(hard, _MOST_FILES), hard))
    ending = threading.Event()
    signal.signal(signal.SIGTERM, lambda _signal, _frame: ending.set())
    desk = Desk(json.loads(_first_line()))
    server = _Server(desk)
    threading.Thread(target=_end_with_input, args=(ending,), daemon=True).start()
    threading.Thread(target=server.serve, daemon=True).start()
    threading.Thread(target=desk.warming.run, args=(ending,), daemon=True).start()
    sys.stdout.write(json.dumps({"port": server.port}) + "\n")
    sys.stdout.flush()
    ending.wait()
    desk.moving.close()
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
    os._exit(main())  # at once: a thread that is drawing inside OpenCV would abort an orderly end

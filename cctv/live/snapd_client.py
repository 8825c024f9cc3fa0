"""The app's side of snapd: ask it for a picture, and have an answer even while it is being started again."""

import queue
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from cctv.errors import SnapshotError
from cctv.live.address import SIMULATED, SIMULATED_VIDEO, Network
from cctv.live.channel import BROKEN, Line, call
from cctv.live.keeping import LastPictures
from cctv.live.pictures import NARROWEST, WIDEST, PictureAnswer
from cctv.live.sharing import Shared
from cctv.live.supervisor import ProcessHealth, Supervised

#: Nobody waits longer than this for snapd, which itself waits 0.18 s for a camera; then the last picture is the answer.
ANSWER_S = 0.23
#: A round over very many cameras may take so long.
ROUND_S = 120.0
#: Longest wait for the next picture of a moving one.
SHOT_S = 1.0
_PAUSE_S = 0.02
_MOST_LINES = 64
_WIDTHS = {"low": NARROWEST, "high": WIDEST}


class Simulation(Protocol):
    """What is needed of the simulator: where it listens, and which cameras speak RTSP there."""

    video_ids: frozenset[str]

    @property
    def base_url(self) -> str: ...  # noqa: D102
    @property
    def video_url(self) -> str: ...  # noqa: D102


@dataclass(frozen=True)
class Bounds:
    """What snapd may contact and how much of the machine it may use.

    Attributes
    ----------
    networks : tuple of network
        Where cameras may be.
    ports : tuple of int
        Ports that may be contacted.
    connections, streams, decoders : int
        Requests at the same time, videos kept open, decoding processes.
    warm_s : float
        How long a video is kept open after somebody asked last [s].
    relay : str
        Address of a camera on the city's relay, with ``{nama}``; empty if there is none.
    warm : int
        Cameras whose picture is kept new before anybody asks.
    share : float
        Share of one processor for that and for the sweep over the other cameras.
    sweep_s : float
        Age at which the sweep makes a picture anew [s]; 0 for no sweep.
    memory_mb : int
        Kept pictures together [MB].
    moving : int
        Cameras shown moving at the same time.
    moving_fps, moving_width : int
        Most pictures a second of these, and their width [px].
    """

    networks: tuple[Network, ...]
    ports: tuple[int, ...]
    connections: int
    streams: int
    decoders: int
    warm_s: float
    relay: str
    warm: int = 64
    share: float = 0.08
    sweep_s: float = 600.0
    memory_mb: int = 96
    moving: int = 8
    moving_fps: int = 8
    moving_width: int = 960


@dataclass(frozen=True)
class MovingShot:
    """The next picture of a moving one, if there is any.

    Attributes
    ----------
    jpeg : bytes
        JPEG file; empty if nothing newer came in time.
    taken_at : datetime or None
        When it came from the camera, aware.
    reason : str
        Code of what is wrong; empty if nothing is.
    """

    jpeg: bytes
    taken_at: datetime | None
    reason: str


class SnapdPictures:
    """Gives pictures of cameras through snapd; safe to use from any thread.

    Parameters
    ----------
    bounds : Bounds
        Rules for snapd.
    """

    def __init__(self, bounds: Bounds) -> None:
        self.simulator: Simulation | None = None
        self._secret = secrets.token_urlsafe(32)
        rules: dict[str, object] = {
            **vars(bounds),
            "secret": self._secret,
            "networks": [str(network) for network in bounds.networks],
        }
        self._process = Supervised("snapd", "cctv.live.snapd", [], rules, error="snapd_failed")
        self._lines: queue.LifoQueue[tuple[int, Line]] = queue.LifoQueue(_MOST_LINES)
        self._last = LastPictures()
        self._asking: Shared[PictureAnswer] = Shared()

    def start(self) -> None:
        """Start snapd, or do nothing if it runs.

        Raises
        ------
        SnapshotError
            ``snapd_failed`` if it does not come up.
        """
        self._process.start()

    def close(self) -> None:
        """Stop snapd."""
        self._process.stop()
        while not self._lines.empty():
            self._lines.get()[1].close()

    def health(self) -> ProcessHealth:
        """Tell how snapd is.

        Returns
        -------
        ProcessHealth
            State, process id and how often it had to be started again.
        """
        return self._process.health()

    def inside(self) -> dict[str, Any] | None:
        """Ask snapd what it is doing.

        Returns
        -------
        dict or None
            As :meth:`cctv.live.snapd.Desk.health`; None if it does not answer.
        """
        said = self._ask({"ask": "health"}, ANSWER_S)
        return said and said[0]

    def poll(self, addresses: dict[str, str]) -> dict[str, str] | None:
        """Ask many cameras whether they are there.

        Parameters
        ----------
        addresses : dict
            Camera to its address in the register.

        Returns
        -------
        dict or None
            Camera to a code of what is wrong, empty if it answered; None if snapd is not there.
        """
        asked = {"ask": "poll", "addresses": {name: self._meant(one) for name, one in addresses.items()}}
        said = self._ask({**asked, **self._located()}, ROUND_S)
        return said and said[0]

    def keep_warm(self, pinned: dict[str, str], rest: dict[str, str]) -> None:
        """Say which cameras to keep ready; nothing happens while snapd is not there.

        Parameters
        ----------
        pinned, rest : dict
            Camera to its address in the register: always warm, and visited by the slow sweep.
        """
        self._warm(pinned=pinned, rest=rest)

    def point_at(self, cameras: dict[str, str]) -> None:
        """Say which cameras somebody will probably look at next; nothing happens while snapd is not there.

        Parameters
        ----------
        cameras : dict
            Camera to its address in the register.
        """
        self._warm(pointed=cameras)

    def _warm(self, **cameras: dict[str, str]) -> None:
        told = {how: {name: self._meant(one) for name, one in them.items()} for how, them in cameras.items()}
        self._ask({"ask": "warm", **told, **self._located()}, ANSWER_S)

    def get(
        self,
        camera_id: str,
        address: str,
        *,
        width: int = 640,
        name: str = "",
        known_since: datetime | None = None,
        known_reason: str = "",
        brief: bool = False,
    ) -> PictureAnswer:
        """Give the newest picture that can be had without waiting for a dead camera.

        Parameters
        ----------
        camera_id, address : str
            Which camera, and its address in the register.
        width : int
            Width wanted [px].
        name : str
            For the card.
        known_since : datetime, optional
            Since when the register knows that the camera does not work.
        known_reason : str
            Why it does not, if the register knows.
        brief : bool
            Whether nobody is looking: the camera is not kept warm for it.

        Returns
        -------
        PictureAnswer
            Always with a picture; the last good one, or a card, with the reason ``restarting`` or ``slow`` while snapd
            is not there or does not answer in time.

        Raises
        ------
        SnapshotError
            ``picture_width`` if the width cannot be used.
        """
        asked = {
            "ask": "picture",
            "camera_id": camera_id,
            "address": self._meant(address),
            "width": width,
            "name": name,
            "known_since": known_since.isoformat() if known_since else None,
            "known_reason": known_reason,
            "brief": brief,
            **self._located(),
        }
        key = (camera_id, address, width, name, known_since, known_reason, brief)
        return self._asking.do(key, lambda: self._picture(camera_id, address, width, name, asked))

    def _picture(
        self, camera_id: str, address: str, width: int, name: str, asked: Mapping[str, object]
    ) -> PictureAnswer:
        until = time.monotonic() + ANSWER_S
        said = self._ask(asked, ANSWER_S)
        while said is None and self._process.port() is None and time.monotonic() + _PAUSE_S < until:
            time.sleep(_PAUSE_S)  # snapd is being started again
            said = self._ask(asked, until - time.monotonic())
        if said is None:
            reason = "restarting" if self._process.port() is None else "slow"
            return self._last.instead(camera_id, address, width, name, reason)
        about, jpeg = said
        if "code" in about:
            raise SnapshotError(about["code"], f"width {width}", {"value": width, **_WIDTHS})
        answer = PictureAnswer(
            about["state"], jpeg, _moment(about["taken_at"]), about["age_s"], about["reason"], _moment(about["since"])
        )
        self._last.keep(camera_id, address, answer)
        return answer

    def next_shot(self, address: str, after: datetime | None) -> MovingShot:
        """Wait for the next picture of a camera that is shown moving.

        Parameters
        ----------
        address : str
            Its address in the register.
        after : datetime or None
            When the picture was taken that is shown now, aware.

        Returns
        -------
        MovingShot
            Without a picture if none came within :data:`SHOT_S`.
        """
        asked = {"address": self._meant(address), "after": after.isoformat() if after else None, "wait_s": SHOT_S}
        said = self._ask({"ask": "moving", **asked, **self._located()}, SHOT_S + ANSWER_S)
        if said is None:
            return MovingShot(b"", None, "restarting" if self._process.port() is None else "slow")
        about, jpeg = said
        return MovingShot(jpeg, _moment(about["taken_at"]), about["reason"])

    def _located(self) -> dict[str, str]:
        if self.simulator is None:
            return {"simulator": "", "simulator_video": ""}
        return {"simulator": self.simulator.base_url, "simulator_video": self.simulator.video_url}

    def _meant(self, address: str) -> str:
        name = address.removeprefix(SIMULATED)
        is_video = name != address and self.simulator is not None and name in self.simulator.video_ids
        return f"{SIMULATED}{SIMULATED_VIDEO}{name}" if is_video else address

    def _ask(self, asked: Mapping[str, object], limit_s: float) -> tuple[dict[str, Any], bytes] | None:
        """Ask once; None if snapd is not there or does not answer in time."""
        port = self._process.port()
        if port is None:
            return None
        line = None
        try:
            line = self._line(port, limit_s)
            line.send(asked)
            said = line.receive(limit_s)
        except BROKEN:
            if line is not None:
                line.close()  # an answer that comes late must not be taken for that to the next question
            return None
        self._hand_back(port, line)
        return said

    def _line(self, port: int, limit_s: float) -> Line:
        """Take a line that nobody uses, or make one; lines to a snapd that is gone are closed."""
        while True:
            try:
                to, line = self._lines.get_nowait()
            except queue.Empty:
                return call(port, self._secret, limit_s)
            if to == port:
                return line
            line.close()

    def _hand_back(self, port: int, line: Line) -> None:
        try:
            self._lines.put_nowait((port, line))
        except queue.Full:
            line.close()


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

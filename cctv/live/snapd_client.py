"""The app's side of snapd: ask it for a picture, and have an answer even while it is being started again."""

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Protocol

import httpx

from cctv.errors import SnapshotError
from cctv.live import notices
from cctv.live.address import SIMULATED, SIMULATED_VIDEO, Network
from cctv.live.jpeg import encode
from cctv.live.pictures import NARROWEST, WIDEST, PictureAnswer
from cctv.live.snapd import ABOUT_HEADER, POLL_PATH, SECRET_HEADER
from cctv.live.supervisor import ProcessHealth, Supervised

#: snapd answers within 0.3 s; on a machine that is out of breath it may take a little more.
ANSWER_S = 0.6
#: While snapd is being started again a request waits so long for it.
RESTART_S = 0.25
#: A round over very many cameras may take so long.
ROUND_S = 120.0
_PAUSE_S = 0.02
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
    """

    networks: tuple[Network, ...]
    ports: tuple[int, ...]
    connections: int
    streams: int
    decoders: int
    warm_s: float
    relay: str


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
        self._http = httpx.Client(
            trust_env=False,
            timeout=ANSWER_S,
            headers={SECRET_HEADER: self._secret},
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=32, keepalive_expiry=30),
        )

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
        self._http.close()

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
        port = self._process.port()
        if port is None:
            return None
        try:
            return json.loads(self._http.get(f"http://127.0.0.1:{port}/").headers[ABOUT_HEADER])
        except (httpx.HTTPError, KeyError, ValueError):
            return None

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
        port = self._process.port()
        if port is None:
            return None
        asked = {"addresses": {name: self._meant(one) for name, one in addresses.items()}, **self._located()}
        try:
            response = self._http.post(f"http://127.0.0.1:{port}{POLL_PATH}", json=asked, timeout=ROUND_S)
            return response.json() if response.status_code == HTTPStatus.OK else None
        except (httpx.HTTPError, ValueError):
            return None

    def get(
        self,
        camera_id: str,
        address: str,
        *,
        width: int = 640,
        name: str = "",
        known_since: datetime | None = None,
        known_reason: str = "",
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

        Returns
        -------
        PictureAnswer
            Always with a picture; a card with the reason ``restarting`` while snapd is not there.

        Raises
        ------
        SnapshotError
            ``picture_width`` if the width cannot be used.
        """
        asked = {
            "camera_id": camera_id,
            "address": self._meant(address),
            "width": width,
            "name": name,
            "known_since": known_since.isoformat() if known_since else None,
            "known_reason": known_reason,
            **self._located(),
        }
        until = time.monotonic() + RESTART_S
        while True:
            answer = self._ask(asked)
            if answer is not None:
                return answer
            if time.monotonic() > until:
                reason = "restarting" if self._process.port() is None else "slow"
                card = encode(notices.no_picture(width, name, reason, None))
                return PictureAnswer("never", card, None, None, reason, None)
            time.sleep(_PAUSE_S)

    def _located(self) -> dict[str, str]:
        if self.simulator is None:
            return {"simulator": "", "simulator_video": ""}
        return {"simulator": self.simulator.base_url, "simulator_video": self.simulator.video_url}

    def _meant(self, address: str) -> str:
        name = address.removeprefix(SIMULATED)
        is_video = name != address and self.simulator is not None and name in self.simulator.video_ids
        return f"{SIMULATED}{SIMULATED_VIDEO}{name}" if is_video else address

    def _ask(self, asked: Mapping[str, object]) -> PictureAnswer | None:
        """Ask once; None if snapd is not there."""
        port = self._process.port()
        if port is None:
            return None
        try:
            response = self._http.post(f"http://127.0.0.1:{port}/", json=asked)
            about = json.loads(response.headers.get(ABOUT_HEADER, "{}"))
        except (httpx.HTTPError, ValueError):
            return None
        if "code" in about:
            raise SnapshotError(about["code"], f"width {asked['width']}", {"value": asked["width"], **_WIDTHS})
        if response.status_code != HTTPStatus.OK:
            return None
        return PictureAnswer(
            about["state"], response.content, _moment(about["taken_at"]), about["age_s"], about["reason"],
            _moment(about["since"]),
        )  # fmt: skip


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

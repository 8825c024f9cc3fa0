"""The newest picture of each camera, at once: shared between people, kept for a second, never waiting for the dead."""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as WaitedLongEnough
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Literal, Protocol
from urllib.parse import quote

from cctv.errors import SnapshotError
from cctv.live import notices
from cctv.live.address import SIMULATED, Network
from cctv.live.client import DEADLINE_S, PictureClient
from cctv.live.jpeg import Pixels, decode, encode, shrink

State = Literal["fresh", "cached", "last_good", "never"]

NARROWEST, WIDEST = 80, 1920
KEPT_S = 1.0
#: With an older picture or a known fault at hand nobody waits longer than this for a new one.
PATIENCE_S = 0.3
#: A picture up to this age is shown as it is while a slow camera is still sending the next one.
STALE_S = 6.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 60.0
KEPT_WIDTH = 1280
MOST_CAMERAS = 1000
MOST_BYTES = 96_000_000
_MOST_WIDTHS = 4
_DECODERS = 4


class RunningSimulator(Protocol):
    """What is needed of the simulator: where it listens now, empty while it does not."""

    @property
    def base_url(self) -> str: ...  # noqa: D102


@dataclass(frozen=True)
class PictureAnswer:
    """A picture with everything to be said about it; there is always a picture.

    Attributes
    ----------
    state : {"fresh", "cached", "last_good", "never"}
        Taken now, up to some seconds ago, an old one shown grey, or a card because there never was one.
    jpeg : bytes
        JPEG file.
    taken_at : datetime or None
        When it was taken, aware.
    age_s : float or None
        How old it is [s].
    reason : str
        Code of what is wrong with the camera, empty if nothing is.
    since : datetime or None
        Since when that is so, aware.
    """

    state: State
    jpeg: bytes
    taken_at: datetime | None = None
    age_s: float | None = None
    reason: str = ""
    since: datetime | None = None


@dataclass
class _Frame:
    jpeg: bytes
    width: int
    taken_at: datetime
    by_width: dict[int, bytes] = field(default_factory=dict[int, bytes])

    @property
    def age_s(self) -> float:
        return (datetime.now(UTC) - self.taken_at).total_seconds()

    @property
    def n_bytes(self) -> int:
        return len(self.jpeg) + sum(map(len, tuple(self.by_width.values())))

    def at_width(self, width: int) -> bytes:
        if width >= self.width:
            return self.jpeg
        made = self.by_width.get(width)
        if made is None:
            made = encode(shrink(decode(self.jpeg), width))
            if len(self.by_width) >= _MOST_WIDTHS:
                self.by_width = {}
            self.by_width[width] = made
        return made


@dataclass
class _Failure:
    reason: str
    since: datetime
    tries: int = 1
    retry_at: float = 0.0  # monotonic [s]

    @property
    def is_open(self) -> bool:
        """Whether the camera is left alone: always after a refused login, else until the pause is over."""
        return self.reason == "login_refused" or time.monotonic() < self.retry_at


@dataclass
class _Camera:
    address: str
    lock: threading.Lock = field(default_factory=threading.Lock)
    frame: _Frame | None = None
    failure: _Failure | None = None
    flight: Future[None] | None = None


class Pictures:
    """Gives pictures of cameras; safe to use from any thread.

    Parameters
    ----------
    allowed_networks : iterable of network
        Where cameras may be.
    simulator : object with base_url, optional
        The running simulator; may be set later.
    """

    def __init__(self, allowed_networks: Iterable[Network], simulator: RunningSimulator | None = None) -> None:
        self.simulator = simulator
        self._client = PictureClient(tuple(allowed_networks))
        self._decoders = ThreadPoolExecutor(_DECODERS, thread_name_prefix="picture")
        self._cameras: OrderedDict[str, _Camera] = OrderedDict()
        self._lock = threading.Lock()

    def get(
        self, camera_id: str, address: str, *, width: int = 640, name: str = "", known_since: datetime | None = None
    ) -> PictureAnswer:
        """Give the newest picture that can be had without waiting for a dead camera.

        Parameters
        ----------
        camera_id : str
            Which camera.
        address : str
            Its address, ``http(s)://...`` or ``simulasi:<camera_id>``; empty if none is known.
        width : int
            Width wanted [px]; a narrower picture is not made wider.
        name : str
            Name for the card that stands where there never was a picture.
        known_since : datetime, optional
            Since when the register knows that the camera does not work.

        Returns
        -------
        PictureAnswer
            Always with a picture.

        Raises
        ------
        SnapshotError
            ``picture_width`` if the width cannot be used; nothing else.
        """
        if not NARROWEST <= width <= WIDEST:
            limits = {"value": width, "low": NARROWEST, "high": WIDEST}
            raise SnapshotError("picture_width", f"{width}, expected {NARROWEST}-{WIDEST}", dict(limits))
        camera = self._camera(camera_id, address)
        with camera.lock:
            if camera.frame is not None and camera.failure is None and camera.frame.age_s < KEPT_S:
                return _shown(camera.frame, "cached", width)
            before = camera.frame
            is_known = before is not None or camera.failure is not None
            resting = camera.failure is not None and camera.failure.is_open
            flight = None if resting else self._started(camera)
        if flight is not None:
            _wait(flight, PATIENCE_S if is_known else DEADLINE_S + 1.0)
        with camera.lock:
            frame, failure = camera.frame, camera.failure
        if failure is None and frame is not None and (frame is not before or frame.age_s < STALE_S):
            return _shown(frame, "fresh" if frame is not before else "cached", width)
        reason = failure.reason if failure else "slow"
        since = known_since or (failure.since if failure else None)
        if frame is None:
            return PictureAnswer(
                "never", encode(notices.no_picture(width, name, reason, since)), None, None, reason, since
            )
        age_s = frame.age_s
        grey = encode(notices.greyed(decode(frame.at_width(width)), age_s, reason))
        return PictureAnswer("last_good", grey, frame.taken_at, age_s, reason, since)

    def close(self) -> None:
        """End all requests and threads."""
        self._client.close()
        self._decoders.shutdown()

    def _camera(self, camera_id: str, address: str) -> _Camera:
        with self._lock:
            camera = self._cameras.get(camera_id)
            if camera is None or camera.address != address:  # another address may show another place
                camera = _Camera(address)
                self._cameras[camera_id] = camera
            self._cameras.move_to_end(camera_id)
            self._trim()
            return camera

    def _trim(self) -> None:
        """Forget the cameras that nobody looked at for longest."""
        total = sum(camera.frame.n_bytes for camera in self._cameras.values() if camera.frame is not None)
        while len(self._cameras) > 1 and (len(self._cameras) > MOST_CAMERAS or total > MOST_BYTES):
            _, oldest = self._cameras.popitem(last=False)
            total -= oldest.frame.n_bytes if oldest.frame is not None else 0

    def _started(self, camera: _Camera) -> Future[None]:
        """Join the request that is under way, or begin one."""
        if camera.flight is None:
            camera.flight = Future()
            raw = self._request(camera.address)
            raw.add_done_callback(partial(self._received, camera, camera.flight))
        return camera.flight

    def _request(self, address: str) -> Future[bytes]:
        base_url = self.simulator.base_url if self.simulator is not None else ""
        if address and not address.startswith(SIMULATED):
            return self._client.start_fetch(address, base_url)
        if address and base_url:
            camera_id = quote(address.removeprefix(SIMULATED), safe="")
            return self._client.start_fetch(f"{base_url}/kamera/{camera_id}.jpg", base_url)
        failed: Future[bytes] = Future()
        failed.set_exception(SnapshotError("dead" if address else "no_address", "nothing to ask"))
        return failed

    def _received(self, camera: _Camera, flight: Future[None], raw: Future[bytes]) -> None:
        """Hand what came to a decoder, so that the event loop goes on."""
        self._decoders.submit(_land, camera, flight, raw)


def _land(camera: _Camera, flight: Future[None], raw: Future[bytes]) -> None:
    """Decode what came and keep the picture or the reason why there is none."""
    frame, reason = None, "dead"
    try:
        pixels = decode(raw.result())
        frame = _frame(pixels)
    except SnapshotError as error:
        reason = error.code
    except CancelledError:
        reason = "dead"
    finally:
        with camera.lock:
            if frame is not None:
                camera.frame, camera.failure = frame, None
            else:
                camera.failure = _next_failure(camera.failure, reason)
            camera.flight = None
        flight.set_result(None)


def _frame(pixels: Pixels) -> _Frame:
    kept = shrink(pixels, KEPT_WIDTH)
    return _Frame(encode(kept), kept.shape[1], datetime.now(UTC))


def _next_failure(last: _Failure | None, reason: str) -> _Failure:
    now = datetime.now(UTC)
    failure = _Failure(reason, now) if last is None else _Failure(reason, last.since, last.tries + 1)
    pause_s = min(FIRST_PAUSE_S * 2 ** min(failure.tries - 1, 10), LONGEST_PAUSE_S)
    failure.retry_at = time.monotonic() + pause_s
    return failure


def _shown(frame: _Frame, state: State, width: int) -> PictureAnswer:
    return PictureAnswer(state, frame.at_width(width), frame.taken_at, frame.age_s)


def _wait(flight: Future[None], limit_s: float) -> None:
    try:
        flight.result(timeout=limit_s)
    except WaitedLongEnough:
        return

"""The newest picture of each camera, at once: shared between people, kept for a second, never waiting for the dead."""

import threading
import time
from collections import OrderedDict
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as WaitedLongEnough
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Literal, Protocol
from urllib.parse import quote

from cctv.errors import SnapshotError
from cctv.live import notices
from cctv.live.address import SIMULATED, SIMULATED_VIDEO
from cctv.live.client import PictureClient
from cctv.live.decoding import Decoders
from cctv.live.jpeg import encode
from cctv.live.media import Kind, Media

State = Literal["fresh", "cached", "last_good", "never"]

NARROWEST, WIDEST = 80, 1920
KEPT_S = 1.0
#: Nobody waits longer than this for a new picture: then the older one, or a card, is the answer.
PATIENCE_S = 0.25
#: Nor for a decoder to make an existing picture narrower or grey.
BUSY_S = 0.05
#: A picture up to this age is shown as it is while a slow camera is still sending the next one.
STALE_S = 6.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 60.0
KEPT_WIDTH = 1280
MOST_CAMERAS = 1000
MOST_BYTES = 96_000_000
_MOST_SOURCE = 600_000
_MOST_WIDTHS = 4
_THREADS = 8


class RunningSimulator(Protocol):
    """What is needed of the simulator: where it listens now, empty while it does not."""

    @property
    def base_url(self) -> str: ...  # noqa: D102
    @property
    def video_url(self) -> str: ...  # noqa: D102


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
    kind: Kind
    source: bytes
    taken_at: datetime
    by_width: dict[int, bytes]
    grey: tuple[tuple[int, str, int], bytes] = ((0, "", 0), b"")
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def age_s(self) -> float:
        return (datetime.now(UTC) - self.taken_at).total_seconds()

    @property
    def n_bytes(self) -> int:
        return len(self.source) + sum(map(len, tuple(self.by_width.values())))

    def at_width(self, width: int, decoders: Decoders) -> bytes:
        """Give it as wide as wanted, or as it was made for somebody else if no decoder is free in time."""
        made = self.by_width.get(width)
        if made is not None or not self.lock.acquire(timeout=BUSY_S):
            return made or self.by_width[max(self.by_width)]
        try:
            if width not in self.by_width:
                made = decoders.render(self.kind, self.source, width, wait_s=BUSY_S)
                self.by_width = {**dict(list(self.by_width.items())[1 - _MOST_WIDTHS :]), width: made}
            return self.by_width[width]
        except SnapshotError:
            return self.by_width[max(self.by_width)]
        finally:
            self.lock.release()

    def greyed(self, width: int, reason: str, decoders: Decoders) -> bytes | None:
        """Give it grey with its age in whole seconds, the same to everybody; None if no decoder is free in time."""
        age_s = self.age_s
        key = (width, reason, int(age_s))
        if self.grey[0] == key or not self.lock.acquire(timeout=BUSY_S):
            return self.grey[1] if self.grey[0] == key else None
        try:
            if self.grey[0] != key:
                jpeg = decoders.render(self.kind, self.source, width, age_s=age_s, reason=reason, wait_s=BUSY_S)
                self.grey = (key, jpeg)
            return self.grey[1]
        except SnapshotError:
            return None
        finally:
            self.lock.release()


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
    width: int = KEPT_WIDTH
    frame: _Frame | None = None
    failure: _Failure | None = None
    flight: Future[None] | None = None


class Pictures:
    """Gives pictures of cameras; safe to use from any thread.

    Parameters
    ----------
    client : PictureClient
        Fetches what cameras send; closed with this.
    decoders : Decoders
        Decode it; closed with this.
    simulator : object with base_url and video_url, optional
        The running simulator; may be set later.
    patience_s : float
        Longest wait for a new picture [s].
    """

    def __init__(
        self,
        client: PictureClient,
        decoders: Decoders,
        simulator: RunningSimulator | None = None,
        *,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self.simulator = simulator
        self._client, self._decoders, self._patience_s = client, decoders, patience_s
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="picture")
        self._cameras: OrderedDict[str, _Camera] = OrderedDict()
        self._lock = threading.Lock()

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
        camera_id : str
            Which camera.
        address : str
            Its address, ``http(s)://...``, ``rtsp://...``, of a relay, or ``simulasi:<camera_id>``; empty if none is
            known.
        width : int
            Width wanted [px]; a narrower picture is not made wider.
        name : str
            Name for the card that stands where there never was a picture.
        known_since : datetime, optional
            Since when the register knows that the camera does not work.
        known_reason : str
            Why it does not, if the register knows; goes before what we saw.

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
            before = camera.frame
            recent = before is not None and camera.failure is None and before.age_s < KEPT_S
            resting = camera.failure is not None and camera.failure.is_open
            camera.width = width
            flight = None if recent or resting else self._started(camera)
        if flight is not None:
            _wait(flight, self._patience_s)
        with camera.lock:
            frame, failure = camera.frame, camera.failure
        if failure is None and frame is not None and (frame is not before or frame.age_s < STALE_S):
            jpeg = frame.at_width(width, self._decoders)
            return PictureAnswer("cached" if frame is before else "fresh", jpeg, frame.taken_at, frame.age_s)
        seen = failure.reason if failure else "connecting" if frame is None else "slow"
        reason = known_reason if known_reason and failure else seen
        since = known_since or (failure.since if failure else None)
        grey = None if frame is None else frame.greyed(width, reason, self._decoders)
        if frame is None or grey is None:
            card = _card(width, name, reason, since)
            return PictureAnswer("never", card, None, None, reason, since)
        return PictureAnswer("last_good", grey, frame.taken_at, frame.age_s, reason, since)

    def close(self) -> None:
        """End all requests and threads."""
        self._client.close()
        self._threads.shutdown()
        self._decoders.close()

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

    def resolved(self, address: str) -> tuple[str, str] | None:
        """Find where a simulated camera is now.

        Parameters
        ----------
        address : str
            Address of a camera in the register.

        Returns
        -------
        tuple of str or None
            Address to ask and base address of the simulator, empty for real cameras; None if there is nothing to ask.
        """
        if not address.startswith(SIMULATED):
            return (address, "") if address else None
        name = address.removeprefix(SIMULATED)
        is_video = name.startswith(SIMULATED_VIDEO)
        running = self.simulator
        base_url = "" if running is None else running.video_url if is_video else running.base_url
        path = quote(name.removeprefix(SIMULATED_VIDEO), safe="")
        return (f"{base_url}/kamera/{path}{'' if is_video else '.jpg'}", base_url) if base_url else None

    def poll(self, addresses: dict[str, str]) -> dict[str, str]:
        """Ask many cameras whether they are there.

        Parameters
        ----------
        addresses : dict
            Camera to its address in the register.

        Returns
        -------
        dict
            Camera to a code of what is wrong; empty if it answered.
        """
        found = {camera_id: self.resolved(address) for camera_id, address in addresses.items()}
        answers = self._client.poll({camera_id: pair for camera_id, pair in found.items() if pair is not None})
        return {camera_id: answers.get(camera_id, _nothing(address)) for camera_id, address in addresses.items()}

    def _request(self, address: str) -> Future[Media]:
        pair = self.resolved(address)
        if pair is not None:
            return self._client.start_fetch(*pair)
        failed: Future[Media] = Future()
        failed.set_exception(SnapshotError(_nothing(address), "nothing to ask"))
        return failed

    def _received(self, camera: _Camera, flight: Future[None], raw: Future[Media]) -> None:
        """Hand what came to a thread that waits for a decoder, so that the event loop goes on."""
        self._threads.submit(self._land, camera, flight, raw)

    def _land(self, camera: _Camera, flight: Future[None], raw: Future[Media]) -> None:
        """Decode what came and keep the picture or the reason why there is none."""
        frame, reason = None, "dead"
        try:
            media = raw.result()
            before = camera.frame
            is_same = before is not None and before.taken_at == media.taken_at
            frame = before if is_same else self._frame(media, camera.width)
        except SnapshotError as error:
            reason = error.code
        except (CancelledError, TimeoutError):
            reason = "slow"
        finally:
            with camera.lock:
                if frame is not None:
                    camera.frame, camera.failure = frame, None
                else:
                    camera.failure = _next_failure(camera.failure, reason)
                camera.flight = None
            flight.set_result(None)

    def _frame(self, media: Media, width: int) -> _Frame:
        jpeg = self._decoders.render(media.kind, media.data, width)
        if len(media.data) <= _MOST_SOURCE:
            return _Frame(media.kind, media.data, media.taken_at, {width: jpeg})
        kept = self._decoders.render(media.kind, media.data, KEPT_WIDTH)
        return _Frame("jpeg", kept, media.taken_at, {width: jpeg})


@lru_cache(maxsize=256)
def _card(width: int, name: str, reason: str, since: datetime | None) -> bytes:
    return encode(notices.no_picture(width, name, reason, since))


def _nothing(address: str) -> str:
    return "dead" if address else "no_address"


def _next_failure(last: _Failure | None, reason: str) -> _Failure:
    now = datetime.now(UTC)
    failure = _Failure(reason, now) if last is None else _Failure(reason, last.since, last.tries + 1)
    pause_s = min(FIRST_PAUSE_S * 2 ** min(failure.tries - 1, 10), LONGEST_PAUSE_S)
    failure.retry_at = time.monotonic() + pause_s
    return failure


def _wait(flight: Future[None], limit_s: float) -> None:
    try:
        flight.result(timeout=limit_s)
    except WaitedLongEnough:
        return

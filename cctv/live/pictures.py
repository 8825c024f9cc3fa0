"""The newest picture of each camera, at once: shared between people, kept for a second, never waiting for the dead."""

import threading
import time
from collections import OrderedDict
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as WaitedLongEnough
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from typing import Literal, Protocol
from urllib.parse import quote

from cctv.errors import SnapshotError
from cctv.live import notices
from cctv.live.address import SIMULATED, SIMULATED_VIDEO
from cctv.live.client import PictureClient
from cctv.live.decoding import Decoders
from cctv.live.frames import KEPT_WIDTH, Frame, Kept, next_failure
from cctv.live.jpeg import encode
from cctv.live.media import Media

State = Literal["fresh", "cached", "last_good", "never"]

NARROWEST, WIDEST = 80, 1920
KEPT_S = 1.0
#: Nobody waits longer than this for a new picture: then the older one, or a card, is the answer.
PATIENCE_S = 0.18
#: While so many pictures are being fetched, nobody who can be shown one that is not stale waits longer than this.
CROWD, CROWD_PATIENCE_S = 12, 0.06
#: A picture up to this age is shown as it is while a slow camera is still sending the next one.
STALE_S = 6.0
MOST_CAMERAS = 1000
MOST_BYTES = 96_000_000
_MOST_SOURCE = 600_000
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
    most_bytes : int
        All kept pictures together.
    """

    def __init__(
        self,
        client: PictureClient,
        decoders: Decoders,
        simulator: RunningSimulator | None = None,
        *,
        patience_s: float = PATIENCE_S,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self.simulator = simulator
        self._client, self._decoders, self._patience_s = client, decoders, patience_s
        self._most_bytes = most_bytes
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="picture")
        self._cameras: OrderedDict[str, Kept] = OrderedDict()
        self._lock = threading.Lock()
        self._n_flights = 0

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
        brief : bool
            Whether nobody is looking: a video is closed again after its first picture, the camera is not kept warm.

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
            camera.asked = camera.asked if brief else time.monotonic()
            flight = None if recent or resting else self._started(camera, brief=brief)
        if flight is not None:
            _wait(flight, self._patience(before))
        with camera.lock:
            frame, failure = camera.frame, camera.failure
        if failure is None and frame is not None and (frame is not before or frame.age_s < STALE_S):
            jpeg = frame.at_width(width, self._decoders)
            return PictureAnswer("cached" if frame is before else "fresh", jpeg, frame.taken_at, frame.age_s)
        seen = failure.reason if failure else "connecting" if frame is None else "slow"
        reason = known_reason if known_reason and failure else seen
        since = known_since or (failure.since if failure else None)
        if frame is None:
            return PictureAnswer("never", _card(width, name, reason, since), None, None, reason, since)
        return PictureAnswer("last_good", frame.greyed(width, reason), frame.taken_at, frame.age_s, reason, since)

    def refresh(self, camera_id: str, address: str, older_than_s: float, *, brief: bool = False) -> bool:
        """Begin to fetch a new picture for later, if the kept one is old and the camera may be asked.

        Parameters
        ----------
        camera_id, address : str
            Which camera.
        older_than_s : float
            A younger picture is left as it is [s].
        brief : bool
            Whether a video is closed again after its first picture.

        Returns
        -------
        bool
            Whether there was anything to do.
        """
        camera = self._camera(camera_id, address)
        with camera.lock:
            is_young = camera.frame is not None and camera.frame.age_s < older_than_s
            is_resting = camera.failure is not None and camera.failure.is_open
            if is_young or is_resting or camera.flight is not None:
                return False
            self._started(camera, brief=brief)
            return True

    def viewed(self, within_s: float) -> list[tuple[str, str]]:
        """List the cameras that somebody looked at lately.

        Parameters
        ----------
        within_s : float
            How lately [s].

        Returns
        -------
        list of tuple of str
            Camera and address, the latest first.
        """
        since = time.monotonic() - within_s
        with self._lock:
            found = [(one.asked, name, one.address) for name, one in self._cameras.items() if one.asked > since]
        return [(name, address) for _, name, address in sorted(found, reverse=True)]

    @property
    def n_flights(self) -> int:
        """How many pictures are being fetched or decoded."""
        return self._n_flights

    def _patience(self, before: Frame | None) -> float:
        """Tell how long to wait for a new picture; in a crowd the one before will do while it is not stale."""
        is_crowd = self._n_flights > CROWD and before is not None and before.age_s < STALE_S
        return min(self._patience_s, CROWD_PATIENCE_S) if is_crowd else self._patience_s

    def close(self) -> None:
        """End all requests and threads."""
        self._client.close()
        self._threads.shutdown()
        self._decoders.close()

    def _camera(self, camera_id: str, address: str) -> Kept:
        with self._lock:
            camera = self._cameras.get(camera_id)
            if camera is None or camera.address != address:  # another address may show another place
                camera = Kept(address)
                self._cameras[camera_id] = camera
            self._cameras.move_to_end(camera_id)
            self._trim()
            return camera

    def _trim(self) -> None:
        """Forget the cameras that nobody looked at for longest."""
        total = sum(camera.frame.n_bytes for camera in self._cameras.values() if camera.frame is not None)
        while len(self._cameras) > 1 and (len(self._cameras) > MOST_CAMERAS or total > self._most_bytes):
            _, oldest = self._cameras.popitem(last=False)
            total -= oldest.frame.n_bytes if oldest.frame is not None else 0

    def _started(self, camera: Kept, *, brief: bool = False) -> Future[None]:
        """Join the request that is under way, or begin one."""
        if camera.flight is None:
            camera.flight = Future()
            with self._lock:
                self._n_flights += 1
            raw = self._request(camera.address, brief=brief)
            raw.add_done_callback(partial(self._received, camera, camera.flight))
        return camera.flight

    def resolved(self, address: str, *, moving: bool = False) -> tuple[str, str] | None:
        """Find where a simulated camera is now.

        Parameters
        ----------
        address : str
            Address of a camera in the register.
        moving : bool
            Whether many pictures are wanted.

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
        ending = "" if is_video else ".mjpg" if moving else ".jpg"
        return (f"{base_url}/kamera/{path}{ending}", base_url) if base_url else None

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

    def _request(self, address: str, *, brief: bool) -> Future[Media]:
        pair = self.resolved(address)
        if pair is not None:
            return self._client.start_fetch(*pair, brief=brief)
        failed: Future[Media] = Future()
        failed.set_exception(SnapshotError(_nothing(address), "nothing to ask"))
        return failed

    def _received(self, camera: Kept, flight: Future[None], raw: Future[Media]) -> None:
        """Hand what came to a thread that waits for a decoder, so that the event loop goes on."""
        self._threads.submit(self._land, camera, flight, raw)

    def _land(self, camera: Kept, flight: Future[None], raw: Future[Media]) -> None:
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
                    camera.failure = next_failure(camera.failure, reason)
                camera.flight = None
            with self._lock:
                self._n_flights -= 1
            flight.set_result(None)

    def _frame(self, media: Media, width: int) -> Frame:
        jpeg = self._decoders.render(media.kind, media.data, width)
        if len(media.data) <= _MOST_SOURCE:
            return Frame(media.kind, media.data, media.taken_at, {width: jpeg})
        kept = self._decoders.render(media.kind, media.data, KEPT_WIDTH)
        return Frame("jpeg", kept, media.taken_at, {width: jpeg})


@lru_cache(maxsize=256)
def _card(width: int, name: str, reason: str, since: datetime | None) -> bytes:
    return encode(notices.no_picture(width, name, reason, since))


def _nothing(address: str) -> str:
    return "dead" if address else "no_address"


def _wait(flight: Future[None], limit_s: float) -> None:
    try:
        flight.result(timeout=limit_s)
    except WaitedLongEnough:
        return

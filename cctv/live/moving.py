"""Moving pictures: one connection and one decoder per camera, however many people watch, and none once nobody does."""

import asyncio
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from cctv.errors import SnapshotError
from cctv.live.client import PictureClient
from cctv.live.decoding import GONE, Worker
from cctv.live.inbox import Inbox, Piece

#: Nobody has asked for the next picture for so long: everybody has left.
LEFT_S = 3.0
#: A camera that failed is tried again after this, while somebody still wants to see it.
RETRY_S = 3.0
_LOOK_S = 0.5
NOT_YET = "connecting"


@dataclass(frozen=True)
class Shot:
    """One picture of a moving one.

    Attributes
    ----------
    jpeg : bytes
        JPEG file.
    taken_at : datetime
        When it came from the camera, aware.
    """

    jpeg: bytes
    taken_at: datetime


@dataclass(eq=False)
class _Reel:
    """A camera that is shown moving."""

    address: str
    own_url: str
    shot: Shot | None = None
    reason: str = ""
    asked: float = field(default_factory=time.monotonic)
    retry_at: float = 0.0
    changed: threading.Condition = field(default_factory=threading.Condition)
    playing: Future[None] | None = None

    def tell(self, shot: Shot | None, reason: str) -> None:
        with self.changed:
            self.shot, self.reason = shot or self.shot, reason
            self.changed.notify_all()


class Moving:
    """Shows cameras moving; safe to use from any thread.

    Parameters
    ----------
    client : PictureClient
        Has the connections.
    most : int
        Cameras at the same time.
    fps : float
        Most pictures a second.
    width : int
        Their width [px].
    """

    def __init__(self, client: PictureClient, *, most: int, fps: float, width: int) -> None:
        self._client, self._most, self._period_s, self._width = client, most, 1 / fps, width
        self._reels: dict[str, _Reel] = {}
        self._lock = threading.Lock()
        self._projector = _Projector()

    @property
    def n_playing(self) -> int:
        """How many cameras are shown moving."""
        with self._lock:
            return sum(_is_playing(reel) for reel in self._reels.values())

    def next(self, address: str, own_url: str, after: datetime | None, wait_s: float) -> tuple[Shot | None, str]:
        """Wait for a picture that is newer than the one somebody has.

        Parameters
        ----------
        address, own_url : str
            As in :meth:`cctv.live.client.PictureClient.start_fetch`.
        after : datetime or None
            When the picture was taken that they have, aware.
        wait_s : float
            Longest wait [s].

        Returns
        -------
        tuple of Shot or None, and str
            None if there is no newer one yet, and a code of what is wrong; ``crowded`` if too many are shown.
        """
        reel = self._reel(address, own_url)
        if reel is None:
            return None, "crowded"
        with reel.changed:
            reel.changed.wait_for(lambda: bool(reel.reason) or _is_newer(reel.shot, after), wait_s)
            reel.asked = time.monotonic()
            return (reel.shot if _is_newer(reel.shot, after) else None), reel.reason

    def close(self) -> None:
        """End the decoder; the connections end with the client."""
        self._projector.close()

    def _reel(self, address: str, own_url: str) -> _Reel | None:
        """Join a camera that is shown, or begin to show it."""
        with self._lock:
            reel = self._reels.get(address)
            if reel is not None and (_is_playing(reel) or time.monotonic() < reel.retry_at):
                reel.asked = time.monotonic()
                return reel
            self._reels = {name: one for name, one in self._reels.items() if _is_playing(one)}
            if len(self._reels) >= self._most:
                return None
            reel = self._reels[address] = _Reel(address, own_url)
            reel.playing = self._client.spawn(self._play(reel))
            return reel

    async def _play(self, reel: _Reel) -> None:
        inbox = Inbox()
        feeding = asyncio.ensure_future(self._client.feed(reel.address, reel.own_url, inbox))
        try:
            while time.monotonic() - reel.asked < LEFT_S:
                due = time.monotonic() + self._period_s
                if feeding.done():
                    feeding.result()
                piece = inbox.take()
                if piece is not None:
                    await self._show(reel, piece, inbox)
                    await asyncio.sleep(max(0.0, due - time.monotonic()))
                await _wait_for_any(inbox, feeding)
        except SnapshotError as error:
            reel.retry_at = time.monotonic() + RETRY_S
            reel.tell(None, error.code)
        finally:
            feeding.cancel()
            await asyncio.gather(feeding, return_exceptions=True)

    async def _show(self, reel: _Reel, piece: Piece, inbox: Inbox) -> None:
        if reel.shot is not None and piece.taken_at <= reel.shot.taken_at:
            return
        try:
            jpeg = await self._projector.show(reel.address, piece, self._width)
        except SnapshotError as error:
            if error.code != NOT_YET:
                inbox.lose()
            return
        reel.tell(Shot(jpeg, piece.taken_at), "")


class _Projector:
    """Decodes all running videos in one process of its own, started for the first one and replaced when it dies."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="projector")
        self._worker: Worker | None = None
        self._numbers: dict[str, int] = {}

    async def show(self, address: str, piece: Piece, width: int) -> bytes:
        """Decode a piece of a video and give its last picture."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._show, address, piece, width)

    def _show(self, address: str, piece: Piece, width: int) -> bytes:
        reel = self._numbers.setdefault(address, len(self._numbers))  # the worker need not know addresses
        is_video = piece.kind in ("h264", "hevc")
        units = piece.units if is_video else piece.units[-1:]
        job: dict[str, object] = {"kind": piece.kind, "width": width}
        if is_video:
            job |= {"reel": reel, "sizes": [len(unit) for unit in units], "is_start": piece.is_start}
        if self._worker is None:
            self._worker = Worker()
            self._worker.wait_until_ready()
        try:
            code, jpeg = self._worker.render(job, b"".join(units))
        except GONE as error:
            self._worker.end()
            self._worker = None
            raise SnapshotError("unreadable", "the decoder crashed or took too long") from error
        if code:
            raise SnapshotError(code, "refused by the decoder")
        return jpeg

    def close(self) -> None:
        """End the process."""
        self._thread.shutdown()
        if self._worker is not None:
            self._worker.end()


async def _wait_for_any(inbox: Inbox, feeding: "asyncio.Future[None]") -> None:
    """Wait until something has come, or nothing comes any more, or it is time to see whether anybody is still there."""
    coming = asyncio.ensure_future(inbox.came.wait())
    await asyncio.wait([coming, feeding], timeout=_LOOK_S, return_when=asyncio.FIRST_COMPLETED)
    coming.cancel()


def _is_playing(reel: _Reel) -> bool:
    return reel.playing is None or not reel.playing.done()


def _is_newer(shot: Shot | None, after: datetime | None) -> bool:
    return shot is not None and (after is None or shot.taken_at > after)

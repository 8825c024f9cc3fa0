"""Video that is kept open: the newest key frame of each camera that somebody looked at lately, undecoded."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import cast

from cctv.errors import SnapshotError
from cctv.live.address import Target
from cctv.live.inbox import Inbox
from cctv.live.media import Media
from cctv.live.rtp import Codec, Coded
from cctv.live.rtsp import coded_pictures

#: The first key frame may take so long: the camera sends one every few seconds.
FIRST_S = 6.0
#: A key frame older than this means that the video has stopped.
STALE_S = 12.0


@dataclass
class _Stream:
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    newest: Media | None = None
    error: SnapshotError | None = None
    asked: float = field(default_factory=time.monotonic)
    task: asyncio.Task[None] | None = None
    inboxes: set[Inbox] = field(default_factory=set)

    def take(self, kind: Codec, picture: Coded) -> None:
        """Keep a key frame; hand everything to whoever watches."""
        if picture.is_key:
            self.newest = Media(kind, picture.data)
            self.arrived.set()
        for inbox in self.inboxes:
            if picture.data:
                inbox.put(kind, picture.data, is_key=picture.is_key)
            else:
                inbox.lose()


class Streams:
    """Open video connections, at most one per camera; all on one event loop.

    Parameters
    ----------
    most : int
        Open at the same time; the one not asked for longest is closed for a new one.
    warm_s : float
        Kept open so long after somebody asked last [s].
    """

    def __init__(self, most: int, warm_s: float) -> None:
        self._most, self._warm_s = most, warm_s
        self._streams: OrderedDict[str, _Stream] = OrderedDict()

    @property
    def n_open(self) -> int:
        """How many are open or being opened."""
        return len(self._streams)

    async def newest(self, address: str, check: Callable[[], Awaitable[Target]], *, brief: bool = False) -> Media:
        """Give the newest key frame; the first one is waited for.

        Parameters
        ----------
        address : str
            Address of the camera; the same one shares a connection.
        check : callable
            Gives the checked target; called when a connection is opened.
        brief : bool
            Whether a connection that is opened for this is closed after its first key frame.

        Returns
        -------
        Media
            Key frame, undecoded.

        Raises
        ------
        SnapshotError
            Says why there is none.
        """
        stream = self._opened(address, check)
        stream.asked = stream.asked if brief else time.monotonic()
        try:
            async with asyncio.timeout(FIRST_S):
                await stream.arrived.wait()
        except TimeoutError:
            self._drop(address, stream)
            raise SnapshotError("unreadable", f"no key frame in {FIRST_S} s") from None
        if stream.error is not None:
            raise stream.error
        return cast("Media", stream.newest)

    async def watch(self, address: str, check: Callable[[], Awaitable[Target]], inbox: Inbox) -> None:
        """Hand everything that a camera sends to somebody who watches, until it ends or the watching is cancelled.

        Parameters
        ----------
        address : str
            Address of the camera; the connection is shared with :meth:`newest`.
        check : callable
            As there.
        inbox : Inbox
            Where to put the pictures.

        Raises
        ------
        SnapshotError
            Says why the camera sends no more.
        """
        stream = self._opened(address, check)
        if stream.newest is not None:  # what came after it is gone, but it is better than nothing
            inbox.put(stream.newest.kind, stream.newest.data, is_key=True, taken_at=stream.newest.taken_at)
            inbox.has_gap()
        stream.inboxes.add(inbox)
        try:
            await asyncio.wait([cast("asyncio.Task[None]", stream.task)])
        finally:
            stream.inboxes.discard(inbox)
            stream.asked = time.monotonic()
        raise stream.error or SnapshotError("dead", "the video was closed")

    def _opened(self, address: str, check: Callable[[], Awaitable[Target]]) -> _Stream:
        """Give the connection to a camera; a new one is only kept open if somebody says so."""
        stream = self._streams.get(address)
        if stream is None:
            stream = _Stream(asked=time.monotonic() - self._warm_s)
            self._streams[address] = stream
            stream.task = asyncio.create_task(self._run(address, stream, check))
        self._streams.move_to_end(address)
        self._trim()
        return stream

    def close(self) -> None:
        """Close all; call it on the event loop."""
        for address, stream in list(self._streams.items()):
            self._drop(address, stream)

    async def _run(self, address: str, stream: _Stream, check: Callable[[], Awaitable[Target]]) -> None:
        try:
            async with aclosing(coded_pictures(await check(), lambda: bool(stream.inboxes))) as pictures:
                async for kind, picture in pictures:
                    stream.take(kind, picture)
                    if not stream.inboxes and time.monotonic() - stream.asked > self._warm_s:
                        return
        except SnapshotError as error:
            stream.error = error
        finally:
            stream.error = stream.error or SnapshotError("dead", "the video was closed")
            stream.arrived.set()
            self._drop(address, stream)

    def _trim(self) -> None:
        unwatched = [pair for pair in self._streams.items() if not pair[1].inboxes]
        for address, oldest in unwatched[: max(0, len(self._streams) - self._most)]:
            self._drop(address, oldest)

    def _drop(self, address: str, stream: _Stream) -> None:
        if self._streams.get(address) is stream:
            del self._streams[address]
        if stream.task is not None and stream.task is not asyncio.current_task():
            stream.task.cancel()

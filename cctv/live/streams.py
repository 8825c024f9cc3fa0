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
from cctv.live.media import Kind, Media
from cctv.live.rtsp import key_frames

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

    async def newest(self, address: str, check: Callable[[], Awaitable[Target]]) -> Media:
        """Give the newest key frame; the first one is waited for.

        Parameters
        ----------
        address : str
            Address of the camera; the same one shares a connection.
        check : callable
            Gives the checked target; called when a connection is opened.

        Returns
        -------
        Media
            Key frame, undecoded.

        Raises
        ------
        SnapshotError
            Says why there is none.
        """
        stream = self._streams.get(address)
        if stream is None:
            stream = _Stream()
            self._streams[address] = stream
            stream.task = asyncio.create_task(self._run(address, stream, check))
        self._streams.move_to_end(address)
        self._trim()
        stream.asked = time.monotonic()
        try:
            async with asyncio.timeout(FIRST_S):
                await stream.arrived.wait()
        except TimeoutError:
            self._drop(address, stream)
            raise SnapshotError("unreadable", f"no key frame in {FIRST_S} s") from None
        if stream.error is not None:
            raise stream.error
        return cast("Media", stream.newest)

    def close(self) -> None:
        """Close all; call it on the event loop."""
        for address, stream in list(self._streams.items()):
            self._drop(address, stream)

    async def _run(self, address: str, stream: _Stream, check: Callable[[], Awaitable[Target]]) -> None:
        try:
            async with aclosing(key_frames(await check())) as frames:
                async for kind, data in frames:
                    stream.newest = Media(cast("Kind", kind), data)
                    stream.arrived.set()
                    if time.monotonic() - stream.asked > self._warm_s:
                        return
        except SnapshotError as error:
            stream.error = error
        finally:
            stream.error = stream.error or SnapshotError("dead", "the video was closed")
            stream.arrived.set()
            self._drop(address, stream)

    def _trim(self) -> None:
        while len(self._streams) > self._most:
            address, oldest = next(iter(self._streams.items()))
            self._drop(address, oldest)

    def _drop(self, address: str, stream: _Stream) -> None:
        if self._streams.get(address) is stream:
            del self._streams[address]
        if stream.task is not None and stream.task is not asyncio.current_task():
            stream.task.cancel()

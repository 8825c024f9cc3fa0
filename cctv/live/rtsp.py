"""One camera that speaks RTSP over TCP (RFC 2326, interleaved): give the key frames of its video, or all of it.

The connection goes to the address that was checked and nowhere else: a redirect is refused, and whatever address an
answer contains is only a name to the same camera. Nothing is decoded here.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Coroutine
from dataclasses import dataclass

from cctv.errors import SnapshotError
from cctv.live.address import Target
from cctv.live.rtp import Codec, Coded, CodedPictures
from cctv.live.rtsp_words import Login, VideoTrack, video_track

OPEN_S = 3.0
#: A camera that sends nothing for so long is silent.
SILENCE_S = 4.0
KEEP_ALIVE_S = 25.0
_MOST_HEAD, _MOST_BODY = 16_384, 65_536
_MOST_STRAY = 400
_REDIRECT, _OK, _LOGIN, _NOT_FOUND = range(300, 400), 200, (401, 403), (404, 410)


@dataclass(frozen=True)
class _Answer:
    status: int
    headers: list[tuple[str, str]]
    body: str

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]

    def first(self, name: str, otherwise: str = "") -> str:
        return next(iter(self.all(name)), otherwise)


class _Session:
    """One connection to one camera."""

    def __init__(self, target: Target, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._login = Login(*target.login) if target.login else None
        self._path = target.url.raw_path.decode("ascii").lstrip("/")
        self.address = f"rtsp://{target.host}/{self._path}"
        self._number = 0
        self._session = ""

    async def open(self) -> VideoTrack:
        described = await self._ask("DESCRIBE", self.address, "Accept: application/sdp\r\n")
        base = described.first("content-base") or described.first("content-location") or self.address
        track = video_track(described.body, base)
        transport = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"
        ready = await self._ask("SETUP", track.control, transport)
        self._session = ready.first("session").split(";")[0]
        await self._ask("PLAY", base, "Range: npt=0.000-\r\n")
        return track

    async def packet(self) -> bytes:
        """Give the next RTP packet of the video; answers and reports between them are passed over."""
        while True:
            mark = await self._reader.readexactly(1)
            if mark != b"$":
                await self._answer(mark)
                continue
            channel, high, low = await self._reader.readexactly(3)
            packet = await self._reader.readexactly((high << 8) | low)
            if channel == 0:
                return packet

    async def keep_alive(self) -> None:
        """Say now and then that somebody still watches; cameras hang up after a minute otherwise."""
        while True:
            await asyncio.sleep(KEEP_ALIVE_S)
            self._say("GET_PARAMETER", self.address, "")

    async def _ask(self, method: str, address: str, headers: str) -> _Answer:
        self._say(method, address, headers)
        answer = await self._next_answer()
        if answer.status == _LOGIN[0] and self._login and self._login.challenge(answer.all("www-authenticate")):
            self._say(method, address, headers)
            answer = await self._next_answer()
        _check(answer.status)
        return answer

    def _say(self, method: str, address: str, headers: str) -> None:
        self._number += 1
        login = self._login.header(method, address) if self._login else ""
        session = f"Session: {self._session}\r\n" if self._session else ""
        lines = f"{method} {address} RTSP/1.0\r\nCSeq: {self._number}\r\n{session}{login}{headers}\r\n"
        self._writer.write(lines.encode("utf-8", "replace"))

    async def _next_answer(self) -> _Answer:
        for _ in range(_MOST_STRAY):  # some cameras send video before they say that they do
            mark = await self._reader.readexactly(1)
            if mark != b"$":
                return await self._answer(mark)
            _, high, low = await self._reader.readexactly(3)
            await self._reader.readexactly((high << 8) | low)
        raise SnapshotError("garbage", "no answer among the packets")

    async def _answer(self, mark: bytes) -> _Answer:
        head = mark + await self._reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("utf-8", "replace").split("\r\n")
        words = first.split(" ", 2)
        if not first.startswith("RTSP/1.") or len(words) < 2 or not words[1].isdigit():  # noqa: PLR2004
            raise SnapshotError("garbage", "no RTSP answer")
        pairs = (line.partition(":") for line in lines if ":" in line)
        headers = [(name.strip().lower(), value.strip()) for name, _, value in pairs]
        answer = _Answer(int(words[1][:4]), headers, "")
        length = answer.first("content-length", "0")
        n_bytes = int(length) if length.isdecimal() and len(length) < 8 else 0  # noqa: PLR2004
        if n_bytes > _MOST_BODY:
            raise SnapshotError("too_large", f"a description of {n_bytes} bytes")
        body = await self._reader.readexactly(n_bytes)
        return _Answer(answer.status, headers, body.decode("utf-8", "replace"))


async def coded_pictures(
    target: Target, is_watched: Callable[[], bool] = lambda: False
) -> AsyncGenerator[tuple[Codec, Coded]]:
    """Open the video of a camera and give its key frames as they come; all its pictures while somebody watches.

    Parameters
    ----------
    target : Target
        Checked address.
    is_watched : callable
        Whether somebody watches now.

    Yields
    ------
    tuple of str and Coded
        ``h264`` or ``hevc``, and the picture.

    Raises
    ------
    SnapshotError
        Says why there are no more.
    """
    writer = None
    answered = False
    try:
        async with asyncio.timeout(OPEN_S):
            reader, writer = await asyncio.open_connection(target.url.host, target.port, limit=_MOST_HEAD)
            answered = True
            session = _Session(target, reader, writer)
            track = await session.open()
        pictures = CodedPictures(track.codec, track.parameter_sets)
        async with _running(session.keep_alive()):
            while True:
                async with asyncio.timeout(SILENCE_S):
                    packet = await session.packet()
                pictures.everything = is_watched()
                picture = pictures.feed(packet)
                if picture is not None:
                    yield track.codec, picture
    except TimeoutError as error:
        raise SnapshotError("silent" if answered else "dead", "the camera sends nothing") from error
    except (asyncio.IncompleteReadError, OSError) as error:
        if isinstance(error, SnapshotError):
            raise
        raise SnapshotError("dead", type(error).__name__) from None
    except (asyncio.LimitOverrunError, ValueError) as error:
        raise SnapshotError("garbage", type(error).__name__) from None
    finally:
        if writer is not None:
            writer.close()


@contextlib.asynccontextmanager
async def _running(work: Coroutine[None, None, None]) -> AsyncGenerator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()


def _check(status: int) -> None:
    if status in _REDIRECT:
        raise SnapshotError("blocked_by_policy", f"RTSP {status}: redirects are not followed")
    if status in _LOGIN:
        raise SnapshotError("login_refused", f"RTSP {status}")
    if status in _NOT_FOUND:
        raise SnapshotError("no_such_picture", f"RTSP {status}")
    if status != _OK:
        raise SnapshotError("garbage", f"RTSP {status}")

"""Fetch one picture from a camera under a total deadline and a byte cap of our own.

Library time-outs count per read: a server that drips bytes would hold them for ever. Here all requests run on one event
loop in a thread of their own, each under one deadline that covers name resolution, connecting and the whole body.
"""

import asyncio
import threading
from collections.abc import AsyncGenerator, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from cctv.errors import SnapshotError
from cctv.live import hls, onvif
from cctv.live.adapters import expanded
from cctv.live.address import USUAL_PORTS, Network, Target, checked_target
from cctv.live.http_answers import CameraAuth, capped, check_status, code_of
from cctv.live.inbox import Inbox
from cctv.live.media import Media
from cctv.live.multipart import boundary_of, parts
from cctv.live.polling import poll_all
from cctv.live.streams import FIRST_S, Streams

DEADLINE_S = 2.5
CONNECT_S = 1.5
MOST_CONNECTIONS = 128
MOST_STREAMS, WARM_S = 64, 300.0
#: A camera that only gives stills, or short pieces of video, is asked so often while somebody watches.
STILL_PERIOD_S, SEGMENT_PERIOD_S = 0.5, 1.0
#: A still of this age is taken from what is shown moving.
FED_S = 3.0
_MOST_PLAYLISTS = 3
#: With these a service says in its answer what was wrong with a question.
_FAULT_STATUS = (HTTPStatus.BAD_REQUEST, HTTPStatus.INTERNAL_SERVER_ERROR)


@dataclass
class _Progress:
    """How far a request came, which decides what a missed deadline is called; and who wants more than one picture."""

    deadline: asyncio.Timeout
    inbox: Inbox | None = None
    answered: bool = False


class PictureClient:
    """Fetches pictures; safe to use from any thread.

    Parameters
    ----------
    networks : tuple of network
        Where cameras may be.
    ports : frozenset of int
        Ports that may be contacted.
    most_connections, most_streams : int
        Requests at the same time, and videos kept open.
    warm_s : float
        How long a video is kept open after somebody asked last [s].
    relay_template : str
        Address of a camera on the city's relay, with ``{nama}``; empty if there is none.
    """

    def __init__(
        self,
        networks: tuple[Network, ...],
        *,
        ports: frozenset[int] = USUAL_PORTS,
        most_connections: int = MOST_CONNECTIONS,
        most_streams: int = MOST_STREAMS,
        warm_s: float = WARM_S,
        relay_template: str = "",
    ) -> None:
        self._networks, self._ports, self._relay_template = networks, ports, relay_template
        self._streams = Streams(most_streams, warm_s)
        self._fed: dict[str, Inbox] = {}
        self._loop = asyncio.new_event_loop()
        # names are resolved here: servers of names that never answer must not hold up the other cameras
        self._loop.set_default_executor(ThreadPoolExecutor(most_connections, thread_name_prefix="names"))
        self._http = httpx.AsyncClient(
            follow_redirects=False,
            trust_env=False,
            timeout=httpx.Timeout(DEADLINE_S, connect=CONNECT_S),
            limits=httpx.Limits(max_connections=most_connections, max_keepalive_connections=32, keepalive_expiry=5),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={
                "Accept-Encoding": "identity",
                "Accept": "image/jpeg, multipart/x-mixed-replace, application/vnd.apple.mpegurl, video/*",
            },
        )
        self._thread = threading.Thread(target=self._loop.run_forever, name="camera-client", daemon=True)
        self._thread.start()

    @property
    def n_streams(self) -> int:
        """How many videos are open."""
        return self._streams.n_open

    def start_fetch(self, address: str, own_url: str = "", *, brief: bool = False) -> Future[Media]:
        """Begin to fetch a picture.

        Parameters
        ----------
        address : str
            Address of the camera.
        own_url : str
            Base address of our own simulator, the only loopback address allowed.
        brief : bool
            Whether a video that is opened for this is closed after its first picture.

        Returns
        -------
        Future
            What the camera sent, unchecked, or a SnapshotError that says why there is nothing.
        """
        return asyncio.run_coroutine_threadsafe(self._picture(address, own_url, brief=brief), self._loop)

    def fetch(self, address: str, own_url: str = "") -> Media:
        """Fetch a picture and wait for it.

        Parameters
        ----------
        address, own_url : str
            As in :meth:`start_fetch`.

        Returns
        -------
        Media
            What the camera sent, unchecked.

        Raises
        ------
        SnapshotError
            With a code that says why there is no picture.
        """
        return self.start_fetch(address, own_url).result()

    def poll(self, addresses: dict[str, tuple[str, str]]) -> dict[str, str]:
        """Ask many cameras whether they are there, and wait for all.

        Parameters
        ----------
        addresses : dict
            Camera to its address and the base address of our own simulator.

        Returns
        -------
        dict
            Camera to a code of what is wrong; empty if it answered.
        """
        checks = {camera_id: partial(self._expanded_target, *pair) for camera_id, pair in addresses.items()}
        return asyncio.run_coroutine_threadsafe(poll_all(checks), self._loop).result()

    def close(self) -> None:
        """End all requests and the thread."""
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._shut(), self._loop).result(timeout=5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        self._loop.close()

    async def _shut(self) -> None:
        self._streams.close()
        running = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self._http.aclose()

    def spawn(self, work: Coroutine[None, None, None]) -> Future[None]:
        """Run something beside the requests.

        Parameters
        ----------
        work : coroutine
            Cancelled when this is closed.

        Returns
        -------
        Future
            Done when it ends.
        """
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def feed(self, address: str, own_url: str, inbox: Inbox) -> None:
        """Hand on everything that a camera sends over one connection, until it fails or this is cancelled.

        Parameters
        ----------
        address, own_url : str
            As in :meth:`start_fetch`.
        inbox : Inbox
            Where to put it.

        Raises
        ------
        SnapshotError
            Says why there is no more.
        """
        address = expanded(address, self._relay_template)
        if address.lower().startswith("rtsp:"):
            await self._streams.watch(address, lambda: self._checked(address, own_url), inbox)
        self._fed[address] = inbox
        try:
            while True:
                media = await self._within_deadline(address, own_url, inbox)
                inbox.put(media.kind, media.data, is_key=True, taken_at=media.taken_at)
                await asyncio.sleep(STILL_PERIOD_S if media.kind == "jpeg" else SEGMENT_PERIOD_S)
        finally:
            del self._fed[address]

    async def _picture(self, address: str, own_url: str, *, brief: bool) -> Media:
        address = expanded(address, self._relay_template)
        if address.lower().startswith("rtsp:"):
            async with asyncio.timeout(FIRST_S + DEADLINE_S):
                return await self._streams.newest(address, lambda: self._checked(address, own_url), brief=brief)
        fed = self._fed.get(address)  # shown moving: no second connection for a still
        if fed is not None and fed.newest is not None and fed.newest.age_s < FED_S:
            return fed.newest
        return await self._within_deadline(address, own_url)

    async def _expanded_target(self, address: str, own_url: str) -> Target:
        return await self._checked(expanded(address, self._relay_template).removeprefix(onvif.PREFIX), own_url)

    async def _checked(self, address: str, own_url: str) -> Target:
        return await checked_target(address, self._networks, own_url, self._ports)

    async def _within_deadline(self, address: str, own_url: str, inbox: Inbox | None = None) -> Media:
        progress = _Progress(asyncio.timeout(DEADLINE_S), inbox)
        try:
            async with progress.deadline:
                address = await self._located(address, own_url, progress)
                return await self._read(address, await self._checked(address, own_url), own_url, progress)
        except TimeoutError as error:
            code = "slow" if progress.answered else "silent"
            raise SnapshotError(code, f"no whole picture in {DEADLINE_S} s") from error
        except httpx.HTTPError as error:
            # the text of the error may carry the address with its password: only its class goes on
            raise SnapshotError(code_of(error, answered=progress.answered), type(error).__name__) from None

    async def _located(self, address: str, own_url: str, progress: _Progress) -> str:
        """Ask a camera that speaks ONVIF where its picture is; any other address is one already."""
        if not address.startswith(onvif.PREFIX):
            return address
        service = address.removeprefix(onvif.PREFIX)
        target = replace(await self._checked(service, own_url), login=None)

        async def post(question: bytes) -> bytes:
            return (await self._body(target, progress, question))[2]

        return await onvif.snapshot_address(service, post)

    async def _read(self, address: str, target: Target, own_url: str, progress: _Progress) -> Media:
        kind, rest, body = await self._body(target, progress)
        if kind not in hls.KINDS and not (body.startswith(b"#EXTM3U") and not rest):
            return Media("jpeg", body)
        for _ in range(_MOST_PLAYLISTS):
            found = hls.read_playlist(body[: hls.MOST_BYTES].decode("utf-8", "replace"), address, datetime.now(UTC))
            if isinstance(found, hls.Segment):
                return await self._segment(found, target, own_url, progress)
            address = found
            _, _, body = await self._body(await self._next_target(address, target, own_url), progress)
        raise SnapshotError("garbage", "playlists that only name playlists")

    async def _segment(self, found: hls.Segment, target: Target, own_url: str, progress: _Progress) -> Media:
        places = [one for one in (found.start_address, found.address) if one]
        pieces = [await self._body(await self._next_target(one, target, own_url), progress) for one in places]
        data = b"".join(body for _, _, body in pieces)
        return Media("mp4" if found.start_address else "mpegts", data, found.starts_at)

    async def _next_target(self, address: str, target: Target, own_url: str) -> Target:
        """Check an address out of a playlist like any other; the password goes to its own host alone."""
        following = await self._checked(address, own_url)
        if following.url.scheme not in ("http", "https"):
            raise SnapshotError("blocked_by_policy", "a playlist that names something else than http")
        same = (following.url.scheme, following.host) == (target.url.scheme, target.host)
        return replace(following, login=target.login) if same else replace(following, login=None)

    async def _body(self, target: Target, progress: _Progress, question: bytes | None = None) -> tuple[str, str, bytes]:
        """Give type, its parameters, and the body; of a motion JPEG the first picture."""
        auth = CameraAuth(*target.login) if target.login else None
        kind = {} if question is None else {"Content-Type": onvif.CONTENT_TYPE}
        request = self._http.build_request(
            "GET" if question is None else "POST", target.url, content=question,
            headers={"Host": target.host, **kind}, extensions={"sni_hostname": target.server_name},
        )  # fmt: skip
        response = await self._http.send(request, auth=auth, stream=True, follow_redirects=False)
        try:
            progress.answered = True
            if question is not None and response.status_code in _FAULT_STATUS:
                return "", "", b"".join([chunk async for chunk in capped(response)])
            check_status(response.status_code)
            kind, _, rest = response.headers.get("Content-Type", "").partition(";")
            is_stream = kind.strip().lower() == "multipart/x-mixed-replace"
            chunks = response.aiter_raw() if is_stream else capped(response)
            if is_stream:
                return "image/jpeg", rest, await _first(parts(chunks, boundary_of(rest)), progress)
            return kind.strip().lower(), "", b"".join([chunk async for chunk in chunks])
        finally:
            await response.aclose()


async def _first(pictures: AsyncGenerator[bytes], progress: _Progress) -> bytes:
    """Give the first picture of a motion JPEG; to somebody who wants more, all of them, each in its own time."""
    async with aclosing(pictures):
        async for picture in pictures:
            if progress.inbox is None:
                return picture
            progress.inbox.put("jpeg", picture, is_key=True)
            progress.deadline.reschedule(asyncio.get_running_loop().time() + DEADLINE_S)
    raise SnapshotError("unreadable", "the stream has ended")

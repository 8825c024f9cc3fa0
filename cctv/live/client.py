"""Fetch one picture over HTTP under a total deadline and a byte cap of our own.

Library time-outs count per read: a server that drips bytes would hold them for ever. Here all requests run on one event
loop in a thread of their own, each under one deadline that covers name resolution, connecting and the whole body.
"""

import asyncio
import base64
import threading
from collections.abc import AsyncIterator, Generator
from concurrent.futures import Future
from dataclasses import dataclass
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from cctv.errors import SnapshotError
from cctv.live.address import Network, Target, checked_target

DEADLINE_S = 2.5
CONNECT_S = 1.5
MOST_BYTES = 8_000_000
MOST_CONNECTIONS = 128
_MOST_PART_HEADER = 4096
_MOST_DIGITS = 15  # Python refuses to read numbers of thousands of digits
_LOGIN_STATUS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_GONE_STATUS = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


@dataclass
class _Progress:
    """How far a request came; decides what a missed deadline is called."""

    answered: bool = False


class _CameraAuth(httpx.DigestAuth):
    """Answer whichever challenge the camera gives, digest or basic; send no password unasked."""

    requires_response_body = False

    def __init__(self, username: str, password: str) -> None:
        super().__init__(username, password)
        self._basic = "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode("ascii")

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        response = yield request
        challenge = response.headers.get("WWW-Authenticate", "").lower()
        if response.status_code != HTTPStatus.UNAUTHORIZED:
            return
        if challenge.startswith("basic"):
            request.headers["Authorization"] = self._basic
            yield request
        elif challenge.startswith("digest"):
            yield from super().auth_flow(request)


class PictureClient:
    """Fetches pictures; safe to use from any thread.

    Parameters
    ----------
    networks : tuple of network
        Where cameras may be.
    """

    def __init__(self, networks: tuple[Network, ...]) -> None:
        self._networks = networks
        self._loop = asyncio.new_event_loop()
        self._http = httpx.AsyncClient(
            follow_redirects=False,
            trust_env=False,
            timeout=httpx.Timeout(DEADLINE_S, connect=CONNECT_S),
            limits=httpx.Limits(max_connections=MOST_CONNECTIONS, max_keepalive_connections=32, keepalive_expiry=5),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={"Accept-Encoding": "identity", "Accept": "image/jpeg, multipart/x-mixed-replace"},
        )
        self._thread = threading.Thread(target=self._loop.run_forever, name="camera-client", daemon=True)
        self._thread.start()

    def start_fetch(self, address: str, simulator_url: str = "") -> Future[bytes]:
        """Begin to fetch a picture.

        Parameters
        ----------
        address : str
            Address of the camera.
        simulator_url : str
            Base address of our own simulator, the only loopback address allowed.

        Returns
        -------
        Future
            The bytes that the camera sent as a JPEG, unchecked, or a SnapshotError that says why there are none.
        """
        return asyncio.run_coroutine_threadsafe(self._within_deadline(address, simulator_url), self._loop)

    def fetch(self, address: str, simulator_url: str = "") -> bytes:
        """Fetch a picture and wait for it.

        Parameters
        ----------
        address, simulator_url : str
            As in :meth:`start_fetch`.

        Returns
        -------
        bytes
            What the camera sent as a JPEG, unchecked.

        Raises
        ------
        SnapshotError
            With a code that says why there is no picture.
        """
        return self.start_fetch(address, simulator_url).result()

    def close(self) -> None:
        """End all requests and the thread."""
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._shut(), self._loop).result(timeout=5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        self._loop.close()

    async def _shut(self) -> None:
        running = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self._http.aclose()

    async def _within_deadline(self, address: str, simulator_url: str) -> bytes:
        progress = _Progress()
        try:
            async with asyncio.timeout(DEADLINE_S):
                target = await checked_target(address, self._networks, simulator_url)
                return await self._read(target, progress)
        except TimeoutError as error:
            code = "slow" if progress.answered else "silent"
            raise SnapshotError(code, f"no whole picture in {DEADLINE_S} s") from error
        except httpx.HTTPError as error:
            # the text of the error may carry the address with its password: only its class goes on
            raise SnapshotError(_code_of(error, progress), type(error).__name__) from None

    async def _read(self, target: Target, progress: _Progress) -> bytes:
        auth = _CameraAuth(*target.login) if target.login else None
        request = self._http.build_request(
            "GET", target.url, headers={"Host": target.host}, extensions={"sni_hostname": target.server_name}
        )
        response = await self._http.send(request, auth=auth, stream=True, follow_redirects=False)
        try:
            progress.answered = True
            _check_status(response.status_code)
            kind, _, rest = response.headers.get("Content-Type", "").partition(";")
            chunks = _capped(response)
            if kind.strip().lower() == "multipart/x-mixed-replace":
                return await _first_part(chunks, _boundary(rest))
            return b"".join([chunk async for chunk in chunks])
        finally:
            await response.aclose()


def _check_status(status: int) -> None:
    if status in _LOGIN_STATUS:
        raise SnapshotError("login_refused", f"HTTP {status}")
    if status in _GONE_STATUS:
        raise SnapshotError("not_found", f"HTTP {status}")
    if 300 <= status < 400:  # noqa: PLR2004 - redirects lead past the check of the address
        raise SnapshotError("blocked_by_policy", f"HTTP {status}: redirects are not followed")
    if status != HTTPStatus.OK:
        raise SnapshotError("garbage", f"HTTP {status}")


async def _capped(response: httpx.Response) -> AsyncIterator[bytes]:
    announced = _length(response.headers.get("Content-Length", "").encode())
    if announced is not None and announced > MOST_BYTES:
        raise SnapshotError("too_large", f"{announced} bytes announced, at most {MOST_BYTES}")
    received = 0
    async for chunk in response.aiter_raw():
        received += len(chunk)
        if received > MOST_BYTES:
            raise SnapshotError("too_large", f"more than {MOST_BYTES} bytes")
        yield chunk


def _boundary(parameters: str) -> bytes:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "boundary" and value.strip():
            return b"--" + value.strip().strip('"').removeprefix("--").encode("latin-1", "replace")
    raise SnapshotError("garbage", "multipart without a boundary")


async def _first_part(chunks: AsyncIterator[bytes], boundary: bytes) -> bytes:
    """Read a motion JPEG stream up to the end of its first picture."""
    buffer = bytearray()
    async for chunk in chunks:
        buffer += chunk
        part = _part_in(buffer, boundary)
        if part is not None:
            return part
    raise SnapshotError("unreadable", "the stream ended inside its first picture")


def _part_in(buffer: bytearray, boundary: bytes) -> bytes | None:
    start = buffer.find(boundary)
    head_end = buffer.find(b"\r\n\r\n", max(start, 0))
    if start < 0 or head_end < 0:
        if len(buffer) > _MOST_PART_HEADER + len(boundary):
            raise SnapshotError("garbage", "multipart without a part")
        return None
    body = head_end + 4
    for line in bytes(buffer[start:head_end]).split(b"\r\n"):
        name, _, value = line.partition(b":")
        length = _length(value.strip())
        if name.strip().lower() == b"content-length" and length is not None:
            return bytes(buffer[body : body + length]) if len(buffer) >= body + length else None
    stop = buffer.find(b"\r\n" + boundary, body)
    return bytes(buffer[body:stop]) if stop >= 0 else None


def _length(text: bytes) -> int | None:
    return int(text) if text.isdigit() and len(text) <= _MOST_DIGITS else None


def _code_of(error: httpx.HTTPError, progress: _Progress) -> str:
    if progress.answered:
        return "slow" if isinstance(error, httpx.TimeoutException) else "unreadable"
    if isinstance(error, httpx.ReadTimeout):
        return "silent"
    if isinstance(error, httpx.RemoteProtocolError) and "disconnected" not in str(error):
        return "garbage"  # it speaks, but not HTTP; "disconnected" is h11's word for closing without a word
    return "dead"

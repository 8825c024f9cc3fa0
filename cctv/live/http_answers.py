"""What cameras answer over HTTP: the login they ask for, what their status means, and how much is read at the most."""

import base64
from collections.abc import AsyncIterator, Generator
from http import HTTPStatus

import httpx

from cctv.errors import SnapshotError
from cctv.live.multipart import MOST_BYTES, length_of

_LOGIN_STATUS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_GONE_STATUS = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


class CameraAuth(httpx.DigestAuth):
    """Answer whichever challenge the camera gives, digest or basic; send no password unasked.

    Parameters
    ----------
    username, password : str
        Of the camera.
    """

    requires_response_body = False

    def __init__(self, username: str, password: str) -> None:
        super().__init__(username, password)
        self._basic = "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode("ascii")

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        """Send, look at the answer, and send again with what it asks for.

        Parameters
        ----------
        request : Request
            Without a login.

        Yields
        ------
        Request
            As it is, then with the login that the answer asks for.
        """
        response = yield request
        challenge = response.headers.get("WWW-Authenticate", "").lower()
        if response.status_code != HTTPStatus.UNAUTHORIZED:
            return
        if challenge.startswith("basic"):
            request.headers["Authorization"] = self._basic
            yield request
        elif challenge.startswith("digest"):
            yield from super().auth_flow(request)


def check_status(status: int) -> None:
    """Refuse every answer that is no picture.

    Parameters
    ----------
    status : int
        HTTP status.

    Raises
    ------
    SnapshotError
        With a code that says why.
    """
    if status in _LOGIN_STATUS:
        raise SnapshotError("login_refused", f"HTTP {status}")
    if status in _GONE_STATUS:
        raise SnapshotError("no_such_picture", f"HTTP {status}")
    if 300 <= status < 400:  # noqa: PLR2004 - redirects lead past the check of the address
        raise SnapshotError("blocked_by_policy", f"HTTP {status}: redirects are not followed")
    if status != HTTPStatus.OK:
        raise SnapshotError("garbage", f"HTTP {status}")


async def capped(response: httpx.Response) -> AsyncIterator[bytes]:
    """Read a body, but no more than :data:`MOST_BYTES`.

    Parameters
    ----------
    response : Response
        Opened for streaming.

    Yields
    ------
    bytes
        Pieces as they come.

    Raises
    ------
    SnapshotError
        ``too_large``.
    """
    announced = length_of(response.headers.get("Content-Length", "").encode())
    if announced is not None and announced > MOST_BYTES:
        raise SnapshotError("too_large", f"{announced} bytes announced, at most {MOST_BYTES}")
    received = 0
    async for chunk in response.aiter_raw():
        received += len(chunk)
        if received > MOST_BYTES:
            raise SnapshotError("too_large", f"more than {MOST_BYTES} bytes")
        yield chunk


def code_of(error: httpx.HTTPError, *, answered: bool) -> str:
    """Name what went wrong with a request.

    Parameters
    ----------
    error : HTTPError
        Its text may carry the address with its password and is not looked at further than it must.
    answered : bool
        Whether the camera had begun to answer.

    Returns
    -------
    str
        Code.
    """
    if answered:
        return "slow" if isinstance(error, httpx.TimeoutException) else "unreadable"
    if isinstance(error, httpx.ReadTimeout):
        return "silent"
    if isinstance(error, httpx.RemoteProtocolError) and "disconnected" not in str(error):
        return "garbage"  # it speaks, but not HTTP; "disconnected" is h11's word for closing without a word
    return "dead"

"""The guard around everything the app serves: deny by default, over HTTP and over the websocket, and safe headers."""

import re
import time
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cctv.i18n import Language, t, use_language
from cctv.services import accounts
from cctv.services.self_registration import TOKEN_LENGTH
from cctv.web.blocking import run_blocking
from cctv.web.origin import is_cross_origin
from cctv.web.policy import apply_headers

LANGUAGE_COOKIE = "cctv_bahasa"
OPEN_PATHS = frozenset({"/masuk", "/sehat", "/siapkan"})
#: The form of one owner, by the shape of its token; every other path below it is guarded like all others.
OPEN_FORM = re.compile(rf"/daftar/[A-Za-z0-9_-]{{{TOKEN_LENGTH}}}")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
#: How long an open page may still talk after its session ended [s]: time for the page itself to say so.
GRACE_S = 20.0
POLICY_VIOLATION = 1008


def middleware() -> list[Middleware]:
    """List our middleware, outermost first.

    Returns
    -------
    list of Middleware
        Headers around the guard, so that refusals carry them too.
    """
    return [Middleware(SafeHeaders), Middleware(SessionGuard)]


class SafeHeaders:
    """Put the security headers on every answer.

    Parameters
    ----------
    app : ASGIApp
        What is wrapped.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                apply_headers(scope["path"], MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive, send_with_headers)


class SessionGuard:
    """Let a connection through only with a valid session, except to the few open paths.

    Parameters
    ----------
    app : ASGIApp
        What is guarded.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve or refuse one connection."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection = HTTPConnection(scope)
        use_language(language_of(connection))
        if scope["method"] not in SAFE_METHODS and is_cross_origin(connection.headers):
            await _refusal("cross_site", 403)(scope, receive, send)
            return
        if scope["path"] not in OPEN_PATHS and OPEN_FORM.fullmatch(scope["path"]) is None:
            cookie = connection.cookies.get(accounts.COOKIE_NAME, "")
            account = await run_blocking(accounts.account_of, cookie)
            if account is None:
                await _no_session(scope, connection.headers, had_cookie=bool(cookie))(scope, receive, send)
                return
            scope["state"] = {**scope.get("state", {}), "account": account}
        await self.app(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection = HTTPConnection(scope)
        cookie = connection.cookies.get(accounts.COOKIE_NAME, "")
        account = None if is_cross_origin(connection.headers) else await run_blocking(accounts.account_of, cookie)
        if account is None:
            await receive()  # the handshake; closing before accepting it answers HTTP 403
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
            return
        scope["state"] = {**scope.get("state", {}), "account": account}
        await self.app(scope, _while_signed_in(cookie, receive), send)


def _while_signed_in(cookie: str, receive: Receive) -> Receive:
    """Stop handing on messages of an open page some time after its session has ended.

    The cookie is seen at the handshake only, so without this a page left open would go on for ever.
    """
    ended_at: float | None = None

    async def receive_checked() -> Message:
        nonlocal ended_at
        message = await receive()
        if message["type"] != "websocket.receive":
            return message
        if await run_blocking(accounts.account_of, cookie) is not None:
            ended_at = None
            return message
        now = time.monotonic()
        ended_at = now if ended_at is None else ended_at
        if now - ended_at < GRACE_S:
            return message
        return {"type": "websocket.disconnect", "code": POLICY_VIOLATION}

    return receive_checked


def language_of(connection: HTTPConnection) -> Language:
    """Read the language that this browser has chosen.

    Parameters
    ----------
    connection : HTTPConnection
        Request or websocket handshake.

    Returns
    -------
    {"id", "en"}
        Indonesian unless the cookie says otherwise.
    """
    chosen = connection.cookies.get(LANGUAGE_COOKIE)
    return "en" if chosen == "en" else "id"


def _no_session(scope: Scope, headers: Headers, *, had_cookie: bool) -> Response:
    if "text/html" not in headers.get("accept", ""):
        return _refusal("signed_out", 401)
    address = "/masuk"
    if scope["method"] in SAFE_METHODS:
        query = scope["query_string"].decode("latin-1")
        wanted = quote(scope["path"], safe="/") + (f"?{query}" if query else "")
        address += f"?lanjut={quote(wanted, safe='/')}" + ("&sebab=berakhir" if had_cookie else "")
    return RedirectResponse(address, 303, {"Cache-Control": "no-store"})


def _refusal(code: str, status: int) -> JSONResponse:
    body = {"code": code, "message": t(f"error.{code}"), "hint": t(f"error.{code}_hint")}
    return JSONResponse(body, status, {"Cache-Control": "no-store"})

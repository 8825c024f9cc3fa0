"""Sign-in and sign-out: the page, the form, the session cookie."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from cctv.errors import AccessError
from cctv.i18n import LANGUAGES, t, use_language
from cctv.i18n.messages import error_hint, error_text
from cctv.services import accounts
from cctv.services.runtime import get_runtime
from cctv.settings import Settings
from cctv.web.blocking import run_blocking
from cctv.web.middleware import LANGUAGE_COOKIE
from cctv.web.origin import safe_target
from cctv.web.page import render

YEAR_S = 365 * 24 * 3600
#: Longest form field taken; an argon2 hash of more would only be work.
LONGEST_FIELD = 256
_NOTICES = {"keluar": "web.notice.signed_out", "berakhir": "web.notice.ended", "siap": "web.notice.ready"}


@dataclass(frozen=True)
class Notice:
    """One message above the form.

    Attributes
    ----------
    text : str
        Sentence.
    hint : str
        What to do, or empty.
    is_error : bool
        Whether something went wrong.
    """

    text: str
    hint: str = ""
    is_error: bool = False


async def show_sign_in(request: Request) -> Response:
    """Answer ``GET /masuk``.

    Parameters
    ----------
    request : Request
        May name the wanted page (``lanjut``), a reason (``sebab``) and a language (``bahasa``).

    Returns
    -------
    Response
        The sign-in page, or a redirect for somebody who is signed in already.
    """
    query = request.query_params
    wanted = safe_target(query.get("lanjut", "/"))
    language = query.get("bahasa", "")
    if language in LANGUAGES:
        use_language(language)
    if request.headers.get("sec-fetch-site") == "cross-site" and "ulang" not in query:
        return render("ulang.html", address=f"/masuk?{urlencode({**query, 'lanjut': wanted, 'ulang': '1'})}")
    if await run_blocking(accounts.account_of, _cookie(request)) is not None:
        return RedirectResponse(wanted, 303)
    reason = _NOTICES.get(query.get("sebab", ""))
    answer = _sign_in_page(request, wanted, Notice(t(reason)) if reason else None)
    if language in LANGUAGES:
        answer.set_cookie(
            LANGUAGE_COOKIE, language, max_age=YEAR_S, secure=_is_https(request), httponly=True, samesite="lax"
        )
    return answer


async def take_sign_in(request: Request) -> Response:
    """Answer ``POST /masuk`` with the form fields ``username``, ``password`` and ``lanjut``.

    Parameters
    ----------
    request : Request
        Form post of our page or of a program; posts from other sites never get here.

    Returns
    -------
    Response
        303 to the wanted page with the session cookie, or the page again (401) with what went wrong.
    """
    form = await request.form(max_files=0, max_fields=8)
    username = str(form.get("username", "")).strip()[:LONGEST_FIELD]
    password = str(form.get("password", ""))
    wanted = safe_target(str(form.get("lanjut", "/")))
    if not username or not password or len(password) > LONGEST_FIELD:
        return _sign_in_page(request, wanted, Notice(t("web.login.fill_in"), is_error=True), username, 400)
    try:
        cookie = await run_blocking(accounts.sign_in, username, password)
    except AccessError as error:
        notice = Notice(error_text(error), error_hint(error), is_error=True)
        return _sign_in_page(request, wanted, notice, username, 401)
    await run_blocking(accounts.sign_out, _cookie(request))
    answer = RedirectResponse(wanted, 303)
    answer.set_cookie(
        accounts.COOKIE_NAME,
        cookie,
        max_age=int(get_runtime().settings.session_hours * 3600),
        secure=_is_https(request),
        httponly=True,
        samesite="strict",
    )
    return answer


async def show_sign_out(_request: Request) -> Response:
    """Answer ``GET /keluar``: ask first, because a link must not be able to sign somebody out.

    Parameters
    ----------
    _request : Request
        Not looked at.

    Returns
    -------
    Response
        Page with a button.
    """
    return render("keluar.html")


async def take_sign_out(request: Request) -> Response:
    """Answer ``POST /keluar``: end the session on the server and remove the cookie.

    Parameters
    ----------
    request : Request
        Carries the session cookie.

    Returns
    -------
    Response
        303 to the sign-in page.
    """
    await run_blocking(accounts.sign_out, _cookie(request))
    answer = RedirectResponse("/masuk?sebab=keluar", 303)
    answer.delete_cookie(accounts.COOKIE_NAME, secure=_is_https(request), httponly=True, samesite="strict")
    return answer


def _sign_in_page(
    request: Request, wanted: str, notice: Notice | None, username: str = "", status: int = 200
) -> Response:
    settings = get_runtime().settings
    return render(
        "masuk.html",
        status,
        wanted=wanted,
        notice=notice,
        username=username,
        demo_accounts=accounts.DEMO_USERNAMES if shows_demo_accounts(settings, request) else (),
        demo_password=settings.demo_password,
    )


def shows_demo_accounts(settings: Settings, request: Request) -> bool:
    """Tell whether the page may offer the demo accounts with their password.

    Parameters
    ----------
    settings : Settings
        Mode and address.
    request : Request
        Who asks.

    Returns
    -------
    bool
        True in demo mode on a loopback address for a browser on this machine. The browser is looked at as well
        because Streamlit can be started with another address than the settings say.
    """
    return settings.is_demo and settings.is_loopback and _is_local(request)


def _is_local(request: Request) -> bool:
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _cookie(request: Request) -> str:
    return request.cookies.get(accounts.COOKIE_NAME, "")


def _is_https(request: Request) -> bool:
    return request.url.scheme == "https"

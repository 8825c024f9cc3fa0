"""Signing in and out, whose session it is, and what a role may do."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from time import monotonic

from itsdangerous import BadSignature, Signer

from cctv.errors import AccessError, Problem, ValidationError, raise_if_any
from cctv.permissions import Permission, allows
from cctv.registry import accounts as account_store
from cctv.registry import sessions
from cctv.registry.access_log import log_access
from cctv.registry.accounts import DEMO_ACCOUNTS, SHORTEST_PASSWORD
from cctv.registry.history import account_version
from cctv.registry.models import Account
from cctv.services.runtime import Runtime, get_runtime

__all__ = [
    "COOKIE_NAME", "DEMO_USERNAMES", "SHORTEST_PASSWORD", "account_of", "check_setup_token", "create_first_admin",
    "require", "sign_in", "sign_out",
]  # fmt: skip

COOKIE_NAME = "cctv_sesi"
DEMO_USERNAMES = tuple(username for username, _, _ in DEMO_ACCOUNTS)
#: How long an answer about a session is believed [s]; sign-outs and account changes in this process end it at once.
BELIEVED_S = 3.0
MOST_KEPT = 2000


@dataclass(frozen=True)
class _Known:
    account: Account | None
    version: int
    until: float


_known: dict[str, _Known] = {}
_lock = Lock()


def sign_in(username: str, password: str) -> str:
    """Check a password and open a session.

    Parameters
    ----------
    username, password : str
        As typed.

    Returns
    -------
    str
        Text of the session cookie, signed.

    Raises
    ------
    AccessError
        ``wrong_password`` or ``locked``.
    """
    runtime = get_runtime()
    now = datetime.now(UTC)
    account = account_store.check_password(runtime.registry, username.strip().lower(), password, now)
    lifetime = timedelta(hours=runtime.settings.session_hours)
    session_id = sessions.open_session(runtime.registry, account.username, lifetime, now)
    log_access(runtime.registry, account.username, "masuk", "aplikasi")
    return _signer(runtime).sign(session_id).decode()


def account_of(cookie: str) -> Account | None:
    """Find out who sent a cookie.

    Parameters
    ----------
    cookie : str
        Text of the session cookie; may be anything.

    Returns
    -------
    Account or None
        None without a live session of an active account.
    """
    runtime = get_runtime()
    session_id = _session_id(runtime, cookie)
    if session_id is None:
        return None
    version = account_version(runtime.registry)
    with _lock:
        known = _known.get(session_id)
    if known is not None and known.version == version and monotonic() < known.until:
        return known.account
    account = sessions.session_account(runtime.registry, session_id, datetime.now(UTC))
    with _lock:
        if len(_known) >= MOST_KEPT:
            _known.clear()
        _known[session_id] = _Known(account, version, monotonic() + BELIEVED_S)
    return account


def sign_out(cookie: str) -> None:
    """End the session of a cookie, if there is one.

    Parameters
    ----------
    cookie : str
        Text of the session cookie.
    """
    runtime = get_runtime()
    session_id = _session_id(runtime, cookie)
    if session_id is None:
        return
    sessions.close_session(runtime.registry, session_id)
    with _lock:
        _known.pop(session_id, None)


def require(account: Account, permission: Permission) -> None:
    """Refuse what a role may not do.

    Parameters
    ----------
    account : Account
        Who asks.
    permission : Permission
        What is asked for.

    Raises
    ------
    AccessError
        If the role does not grant it.
    """
    if not allows(account.role, permission):
        raise AccessError("not_permitted", f"{account.username} ({account.role}) asked for {permission}")


def check_setup_token(token: str) -> None:
    """Refuse a set-up link that does not work.

    Parameters
    ----------
    token : str
        From the link.

    Raises
    ------
    AccessError
        If it is unknown, used or too old.
    """
    if not account_store.is_setup_token(get_runtime().registry, token, datetime.now(UTC)):
        raise AccessError("setup_token", "set-up token unknown or too old")


def create_first_admin(*, token: str, username: str, display_name: str, password: str, repeated: str) -> Account:
    """Make the first admin account with the link that was printed at the first start.

    Parameters
    ----------
    token : str
        From the link.
    username, display_name, password, repeated : str
        As typed.

    Returns
    -------
    Account
        The admin.

    Raises
    ------
    AccessError
        If the link does not work.
    ValidationError
        If the passwords differ or a value is not acceptable.
    """
    if not secrets.compare_digest(password.encode(), repeated.encode()):
        raise_if_any([Problem("passwords_differ", name="password")], ValidationError, code="invalid",
                     message="the two passwords differ")  # fmt: skip
    return account_store.use_admin_token(
        get_runtime().registry, token, username=username.strip(), display_name=display_name.strip() or username.strip(),
        password=password, now=datetime.now(UTC),
    )  # fmt: skip


def _signer(runtime: Runtime) -> Signer:
    return Signer(runtime.settings.secret_key, salt="cctv-sesi", digest_method=hashlib.sha256)


def _session_id(runtime: Runtime, cookie: str) -> str | None:
    if not cookie:
        return None
    try:
        return _signer(runtime).unsign(cookie).decode()
    except BadSignature:
        return None

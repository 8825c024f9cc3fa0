"""Sessions: opened at sign-in, kept as hashes, ended at sign-out, by time, or when the account changes."""

import secrets
from datetime import datetime, timedelta

from cctv.registry.accounts import get_account
from cctv.registry.connection import Registry
from cctv.registry.models import Account
from cctv.registry.secret import hashed


def open_session(registry: Registry, username: str, lifetime: timedelta, now: datetime) -> str:
    """Open a session and forget those that have run out.

    Parameters
    ----------
    registry : Registry
        Open register.
    username : str
        Whose.
    lifetime : timedelta
        How long it lasts.
    now : datetime
        Aware moment.

    Returns
    -------
    str
        Random id; the register keeps only its hash.
    """
    session_id = secrets.token_urlsafe(32)
    with registry.transaction(username) as cursor:
        cursor.execute("delete from session where expires_at <= ?", [now])
        cursor.execute("insert into session values (?, ?, ?, ?)", [hashed(session_id), username, now, now + lifetime])
    return session_id


def session_account(registry: Registry, session_id: str, now: datetime) -> Account | None:
    """Find out whose session it is.

    Parameters
    ----------
    registry : Registry
        Open register.
    session_id : str
        Random id from the cookie.
    now : datetime
        Aware moment.

    Returns
    -------
    Account or None
        None if there is no such session, it has run out, or the account is shut.
    """
    with registry.cursor() as cursor:
        sql = "select username from session where session_hash = ? and expires_at > ?"
        row = cursor.execute(sql, [hashed(session_id), now]).fetchone()
    account = get_account(registry, str(row[0])) if row else None
    return account if account is not None and account.active else None


def close_session(registry: Registry, session_id: str) -> None:
    """End a session.

    Parameters
    ----------
    registry : Registry
        Open register.
    session_id : str
        Random id from the cookie.
    """
    with registry.transaction("sesi") as cursor:
        cursor.execute("delete from session where session_hash = ?", [hashed(session_id)])

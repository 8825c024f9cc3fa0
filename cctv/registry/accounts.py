"""Accounts: who may sign in, as what, with which password; lock-out after repeated failures; the demo accounts."""

import hashlib
import secrets
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from cctv.errors import AccessError, NotFoundError, Problem, ValidationError, raise_if_any
from cctv.permissions import Role
from cctv.registry.connection import Registry
from cctv.registry.models import Account
from cctv.registry.store import Row, Table, find, rows, writing

TABLE = Table("account", "username", secret=frozenset({"password_hash"}))
MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
SHORTEST_PASSWORD = 10
SETUP_LIFETIME = timedelta(hours=24)
SYSTEM = "sistem"
DEMO_ACCOUNTS = (
    ("pimpinan", "Pimpinan (contoh)", Role.VIEWER),
    ("perencana", "Perencana (contoh)", Role.PLANNER),
    ("operator", "Operator (contoh)", Role.OPERATOR),
    ("petugas", "Petugas (contoh)", Role.EDITOR),
    ("admin", "Admin (contoh)", Role.ADMIN),
)
_hasher = PasswordHasher()


def _account(row: Row) -> Account:
    fields: dict[str, Any] = {name: row[name] for name in Account.__dataclass_fields__}
    fields["role"] = Role(str(row["role"]))
    return Account(**fields)


def list_accounts(registry: Registry) -> list[Account]:
    """List all accounts.

    Parameters
    ----------
    registry : Registry
        Open register.

    Returns
    -------
    list of Account
        By user name.
    """
    with registry.cursor() as cursor:
        return [_account(row) for row in rows(cursor, "select * from account order by username")]


def get_account(registry: Registry, username: str) -> Account | None:
    """Read one account.

    Parameters
    ----------
    registry : Registry
        Open register.
    username : str
        Which account.

    Returns
    -------
    Account or None
        None if there is no such account.
    """
    with registry.cursor() as cursor:
        row = find(cursor, TABLE, username)
    return None if row is None else _account(row)


def create_account(
    registry: Registry, actor: str, *, username: str, display_name: str, role: Role, password: str,
    agency_id: str | None = None, is_demo: bool = False,
) -> Account:  # fmt: skip
    """Add an account.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    username, display_name : str
        Name to sign in with, and name to show.
    role : Role
        What it is for.
    password : str
        Clear text; only its hash is kept.
    agency_id : str, optional
        Limits the account to one agency.
    is_demo : bool
        Whether it belongs to demo mode.

    Returns
    -------
    Account
        As it is now.

    Raises
    ------
    ValidationError
        If the name is taken or the password too short.
    """
    found = [] if is_demo else _password_problems(username, password)
    if not username.strip() or username != username.strip().lower():
        found.append(Problem("username", username, "username", username))
    with writing(registry, actor) as writer:
        if find(writer.cursor, TABLE, username) is not None:
            found.append(Problem("taken", username, "username", username))
        raise_if_any(found, ValidationError, code="invalid", message=f"account {username}")
        writer.create(
            TABLE,
            {"username": username, "display_name": display_name, "role": str(role), "agency_id": agency_id,
             "active": True, "is_demo": is_demo, "password_hash": _hasher.hash(password), "failures": 0,
             "locked_until": None},
            "akun baru",
        )  # fmt: skip
    return require_account(registry, username)


def set_password(registry: Registry, actor: str, username: str, password: str) -> None:
    """Give an account a new password, unlock it and end its sessions.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    username : str
        Which account.
    password : str
        Clear text; only its hash is kept.

    Raises
    ------
    ValidationError
        If the password is too short.
    NotFoundError
        If there is no such account.
    """
    raise_if_any(_password_problems(username, password), ValidationError, code="invalid", message="password")
    changes: Row = {"password_hash": _hasher.hash(password), "failures": 0, "locked_until": None}
    _change(registry, actor, username, changes, "sandi baru")


def set_role(registry: Registry, actor: str, username: str, role: Role, agency_id: str | None = None) -> None:
    """Give an account another role and end its sessions.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    username : str
        Which account.
    role : Role
        New role.
    agency_id : str, optional
        Limits the account to one agency.

    Raises
    ------
    NotFoundError
        If there is no such account.
    """
    _change(registry, actor, username, {"role": str(role), "agency_id": agency_id}, "peran baru")


def set_active(registry: Registry, actor: str, username: str, *, active: bool) -> None:
    """Let an account sign in or not; its sessions end.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    username : str
        Which account.
    active : bool
        Whether it may sign in.

    Raises
    ------
    NotFoundError
        If there is no such account.
    """
    _change(registry, actor, username, {"active": active}, "diaktifkan" if active else "dinonaktifkan")


def check_password(registry: Registry, username: str, password: str, now: datetime) -> Account:
    """Check a password; the work is the same for a name that does not exist.

    Parameters
    ----------
    registry : Registry
        Open register.
    username, password : str
        As typed.
    now : datetime
        Aware moment.

    Returns
    -------
    Account
        Who it is.

    Raises
    ------
    AccessError
        ``wrong_password`` or ``locked`` with ``until`` in its parameters.
    """
    with registry.cursor() as cursor:
        row = find(cursor, TABLE, username)
    until = row["locked_until"] if row else None
    if isinstance(until, datetime) and until > now:
        raise AccessError("locked", f"{username} until {until:%H:%M}", {"until": until})
    is_right = _verify(str(row["password_hash"]) if row else _decoy(), password)
    if row is None or not row["active"]:
        raise AccessError("wrong_password", username)
    if is_right:
        _count_failures(registry, username, 0, None)
        return _account(row)
    failures = int(str(row["failures"])) + 1
    until = now + LOCKED_FOR if failures >= MOST_FAILURES else None
    _count_failures(registry, username, 0 if until else failures, until)
    if until:
        raise AccessError("locked", f"{username} until {until:%H:%M}", {"until": until})
    raise AccessError("wrong_password", username)


def ensure_demo_accounts(registry: Registry, password: str) -> None:
    """Have the five demo accounts, all with this password.

    Parameters
    ----------
    registry : Registry
        Open register.
    password : str
        Clear text; only its hash is kept.
    """
    for username, display_name, role in DEMO_ACCOUNTS:
        with registry.cursor() as cursor:
            row = find(cursor, TABLE, username)
        if row is None:
            create_account(registry, SYSTEM, username=username, display_name=display_name, role=role,
                           password=password, is_demo=True)  # fmt: skip
        elif not _verify(str(row["password_hash"]), password):
            _change(registry, SYSTEM, username, {"password_hash": _hasher.hash(password)}, "sandi contoh")


def deactivate_demo_accounts(registry: Registry) -> None:
    """Shut the demo accounts, so that none of them works in production.

    Parameters
    ----------
    registry : Registry
        Open register.
    """
    for account in list_accounts(registry):
        if account.is_demo and account.active:
            set_active(registry, SYSTEM, account.username, active=False)


def first_admin_token(registry: Registry, now: datetime) -> str | None:
    """Make a one-time token with which the first admin sets up an account.

    Parameters
    ----------
    registry : Registry
        Open register.
    now : datetime
        Aware moment.

    Returns
    -------
    str or None
        Token for the set-up link, valid 24 hours; None if there is an admin already.
    """
    if any(account.role is Role.ADMIN and account.active for account in list_accounts(registry)):
        return None
    token = secrets.token_urlsafe(32)
    with registry.transaction(SYSTEM) as cursor:
        cursor.execute("delete from setup_token")
        cursor.execute("insert into setup_token values (?, ?)", [hashed(token), now + SETUP_LIFETIME])
    return token


def is_setup_token(registry: Registry, token: str, now: datetime) -> bool:
    """Tell whether a set-up token still works.

    Parameters
    ----------
    registry : Registry
        Open register.
    token : str
        From the link.
    now : datetime
        Aware moment.

    Returns
    -------
    bool
        True if it exists and is not too old.
    """
    with registry.cursor() as cursor:
        sql = "select 1 from setup_token where token_hash = ? and expires_at > ?"
        return cursor.execute(sql, [hashed(token), now]).fetchone() is not None


def use_admin_token(
    registry: Registry, token: str, *, username: str, display_name: str, password: str, now: datetime
) -> Account:
    """Make the first admin account; the token works once.

    Parameters
    ----------
    registry : Registry
        Open register.
    token : str
        From the link.
    username, display_name, password : str
        Of the new account.
    now : datetime
        Aware moment.

    Returns
    -------
    Account
        The admin.

    Raises
    ------
    AccessError
        If the token does not work.
    ValidationError
        If the name is taken or the password too short.
    """
    if not is_setup_token(registry, token, now):
        raise AccessError("setup_token", "set-up token unknown or too old")
    account = create_account(registry, username, username=username, display_name=display_name, role=Role.ADMIN,
                             password=password)  # fmt: skip
    with registry.transaction(username) as cursor:
        cursor.execute("delete from setup_token")
    return account


def hashed(token: str) -> str:
    """Hash a random token, so that the file alone opens nothing.

    Parameters
    ----------
    token : str
        Random text.

    Returns
    -------
    str
        SHA-256, hexadecimal.
    """
    return hashlib.sha256(token.encode()).hexdigest()


def _change(registry: Registry, actor: str, username: str, changes: Row, reason: str) -> None:
    with writing(registry, actor) as writer:
        writer.update(TABLE, username, None, changes, reason)
        writer.cursor.execute("delete from session where username = ?", [username])


def _count_failures(registry: Registry, username: str, failures: int, until: datetime | None) -> None:
    """Count outside the history: a failed sign-in changes nothing that anybody edits."""
    with registry.transaction(SYSTEM) as cursor:
        cursor.execute("update account set failures = ?, locked_until = ? where username = ?",
                       [failures, until, username])  # fmt: skip


def _password_problems(username: str, password: str) -> list[Problem]:
    if len(password) >= SHORTEST_PASSWORD:
        return []
    return [Problem("short_password", username, "password", "***", str(SHORTEST_PASSWORD))]


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


@cache
def _decoy() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))


def require_account(registry: Registry, username: str) -> Account:
    """Read one account that must exist.

    Parameters
    ----------
    registry : Registry
        Open register.
    username : str
        Which account.

    Returns
    -------
    Account
        As it is now.

    Raises
    ------
    NotFoundError
        If there is no such account.
    """
    account = get_account(registry, username)
    if account is None:
        raise NotFoundError("not_found", f"account {username}", {"entity": "account", "id": username})
    return account

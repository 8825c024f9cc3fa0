"""Accounts: who may sign in, as what, with which password; the demo accounts; the first administrator."""

import secrets
from datetime import datetime, timedelta
from typing import Any

import duckdb

from cctv.errors import AccessError, NotFoundError, Problem, ValidationError, raise_if_any
from cctv.permissions import Role
from cctv.registry import agencies
from cctv.registry.attempts import LOCKED_FOR, count_attempt, forgive_attempts
from cctv.registry.connection import Registry
from cctv.registry.models import Account
from cctv.registry.passwords import SHORTEST_PASSWORD, hash_password, is_right, password_problems
from cctv.registry.secret import hashed
from cctv.registry.store import Row, Table, Writer, find, id_problems, rows, writing

__all__ = [
    "DEMO_ACCOUNTS", "LOCKED_FOR", "SHORTEST_PASSWORD", "SYSTEM", "check_password", "create_account",
    "deactivate_demo_accounts", "ensure_demo_accounts", "first_admin_token", "get_account", "is_setup_token",
    "list_accounts", "require_account", "set_active", "set_password", "set_role", "use_admin_token",
]  # fmt: skip

TABLE = Table("account", "username", secret=frozenset({"password_hash"}))
LONGEST_NAME = 64
SETUP_LIFETIME = timedelta(hours=24)
SYSTEM = "sistem"
DEMO_ACCOUNTS = (
    ("pimpinan", "Pimpinan (contoh)", Role.VIEWER),
    ("perencana", "Perencana (contoh)", Role.PLANNER),
    ("operator", "Operator (contoh)", Role.OPERATOR),
    ("petugas", "Petugas (contoh)", Role.EDITOR),
    ("admin", "Admin (contoh)", Role.ADMIN),
)


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
        If the name is taken or no name, the password too short, or there is no such agency.
    """
    password_hash = hash_password(password)  # slow on purpose, so before anybody has to wait for the transaction
    with writing(registry, actor) as writer:
        found = [] if is_demo else password_problems(username, password)
        _create(writer, found, username=username, display_name=display_name, role=str(role), agency_id=agency_id,
                is_demo=is_demo, password_hash=password_hash)  # fmt: skip
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
    raise_if_any(password_problems(username, password), ValidationError, code="invalid", message="password")
    _change(registry, actor, username, {"password_hash": hash_password(password)}, "sandi baru")
    forgive_attempts(registry, username)


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
    ValidationError
        If there is no such agency.
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
    until = count_attempt(registry, username, now)
    with registry.cursor() as cursor:
        row = find(cursor, TABLE, username)
    if is_right(str(row["password_hash"]) if row else None, password) and row is not None and row["active"]:
        forgive_attempts(registry, username)
        return _account(row)
    if until is not None:
        raise AccessError("locked", f"{username} until {until:%H:%M}", {"until": until})
    raise AccessError("wrong_password", username)


def ensure_demo_accounts(registry: Registry, password: str) -> None:
    """Have the five demo accounts, open, each in its role, all with this password.

    An account of the same name that is not a demo account belongs to a person and is left alone.

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
        elif row["is_demo"]:
            wanted: Row = {"active": True, "role": str(role), "agency_id": None}
            changes = {name: value for name, value in wanted.items() if row[name] != value}
            if not is_right(str(row["password_hash"]), password):
                changes["password_hash"] = hash_password(password)
            if changes:
                _change(registry, SYSTEM, username, changes, "akun contoh")


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
        return _is_setup_token(cursor, token, now)


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
    password_hash = hash_password(password)
    with writing(registry, username or SYSTEM) as writer:
        if not _is_setup_token(writer.cursor, token, now):
            raise AccessError("setup_token", "set-up token unknown or too old")
        _create(writer, password_problems(username, password), username=username, display_name=display_name,
                role=str(Role.ADMIN), agency_id=None, is_demo=False, password_hash=password_hash)  # fmt: skip
        writer.cursor.execute("delete from setup_token")
    return require_account(registry, username)


def _change(registry: Registry, actor: str, username: str, changes: Row, reason: str) -> None:
    with writing(registry, actor) as writer:
        found = _agency_problems(writer.cursor, username, changes.get("agency_id"))
        raise_if_any(found, ValidationError, code="invalid", message=f"account {username}")
        writer.update(TABLE, username, None, changes, reason)
        writer.cursor.execute("delete from session where username = ?", [username])


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


def _is_setup_token(cursor: duckdb.DuckDBPyConnection, token: str, now: datetime) -> bool:
    sql = "select 1 from setup_token where token_hash = ? and expires_at > ?"
    return cursor.execute(sql, [hashed(token), now]).fetchone() is not None


def _create(writer: Writer, found: list[Problem], *, username: str, **values: object) -> None:
    """Check the values, add them to what was found wrong before, and write the account."""
    found += id_problems(writer.cursor, TABLE, username)
    if username != username.lower() or len(username) > LONGEST_NAME or any(letter.isspace() for letter in username):
        found.append(Problem("username", username, "username", username))
    if not str(values["display_name"]).strip():
        found.append(Problem("required", username, "display_name"))
    found += _agency_problems(writer.cursor, username, values["agency_id"])
    raise_if_any(found, ValidationError, code="invalid", message=f"account {username}")
    writer.create(TABLE, {"username": username, **values, "active": True}, "akun baru")


def _agency_problems(cursor: duckdb.DuckDBPyConnection, username: str, agency_id: object) -> list[Problem]:
    if agency_id is None or find(cursor, agencies.TABLE, str(agency_id)) is not None:
        return []
    return [Problem("reference", username, "agency_id", str(agency_id))]

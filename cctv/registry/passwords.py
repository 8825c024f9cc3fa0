"""Passwords: hashed with argon2, compared in the same time whether or not there is such an account."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from cctv.errors import Problem

SHORTEST_PASSWORD = 10
_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """Hash a password.

    Parameters
    ----------
    password : str
        Clear text.

    Returns
    -------
    str
        Argon2id hash with its own salt and parameters.
    """
    return _hasher.hash(password)


def is_right(password_hash: str | None, password: str) -> bool:
    """Compare a password with a hash.

    Parameters
    ----------
    password_hash : str or None
        As kept; None for an account that does not exist: the same work is done, in vain.
    password : str
        As typed.

    Returns
    -------
    bool
        True if they belong together.
    """
    try:
        return _hasher.verify(password_hash or _decoy(), password) and password_hash is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def password_problems(username: str, password: str) -> list[Problem]:
    """Say what is wrong with a new password.

    Parameters
    ----------
    username : str
        Whose.
    password : str
        Clear text.

    Returns
    -------
    list of Problem
        Empty if it is long enough.
    """
    if len(password) >= SHORTEST_PASSWORD:
        return []
    return [Problem("short_password", username, "password", "***", str(SHORTEST_PASSWORD))]


@cache
def _decoy() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))

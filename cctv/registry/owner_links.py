"""Links to the self-registration form: each for one owner, with a last day, closed at any time.

The token is a keyed hash of the id of the link, so that a letter can be printed again with the same link while the
file holds a hash of the token alone: without the secret key of the settings nobody can make a link out of the file.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cctv.registry.connection import Registry
from cctv.registry.secret import hashed
from cctv.registry.store import Table, Writer, find, rows, writing

TABLE = Table("owner_link", "link_id", secret=frozenset({"token_hash"}))
#: Characters of a token: 32 bytes, base64 for addresses, without padding.
TOKEN_LENGTH = 43


@dataclass(frozen=True)
class OwnerLink:
    """A link; it works through its last day unless it was closed."""

    link_id: str
    owner_id: str
    expires_on: date
    revoked: bool
    version: int

    def works(self, today: date) -> bool:
        """Tell whether the form opens with it.

        Parameters
        ----------
        today : date
            The present day.

        Returns
        -------
        bool
            False once it is closed or too old.
        """
        return not self.revoked and today <= self.expires_on


def token_of(secret_key: str, link_id: str) -> str:
    """Give the token of a link.

    Parameters
    ----------
    secret_key : str
        Key from the settings.
    link_id : str
        Which link.

    Returns
    -------
    str
        43 characters that nobody can guess without the key.
    """
    digest = hmac.new(secret_key.encode(), b"owner link\0" + link_id.encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def create_link(writer: Writer, owner_id: str, expires_on: date, secret_key: str, reason: str) -> str:
    """Make a link inside a transaction.

    Parameters
    ----------
    writer : Writer
        Open transaction.
    owner_id : str
        For whom.
    expires_on : date
        Last day.
    secret_key : str
        Key from the settings.
    reason : str
        Why.

    Returns
    -------
    str
        Its id.
    """
    link_id = secrets.token_hex(16)
    token_hash = hashed(token_of(secret_key, link_id))
    values = {"owner_id": owner_id, "token_hash": token_hash, "expires_on": expires_on, "revoked": False}
    writer.create(TABLE, {"link_id": link_id, **values}, reason)
    return link_id


def find_link(registry: Registry, token: str) -> OwnerLink | None:
    """Find the link of a token, working or not.

    Parameters
    ----------
    registry : Registry
        Open register.
    token : str
        From an address; may be anything.

    Returns
    -------
    OwnerLink or None
        None if there is no such link.
    """
    with registry.cursor() as cursor:
        found = rows(cursor, "select * exclude (token_hash) from owner_link where token_hash = ?", [hashed(token)])
    return _link(found[0]) if found else None


def list_links(registry: Registry, owner_id: str) -> list[OwnerLink]:
    """List the links of an owner.

    Parameters
    ----------
    registry : Registry
        Open register.
    owner_id : str
        Whose.

    Returns
    -------
    list of OwnerLink
        The one that works longest first.
    """
    sql = "select * exclude (token_hash) from owner_link where owner_id = ? order by revoked, expires_on desc, link_id"
    with registry.cursor() as cursor:
        return [_link(row) for row in rows(cursor, sql, [owner_id])]


def opens_with(registry: Registry, link_id: str, secret_key: str) -> bool:
    """Tell whether a token made with this key opens a link: it does not if the key was changed since.

    Parameters
    ----------
    registry : Registry
        Open register.
    link_id : str
        Which link.
    secret_key : str
        Key from the settings.

    Returns
    -------
    bool
        True if it does.
    """
    with registry.cursor() as cursor:
        row = find(cursor, TABLE, link_id)
    return row is not None and row["token_hash"] == hashed(token_of(secret_key, link_id))


def close_links(writer: Writer, owner_id: str, reason: str) -> int:
    """Close every open link of an owner inside a transaction.

    Parameters
    ----------
    writer : Writer
        Open transaction.
    owner_id : str
        Whose.
    reason : str
        Why.

    Returns
    -------
    int
        How many were open.
    """
    sql = "select link_id from owner_link where owner_id = ? and not revoked order by link_id"
    found = rows(writer.cursor, sql, [owner_id])
    for row in found:
        writer.update(TABLE, str(row["link_id"]), None, {"revoked": True}, reason)
    return len(found)


def revoke_links(registry: Registry, actor: str, owner_id: str, reason: str) -> int:
    """Close every open link of an owner.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    owner_id : str
        Whose.
    reason : str
        Why.

    Returns
    -------
    int
        How many were open.
    """
    with writing(registry, actor) as writer:
        return close_links(writer, owner_id, reason)


def _link(row: Mapping[str, Any]) -> OwnerLink:
    return OwnerLink(**row)

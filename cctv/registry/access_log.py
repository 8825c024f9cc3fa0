"""The access log: every picture, sensitive layer, sign-in and export with the name of the person."""

from datetime import UTC, datetime
from typing import Any

from cctv.registry.connection import Registry
from cctv.registry.models import Access
from cctv.registry.store import rows


def _access(row: dict[str, Any]) -> Access:
    return Access(**row)


def log_access(registry: Registry, username: str, action: str, target: str, detail: str = "") -> None:
    """Write one line.

    Parameters
    ----------
    registry : Registry
        Open register.
    username : str
        Who.
    action : str
        What was done.
    target : str
        To what.
    detail : str
        More, if needed.
    """
    with registry.transaction(username) as cursor:
        cursor.execute("insert into access_log values (?, ?, ?, ?, ?)",
                       [datetime.now(UTC), username, action, target, detail])  # fmt: skip


def recent_access(registry: Registry, limit: int = 200) -> list[Access]:
    """List the newest lines.

    Parameters
    ----------
    registry : Registry
        Open register.
    limit : int
        How many at the most.

    Returns
    -------
    list of Access
        Newest first.
    """
    with registry.cursor() as cursor:
        sql = "select * from access_log order by happened_at desc, rowid desc limit ?"
        return [_access(row) for row in rows(cursor, sql, [limit])]

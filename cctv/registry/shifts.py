"""Shifts: who took over which post when, and what was looked at one by one."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from cctv.errors import Problem, ValidationError, raise_if_any
from cctv.registry.connection import Registry
from cctv.registry.store import rows

LONGEST_POST = 60


@dataclass(frozen=True)
class Shift:
    """One shift of one person at one post."""

    shift_id: int
    username: str
    post: str
    started_at: datetime


def start_shift(registry: Registry, username: str, post: str) -> Shift:
    """Take over a post.

    Parameters
    ----------
    registry : Registry
        Open register.
    username : str
        Who.
    post : str
        Which post.

    Returns
    -------
    Shift
        Beginning now.

    Raises
    ------
    ValidationError
        If the name of the post is empty or too long.
    """
    name = " ".join(post.split())
    problems = [Problem("required", "shift", "post")] if not name else []
    if len(name) > LONGEST_POST:
        problems.append(Problem("too_long", "shift", "post", str(len(name)), str(LONGEST_POST)))
    raise_if_any(problems, ValidationError, code="invalid", message="shift")
    with registry.transaction(username) as cursor:
        sql = "insert into shift select coalesce(max(shift_id), 0) + 1, ?, ?, ? from shift returning *"
        return _shift(rows(cursor, sql, [username, name, datetime.now(UTC)])[0])


def last_shifts(registry: Registry, username: str, limit: int = 2) -> list[Shift]:
    """List the newest shifts of a person.

    Parameters
    ----------
    registry : Registry
        Open register.
    username : str
        Who.
    limit : int
        How many at the most.

    Returns
    -------
    list of Shift
        Newest first.
    """
    sql = "select * from shift where username = ? order by shift_id desc limit ?"
    with registry.cursor() as cursor:
        return [_shift(row) for row in rows(cursor, sql, [username, limit])]


def shift_before(registry: Registry, shift: Shift) -> Shift | None:
    """Find the shift before: the newest one of the same person or at the same post.

    Parameters
    ----------
    registry : Registry
        Open register.
    shift : Shift
        The present one.

    Returns
    -------
    Shift or None
        None if there was none.
    """
    sql = "select * from shift where shift_id < ? and (username = ? or post = ?) order by shift_id desc limit 1"
    with registry.cursor() as cursor:
        found = rows(cursor, sql, [shift.shift_id, shift.username, shift.post])
    return _shift(found[0]) if found else None


def posts(registry: Registry) -> list[str]:
    """List the posts that were ever taken over.

    Parameters
    ----------
    registry : Registry
        Open register.

    Returns
    -------
    list of str
        By name.
    """
    with registry.cursor() as cursor:
        return [str(row["post"]) for row in rows(cursor, "select distinct post from shift order by post")]


def check_item(registry: Registry, shift: Shift, item: str, words: str) -> None:
    """Write down that somebody looked at a thing in a shift; a second time changes nothing.

    Parameters
    ----------
    registry : Registry
        Open register.
    shift : Shift
        The shift.
    item : str
        Key of the thing.
    words : str
        What it was, as it was shown.
    """
    with registry.transaction(shift.username) as cursor:
        cursor.execute(
            "insert into shift_check values (?, ?, ?, ?, ?) on conflict do nothing",
            [shift.shift_id, item, words, shift.username, datetime.now(UTC)],
        )


def checked_items(registry: Registry, shift: Shift) -> set[str]:
    """List what was looked at in a shift.

    Parameters
    ----------
    registry : Registry
        Open register.
    shift : Shift
        The shift.

    Returns
    -------
    set of str
        Keys.
    """
    with registry.cursor() as cursor:
        found = rows(cursor, "select item from shift_check where shift_id = ?", [shift.shift_id])
    return {str(row["item"]) for row in found}


def _shift(row: dict[str, object]) -> Shift:
    return Shift(**cast("dict[str, Any]", row))

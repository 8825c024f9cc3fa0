"""Whether cameras answered: counted per camera and hour, kept for so many days."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from cctv.registry.connection import Registry
from cctv.registry.store import rows

ACTOR = "sistem"
KEPT_DAYS = 90
_COUNT = """
insert into camera_health
select camera_id, date_trunc('hour', ?::timestamptz), 1, case when reason = '' then 1 else 0 end, reason, ?
from (select unnest(?::varchar[]) as camera_id, unnest(?::varchar[]) as reason)
on conflict (camera_id, hour) do update set
    polls = polls + 1, answered = answered + excluded.answered, reason = excluded.reason, last_poll = excluded.last_poll
"""
#: Reasons that mean the camera itself did not answer; others say that it was not asked, or that it did.
NO_ANSWER = ("dead", "silent")
_SILENCE = """
insert into camera_silence
select camera_id, is_silent::integer, case when is_silent then at_ end, case when not is_silent then at_ end, at_
from (select camera_id, list_contains(?, reason) as is_silent, ?::timestamptz as at_
      from (select unnest(?::varchar[]) as camera_id, unnest(?::varchar[]) as reason)
      where reason = '' or list_contains(?, reason))
on conflict (camera_id) do update set
    unanswered = case when excluded.unanswered = 0 then 0 else unanswered + 1 end,
    silent_since = case when excluded.unanswered = 0 then null else coalesce(silent_since, excluded.silent_since) end,
    last_answer = coalesce(excluded.last_answer, last_answer), last_poll = excluded.last_poll
"""


@dataclass(frozen=True)
class Poll:
    """What one camera said in one round.

    Attributes
    ----------
    camera_id : str
        Which camera.
    reason : str
        Code of what was wrong; empty if it answered.
    """

    camera_id: str
    reason: str


@dataclass(frozen=True)
class Silence:
    """That a camera does not answer.

    Attributes
    ----------
    camera_id : str
        Which camera.
    unanswered : int
        Questions in a row that it did not answer.
    silent_since : datetime
        The first of them.
    last_answer : datetime or None
        When it answered last, None if never.
    last_poll : datetime
        When it was asked last.
    """

    camera_id: str
    unanswered: int
    silent_since: datetime
    last_answer: datetime | None
    last_poll: datetime


def add_round(registry: Registry, polls: Iterable[Poll], at: datetime) -> int:
    """Count a round, all or nothing, and forget what is too old.

    Parameters
    ----------
    registry : Registry
        Open register.
    polls : iterable of Poll
        One per camera.
    at : datetime
        When it was made, aware.

    Returns
    -------
    int
        How many were counted.
    """
    listed = sorted({poll.camera_id: poll for poll in polls}.values(), key=lambda poll: poll.camera_id)
    if not listed:
        return 0
    ids, reasons = [poll.camera_id for poll in listed], [poll.reason for poll in listed]
    with registry.transaction(ACTOR) as cursor:
        cursor.execute(_COUNT, [at, at, ids, reasons])
        if speaks_of_cameras(reasons):
            cursor.execute(_SILENCE, [NO_ANSWER, at, ids, reasons, NO_ANSWER])
        cursor.execute("delete from camera_health where hour < ?", [at - timedelta(days=KEPT_DAYS)])
    return len(listed)


def speaks_of_cameras(reasons: Collection[str]) -> bool:
    """Tell whether a round says anything about cameras: one that nobody answered speaks of our own network.

    Parameters
    ----------
    reasons : collection of str
        What was wrong with each camera; empty if it answered.

    Returns
    -------
    bool
        True if at least one answered.
    """
    return "" in reasons


def silences(registry: Registry) -> dict[str, Silence]:
    """List the cameras that did not answer when they were asked last.

    Parameters
    ----------
    registry : Registry
        Open register.

    Returns
    -------
    dict of str to Silence
        By camera.
    """
    with registry.cursor() as cursor:
        found = rows(cursor, "select * from camera_silence where unanswered > 0 order by camera_id")
    return {str(row["camera_id"]): _silence(row) for row in found}


def outvoted(registry: Registry, least: int, span: timedelta) -> tuple[str, ...]:
    """List the cameras that the register calls on and that have been silent for long enough to say otherwise.

    Parameters
    ----------
    registry : Registry
        Open register.
    least : int
        Questions in a row that were not answered.
    span : timedelta
        How long the silence must have lasted after a person last said that the camera is on.

    Returns
    -------
    tuple of str
        Cameras, by id.
    """
    sql = """
        select camera_id from camera_silence join camera using (camera_id)
        where status = 'on' and unanswered >= ? and (status_since is null or last_poll - status_since >= ?)
        order by camera_id
    """
    with registry.cursor() as cursor:
        return tuple(str(row["camera_id"]) for row in rows(cursor, sql, [least, span]))


def _silence(row: dict[str, Any]) -> Silence:
    return Silence(**row)


def counts(registry: Registry, starts: dict[str, datetime]) -> pd.DataFrame:
    """Add up the polls of each camera over several spans.

    Parameters
    ----------
    registry : Registry
        Open register.
    starts : dict
        Name of a span to its first moment, aware; the names become columns.

    Returns
    -------
    DataFrame
        By camera: ``camera_id``, ``reason`` and ``last_poll`` of the newest poll, ``first_hour``, and
        ``<span>_polls`` and ``<span>_answered``; polls before the longest span are left out.
    """
    names = [f"{span}_{what}" for span in starts for what in ("polls", "answered")]
    if not all(name.isidentifier() for name in names):
        raise ValueError(f"{names}: names of spans become names of columns")
    sums = ", ".join(
        f"coalesce(sum({what}) filter (where hour >= ?::timestamptz), 0)::bigint as {span}_{what}"
        for span in starts
        for what in ("polls", "answered")
    )
    sql = f"""
        select camera_id, arg_max(reason, last_poll) as reason, max(last_poll) as last_poll,
            min(hour) as first_hour, {sums}
        from camera_health where hour >= ?::timestamptz group by camera_id order by camera_id
    """  # noqa: S608 - the names are checked
    moments = [start for start in starts.values() for _ in range(2)]
    with registry.cursor() as cursor:
        found = rows(cursor, sql, [*moments, min(starts.values())])
    return pd.DataFrame(found, columns=["camera_id", "reason", "last_poll", "first_hour", *names])


def hours_since(registry: Registry, since: datetime) -> pd.DataFrame:
    """List the hours of all cameras.

    Parameters
    ----------
    registry : Registry
        Open register.
    since : datetime
        First moment, aware.

    Returns
    -------
    DataFrame
        ``camera_id``, ``hour`` (aware), ``polls`` and ``answered``, by camera and hour.
    """
    sql = """
        select camera_id, hour, polls, answered from camera_health
        where hour >= ?::timestamptz order by camera_id, hour
    """
    with registry.cursor() as cursor:
        found = rows(cursor, sql, [since])
    return pd.DataFrame(found, columns=["camera_id", "hour", "polls", "answered"])

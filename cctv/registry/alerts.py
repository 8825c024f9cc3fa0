"""Alerts: what the app noticed about a camera; raised, ended, confirmed or refused. None is ever changed otherwise."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, cast

from cctv.errors import NotFoundError, StaleEditError
from cctv.registry.connection import Registry
from cctv.registry.store import Row, rows

AlertKind = Literal["dead", "back", "black", "frozen", "blurred", "covered", "moved"]
Decision = Literal["", "confirmed", "refused"]
ACTOR = "sistem"
_SHORT = "alert_id, camera_id, kind, reason, raised_at, ended_at, decision, decided_by, decided_at"


@dataclass(frozen=True)
class Alert:
    """One alert.

    Attributes
    ----------
    reason : str
        Code of what was wrong with a dead camera; empty otherwise.
    ended_at : datetime or None
        When it was over, aware; None while it goes on.
    decision : {"", "confirmed", "refused"}
        What a person found; empty until somebody looked.
    """

    alert_id: int
    camera_id: str
    kind: AlertKind
    reason: str
    raised_at: datetime
    ended_at: datetime | None
    decision: Decision
    decided_by: str
    decided_at: datetime | None


@dataclass(frozen=True)
class NewAlert:
    """An alert to raise; the pictures are there where a picture is what it is about."""

    camera_id: str
    kind: AlertKind
    reason: str = ""
    reference_jpeg: bytes | None = None
    picture_jpeg: bytes | None = None


def raise_alerts(registry: Registry, new: Iterable[NewAlert], at: datetime) -> list[Alert]:
    """Raise alerts, all or none.

    Parameters
    ----------
    registry : Registry
        Open register.
    new : iterable of NewAlert
        What was noticed; of a kind that is over at once, such as ``back``, nothing goes on.
    at : datetime
        When, aware.

    Returns
    -------
    list of Alert
        With their ids.
    """
    listed = list(new)
    if not listed:
        return []
    with registry.transaction(ACTOR) as cursor:
        found = cursor.execute("select coalesce(max(alert_id), 0) from alert").fetchone()
        first = (int(found[0]) if found else 0) + 1
        for alert_id, one in enumerate(listed, start=first):
            ended = at if one.kind == "back" else None
            cursor.execute(
                "insert into alert values (?, ?, ?, ?, ?, ?, '', '', null, ?, ?)",
                [alert_id, one.camera_id, one.kind, one.reason, at, ended, one.reference_jpeg, one.picture_jpeg],
            )
        sql = f"select {_SHORT} from alert where alert_id >= ? order by alert_id"  # noqa: S608 - our own names
        return [_alert(row) for row in rows(cursor, sql, [first])]


def end_alerts(registry: Registry, alert_ids: Iterable[int], at: datetime) -> None:
    """Say that what was noticed is over.

    Parameters
    ----------
    registry : Registry
        Open register.
    alert_ids : iterable of int
        Which alerts; those that ended before keep their time.
    at : datetime
        When, aware.
    """
    ids = sorted(alert_ids)
    if ids:
        with registry.transaction(ACTOR) as cursor:
            sql = "update alert set ended_at = ? where list_contains(?, alert_id) and ended_at is null"
            cursor.execute(sql, [at, ids])


def going_on(registry: Registry) -> list[Alert]:
    """List the alerts that go on.

    Parameters
    ----------
    registry : Registry
        Open register.

    Returns
    -------
    list of Alert
        By id.
    """
    return _listed(registry, "ended_at is null", [])


def alerts_since(registry: Registry, since: datetime) -> list[Alert]:
    """List the alerts that a person has to know of after an absence.

    Parameters
    ----------
    registry : Registry
        Open register.
    since : datetime
        Aware.

    Returns
    -------
    list of Alert
        Raised or decided since then, or older and not decided yet; by id.
    """
    return _listed(registry, "raised_at >= ? or decided_at >= ? or decision = ''", [since, since])


def undecided(registry: Registry) -> list[Alert]:
    """List the alerts that nobody has looked at.

    Parameters
    ----------
    registry : Registry
        Open register.

    Returns
    -------
    list of Alert
        By id.
    """
    return _listed(registry, "decision = ''", [])


def tally(registry: Registry) -> dict[str, tuple[int, int, int]]:
    """Count what people found, for each kind of alert.

    Parameters
    ----------
    registry : Registry
        Open register.

    Returns
    -------
    dict of str to tuple of int
        Kind to how many were true, not so, and not decided; by kind.
    """
    sql = """
        select kind, count(*) filter (where decision = 'confirmed') as confirmed,
            count(*) filter (where decision = 'refused') as refused, count(*) filter (where decision = '') as open
        from alert group by kind order by kind
    """
    with registry.cursor() as cursor:
        found = cast("list[dict[str, Any]]", rows(cursor, sql))
    return {row["kind"]: (row["confirmed"], row["refused"], row["open"]) for row in found}


def decide(registry: Registry, actor: str, alert_id: int, decision: Decision) -> Alert:
    """Write down what a person found.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Who looked.
    alert_id : int
        Which alert.
    decision : {"confirmed", "refused"}
        Whether it was true.

    Returns
    -------
    Alert
        As it is now.

    Raises
    ------
    NotFoundError
        If there is no such alert.
    StaleEditError
        If somebody else has decided already.
    """
    with registry.transaction(actor) as cursor:
        sql = f"select {_SHORT} from alert where alert_id = ?"  # noqa: S608 - our own names
        found = rows(cursor, sql, [alert_id])
        if not found:
            raise NotFoundError("not_found", f"alert {alert_id}", {"entity": "alert", "id": alert_id})
        if found[0]["decision"]:
            raise StaleEditError("alert_decided", f"alert {alert_id} is decided", {"who": found[0]["decided_by"]})
        cursor.execute(
            "update alert set decision = ?, decided_by = ?, decided_at = ? where alert_id = ?",
            [decision, actor, datetime.now(UTC), alert_id],
        )
        return _alert(rows(cursor, sql, [alert_id])[0])


def alert_picture(registry: Registry, alert_id: int, which: Literal["reference", "picture"]) -> tuple[str, bytes]:
    """Read a picture of an alert.

    Parameters
    ----------
    registry : Registry
        Open register.
    alert_id : int
        Which alert.
    which : {"reference", "picture"}
        How the camera used to look, or what was noticed.

    Returns
    -------
    tuple of str and bytes
        Camera and JPEG file.

    Raises
    ------
    NotFoundError
        If there is no such alert or picture.
    """
    column = "reference_jpeg" if which == "reference" else "picture_jpeg"
    with registry.cursor() as cursor:
        found = rows(cursor, f"select camera_id, {column} as jpeg from alert where alert_id = ?", [alert_id])  # noqa: S608
    if not found or found[0]["jpeg"] is None:
        raise NotFoundError("not_found", f"picture of alert {alert_id}", {"entity": "alert", "id": alert_id})
    return str(found[0]["camera_id"]), cast("bytes", found[0]["jpeg"])


def forget_alerts(registry: Registry, pictures_before: datetime, alerts_before: datetime) -> None:
    """Delete old pictures of alerts, and old alerts that are over.

    Parameters
    ----------
    registry : Registry
        Open register.
    pictures_before, alerts_before : datetime
        What was raised before is deleted, aware.
    """
    with registry.transaction(ACTOR) as cursor:
        cursor.execute(
            "update alert set reference_jpeg = null, picture_jpeg = null "
            "where raised_at < ? and picture_jpeg is not null",
            [pictures_before],
        )
        cursor.execute("delete from alert where raised_at < ? and ended_at is not null", [alerts_before])


def _listed(registry: Registry, condition: str, values: list[object]) -> list[Alert]:
    with registry.cursor() as cursor:
        sql = f"select {_SHORT} from alert where {condition} order by alert_id"  # noqa: S608 - our own words
        return [_alert(row) for row in rows(cursor, sql, values)]


def _alert(row: Row) -> Alert:
    return Alert(**cast("dict[str, Any]", row))

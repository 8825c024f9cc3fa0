"""Incidents: one record each, and a time line that only grows."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal, cast, get_args

import duckdb

from cctv.errors import Problem, ValidationError, raise_if_any
from cctv.registry.connection import Registry
from cctv.registry.store import Row, Table, existing, rows, writing

TABLE = Table("incident", "incident_id")
IncidentKind = Literal["crime", "accident", "fire", "crowd", "flood", "other"]
EntryKind = Literal["opened", "note", "pictures", "closed", "reopened", "taken"]
KINDS: tuple[IncidentKind, ...] = get_args(IncidentKind)
LONGEST_TITLE, LONGEST_NOTE = 120, 2000
REASON = "kejadian"


@dataclass(frozen=True)
class FoundCamera:
    """A camera as it was found when an incident was opened.

    Attributes
    ----------
    camera_id, name, owner : str
        As they were in the register then.
    lon, lat : float or None
        Where it stood, EPSG:4326 [deg].
    sight : {"seen", "possible", "turn"}
        Sees the place, may see it, or could be turned to it.
    distance_m : float
        From the place [m].
    level : str
        Level of picture quality there; empty if none or not known.
    works : bool
        Whether it worked.
    """

    camera_id: str
    name: str
    owner: str
    lon: float | None
    lat: float | None
    sight: Literal["seen", "possible", "turn"]
    distance_m: float
    level: str
    works: bool


@dataclass(frozen=True)
class Incident:
    """What happened and where.

    Attributes
    ----------
    lon, lat : float
        EPSG:4326 [deg].
    cameras : tuple of FoundCamera
        What was found when it was opened, best first.
    """

    incident_id: str
    title: str
    kind: IncidentKind
    place: str
    lon: float
    lat: float
    state: Literal["open", "closed"]
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    cameras: tuple[FoundCamera, ...]
    version: int


@dataclass(frozen=True)
class Entry:
    """One line of the time line."""

    written_at: datetime
    username: str
    kind: EntryKind
    words: str


@dataclass(frozen=True)
class NewIncident:
    """What is needed to open one; see :class:`Incident`."""

    title: str
    kind: str
    place: str
    lon: float
    lat: float
    cameras: tuple[FoundCamera, ...]


def list_incidents(registry: Registry, limit: int = 200) -> list[Incident]:
    """List incidents.

    Parameters
    ----------
    registry : Registry
        Open register.
    limit : int
        How many at the most.

    Returns
    -------
    list of Incident
        Open ones first, each the newest first.
    """
    sql = "select * from incident order by state desc, opened_at desc, incident_id desc limit ?"
    with registry.cursor() as cursor:
        return [_incident(row) for row in rows(cursor, sql, [limit])]


def get_incident(registry: Registry, incident_id: str) -> Incident:
    """Read one incident.

    Parameters
    ----------
    registry : Registry
        Open register.
    incident_id : str
        Which.

    Returns
    -------
    Incident
        The incident.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    with registry.cursor() as cursor:
        row = existing(cursor, TABLE, incident_id)
    return _incident(row)


def open_incident(registry: Registry, actor: str, new: NewIncident) -> Incident:
    """Open an incident, with the first line of its time line.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Who opens it.
    new : NewIncident
        What happened and where.

    Returns
    -------
    Incident
        With its new id.

    Raises
    ------
    ValidationError
        Lists every value that is not acceptable.
    """
    title = " ".join(new.title.split())
    raise_if_any(_problems(new, title), ValidationError, code="invalid", message="incident")
    now = datetime.now(UTC)
    with writing(registry, actor) as writer:
        incident_id = _next_id(writer.cursor, now)
        writer.create(TABLE, {
            "incident_id": incident_id, "title": title, "kind": new.kind, "place": new.place, "lon": new.lon,
            "lat": new.lat, "state": "open", "opened_at": now, "opened_by": actor, "closed_at": None,
            "cameras": json.dumps([asdict(one) for one in new.cameras], ensure_ascii=False),
        }, REASON)  # fmt: skip
        append_line(writer.cursor, incident_id, actor, "opened", title)
    return get_incident(registry, incident_id)


def append_entry(registry: Registry, actor: str, incident_id: str, kind: EntryKind, words: str) -> None:
    """Add a line to the time line; lines are never changed or taken away.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Who writes it.
    incident_id : str
        Which incident.
    kind : str
        What the line is.
    words : str
        What it says.

    Raises
    ------
    NotFoundError
        If there is no such incident.
    ValidationError
        If a note is empty or too long.
    """
    get_incident(registry, incident_id)
    text = words.strip()
    problems: list[Problem] = []
    if not text:
        problems.append(Problem("required", incident_id, "note"))
    if len(text) > LONGEST_NOTE:
        problems.append(Problem("too_long", incident_id, "note", str(len(text)), str(LONGEST_NOTE)))
    raise_if_any(problems, ValidationError, code="invalid", message=f"note of {incident_id}")
    with registry.transaction(actor) as cursor:
        append_line(cursor, incident_id, actor, kind, text)


def append_line(cursor: duckdb.DuckDBPyConnection, incident_id: str, actor: str, kind: EntryKind, words: str) -> None:
    """Add a line to the time line inside a transaction.

    Parameters
    ----------
    cursor : DuckDBPyConnection
        Inside a transaction.
    incident_id : str
        Which incident.
    actor : str
        Who writes it.
    kind : str
        What the line is.
    words : str
        What it says.
    """
    cursor.execute(
        "insert into incident_entry select ?, coalesce(max(entry), 0) + 1, ?, ?, ?, ? from incident_entry "
        "where incident_id = ?",
        [incident_id, datetime.now(UTC), actor, kind, words, incident_id],
    )


def set_state(registry: Registry, actor: str, incident: Incident, state: Literal["open", "closed"]) -> None:
    """Close an incident or open it again.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Who does it.
    incident : Incident
        As it was seen.
    state : {"open", "closed"}
        What it is to be.

    Raises
    ------
    NotFoundError
        If there is no such incident.
    StaleEditError
        If somebody else changed it meanwhile.
    """
    closed_at = datetime.now(UTC) if state == "closed" else None
    with writing(registry, actor) as writer:
        writer.update(TABLE, incident.incident_id, incident.version, {"state": state, "closed_at": closed_at}, REASON)
        append_line(writer.cursor, incident.incident_id, actor, "closed" if state == "closed" else "reopened", "")


def entries(registry: Registry, incident_id: str) -> list[Entry]:
    """Read the time line.

    Parameters
    ----------
    registry : Registry
        Open register.
    incident_id : str
        Which incident.

    Returns
    -------
    list of Entry
        Oldest first.
    """
    sql = "select written_at, username, kind, words from incident_entry where incident_id = ? order by entry"
    with registry.cursor() as cursor:
        return [Entry(**cast("dict[str, Any]", row)) for row in rows(cursor, sql, [incident_id])]


def _problems(new: NewIncident, title: str) -> list[Problem]:
    found: list[Problem] = []
    if not title:
        found.append(Problem("required", "incident", "title"))
    if len(title) > LONGEST_TITLE:
        found.append(Problem("too_long", "incident", "title", str(len(title)), str(LONGEST_TITLE)))
    if new.kind not in KINDS:
        found.append(Problem("choice", "incident", "kind", new.kind, ", ".join(KINDS)))
    return found


def _next_id(cursor: duckdb.DuckDBPyConnection, now: datetime) -> str:
    found = cursor.execute(
        "select count(*) from incident where starts_with(incident_id, ?)", [f"I-{now:%Y}-"]
    ).fetchone()
    return f"I-{now:%Y}-{(int(found[0]) if found else 0) + 1:04}"


def _incident(row: Row) -> Incident:
    fields = dict(cast("dict[str, Any]", row))
    found = tuple(FoundCamera(**one) for one in json.loads(fields.pop("cameras")))
    return Incident(**fields, cameras=found)

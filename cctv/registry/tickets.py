"""Repair tickets: who reported what, whose work it is, until when; the status of the camera follows in one transaction.

The register says once how a camera is: its status. A ticket changes it (``EFFECT``) when it is reported, and gives it
back when it is closed and a person confirms that the camera works; as long as another ticket is open, that one rules.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import duckdb

from cctv.errors import Problem, ValidationError, raise_if_any
from cctv.registry import cameras, checks
from cctv.registry.connection import Registry
from cctv.registry.models import Status
from cctv.registry.photos import keep_photo
from cctv.registry.store import Row, Writer, existing, find, rows, writing
from cctv.registry.ticket_records import CLOSED, FAULTS, OPEN, TABLE, Fault, Source, State, Ticket, read_ticket

#: Status of a camera while a ticket of this kind is open; anything else leaves the status as it is.
EFFECT: dict[str, Status] = {"dead": "off", "misaimed": "trouble", "blocked": "trouble"}
LONGEST_TEXT = 500
RULES: dict[str, checks.Rule] = {
    "state": checks.Choice(OPEN),
    "maintainer": checks.NAME,
    "due_on": checks.Kind((date,)),
    "cost_idr": checks.Range(0, 10**11, "Rp", whole=True),
    "note": checks.TEXT,
}


@dataclass(frozen=True)
class Report:
    """What is reported.

    Attributes
    ----------
    camera_id : str
        Which camera.
    fault : {"dead", "misaimed", "blocked", "other"}
        What is wrong.
    due_on : date
        Until when it should be repaired.
    maintainer : str
        Whose work it is; empty takes whoever had the newest ticket of the camera or of its owner, else the owner.
    note : str
        Remark.
    source : {"person", "poll"}
        Who noticed.
    """

    camera_id: str
    fault: Fault
    due_on: date
    maintainer: str = ""
    note: str = ""
    source: Source = "person"


@dataclass(frozen=True)
class Closing:
    """How a ticket ends.

    Attributes
    ----------
    state : {"done", "refused"}
        Repaired, or nothing to repair.
    is_working : bool
        Whether the person confirms that the camera works; without it the status stays.
    cost_idr : int, str or None
        What it cost; None is unknown; text that is no amount is refused [Rp].
    note : str
        Remark; a refusal needs one.
    jpeg : bytes or None
        Cleaned photo.
    """

    state: State
    is_working: bool
    cost_idr: int | str | None
    note: str
    jpeg: bytes | None = None


def report_fault(registry: Registry, actor: str, report: Report, reason: str) -> Ticket:
    """Open a ticket; the status of the camera follows in the same transaction.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Who reports.
    report : Report
        What.
    reason : str
        Stands in the history.

    Returns
    -------
    Ticket
        With its number.

    Raises
    ------
    ValidationError
        If a value is not acceptable, the camera is withdrawn, or a ticket of this kind is open for it already.
    NotFoundError
        If there is no such camera.
    """
    with writing(registry, actor) as writer:
        camera = existing(writer.cursor, cameras.TABLE, report.camera_id)
        maintainer = report.maintainer.strip() or _usual_maintainer(writer.cursor, camera)
        given: Row = {"due_on": report.due_on, "maintainer": maintainer, "note": report.note}
        found = [*_problems(report.camera_id, given), *_report_problems(writer.cursor, camera, report)]
        raise_if_any(found, ValidationError, code="invalid", message=f"ticket for {report.camera_id}")
        number = rows(writer.cursor, "select nextval('ticket_number') as number")[0]["number"]
        ticket_id = f"P-{number:05}"
        writer.create(TABLE, {
            "ticket_id": ticket_id, "camera_id": report.camera_id, "fault": report.fault, "state": "open",
            "source": report.source, "agency_id": camera["agency_id"], **given, "reported_by": actor,
            "reported_at": datetime.now(UTC), "cost_idr": None, "status_before": camera["status"], "closed_at": None,
            "closed_by": "", "photo_id": "",
        }, reason)  # fmt: skip
        if report.fault in EFFECT:
            ruling = _worst((str(camera["status"]), EFFECT[report.fault]))
            _follow(registry, writer, camera, ruling, reason, ticket_id)
        return read_ticket(writer.cursor, ticket_id)


def save_ticket(
    registry: Registry, actor: str, ticket_id: str, version: int, changes: Mapping[str, object], reason: str
) -> Ticket:
    """Change an open ticket.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    ticket_id : str
        Which.
    version : int
        Version that the person saw.
    changes : mapping
        ``state`` (``open`` or ``in_work``), ``maintainer``, ``due_on``, ``cost_idr``, ``note``.
    reason : str
        Why.

    Returns
    -------
    Ticket
        As it is now.

    Raises
    ------
    ValidationError
        If a value is not acceptable, or the ticket is closed.
    StaleEditError
        If somebody else changed it in the meantime.
    NotFoundError
        If there is no such ticket.
    """
    with writing(registry, actor) as writer:
        before = read_ticket(writer.cursor, ticket_id)
        found = [*_problems(ticket_id, changes), *_closed_problem(before)]
        raise_if_any(found, ValidationError, code="invalid", message=ticket_id)
        writer.update(TABLE, ticket_id, version, changes, reason, shown=lambda _: before)
        return read_ticket(writer.cursor, ticket_id)


def close_ticket(registry: Registry, actor: str, ticket_id: str, version: int, closing: Closing, reason: str) -> Ticket:
    """Close a ticket; with the word of a person that it works, the camera comes back in the same transaction.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Who closes it.
    ticket_id : str
        Which.
    version : int
        Version that the person saw.
    closing : Closing
        How it ends.
    reason : str
        Stands in the history.

    Returns
    -------
    Ticket
        As it is now.

    Raises
    ------
    ValidationError
        If a value is not acceptable, the ticket is closed already, or a refusal gives no reason.
    StaleEditError
        If somebody else changed it in the meantime.
    NotFoundError
        If there is no such ticket.
    """
    with writing(registry, actor) as writer:
        before = read_ticket(writer.cursor, ticket_id)
        given: Row = {"cost_idr": closing.cost_idr, "note": closing.note}
        found = [*_problems(ticket_id, given), *_closed_problem(before)]
        if closing.state not in CLOSED:
            found.append(Problem("choice", ticket_id, "state", closing.state, ", ".join(CLOSED)))
        if closing.state == "refused" and not closing.note.strip():
            found.append(Problem("required", ticket_id, "note"))
        raise_if_any(found, ValidationError, code="invalid", message=ticket_id)
        photo_id = keep_photo(writer, before.camera_id, closing.jpeg)
        writer.update(TABLE, ticket_id, version, {
            **given, "state": closing.state, "closed_at": datetime.now(UTC), "closed_by": actor, "photo_id": photo_id,
        }, reason, shown=lambda _: before)  # fmt: skip
        camera = find(writer.cursor, cameras.TABLE, before.camera_id)
        if closing.is_working and camera is not None and camera["status"] != "removed":
            rest = [EFFECT.get(fault) for fault in _open_faults(writer.cursor, before.camera_id)]
            back = before.status_before if closing.state == "refused" else "on"
            _follow(registry, writer, camera, _worst((back, *rest)), reason, ticket_id)
        return read_ticket(writer.cursor, ticket_id)


def _follow(registry: Registry, writer: Writer, camera: Row, status: str, reason: str, ticket_id: str) -> None:
    """Give the camera a status; a confirmation that it is on counts from now, also where it was on before."""
    changes: Row = {"status": status, "status_reason": ticket_id}
    if status == camera["status"] and status != "on":
        return
    if status == "on":
        changes |= {"status_reason": "", "status_since": datetime.now(UTC)}
    camera_id, version = str(camera["camera_id"]), int(str(camera["version"]))
    cameras.change_camera(registry, writer, camera_id, version, changes, reason)


def _worst(states: Sequence[str | None]) -> str:
    """Give the state that rules: off over maintenance and trouble over on."""
    order = ("off", "maintenance", "trouble", "on")
    return min((state for state in states if state in order), key=order.index, default="on")


def _usual_maintainer(cursor: duckdb.DuckDBPyConnection, camera: Row) -> str:
    sql = """
        select maintainer from ticket where camera_id = ? or agency_id = ?
        order by camera_id = ? desc, reported_at desc, ticket_id desc limit 1
    """
    found = rows(cursor, sql, [camera["camera_id"], camera["agency_id"], camera["camera_id"]])
    if found:
        return str(found[0]["maintainer"])
    owner = rows(cursor, "select name from agency where agency_id = ?", [camera["agency_id"]])
    return str(owner[0]["name"]) if owner else str(camera["agency_id"])


def _open_faults(cursor: duckdb.DuckDBPyConnection, camera_id: str) -> dict[str, str]:
    sql = "select fault, ticket_id from ticket where camera_id = ? and list_contains(?, state) order by ticket_id"
    return {str(row["fault"]): str(row["ticket_id"]) for row in rows(cursor, sql, [camera_id, list(OPEN)])}


def _report_problems(cursor: duckdb.DuckDBPyConnection, camera: Row, report: Report) -> list[Problem]:
    found: list[Problem] = []
    known = _open_faults(cursor, report.camera_id)
    if report.fault not in FAULTS:
        found.append(Problem("choice", report.camera_id, "fault", str(report.fault), ", ".join(FAULTS)))
    elif report.fault in known:
        found.append(Problem("ticket_open", report.camera_id, "fault", known[report.fault]))
    if camera["status"] == "removed":
        found.append(Problem("camera_removed", report.camera_id, "camera_id", report.camera_id))
    return found


def _problems(where: str, values: Mapping[str, object]) -> list[Problem]:
    found = list(checks.problems(RULES, where, values))
    return found + [
        Problem("too_long", where, name, str(len(str(values[name]))), str(LONGEST_TEXT))
        for name in ("maintainer", "note")
        if len(str(values.get(name, ""))) > LONGEST_TEXT
    ]


def _closed_problem(ticket: Ticket) -> list[Problem]:
    return [] if ticket.is_open else [Problem("ticket_closed", ticket.ticket_id, "state", ticket.ticket_id)]

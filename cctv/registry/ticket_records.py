"""Repair tickets as the register holds them: what is wrong with a camera, whose work, until when, at what cost."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args

import duckdb

from cctv.errors import NotFoundError
from cctv.registry.connection import Registry
from cctv.registry.store import Table, rows

TABLE = Table("ticket", "ticket_id")
Fault = Literal["dead", "misaimed", "blocked", "other"]
State = Literal["open", "in_work", "done", "refused"]
Source = Literal["person", "poll"]
FAULTS: tuple[Fault, ...] = get_args(Fault)
OPEN: tuple[State, ...] = ("open", "in_work")
CLOSED: tuple[State, ...] = ("done", "refused")
_SELECT = """
    select t.*, coalesce(a.name, t.agency_id) as agency_name, coalesce(c.name, '') as camera_name,
        coalesce(c.status, '') as camera_status, coalesce(p.name, '') as place
    from ticket t left join camera c using (camera_id) left join point p using (point_id)
        left join agency a on a.agency_id = t.agency_id
"""


@dataclass(frozen=True)
class Ticket:
    """One repair, with what the register says of its camera now.

    Attributes
    ----------
    source : {"person", "poll"}
        Who noticed: a person, or the rounds in which the camera did not answer.
    agency_id : str
        Owner of the camera when it was reported.
    maintainer : str
        Whose work it is.
    cost_idr : int or None
        What the repair cost; None until it is known [Rp].
    status_before : str
        Status of the camera before it was reported.
    photo_id : str
        Proof of the repair, empty if there is none.
    """

    ticket_id: str
    camera_id: str
    fault: Fault
    state: State
    source: Source
    agency_id: str
    maintainer: str
    reported_by: str
    reported_at: datetime
    due_on: date
    cost_idr: int | None
    note: str
    status_before: str
    closed_at: datetime | None
    closed_by: str
    photo_id: str
    version: int
    agency_name: str
    camera_name: str
    camera_status: str
    place: str

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state in OPEN


def list_tickets(registry: Registry, camera_id: str | None = None) -> list[Ticket]:
    """List tickets.

    Parameters
    ----------
    registry : Registry
        Open register.
    camera_id : str, optional
        Only of this camera.

    Returns
    -------
    list of Ticket
        Open ones first, the one that is due first at the top; then the closed ones, the newest first.
    """
    with registry.cursor() as cursor:
        sql = f"{_SELECT} where ?::varchar is null or t.camera_id = ? order by ticket_id"
        found = [_ticket(row) for row in rows(cursor, sql, [camera_id, camera_id])]
    closed = sorted((t for t in found if not t.is_open), key=lambda t: (t.closed_at, t.ticket_id), reverse=True)
    return sorted((t for t in found if t.is_open), key=lambda t: (t.due_on, t.ticket_id)) + closed


def get_ticket(registry: Registry, ticket_id: str) -> Ticket:
    """Read one ticket.

    Parameters
    ----------
    registry : Registry
        Open register.
    ticket_id : str
        Which.

    Returns
    -------
    Ticket
        As it is now.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    with registry.cursor() as cursor:
        return read_ticket(cursor, ticket_id)


def read_ticket(cursor: duckdb.DuckDBPyConnection, ticket_id: str) -> Ticket:
    """Read one ticket inside a transaction.

    Parameters
    ----------
    cursor : DuckDBPyConnection
        Own cursor.
    ticket_id : str
        Which.

    Returns
    -------
    Ticket
        As it is now.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    found = rows(cursor, f"{_SELECT} where t.ticket_id = ?", [ticket_id])
    if not found:
        raise NotFoundError("not_found", f"ticket {ticket_id}", {"entity": TABLE.name, "id": ticket_id})
    return _ticket(found[0])


def _ticket(row: Mapping[str, Any]) -> Ticket:
    return Ticket(**row)

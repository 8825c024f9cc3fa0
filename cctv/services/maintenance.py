"""Maintenance: faults reported by people or by the rounds, repaired by somebody until a day, closed with a proof."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd

from cctv.i18n import WIB
from cctv.permissions import Permission
from cctv.registry import ticket_records, tickets
from cctv.registry.camera_health import Silence, silences
from cctv.registry.cameras import get_camera, list_cameras
from cctv.registry.models import Account, Camera
from cctv.registry.ticket_records import Fault, State, Ticket
from cctv.registry.tickets import Closing, Report
from cctv.services import accounts
from cctv.services.editing import require_own
from cctv.services.photos import clean_photo
from cctv.services.runtime import Runtime
from cctv.services.silence import silent_cameras


@dataclass(frozen=True)
class Proposal:
    """A camera that the rounds call dead and that nobody has reported."""

    camera: Camera
    silence: Silence


def today() -> date:
    """Give the day in the city.

    Returns
    -------
    date
        Western Indonesia Time.
    """
    return datetime.now(UTC).astimezone(WIB).date()


def report_fault(
    runtime: Runtime, account: Account, camera_id: str, fault: Fault, *, note: str = "", reason: str = ""
) -> Ticket:
    """Open a ticket for a camera; its due day follows from the rule of the settings.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who reports.
    camera_id : str
        Which camera.
    fault : {"dead", "misaimed", "blocked", "other"}
        What is wrong.
    note : str
        Remark.
    reason : str
        Stands in the history.

    Returns
    -------
    Ticket
        With its number. Its source is ``poll`` where the rounds had called the camera dead before.

    Raises
    ------
    AccessError
        If the role does not allow it, or the camera belongs to another agency than the account is limited to.
    ValidationError
        If a ticket of this kind is open already, or the camera is withdrawn.
    NotFoundError
        If there is no such camera.
    """
    accounts.require(account, Permission.REPORT_FAULTS)
    require_own(account, get_camera(runtime.registry, camera_id))
    due_on = today() + timedelta(days=dict(runtime.settings.repair_days).get(fault, 0))
    source = "poll" if fault == "dead" and camera_id in silent_cameras(runtime) else "person"
    report = Report(camera_id, fault, due_on, note=note, source=source)
    return tickets.report_fault(runtime.registry, account.username, report, reason)


def save_ticket(
    runtime: Runtime, account: Account, ticket: Ticket, changes: Mapping[str, object], reason: str
) -> Ticket:
    """Change an open ticket.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who changes it.
    ticket : Ticket
        As the person saw it.
    changes : mapping
        ``state``, ``maintainer``, ``due_on``, ``cost_idr``, ``note``.
    reason : str
        Why.

    Returns
    -------
    Ticket
        As it is now.

    Raises
    ------
    AccessError
        If the role or the agency does not allow it.
    ValidationError
        If a value is not acceptable, or the ticket is closed.
    StaleEditError
        If somebody else changed it in the meantime.
    """
    _require_handler(runtime, account, ticket)
    return tickets.save_ticket(runtime.registry, account.username, ticket.ticket_id, ticket.version, changes, reason)


def close_ticket(
    runtime: Runtime, account: Account, ticket: Ticket, *, state: State, is_working: bool, cost_idr: int | str | None,
    note: str, photo: bytes | None, reason: str,
) -> Ticket:  # fmt: skip
    """Close a ticket; the camera counts again once the person confirms that it works.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who closes it.
    ticket : Ticket
        As the person saw it.
    state : {"done", "refused"}
        Repaired, or nothing to repair.
    is_working : bool
        Whether the person confirms that the camera works.
    cost_idr : int, str or None
        What it cost; None is unknown; text that is no amount is refused [Rp].
    note : str
        Remark; a refusal needs one.
    photo : bytes or None
        Photo as it was sent; it is drawn anew without place, time and device.
    reason : str
        Stands in the history.

    Returns
    -------
    Ticket
        As it is now.

    Raises
    ------
    AccessError
        If the role or the agency does not allow it.
    ValidationError
        If a value is not acceptable, or the ticket is closed already.
    StaleEditError
        If somebody else changed it in the meantime.
    CctvError
        If the photo is too large or cannot be read.
    """
    _require_handler(runtime, account, ticket)
    closing = Closing(state, is_working, cost_idr, note, None if photo is None else clean_photo(photo))
    return tickets.close_ticket(
        runtime.registry, account.username, ticket.ticket_id, ticket.version, closing, reason
    )  # fmt: skip


def tickets_for(runtime: Runtime, account: Account) -> list[Ticket]:
    """List the tickets that a person may see.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who asks; an account of one agency sees its own cameras.

    Returns
    -------
    list of Ticket
        Open ones first, by due day.

    Raises
    ------
    AccessError
        If the role may not see the register.
    """
    accounts.require(account, Permission.SEE_REGISTER)
    found = ticket_records.list_tickets(runtime.registry)
    return [one for one in found if account.agency_id in (None, "", one.agency_id)]


def proposals(runtime: Runtime, account: Account) -> list[Proposal]:
    """List the cameras that the rounds call dead and that have no open ticket of this kind.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who asks; an account of one agency sees its own cameras.

    Returns
    -------
    list of Proposal
        The longest silence first.

    Raises
    ------
    AccessError
        If the role may not see the register.
    """
    accounts.require(account, Permission.SEE_REGISTER)
    reported = {one.camera_id for one in ticket_records.list_tickets(runtime.registry) if one.is_open}
    said, wanted = silences(runtime.registry), set(silent_cameras(runtime)) - reported
    found = [
        Proposal(camera, said[camera.camera_id])
        for camera in list_cameras(runtime.registry)
        if camera.camera_id in wanted & said.keys() and account.agency_id in (None, "", camera.agency_id)
    ]
    return sorted(found, key=lambda one: (one.silence.silent_since, one.camera.camera_id))


def overdue_days(ticket: Ticket, day: date) -> int:
    """Count the days that a ticket is or was late.

    Parameters
    ----------
    ticket : Ticket
        Which.
    day : date
        Today, for those that are open.

    Returns
    -------
    int
        0 if it is in time.
    """
    until = day if ticket.closed_at is None else ticket.closed_at.astimezone(WIB).date()
    return max(0, (until - ticket.due_on).days)


def by_maintainer(found: Sequence[Ticket], day: date) -> pd.DataFrame:
    """Add up the tickets of each maintainer.

    Parameters
    ----------
    found : sequence of Ticket
        Tickets.
    day : date
        Today.

    Returns
    -------
    DataFrame
        By ``maintainer``: ``open``, ``overdue`` of these and ``latest_days`` of the one that is overdue longest;
        ``done``, ``refused``; ``median_days`` from report to repair (NaN if none was repaired); ``cost_idr``, and
        ``cost_unknown``, repaired ones whose cost nobody has stated. The most overdue first.
    """
    columns = ["maintainer", "open", "overdue", "latest_days", "done", "refused", "median_days", "cost_idr",
               "cost_unknown"]  # fmt: skip
    names = sorted({one.maintainer for one in found})
    table = pd.DataFrame(
        [_of(name, [one for one in found if one.maintainer == name], day) for name in names], columns=columns
    )
    return table.sort_values(["overdue", "open", "maintainer"], ascending=[False, False, True], ignore_index=True)


def _of(name: str, own: Sequence[Ticket], day: date) -> list[object]:
    late = [overdue_days(one, day) for one in own if one.is_open]
    done = [one for one in own if one.state == "done"]
    took = [(one.closed_at - one.reported_at).total_seconds() / 86_400 for one in done if one.closed_at is not None]
    return [
        name, len(late), sum(days > 0 for days in late), max(late, default=0), len(done),
        sum(one.state == "refused" for one in own), float(np.median(took)) if took else float("nan"),
        sum(one.cost_idr or 0 for one in own), sum(one.cost_idr is None for one in done),
    ]  # fmt: skip


def _require_handler(runtime: Runtime, account: Account, ticket: Ticket) -> None:
    accounts.require(account, Permission.HANDLE_TICKETS)
    require_own(account, get_camera(runtime.registry, ticket.camera_id))

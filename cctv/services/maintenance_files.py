"""The tickets leave the house: who takes them, for what, for which maintainer; logged before they are handed out."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

import pandas as pd

from cctv.errors import NotFoundError
from cctv.i18n import moment, t
from cctv.registry.access_log import log_access
from cctv.registry.models import Account
from cctv.registry.ticket_records import Ticket
from cctv.reports.content import Stamp
from cctv.reports.ticket_files import tickets_csv, tickets_xlsx
from cctv.services.maintenance import by_maintainer, overdue_days, tickets_for, today
from cctv.services.reporting import ReportFile, checked_purpose
from cctv.services.runtime import Runtime

ACTION = "unduh_tiket"
_Writer = Callable[[Mapping[str, pd.DataFrame], Stamp], bytes]
FORMS: dict[str, tuple[str, _Writer]] = {
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", tickets_xlsx),
    "csv": ("text/csv; charset=utf-8", tickets_csv),
}


def tickets_file(runtime: Runtime, account: Account, form: str, reason: str, maintainer: str = "") -> ReportFile:
    """Write the tickets that a person may see.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who takes them.
    form : {"xlsx", "csv"}
        Which file.
    reason : str
        For what; stands in the log and in the file.
    maintainer : str
        Only those of this maintainer; empty takes all.

    Returns
    -------
    ReportFile
        The file.

    Raises
    ------
    AccessError
        If the role does not allow it.
    NotFoundError
        If there is no such form.
    CctvError
        If no purpose is given, or it is too long.
    """
    if form not in FORMS:
        raise NotFoundError("unknown_report", f"no ticket file {form!r}", {"name": form})
    purpose = checked_purpose(reason)
    found = [one for one in tickets_for(runtime, account) if maintainer in ("", one.maintainer)]
    log_access(runtime.registry, account.username, ACTION, f"{form} {len(found)} {maintainer}".strip(), purpose)
    stamp = Stamp(account.username, datetime.now(UTC), purpose)
    media_type, write = FORMS[form]
    sheets = {t("maintenance.sheet_tickets"): ticket_table(found), t("maintenance.sheet_makers"): maker_table(found)}
    return ReportFile(f"pemeliharaan-{stamp.taken_at:%Y%m%d}.{form}", media_type, write(sheets, stamp))


def ticket_table(found: Sequence[Ticket]) -> pd.DataFrame:
    """Lay tickets out for people.

    Parameters
    ----------
    found : sequence of Ticket
        Tickets.

    Returns
    -------
    DataFrame
        One row per ticket, columns named in the language in use; days and Rupiah stay values.
    """
    day = today()
    rows = [
        {
            "ticket_id": one.ticket_id, "state": t(f"ticket_state.{one.state}"), "fault": t(f"fault.{one.fault}"),
            "camera_id": one.camera_id, "camera": one.camera_name, "place": one.place, "owner": one.agency_name,
            "maintainer": one.maintainer, "due_on": one.due_on, "late": overdue_days(one, day),
            "cost": one.cost_idr, "camera_status": t(f"status.{one.camera_status}"),
            "source": t(f"ticket_source.{one.source}"), "reported": moment(one.reported_at),
            "reported_by": one.reported_by, "closed": "" if one.closed_at is None else moment(one.closed_at),
            "note": one.note,
        }
        for one in found
    ]  # fmt: skip
    names = ("ticket_id", "state", "fault", "camera_id", "camera", "place", "owner", "maintainer", "due_on", "late",
             "cost", "camera_status", "source", "reported", "reported_by", "closed", "note")  # fmt: skip
    return pd.DataFrame(rows, columns=list(names)).rename(columns={name: t(f"maintenance.{name}") for name in names})


def maker_table(found: Sequence[Ticket]) -> pd.DataFrame:
    """Lay the sums per maintainer out for people.

    Parameters
    ----------
    found : sequence of Ticket
        Tickets.

    Returns
    -------
    DataFrame
        One row per maintainer, columns named in the language in use.
    """
    table = by_maintainer(found, today())
    return table.rename(columns={name: t(f"maintenance.{name}") for name in table.columns})

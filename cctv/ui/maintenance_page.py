"""The maintenance screen: what is open and late, whose work it is, what the rounds propose, and each ticket."""

from typing import Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from cctv.i18n import moment, number, rupiah, t
from cctv.registry.models import Account
from cctv.registry.ticket_records import Ticket
from cctv.services import maintenance
from cctv.services.maintenance_files import FORMS, maker_table, ticket_table
from cctv.services.reporting import LONGEST_REASON
from cctv.ui import session
from cctv.ui.kpis import Kpi, kpi_strip
from cctv.ui.maintenance_report import fault_buttons, may_report
from cctv.ui.maintenance_ticket import ticket_section
from cctv.ui.report_links import purpose_picker

SHOWN = ("open", "overdue", "closed", "all")
UNKNOWN = "-"
ROWS = 14


def maintenance_screen(account: Account) -> None:
    """Draw the screen.

    Parameters
    ----------
    account : Account
        Who is looking; an account of one agency sees the tickets of its own cameras.
    """
    found = maintenance.tickets_for(session.runtime(), account)
    st.title(t("maintenance.title"), anchor=False, help=t("maintenance.help"))
    kpi_strip(_kpis(found))
    _proposals(account)
    if not found:
        st.info(t("maintenance.none"), icon=":material/build:")
        return
    st.subheader(t("maintenance.makers"), anchor=False, help=t("maintenance.makers_help"))
    st.dataframe(written(maker_table(found)), hide_index=True, column_config=_columns())
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        maintainer = _filters(found)
        _links(maintainer)
    chosen = _table(_kept(found, maintainer))
    ticket = next((one for one in found if one.ticket_id == chosen), None)
    if ticket is not None:
        ticket_section(account, ticket)


def _kpis(found: list[Ticket]) -> list[Kpi]:
    today = maintenance.today()
    late = [maintenance.overdue_days(one, today) for one in found if one.is_open]
    longest = max(late, default=0)
    year = [one for one in found if one.reported_at.year == today.year]
    unknown = sum(one.cost_idr is None for one in year if one.state == "done")
    return [
        Kpi(number(len(late)), t("maintenance.kpi_open"), "", t("maintenance.kpi_open_meaning")),
        Kpi(number(sum(days > 0 for days in late)), t("maintenance.kpi_overdue"),
            t("maintenance.kpi_latest", n=number(longest)) if longest else "", t("maintenance.kpi_overdue_meaning")),
        Kpi(rupiah(sum(one.cost_idr or 0 for one in year)), t("maintenance.kpi_cost", year=today.year),
            t("maintenance.kpi_unknown", n=number(unknown)) if unknown else "", t("maintenance.kpi_cost_meaning")),
    ]  # fmt: skip


def _proposals(account: Account) -> None:
    """List the cameras that the rounds call dead; a person decides."""
    proposed = maintenance.proposals(session.runtime(), account)
    if not proposed:
        return
    polls = session.runtime().settings.silent_polls
    with st.expander(t("maintenance.proposed", n=number(len(proposed))), expanded=True, icon=":material/sensors_off:"):
        st.caption(t("maintenance.proposed_help", n=number(polls)))
        for one in proposed:
            said = t("maintenance.rounds_say", since=moment(one.silence.silent_since), n=number(one.silence.unanswered))
            st.markdown(f"**{one.camera.camera_id}** · {one.camera.name} · {one.camera.agency_name}  \n{said}")
            if may_report(account, one.camera):
                fault_buttons(account, one.camera.camera_id)


def _filters(found: list[Ticket]) -> str:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            t("maintenance.show"), SHOWN, default="open", format_func=lambda name: t(f"maintenance.show_{name}"),
            key="tickets_shown",
        )  # fmt: skip
        makers = ["", *sorted({one.maintainer for one in found})]
        return st.selectbox(
            t("maintenance.maintainer"), makers, format_func=lambda name: name or t("maintenance.everybody"),
            key="tickets_maker", width=280,
        )  # fmt: skip


def _kept(found: list[Ticket], maintainer: str) -> list[Ticket]:
    shown, today = st.session_state.get("tickets_shown") or "all", maintenance.today()
    own = [one for one in found if maintainer in ("", one.maintainer)]
    if shown == "overdue":
        return [one for one in own if one.is_open and maintenance.overdue_days(one, today) > 0]
    return [one for one in own if shown == "all" or one.is_open == (shown == "open")]


def _table(found: list[Ticket]) -> str:
    """Draw the table and give the ticket that is chosen, in it or by the address."""
    if not found:
        st.caption(t("maintenance.nothing_shown"))
        return st.query_params.get("tiket", "")
    event = st.dataframe(
        written(ticket_table(found)), hide_index=True, column_config=_columns(), on_select="rerun",
        selection_mode="single-row", key="tickets_table", height="content" if len(found) < ROWS else 35 * ROWS,
    )  # fmt: skip
    picked = event["selection"]["rows"]
    if picked and picked[0] < len(found):
        st.query_params["tiket"] = found[picked[0]].ticket_id
    elif "tiket" not in st.query_params:
        st.caption(t("maintenance.pick"))
    return st.query_params.get("tiket", "")


def written(table: pd.DataFrame) -> pd.DataFrame:
    """Write amounts and spans of time the way people of the chosen language do; a dash for what is not known.

    Parameters
    ----------
    table : DataFrame
        As laid out for the files.

    Returns
    -------
    DataFrame
        The same columns.
    """
    decimals = {t("maintenance.cost"): 0, t("maintenance.cost_idr"): 0, t("maintenance.median_days"): 1}
    texts = {
        name: [UNKNOWN if pd.isna(value) else number(float(value), places) for value in table[name]]
        for name, places in decimals.items()
        if name in table
    }
    return table.assign(**texts)


def _columns() -> dict[str, Any]:
    column = st.column_config
    amounts = ("cost", "cost_idr", "median_days")
    return {
        **{t(f"maintenance.{name}"): column.TextColumn(alignment="right") for name in amounts},
        t("maintenance.due_on"): column.DateColumn(format="DD/MM/YYYY"),
    }


def _links(maintainer: str) -> None:
    with st.popover(t("maintenance.take"), icon=":material/download:"):
        reason = purpose_picker("tickets", LONGEST_REASON // 2)
        query = {"keperluan": reason} | ({"pemelihara": maintainer} if maintainer else {})
        for form in FORMS:
            st.link_button(
                t(f"maintenance.take_{form}"), f"/unduh/pemeliharaan/{form}?{urlencode(query)}", disabled=not reason,
                icon=":material/download:", width="stretch",
            )  # fmt: skip

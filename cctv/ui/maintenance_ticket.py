"""One ticket: its facts and history, the form to change it, and the form that closes it with a proof."""

from collections.abc import Callable

import streamlit as st

from cctv.errors import CctvError
from cctv.i18n import day, moment, number, rupiah, t
from cctv.permissions import Permission
from cctv.registry import history
from cctv.registry.models import Account
from cctv.registry.ticket_records import CLOSED, OPEN, Ticket
from cctv.services import maintenance
from cctv.services.amounts import amount_of
from cctv.settings import page_file
from cctv.ui import session
from cctv.ui.failure import show_error
from cctv.ui.panel import facts_list
from cctv.ui.sign_form import LARGEST_MB, PHOTO_TYPES, photo_html
from cctv.ui.timeline import change_lines


def ticket_section(account: Account, ticket: Ticket) -> None:
    """Draw a ticket.

    Parameters
    ----------
    account : Account
        Who is looking; who handles tickets may change and close it.
    ticket : Ticket
        Which.
    """
    st.subheader(t("maintenance.ticket", id=ticket.ticket_id, fault=t(f"fault.{ticket.fault}")), anchor=False)
    left, right = st.columns([1, 1], gap="medium")
    with left:
        st.html(facts_list(_facts(ticket)))
        if ticket.photo_id:
            st.html(photo_html(ticket.photo_id, t("maintenance.photo_of", id=ticket.ticket_id)))
        st.page_link(
            page_file("kamera"), label=t("maintenance.to_camera", camera=ticket.camera_id), icon=":material/videocam:",
            query_params={"camera": ticket.camera_id},
        )  # fmt: skip
    with right:
        if ticket.is_open and session.may(Permission.HANDLE_TICKETS):
            _change_form(account, ticket)
            _close_form(account, ticket)
        with st.expander(t("maintenance.history"), icon=":material/history:"):
            change_lines(history.changes(session.runtime().registry, "ticket", ticket.ticket_id))


def _facts(ticket: Ticket) -> list[tuple[str, str]]:
    late = maintenance.overdue_days(ticket, maintenance.today())
    due = day(ticket.due_on) + (f" ({t('maintenance.late_by', n=number(late))})" if late else "")
    closed = "-" if ticket.closed_at is None else f"{moment(ticket.closed_at)}, {ticket.closed_by}"
    values = {
        "state": t(f"ticket_state.{ticket.state}"), "camera": f"{ticket.camera_id} {ticket.camera_name}",
        "place": ticket.place or "-", "camera_status": t(f"status.{ticket.camera_status}"),
        "owner": ticket.agency_name, "maintainer": ticket.maintainer,
        "source": t(f"ticket_source.{ticket.source}"),
        "reported": f"{moment(ticket.reported_at)}, {ticket.reported_by}", "due_on": due,
        "cost": t("panel.unknown") if ticket.cost_idr is None else rupiah(ticket.cost_idr), "closed": closed,
        "note": ticket.note or "-",
    }  # fmt: skip
    return [(t(f"maintenance.{name}"), value) for name, value in values.items()]


def _change_form(account: Account, ticket: Ticket) -> None:
    with st.expander(t("maintenance.change"), icon=":material/edit:"), st.form(f"ticket_{ticket.version}_change"):
        state = st.radio(
            t("maintenance.state"), OPEN, OPEN.index(ticket.state), horizontal=True,
            format_func=lambda name: t(f"ticket_state.{name}"),
        )  # fmt: skip
        changes: dict[str, object] = {
            "state": state,
            "maintainer": st.text_input(t("maintenance.maintainer"), ticket.maintainer).strip(),
            "due_on": st.date_input(t("maintenance.due_on"), ticket.due_on, format="DD/MM/YYYY"),
            "cost_idr": _amount(ticket),
            "note": st.text_input(t("maintenance.note"), ticket.note),
        }
        reason = st.text_input(t("register.reason"), placeholder=t("register.reason_hint"))
        if st.form_submit_button(t("maintenance.save"), icon=":material/save:"):
            _do(lambda: maintenance.save_ticket(session.runtime(), account, ticket, changes, reason))


def _close_form(account: Account, ticket: Ticket) -> None:
    with (
        st.expander(t("maintenance.close"), icon=":material/task_alt:", expanded=True),
        st.form(f"ticket_{ticket.version}_close"),
    ):
        state = st.radio(
            t("maintenance.outcome"), CLOSED, horizontal=True, format_func=lambda name: t(f"maintenance.as_{name}")
        )  # fmt: skip
        is_working = st.checkbox(t("maintenance.is_working"), help=t("maintenance.is_working_help"))
        cost = _amount(ticket)
        note = st.text_input(t("maintenance.note"), ticket.note, help=t("maintenance.note_help"))
        photo = st.file_uploader(
            t("maintenance.photo"), type=PHOTO_TYPES, max_upload_size=LARGEST_MB, help=t("sign.photo_help")
        )
        if st.form_submit_button(t("maintenance.close_button"), type="primary", icon=":material/task_alt:"):
            reason = t("maintenance.close_reason", outcome=t(f"maintenance.as_{state}"))
            _do(lambda: maintenance.close_ticket(
                session.runtime(), account, ticket, state=state, is_working=is_working, cost_idr=cost, note=note,
                photo=None if photo is None else photo.getvalue(), reason=reason,
            ))  # fmt: skip


def _amount(ticket: Ticket) -> int | str | None:
    """Ask for an amount; what is no amount goes on as it is, for the check to name it."""
    before = "" if ticket.cost_idr is None else number(ticket.cost_idr)
    text = st.text_input(
        t("maintenance.cost"), before, help=t("maintenance.cost_help"), placeholder=t("panel.unknown")
    ).strip()
    amount = amount_of(text)
    return None if not text else text if amount is None else amount


def _do(save: Callable[[], object]) -> None:
    try:
        save()
    except CctvError as error:
        show_error(error)
    else:
        st.toast(t("maintenance.saved"), icon=":material/check:")
        st.rerun()

"""Two clicks from a camera to a ticket: the button, then what is wrong; and what person and rounds say of it."""

import streamlit as st

from cctv.errors import CctvError
from cctv.i18n import day, moment, number, t
from cctv.permissions import Permission
from cctv.registry.camera_health import silences
from cctv.registry.models import Account, Camera
from cctv.registry.ticket_records import FAULTS, Fault, list_tickets
from cctv.services import maintenance
from cctv.services.silence import silent_cameras
from cctv.settings import page_file
from cctv.ui import session
from cctv.ui.failure import show_error

ICONS = {"dead": "videocam_off", "misaimed": "explore_off", "blocked": "visibility_off", "other": "help"}


def fault_section(account: Account, camera: Camera) -> None:
    """Draw what the rounds say against the register, the open tickets of a camera, and the button to report a fault.

    Parameters
    ----------
    account : Account
        Who is looking; without the right to report there is no button.
    camera : Camera
        The camera.
    """
    both_words(camera)
    for ticket in list_tickets(session.runtime().registry, camera.camera_id):
        if ticket.is_open:
            label = t("maintenance.open_ticket", id=ticket.ticket_id, fault=t(f"fault.{ticket.fault}"),
                      day=day(ticket.due_on))  # fmt: skip
            query = {"tiket": ticket.ticket_id}
            st.page_link(page_file("pemeliharaan"), label=label, icon=":material/build:", query_params=query)
    if may_report(account, camera):
        with st.popover(t("fault.report"), icon=":material/report:", width="stretch"):
            st.caption(t("fault.report_help"))
            fault_buttons(account, camera.camera_id)


def may_report(account: Account, camera: Camera) -> bool:
    """Tell whether a person may report faults of a camera.

    Parameters
    ----------
    account : Account
        Who is looking.
    camera : Camera
        The camera.

    Returns
    -------
    bool
        True if role and agency allow it; the service checks again.
    """
    return session.may(Permission.REPORT_FAULTS) and account.agency_id in (None, "", camera.agency_id)


def fault_buttons(account: Account, camera_id: str) -> None:
    """Draw a button for each kind of fault; one click opens the ticket.

    Parameters
    ----------
    account : Account
        Who reports.
    camera_id : str
        Which camera.
    """
    with st.container(horizontal=True):
        for fault in FAULTS:
            st.button(
                t(f"fault.{fault}"), key=f"fault_{fault}_{camera_id}", icon=f":material/{ICONS[fault]}:",
                on_click=_report, args=(account, camera_id, fault),
            )  # fmt: skip


def both_words(camera: Camera) -> None:
    """Say that a camera does not answer although the register calls it on, with the word of both.

    Parameters
    ----------
    camera : Camera
        The camera; nothing is drawn if it answers or is not called on.
    """
    said = silences(session.runtime().registry).get(camera.camera_id)
    if said is None or camera.status != "on":
        return
    register = t("maintenance.register_says", status=t(f"status.{camera.status}"),
                 since=t("panel.unknown") if camera.status_since is None else moment(camera.status_since))  # fmt: skip
    rounds = t("maintenance.rounds_say", since=moment(said.silent_since), n=number(said.unanswered))
    if camera.camera_id in silent_cameras(session.runtime()):
        st.warning(f"{register}  \n{rounds}  \n{t('maintenance.counted_dead')}", icon=":material/sensors_off:")
    else:
        st.caption(f"{register} {rounds}")


def _report(account: Account, camera_id: str, fault: Fault) -> None:
    try:
        ticket = maintenance.report_fault(
            session.runtime(), account, camera_id, fault, reason=t("fault.reason", fault=t(f"fault.{fault}"))
        )
    except CctvError as error:
        show_error(error)
    else:
        st.toast(
            t("fault.reported", id=ticket.ticket_id, day=day(ticket.due_on), maintainer=ticket.maintainer),
            icon=":material/build:",
        )  # fmt: skip

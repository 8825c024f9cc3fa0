"""The record of an incident: open it, write notes, keep pictures, close it, take its file."""

from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from cctv.errors import CctvError
from cctv.i18n import moment, number, t
from cctv.registry.incidents import KINDS, LONGEST_NOTE, LONGEST_TITLE, Incident
from cctv.registry.models import Account
from cctv.services import incidents
from cctv.services.incident_files import FORMS
from cctv.services.incident_words import entry_words
from cctv.services.places import Place
from cctv.services.reporting import LONGEST_REASON
from cctv.services.sighted import Sighted
from cctv.ui import session
from cctv.ui.failure import show_error
from cctv.ui.report_links import purpose_picker


def new_incident(account: Account, place: Place, sighted: Sighted) -> None:
    """Offer to open an incident at a place; the present pictures are kept with it.

    Parameters
    ----------
    account : Account
        Who is looking.
    place : Place
        Where, as it was asked for.
    sighted : Sighted
        What watches it.
    """
    with st.form("incident_new", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        title = st.text_input(t("incident.what"), max_chars=LONGEST_TITLE, placeholder=t("incident.what_hint"))
        kind = st.selectbox(t("incident.kind"), KINDS, format_func=lambda one: t(f"incident.kind_{one}"), width=190)
        opens = st.form_submit_button(t("incident.open_it"), icon=":material/flag:", type="primary")
    if not opens:
        return
    try:
        opened = incidents.open_at(session.runtime(), account, title, kind, place, sighted)
        _keep_pictures(account, opened.incident_id, sighted)
    except CctvError as error:
        show_error(error)
        return
    st.session_state["incident_open_next"] = opened.incident_id
    st.rerun()


def record(account: Account, incident_id: str, sighted: Sighted) -> None:
    """Show an incident with what can be done with it.

    Parameters
    ----------
    account : Account
        Who is looking.
    incident_id : str
        Which incident.
    sighted : Sighted
        What watches its place now.
    """
    incident, timeline, kept = incidents.read(session.runtime(), account, incident_id)
    st.markdown(t("incident.line", number=incident.incident_id, title=incident.title,
                  kind=t(f"incident.kind_{incident.kind}"), state=t(f"incident.{incident.state}")))  # fmt: skip
    try:
        _actions(account, incident, sighted)
        _note(account, incident)
    except CctvError as error:
        show_error(error)
    with st.expander(t("incident.timeline_n", n=number(len(timeline)), pictures=number(len(kept))), expanded=True):
        rows = [
            {t("incident.when"): moment(one.written_at), t("incident.who"): one.username,
             t("incident.what_done"): entry_words(one)}
            for one in reversed(timeline)
        ]  # fmt: skip
        st.dataframe(pd.DataFrame(rows), hide_index=True, height=min(38 + 35 * len(rows), 260))


def _actions(account: Account, incident: Incident, sighted: Sighted) -> None:
    with st.container(horizontal=True):
        if st.button(t("incident.keep"), icon=":material/photo_camera:", help=t("incident.keep_help")):
            _keep_pictures(account, incident.incident_id, sighted)
            st.rerun()
        is_open = incident.state == "open"
        if st.button(t("incident.close_it" if is_open else "incident.reopen"), icon=":material/task_alt:"):
            incidents.change_state(session.runtime(), account, incident, "closed" if is_open else "open")
            st.rerun()
        with st.popover(t("incident.take"), icon=":material/download:"):
            reason = purpose_picker("incident", LONGEST_REASON // 2)
            for form in FORMS:
                address = f"/unduh/insiden/{incident.incident_id}/{form}?{urlencode({'keperluan': reason})}"
                st.link_button(
                    t(f"incident.form_{form}"), address, disabled=not reason, icon=":material/download:",
                    width="stretch",
                )  # fmt: skip
            st.caption(t("incident.take_help"))


def _note(account: Account, incident: Incident) -> None:
    line = st.form("incident_note", border=False, clear_on_submit=True)
    with line, st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input(t("incident.note"), max_chars=LONGEST_NOTE, placeholder=t("incident.note_hint"))
        writes = st.form_submit_button(t("incident.write"), icon=":material/edit_note:")
    if writes:
        incidents.note(session.runtime(), account, incident.incident_id, words)
        st.rerun()


def _keep_pictures(account: Account, incident_id: str, sighted: Sighted) -> None:
    shown = [one.camera.camera_id for one in (*sighted.cameras, *sighted.neighbours) if one.works]
    n = incidents.keep_now(session.runtime(), account, incident_id, shown)
    st.toast(t("incident.kept_n", n=number(n), of=number(min(len(shown), incidents.MOST_PICTURES))))

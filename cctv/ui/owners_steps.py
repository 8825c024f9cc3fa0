"""The steps of an owner: what was done, by whom, and the next one; one's own last step can be taken back."""

import streamlit as st

from cctv.errors import CctvError
from cctv.i18n import day, moment, number, t
from cctv.registry.models import Account
from cctv.registry.owner_steps import CONSENTED, NEEDS_NOTE, NEXT, NewStep, OwnerStep, list_steps
from cctv.registry.owners import Consent, Owner, OwnerState
from cctv.services import owners as service
from cctv.services.price_list import today_here
from cctv.ui import session
from cctv.ui.failure import show_error

CONSENTS: tuple[Consent, ...] = ("register", "live")


def steps_section(account: Account, owner: Owner, *, editable: bool) -> None:
    """Draw the steps and the form of the next one.

    Parameters
    ----------
    account : Account
        Who is looking.
    owner : Owner
        Which owner.
    editable : bool
        Whether the account may take steps.
    """
    steps = list_steps(session.runtime().registry, owner.owner_id)
    if editable:
        _next(account, owner)
    st.markdown(f"**{t('owners.steps')}**")
    if not steps:
        st.caption(t("owners.steps_none"))
    for step in reversed(steps):
        st.markdown(_words(step))
    last = next((step for step in reversed(steps) if step.stands), None)
    if editable and last is not None and last.recorded_by == account.username:
        _undo(account, last)


def _next(account: Account, owner: Owner) -> None:
    ways = NEXT[owner.state]
    to_state: OwnerState = st.radio(
        t("owners.next"), ways, horizontal=True, key=f"next_{owner.owner_id}_{owner.version}",
        format_func=lambda state: t(f"owners.to_{_way(owner, state)}"),
    )  # fmt: skip
    if to_state == "withdrawn":
        st.warning(t("owners.withdraw_warning", n=number(owner.cameras)), icon=":material/visibility_off:")
    with st.form(f"step_{owner.owner_id}_{owner.version}_{to_state}", border=False):
        happened_on = st.date_input(t("owners.happened_on"), today_here(), max_value=today_here(), format="DD/MM/YYYY")
        consent: Consent = "none"
        if to_state == "agreed":
            consent = st.radio(t("owners.consent"), CONSENTS, format_func=lambda word: t(f"consent.{word}"))
        needed = "owners.step_note_needed" if to_state in NEEDS_NOTE else "field.note"
        note = st.text_input(t(needed), max_chars=500)
        if not st.form_submit_button(t("owners.save_step"), type="primary", icon=":material/flag:"):
            return
    try:
        service.take_step(session.runtime(), account, owner, NewStep(to_state, happened_on, note.strip(), consent))
    except CctvError as error:
        show_error(error)
    else:
        st.toast(t("owners.step_saved", name=owner.name, state=t(f"owner_state.{to_state}")), icon=":material/check:")
        st.rerun()


def _way(owner: Owner, state: OwnerState) -> str:
    if state == "agreed" and owner.state in CONSENTED:
        return "changed"
    return "again" if state == owner.state else state


def _undo(account: Account, step: OwnerStep) -> None:
    with st.popover(t("owners.undo"), icon=":material/undo:", help=t("owners.undo_help")):
        reason = st.text_input(t("register.reason"), key=f"undo_{step.step_id}")
        if st.button(t("owners.undo_sure"), type="primary", disabled=not reason.strip(), key=f"sure_{step.step_id}"):
            try:
                service.undo_step(session.runtime(), account, step, reason)
            except CctvError as error:
                show_error(error)
            else:
                st.toast(t("owners.undone"), icon=":material/check:")
                st.rerun()


def _words(step: OwnerStep) -> str:
    words = t("owners.step", day=day(step.happened_on), state=t(f"owner_state.{step.to_state}"),
              who=step.recorded_by, when=moment(step.recorded_at))  # fmt: skip
    parts = [step.note] if step.note else []
    if step.to_state == "agreed":
        parts.append(t(f"consent.{step.consent}"))
    if step.cameras:
        parts.append(t("owners.step_cameras", n=number(len(step.cameras))))
    if not step.stands and step.undone_at is not None:
        parts.append(t("owners.step_undone", who=step.undone_by, when=moment(step.undone_at)))
    about = f" — {'; '.join(parts)}" if parts else ""
    return f"- ~~{words}~~{about}" if not step.stands else f"- {words}{about}"

"""The list of owners: what is due, the table to choose from, and everything about the chosen one."""

import pandas as pd
import streamlit as st

from cctv.i18n import day, number, t
from cctv.permissions import Permission
from cctv.registry.models import Account
from cctv.registry.owner_steps import STATES
from cctv.registry.owners import Owner
from cctv.services import owners as service
from cctv.services.owner_reminders import Reminder
from cctv.ui import session
from cctv.ui.owners_form import edit_form
from cctv.ui.owners_steps import steps_section
from cctv.ui.panel import facts_list

CHOSEN = "pemilik"


def list_view(account: Account, found: list[Owner], due: list[Reminder]) -> None:
    """Draw the list and the chosen owner.

    Parameters
    ----------
    account : Account
        Who is looking.
    found : list of Owner
        Owners that this person may see.
    due : list of Reminder
        Whose next step is due.
    """
    if not found:
        st.info(t("owners.none"), icon=":material/storefront:")
        return
    _reminders(due)
    shown = _filtered(found)
    names = [t(f"owners.col_{name}") for name in ("name", "sector", "place", "state", "since", "cameras", "due")]
    over = {reminder.owner.owner_id: reminder.days_over for reminder in due}
    st.dataframe(pd.DataFrame([_row(owner, over) for owner in shown], columns=names), hide_index=True)
    st.caption(t("owners.cameras_meaning"))
    by_id = {owner.owner_id: owner for owner in shown}
    if not by_id:
        return
    asked = st.query_params.get(CHOSEN, "")
    ids = list(by_id)
    chosen = st.selectbox(
        t("owners.choose"), ids, index=ids.index(asked) if asked in by_id else 0,
        format_func=lambda key: option_words(by_id[key]),
    )  # fmt: skip
    st.query_params[CHOSEN] = chosen
    _detail(account, by_id[chosen])


def _reminders(due: list[Reminder]) -> None:
    if not due:
        return
    with st.expander(
        t("owners.due_title", n=number(len(due))), icon=":material/notification_important:", expanded=True
    ):
        for reminder in due:
            words = t(f"owners.due_{reminder.kind}", name=reminder.owner.name, since=day(reminder.owner.state_on),
                      days=number(reminder.days_over))  # fmt: skip
            st.markdown(f"- {words}")
        st.caption(t("owners.due_help"))


def _filtered(found: list[Owner]) -> list[Owner]:
    first, second, third = st.columns([2, 2, 2])
    text = first.text_input(t("owners.search"), key="owners_text").lower().split()
    states = second.multiselect(
        t("owners.col_state"), [s for s in STATES if any(o.state == s for o in found)], key="owners_states",
        format_func=lambda s: t(f"owner_state.{s}"), placeholder=t("owners.all"),
    )  # fmt: skip
    places = third.multiselect(
        t("field.kelurahan"), sorted({owner.kelurahan for owner in found if owner.kelurahan}), key="owners_places",
        placeholder=t("owners.all"),
    )  # fmt: skip
    return [
        owner
        for owner in found
        if all(word in f"{owner.name} {owner.address} {owner.kelurahan} {owner.owner_id}".lower() for word in text)
        and (not states or owner.state in states)
        and (not places or owner.kelurahan in places)
    ]


def _row(owner: Owner, over: dict[str, int]) -> tuple[str, ...]:
    return (
        owner.name, t(f"sector.{owner.sector}"), owner.kelurahan or "-", t(f"owner_state.{owner.state}"),
        day(owner.state_on), cameras_words(owner),
        t("owners.days_over", n=number(over[owner.owner_id])) if owner.owner_id in over else "",
    )  # fmt: skip


def option_words(owner: Owner) -> str:
    """Name an owner in a list to choose from.

    Parameters
    ----------
    owner : Owner
        Which owner.

    Returns
    -------
    str
        Name and state.
    """
    return t("owners.option", name=owner.name, state=t(f"owner_state.{owner.state}"))


def cameras_words(owner: Owner) -> str:
    """Say how many cameras an owner has, by the register and by its own word.

    Parameters
    ----------
    owner : Owner
        Which owner.

    Returns
    -------
    str
        For example ``2 / 5``; a question mark where it has not said.
    """
    return f"{number(owner.cameras)} / {'?' if owner.cameras_stated is None else number(owner.cameras_stated)}"


def _detail(account: Account, owner: Owner) -> None:
    editable = session.may(Permission.EDIT_OWNERS)
    with st.container(border=True):
        st.subheader(owner.name, anchor=False)
        left, right = st.columns(2, gap="medium")
        with left:
            st.html(facts_list(_facts(owner)))
            _contact(account, owner)
            if editable:
                edit_form(account, owner)
        with right:
            steps_section(account, owner, editable=editable)


def _facts(owner: Owner) -> list[tuple[str, str]]:
    place = "-" if owner.lat is None or owner.lon is None else f"{owner.lat:.6f}, {owner.lon:.6f}"
    return [
        (
            t("owners.col_state"),
            t("owners.state_since", state=t(f"owner_state.{owner.state}"), day=day(owner.state_on)),
        ),
        (t("owners.consent"), t(f"consent.{owner.consent}")),
        (t("owners.col_sector"), t(f"sector.{owner.sector}")),
        (t("owners.address"), owner.address or "-"),
        (t("field.kelurahan"), owner.kelurahan or "-"),
        (t("field.position"), place),
        (t("owners.col_cameras"), cameras_words(owner)),
        (t("field.note"), owner.note or "-"),
        (t("field.id"), owner.owner_id),
    ]


def _contact(account: Account, owner: Owner) -> None:
    if not session.may(Permission.SEE_CONTACTS):
        st.caption(t("owners.contact_hidden"))
        return
    if not owner.has_contact:
        st.caption(t("owners.contact_none"))
        return
    if st.button(t("owners.contact_show"), icon=":material/contact_phone:", help=t("owners.contact_logged")):
        contact = service.contact_for(session.runtime(), account, owner)
        words = {name: value for name, value in vars(contact).items() if value}
        st.html(facts_list([(t(f"owners.contact_{name}"), value) for name, value in words.items()]))

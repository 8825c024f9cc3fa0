"""Letters to owners: choose for whom, number them together, take them as one ZIP, note that they were sent."""

from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from cctv.errors import CctvError
from cctv.i18n import day, number, t
from cctv.registry.letters import Letter, letter_rule, list_letters
from cctv.registry.models import Account
from cctv.registry.owner_steps import NEXT
from cctv.registry.owners import Owner
from cctv.services import letters as service
from cctv.services.owner_reminders import Reminder
from cctv.services.price_list import today_here
from cctv.ui import session
from cctv.ui.failure import show_error
from cctv.ui.owners_list import option_words

MADE = "letters_made"


def letters_view(account: Account, found: list[Owner], due: list[Reminder]) -> None:
    """Draw the form for new letters and the list of those that were issued.

    Parameters
    ----------
    account : Account
        Who issues them.
    found : list of Owner
        Owners that this person may see.
    due : list of Reminder
        Whose next step is due.
    """
    rule = letter_rule(session.runtime().registry)
    if rule.version == 0:
        st.warning(t("letters.rule_missing"), icon=":material/edit_note:")
    elif not rule.public_address:
        st.warning(t("letters.address_missing"), icon=":material/link_off:")
    _issue(account, found, due)
    names = {owner.owner_id: owner.name for owner in found}
    issued = [letter for letter in list_letters(session.runtime().registry) if letter.owner_id in names]
    st.subheader(t("letters.issued"), anchor=False)
    if not issued:
        st.caption(t("letters.none"))
        return
    _files(account, issued, names)


def _issue(account: Account, found: list[Owner], due: list[Reminder]) -> None:
    owners = {owner.owner_id: owner for owner in found if "letter_sent" in NEXT[owner.state]}
    usual = {reminder.owner.owner_id for reminder in due if reminder.kind == "reply"}
    lettered = {letter.owner_id for letter in list_letters(session.runtime().registry)}
    usual |= {key for key, owner in owners.items() if owner.state == "recorded" and key not in lettered}
    st.subheader(t("letters.new"), anchor=False, help=t("letters.new_help"))
    if not owners:
        st.caption(t("letters.nobody"))
        return
    with st.form(f"letters_issue_{len(lettered)}", border=False):
        chosen = st.multiselect(
            t("letters.for"), list(owners), [key for key in owners if key in usual], placeholder=t("letters.for_hint"),
            format_func=lambda key: option_words(owners[key]),
        )  # fmt: skip
        issued_on = st.date_input(t("letters.date"), today_here(), max_value=today_here(), format="DD/MM/YYYY")
        if not st.form_submit_button(t("letters.issue"), type="primary", icon=":material/mail:"):
            return
    try:
        made = service.issue(session.runtime(), account, chosen, issued_on)
    except CctvError as error:
        show_error(error)
        return
    st.session_state[MADE] = [letter.letter_id for letter in made]
    st.toast(t("letters.issued_n", n=number(len(made))), icon=":material/check:")
    st.rerun()


def _files(account: Account, issued: list[Letter], names: dict[str, str]) -> None:
    by_id = {letter.letter_id: letter for letter in issued}
    cells = [(letter.letter_number, day(letter.issued_on), names[letter.owner_id]) for letter in issued]
    heads = [t(f"letters.col_{name}") for name in ("number", "date", "owner")]
    st.dataframe(pd.DataFrame(cells, columns=heads), hide_index=True)
    made = [key for key in st.session_state.get(MADE, []) if key in by_id]
    chosen = st.multiselect(
        t("letters.which"), list(by_id), made or list(by_id)[:1], key=f"letters_chosen_{len(issued)}",
        format_func=lambda key: t("letters.option", number=by_id[key].letter_number, name=names[by_id[key].owner_id]),
    )  # fmt: skip
    if not chosen:
        return
    with st.container(horizontal=True):
        address = f"/unduh/surat-kumpulan.zip?{urlencode({'surat': ','.join(chosen)})}"
        st.link_button(t("letters.zip", n=number(len(chosen))), address, type="primary", icon=":material/folder_zip:")
        if len(chosen) == 1:
            for name in service.FILES:
                st.link_button(t(f"letters.file_{name.replace('.', '_')}"), f"/unduh/surat/{chosen[0]}/{name}",
                               icon=":material/download:")  # fmt: skip
    st.caption(t("letters.zip_help"))
    with st.form("letters_sent", border=False):
        sent_on = st.date_input(t("letters.sent_on"), today_here(), max_value=today_here(), format="DD/MM/YYYY")
        if not st.form_submit_button(t("letters.mark_sent", n=number(len(chosen))), icon=":material/outgoing_mail:"):
            return
    try:
        service.mark_sent(session.runtime(), account, chosen, sent_on)
    except CctvError as error:
        show_error(error)
    else:
        st.toast(t("letters.marked", n=number(len(chosen))), icon=":material/check:")
        st.rerun()

"""Print and download: a purpose first, then a link for each form the role may take."""

from urllib.parse import urlencode

import streamlit as st

from cctv.i18n import t
from cctv.services.reporting import FORMS, LONGEST_REASON
from cctv.ui import session

PURPOSES = ("meeting", "planning", "field", "audit")


def report_links() -> None:
    """Draw the button that opens the choice of purpose and form."""
    with st.container(horizontal=True, horizontal_alignment="right"), st.popover(
        t("sheet.take"), icon=":material/print:", help=t("sheet.take_help")
    ):  # fmt: skip
        reason = purpose_input("report")
        for name, form in FORMS.items():
            if session.may(form.needs):
                st.link_button(
                    t(f"sheet.form_{name}"), f"/unduh/cakupan/{name}?{urlencode({'keperluan': reason})}",
                    disabled=not reason, icon=":material/download:", width="stretch",
                )  # fmt: skip
        st.caption(t("sheet.take_help"))


def purpose_input(key: str) -> str:
    """Ask for what a file is taken.

    Parameters
    ----------
    key : str
        Names the inputs of one button.

    Returns
    -------
    str
        Purpose, empty as long as none is chosen.
    """
    words = {name: t(f"sheet.purpose_{name}") for name in PURPOSES}
    chosen = st.pills(t("sheet.purpose"), list(words), format_func=words.__getitem__, key=f"{key}_purpose")
    more = st.text_input(t("sheet.purpose_more"), max_chars=LONGEST_REASON // 2, key=f"{key}_more")
    reason = ", ".join(part for part in (words.get(chosen or "", ""), more.strip()) if part)
    if not reason:
        st.caption(t("sheet.purpose_first"))
    return reason

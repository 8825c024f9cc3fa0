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
        reason = purpose_picker("report", LONGEST_REASON // 2)
        for name, form in FORMS.items():
            if session.may(form.needs):
                st.link_button(
                    t(f"sheet.form_{name}"), f"/unduh/cakupan/{name}?{urlencode({'keperluan': reason})}",
                    disabled=not reason, icon=":material/download:", width="stretch",
                )  # fmt: skip
        st.caption(t("sheet.take_help"))


def purpose_picker(name: str, longest: int) -> str:
    """Ask for what something is taken.

    Parameters
    ----------
    name : str
        Distinguishes pickers on one screen.
    longest : int
        Most characters of the remark.

    Returns
    -------
    str
        Purpose in words, empty until one is chosen.
    """
    words = {purpose: t(f"sheet.purpose_{purpose}") for purpose in PURPOSES}
    chosen = st.pills(t("sheet.purpose"), list(words), format_func=words.__getitem__, key=f"{name}_purpose")
    more = st.text_input(t("sheet.purpose_more"), max_chars=longest, key=f"{name}_more")
    reason = ", ".join(part for part in (words.get(chosen or "", ""), more.strip()) if part)
    if not reason:
        st.caption(t("sheet.purpose_first"))
    return reason

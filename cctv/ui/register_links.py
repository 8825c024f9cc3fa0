"""Download of the register: a purpose first, then a link for each kind of file."""

from urllib.parse import urlencode

import streamlit as st

from cctv.i18n import t
from cctv.services.register_export import FORMS
from cctv.services.reporting import LONGEST_REASON
from cctv.ui.report_links import purpose_picker


def register_links() -> None:
    """Draw the button that opens the choice of purpose and form."""
    with st.container(horizontal=True, horizontal_alignment="right"), st.popover(
        t("sheet.register_take"), icon=":material/download:", help=t("sheet.register_help")
    ):  # fmt: skip
        reason = purpose_picker("register", LONGEST_REASON // 2)
        for name in FORMS:
            st.link_button(
                t(f"sheet.register_{name}"), f"/unduh/register/{name}?{urlencode({'keperluan': reason})}",
                disabled=not reason, icon=":material/download:", width="stretch",
            )  # fmt: skip
        st.caption(t("sheet.register_help"))

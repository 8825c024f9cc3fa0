"""The import screen: a new list, or the lists that were taken over."""

import streamlit as st

from cctv.i18n import t
from cctv.registry.models import Account
from cctv.ui.import_done import done_imports
from cctv.ui.import_new import new_import

VIEWS = ("new", "done")


def import_screen(account: Account) -> None:
    """Draw the import screen.

    Parameters
    ----------
    account : Account
        Who imports; has the right to edit the register.
    """
    if "import_next_view" in st.session_state:
        st.session_state["import_view"] = st.session_state.pop("import_next_view")
    st.session_state.setdefault("import_view", "new")
    view = st.segmented_control(
        t("register.view"), VIEWS, format_func=lambda name: t(f"importing.screen.view_{name}"),
        label_visibility="collapsed", key="import_view",
    )  # fmt: skip
    if view == "done":
        done_imports(account)
    else:
        new_import(account)

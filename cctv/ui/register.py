"""The register screen: table, form with map, the points nobody has placed, and the history."""

import streamlit as st

from cctv.i18n import t
from cctv.permissions import Permission
from cctv.registry.models import Account
from cctv.services import mapdata
from cctv.ui import session
from cctv.ui.both_versions import conflicts_section
from cctv.ui.camera_form import camera_form, forget_form
from cctv.ui.camera_table import camera_table
from cctv.ui.placing import placing_list
from cctv.ui.timeline import last_change, register_timeline
from cctv.ui.unsaved import unsaved_note

VIEWS = ("table", "form", "unplaced", "history")


def register_screen(account: Account) -> None:
    """Draw the register screen.

    Parameters
    ----------
    account : Account
        Who is looking; editors may change things.
    """
    runtime = session.runtime()
    points = mapdata.all_points(runtime)
    editable = session.may(Permission.EDIT_REGISTER)
    st.session_state.setdefault("register_view", "form" if "camera" in st.query_params else "table")
    view = st.segmented_control(
        t("register.view"), VIEWS, format_func=lambda name: t(f"register.view_{name}"),
        label_visibility="collapsed", key="register_view",
    )  # fmt: skip
    if not editable:
        st.caption(t("register.read_only"))
    else:
        last_change(account)
    conflicts_section(account, points)
    if view != "form":
        forget_form()
        unsaved_note("")
    match view:
        case "form":
            camera_form(account, points, editable=editable)
        case "unplaced":
            placing_list(account, [item for item in points if not item.is_placed], editable=editable)
        case "history":
            register_timeline()
        case _:
            camera_table(account, editable=editable)

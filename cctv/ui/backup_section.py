"""The part of the health screen that tells the administrator about the copies of the register."""

import streamlit as st

from cctv.errors import CctvError
from cctv.i18n import moment, number, t
from cctv.i18n.messages import error_text
from cctv.registry.models import Account
from cctv.services import nightly
from cctv.ui import session
from cctv.ui.failure import show_error
from cctv.ui.kpis import Kpi, kpi_strip

UNKNOWN = "-"


def backup_section(account: Account) -> None:
    """Show the newest copy, what is wrong with it, and a button that makes another.

    Parameters
    ----------
    account : Account
        An administrator.
    """
    st.subheader(t("health.backup"), anchor=False, help=t("health.backup_help"))
    if st.button(t("health.backup_make"), icon=":material/save:"):
        _make(account)
    found = nightly.copies(session.runtime(), account)
    if found.failure is not None:
        st.error(t("health.backup_failed", reason=error_text(found.failure)), icon=":material/error:")
    elif found.is_old:
        st.warning(t("health.backup_old"), icon=":material/warning:")
    if not found.kept:
        st.info(t("health.backup_none"), icon=":material/hourglass_empty:")
        return
    newest = found.kept[0]
    kpi_strip([
        Kpi(moment(newest.made_at), t("health.backup_last"),
            t("health.backup_size", size=number(newest.size_bytes / 1e6, 1))),
        Kpi(number(len(found.kept)), t("health.backup_kept")),
    ])  # fmt: skip
    settings = session.runtime().settings
    key = "health.backup_folder" if settings.backup_keep else "health.backup_off"
    st.caption(t(key, folder=found.folder, hour=f"{settings.backup_hour:02d}"))


def _make(account: Account) -> None:
    try:
        with st.spinner(t("health.backup_make")):
            copy = nightly.copy_now(session.runtime(), account)
    except CctvError as error:
        show_error(error)
        return
    st.success(t("health.backup_made", name=copy.path.name), icon=":material/check:")

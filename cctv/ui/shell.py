"""The frame around every screen: page list, sign-in check, language, account menu, look."""

from pathlib import Path

import streamlit as st

from cctv.i18n import Language, number, t
from cctv.palette import PALETTES
from cctv.permissions import Permission
from cctv.registry.models import Account
from cctv.services import alerts
from cctv.settings import ROOT, page_file
from cctv.ui import session, unsaved
from cctv.ui.failure import friendly_errors

PAGES = (
    ("peta", ":material/map:", Permission.SEE_MAP),
    ("celah", ":material/visibility_off:", Permission.SEE_GAPS),
    ("usulan", ":material/add_location_alt:", Permission.PLAN),
    ("anggaran", ":material/request_quote:", Permission.PLAN),
    ("kamera", ":material/videocam:", Permission.SEE_REGISTER),
    ("impor", ":material/upload_file:", Permission.EDIT_REGISTER),
    ("dinding", ":material/grid_view:", Permission.SEE_PICTURES),
    ("piket", ":material/badge:", Permission.KEEP_WATCH),
    ("insiden", ":material/crisis_alert:", Permission.HANDLE_INCIDENTS),
    ("kesehatan", ":material/monitor_heart:", Permission.SEE_REGISTER),
    ("pemeliharaan", ":material/build:", Permission.SEE_REGISTER),
    ("pemilik", ":material/storefront:", Permission.SEE_OWNERS),
    ("bantuan", ":material/help:", Permission.SEE_MAP),
)


def run() -> None:
    """Run the screen that the address names, for the account that is signed in."""
    st.set_page_config(page_title=t("shell.product"), page_icon="static/ikon.svg", layout="wide")
    language = session.choose_language()
    st.html(f"<style>{stylesheet()}</style>")
    st.logo(ROOT / "static" / f"logo-{session.scheme()}.svg", size="large")
    with friendly_errors():
        account = session.signed_in()
        pages = [
            st.Page(page_file(name), title=_title(name, account), icon=icon, url_path=name,
                    default=name == "peta", visibility="visible" if session.may(permission) else "hidden")
            for name, icon, permission in PAGES
        ]  # fmt: skip
        page = st.navigation(pages, position="top")
        account_menu(account, language)
        unsaved.reminder(page.url_path)
        with friendly_errors():
            page.run()


def _title(name: str, account: Account) -> str:
    """Name a page; the start of a shift with the number of alerts that wait."""
    waiting = alerts.count_for(session.runtime(), account) if name == "piket" else 0
    return t(f"shell.page.{name}") + (f" ({number(waiting)})" if waiting else "")


def stylesheet() -> str:
    """Give the style sheet with the colours of the scheme in use.

    Returns
    -------
    str
        CSS text.
    """
    colours = vars(PALETTES[session.scheme()])
    variables = ";".join(f"--{name.replace('_', '-')}:{colour}" for name, colour in colours.items())
    return f":root{{{variables}}}\n" + Path(__file__).with_name("style.css").read_text(encoding="utf-8")


def account_menu(account: Account, language: Language) -> None:
    """Draw the menu with the name, the language switch and the way out.

    Parameters
    ----------
    account : Account
        Who is signed in.
    language : {"id", "en"}
        Language in use.
    """
    with st.container(key="account"), st.popover(account.display_name, icon=":material/person:"):
        st.markdown(f"**{account.display_name}**  \n{t(f'role.{account.role}')}")
        other = "en" if language == "id" else "id"
        if st.button(t("shell.other_language"), icon=":material/language:", key="language_button"):
            st.session_state["language"] = other
            st.rerun()
        st.html(
            f'<form method="post" action="/keluar"><button class="sign-out" type="submit">'
            f"{t('shell.sign_out')}</button></form>"
        )

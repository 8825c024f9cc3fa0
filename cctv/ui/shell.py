"""The frame around every screen: page list, sign-in check, language, account menu, look."""

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from cctv.i18n import Language, number, t
from cctv.palette import PALETTES
from cctv.permissions import Permission
from cctv.registry.models import Account
from cctv.services import alerts
from cctv.settings import ROOT, page_file
from cctv.ui import session, unsaved
from cctv.ui.failure import friendly_errors

#: Sections of the menu in order, each with its pages; those of the first stand in the menu itself.
SECTIONS = {
    "": (
        ("peta", ":material/map:", Permission.SEE_MAP),
        ("bantuan", ":material/help:", Permission.SEE_MAP),
    ),
    "planning": (
        ("celah", ":material/visibility_off:", Permission.SEE_GAPS),
        ("usulan", ":material/add_location_alt:", Permission.PLAN),
        ("anggaran", ":material/request_quote:", Permission.PLAN),
    ),
    "watch": (
        ("dinding", ":material/grid_view:", Permission.SEE_PICTURES),
        ("piket", ":material/badge:", Permission.KEEP_WATCH),
        ("insiden", ":material/crisis_alert:", Permission.HANDLE_INCIDENTS),
    ),
    "register": (
        ("kamera", ":material/videocam:", Permission.SEE_REGISTER),
        ("impor", ":material/upload_file:", Permission.EDIT_REGISTER),
        ("pemilik", ":material/storefront:", Permission.SEE_OWNERS),
    ),
    "condition": (
        ("kesehatan", ":material/monitor_heart:", Permission.SEE_REGISTER),
        ("pemeliharaan", ":material/build:", Permission.SEE_REGISTER),
    ),
}


def run() -> None:
    """Run the screen that the address names, for the account that is signed in."""
    st.set_page_config(page_title=t("shell.product"), page_icon="static/ikon.svg", layout="wide")
    language = session.choose_language()
    st.html(f"<style>{stylesheet()}</style>")
    st.logo(ROOT / "static" / f"logo-{session.scheme()}.svg", size="large")
    with friendly_errors():
        account = session.signed_in()
        waiting = alerts.count_for(session.runtime(), account)
        pages = {
            section and _with_count(t(f"shell.section.{section}"), waiting if section == "watch" else 0): [
                _page(name, icon, permission, waiting if name == "piket" else 0) for name, icon, permission in entries
            ]
            for section, entries in SECTIONS.items()
        }
        page = st.navigation(pages, position="top")
        account_menu(account, language)
        unsaved.reminder(page.url_path)
        with friendly_errors():
            page.run()


def _page(name: str, icon: str, permission: Permission, waiting: int) -> Page:
    return st.Page(
        page_file(name), title=_with_count(t(f"shell.page.{name}"), waiting), icon=icon, url_path=name,
        default=name == "peta", visibility="visible" if session.may(permission) else "hidden",
    )  # fmt: skip


def _with_count(title: str, waiting: int) -> str:
    """Write the number of alerts that wait behind a title."""
    return title + (f" ({number(waiting)})" if waiting else "")


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

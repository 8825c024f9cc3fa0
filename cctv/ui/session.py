"""Who is signed in, and what this visit has chosen; checked on the server at every run."""

import streamlit as st

from cctv.i18n import LANGUAGES, Language, t, use_language
from cctv.palette import PALETTES, Palette, Scheme
from cctv.permissions import Permission, allows
from cctv.registry.models import Account
from cctv.services import accounts
from cctv.services.runtime import Runtime, get_runtime
from cctv.settings import page_file

COOKIE = accounts.COOKIE_NAME


def read_cookie() -> str:
    """Read the session cookie that the browser sent when the page was opened.

    Returns
    -------
    str
        Signed text, empty if there is none.
    """
    return st.context.cookies.get(COOKIE, "")


def runtime() -> Runtime:
    """Give the runtime of this process.

    Returns
    -------
    Runtime
        Open and ready.
    """
    return get_runtime()


def signed_in() -> Account:
    """Give the account of this visit, or stop the run with the signed-out notice.

    Returns
    -------
    Account
        Active account with a live session.
    """
    account = accounts.account_of(read_cookie())
    if account is None:
        st.warning(t("shell.signed_out"), icon=":material/lock:")
        st.link_button(t("shell.sign_in"), "/masuk")
        st.stop()
    return account


def may(permission: Permission) -> bool:
    """Tell whether the account of this visit may do a thing.

    Parameters
    ----------
    permission : Permission
        What is asked for.

    Returns
    -------
    bool
        True if its role grants it.
    """
    return allows(signed_in().role, permission)


def require(permission: Permission) -> Account:
    """Give the account, or stop the run with the no-permission notice.

    Parameters
    ----------
    permission : Permission
        What the screen needs.

    Returns
    -------
    Account
        Account that may see the screen.
    """
    account = signed_in()
    if not allows(account.role, permission):
        st.header(t("shell.no_permission"))
        st.info(t("shell.no_permission_text", role=t(f"role.{account.role}")), icon=":material/lock:")
        st.page_link(page_file("peta"), label=t("shell.back_to_map"), icon=":material/map:")
        st.stop()
    return account


def choose_language() -> Language:
    """Take over the language of this visit.

    Returns
    -------
    {"id", "en"}
        Language in use from here on.
    """
    chosen = st.session_state.get("language") or st.context.cookies.get("cctv_bahasa", "id")
    language: Language = chosen if chosen in LANGUAGES else "id"
    use_language(language)
    return language


def scheme() -> Scheme:
    """Tell whether this browser shows the light or the dark scheme.

    Returns
    -------
    {"light", "dark"}
        Light unless the browser says otherwise.
    """
    return "dark" if st.context.theme.type == "dark" else "light"


def palette() -> Palette:
    """Give the colours of the scheme in use.

    Returns
    -------
    Palette
        Light or dark.
    """
    return PALETTES[scheme()]

"""Long work on a screen: a progress bar while it runs, and the state of what is being computed in the background."""

import streamlit as st

from cctv.i18n import t
from cctv.services import situation
from cctv.services.situation import Situation
from cctv.ui import session


def current_situation() -> Situation:
    """Give the situation; show that it is being computed if this visitor has to wait.

    Returns
    -------
    Situation
        Shared by all sessions.
    """
    found = situation.peek(session.runtime())
    if found is not None:
        return found
    with st.spinner(t("gaps.computing"), show_time=True):
        return situation.current(session.runtime())

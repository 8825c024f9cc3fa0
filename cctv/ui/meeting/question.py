"""The question of every meeting: why not over there? A click on the map, an answer in words."""

import streamlit as st

from cctv.i18n import t
from cctv.registry.models import Account
from cctv.registry.plan_models import Plan
from cctv.services.plan_reasons import why_not, why_not_words
from cctv.ui import session
from cctv.ui.map_layers import layer_url
from cctv.ui.position_editor import LonLat, Wedge, position_editor
from cctv.ui.waiting import current_situation


def question_step(account: Account, plan: Plan, start: LonLat | None) -> None:
    """Draw the map and the answer.

    Parameters
    ----------
    account : Account
        Who asks; the question is logged.
    plan : Plan
        Which plan is on the table.
    start : LonLat, optional
        Where the map opens; the city by default.
    """
    st.header(t("refusal.title"), anchor=False)
    mark = current_situation().fingerprint
    left, right = st.columns([1.7, 1], gap="large")
    with left:
        place = position_editor(
            f"why_not_{plan.plan_id}_{start}", None, Wedge(None, 90.0, 0.0), error_m=None, editable=True,
            start=start, label=t("refusal.map"),
            areas=(layer_url("viewshed", bagian="pasti", v=mark), f"/peta/rencana/{plan.plan_id}.geojson"),
        )  # fmt: skip
    with right:
        if place is None:
            st.markdown(t("refusal.help"))
        else:
            st.markdown(why_not_words(why_not(session.runtime(), account, plan, place.lon, place.lat)))
            st.caption(t("refusal.help"))

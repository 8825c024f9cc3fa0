"""Asking about any place: a click on the ground leads to the candidate point that stands nearest to it."""

import streamlit as st

from cctv.i18n import number, t
from cctv.services.candidate_points import nearest_point
from cctv.services.new_cameras import CandidateSet
from cctv.ui.position_editor import Wedge, position_editor

#: Farther than this from a place, a point says nothing about it [m].
REACH_M = 60.0


def asked_place(found: CandidateSet) -> str | None:
    """Draw a map on which a person clicks a place.

    Parameters
    ----------
    found : CandidateSet
        All candidates.

    Returns
    -------
    str or None
        Id of the nearest point; None if no place was clicked, or no point is near.
    """
    box = st.expander(t("whynot.place"), icon=":material/not_listed_location:", key="asked_place", on_change="rerun")
    if not box.open:  # a second map costs an office PC half a second
        return None
    with box:
        st.caption(t("whynot.place_help"))
        put = position_editor("siting_place", None, Wedge(None, 0, 0), error_m=None, editable=True,
                              label=t("whynot.place_help"))  # fmt: skip
        if put is None:
            return None
        pole_id, apart_m = nearest_point(found, put.lon, put.lat)
        if apart_m > REACH_M:
            st.info(t("whynot.place_far", m=number(apart_m), reach=number(REACH_M)), icon=":material/location_off:")
            return None
        st.info(t("whynot.place_near", m=number(apart_m), point=pole_id), icon=":material/near_me:")
    return pole_id

"""What stands beside the map: the chosen points, the refused ones, and the answer to the last click on either."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cctv.geodata.lonlat import to_lonlat
from cctv.i18n import t
from cctv.services import planning
from cctv.services.rankings import Ranking
from cctv.services.wishes import Wishes
from cctv.ui import session
from cctv.ui.siting_map import clicked_point
from cctv.ui.siting_place import asked_place
from cctv.ui.siting_points import chosen_point, point_list
from cctv.ui.siting_why_not import refused_list, refused_point
from cctv.ui.siting_wishes import place_name, wish_buttons
from coverage.stability import Stability

ASKED, CLICKS = "siting_asked", "siting_clicks"


def points_panel(
    ranking: Ranking, wishes: Wishes, firm: Stability | None, question: DeltaGenerator
) -> tuple[float, float] | None:  # fmt: skip
    """Draw the lists and the answer.

    Parameters
    ----------
    ranking : Ranking
        The plan.
    wishes : Wishes
        What was wished of it.
    firm : Stability, optional
        How firmly its points stand, once that is known.
    question : DeltaGenerator
        Where any place can be asked about.

    Returns
    -------
    tuple of float or None
        Where the map should open if a row of a list was picked, EPSG:4326 [deg].
    """
    place = point_list(ranking, wishes, firm)
    answer = st.container(key="siting_answer")
    refused = refused_list(ranking, wishes)
    found = planning.candidate_set(session.runtime(), pool=wishes.pool)
    with question:
        near = asked_place(found)
    poles = [str(found.candidates.pole_id[row]) for row in ranking.plan.order.tolist()]
    picked = {
        "map": clicked_point(),
        "list": None if place is None else poles[place],
        "refused": refused,
        "place": near,
    }
    pole_id = _asked(picked)
    with answer:
        if pole_id is None or pole_id not in found.rows_at:
            st.caption(t("wishes.pick"))
            return None
        if pole_id in poles:
            at = poles.index(pole_id)
            st.subheader(place_name(found, pole_id), anchor=False)
            wish_buttons(found, pole_id, int(ranking.plan.order[at]))
            chosen_point(ranking, wishes.pool, firm, at)
        else:
            refused_point(ranking, wishes, pole_id)
    if pole_id == picked["map"]:
        return None
    row = found.rows_at[pole_id][0]
    lon, lat = to_lonlat(found.candidates.x_m[row], found.candidates.y_m[row])
    return float(lon), float(lat)


def _asked(picked: dict[str, str | None]) -> str | None:
    """Give the point of the last click: whichever of map and lists has changed since the last run."""
    before = st.session_state.get(CLICKS, {})
    for source, pole_id in picked.items():
        if pole_id is not None and pole_id != before.get(source):
            st.session_state[ASKED] = pole_id
    st.session_state[CLICKS] = picked
    return st.session_state.get(ASKED)

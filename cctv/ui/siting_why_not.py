"""Why a point is not in the plan, and what would have to change: in words, with the buttons to change it."""

import math

import pandas as pd
import streamlit as st

from cctv.i18n import number, percent, rupiah, t
from cctv.services import planning
from cctv.services.new_cameras import CandidateSet
from cctv.services.rankings import Ranking
from cctv.services.refused_points import Refused, makes_room, near_misses, refused_at
from cctv.services.wishes import Wishes
from cctv.ui import session
from cctv.ui.siting_points import feasibility, watched_by
from cctv.ui.siting_wishes import place_name, wish_buttons

LISTED = 12


def refused_point(ranking: Ranking, wishes: Wishes, pole_id: str) -> None:
    """Explain a point that is not in the plan.

    Parameters
    ----------
    ranking : Ranking
        The plan.
    wishes : Wishes
        What was wished of it.
    pole_id : str
        The point.
    """
    runtime = session.runtime()
    found = planning.candidate_set(runtime, pool=wishes.pool)
    options = {one.row: one for one in refused_at(runtime, ranking, wishes, pole_id)}
    if not options:
        return
    st.subheader(t("whynot.title", place=place_name(found, pole_id)), anchor=False)
    row = st.selectbox(
        t("whynot.camera"), list(options), format_func=lambda key: camera_name(found, key), key=f"camera_at_{pole_id}"
    )
    one = options[row]
    wish_buttons(found, pole_id, row)
    st.markdown(sentence(ranking, one))
    if one.refusal.code not in ("excluded", "sees_nothing_new"):
        st.markdown(_what_would_change(ranking, wishes, found, one))
    st.markdown(feasibility(str(found.candidates.source[row]), float(found.candidates.fibre_m[row])))
    st.markdown(watched_by(row, wishes.pool))


def refused_list(ranking: Ranking, wishes: Wishes) -> str | None:
    """Draw the points that are nearest to being chosen.

    Parameters
    ----------
    ranking : Ranking
        The plan.
    wishes : Wishes
        What was wished of it.

    Returns
    -------
    str or None
        Id of the picked point.
    """
    box = st.expander(t("whynot.list"), icon=":material/playlist_remove:", key="refused_list", on_change="rerun")
    if not box.open:  # nobody waits for reasons that nobody reads
        return None
    runtime = session.runtime()
    found = planning.candidate_set(runtime, pool=wishes.pool)
    rows = near_misses(runtime, ranking, wishes, LISTED)
    with box:
        st.caption(t("whynot.list_help"))
        table = {
            t("field.street"): [found.candidates.street[one.row] or t("planning.unnamed") for one in rows],
            t("planning.model"): [camera_name(found, one.row) for one in rows],
            t("planning.cost"): [rupiah(one.cost_idr) for one in rows],
            t("whynot.below"): [rupiah(one.refusal.below_idr) for one in rows],
            t("whynot.because"): [t(f"whynot.short_{one.refusal.code}") for one in rows],
        }
        event = st.dataframe(pd.DataFrame(table), hide_index=True, on_select="rerun", selection_mode="single-row",
                             key=f"refused_{ranking.plan.fingerprint}")  # fmt: skip
    picked = event["selection"]["rows"]
    return str(found.candidates.pole_id[rows[picked[0]].row]) if picked and picked[0] < len(rows) else None


def camera_name(found: CandidateSet, row: int) -> str:
    """Name a camera by model and direction.

    Parameters
    ----------
    found : CandidateSet
        All candidates.
    row : int
        Candidate.

    Returns
    -------
    str
        Words for the screen.
    """
    azimuth = float(found.candidates.azimuth_deg[row])
    turn = "360°" if math.isnan(azimuth) else f"{number(azimuth)}°"
    return f"{t(f'model.{found.candidates.model[row]}')}, {turn}"


def sentence(ranking: Ranking, one: Refused) -> str:
    """Say why a camera is not in the plan.

    Parameters
    ----------
    ranking : Ranking
        The plan.
    one : Refused
        The camera.

    Returns
    -------
    str
        One or two sentences.
    """
    plan = ranking.plan
    why = t(f"whynot.{one.refusal.code}", left=rupiah(plan.budget_idr - plan.spend_idr))
    return f"{why} {t('whynot.adds', cost=rupiah(one.cost_idr), gain=number(max(one.refusal.new_weight, 0)))}"


def _what_would_change(ranking: Ranking, wishes: Wishes, found: CandidateSet, one: Refused) -> str:
    """Name the price below which it would come in, and a chosen point that keeps it out."""
    refusal = one.refusal
    parts: list[str] = []
    if refusal.below_idr >= one.cost_idr and refusal.instead_of is not None:
        parts.append(t("whynot.swap", other=_chosen_name(found, ranking, refusal.instead_of)))
    elif refusal.below_idr > 0:
        share = percent(1 - refusal.below_idr / one.cost_idr)
        key = "whynot.cheaper" if refusal.instead_of is None else "whynot.cheaper_instead"
        other = "" if refusal.instead_of is None else _chosen_name(found, ranking, refusal.instead_of)
        parts.append(t(key, below=rupiah(refusal.below_idr), share=share, other=other))
    rival = makes_room(session.runtime(), ranking, wishes, one.row)
    if rival is not None:
        parts.append(t("whynot.if_out", other=_chosen_name(found, ranking, rival)))
    return " ".join(parts) or t("whynot.nothing_helps")


def _chosen_name(found: CandidateSet, ranking: Ranking, row: int) -> str:
    rank = ranking.plan.order.tolist().index(row) + 1
    return t("whynot.point", rank=rank, place=found.candidates.street[row] or t("planning.unnamed"))

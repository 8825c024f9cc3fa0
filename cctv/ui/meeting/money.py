"""The step of a meeting about money: a slider, what it buys, how good that is, the curve with its knee."""

import streamlit as st

from cctv.i18n import number, percent, rupiah, t
from cctv.registry.plan_models import Plan
from cctv.services import planning, siting_jobs
from cctv.services.planning import HIGHEST, LOWEST, MILLION, NO_WISHES, STEP
from cctv.services.rankings import Ranking
from cctv.ui import session
from cctv.ui.gaps import interval
from cctv.ui.map_layers import area_layer, layer_url
from cctv.ui.map_view import LegendEntry, draw_map
from cctv.ui.meeting.large import large
from cctv.ui.siting_curve import curve_section
from cctv.ui.siting_progress import ended, follow
from cctv.ui.waiting import current_situation

OPENING = 500


def money_step(plan: Plan | None) -> None:
    """Draw the slider and what the money buys.

    Parameters
    ----------
    plan : Plan, optional
        The slider opens at its money.
    """
    st.header(t("meeting.money"), anchor=False)
    found, runtime = current_situation(), session.runtime()
    opening = OPENING if plan is None else min(max(round(plan.run.budget_idr / MILLION / STEP) * STEP, LOWEST), HIGHEST)
    millions = st.slider(t("meeting.money_slider"), LOWEST, HIGHEST, opening, STEP, key="meeting_budget",
                         format=t("planning.budget_format"))  # fmt: skip
    if not planning.is_drawn(runtime):
        job = siting_jobs.drawn_curve(runtime, NO_WISHES)
        if job.state in ("stopped", "failed"):
            ended(job, t("siting.no_curve"), "curve", lambda: siting_jobs.curve_again(runtime, NO_WISHES))
        else:
            follow(job, t("siting.drawing"), "curve")
        return
    ranking = planning.shown(runtime, millions * MILLION)
    large([
        (interval(ranking.demand_after), t("meeting.money_value"),
         t("meeting.money_value_note", before=interval(ranking.demand_before))),
        (number(len(ranking.rows)), t("meeting.money_points"),
         t("meeting.money_points_note", spend=rupiah(ranking.plan.spend_idr))),
    ])  # fmt: skip
    st.markdown(t("meeting.money_plain", proof=_proof(ranking)))
    left, right = st.columns(2, gap="large")
    with left:
        curve_section(planning.curve(runtime), ranking, found.base.demand.total_weight)
    with right:
        _map(ranking, found.fingerprint)


def _proof(ranking: Ranking) -> str:
    plan = ranking.plan
    return t("meeting.money_proved") if plan.is_proved else t("meeting.money_bound", gap=percent(plan.gap, 2))


def _map(ranking: Ranking, mark: str) -> None:
    colours = session.palette()
    layers = [area_layer("pasti", layer_url("viewshed", bagian="pasti", v=mark), colours.seen, opacity=80)]
    if not ranking.rows.empty:
        url = layer_url("usulan", anggaran=ranking.plan.budget_idr, v=ranking.plan.fingerprint)
        layers.append(area_layer("usulan", url, colours.proposed, opacity=150, line_width=1.6))
    legend = [LegendEntry(colours.proposed, t("legend.proposed")), LegendEntry(colours.seen, t("legend.seen"))]
    draw_map("meeting_map", layers, legend, height=420)

"""The budget curve: what each budget buys and could buy at most, the knee, and a sentence about twice the money."""

import altair as alt
import pandas as pd
import streamlit as st

from cctv.i18n import number, percent, rupiah, t
from cctv.services.planning import BUDGETS_IDR, MILLION
from cctv.services.rankings import Ranking
from cctv.ui import session
from cctv.ui.charts import number_axis
from coverage.siting import BudgetCurve

MOST_SMALL_GAP = 0.02


def curve_section(curve: BudgetCurve, ranking: Ranking, total_weight: int) -> None:
    """Draw the curve with the chosen budget and the knee.

    Parameters
    ----------
    curve : BudgetCurve
        What several budgets buy.
    ranking : Ranking
        What is shown for the chosen budget.
    total_weight : int
        Weight of all public space.
    """
    st.subheader(t("planning.curve"), anchor=False, help=t("planning.curve_help"))
    colours = session.palette()
    frame = pd.DataFrame(
        {
            "budget": curve.budget_idr / MILLION,
            "value": curve.value / total_weight * 100,
            "bound": curve.upper_envelope / total_weight * 100,
        }
    )
    base = alt.Chart(frame).encode(x=alt.X("budget:Q", title=t("planning.axis_budget"), axis=number_axis()))
    hints = [
        alt.Tooltip("budget:Q", title=t("planning.axis_budget"), format=",.0f"),
        alt.Tooltip("value:Q", title=t("siting.axis_share"), format=".2f"),
        alt.Tooltip("bound:Q", title=t("siting.axis_bound"), format=".2f"),
    ]
    axis = alt.Y("value:Q", title=t("siting.axis_share"), axis=number_axis())
    room = base.mark_area(color=colours.possible, opacity=0.35).encode(y=axis, y2="bound:Q")
    bound = base.mark_line(color=colours.possible, strokeDash=[5, 4]).encode(y="bound:Q")
    value = base.mark_line(color=colours.proposed, strokeWidth=2.5).encode(y=axis)
    touch = base.mark_point(opacity=0, size=120).encode(y=axis, tooltip=hints)
    marks = pd.DataFrame(
        {
            "budget": [ranking.plan.budget_idr / MILLION, curve.budget_idr[curve.knee] / MILLION],
            "value": [ranking.plan.value / total_weight * 100, curve.value[curve.knee] / total_weight * 100],
            "what": [t("siting.here"), t("siting.knee")],
        }
    )
    spots = alt.Chart(marks).encode(
        x="budget:Q", y="value:Q",
        shape=alt.Shape("what:N", sort=None, scale=alt.Scale(range=["circle", "diamond"]),
                        legend=alt.Legend(title=None, orient="top", symbolFillColor=colours.muted,
                                          symbolStrokeColor=colours.muted)),
        color=alt.Color("what:N", sort=None, scale=alt.Scale(range=[colours.accent, colours.text]), legend=None),
        tooltip=[alt.Tooltip("what:N", title=" "), *hints[:2]],
    )  # fmt: skip
    chart = (room + bound + value + touch + spots.mark_point(size=130, filled=True)).resolve_scale(color="independent")
    st.altair_chart(chart.properties(height=280))
    st.markdown(twice_the_money(curve, ranking.plan.budget_idr, total_weight))
    knee_idr = int(curve.budget_idr[curve.knee])
    st.caption(t("siting.knee_note", knee=rupiah(knee_idr)))


def twice_the_money(curve: BudgetCurve, budget_idr: int, total_weight: int) -> str:
    """Say what a budget buys, and twice as much.

    Parameters
    ----------
    curve : BudgetCurve
        What several budgets buy.
    budget_idr : int
        Chosen budget [Rp].
    total_weight : int
        Weight of all public space.

    Returns
    -------
    str
        One sentence.
    """
    once, twice = curve.at(budget_idr), curve.at(2 * budget_idr)
    if once < 0:
        return t("siting.below_curve")
    value = int(curve.value[once])
    known = {
        "budget": rupiah(budget_idr),
        "share": percent(value / total_weight, 2),
        "points": number(len(curve.chosen[once])),
    }
    if 2 * budget_idr > BUDGETS_IDR[-1] or value == 0:
        return t("siting.buys", **known)
    more = int(curve.value[twice])
    return t(
        "siting.buys_twice", **known, twice=rupiah(2 * budget_idr), more=percent(more / total_weight, 2),
        times=number(more / value, 2),
    )  # fmt: skip

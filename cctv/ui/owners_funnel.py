"""The funnel for the mayor: how many owners have come how far, in all and per kelurahan, with the numbers on it."""

import altair as alt
import pandas as pd
import streamlit as st

from cctv.i18n import number, percent, t
from cctv.registry.owner_steps import STATES, list_steps
from cctv.registry.owners import Owner
from cctv.services.owner_funnel import STAGES, by_kelurahan, funnel
from cctv.ui import session

#: Height of a stage, of a kelurahan, and of legend and axis around the latter [px].
BAR_PX, ROW_PX, AROUND_PX = 44, 30, 175


def funnel_view(found: list[Owner]) -> None:
    """Draw the funnel, what is beside the way, and the kelurahan.

    Parameters
    ----------
    found : list of Owner
        Whom to count.
    """
    if not found:
        st.info(t("owners.none"), icon=":material/storefront:")
        return
    ids = {owner.owner_id for owner in found}
    counted = funnel(found, [step for step in list_steps(session.runtime().registry) if step.owner_id in ids])
    st.subheader(t("owners.funnel"), anchor=False, help=t("owners.funnel_help"))
    st.altair_chart(funnel_chart(counted))
    beside = {state: sum(owner.state == state for owner in found) for state in ("letter_sent", "declined", "withdrawn")}
    st.markdown(t("owners.funnel_beside", **{name: number(n) for name, n in beside.items()}))
    st.dataframe(_stage_table(counted), hide_index=True)
    st.caption(t("owners.funnel_source"))
    st.subheader(t("owners.by_kelurahan"), anchor=False)
    st.altair_chart(kelurahan_chart(by_kelurahan(found)))
    st.dataframe(_kelurahan_table(by_kelurahan(found)), hide_index=True)


def funnel_chart(counted: pd.DataFrame) -> alt.LayerChart | alt.FacetChart:
    """Draw the stages as bars around a middle line, each with its number and share.

    Parameters
    ----------
    counted : DataFrame
        As :func:`cctv.services.owner_funnel.funnel` gives it.

    Returns
    -------
    altair.LayerChart or altair.FacetChart
        Bars with words.
    """
    colours = session.palette()
    frame = counted.assign(
        label=[t(f"owners.stage_{stage}") for stage in counted["stage"]],
        low=-counted["owners"] / 2, high=counted["owners"] / 2,
        words=[
            t("owners.stage_words", n=number(n), share=percent(share, 0))
            for n, share in zip(counted["owners"], counted["share"], strict=True)
        ],
    )  # fmt: skip
    labels = [t(f"owners.stage_{stage}") for stage in STAGES]
    tips = [alt.Tooltip("label", title=t("owners.stage")), alt.Tooltip("words", title=t("owners.col_owners"))]
    base = alt.Chart(frame).encode(
        y=alt.Y("label:N", sort=labels, title=None, axis=alt.Axis(labelLimit=260, ticks=False, domain=False)),
        tooltip=tips,
    )
    bars = base.mark_bar(color=colours.seen, cornerRadius=3, height=BAR_PX - 14).encode(
        x=alt.X("low:Q", title=None, axis=None), x2="high:Q"
    )
    halo = base.mark_text(fontSize=14, fontWeight=600, stroke=colours.background, strokeWidth=4, strokeJoin="round")
    words = base.mark_text(fontSize=14, fontWeight=600, color=colours.text)
    written = [mark.encode(x=alt.XDatum(0), text="words:N") for mark in (halo, words)]
    return alt.layer(bars, *written).properties(height=BAR_PX * len(labels))


def kelurahan_chart(counted: pd.DataFrame) -> alt.LayerChart | alt.FacetChart:
    """Draw the owners of each kelurahan by their present state, with the numbers in the bars.

    Parameters
    ----------
    counted : DataFrame
        As :func:`cctv.services.owner_funnel.by_kelurahan` gives it.

    Returns
    -------
    altair.LayerChart or altair.FacetChart
        Stacked bars with numbers.
    """
    colours = session.palette()
    shades = {
        "recorded": colours.possible, "letter_sent": colours.gap, "agreed": colours.seen, "declined": colours.dead,
        "technical_check": colours.proposed, "integrated": colours.good, "withdrawn": colours.trouble,
    }  # fmt: skip
    there = [state for state in STATES if state in set(counted["state"])]
    frame = counted.assign(
        place=[name or t("owners.no_kelurahan") for name in counted["kelurahan"]],
        label=[t(f"owner_state.{state}") for state in counted["state"]],
        order=[STATES.index(state) for state in counted["state"]],
    )
    scale = alt.Scale(domain=[t(f"owner_state.{s}") for s in there], range=[shades[s] for s in there])
    base = alt.Chart(frame).encode(
        y=alt.Y("place:N", title=None, axis=alt.Axis(labelLimit=180)),
        x=alt.X("owners:Q", title=t("owners.col_owners"), stack="zero", axis=alt.Axis(tickMinStep=1, format="d")),
        order="order:Q",
        tooltip=[alt.Tooltip(name, title=t(f"owners.tip_{name}")) for name in ("place", "label", "owners")],
    )
    bars = base.mark_bar(stroke=colours.background, strokeWidth=1).encode(
        color=alt.Color("label:N", scale=scale, title=None, legend=alt.Legend(orient="top", columns=4, labelLimit=300))
    )
    numbers = base.mark_text(color=colours.background, fontWeight=600, dx=-9).encode(text="owners:Q", detail="label:N")
    return alt.layer(bars, numbers).properties(height=ROW_PX * frame["place"].nunique() + AROUND_PX)


def _stage_table(counted: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            t("owners.stage"): [t(f"owners.stage_{stage}") for stage in counted["stage"]],
            t("owners.col_owners"): [number(n) for n in counted["owners"]],
            t("owners.stage_share"): [percent(share, 0) for share in counted["share"]],
            t("owners.stage_cameras"): [
                t("owners.stated_words", n=number(n), unknown=number(unknown)) if unknown else number(n)
                for n, unknown in zip(counted["stated"], counted["unstated"], strict=True)
            ],
        }
    )


def _kelurahan_table(counted: pd.DataFrame) -> pd.DataFrame:
    wide = counted.pivot_table(index="kelurahan", columns="state", values="owners", fill_value=0)
    shown = wide[[state for state in STATES if state in wide.columns]].astype(int)
    shown.columns = [t(f"owner_state.{state}") for state in shown.columns]
    shown.insert(0, t("owners.col_owners"), shown.sum(axis=1))
    shown.insert(0, t("field.kelurahan"), [str(name) or t("owners.no_kelurahan") for name in shown.index])
    return shown

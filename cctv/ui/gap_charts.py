"""Shares per kelurahan and per class of space, as bars and as a table."""

from collections.abc import Callable

import altair as alt
import pandas as pd
import streamlit as st

from cctv.i18n import number, percent, t
from cctv.services.questions import Answer
from cctv.services.verified_split import split_by_kelurahan
from cctv.ui import session
from cctv.ui.charts import percent_axis
from coverage.shares import CoverageState

#: Least height of a chart [px].
LEAST_PX = 300


def share_charts(answer: Answer) -> None:
    """Draw the bars and the table.

    Parameters
    ----------
    answer : Answer
        Cameras that count, and all of them.
    """
    alive, designed = answer.state, answer.designed
    first, second = st.columns(2, gap="medium")
    with first:
        st.subheader(t("gaps.by_kelurahan"), anchor=False)
        share_bars(alive.by_district, designed.by_district, "district", str)
    with second:
        st.subheader(t("gaps.by_class"), anchor=False)
        share_bars(alive.by_class, designed.by_class, "space_class", lambda name: t(f"space_class.{name}"))
    with st.expander(t("gaps.table"), icon=":material/table:"):
        st.dataframe(_table(alive, designed, split_by_kelurahan(answer)), hide_index=True)
        st.caption(t("gaps.split_meaning"))


def share_bars(
    alive: pd.DataFrame, designed: pd.DataFrame, column: str, name: Callable[[str], str], *, letters_px: int = 11
) -> None:
    """Draw the share of the area of each part: certain, possible, and as a tick if every camera worked.

    Parameters
    ----------
    alive, designed : DataFrame
        Shares of each part, with the cameras that work and with all.
    column : str
        Column that names the part.
    name : callable
        Gives the word for it.
    letters_px : int
        Size of the words [px].
    """
    colours = session.palette()
    frame, full = (_labelled(rows, column, name) for rows in (alive, designed))
    names = alt.Axis(labelOverlap=False)
    base = alt.Chart(frame).encode(y=alt.Y("label:N", sort="-x", title=None, axis=names))
    scale = alt.X("area_low:Q", title=t("gaps.axis"), axis=percent_axis())
    possible = base.mark_bar(color=colours.possible, opacity=0.45).encode(
        x=alt.X("area_high:Q", title=t("gaps.axis"), axis=percent_axis())
    )
    certain = base.mark_bar(color=colours.seen).encode(
        x=scale, tooltip=["label", alt.Tooltip("area_low", format=".1%"), alt.Tooltip("area_high", format=".1%")]
    )
    ticks = (
        alt.Chart(full)
        .mark_tick(color=colours.text, thickness=2)
        .encode(x="area_high:Q", y=alt.Y("label:N", sort="-x"))
    )
    chart = (possible + certain + ticks).properties(height=max(LEAST_PX, round(1.6 * letters_px * len(frame))))
    chart = chart.configure_axis(labelFontSize=letters_px, titleFontSize=letters_px)
    st.altair_chart(chart)
    st.caption(t("gaps.bars"))


def _labelled(rows: pd.DataFrame, column: str, name: Callable[[str], str]) -> pd.DataFrame:
    kept = rows[rows["area_m2"].notna() & (rows[column] != "")]
    return kept.assign(label=[name(value) for value in kept[column]])


def _table(alive: CoverageState, designed: CoverageState, split: pd.DataFrame) -> pd.DataFrame:
    both = alive.by_district.merge(designed.by_district, on="district", suffixes=("", "_designed"))
    both = both.merge(split, on="district")
    both = both[both["district"] != ""]
    return pd.DataFrame(
        {
            t("field.kelurahan"): both["district"],
            t("gaps.area_m2"): [number(v) for v in both["area_m2"]],
            t("gaps.area"): [_range(a, b) for a, b in zip(both["area_low"], both["area_high"], strict=True)],
            t("gaps.corridor"): [
                _range(a, b) for a, b in zip(both["corridor_low"], both["corridor_high"], strict=True)
            ],
            t("gaps.area_designed"): [
                _range(a, b) for a, b in zip(both["area_low_designed"], both["area_high_designed"], strict=True)
            ],
            **{
                t(f"gaps.{name}"): [percent(value, 2) for value in both[name]]
                for name in ("area_verified", "area_estimated", "corridor_verified", "corridor_estimated")
            },
        }
    )


def _range(low: float, high: float) -> str:
    return t("gaps.interval", low=percent(low), high=percent(high))

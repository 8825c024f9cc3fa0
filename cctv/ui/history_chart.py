"""Shares over time: one line with its interval, broken where the method changes."""

import altair as alt
import pandas as pd
import streamlit as st

from cctv.i18n import day, percent, t
from cctv.registry.share_history import CITY, ShareOfDay
from cctv.services.share_history import remember_day, shares_over_time
from cctv.services.situation import Situation
from cctv.ui import session
from cctv.ui.charts import MOST_TICKS, percent_axis

MEASURES = ("area", "corridor", "demand", "twice")
HEIGHT = 260


def history_chart(found: Situation) -> None:
    """Draw the section: choice of place and share, chart, what the points rest on.

    Parameters
    ----------
    found : Situation
        Present situation; the first one of a day is kept.
    """
    runtime = session.runtime()
    remember_day(runtime, found)
    st.subheader(t("time.title"), anchor=False, help=t("time.help"))
    first, second = st.columns([1, 2], gap="medium")
    with first:
        names = [str(name) for name in found.alive.by_district["district"] if name]
        scope = st.selectbox(
            t("time.scope"), [CITY, *sorted(names)], format_func=lambda name: name or t("time.city"), key="time_scope"
        )
    rows = shares_over_time(runtime, scope)
    with second:
        offered = [name for name in MEASURES if any(row.measure == name for row in rows)] or ["area"]
        measure = st.pills(
            t("time.measure"), offered, default=offered[0], format_func=lambda name: t(f"gaps.{name}"),
            key="time_measure",
        )  # fmt: skip
    shown = [row for row in rows if row.measure == (measure or offered[0])]
    if not shown:
        st.info(t("time.none"), icon=":material/timeline:")
        return
    st.altair_chart(share_chart(history_frame(shown)))
    st.caption(_words(shown))


def history_frame(rows: list[ShareOfDay]) -> pd.DataFrame:
    """Lay out shares for the chart.

    Parameters
    ----------
    rows : list of ShareOfDay
        Of one scope and measure, by day.

    Returns
    -------
    DataFrame
        One row per day, version of the method and set of cameras; ``begins`` marks the first day of a later version.
    """
    frame = pd.DataFrame(
        {
            "day": pd.to_datetime([row.on_day for row in rows]),
            "low": [row.low for row in rows],
            "high": [row.high for row in rows],
            "cameras": [row.cameras for row in rows],
            "method": [row.method_version for row in rows],
            "when": [day(row.on_day) for row in rows],
            "interval": [t("gaps.interval", low=percent(row.low), high=percent(row.high)) for row in rows],
            "fingerprint": [row.fingerprint for row in rows],
        }
    )
    alive = frame[frame["cameras"] == "alive"]
    starts = alive[alive["method"] != alive["method"].shift()].index[1:]
    return frame.assign(begins=frame.index.isin(starts))


def share_chart(frame: pd.DataFrame) -> alt.LayerChart | alt.FacetChart:
    """Draw the interval as a band between two lines, and the upper end by design as a dashed line.

    Parameters
    ----------
    frame : DataFrame
        As laid out by :func:`history_frame`.

    Returns
    -------
    altair.LayerChart or altair.FacetChart
        Layers; lines of different versions of the method are never joined.
    """
    colours = session.palette()
    few = frame["day"].nunique() <= MOST_TICKS
    ticks = alt.Undefined if few else MOST_TICKS
    values = [value.isoformat() for value in sorted(frame["day"].unique())] if few else alt.Undefined
    labels = alt.Axis(format="%d/%m/%y", values=values, tickCount=ticks, labelOverlap=True)
    days = alt.X("day:T", title=None, axis=labels)
    alive, full = frame[frame["cameras"] == "alive"], frame[frame["cameras"] == "designed"]
    tips = [alt.Tooltip(name, title=t(f"time.{name}")) for name in ("when", "interval", "method", "fingerprint")]
    base = alt.Chart(alive).encode(x=days, detail="method:N")
    low = alt.Y("low:Q", title=t("time.axis"), axis=percent_axis())
    high = alt.Y("high:Q", title=t("time.axis"), axis=percent_axis())
    band = base.mark_area(color=colours.possible, opacity=0.28).encode(y=low, y2="high:Q")
    certain = base.mark_line(color=colours.seen, point=alt.OverlayMarkDef(color=colours.seen, size=40)).encode(
        y=low, tooltip=tips
    )
    possible = base.mark_line(
        color=colours.possible, point=alt.OverlayMarkDef(color=colours.possible, size=40, shape="diamond")
    ).encode(y=high, tooltip=tips)
    design = alt.Chart(full).mark_line(color=colours.text, strokeDash=[4, 3]).encode(
        x=days, y=high, detail="method:N", tooltip=tips
    )  # fmt: skip
    changes = alt.Chart(frame[frame["begins"]]).encode(x=days)
    rule = changes.mark_rule(color=colours.accent, strokeDash=[2, 2])
    label = changes.mark_text(color=colours.accent, align="left", dx=4, baseline="top").encode(
        y=alt.value(2), text=alt.Text("version:N")
    )
    return alt.layer(band, certain, possible, design, rule, label.transform_calculate(
        version=f"{_quoted(t('time.new_method'))} + ' ' + datum.method"
    )).properties(height=HEIGHT)  # fmt: skip


def _quoted(words: str) -> str:
    return "'" + words.replace("'", " ") + "'"


def _words(rows: list[ShareOfDay]) -> str:
    newest = rows[-1]
    days = sorted({row.on_day for row in rows})
    words = t("time.caption", n=len(days), first=day(days[0]), version=newest.method_version, mark=newest.fingerprint)
    return f"{words} {t('time.synthetic')}" if any(row.is_synthetic for row in rows) else words

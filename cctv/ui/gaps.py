"""The gaps screen: shares per city, kelurahan and class, alive and as designed; the largest gaps listed and mapped."""

from collections.abc import Callable

import altair as alt
import numpy as np
import pandas as pd
import shapely
import streamlit as st

from cctv.geodata.lonlat import to_lonlat
from cctv.i18n import moment, number, percent, t
from cctv.services.situation import Situation
from cctv.ui import session
from cctv.ui.charts import percent_axis
from cctv.ui.kpis import Kpi, kpi_strip
from cctv.ui.map_layers import area_layer, layer_url
from cctv.ui.map_view import LegendEntry, draw_map
from cctv.ui.waiting import current_situation
from coverage.shares import CoverageState, Share

LISTED = 60
CLOSE_LIST_HEIGHT = 420


def gaps_screen() -> None:
    """Draw the gaps screen."""
    found = current_situation()
    kpi_strip(_kpis(found))
    st.caption(t("gaps.honest", position=found.watching.guessed_position, azimuth=found.watching.guessed_azimuth,
                 n=len(found.watching.camera_id), moved=found.watching.moved, inside=found.watching.inside,
                 when=moment(found.computed_at), version=found.method_version,
                 mark=found.fingerprint))  # fmt: skip
    left, right = st.columns([1.7, 1], gap="medium")
    with right:
        chosen = _gap_list(found)
    with left:
        _map(found, chosen)
    _charts(found)


def interval(share: Share) -> str:
    """Write a share with its interval.

    Parameters
    ----------
    share : Share
        Certain value, and at most.

    Returns
    -------
    str
        Words that name both ends.
    """
    return t("gaps.interval", low=percent(share.low), high=percent(share.high))


def _kpis(found: Situation) -> list[Kpi]:
    def kpi(share: Share | None, label: str, other: Share | None) -> Kpi:
        if share is None or other is None:
            return Kpi("-", t(label))
        note = t("gaps.designed", text=interval(other))
        return Kpi(interval(share), t(label), note, t(f"{label}_meaning"))

    alive, designed = found.alive, found.designed
    return [
        kpi(alive.covered_area_share, "gaps.area", designed.covered_area_share),
        kpi(alive.covered_corridor_share, "gaps.corridor", designed.covered_corridor_share),
        kpi(alive.covered_demand_share, "gaps.demand", designed.covered_demand_share),
        Kpi(interval(alive.k_coverage[2]), t("gaps.twice"), "", t("gaps.twice_meaning")),
    ]


def _gap_list(found: Situation) -> tuple[float, float] | None:
    st.subheader(t("gaps.largest"), anchor=False, help=t("gaps.largest_help"))
    gaps = found.gaps.head(LISTED)
    table = pd.DataFrame(
        {
            t("gaps.rank"): range(1, len(gaps) + 1),
            t("gaps.place"): gaps["name"].to_numpy(),
            t("field.kelurahan"): gaps["kelurahan"].to_numpy(),
            t("gaps.class"): [t(f"space_class.{name}") for name in gaps["space_class"]],
            t("gaps.area_m2"): gaps["area_m2"].round().to_numpy(),
            t("gaps.corridor_m"): gaps["corridor_m"].round().to_numpy(),
        }
    )
    event = st.dataframe(
        table, hide_index=True, height=CLOSE_LIST_HEIGHT, on_select="rerun", selection_mode="single-row",
        key="gap_list",
    )  # fmt: skip
    picked = event["selection"]["rows"]
    if not picked:
        st.caption(t("gaps.pick"))
        return None
    spots = shapely.get_coordinates(shapely.point_on_surface(np.array(gaps.geometry.array, dtype=object)))
    lon, lat = to_lonlat(*spots[picked[0]])
    return float(lon), float(lat)


def _map(found: Situation, chosen: tuple[float, float] | None) -> None:
    colours = session.palette()
    layers = [
        area_layer("mungkin", layer_url("viewshed", bagian="mungkin", v=found.fingerprint), colours.possible,
                   opacity=45, line_width=0.5),
        area_layer("pasti", layer_url("viewshed", bagian="pasti", v=found.fingerprint), colours.seen, opacity=70,
                   line_width=0.5),
        area_layer("celah", layer_url("celah", v=found.fingerprint), colours.gap, opacity=110, line_width=0.8),
    ]  # fmt: skip
    legend = [
        LegendEntry(colours.gap, t("legend.gap")),
        LegendEntry(colours.seen, t("legend.seen")),
        LegendEntry(colours.possible, t("legend.possible"), "hatch"),
    ]
    draw_map("gap_map", layers, legend, height=520, centre=chosen)


def _charts(found: Situation) -> None:
    first, second = st.columns(2, gap="medium")
    with first:
        st.subheader(t("gaps.by_kelurahan"), anchor=False)
        _bars(found.alive.by_district, found.designed.by_district, "district", str)
    with second:
        st.subheader(t("gaps.by_class"), anchor=False)
        _bars(found.alive.by_class, found.designed.by_class, "space_class", lambda name: t(f"space_class.{name}"))
    with st.expander(t("gaps.table"), icon=":material/table:"):
        st.dataframe(_table(found.alive, found.designed), hide_index=True)


def _bars(alive: pd.DataFrame, designed: pd.DataFrame, column: str, name: Callable[[str], str]) -> None:
    colours = session.palette()
    frame, full = (_labelled(rows, column, name) for rows in (alive, designed))
    base = alt.Chart(frame).encode(y=alt.Y("label:N", sort="-x", title=None))
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
    st.altair_chart(possible + certain + ticks)
    st.caption(t("gaps.bars"))


def _labelled(rows: pd.DataFrame, column: str, name: Callable[[str], str]) -> pd.DataFrame:
    kept = rows[rows["area_m2"].notna() & (rows[column] != "")]
    return kept.assign(label=[name(value) for value in kept[column]])


def _table(alive: CoverageState, designed: CoverageState) -> pd.DataFrame:
    both = alive.by_district.merge(designed.by_district, on="district", suffixes=("", "_designed"))
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
        }
    )


def _range(low: float, high: float) -> str:
    return t("gaps.interval", low=percent(low), high=percent(high))

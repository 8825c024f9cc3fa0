"""The gaps screen: how much is watched under the question asked, the map, and the largest gaps with their reason."""

import numpy as np
import pandas as pd
import shapely
import streamlit as st

from cctv.geodata.lonlat import to_lonlat
from cctv.i18n import moment, percent, t
from cctv.services.gap_words import gap_reason, titled
from cctv.services.questions import Answer, ask
from cctv.services.situation import Situation
from cctv.ui import session
from cctv.ui.gap_charts import share_charts
from cctv.ui.gap_question import question_bar
from cctv.ui.gap_strength import strength_section
from cctv.ui.kpis import Kpi, kpi_strip
from cctv.ui.map_layers import area_layer, layer_url
from cctv.ui.map_view import LegendEntry, draw_map
from cctv.ui.waiting import current_situation
from coverage.shares import Share

LISTED = 60
CLOSE_LIST_HEIGHT = 400


def gaps_screen() -> None:
    """Draw the gaps screen."""
    found = current_situation()
    answer = ask(session.runtime(), question_bar([camera for _, camera in found.cameras]))
    kpi_strip(_kpis(answer))
    _sources(found)
    left, right = st.columns([1.7, 1], gap="medium")
    with right:
        chosen = _gap_list(answer)
    with left:
        _map(answer, chosen)
    share_charts(answer)
    strength_section(answer)


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


def _sources(found: Situation) -> None:
    """Say in one line what the numbers are, and in full where they come from for whoever asks."""
    st.caption(t("gaps.kind"))
    with st.expander(t("gaps.sources"), icon=":material/info:"):
        st.markdown(t("gaps.honest", position=found.watching.guessed_position, azimuth=found.watching.guessed_azimuth,
                      n=len(found.watching.camera_id), moved=found.watching.moved, inside=found.watching.inside,
                      when=moment(found.computed_at), version=found.method_version,
                      mark=found.fingerprint))  # fmt: skip


def _kpis(answer: Answer) -> list[Kpi]:
    def kpi(share: Share | None, label: str, other: Share | None) -> Kpi:
        if share is None or other is None:
            return Kpi("-", t(label))
        return Kpi(interval(share), t(label), t("gaps.designed", text=interval(other)), t(f"{label}_meaning"))

    state, designed = answer.state, answer.designed
    return [
        kpi(state.covered_area_share, "gaps.area", designed.covered_area_share),
        kpi(state.covered_corridor_share, "gaps.corridor", designed.covered_corridor_share),
        kpi(state.covered_demand_share, "gaps.demand", designed.covered_demand_share),
        kpi(state.k_coverage[2], "gaps.twice", designed.k_coverage[2]),
        kpi(state.k_coverage[3], "gaps.thrice", designed.k_coverage[3]),
    ]


def _gap_list(answer: Answer) -> tuple[float, float] | None:
    st.subheader(t("gaps.largest"), anchor=False, help=t("gaps.largest_help"))
    gaps = titled(answer.gaps.head(LISTED))
    if not len(gaps):
        st.success(t("gaps.none"), icon=":material/check:")
        return None
    table = pd.DataFrame(
        {
            t("gaps.rank"): range(1, len(gaps) + 1),
            t("gaps.place"): gaps["name"].to_numpy(),
            t("field.kelurahan"): gaps["kelurahan"].to_numpy(),
            t("gaps.area_m2"): gaps["area_m2"].round().to_numpy(),
            t("gaps.corridor_m"): gaps["corridor_m"].round().to_numpy(),
            t("gaps.class"): [t(f"space_class.{name}") for name in gaps["space_class"]],
        }
    )
    event = st.dataframe(
        table, hide_index=True, height=CLOSE_LIST_HEIGHT, on_select="rerun", selection_mode="single-row",
        key=f"gap_list_{answer.question}",
    )  # fmt: skip
    picked = event["selection"]["rows"]
    if not picked:
        st.caption(t("gaps.pick"))
        return None
    st.info(gap_reason(answer, picked[0]), icon=":material/visibility_off:")
    spots = shapely.get_coordinates(shapely.point_on_surface(np.array(gaps.geometry.array, dtype=object)))
    lon, lat = to_lonlat(*spots[picked[0]])
    return float(lon), float(lat)


def _map(answer: Answer, chosen: tuple[float, float] | None) -> None:
    colours = session.palette()
    query = {**answer.question.query(), "v": answer.situation.fingerprint}
    parts = (("mungkin", colours.possible, 70), ("sekali", colours.seen, 130), ("dua", colours.seen_twice, 190))
    layers = [
        area_layer(part, layer_url("terpantau", bagian=part, **query), colour, opacity=opacity, line_width=0.5)
        for part, colour, opacity in parts
    ]
    layers.append(area_layer("celah", layer_url("celah", **query), colours.gap, opacity=110, line_width=0.8))
    legend = [
        LegendEntry(colours.gap, t("legend.gap")),
        LegendEntry(colours.seen, t("legend.seen_once")),
        LegendEntry(colours.seen_twice, t("legend.seen_twice")),
        LegendEntry(colours.possible, t("legend.possible"), "hatch"),
    ]
    draw_map("gap_map", layers, legend, height=520, centre=chosen)

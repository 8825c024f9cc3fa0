"""The steps of a meeting about the whole city and the whole plan: today, the worst gaps, the plan, the result."""

from urllib.parse import urlencode

import numpy as np
import pydeck as pdk
import shapely
import streamlit as st
from pydeck.types import String

from cctv.geodata.lonlat import to_lonlat
from cctv.i18n import number, percent, rupiah, t
from cctv.palette import rgb
from cctv.registry.plan_models import Plan
from cctv.services.gap_words import titled
from cctv.ui import session
from cctv.ui.gap_charts import share_bars
from cctv.ui.gaps import interval
from cctv.ui.map_layers import area_layer, layer_url
from cctv.ui.map_view import LegendEntry, draw_map
from cctv.ui.meeting.large import large
from cctv.ui.plan_map import plan_map
from cctv.ui.waiting import current_situation

WORST = 5
MAP_HEIGHT = 560
#: Size of words in charts [px].
LETTERS_PX = 15


def today_step() -> None:
    """Draw what is watched today, and what would be if every camera worked."""
    st.header(t("meeting.today"), anchor=False)
    found = current_situation()
    shares = (
        ("gaps.area", found.alive.covered_area_share, found.designed.covered_area_share),
        ("gaps.corridor", found.alive.covered_corridor_share, found.designed.covered_corridor_share),
        ("gaps.demand", found.alive.covered_demand_share, found.designed.covered_demand_share),
    )
    large([
        (interval(alive), t(name), f"{t(f'{name}_meaning')} {t('meeting.design', value=interval(design))}")
        for name, alive, design in shares
        if alive is not None and design is not None
    ])  # fmt: skip
    st.caption(t("gaps.kind"))
    share_bars(found.alive.by_district, found.designed.by_district, "district", str, letters_px=LETTERS_PX)


def gaps_step() -> None:
    """Draw the largest gaps as a list and on the map."""
    st.header(t("meeting.worst", n=WORST), anchor=False)
    found = current_situation()
    gaps = titled(found.gaps.head(WORST))
    left, right = st.columns([1, 1.6], gap="large")
    with left:
        st.markdown("\n".join(
            f"{rank}. " + t("meeting.worst_row", name=gap.name, kelurahan=gap.kelurahan,
                            m2=number(float(str(gap.area_m2))))
            for rank, gap in enumerate(gaps.itertuples(), start=1)
        ))  # fmt: skip
        st.caption(f"{t('meeting.worst_hint')} {t('gaps.kind')}")
    with right:
        colours = session.palette()
        spots = shapely.get_coordinates(shapely.point_on_surface(np.asarray(gaps.geometry.array, dtype=object)))
        rows = [
            {"position": list(place), "text": str(rank)}
            for rank, place in enumerate(zip(*to_lonlat(spots[:, 0], spots[:, 1]), strict=True), start=1)
        ]
        numbers = pdk.Layer(
            "TextLayer", id="nomor", data=rows, pickable=False, get_position="position", get_text="text", get_size=22,
            get_color=rgb(colours.background), background=True, get_background_color=rgb(colours.accent),
            background_padding=[8, 4, 8, 4], get_text_anchor=String("middle"),
            get_alignment_baseline=String("center"),
        )  # fmt: skip
        query = {"v": found.fingerprint}
        layers = [
            area_layer("pasti", layer_url("viewshed", bagian="pasti", **query), colours.seen, opacity=90),
            area_layer("celah", layer_url("celah", **query), colours.gap, opacity=120, line_width=0.8), numbers,
        ]  # fmt: skip
        legend = [LegendEntry(colours.gap, t("legend.gap")), LegendEntry(colours.seen, t("legend.seen"))]
        draw_map("meeting_map", layers, legend, height=MAP_HEIGHT)


def plan_step(plan: Plan) -> None:
    """Draw the plan as a whole.

    Parameters
    ----------
    plan : Plan
        Which plan.
    """
    st.header(plan.name, anchor=False)
    left = plan.budget_idr - plan.total_idr
    large([
        (number(len(plan.points)), t("plan.points"), t("brief.points_meaning").split(";")[0]),
        (rupiah(plan.total_idr), t("plan.total"),
         t("brief.money_meaning", pagu=rupiah(plan.budget_idr), left=rupiah(left))),
        (t("brief.from_to", before=percent(plan.run.seen_before), after=percent(plan.run.seen_after)),
         t("brief.seen"), t("brief.seen_meaning", level=plan.run.level)),
    ])  # fmt: skip
    st.markdown(t("brief.proved", gap=percent(plan.run.gap)))
    plan_map("meeting_map", [plan], height=MAP_HEIGHT - 100)


def result_step(plan: Plan) -> None:
    """Draw what was decided, and the minutes to take away.

    Parameters
    ----------
    plan : Plan
        Which plan.
    """
    st.header(t("meeting.result"), anchor=False)
    of = {word: [p for p in plan.points if p.decision == word] for word in ("accepted", "postponed", "refused", "open")}
    totals = {word: sum(plan.rules.total_idr(point.net_idr) for point in points) for word, points in of.items()}
    large([(number(len(points)), t(f"decision.{word}"), rupiah(totals[word])) for word, points in of.items()])
    query = urlencode({"keperluan": t("sheet.purpose_meeting")})
    with st.container(horizontal=True):
        for form in ("berita_pdf", "berita"):
            st.link_button(t(f"brief.file_{form}"), f"/unduh/rencana/{plan.plan_id}/{form}?{query}",
                           icon=":material/download:")  # fmt: skip
    noted = [point for point in plan.points if point.decision != "open"]
    st.markdown("\n".join(
        f"- **{t('meeting.result_row', n=point.rank)}**, {point.place}: {t(f'decision.{point.decision}')}"
        + (f" ({point.decision_note})" if point.decision_note else "")
        for point in noted
    ))  # fmt: skip
    st.caption(t("meeting.sign"))

"""The map of the proposals: what is seen, what new points would see, and every candidate point, to be clicked."""

from collections.abc import Sequence

import pydeck as pdk
import streamlit as st
from pydeck.types import String

from cctv.i18n import t
from cctv.palette import Palette, rgb
from cctv.services.rankings import Ranking
from cctv.services.wishes import Wishes
from cctv.ui import session
from cctv.ui.map_layers import PICK_LAYER, PIXELS, area_layer, layer_url
from cctv.ui.map_view import LegendEntry, draw_map

KEY = "plan_map"
PICK_RADIUS_PX = 11
#: Specks of candidates: faint over the whole city, plain when one looks closer [m].
SPECK_M = 4
PICKED = (PICK_LAYER, f"{PICK_LAYER}-rencana")


def siting_map(ranking: Ranking, wishes: Wishes, mark: str, centre: tuple[float, float] | None) -> None:
    """Draw the map; what is clicked stands in the session.

    Parameters
    ----------
    ranking : Ranking
        The plan.
    wishes : Wishes
        What was wished of it.
    mark : str
        Version of the situation.
    centre : tuple of float, optional
        Where to open, EPSG:4326 [deg].
    """
    colours = session.palette()
    after = st.toggle(t("planning.show_after"), value=True, key="show_after")
    query = {"anggaran": ranking.plan.budget_idr, **wishes.query(), "v": ranking.plan.fingerprint}
    layers = [
        area_layer("mungkin", layer_url("viewshed", bagian="mungkin", v=mark), colours.possible, opacity=50,
                   line_width=0.5),
        area_layer("pasti", layer_url("viewshed", bagian="pasti", v=mark), colours.seen, opacity=70, line_width=0.5),
    ]  # fmt: skip
    if after and not ranking.rows.empty:
        layers.append(area_layer("usulan", layer_url("usulan", **query), colours.proposed, opacity=120, line_width=1.4))
    every = layer_url("calon", bagian="semua", calon=wishes.pool, v=mark)
    layers += _points(every, layer_url("calon", bagian="rencana", **query), colours)
    draw_map(KEY, layers, _legend(colours), height=520, centre=centre)


def clicked_point() -> str | None:
    """Give the point that was clicked last.

    Returns
    -------
    str or None
        Its id; None if nothing is picked.
    """
    selection = getattr(st.session_state.get(f"{KEY}_chart"), "selection", None) or {}
    objects: dict[str, Sequence[dict[str, dict[str, str]]]] = selection.get("objects", {})
    rows = [row for layer in PICKED for row in objects.get(layer, ())]
    return str(rows[0]["properties"]["id"]) if rows else None


def _points(every: str, marked: str, colours: Palette) -> list[pdk.Layer]:
    """Draw all points as specks, those of the plan as discs with their rank, each below wide discs that are clicked."""
    fills = {"wajib": rgb(colours.accent), "dipilih": rgb(colours.proposed), "jangan": rgb(colours.dead)}
    speck, edge = rgb(colours.muted, 110), rgb(colours.background)
    common = {"point_radius_units": PIXELS, "line_width_units": PIXELS, "auto_highlight": False}
    specks = pdk.Layer(
        "GeoJsonLayer", id="calon", data=every, pickable=False, get_point_radius=SPECK_M, stroked=False,
        get_fill_color=speck, point_radius_min_pixels=0.7, point_radius_max_pixels=3,
        _sub_layer_props={"points-circle": {"getFillColor": speck}}, auto_highlight=False,
    )  # fmt: skip
    discs = pdk.Layer(
        "GeoJsonLayer", id="calon-rencana", data=marked, pickable=False, point_type=String("circle+text"),
        get_point_radius=9, get_text="properties.mark", get_text_size=11, get_text_color=edge, get_line_color=edge,
        get_line_width=1,
        _sub_layer_props={
            "points-circle": {"getFillColor": f"@@={_by_state(fills)}", "getLineColor": edge},
            "points-text": {"getColor": edge, "fontWeight": 700},
        },
        **common,
    )  # fmt: skip
    clicked = [
        pdk.Layer("GeoJsonLayer", id=layer, data=url, pickable=True, get_point_radius=PICK_RADIUS_PX, stroked=False,
                  get_fill_color=[*rgb(colours.text)[:3], 0], **common)
        for layer, url in zip(PICKED, (every, marked), strict=True)
    ]  # fmt: skip
    return [*clicked, specks, discs]


def _by_state(fills: dict[str, list[int]]) -> str:
    """Write a choice of colour by state as deck.gl reads it."""
    *first, (_, last) = fills.items()
    return "".join(f"properties.state == '{state}' ? {fill} : " for state, fill in first) + str(last)


def _legend(colours: Palette) -> list[LegendEntry]:
    return [
        LegendEntry(colours.proposed, t("wishes.legend_chosen"), "dot"),
        LegendEntry(colours.accent, t("wishes.legend_must"), "dot"),
        LegendEntry(colours.dead, t("wishes.legend_not"), "dot"),
        LegendEntry(colours.muted, t("wishes.legend_other"), "ring"),
        LegendEntry(colours.proposed, t("legend.proposed")),
        LegendEntry(colours.seen, t("legend.seen")),
        LegendEntry(colours.possible, t("legend.possible"), "hatch"),
    ]

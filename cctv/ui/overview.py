"""The map screen: every camera, filters, viewsheds, and the panel that answers the last click."""

import pydeck as pdk
import streamlit as st

from cctv.i18n import number, percent, t
from cctv.permissions import Permission
from cctv.registry.models import Camera
from cctv.services import mapdata, situation
from cctv.services.clusters import centre, pins
from cctv.services.mapdata import Counts, PointOnMap
from cctv.services.maplayers import strengths
from cctv.services.silence import silent_cameras
from cctv.ui import session
from cctv.ui.filters import Shown, filter_bar
from cctv.ui.kpis import Kpi, kpi_strip, watched_kpi
from cctv.ui.map_layers import CLUSTER_LAYER, area_layer, cluster_layers, layer_url, point_layers
from cctv.ui.map_view import LegendEntry, LegendStep, draw_map, picked_point
from cctv.ui.panel import empty_panel, point_panel
from coverage.levels import Scale, level_scale


def overview_screen() -> None:
    """Draw the map screen."""
    runtime = session.runtime()
    points = mapdata.all_points(runtime)
    kpi_strip(_kpis(points))
    filters, shown = filter_bar(mapdata.choices(points))
    selected = _selected(points)
    left, right = st.columns([2.3, 1], gap="medium")
    with left:
        drawn = pins(mapdata.filtered(points, filters), _opened_square())
        if drawn.clusters:
            st.caption(t("map.clustered"))
        layers = [
            *_viewsheds(selected, shown), *cluster_layers(drawn.clusters, session.scheme()),
            *point_layers(drawn.single, session.scheme(), show_error=shown.errors),
        ]  # fmt: skip
        draw_map("map", layers, _legend(shown), centre=_opening_centre(selected), show_guesses=shown.guessed_streets)
    with right, st.container(key="panel"):
        if selected is None:
            empty_panel(sum(not item.is_placed for item in points))
        else:
            point_panel(*selected, shown.scale)


def _selected(points: list[PointOnMap]) -> tuple[PointOnMap, Camera] | None:
    """Follow the last click; without one, the camera that the address names."""
    picked = picked_point(st.session_state.get("map_chart"))
    if picked != st.session_state.get("map_picked"):
        st.session_state["map_picked"] = picked
        st.query_params.pop("camera", None)
        for item in points:
            if item.point.point_id == picked:
                st.query_params["camera"] = item.cameras[0].camera_id
    return mapdata.find_camera(points, st.query_params.get("camera", ""))


def _opened_square() -> str:
    """Follow the last click on a square: its points are drawn one by one, and the map goes there."""
    picked = picked_point(st.session_state.get("map_chart"), CLUSTER_LAYER)
    if picked is not None and picked != st.session_state.get("map_square"):
        st.session_state["map_square"] = picked
        st.session_state["map_opening"] = centre(picked)
    return st.session_state.get("map_square", "")


def _opening_centre(selected: tuple[PointOnMap, Camera] | None) -> tuple[float, float] | None:
    """Open on the camera that the address names; only a click on a square moves the map again."""
    if "map_opening" not in st.session_state:
        point = selected[0].point if selected else None
        placed = point is not None and point.lon is not None and point.lat is not None
        st.session_state["map_opening"] = (point.lon, point.lat) if point and placed else None
    return st.session_state["map_opening"]


def _viewsheds(selected: tuple[PointOnMap, Camera] | None, shown: Shown) -> list[pdk.Layer]:
    colours, version = session.palette(), situation.fingerprint(session.runtime())
    layers: list[pdk.Layer] = []
    for part, colour, opacity in (("mungkin", colours.possible, 50), ("tingkat", colours.seen, "pekat")):
        if shown.viewsheds:
            url = layer_url("viewshed", bagian=part, skala=shown.scale, v=version)
            layers.append(area_layer(f"semua-{part}", url, colour, opacity=opacity, line_width=0.4))
        if selected is not None:
            url = layer_url("viewshed", bagian=part, kamera=selected[1].camera_id, skala=shown.scale, v=version)
            layers.append(area_layer(f"kamera-{part}", url, colour, opacity=opacity, line_width=1.2))
    return layers


def _kpis(points: list[PointOnMap]) -> list[Kpi]:
    counts = mapdata.counts(points)
    off_the_map = t("kpi.points_note", n=counts.points_unplaced, outside=counts.points_outside)
    kpis = [
        Kpi(number(counts.points), t("kpi.points"), off_the_map, t("kpi.points_meaning")),
        Kpi(number(counts.cameras), t("kpi.cameras"), t("kpi.cameras_note", n=counts.cameras_synthetic),
            t("kpi.cameras_meaning")),
        Kpi(number(counts.cameras_on), t("kpi.on"), _share_on(counts), t("kpi.on_meaning")),
    ]  # fmt: skip
    if session.may(Permission.SEE_GAPS):
        kpis.append(watched_kpi())
    return kpis


def _share_on(counts: Counts) -> str:
    """Say how many of all that is, and how many of them do not answer: they count as dead elsewhere."""
    share = percent(counts.cameras_on / max(counts.cameras, 1))
    silent = len(silent_cameras(session.runtime()))
    return t("kpi.on_silent", share=share, n=number(silent)) if silent else share


def _levels(scale: Scale) -> tuple[LegendStep, ...]:
    strength = strengths(scale)
    return tuple(
        LegendStep(strength[level.key], number(level.px_per_m, 0 if level.px_per_m.is_integer() else 1),
                   level.key.capitalize())
        for level in level_scale(scale).levels
    )  # fmt: skip


def _legend(shown: Shown) -> list[LegendEntry]:
    colours = session.palette()
    entries = [
        LegendEntry(colours.seen, t("legend.on"), "dot"),
        LegendEntry(colours.trouble, t("legend.trouble"), "dot"),
        LegendEntry(colours.dead, t("legend.off"), "dot"),
        LegendEntry(colours.possible, t("legend.possible"), "hatch"),
    ]
    if shown.errors:
        entries.append(LegendEntry(colours.possible, t("legend.error"), "ring"))
    edition = level_scale(shown.scale).edition
    return [*entries, LegendEntry(colours.seen, t("legend.graded", edition=edition), steps=_levels(shown.scale))]

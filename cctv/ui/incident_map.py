"""The map of an incident: click where it happened; the cameras that were found stand on it with their numbers."""

from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit.components.v2 import component

from cctv.i18n import t
from cctv.services import situation
from cctv.services.sighted import Sighted
from cctv.services.view_outlines import polygons_of
from cctv.ui import session
from cctv.ui.map_script import map_script
from cctv.ui.map_view import CITY_VIEW

#: Views that are drawn: more would hide each other.
MOST_AREAS = 8
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
HTML = '<div class="incident-map" role="application" tabindex="0"></div>'
CSS = """
.incident-map { height: 430px; border-radius: 0.6rem; overflow: hidden; border: 1px solid var(--st-border-color); }
.incident-map canvas { cursor: crosshair; }
.incident-map .badge { min-width: 22px; height: 22px; border-radius: 11px; display: grid; place-items: center;
  font-size: 12px; font-weight: 700; color: #ffffff; background: #1769aa; border: 2px solid #ffffff;
  box-shadow: 0 1px 3px rgba(0, 0, 0, 0.5); pointer-events: none; }
.incident-map .badge.possible { background: #5b6773; border-style: dashed; }
.incident-map .badge.turn, .incident-map .badge.next { background: #fbfaf8; color: #1f2933; border-color: #1f2933; }
.incident-map .badge.off { text-decoration: line-through; opacity: 0.75; }
"""

_component = component("incident_map", html=HTML, css=CSS, js=map_script("incident_map.js"), isolate_styles=False)


def incident_map(place: tuple[float, float] | None, sighted: Sighted | None) -> tuple[float, float] | None:
    """Draw the map and give where it was clicked last.

    Parameters
    ----------
    place : tuple of float or None
        Longitude and latitude of the place in question, EPSG:4326 [deg].
    sighted : Sighted or None
        What watches it.

    Returns
    -------
    tuple of float or None
        Longitude and latitude of the last click; None if there was none.
    """
    colours = session.palette()
    result = _component(
        key="incident_map",
        data={
            "words": {"label": t("incident.map_label")},
            "style": f"/peta/gaya/{session.scheme()}.json",
            "colours": {"accent": colours.accent, "seen": colours.seen, "possible": colours.possible},
            "city": {"lon": CITY_VIEW["longitude"], "lat": CITY_VIEW["latitude"]},
            "place": None if place is None else {"lon": place[0], "lat": place[1]},
            "cameras": [] if sighted is None else _badges(sighted),
            "areas": [] if sighted is None else _areas(sighted),
        },
        default={"place": None},
        on_place_change=lambda: None,
    )
    return _clicked(result.place)


def last_click() -> tuple[float, float] | None:
    """Give where the map was clicked last, before it is drawn.

    Returns
    -------
    tuple of float or None
        Longitude and latitude; None if there was no click.
    """
    return _clicked(st.session_state.get("incident_map", {}).get("place"))


def _clicked(place: Mapping[str, Any] | None) -> tuple[float, float] | None:
    return None if not place else (float(place["lon"]), float(place["lat"]))


def _badges(sighted: Sighted) -> list[dict[str, object]]:
    """Numbers for cameras that see the place, letters for the next ones, T for those that can be turned."""
    marked = [(str(k), one.sight, one) for k, one in enumerate(sighted.cameras, start=1)]
    marked += [("T", "turn", one) for one in sighted.turnable]
    listed = [(mark, sight, one.point, one.camera.name, one.works) for mark, sight, one in marked]
    listed += [(LETTERS[k], "next", one.point, one.camera.name, one.works) for k, one in enumerate(sighted.neighbours)]
    return [
        {"mark": mark, "sight": sight, "lon": point.lon, "lat": point.lat, "name": name, "works": works}
        for mark, sight, point, name, works in reversed(listed)  # the best one is drawn last, above the others
    ]


def _areas(sighted: Sighted) -> list[dict[str, object]]:
    watching = situation.current(session.runtime()).watching
    return [
        {"sight": one.sight, "rings": rings}
        for one in sighted.cameras[:MOST_AREAS]
        for rings in polygons_of(watching.area[watching.camera_id.index(one.camera.camera_id)])
    ]

"""A map on which the pin of a camera is dragged and the camera aimed by a click on what it looks at."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.components.v2 import component

from cctv.i18n import t
from cctv.services.aiming import Draft
from cctv.services.view_outlines import Ring
from cctv.ui import session
from cctv.ui.map_script import map_script
from cctv.ui.map_view import CITY_VIEW
from cctv.ui.position_editor import LonLat, Wedge

ACTIONS = ("move", "aim", "undo")
HTML = (
    '<div class="map-editor"><div class="tools" role="toolbar">'
    + "".join(f'<button type="button" data-action="{action}"></button>' for action in ACTIONS)
    + '</div><div class="map" role="application"></div></div>'
)
CSS = """
.map-editor .map { height: 460px; border-radius: 0.6rem; overflow: hidden; border: 1px solid var(--st-border-color); }
.map-editor canvas { cursor: crosshair; }
.map-editor .tools { display: flex; flex-wrap: wrap; gap: 0.4rem; margin-bottom: 0.5rem; }
.map-editor .tools button { font: inherit; font-size: 0.9rem; min-height: 2.4rem; padding: 0.35rem 0.8rem;
  cursor: pointer; border-radius: 0.5rem; color: var(--st-text-color); background: var(--st-background-color);
  border: 1px solid var(--st-border-color); }
.map-editor .tools button[aria-pressed=true] { border: 2px solid var(--st-primary-color); font-weight: 600; }
.map-editor .tools button:disabled { opacity: 0.45; cursor: default; }
.map-editor .pin, .map-editor .handle { width: 28px; height: 28px; padding: 0; cursor: grab; border-radius: 50%;
  border: 3px solid #ffffff; box-shadow: 0 1px 4px rgba(0, 0, 0, 0.45); background: var(--st-primary-color); }
.map-editor .handle { border-color: var(--st-primary-color); background: #ffffff; }
.map-editor button:focus-visible { outline: 3px solid var(--st-text-color); outline-offset: 2px; }
"""

_component = component("map_editor", html=HTML, css=CSS, js=map_script("map_editor.js"), isolate_styles=False)


@dataclass(frozen=True)
class Stage:
    """What the map shows.

    Attributes
    ----------
    position : LonLat or None
        Where the point stands in the register; None if nobody has placed it.
    wedge : Wedge
        Of the camera in the register.
    error_m : float or None
        Radius the position may be off [m].
    others : sequence of LonLat
        The other points of the register.
    """

    position: LonLat | None
    wedge: Wedge
    error_m: float | None
    others: Sequence[LonLat]


def map_editor(
    key: str, stage: Stage, see: Callable[[Draft | None], list[list[Ring]]], *, editable: bool
) -> Draft | None:
    """Draw the map and give what was put on it.

    Parameters
    ----------
    key : str
        Name of the map; a new name starts afresh.
    stage : Stage
        What stands in the register.
    see : callable
        Gives the polygons, each with its holes, that the camera would see as it was put on the map, EPSG:4326 [deg].
    editable : bool
        Whether clicks, drags and keys count.

    Returns
    -------
    Draft or None
        None if nothing was touched.
    """
    draft = _draft(st.session_state.get(key, {}).get("draft"))
    colours = session.palette()
    position = None if stage.position is None else _place(stage.position.lon, stage.position.lat)
    shown = position if draft is None else _place(draft.lon, draft.lat)
    target = None if draft is None or draft.target is None else _place(*draft.target)
    _component(
        key=key,
        data={
            "words": {name: t(f"aiming.{name}") for name in (*ACTIONS, "label", "pin", "handle")},
            "style": f"/peta/gaya/{session.scheme()}.json",
            "colours": {"accent": colours.accent, "seen": colours.seen, "other": colours.dead},
            "city": _place(CITY_VIEW["longitude"], CITY_VIEW["latitude"]),
            "position": position,
            "azimuth": stage.wedge.azimuth_deg,
            "hfov": stage.wedge.hfov_deg,
            "range": stage.wedge.range_m,
            "error": stage.error_m,
            "others": [_place(other.lon, other.lat) for other in stage.others],
            "seen": [[list(map(list, ring)) for ring in polygon] for polygon in see(draft)],
            "seenFor": [shown, target],
            "editable": editable,
        },
        default={"draft": None},
        on_draft_change=lambda: None,
    )
    return draft


def _draft(put: Mapping[str, Any] | None) -> Draft | None:
    if not put or not put["position"]:
        return None
    position, target = put["position"], put["target"]
    aimed = None if target is None else (float(target["lon"]), float(target["lat"]))
    return Draft(float(position["lon"]), float(position["lat"]), aimed)


def _place(lon: float, lat: float) -> dict[str, float]:
    return {"lon": lon, "lat": lat}

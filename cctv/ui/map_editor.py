"""A map on which the pin of a camera is dragged, the camera aimed and tilted, and a new camera put down."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.components.v2 import component

from cctv.i18n import t
from cctv.services.aiming import Draft
from cctv.services.anchors import SNAP_M, Anchor
from cctv.services.view_outlines import Ring
from cctv.ui import session
from cctv.ui.map_script import map_script
from cctv.ui.map_view import CITY_VIEW
from cctv.ui.position_editor import LonLat, Wedge

ACTIONS = ("move", "aim", "add", "undo")
#: Least, greatest and step of what is typed above the map.
FIELDS = {"height": (0.5, 60, 0.1), "tilt": (0, 90, 0.1)}
WORDS = (
    *ACTIONS, *FIELDS, "release", "label", "pin", "handle", "tilter", "added", "unknown", "snapped", "pole", "junction",
    "made_up", "doing_move", "doing_aim", "doing_add",
)  # fmt: skip
HTML = (
    '<div class="map-editor"><div class="tools" role="toolbar">'
    + "".join(f'<button type="button" data-action="{action}"></button>' for action in ACTIONS)
    + "".join(
        f'<label><span></span><input type="number" data-field="{name}" min="{low}" max="{high}" step="{step}"></label>'
        for name, (low, high, step) in FIELDS.items()
    )
    + '</div><div class="said"><span class="note" role="status"></span>'
    '<button type="button" data-action="release" hidden></button></div>'
    '<div class="map" role="application"></div></div>'
)
CSS = """
.map-editor .map { height: min(460px, 64vh); border-radius: 0.6rem; overflow: hidden; position: relative;
  border: 1px solid var(--st-border-color); }
.map-editor canvas { cursor: crosshair; }
.map-editor[data-cross=yes] .map::after { content: "+"; position: absolute; left: 50%; top: 50%; font-size: 2rem;
  line-height: 1; transform: translate(-50%, -50%); color: var(--st-primary-color); pointer-events: none; }
.map-editor .tools, .map-editor .said { display: flex; flex-wrap: wrap; gap: 0.4rem; margin-bottom: 0.5rem;
  align-items: center; }
.map-editor .said { font-size: 0.9rem; min-height: 2.4rem; }
.map-editor .tools button, .map-editor .said button, .map-editor .tools input { font: inherit; font-size: 0.9rem;
  min-height: 2.4rem; padding: 0.35rem 0.8rem; border-radius: 0.5rem; color: var(--st-text-color);
  background: var(--st-background-color); border: 1px solid var(--st-border-color); }
.map-editor .tools button, .map-editor .said button { cursor: pointer; }
.map-editor .tools label { display: flex; gap: 0.3rem; align-items: center; font-size: 0.9rem; }
.map-editor .tools input { width: 6.2rem; padding: 0.35rem 0.5rem; }
.map-editor .tools button[aria-pressed=true] { border: 2px solid var(--st-primary-color); font-weight: 600; }
.map-editor .tools button:disabled { opacity: 0.45; cursor: default; }
.map-editor .grip { width: 28px; height: 28px; padding: 0; cursor: grab; border-radius: 50%;
  border: 3px solid #ffffff; box-shadow: 0 1px 4px rgba(0, 0, 0, 0.45); background: var(--st-primary-color); }
.map-editor .grip::after { content: ""; position: absolute; inset: -11px; border-radius: 50%; }
.map-editor .handle { border-color: var(--st-primary-color); background: #ffffff; }
.map-editor .tilter { width: 22px; height: 22px; border-radius: 4px; border-color: var(--st-primary-color);
  background: #ffffff; }
.map-editor .added { border-style: dashed; }
.map-editor button:focus-visible, .map-editor input:focus-visible { outline: 3px solid var(--st-text-color);
  outline-offset: 2px; }
"""

_component = component(
    "map_editor", html=HTML, css=CSS, js=map_script("map_grips.js", "map_editor.js"), isolate_styles=False
)


@dataclass(frozen=True)
class Stage:
    """What the map shows.

    Attributes
    ----------
    point_id : str
        Point of the camera.
    position : LonLat or None
        Where the point stands in the register; None if nobody has placed it.
    wedge : Wedge
        Of the camera in the register.
    vfov_deg, tilt_deg, height_m : float or None
        Of the camera in the register [deg, deg, m].
    error_m : float or None
        Radius the position may be off [m].
    others : sequence of Anchor
        Other points of the register.
    """

    point_id: str
    position: LonLat | None
    wedge: Wedge
    vfov_deg: float | None
    tilt_deg: float | None
    height_m: float | None
    error_m: float | None
    others: Sequence[Anchor]


@dataclass(frozen=True)
class Put:
    """What a person has put on the map.

    Attributes
    ----------
    raw : mapping
        As the map keeps it, to go on with later.
    draft : Draft or None
        Of the camera; None if it stands nowhere.
    added : LonLat or None
        Where a new camera was put down.
    joins : str
        Point of the register that was clicked for it; empty if none was.
    """

    raw: Mapping[str, Any]
    draft: Draft | None
    added: LonLat | None
    joins: str


def map_editor(
    key: str, stage: Stage, kept: Put | None, see: Callable[[Put | None], list[list[Ring]]],
    near: Callable[[LonLat], Sequence[Anchor]], *, editable: bool, unsaved: bool,
) -> Put | None:  # fmt: skip
    """Draw the map and give what was put on it.

    Parameters
    ----------
    key : str
        Name of the map; a new name starts afresh.
    stage : Stage
        What stands in the register.
    kept : Put or None
        What was put on it earlier and not saved; the map opens with it.
    see : callable
        Gives the polygons, each with its holes, that the camera would see as it was put on the map, EPSG:4326 [deg].
    near : callable
        Gives what a pin may stand on around a place.
    editable : bool
        Whether clicks, drags and keys count.
    unsaved : bool
        Whether anything else on the screen is not saved, so that leaving the page warns.

    Returns
    -------
    Put or None
        None if nothing was touched.
    """
    reported = st.session_state.get(key, {}).get("draft")
    put = kept if reported is None else _put(reported)
    colours = session.palette()
    position = None if stage.position is None else _place(stage.position.lon, stage.position.lat)
    shown = position if put is None else put.raw["position"]
    places = [place for place in (shown, put and put.raw["added"]) if place]
    around = [anchor for place in places for anchor in near(LonLat(place["lon"], place["lat"]))]
    _component(
        key=key,
        data={
            "words": {name: t(f"aiming.{name}") for name in WORDS},
            "style": f"/peta/gaya/{session.scheme()}.json",
            "colours": {"accent": colours.accent, "seen": colours.seen, "other": colours.dead},
            "city": _place(CITY_VIEW["longitude"], CITY_VIEW["latitude"]),
            "point": stage.point_id,
            "position": position,
            "azimuth": stage.wedge.azimuth_deg,
            "hfov": stage.wedge.hfov_deg,
            "vfov": stage.vfov_deg,
            "range": stage.wedge.range_m,
            "tilt": stage.tilt_deg,
            "height": stage.height_m,
            "error": stage.error_m,
            "others": [_anchor(other) for other in stage.others],
            "anchors": [_anchor(anchor) for anchor in around],
            "snapWithin": SNAP_M,
            "draft": None if put is None else dict(put.raw),
            "seen": [[list(map(list, ring)) for ring in polygon] for polygon in see(put)],
            "seenFor": [shown, *((None, stage.tilt_deg, stage.height_m) if put is None else _view(put.raw))],
            "editable": editable,
            "unsaved": unsaved,
        },
        default={"draft": None},
        on_draft_change=lambda: None,
    )
    return put


def _put(raw: Mapping[str, Any]) -> Put | None:
    if raw.get("clean"):
        return None
    position, target, added = raw["position"], raw["target"], raw["added"]
    aimed = None if target is None else (float(target["lon"]), float(target["lat"]))
    draft = position and Draft(
        float(position["lon"]), float(position["lat"]), aimed, _number(raw["tilt"]), _number(raw["height"])
    )
    new = added and LonLat(float(added["lon"]), float(added["lat"]))
    return Put(raw, draft, new, str(added["point"]) if added else "")


def _view(raw: Mapping[str, Any]) -> tuple[Any, Any, Any]:
    return raw["target"], raw["tilt"], raw["height"]


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)


def _place(lon: float, lat: float) -> dict[str, float]:
    return {"lon": lon, "lat": lat}


def _anchor(anchor: Anchor) -> dict[str, object]:
    return {
        **_place(anchor.lon, anchor.lat), "kind": anchor.kind, "id": anchor.anchor_id, "name": anchor.name,
        "madeUp": anchor.is_made_up,
    }  # fmt: skip

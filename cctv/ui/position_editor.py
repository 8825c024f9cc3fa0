"""A map on which a place is clicked or dragged with the mouse and the wedge of a camera follows."""

from collections.abc import Sequence
from dataclasses import dataclass

from streamlit.components.v2 import component

from cctv.i18n import t
from cctv.ui import session
from cctv.ui.map_script import map_script
from cctv.ui.map_view import CITY_VIEW

#: Drawn where the register does not say.
OPENING_HFOV_DEG, OPENING_RANGE_M = 90.0, 60.0
HTML = '<div class="editor" role="application" tabindex="0"></div>'
CSS = """
.editor { height: 420px; border-radius: 0.6rem; overflow: hidden; border: 1px solid var(--st-border-color); }
.editor canvas { cursor: crosshair; }
.editor .start { width: 14px; height: 14px; border-radius: 50%; background: var(--st-text-color);
  border: 3px solid var(--st-background-color); }
"""

_component = component(
    "position_editor",
    html=HTML,
    css=CSS,
    js=map_script("position_editor.js"),
    isolate_styles=False,
)


@dataclass(frozen=True)
class LonLat:
    """A position in EPSG:4326, in degrees."""

    lon: float
    lat: float


@dataclass(frozen=True)
class Wedge:
    """What a camera would see without buildings.

    Attributes
    ----------
    azimuth_deg : float or None
        Clockwise from north; None draws no wedge.
    hfov_deg : float
        Horizontal field of view [deg].
    range_m : float
        Distance limit [m].
    """

    azimuth_deg: float | None
    hfov_deg: float
    range_m: float


def position_editor(
    key: str, position: LonLat | None, wedge: Wedge, *, error_m: float | None, editable: bool, label: str = "",
    start: LonLat | None = None, areas: Sequence[str] = (),
) -> LonLat | None:  # fmt: skip
    """Let a person place a point.

    Parameters
    ----------
    key : str
        Name of the editor; a new name starts afresh.
    position : LonLat or None
        Where the point stands; None if nobody has placed it.
    wedge : Wedge
        Wedge of the chosen camera.
    error_m : float or None
        Radius the position may be off [m].
    editable : bool
        Whether clicks and drags count.
    label : str
        What a screen reader says; that a point is placed here by default.
    start : LonLat, optional
        Where to open if there is no position; the city by default.
    areas : sequence of str
        Guarded addresses of GeoJSON areas to draw below.

    Returns
    -------
    LonLat or None
        Where it was put; None if it was not touched.
    """
    result = _component(
        key=key,
        data={
            "label": label or t("register.editor_label"),
            "style": f"/peta/gaya/{session.scheme()}.json",
            "colour": session.palette().accent,
            "city": {"lon": CITY_VIEW["longitude"], "lat": CITY_VIEW["latitude"]},
            "start": None if start is None else {"lon": start.lon, "lat": start.lat},
            "areas": [{"url": url, "colour": colour} for url, colour in zip(areas, _area_colours(), strict=False)],
            "position": None if position is None else {"lon": position.lon, "lat": position.lat},
            "azimuth": wedge.azimuth_deg,
            "hfov": wedge.hfov_deg,
            "range": wedge.range_m,
            "error": error_m,
            "editable": editable,
        },
        default={"position": None},
        on_position_change=lambda: None,
    )
    moved = result.position
    return None if not moved else LonLat(float(moved["lon"]), float(moved["lat"]))


def _area_colours() -> tuple[str, str]:
    """Colours of what is seen for certain, and of what may be seen."""
    colours = session.palette()
    return colours.seen, colours.possible

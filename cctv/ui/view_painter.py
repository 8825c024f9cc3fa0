"""A map on which a person draws the area they see in the picture of a camera."""

from streamlit.components.v2 import component

from cctv.i18n import t
from cctv.services.view_outlines import Outlines
from cctv.ui import session
from cctv.ui.map_script import map_script

ACTIONS = ("undo", "part", "hole", "clear", "computed")
HTML = (
    '<div class="painter"><div class="map" role="application" tabindex="0"></div><div class="actions">'
    + "".join(f'<button type="button" data-action="{name}"></button>' for name in ACTIONS)
    + "</div></div>"
)
CSS = """
.painter .map { height: 380px; border-radius: 0.6rem; overflow: hidden; border: 1px solid var(--st-border-color); }
.painter canvas { cursor: crosshair; }
.painter .actions { display: flex; flex-wrap: wrap; gap: 0.4rem; margin-top: 0.5rem; }
.painter button { font: inherit; font-size: 0.85rem; padding: 0.35rem 0.7rem; border-radius: 0.5rem; cursor: pointer;
  color: var(--st-text-color); background: var(--st-background-color); border: 1px solid var(--st-border-color); }
"""

_component = component("view_painter", html=HTML, css=CSS, js=map_script("view_painter.js"))


def view_painter(key: str, lon: float, lat: float, *, computed: Outlines, drawn: Outlines) -> Outlines:
    """Show the map and give what has been drawn.

    Parameters
    ----------
    key : str
        Name of the map; a new name starts afresh.
    lon, lat : float
        Where the camera stands, EPSG:4326 [deg].
    computed : Outlines
        What counts now, to compare with and to begin from.
    drawn : Outlines
        What was drawn before.

    Returns
    -------
    Outlines
        As they are drawn now; a part that is begun has fewer than three corners.
    """
    colours = session.palette()
    result = _component(
        key=key,
        data={
            "style": f"/peta/gaya/{session.scheme()}.json",
            "position": {"lon": lon, "lat": lat},
            "colours": {
                "camera": colours.accent, "computed": colours.dead, "hidden": colours.surface, "seen": colours.seen,
            },
            "words": {name: t(f"view.{name}") for name in (*ACTIONS, "label")},
            "computed": computed.plain(),
            "drawn": drawn.plain(),
        },
        default={"drawn": None},
        on_drawn_change=lambda: None,
    )  # fmt: skip
    return drawn if result.drawn is None else Outlines.read(result.drawn)

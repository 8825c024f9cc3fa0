"""The map of every screen: base map, layers, legend, the permanent note on synthetic data, the picked point."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import pydeck as pdk
import streamlit as st

from cctv.i18n import t
from cctv.services.mapdata import made_up_layers
from cctv.ui import session
from cctv.ui.deck import OfflineDeck
from cctv.ui.map_layers import PICK_LAYER, tooltip, warm_up_layer

CITY_VIEW = {"longitude": 112.4365, "latitude": -7.4705, "zoom": 13.1}
CLOSE_ZOOM = 16.2


@dataclass(frozen=True)
class LegendStep:
    """One step of a graded legend.

    Attributes
    ----------
    strength : int
        Opacity of the fill, 0-255.
    label : str
        Number beside it.
    name : str
        What it is called, shown on hover.
    """

    strength: int
    label: str
    name: str


@dataclass(frozen=True)
class LegendEntry:
    """One line of the legend: a colour, a shape and a word.

    Attributes
    ----------
    colour : str
        ``#rrggbb``.
    text : str
        What it means.
    shape : {"fill", "hatch", "dot", "ring"}
        Second mark besides the colour.
    steps : tuple of LegendStep
        Grades of the colour, from weak to strong; none for a plain entry.
    """

    colour: str
    text: str
    shape: str = "fill"
    steps: tuple[LegendStep, ...] = ()

    def html(self) -> str:
        """Write the entry.

        Returns
        -------
        str
            HTML.
        """
        style = {
            "fill": f"background:{self.colour}99;border:1.5px solid {self.colour}",
            "hatch": f"background:repeating-linear-gradient(45deg,{self.colour} 0 2px,transparent 2px 5px);"
            f"border:1px dashed {self.colour}",
            "dot": f"background:{self.colour};border-radius:50%",
            "ring": f"border:1.5px solid {self.colour};border-radius:50%",
        }[self.shape]
        if self.steps:
            boxes = "".join(
                f'<i style="background:{self.colour}{step.strength:02x};border:1px solid {self.colour}"></i>'
                f'<abbr title="{escape(step.name)}">{escape(step.label)}</abbr>'
                for step in self.steps
            )
            return f'<span class="steps">{escape(self.text)} {boxes}</span>'
        return f'<span><i style="{style}"></i>{escape(self.text)}</span>'


def draw_map(
    key: str, layers: list[pdk.Layer], legend: Sequence[LegendEntry], *, height: int = 640,
    centre: tuple[float, float] | None = None, show_guesses: bool = False,
) -> None:  # fmt: skip
    """Draw a map; what is picked stands in the session under ``<key>_chart``.

    Parameters
    ----------
    key : str
        Name of the map; it also names its container for the style sheet.
    layers : list of pydeck.Layer
        Layers above the base map, lowest first.
    legend : sequence of LegendEntry
        What the colours mean.
    height : int
        Height of the map [px].
    centre : tuple of float, optional
        Longitude and latitude to open on; the city by default.
    show_guesses : bool
        Whether streets whose course is a guess are drawn.
    """
    view = dict(CITY_VIEW)
    if centre is not None:
        view |= {"longitude": centre[0], "latitude": centre[1], "zoom": CLOSE_ZOOM}
    drawn = [warm_up_layer(view["longitude"], view["latitude"]), *layers]
    style = f"/peta/gaya/{session.scheme()}.json{'?tebakan=1' if show_guesses else ''}"
    deck = OfflineDeck(drawn, style, pdk.ViewState(**view, pitch=0), tooltip())
    with st.container(key=key):
        st.pydeck_chart(
            deck, height=height, on_select="rerun", selection_mode="single-object", key=f"{key}_chart",
            alt=t("map.alt"),
        )  # fmt: skip
        st.html(f'<div class="map-note">{_made_up_note()}<div class="legend">'
                + "".join(entry.html() for entry in legend) + "</div></div>")  # fmt: skip


def picked_point(event: object, layer: str = PICK_LAYER) -> str | None:
    """Read the id of the picked point.

    Parameters
    ----------
    event : object
        State of the chart, None before it was drawn.
    layer : str
        Layer of the points, or of the squares in which they are put together.

    Returns
    -------
    str or None
        Id of a point or square; None if nothing is picked.
    """
    selection = getattr(event, "selection", None) or {}
    rows = selection.get("objects", {}).get(layer, [])
    return str(rows[0]["id"]) if rows else None


def _made_up_note() -> str:
    notes = [
        t(f"map.{kind}", layers=", ".join(t(f"map.layer.{name}") for name in names))
        for kind, names in made_up_layers(session.runtime()).items()
        if names
    ]
    return f'<a class="synthetic-note" href="/bantuan#sintetis">⚠ {escape(". ".join(notes))}</a>' if notes else ""

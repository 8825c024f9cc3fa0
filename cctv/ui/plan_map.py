"""Kept plans on the map: what is seen today, what the points of each plan would see, their numbers."""

from collections.abc import Sequence

import pydeck as pdk
from pydeck.types import String

from cctv.i18n import t
from cctv.palette import rgb
from cctv.registry.plan_models import Plan
from cctv.services import situation
from cctv.ui import session
from cctv.ui.map_layers import area_layer, layer_url
from cctv.ui.map_view import LegendEntry, draw_map

LABEL_PX = 13


def plan_map(key: str, plans: Sequence[Plan], *, height: int = 460, centre: tuple[float, float] | None = None) -> None:
    """Draw the map.

    Parameters
    ----------
    key : str
        Name of the map.
    plans : sequence of Plan
        One to three; each has a colour and a letter.
    height : int
        Height [px].
    centre : tuple of float, optional
        Longitude and latitude to open on.
    """
    colours = session.palette()
    mark = situation.fingerprint(session.runtime())
    layers = [
        area_layer("mungkin", layer_url("viewshed", bagian="mungkin", v=mark), colours.possible, opacity=50,
                   line_width=0.5),
        area_layer("pasti", layer_url("viewshed", bagian="pasti", v=mark), colours.seen, opacity=70, line_width=0.5),
    ]  # fmt: skip
    legend: list[LegendEntry] = []
    for letter, plan, colour in zip("ABC", plans, plan_colours(), strict=False):
        layers.append(
            area_layer(plan.plan_id, f"/peta/rencana/{plan.plan_id}.geojson", colour, opacity=130, line_width=1.6)
        )
        layers.append(_numbers(plan, letter if len(plans) > 1 else "", colour))
        name = f"{letter}: {plan.plan_id} {plan.name}" if len(plans) > 1 else t("legend.proposed")
        legend.append(LegendEntry(colour, name))
    legend += [
        LegendEntry(colours.seen, t("legend.seen")), LegendEntry(colours.possible, t("legend.possible"), "hatch"),
    ]  # fmt: skip
    draw_map(key, layers, legend, height=height, centre=centre)


def plan_colours() -> tuple[str, str, str]:
    """Give the colours of the first, second and third plan.

    Returns
    -------
    tuple of str
        ``#rrggbb`` in the scheme in use.
    """
    colours = session.palette()
    return colours.proposed, colours.gap, colours.accent


def _numbers(plan: Plan, letter: str, colour: str) -> pdk.Layer:
    """Write the rank beside each point; a few dozen at the most, so they travel with the page."""
    rows = [{"position": [p.lon, p.lat], "text": f"{letter}{p.rank}"} for p in plan.points]
    return pdk.Layer(
        "TextLayer", id=f"nomor-{plan.plan_id}", data=rows, pickable=False, get_position="position", get_text="text",
        get_size=LABEL_PX, get_color=[255, 255, 255, 255], background=True, get_background_color=rgb(colour, 235),
        background_padding=[4, 2, 4, 2], get_text_anchor=String("middle"), get_alignment_baseline=String("center"),
    )  # fmt: skip

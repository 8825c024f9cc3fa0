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
        name = f"{letter}: {plan.plan_id} {plan.name}" if len(plans) > 1 else t("legend.proposed")
        legend.append(LegendEntry(colour, name))
    layers.append(_numbers(plans, colours.text, colours.background))
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


def _numbers(plans: Sequence[Plan], paper: str, ink: str) -> pdk.Layer:
    """Write the ranks beside each point, one label where plans share it; few enough to travel with the page."""
    labels: dict[tuple[float, float], list[str]] = {}
    for letter, plan in zip("ABC", plans, strict=False):
        for point in plan.points:
            name = f"{letter}{point.rank}" if len(plans) > 1 else str(point.rank)
            labels.setdefault((point.lon, point.lat), []).append(name)
    rows = [{"position": list(place), "text": " ".join(names)} for place, names in labels.items()]
    return pdk.Layer(
        "TextLayer", id="nomor", data=rows, pickable=False, get_position="position", get_text="text",
        get_size=LABEL_PX, get_color=rgb(ink), background=True, get_background_color=rgb(paper, 235),
        background_padding=[4, 2, 4, 2], get_text_anchor=String("middle"), get_alignment_baseline=String("center"),
    )  # fmt: skip

"""A map on which the points of a plan are picked, dragged and added."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
from shapely.geometry.base import BaseGeometry
from streamlit.components.v2 import component

from cctv.i18n import t
from cctv.services import situation
from cctv.services.maplayers import to_geojson
from cctv.services.plan_draft import Mark
from cctv.ui import session
from cctv.ui.map_layers import layer_url
from cctv.ui.map_script import map_script
from cctv.ui.map_view import CITY_VIEW
from coverage.crs import PROJECTED_CRS

HTML = '<div class="plan-editor" role="application"></div>'
CSS = """
.plan-editor { height: 520px; border-radius: 0.6rem; overflow: hidden; border: 1px solid var(--st-border-color); }
.plan-editor .point { min-width: 30px; height: 30px; padding: 0 5px; border-radius: 50%; font: inherit;
  font-weight: 700; font-size: 0.85rem; cursor: grab; color: #ffffff; background: #6b3fa0; border: 2px solid #ffffff;
  box-shadow: 0 1px 4px rgba(0, 0, 0, 0.5); }
.plan-editor .point[data-state=forced] { border-radius: 5px; background: #0b3f6b; }
.plan-editor .point[data-state=placed] { border-radius: 5px 50% 50% 50%; background: #a63d26; }
.plan-editor .point[data-state=forbidden] { background: #ffffff; color: #4a5560; border: 2px dashed #4a5560;
  text-decoration: line-through; cursor: pointer; }
.plan-editor .point[aria-pressed=true] { outline: 3px solid #f0b429; outline-offset: 1px; }
.plan-editor .point:focus-visible { outline: 3px solid var(--st-text-color); }
"""

_component = component("plan_editor", html=HTML, css=CSS, js=map_script("plan_editor.js"), isolate_styles=False)


@dataclass(frozen=True)
class Done:
    """What a person did on the map: ``pick``, ``move`` or ``add``; a place in EPSG:4326 [deg]."""

    kind: str
    key: str
    lon: float
    lat: float


def plan_editor(
    key: str, marks: Sequence[Mark], picked: str, area: BaseGeometry | None, *, is_adding: bool
) -> Done | None:
    """Draw the map.

    Parameters
    ----------
    key : str
        Name of the map; a new name starts afresh.
    marks : sequence of Mark
        The points.
    picked : str
        Key of the one that is picked.
    area : Polygon or MultiPolygon, optional
        What it would see, EPSG:32749 [m].
    is_adding : bool
        Whether a click on the ground adds a point.

    Returns
    -------
    Done or None
        What was done just now.
    """
    colours, mark = session.palette(), situation.fingerprint(session.runtime())
    seen = {"name": "seen", "url": layer_url("viewshed", bagian="pasti", v=mark), "colour": colours.seen}
    gaps = {"name": "gaps", "url": layer_url("celah", v=mark), "colour": colours.gap}
    result = _component(
        key=key,
        data={
            "label": t("arrange.map"),
            "style": f"/peta/gaya/{session.scheme()}.json",
            "colour": colours.proposed,
            "city": {"lon": CITY_VIEW["longitude"], "lat": CITY_VIEW["latitude"]},
            "layers": [{**gaps, "opacity": 0.35}, {**seen, "opacity": 0.45}],
            "marks": [_pin(one, is_picked=one.key == picked) for one in marks],
            "area": None if area is None else _geojson(area),
            "adding": is_adding,
        },
        on_done_change=lambda: None,
    )
    done = result.done
    return None if not done else Done(done["kind"], done["key"], float(done["lon"]), float(done["lat"]))


def _pin(mark: Mark, *, is_picked: bool) -> dict[str, object]:
    text = str(mark.rank) if mark.rank else ("+" if mark.state == "placed" else "x")
    return {
        "key": mark.key, "lon": mark.spot.lon, "lat": mark.spot.lat, "state": mark.state, "picked": is_picked,
        "text": text, "title": f"{t('plan.point_n', n=text)}: {t(f'arrange.state_{mark.state}')}",
    }  # fmt: skip


def _geojson(area: BaseGeometry) -> Any:  # noqa: ANN401 - plain JSON
    return json.loads(to_geojson(gpd.GeoDataFrame({"is_picked": [True]}, geometry=[area], crs=PROJECTED_CRS)))

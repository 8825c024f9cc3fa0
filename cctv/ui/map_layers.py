"""Data to deck.gl layers. No Streamlit call in here, so it can be tested without a screen.

Streamlit dims the fill of everything that is not selected, in every layer. So fills are set on the sub-layers, which it
does not touch, pins are coloured pictures, and only the transparent discs under the pins can be picked.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import pydeck as pdk
from pydeck.types import String

from cctv.i18n import number, t
from cctv.palette import PALETTES, Scheme, rgb
from cctv.services.clusters import Cluster
from cctv.services.mapdata import PointOnMap
from cctv.services.pins import SIZE, cluster_name, pin_name

PICK_LAYER, CLUSTER_LAYER = "titik", "kelompok"
PIXELS = String("pixels")
METRES = String("meters")
PICK_RADIUS_PX = 20


def layer_url(name: str, **query: object) -> str:
    """Name the guarded route of a layer.

    Parameters
    ----------
    name : str
        Layer.
    **query : object
        What to draw, and a version so that the browser never shows an old one.

    Returns
    -------
    str
        Path of this app.
    """
    return f"/peta/lapisan/{name}.geojson?{urlencode(query)}"


def area_layer(
    layer_id: str,
    url: str,
    colour: str,
    *,
    opacity: int | str = 80,
    line_colour: str | None = None,
    line_width: float = 1,
) -> pdk.Layer:
    """Draw polygons that the browser fetches from a guarded route.

    Parameters
    ----------
    layer_id : str
        Name of the layer.
    url : str
        Path of the GeoJSON.
    colour : str
        ``#rrggbb`` of the fill.
    opacity : int or str
        Opacity of the fill, 0-255, or the property of the features that gives it.
    line_colour : str, optional
        ``#rrggbb`` of the outline; the fill colour by default.
    line_width : float
        Outline [px].

    Returns
    -------
    pydeck.Layer
        Layer that cannot be picked and is never dimmed.
    """
    return pdk.Layer(
        "GeoJsonLayer",
        id=layer_id,
        data=url,
        pickable=False,
        filled=True,
        stroked=line_width > 0,
        line_width_units=PIXELS,
        get_line_width=line_width,
        get_line_color=rgb(line_colour or colour, 200),
        _sub_layer_props={"polygons-fill": {"getFillColor": _fill(colour, opacity)}},
    )


def _fill(colour: str, opacity: int | str) -> list[int] | str:
    if isinstance(opacity, int):
        return rgb(colour, opacity)
    red, green, blue = rgb(colour)[:3]
    return f"@@=[{red}, {green}, {blue}, properties.{opacity}]"


def warm_up_layer(lon: float, lat: float) -> pdk.Layer:
    """Draw an invisible speck, so that the programs which draw polygons are ready before the first click.

    Without a graphics card, making them takes half a second, and a click that comes meanwhile is lost.

    Parameters
    ----------
    lon, lat : float
        A place inside the opening view [deg, EPSG:4326].

    Returns
    -------
    pydeck.Layer
        Layer with the same parts as `area_layer`.
    """
    ring = [[lon, lat], [lon + 1e-5, lat], [lon, lat + 1e-5], [lon, lat]]
    speck = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    return pdk.Layer(
        "GeoJsonLayer",
        id="pemanasan",
        data=[speck],
        pickable=False,
        line_width_units=PIXELS,
        get_line_color=[0, 0, 0, 1],
        get_fill_color=[0, 0, 0, 1],
    )


def point_rows(points: Sequence[PointOnMap], scheme: Scheme) -> list[dict[str, object]]:
    """Make the rows of the pin layers; only what the browser may see and the layers need.

    Parameters
    ----------
    points : sequence of PointOnMap
        Points; those without a position are left out.
    scheme : {"light", "dark"}
        Colours to use.

    Returns
    -------
    list of dict
        One row per pin, longitude and latitude in EPSG:4326.
    """
    rows: list[dict[str, object]] = []
    for item in points:
        if not item.is_placed:
            continue
        name = pin_name(item.status, len(item.cameras), is_guess=item.is_guess)
        rows.append(
            {
                "id": item.point.point_id,
                "name": item.point.name,
                "note": t(f"map.pin.{item.status}", n=len(item.cameras)),
                "position": [item.point.lon, item.point.lat],
                "error_m": item.point.est_error_m or 0,
                "icon": {
                    "url": f"/peta/pin/{scheme}/{name}.svg",
                    "width": 2 * SIZE,
                    "height": 2 * SIZE,
                    "anchorY": SIZE,
                },
            }
        )
    return rows


def point_layers(points: Sequence[PointOnMap], scheme: Scheme, *, show_error: bool) -> list[pdk.Layer]:
    """Draw one pin per point, pickable in a wide disc, with the circle its position may lie in.

    Parameters
    ----------
    points : sequence of PointOnMap
        Points to draw.
    scheme : {"light", "dark"}
        Colours to use.
    show_error : bool
        Whether to draw the circles of uncertain positions.

    Returns
    -------
    list of pydeck.Layer
        Lowest first.
    """
    rows = point_rows(points, scheme)
    layers = _pins(rows, PICK_LAYER, scheme)
    if show_error:
        circles = [{"position": row["position"], "error_m": row["error_m"]} for row in rows if row["error_m"]]
        layers.insert(0, _error_circles(circles, PALETTES[scheme].possible))
    return layers


def cluster_layers(clusters: Sequence[Cluster], scheme: Scheme) -> list[pdk.Layer]:
    """Draw squares of points that are put together, pickable like pins.

    Parameters
    ----------
    clusters : sequence of Cluster
        Squares.
    scheme : {"light", "dark"}
        Colours to use.

    Returns
    -------
    list of pydeck.Layer
        Lowest first; none if there is no square.
    """
    rows = [
        {
            "id": cluster.cluster_id,
            "name": t("map.cluster", points=number(cluster.points)),
            "note": t("map.cluster_note", cameras=number(cluster.cameras), on=number(cluster.cameras_on)),
            "position": [cluster.lon, cluster.lat],
            "icon": {
                "url": f"/peta/pin/{scheme}/{cluster_name(cluster.points, cluster.status)}.svg",
                "width": 2 * SIZE, "height": 2 * SIZE, "anchorY": SIZE,
            },
        }
        for cluster in clusters
    ]  # fmt: skip
    return _pins(rows, CLUSTER_LAYER, scheme) if rows else []


def _pins(rows: Sequence[Mapping[str, object]], layer_id: str, scheme: Scheme) -> list[pdk.Layer]:
    """Draw pictures over transparent discs that can be picked."""
    return [
        pdk.Layer(
            "ScatterplotLayer",
            id=layer_id,
            data=rows,
            get_position="position",
            get_radius=PICK_RADIUS_PX,
            radius_units=PIXELS,
            get_fill_color=[*rgb(PALETTES[scheme].accent)[:3], 0],
            pickable=True,
            auto_highlight=False,
        ),
        pdk.Layer(
            "IconLayer",
            id="pin" if layer_id == PICK_LAYER else f"pin-{layer_id}",
            data=rows,
            get_position="position",
            get_icon="icon",
            get_size=SIZE,
            size_units=PIXELS,
            pickable=False,
        ),
    ]


def _error_circles(rows: list[dict[str, object]], colour: str) -> pdk.Layer:
    return pdk.Layer(
        "ScatterplotLayer",
        id="ketidakpastian",
        data=rows,
        get_position="position",
        get_radius="error_m",
        radius_units=METRES,
        filled=False,
        stroked=True,
        get_line_color=rgb(colour, 170),
        line_width_units=PIXELS,
        get_line_width=1.2,
        pickable=False,
    )


def tooltip() -> dict[str, object]:
    """Give the tooltip of the pins.

    Returns
    -------
    dict
        HTML with the name and what the colour means.
    """
    return {"html": "<b>{name}</b><br>{note}", "style": {"fontSize": "12px", "maxWidth": "260px"}}


def error_sentence(point_error_m: float | None) -> str:
    """Say how far off a position may be.

    Parameters
    ----------
    point_error_m : float or None
        Judged error [m]; None if unknown.

    Returns
    -------
    str
        Words for the screen.
    """
    return t("map.error_unknown") if point_error_m is None else t("map.error_m", m=number(point_error_m))

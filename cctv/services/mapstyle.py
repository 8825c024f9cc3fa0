"""The look of the offline base map: a Mapbox style (version 8) drawn from the palette, light and dark.

The renderers are mapbox-gl 1.13 (inside the chart of the screens) and MapLibre (position editor): only what both know.
"""

from dataclasses import dataclass
from typing import Any

from cctv.geodata.tiles import MAX_ZOOM, MIN_ZOOM, TileSource
from cctv.i18n import t
from cctv.palette import PALETTES, Palette, Scheme, rgb

TEXT_FONT = "Plus Jakarta Sans Medium"
STRONG_FONT = "Plus Jakarta Sans Bold"
FONTS = (TEXT_FONT, STRONG_FONT)
SOURCE = "kota"

#: Style documents are plain JSON of any depth.
Json = dict[str, Any]
Expression = list[Any]


@dataclass(frozen=True)
class StreetLook:
    """How a class of streets is drawn.

    Attributes
    ----------
    road_class : str
        Class of the ``streets`` layer.
    widths : tuple of (zoom, pixels)
        Width between the casings by zoom.
    casing : float
        Width of the casing on each side [px].
    min_zoom : float
        First zoom at which it is drawn.
    """

    road_class: str
    widths: tuple[tuple[float, float], ...]
    casing: float
    min_zoom: float


#: From the least to the most important: the order in which they are drawn.
STREETS = (
    StreetLook("lane", ((14, 0.5), (16, 2.4), (18, 9), (20, 34)), 0.5, 14),
    StreetLook("local", ((12, 0.4), (14, 1.8), (16, 5.5), (18, 16), (20, 62)), 0.7, 12.5),
    StreetLook("secondary", ((11, 1.2), (13, 2.6), (14, 4), (16, 10), (18, 28), (20, 104)), 0.9, 11),
    StreetLook("primary", ((11, 1.8), (13, 3.8), (14, 5.6), (16, 14), (18, 38), (20, 140)), 1.0, 11),
)
_MAIN = ("primary", "secondary")
_GUESS_OPACITY = 0.6
_PLACE_ZOOM = 14.2


@dataclass(frozen=True)
class Tones:
    """Colours of the map, the palette and what is mixed from it.

    Attributes
    ----------
    base : Palette
        Palette of the scheme.
    outside : str
        Beyond the city.
    main, main_casing, main_pale : str
        Main streets: the road colours warmed with the accent, and what shows between dashes.
    area_label : str
        Names of kelurahan and kecamatan.
    ground : str
        Grounds of markets, schools, offices and the like.
    """

    base: Palette
    outside: str
    main: str
    main_casing: str
    main_pale: str
    area_label: str
    ground: str

    @classmethod
    def of(cls, scheme: Scheme) -> "Tones":
        """Mix the tones of a scheme.

        Parameters
        ----------
        scheme : {"light", "dark"}
            Colour scheme.

        Returns
        -------
        Tones
            Colours of the map.
        """
        base = PALETTES[scheme]
        return cls(
            base=base,
            outside=mix(base.land, base.border, 0.5) if scheme == "light" else mix(base.land, base.background, 0.8),
            main=mix(base.road_main, base.accent, 0.13),
            main_casing=mix(base.road_casing, base.accent, 0.3),
            main_pale=mix(base.road_main, base.road, 0.6),
            area_label=mix(base.boundary, base.label, 0.55),
            ground=mix(base.land, base.border, 0.45),
        )


def mix(first: str, second: str, share: float) -> str:
    """Mix two colours.

    Parameters
    ----------
    first, second : str
        ``#rrggbb``.
    share : float
        How much of the second, 0 to 1.

    Returns
    -------
    str
        ``#rrggbb``.

    Examples
    --------
    >>> mix("#000000", "#ffffff", 0.5)
    '#808080'
    """
    pairs = zip(rgb(first)[:3], rgb(second)[:3], strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def style(scheme: Scheme, base_url: str, source: TileSource, *, show_guess: bool = False) -> Json:
    """Write the style document.

    Parameters
    ----------
    scheme : {"light", "dark"}
        Colour scheme.
    base_url : str
        Where the browser reaches this app, without a closing slash.
    source : TileSource
        Extent, attribution and version of the tiles; the version is part of their address, so that browsers never
        mix two.
    show_guess : bool
        Whether streets whose course is a guess are drawn.

    Returns
    -------
    dict
        Mapbox style, version 8.
    """
    tones = Tones.of(scheme)
    return {
        "version": 8,
        "name": f"Kota Mojokerto ({scheme})",
        "glyphs": f"{base_url}/peta/huruf/{{fontstack}}/{{range}}.pbf",
        "sources": {
            SOURCE: {
                "type": "vector",
                "tiles": [f"{base_url}/peta/ubin/{{z}}/{{x}}/{{y}}.pbf?v={source.version}"],
                "minzoom": MIN_ZOOM,
                "maxzoom": MAX_ZOOM,
                "bounds": list(source.bounds),
                "attribution": "; ".join(part for part in (t("basemap.attribution"), source.attribution) if part),
            }
        },
        "light": {"anchor": "viewport", "color": "#ffffff", "intensity": 0.25, "position": [1.2, 210, 35]},
        "layers": [
            *_ground(tones),
            *_boundaries(tones),
            *_street_layers(tones, show_guess=show_guess),
            *_railway(tones),
            *_buildings(tones),
            *_labels(tones, show_guess=show_guess),
        ],
    }


def _layer(name: str, kind: str, source_layer: str, paint: Json, **rest: object) -> Json:
    return {"id": name, "type": kind, "source": SOURCE, "source-layer": source_layer, "paint": paint, **rest}


def _by_zoom(stops: tuple[tuple[float, float], ...], *, base: float = 1.4) -> Expression:
    return ["interpolate", ["exponential", base], ["zoom"], *(number for stop in stops for number in stop)]


def _ground(tones: Tones) -> list[Json]:
    """Land, water, parks and the grounds of public places."""
    is_green: Expression = ["match", ["get", "class"], ["park", "riverside"], True, False]
    return [
        {"id": "background", "type": "background", "paint": {"background-color": tones.outside}},
        _layer("land", "fill", "land", {"fill-color": tones.base.land}),
        _layer("ground", "fill", "spaces", {"fill-color": tones.ground}, filter=["!", is_green]),
        _layer("green", "fill", "spaces", {"fill-color": tones.base.park}, filter=is_green),
        _layer("water", "fill", "water", {"fill-color": tones.base.water}),
    ]


def _boundaries(tones: Tones) -> list[Json]:
    """Soft bands with a thin line, below the streets that they often follow."""
    looks = (("kelurahan", 0.8, 2.5, 0.16), ("kecamatan", 1.0, 5.0, 0.2), ("city", 1.4, 7.0, 0.26))
    return [
        layer
        for level, width, band, opacity in looks
        for layer in (
            _layer(f"boundary-{level}-band", "line", "boundaries", {
                "line-color": tones.base.boundary, "line-opacity": opacity,
                "line-width": _by_zoom(((11, band * 0.5), (14, band), (18, band * 2))),
            }, filter=["==", ["get", "level"], level], layout={"line-join": "round"}),
            _layer(f"boundary-{level}", "line", "boundaries", {
                "line-color": tones.base.boundary, "line-dasharray": [3, 2],
                "line-width": _by_zoom(((11, width * 0.6), (14, width), (18, width * 1.6))),
            }, filter=["==", ["get", "level"], level]),
        )
    ]  # fmt: skip


def _street_layers(tones: Tones, *, show_guess: bool) -> list[Json]:
    """Casings first, then roads, so that crossings stay open; dashes where the course is uncertain."""
    guess = _layer("street-guess", "line", "streets", {
        "line-color": tones.base.railway, "line-opacity": _GUESS_OPACITY, "line-width": 1.4, "line-dasharray": [1, 3],
    }, filter=["==", ["get", "tag"], "guess"], layout={"visibility": "visible" if show_guess else "none"})  # fmt: skip
    casings = [_casing(tones, look) for look in STREETS]
    roads = [layer for look in STREETS for layer in _road(tones, look)]
    return [guess, *casings, *roads]


def _casing(tones: Tones, look: StreetLook) -> Json:
    is_main = look.road_class in _MAIN
    widths = tuple((zoom, width + 2 * look.casing) for zoom, width in look.widths)
    return _layer(f"street-{look.road_class}-casing", "line", "streets", {
        "line-color": tones.main_casing if is_main else tones.base.road_casing, "line-width": _by_zoom(widths),
    }, minzoom=look.min_zoom, filter=_of_class(look, ["!=", ["get", "tag"], "guess"]),
        layout={"line-join": "round"})  # fmt: skip


def _road(tones: Tones, look: StreetLook) -> list[Json]:
    """Draw a certain road in one colour, an uncertain one in dashes of it."""
    name, width = f"street-{look.road_class}", _by_zoom(look.widths)
    colour = tones.main if look.road_class in _MAIN else tones.base.road
    pale = tones.main_pale if look.road_class in _MAIN else tones.base.land
    uncertain: Expression = ["==", ["get", "tag"], "C"]
    certain: Expression = ["match", ["get", "tag"], ["C", "guess"], False, True]
    rounded = {"line-cap": "round", "line-join": "round"}
    paints: tuple[tuple[str, Expression, Json, Json], ...] = (
        ("-uncertain", uncertain, {"line-color": pale}, rounded),
        ("-dashes", uncertain, {"line-color": colour, "line-dasharray": [2.2, 1.1]}, {"line-join": "round"}),
        ("", certain, {"line-color": colour}, rounded),
    )
    return [
        _layer(name + suffix, "line", "streets", {**paint, "line-width": width}, minzoom=look.min_zoom,
               filter=_of_class(look, rule), layout=layout)
        for suffix, rule, paint, layout in paints
    ]  # fmt: skip


def _of_class(look: StreetLook, rule: Expression) -> Expression:
    return ["all", ["==", ["get", "class"], look.road_class], rule]


def _railway(tones: Tones) -> list[Json]:
    """Draw a thin line with sleepers."""
    return [
        _layer("railway", "line", "railway", {
            "line-color": tones.base.railway, "line-width": _by_zoom(((11, 0.8), (16, 1.6), (19, 4))),
        }),
        _layer("railway-sleepers", "line", "railway", {
            "line-color": tones.base.railway, "line-width": _by_zoom(((13, 3.5), (16, 7), (19, 18))),
            "line-dasharray": [0.2, 1.8],
        }, minzoom=13),
    ]  # fmt: skip


def _buildings(tones: Tones) -> list[Json]:
    """Flat footprints with an edge, and blocks above them that show when the map is tilted."""
    height: Expression = ["interpolate", ["linear"], ["zoom"], 14.5, 0, 15.5, ["get", "height"]]
    return [
        _layer("building", "fill", "buildings", {
            "fill-color": tones.base.building, "fill-outline-color": tones.base.building_edge,
            "fill-opacity": ["interpolate", ["linear"], ["zoom"], 14, 0.6, 15, 1.0],
        }, minzoom=14),
        _layer("building-block", "fill-extrusion", "buildings", {
            "fill-extrusion-color": tones.base.building, "fill-extrusion-height": height,
            "fill-extrusion-opacity": 0.72,
        }, minzoom=14.5),
    ]  # fmt: skip


def _labels(tones: Tones, *, show_guess: bool) -> list[Json]:
    """Write names; the last layers win where there is not enough room for all."""
    halo: Json = {"text-halo-color": tones.base.label_halo, "text-halo-width": 1.5}
    strong: Json = {**halo, "text-color": tones.base.label}
    quiet: Json = {**halo, "text-color": tones.base.muted}
    area: Json = {**halo, "text-color": tones.area_label}
    return [
        _layer("place-dot", "circle", "places", {
            "circle-radius": 2.6, "circle-color": tones.base.muted, "circle-stroke-color": tones.base.label_halo,
            "circle-stroke-width": 1.2,
        }, minzoom=_PLACE_ZOOM),
        _layer("place-name", "symbol", "places", quiet, minzoom=_PLACE_ZOOM, layout={
            **_text(TEXT_FONT, 11.5), "text-max-width": 9,
            "text-variable-anchor": ["top", "bottom", "left", "right"], "text-radial-offset": 0.55,
        }),
        _layer("area-water", "symbol", "areas", {**halo, "text-color": mix(tones.base.water, tones.base.label, 0.65)},
            minzoom=13, filter=["==", ["get", "level"], "water"],
            layout={**_text(TEXT_FONT, 11.5), "text-letter-spacing": 0.12, "text-max-width": 20}),
        *_street_names(strong, show_guess=show_guess),
        _layer("area-kelurahan", "symbol", "areas", area, minzoom=12, maxzoom=16.5,
            filter=["==", ["get", "level"], "kelurahan"], layout={
            **_text(STRONG_FONT, _by_zoom(((12, 10.5), (15, 15)))), "text-letter-spacing": 0.06, "text-max-width": 7,
            "text-padding": 0,
        }),
        _layer("area-kecamatan", "symbol", "areas", area, maxzoom=12, filter=["==", ["get", "level"], "kecamatan"],
            layout={**_text(STRONG_FONT, 13), "text-letter-spacing": 0.1}),
    ]  # fmt: skip


def _street_names(paint: Json, *, show_guess: bool) -> list[Json]:
    is_shown: Expression = ["literal", True] if show_guess else ["!=", ["get", "tag"], "guess"]
    is_main: Expression = ["match", ["get", "class"], list(_MAIN), True, False]
    looks: tuple[tuple[str, Expression, float, Expression], ...] = (
        ("minor", ["!", is_main], 14.5, _by_zoom(((14, 9.5), (18, 13)))),
        ("main", is_main, 12.8, _by_zoom(((12, 9.5), (14, 11), (18, 15)))),
    )
    return [
        _layer(f"street-name-{name}", "symbol", "street_names", paint, minzoom=zoom, filter=["all", rule, is_shown],
            layout={
            **_text(TEXT_FONT, size), "symbol-placement": "line", "text-max-angle": 45,
            "symbol-spacing": ["step", ["zoom"], 170, 15, 320],
        })
        for name, rule, zoom, size in looks
    ]  # fmt: skip


def _text(font: str, size: float | Expression) -> Json:
    return {
        "text-field": ["get", "name"], "text-font": [font], "text-size": size, "text-letter-spacing": 0.03,
        "text-padding": 2,
    }  # fmt: skip

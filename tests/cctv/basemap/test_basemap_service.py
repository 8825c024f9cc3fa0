import gzip
import json
import re
from collections import deque

import mapbox_vector_tile
import pytest

from cctv.errors import NotFoundError
from cctv.geodata.tiles import tile_at
from cctv.palette import PALETTES
from cctv.services import basemap
from cctv.services.mapstyle import FONTS, mix
from cctv.settings import read_settings

BASE = "http://127.0.0.1:8501"
DRAWN = {"land", "water", "spaces", "railway", "streets", "street_names", "buildings", "boundaries", "areas", "places"}
PROPERTIES = {
    "spaces": {"class"}, "streets": {"class", "tag", "kind"}, "street_names": {"name", "class", "tag"},
    "buildings": {"class", "height"}, "boundaries": {"level"}, "areas": {"name", "level"},
    "places": {"name", "category"}, "water": {"name"},
}  # fmt: skip


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    return read_settings({"CCTV_CACHE_DIR": str(tmp_path_factory.mktemp("var"))})


def style(settings, scheme="light", **options):
    return json.loads(basemap.style(settings, scheme, BASE, **options).body)


def expressions(value):
    """Walk through a JSON document."""
    waiting = deque([value])
    while waiting:
        item = waiting.popleft()
        yield item
        if isinstance(item, dict):
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)


@pytest.mark.parametrize("scheme", list(PALETTES))
def test_everything_in_the_style_is_served_by_this_app(settings, scheme):
    content = style(settings, scheme)
    addresses = [text for text in expressions(content) if isinstance(text, str) and "://" in text]
    assert len(addresses) == 2
    assert all(address.startswith(BASE) for address in addresses)
    assert "sprite" not in content


@pytest.mark.parametrize("scheme", list(PALETTES))
def test_the_style_asks_only_for_what_the_tiles_hold(settings, scheme):
    content = style(settings, scheme)
    ids = [layer["id"] for layer in content["layers"]]
    assert len(ids) == len(set(ids))
    for layer in content["layers"]:
        if layer["type"] == "background":
            continue
        assert layer["source-layer"] in DRAWN
        asked = {e[1] for e in expressions(layer) if isinstance(e, list) and e[:1] == ["get"]}
        assert asked <= PROPERTIES.get(layer["source-layer"], set())
    assert {layer["source-layer"] for layer in content["layers"][1:]} == DRAWN


def test_labels_use_fonts_that_are_there(settings):
    fonts = {layer["layout"]["text-font"][0] for layer in style(settings)["layers"] if layer["type"] == "symbol"}
    assert fonts == set(FONTS)
    for font in fonts:
        assert len(basemap.glyphs(font, "0-255").body) > 50_000


def test_light_and_dark_differ_in_colour_only(settings):
    light, dark = style(settings, "light"), style(settings, "dark")
    assert [layer["id"] for layer in light["layers"]] == [layer["id"] for layer in dark["layers"]]
    assert light["layers"][1]["paint"]["fill-color"] == PALETTES["light"].land
    assert dark["layers"][1]["paint"]["fill-color"] == PALETTES["dark"].land


def test_guessed_streets_are_hidden_unless_asked_for(settings):
    def guess(content):
        return next(layer for layer in content["layers"] if layer["id"] == "street-guess")["layout"]["visibility"]

    assert guess(style(settings)) == "none"
    assert guess(style(settings, show_guess=True)) == "visible"


def test_uncertain_streets_are_dashed(settings):
    layers = {layer["id"]: layer for layer in style(settings)["layers"]}
    assert "line-dasharray" in layers["street-primary-dashes"]["paint"]
    assert ["==", ["get", "tag"], "C"] in layers["street-primary-dashes"]["filter"]
    assert "line-dasharray" not in layers["street-primary"]["paint"]


def test_the_boundary_source_is_named_on_the_map(settings):
    assert "wilayah_boundaries" in style(settings)["sources"]["kota"]["attribution"]


def test_a_tile_is_compressed_and_kept(settings):
    x, y = tile_at(112.4365, -7.4705, 14)
    first, second = basemap.tile(settings, 14, x, y), basemap.tile(settings, 14, x, y)
    assert first.body is second.body
    assert first.headers["Content-Encoding"] == "gzip"
    assert "streets" in mapbox_vector_tile.decode(gzip.decompress(first.body))


def test_tile_addresses_change_with_the_city(settings):
    address = style(settings)["sources"]["kota"]["tiles"][0]
    version = re.search(r"\?v=(\w+)$", address)
    assert version is not None
    assert version[1] in basemap.tile(settings, 11, *tile_at(112.4365, -7.4705, 11)).etag


@pytest.mark.parametrize("tile", [(10, 0, 0), (17, 0, 0), (12, 4096, 0), (12, 0, -1)])
def test_tiles_that_cannot_be(settings, tile):
    with pytest.raises(NotFoundError, match="map_tile"):
        basemap.tile(settings, *tile)


@pytest.mark.parametrize("name", ["sepia", "", "../light"])
def test_unknown_schemes(settings, name):
    with pytest.raises(NotFoundError, match="map_scheme"):
        basemap.style(settings, name, BASE)


@pytest.mark.parametrize(("font", "span"), [("../static", "0-255"), (FONTS[0], "0-9999"), (FONTS[0], "../0-255")])
def test_no_way_out_of_the_glyph_folder(font, span):
    with pytest.raises(NotFoundError, match="map_glyphs"):
        basemap.glyphs(font, span)


def test_a_range_without_letters_is_an_empty_stack():
    assert basemap.glyphs(FONTS[0], "19968-20223").body == b"\n\x00"


def test_mixed_colours():
    assert mix("#102030", "#102030", 0.7) == "#102030"
    assert mix("#000000", "#ffffff", 0.0) == "#000000"
    assert mix("#000000", "#ffffff", 1.0) == "#ffffff"

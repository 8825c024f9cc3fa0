import gzip
import statistics
import time

import mapbox_vector_tile
import pytest

from cctv.geodata import load_city
from cctv.geodata.tiles import MAX_ZOOM, MIN_ZOOM, TileSource, tile_at, tile_frame
from cctv.settings import ROOT

GEO_DIR = ROOT / "data" / "geo"
CENTRE = (112.4365, -7.4705)


@pytest.fixture(scope="module")
def city():
    return load_city(GEO_DIR)


@pytest.fixture(scope="module")
def source(city):
    return TileSource.from_city(city)


def layers_at(source, z, lon=CENTRE[0], lat=CENTRE[1]):
    return mapbox_vector_tile.decode(source.encode(z, *tile_at(lon, lat, z)))


def values(layers, layer, name):
    return {feature["properties"].get(name) for feature in layers.get(layer, {}).get("features", [])}


def test_tile_frames_fit_together():
    z, (x, y) = 14, tile_at(*CENTRE, 14)
    here, east, south = tile_frame(z, x, y), tile_frame(z, x + 1, y), tile_frame(z, x, y + 1)
    assert here.west + here.side == pytest.approx(east.west)
    assert here.north - here.side == pytest.approx(south.north)


def test_low_zooms_show_the_city_and_its_main_streets_only(source):
    layers = layers_at(source, MIN_ZOOM)
    assert {"land", "streets", "boundaries", "areas"} <= layers.keys()
    assert values(layers, "streets", "class") <= {"primary", "secondary"}
    assert "buildings" not in layers
    assert len(values(layers, "areas", "name")) >= 18


def test_buildings_come_with_zoom_14_and_all_of_them_with_16(source, city):
    assert "buildings" not in layers_at(source, 13)
    assert "buildings" in layers_at(source, 14)
    counted = source.layers[[layer.name for layer in source.layers].index("buildings")]
    assert (counted.min_zoom <= MAX_ZOOM).all()
    assert len(counted.geometries) == len(city.buildings)


def test_heights_are_those_of_the_city(source, city):
    heights = values(layers_at(source, 16), "buildings", "height")
    assert heights
    assert heights <= set(city.buildings["height_m"].round().astype(int))


def test_street_tags_survive(source, city):
    found = set()
    for z in (12, 13):
        found |= values(layers_at(source, z), "streets", "tag")
    assert found <= set(city.streets["tag"])
    assert "C" in found


def test_every_kelurahan_has_one_label(source, city):
    labels = source.layers[[layer.name for layer in source.layers].index("areas")].properties
    names = labels["name"][labels["level"] == "kelurahan"]
    assert sorted(names) == sorted(city.kelurahan["kelurahan"])


def test_a_label_point_lies_in_one_tile_only(source):
    z, (x0, y0), (x1, y1) = 14, tile_at(112.40, -7.43, 14), tile_at(112.48, -7.51, 14)
    names = [
        feature["properties"]["name"]
        for x in range(x0, x1 + 1)
        for y in range(y0, y1 + 1)
        for feature in mapbox_vector_tile.decode(source.encode(z, x, y)).get("areas", {}).get("features", [])
        if feature["properties"]["level"] == "kelurahan"
    ]
    assert len(names) == len(set(names)) == 18


def test_each_border_is_drawn_once(source):
    borders = source.layers[[layer.name for layer in source.layers].index("boundaries")]
    city_line, kecamatan, kelurahan = borders.geometries
    assert city_line.intersection(kecamatan).length < 1
    assert city_line.union(kecamatan).intersection(kelurahan).length < 1


def test_same_city_same_tile(source, city):
    again = TileSource.from_city(city)
    tile = (14, *tile_at(*CENTRE, 14))
    assert source.encode(*tile) == again.encode(*tile)


def test_tiles_outside_the_city_are_valid_and_empty(source):
    assert list(mapbox_vector_tile.decode(source.encode(12, 0, 0))) == ["empty"]


@pytest.mark.slow
def test_a_city_tile_takes_little_time(source):
    west, south, east, north = 112.41, -7.495, 112.465, -7.447
    took = []
    for z in range(MIN_ZOOM, MAX_ZOOM + 1):
        (x0, y0), (x1, y1) = tile_at(west, north, z), tile_at(east, south, z)
        for x in range(x0, x1 + 1):
            for y in range(y0, y1 + 1):
                start = time.thread_time()
                gzip.compress(source.encode(z, x, y), compresslevel=6)
                took.append(time.thread_time() - start)
    assert statistics.quantiles(took, n=20)[-1] < 0.06

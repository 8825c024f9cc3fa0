"""The city layers as shipped: what they promise about Mojokerto and about the generator."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely

from cctv.geodata import CityLayers, check_city, kelurahan_at, load_city
from cctv.geodata.checks import dwellings_of
from cctv.geodata.layers import kelurahan_of
from cctv.geodata.lonlat import to_lonlat, to_metres
from cctv.geodata.manifest import checksum, read_manifest
from cctv.geodata.schema import LAYERS, SPACE_CLASSES


def test_nothing_is_wrong_with_the_shipped_city(geo_dir: Path) -> None:
    assert check_city(geo_dir) == []


def test_eighteen_kelurahan_in_three_kecamatan_cover_the_city(city: CityLayers) -> None:
    assert len(city.kelurahan) == 18
    assert city.kelurahan.kemendagri_code.is_unique
    assert city.kelurahan.bps_code.is_unique
    assert city.boundary.area / 1e6 == pytest.approx(20.20, abs=0.02)
    assert len(city.boundary.interiors) == 0
    assert city.kecamatan.kemendagri_code.tolist() == ["35.76.01", "35.76.02", "35.76.03"]
    assert city.kecamatan.area.sum() == pytest.approx(city.boundary.area)


def test_the_two_code_systems_stay_apart(city: CityLayers) -> None:
    codes = city.kelurahan.set_index("kelurahan")
    assert codes.kemendagri_code["Miji"] == "35.76.03.1002"
    assert codes.bps_code["Meri"] == "3576021002"
    assert codes.dwell_est.sum() == 42_590
    assert "dwell_est" in codes.estimated["Miji"]


def test_certain_places_lie_where_they_are_listed(city: CityLayers) -> None:
    sure = city.places[city.places.certainty.isin(["A", "B"])]
    shapes = city.kelurahan.set_index("kelurahan").geometry
    listed = sure[sure.kelurahan != ""]
    away = [point.distance(shapes[name]) for point, name in zip(listed.geometry, listed.kelurahan, strict=True)]
    assert len(listed) > 30
    assert max(away) <= 30.0
    mertex = city.places[city.places.name.str.contains("Mertex")].iloc[0]
    assert mertex.kelurahan == ""
    assert mertex.geometry.distance(city.boundary) == pytest.approx(349, abs=2)


def test_junctions_keep_what_nobody_could_locate(city: CityLayers) -> None:
    by_number = city.junctions.set_index("no")
    unlocated = by_number[by_number.geometry.isna()]
    assert unlocated.index.tolist() == [7, 8, 9]
    assert unlocated.est_error_m.isna().all()
    assert by_number.tag[1] == "C"
    assert by_number.est_error_m[1] == 60.0
    assert (by_number.existence[by_number.index < 100].isin(["A", "B"])).all()


def test_railway_passes_the_ministry_station(city: CityLayers) -> None:
    station = city.places[city.places.source == "djka"].geometry.iloc[0]
    assert station.distance(city.railway.union_all()) < 20.0


def test_named_streets_are_split_where_the_tag_changes(city: CityLayers) -> None:
    named = city.streets[city.streets.kind == "schematic"]
    assert set(named.tag) == {"A", "B", "C", "guess"} - {"A"}
    assert named.est_error_m.notna().all()
    pieces = named[named.street_id.str.startswith("bypass-")]
    assert pieces.tag.tolist() == ["B", "C", "guess"]
    lines = pieces.geometry.tolist()
    assert all(a.coords[-1] == b.coords[0] for a, b in pairwise(lines))
    assert (city.street_vertices.tag != "").all()
    assert (city.street_vertices.reason != "").all()


def test_synthetic_streets_say_so_and_have_no_name(city: CityLayers) -> None:
    minor = city.streets[city.streets.kind == "synthetic"]
    assert set(minor.road_class) == {"primary", "local", "lane"}
    assert (minor.name == "").all()
    lanes = minor[minor.road_class == "lane"]
    assert lanes.width_m.between(1.5, 3.0).all()
    assert not lanes.lit.any()


def test_poles_stand_on_the_edge_of_lit_streets_at_the_stated_spacing(city: CityLayers) -> None:
    streets = city.streets.set_index("street_id")
    own = streets.loc[city.poles.street_id]
    assert own.lit.all()
    axes, poles = np.asarray(own.geometry), np.asarray(city.poles.geometry)
    assert np.allclose(shapely.distance(axes, poles), own.width_m / 2 - 0.4, atol=0.35)
    along = shapely.line_locate_point(axes, poles)
    same = city.poles.street_id.to_numpy()[1:] == city.poles.street_id.to_numpy()[:-1]
    gaps = np.diff(along)[same]
    single = gaps[gaps < 60.0]
    assert np.quantile(single, [0.005, 0.995]) == pytest.approx([34.0, 42.0], abs=0.5)
    assert single.min() > 30.0  # in a bend the two sides of a street are not equally long
    assert single.max() < 46.0
    assert len(single) > 0.9 * len(gaps)


def test_buildings_match_the_estimate_of_every_kelurahan(city: CityLayers) -> None:
    counted = dwellings_of(city)
    wanted = dict(zip(city.kelurahan.kelurahan, city.kelurahan.dwell_est, strict=True))
    assert 40_000 <= len(city.buildings) <= 60_000
    assert all(counted[name] == pytest.approx(wanted[name], rel=0.05) for name in wanted)


def test_buildings_have_the_sizes_of_their_class(city: CityLayers) -> None:
    by_class = dict(tuple(city.buildings.groupby("building_class")))
    houses, shops = by_class["house"], by_class["shophouse"]
    assert houses.area.quantile(0.1) > 50
    assert houses.area.quantile(0.9) < 122
    single = (houses.height_m <= 5.5).mean()
    assert 0.8 < single < 0.9
    assert shops.height_m.between(8.0, 12.0).all()
    assert shops.area.between(4 * 12 - 1, 5 * 20 + 1).all()
    assert {"market", "mall", "hospital", "school", "station", "office", "worship"} <= set(by_class)


def test_coordinates_stand_on_the_grid_of_a_64th_metre(city: CityLayers) -> None:
    xy = shapely.get_coordinates(np.asarray(city.buildings.geometry)) * 64
    assert np.array_equal(xy, np.round(xy))


def test_terraces_share_their_walls_exactly(city: CityLayers) -> None:
    shops = np.asarray(city.buildings.geometry[city.buildings.building_class == "shophouse"])
    one, other = shapely.STRtree(shops).query(shops, predicate="touches")
    shared = shapely.length(shapely.intersection(shops[one], shops[other]))
    assert (shared > 10.0).sum() > len(shops)


def test_open_fields_remain_where_few_people_live(city: CityLayers) -> None:
    xy = shapely.get_coordinates(shapely.centroid(np.asarray(city.buildings.geometry)))
    squares = np.unique(xy // 100, axis=0)
    middles = squares * 100 + 50
    built = kelurahan_of(city.kelurahan, middles)
    share = {
        row.kelurahan: (built == row.kelurahan).sum() / (row.geometry.area / 1e4)
        for row in city.kelurahan.itertuples(index=False)
    }
    assert share["Blooto"] < 0.6
    assert share["Gunung Gedangan"] < 0.6
    assert share["Meri"] < 0.75
    assert share["Miji"] > 0.85


def test_public_spaces_of_every_class_lie_in_their_kelurahan(city: CityLayers) -> None:
    spaces = city.public_spaces
    assert set(spaces.space_class) == set(SPACE_CLASSES)
    shapes = city.kelurahan.set_index("kelurahan").geometry.loc[spaces.kelurahan]
    outside = shapely.area(shapely.difference(np.asarray(spaces.geometry), np.asarray(shapes)))
    assert outside.max() < 5.0
    for name in ("Wates", "Blooto"):
        assert {"school_front", "worship", "market", "office", "park"} <= set(
            spaces.space_class[spaces.kelurahan == name]
        )


def test_known_junctions_lend_their_names_to_junction_spaces(city: CityLayers) -> None:
    names = set(city.public_spaces.name[city.public_spaces.space_class == "junction"])
    assert "Simpang Gajah Mada - Empunala" in names
    assert "Simpang Mojopahit - Kartini" in names


def test_river_lies_outside_the_city_along_its_northern_edge(city: CityLayers) -> None:
    river = city.water.geometry.iloc[0]
    assert river.intersection(city.boundary).area < 1.0
    assert river.intersection(city.boundary.buffer(1.0)).area > 3000.0


def test_manifest_tells_real_from_synthetic(geo_dir: Path) -> None:
    manifest = read_manifest(geo_dir)
    assert manifest.synthetic_layers() == ["buildings", "poles", "public_spaces", "streets_minor", "water"]
    assert manifest.layers["streets_named"].kind == "schematic"
    assert all(info.source and info.licence and info.attribution and info.as_of for info in manifest.layers.values())
    assert all((geo_dir / info.file).stat().st_size < 3_000_000 for info in manifest.layers.values())
    assert set(manifest.layers) == set(LAYERS)
    assert all(checksum(geo_dir / info.file) == info.sha256 for info in manifest.layers.values())


def test_city_is_read_once_and_shared_between_threads(copied: Path) -> None:
    start = time.perf_counter()
    with ThreadPoolExecutor(8) as pool:
        cities = list(pool.map(lambda _: load_city(copied), range(16)))
    assert time.perf_counter() - start < 10.0
    assert all(one is cities[0] for one in cities)


def test_kelurahan_of_a_point(city: CityLayers) -> None:
    x, y = to_metres([112.434398, 112.3], [-7.472412, -7.47])
    assert kelurahan_at(city, float(x[0]), float(y[0])) == "Miji"
    assert kelurahan_at(city, float(x[1]), float(y[1])) is None
    corner = city.kelurahan.geometry.iloc[0].exterior.coords[0]
    assert kelurahan_at(city, *corner) is not None


def test_metres_and_degrees_are_inverse() -> None:
    lon, lat = np.array([112.40, 112.47]), np.array([-7.50, -7.44])
    back = to_lonlat(*to_metres(lon, lat))
    assert np.allclose(back, (lon, lat), atol=1e-9)
    x, y = to_metres([112.434398], [-7.472412])
    assert (round(float(x[0])), round(float(y[0]))) == (658282, 9173769)

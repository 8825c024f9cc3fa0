"""Real layers take the place of synthetic ones, all or nothing."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

import cctv.geodata.publish as publishing
from cctv.errors import GeodataError
from cctv.geodata import CityLayers, check_city, load_city, replace_layers
from cctv.geodata.lonlat import LONLAT, METRES
from cctv.geodata.replace import DEFAULT_HEIGHT_M
from cctv.geodata.schema import LAYERS

X, Y = 658_000.0, 9_173_000.0
ABOUT = {"source": "OSM", "licence": "ODbL", "attribution": "(c) kontributor OpenStreetMap", "as_of": "2026-11-01"}
SQUARE = shapely.box(X, Y, X + 400, Y + 400)


def _buildings(**columns: object) -> gpd.GeoDataFrame:
    shapes = [shapely.box(X + 20 * i, Y + 10, X + 20 * i + 10, Y + 25) for i in range(3)]
    return gpd.GeoDataFrame({"building_id": ["w1", "w2", "w3"], **columns}, geometry=shapes, crs=METRES)


def _streets() -> gpd.GeoDataFrame:
    line = shapely.LineString([(X, Y), (X + 300, Y + 5)])
    return gpd.GeoDataFrame(
        {"street_id": ["way/1"], "name": ["Jl Uji"], "road_class": ["local"], "lit": [True]},
        geometry=[line],
        crs=METRES,
    )


def _spaces() -> gpd.GeoDataFrame:
    shape = shapely.box(X + 100, Y + 100, X + 150, Y + 150)
    return gpd.GeoDataFrame(
        {"space_id": ["r1"], "space_class": ["park"], "name": ["Taman"]}, geometry=[shape], crs=METRES
    )


def test_inside_the_boundary_only_real_rows_remain(copied: Path, city: CityLayers) -> None:
    replace_layers(copied, {"buildings": _buildings(height_m=[6.0, np.nan, 9.0])}, boundary=SQUARE, **ABOUT)
    after = load_city(copied)
    inside = after.buildings[after.buildings.intersects(SQUARE)]
    assert inside.kind.tolist() == ["real"] * 3
    assert inside.height_m.tolist() == [6.0, DEFAULT_HEIGHT_M, 9.0]
    assert inside.height_source.tolist() == ["imported", "default", "imported"]
    gone = city.buildings.intersects(SQUARE).sum()
    assert len(after.buildings) == len(city.buildings) - gone + 3
    info = after.manifest.layers["buildings"]
    assert info.kind == "synthetic"
    assert "OSM" in info.source
    assert after.manifest.layers["poles"] == city.manifest.layers["poles"]
    assert check_city(copied) == []


def test_without_boundary_the_whole_layer_becomes_real(copied: Path) -> None:
    layers = {"buildings": _buildings(), "streets": _streets(), "public_spaces": _spaces()}
    manifest = replace_layers(copied, layers, boundary=None, **ABOUT)
    after = load_city(copied)
    assert manifest.fingerprint == after.manifest.fingerprint
    assert after.manifest.layers["buildings"].kind == "real"
    assert after.manifest.layers["streets_minor"].attribution == ABOUT["attribution"]
    assert after.streets.name.tolist() == ["Jl Uji"]
    assert after.streets.width_m.tolist() == [6.0]
    assert len(after.street_vertices) == 0
    assert after.public_spaces.kelurahan.tolist() == ["Kranggan"]
    assert set(after.poles.street_id) == {"way/1"}
    assert len(after.poles) == 8
    for name, spec in LAYERS.items():
        table = getattr(after, "streets" if name.startswith("streets") else name)
        assert list(table.columns) == [*spec.columns, "geometry"]
    assert check_city(copied) == []


def test_own_height_source_is_kept(copied: Path) -> None:
    given = _buildings(height_m=[6.0, 4.5, np.nan], height_source=["levels", "default", "height"])
    replace_layers(copied, {"buildings": given}, boundary=None, **ABOUT)
    assert load_city(copied).buildings.height_source.tolist() == ["levels", "default", "default"]


def test_degrees_and_many_part_shapes_are_taken(copied: Path) -> None:
    double = shapely.MultiPolygon([shapely.box(X, Y, X + 9, Y + 9), shapely.box(X + 20, Y, X + 29, Y + 9)])
    table = gpd.GeoDataFrame({"building_id": ["w1"]}, geometry=[double], crs=METRES).to_crs(LONLAT)
    replace_layers(copied, {"buildings": table}, boundary=None, **ABOUT)
    after = load_city(copied).buildings
    assert after.building_id.tolist() == ["w1", "w1-2"]
    assert after.area.tolist() == pytest.approx([81.0, 81.0], rel=0.01)


def test_real_layers_can_be_replaced_again(copied: Path) -> None:
    for _ in range(2):
        replace_layers(copied, {"buildings": _buildings()}, boundary=None, **ABOUT)
    assert load_city(copied).buildings.building_id.tolist() == ["w1", "w2", "w3"]
    assert len(list(copied.glob("buildings*.parquet"))) == 1
    assert not list(copied.glob(".new*"))


def test_everything_wrong_is_listed_and_nothing_written(copied: Path) -> None:
    before = {path.name: path.read_bytes() for path in copied.iterdir()}
    bow_tie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    layers = {
        "buildings": _buildings(height_m=[1.0, -2.0, 3.0]),
        "public_spaces": _spaces().assign(space_class="beach"),
        "streets": gpd.GeoDataFrame(geometry=[shapely.Point(X, Y)], crs=METRES),
        "water": gpd.GeoDataFrame(geometry=[bow_tie], crs=METRES),
        "railway": gpd.GeoDataFrame(geometry=[shapely.LineString([(X, Y), (X, Y + 1)])]),
        "kelurahan": _buildings(),
    }
    with pytest.raises(GeodataError) as caught:
        replace_layers(copied, layers, boundary=None, **ABOUT)
    assert {(p.where, p.code) for p in caught.value.problems} == {
        ("buildings", "geodata_height"),
        ("public_spaces", "geodata_class"),
        ("streets", "geodata_geometry"),
        ("water", "geodata_invalid"),
        ("railway", "geodata_no_crs"),
        ("kelurahan", "geodata_layer_name"),
    }
    assert {path.name: path.read_bytes() for path in copied.iterdir()} == before


@pytest.mark.parametrize("broken", ["write_layer", "write_manifest"])
def test_full_disk_leaves_the_old_city_whole(copied: Path, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    before = load_city(copied).manifest.fingerprint

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(publishing, broken, full)
    with pytest.raises(OSError, match="No space left"):
        replace_layers(copied, {"buildings": _buildings(), "streets": _streets()}, boundary=None, **ABOUT)
    assert load_city(copied).manifest.fingerprint == before
    assert check_city(copied) == []


def test_empty_layers_leave_a_city_that_loads(copied: Path) -> None:
    empty = gpd.GeoDataFrame({"street_id": []}, geometry=[], crs=METRES)
    replace_layers(copied, {"streets": empty, "buildings": empty, "public_spaces": empty}, boundary=None, **ABOUT)
    after = load_city(copied)
    assert len(after.streets) == len(after.buildings) == len(after.poles) == len(after.public_spaces) == 0
    assert "road_class" in after.streets.columns


def test_real_town_with_odd_shapes_is_carried_through(copied: Path, shared_data: Path) -> None:
    source = shared_data / "osm_samples" / "pyrosm_test.osm.pbf"
    table = gpd.read_file(source, layer="multipolygons", on_invalid="ignore")
    table = table[table.building.notna() & table.geometry.notna()]
    table = table[table.geometry.is_valid & (table.geometry.geom_type == "MultiPolygon")]
    table = table.assign(building_id=table.osm_way_id.fillna("r" + table.osm_id.fillna("")))
    replace_layers(copied, {"buildings": table}, boundary=None, **ABOUT)
    after = load_city(copied).buildings
    assert len(after) > 2000
    assert after.geometry.is_valid.all()
    assert after.building_id.is_unique
    assert (after.height_source == "default").all()

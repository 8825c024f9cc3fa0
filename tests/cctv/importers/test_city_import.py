import hashlib
import json
from datetime import date

import pytest
import shapely

from cctv.errors import ImportProblemsError
from cctv.geodata import check_city, load_city
from cctv.geodata.tiles import TileSource
from cctv.services.cityimport import Origin, import_osm


def fingerprints(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


@pytest.fixture
def area(tmp_path, draw):
    ring = draw.square(-5, -10, size=0.005)
    path = tmp_path / "batas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [draw.feature("Polygon", ring)]}))
    return path


def test_a_dry_run_writes_nothing(write, draw, geo_dir):
    before = fingerprints(geo_dir)
    done = import_osm(geo_dir, write(draw.block()), dry_run=True)
    assert done.is_dry_run
    assert set(done.replaced) == {"streets", "buildings", "public_spaces"}
    assert fingerprints(geo_dir) == before


def test_an_import_replaces_what_lies_inside_the_boundary(write, draw, geo_dir, area):
    before = load_city(geo_dir)
    origin = Origin(as_of=date(2026, 1, 2))
    done = import_osm(geo_dir, write(draw.block()), boundary=area, origin=origin)
    after = load_city(geo_dir)
    assert after.manifest.fingerprint != before.manifest.fingerprint
    real = after.buildings[after.buildings["kind"] == "real"]
    assert len(real) == 10
    assert 0 < len(before.buildings) - (len(after.buildings) - 10) < 3000
    assert "Jl Uji" in set(after.streets["name"])
    assert done.street_areas == 2
    assert "2026-01-02" in {info.as_of for info in after.manifest.layers.values()}
    spaces = after.public_spaces[after.public_spaces["kind"] == "real"]
    assert set(spaces["space_class"]) == {"street", "park", "worship"}
    houses = shapely.union_all(real.geometry.to_numpy())
    assert shapely.area(shapely.intersection(shapely.union_all(spaces.geometry.to_numpy()), houses)) < 1.0


def test_the_imported_city_passes_the_checks(write, draw, geo_dir, area):
    import_osm(geo_dir, write(draw.block()), boundary=area)
    codes = {problem.code for problem in check_city(geo_dir)}
    assert not codes & {"geodata_checksum", "geodata_invalid", "geodata_ids", "geodata_class", "geodata_columns"}


def test_a_file_with_buildings_only_leaves_the_streets(write, draw, geo_dir, area):
    before = load_city(geo_dir)
    done = import_osm(geo_dir, write(draw.block()[:10]), boundary=area)
    assert done.replaced == ("buildings",)
    assert done.untouched == ("streets", "public_spaces")
    assert len(load_city(geo_dir).streets) == len(before.streets)


def test_the_credit_of_real_layers_reaches_the_map(write, draw, geo_dir):
    assert TileSource.from_city(load_city(geo_dir)).attribution == ""
    import_osm(geo_dir, write(draw.block()))
    assert "OpenStreetMap" in TileSource.from_city(load_city(geo_dir)).attribution


@pytest.mark.parametrize("fault", ["heights", "broken", "swapped", "elsewhere"])
def test_a_refused_file_leaves_everything_as_it_was(write, draw, geo_dir, fault):
    features = draw.block()
    boundary = None
    if fault == "heights":
        features[0]["properties"]["height"] = "-4"
    if fault == "swapped":
        features = [draw.feature("Polygon", draw.square(i, 0, swap=True), building="yes") for i in range(3)]
    if fault == "elsewhere":
        features = [draw.feature("Polygon", draw.square(-28_000, 0), building="yes")]
        boundary = "file"
    path = write(features)
    if fault == "broken":
        path.write_text(path.read_text()[:-40])
    before = fingerprints(geo_dir)
    with pytest.raises(ImportProblemsError):
        import_osm(geo_dir, path, boundary=boundary)
    assert fingerprints(geo_dir) == before


def test_a_boundary_file_must_hold_an_area(write, draw, geo_dir, tmp_path):
    line = tmp_path / "garis.geojson"
    feature = draw.feature("LineString", [(draw.lon, draw.lat), (draw.lon + 0.01, draw.lat)])
    line.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    with pytest.raises(ImportProblemsError, match="import_boundary"):
        import_osm(geo_dir, write(draw.block()), boundary=line, dry_run=True)

import geopandas as gpd
import numpy as np
import pytest
import shapely

from cctv.errors import ImportProblemsError
from cctv.i18n.messages import error_hint, error_text, problem_text
from cctv.importers import osm_source
from cctv.importers.osm import read_osm

CITY_BOX = shapely.box(112.40, -7.50, 112.48, -7.43)


def refused(path, code, boundary=CITY_BOX):
    with pytest.raises(ImportProblemsError) as caught:
        read_osm(path, boundary)
    assert caught.value.code == code
    for text in (error_text(caught.value), error_hint(caught.value)):
        assert text
        assert not text.startswith("error.")
        assert "{" not in text
    return caught.value


def test_a_block_becomes_tables_of_the_city(write, draw):
    content = read_osm(write(draw.block()), CITY_BOX)
    assert content.report.is_in_zone
    assert content.buildings.crs == "EPSG:32749"
    assert content.buildings["height_m"].tolist()[:5] == [9.0, 6.4, 32.0, 4.5, 4.5]
    sources = content.buildings["height_source"].tolist()
    assert sources == ["height", "levels", "levels_inexact", *["default"] * 7]
    assert dict(content.report.unreadable_heights) == {"fix me": 1}
    streets = content.streets.set_index("road_class")
    assert streets.loc["local", ["name", "width_m", "lit"]].tolist() == ["Jl Uji", 5.5, True]
    assert streets.loc["primary", ["width_m", "lit"]].tolist() == [12.0, False]
    assert content.report.widths_assumed == 1
    assert content.report.lit_assumed == 1
    assert set(content.buildings["kind"]) == set(content.streets["kind"]) == {"real"}


def test_public_spaces_do_not_overlap(write, draw):
    spaces = read_osm(write(draw.block()), CITY_BOX).public_spaces.set_index("space_class").geometry
    assert set(spaces.index) == {"park", "worship"}
    assert spaces["park"].intersection(spaces["worship"]).area < 0.01
    assert spaces["worship"].area > spaces["park"].area  # the stronger class keeps the shared ground


def test_a_school_front_lies_around_the_school_not_in_it(write, draw):
    features = [draw.feature("Polygon", draw.square(0, 0), amenity="school", name="SD Uji")]
    spaces = read_osm(write(features), CITY_BOX).public_spaces
    grounds = gpd.GeoSeries([shapely.Polygon(draw.square(0, 0)[0])], crs="EPSG:4326").to_crs(spaces.crs).iloc[0]
    assert spaces["space_class"].tolist() == ["school_front"]
    assert spaces.geometry.iloc[0].intersection(grounds).area < 0.01
    assert spaces.geometry.iloc[0].distance(grounds) < 0.01


def test_a_camera_without_direction_stays_unknown(write, draw):
    content = read_osm(write(draw.block()), CITY_BOX)
    assert content.surveillance["azimuth_deg"].tolist()[0] == 90.0
    assert np.isnan(content.surveillance["azimuth_deg"].tolist()[1])
    assert content.report.cameras_with_direction == 1


@pytest.mark.parametrize(
    ("said", "azimuth"), [("NE", 45.0), ("nnw", 337.5), ("360", 0.0), ("400", None), ("utara", None), ("", None)]
)
def test_directions(write, draw, said, azimuth):
    camera = draw.feature("Point", (draw.lon, draw.lat), man_made="surveillance", direction=said)
    found = read_osm(write([camera]), CITY_BOX).surveillance["azimuth_deg"].iloc[0]
    assert found == azimuth if azimuth is not None else np.isnan(found)


def test_bow_ties_are_repaired_and_specks_dropped_and_both_counted(write, draw):
    x, y, d = draw.lon, draw.lat, draw.step
    bow_tie = [[(x, y), (x + d, y + d), (x + d, y), (x, y + d), (x, y)]]
    features = [
        draw.feature("Polygon", bow_tie, building="yes"),
        draw.feature("Polygon", draw.square(3, 0, size=1e-6), building="yes"),
        draw.feature("Polygon", draw.square(5, 0), building="yes"),
        draw.feature(None, None, building="yes"),
        draw.feature("Polygon", draw.square(10_000, 0), building="yes"),
    ]
    content = read_osm(write(features), CITY_BOX)
    group = content.report.group("buildings")
    assert (group.read, group.empty, group.repaired, group.dropped, group.outside) == (5, 1, 1, 1, 1)
    assert group.kept == len(content.buildings) == 3  # the bow tie falls into two
    assert content.buildings.is_valid.all()
    assert content.buildings["building_id"].is_unique


def test_what_crosses_the_boundary_is_cut(write, draw):
    line = draw.feature("LineString", [(112.39, draw.lat), (112.42, draw.lat)], highway="primary")
    content = read_osm(write([line]), CITY_BOX)
    west = gpd.GeoSeries([shapely.Point(112.40, draw.lat)], crs="EPSG:4326").to_crs("EPSG:32749").iloc[0]
    assert content.streets.total_bounds[0] == pytest.approx(west.x, abs=1.0)


def test_other_coordinate_systems_are_understood(write, draw, tmp_path):
    frame = gpd.read_file(write(draw.block()))
    path = tmp_path / "utm.gpkg"
    frame[frame.geom_type == "Polygon"].to_crs("EPSG:3857").to_file(path, layer="gedung")
    assert len(read_osm(path, CITY_BOX).buildings) == 10


def test_swapped_coordinates_are_told_from_another_place(write, draw):
    swapped = [draw.feature("Polygon", draw.square(i, 0, swap=True), building="yes") for i in range(3)]
    error = refused(write(swapped), "import_swapped")
    assert "bujur" in error_hint(error)
    elsewhere = [draw.feature("Polygon", draw.square(20_000, 0), building="yes")]
    refused(write(elsewhere), "import_outside")


def test_metres_called_degrees_are_refused(write, draw):
    metres = [draw.feature("Point", (658266.0, 9173767.0), man_made="surveillance")]
    refused(write(metres), "import_coordinates")


def test_impossible_heights_are_all_listed(write, draw):
    features = [draw.feature("Polygon", draw.square(i, 0), building="yes", osm_id=f"g{i}") for i in range(5)]
    features[1]["properties"]["height"] = "-3"
    features[2]["properties"]["height"] = "4000"
    features[3]["properties"]["building:levels"] = "-2"
    error = refused(write(features), "import_heights")
    assert [(p.code, p.value) for p in error.problems] == [
        ("import_negative_height", "-3"), ("import_too_high_height", "4000"), ("import_negative_levels", "-2"),
    ]  # fmt: skip
    assert "g1" in problem_text(error.problems[0])
    assert "negatif" in problem_text(error.problems[0])


def test_files_that_are_no_maps(tmp_path, write):
    refused(tmp_path / "tidak-ada.geojson", "import_no_file")
    (tmp_path / "daftar.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    refused(tmp_path / "daftar.csv", "import_suffix")
    (tmp_path / "nol.geojson").write_bytes(b"")
    refused(tmp_path / "nol.geojson", "import_empty_file")
    (tmp_path / "rusak.geojson").write_text('{"type": "FeatureCollection", "features": [{"type"', encoding="utf-8")
    refused(tmp_path / "rusak.geojson", "import_unreadable")
    (tmp_path / "acak.osm.pbf").write_bytes(b"\x00\x00\x00\x0dbukan peta sama sekali")
    refused(tmp_path / "acak.osm.pbf", "import_unreadable")
    refused(write([]), "import_empty")


def test_tables_without_shapes(write, draw):
    refused(write([draw.feature(None, None, building="yes")]), "import_no_geometry")


def test_a_shapefile_without_projection_is_refused(write, draw, tmp_path):
    path = tmp_path / "tanpa.shp"
    gpd.read_file(write(draw.block()[:10]))[["building", "geometry"]].to_file(path)
    path.with_suffix(".prj").unlink()
    refused(path, "import_no_crs")


def test_nothing_known_and_nothing_inside(write, draw):
    refused(write([draw.feature("Polygon", draw.square(0, 0), natural="wood")]), "import_nothing_known")
    houses = [draw.feature("Polygon", draw.square(0, 0), building="yes")]
    small = shapely.box(112.41, -7.49, 112.42, -7.48)
    refused(write([*houses, draw.feature("Point", (112.415, -7.485), shop="yes")]), "import_nothing_inside", small)


def test_huge_files_are_refused_before_they_are_read(write, draw, monkeypatch):
    monkeypatch.setattr(osm_source, "LARGEST_BYTES", 100)
    refused(write(draw.block()), "import_too_big")


def test_large_files_are_read_in_the_box_only(write, draw, monkeypatch):
    monkeypatch.setattr(osm_source, "READ_WHOLE_BYTES", 100)
    far = draw.feature("Polygon", draw.square(20_000, 0), building="yes")
    content = read_osm(write([*draw.block(), far]), CITY_BOX)
    assert content.report.group("buildings").read == 10


def test_shuffled_rows_give_the_same_heights(write, draw):
    features = draw.block()
    first = read_osm(write(features), CITY_BOX).buildings.set_index("building_id")["height_m"]
    second = read_osm(write(features[::-1]), CITY_BOX).buildings.set_index("building_id")["height_m"]
    assert first.sort_index().to_dict() == second.sort_index().to_dict()


def test_a_file_of_another_region_is_measured_in_its_own_zone(write, draw):
    houses = [draw.feature("Polygon", draw.square(-28_000, 0), building="yes")]  # Jakarta
    content = read_osm(write(houses), None)
    assert not content.report.is_in_zone
    assert content.report.work_crs == "EPSG:32748"
    assert content.buildings.area.iloc[0] == pytest.approx((draw.step * 0.8 * 111_000) ** 2, rel=0.02)

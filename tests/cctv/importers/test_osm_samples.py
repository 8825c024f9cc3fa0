import pytest

from cctv.errors import ImportProblemsError
from cctv.importers.osm import read_osm


def test_an_extract_with_broken_multipolygons_is_read(shared):
    content = read_osm(shared / "osm_samples" / "pyrosm_test.osm.pbf", None)
    buildings = content.report.group("buildings")
    assert (buildings.read, buildings.empty) == (2219, 4)
    assert buildings.repaired + buildings.dropped == 30
    assert content.report.height_sources == {"default": 2187, "levels": 10}
    assert content.buildings.is_valid.all()
    assert len(content.streets) == 250


def test_an_empty_extract_is_said_to_be_empty(shared):
    with pytest.raises(ImportProblemsError, match="import_empty"):
        read_osm(shared / "osm_samples" / "quackosm_tiny_7a01.osm.pbf", None)


def test_dirty_levels_of_jakarta(shared):
    content = read_osm(shared / "inasafe" / "jakarta_building.gpkg", None)
    assert content.report.group("buildings").kept == 7687
    assert content.report.height_sources["levels_inexact"] == 190
    assert set(content.report.unreadable_heights) == {"0", "fix me", "Tarihuniyah"}
    assert content.buildings["height_m"].between(3, 60).all()


def test_shapefiles(shared):
    buildings = read_osm(shared / "inasafe" / "buildings.shp", None).buildings
    assert len(buildings) == 181
    roads = read_osm(shared / "inasafe" / "roads.shp", None).streets
    assert len(roads) == 180  # the five bus lanes are no roads for people


def test_areas_without_any_tag_are_nothing_we_know(shared):
    with pytest.raises(ImportProblemsError, match="import_nothing_known"):
        read_osm(shared / "kelurahan_hdx_tol0.geojson", None)

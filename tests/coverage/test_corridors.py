"""Street length: cut at borders without loss, measured exactly inside areas that overlap."""

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import LineString, box

from coverage.corridors import corridors_from_streets
from coverage.crs import PROJECTED_CRS
from coverage.errors import CrsError


@pytest.fixture
def streets() -> gpd.GeoDataFrame:
    lines = [LineString([(-10, 5), (30, 5)]), LineString([(10, 0), (10, 20)])]  # the second runs along the border
    return gpd.GeoDataFrame(
        {"street_id": ["s", "t"], "road_class": ["local", "lane"]}, geometry=lines, crs=PROJECTED_CRS
    )


@pytest.fixture
def districts() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"kelurahan": ["B", "A"]}, geometry=[box(10, 0, 20, 20), box(0, 0, 10, 20)], crs=PROJECTED_CRS
    )


def test_pieces_keep_the_whole_length(streets, districts):
    pieces = corridors_from_streets(streets, districts)
    assert pieces.length_m.sum() == pytest.approx(60)
    by_district = {name: pieces.length_m[pieces.district == name].sum() for name in ("A", "B", "")}
    assert by_district == {"A": pytest.approx(30), "B": pytest.approx(10), "": pytest.approx(20)}


def test_length_inside_overlapping_areas_is_counted_once(streets):
    pieces = corridors_from_streets(streets)
    areas = np.array([box(-5, 0, 12, 10), box(8, 0, 15, 10)], dtype=object)
    assert pieces.seen_length_m(areas).tolist() == pytest.approx([20, 10])


def test_no_area_sees_nothing(streets):
    assert corridors_from_streets(streets).seen_length_m(np.empty(0, object)).tolist() == [0, 0]


def test_another_crs_is_refused(streets, districts):
    with pytest.raises(CrsError):
        corridors_from_streets(streets.to_crs(4326))
    with pytest.raises(CrsError):
        corridors_from_streets(streets, districts.to_crs(4326))

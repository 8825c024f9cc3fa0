import geopandas as gpd
import pytest
from shapely.geometry import Point

from coverage.crs import PROJECTED_CRS, require_crs
from coverage.errors import CrsError


@pytest.mark.parametrize("make", [gpd.GeoSeries, lambda g, crs: gpd.GeoDataFrame(geometry=g, crs=crs)])
def test_metres_of_the_city_pass(make):
    require_crs(make([Point(670_000, 9_173_000)], crs=PROJECTED_CRS))


def test_degrees_are_refused_by_name():
    layer = gpd.GeoSeries([Point(112.4, -7.5)], crs="EPSG:4326")
    with pytest.raises(CrsError, match="roads is in EPSG:4326, expected EPSG:32749") as caught:
        require_crs(layer, name="roads")
    assert caught.value.code == "crs_wrong"
    assert caught.value.params == {"layer": "roads", "crs": "EPSG:4326"}


def test_no_crs_is_refused():
    with pytest.raises(CrsError, match="crs_missing"):
        require_crs(gpd.GeoSeries([Point(0, 0)]))


def test_the_error_is_also_a_value_error():
    with pytest.raises(ValueError, match="crs_missing"):
        require_crs(gpd.GeoSeries([Point(0, 0)]))

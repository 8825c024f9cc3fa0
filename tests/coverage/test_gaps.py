"""Gaps: what is unseen and nothing else, ranked, named, the same for any order of input."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, box

from coverage.crs import PROJECTED_CRS
from coverage.demand import demand_from_spaces
from coverage.errors import InvalidDemandError
from coverage.gaps import BLOCK_M, gap_polygons
from coverage.grid import Grid

GRID = Grid(0.0, 0.0, 2.0, 200, 200)
STREETS = gpd.GeoDataFrame(
    {"street_id": ["s", "t"], "name": ["Jl. Contoh", ""], "road_class": ["local", "lane"]},
    geometry=[LineString([(0, 10), (100, 10)]), LineString([(0, 310), (100, 310)])],
    crs=PROJECTED_CRS,
)


@pytest.fixture
def demand():
    frame = gpd.GeoDataFrame(
        {"space_id": ["market", "street"], "space_class": ["market", "street"]},
        geometry=[box(200, 200, 220, 220), box(0, 0, 100, 20)],
        crs=PROJECTED_CRS,
    )
    return demand_from_spaces(frame, GRID, {"market": 9, "street": 1})


def gaps(demand, seen, **more):
    return gap_polygons(demand, seen, space_names={"market": "Pasar Contoh"}, streets=STREETS, **more)


def test_gaps_are_what_nobody_sees(demand):
    seen = np.isin(demand.cell, GRID.cells_in(box(0, 0, 50, 20)))
    found = gaps(demand, seen)
    assert found["name"].tolist() == ["Pasar Contoh", "Jl. Contoh"]
    assert found["area_m2"].tolist() == [400, 1000]
    assert found["weight"].tolist() == [900, 250]
    assert found["corridor_m"].tolist() == pytest.approx([0, 50])
    assert shapely.union_all(found.geometry).symmetric_difference(
        box(200, 200, 220, 220).union(box(50, 0, 100, 20))
    ).area == pytest.approx(0)


def test_all_seen_leaves_no_gap(demand):
    assert gaps(demand, np.ones(len(demand), bool)).empty


def test_small_gaps_are_left_out(demand):
    seen = ~np.isin(demand.cell, GRID.cells_in(box(0, 0, 6, 6)))
    assert gaps(demand, seen).empty
    assert gaps(demand, seen, min_area_m2=36)["area_m2"].tolist() == [36]


def test_most_keeps_the_weightiest(demand):
    assert gaps(demand, np.zeros(len(demand), bool), most=1)["space_class"].tolist() == ["market"]


def test_a_long_street_is_cut_into_places():
    frame = gpd.GeoDataFrame(
        {"space_id": ["street"], "space_class": ["street"]}, geometry=[box(0, 0, 400, 20)], crs=PROJECTED_CRS
    )
    demand = demand_from_spaces(frame, GRID, {"street": 1})
    found = gaps(demand, np.zeros(len(demand), bool))
    assert found["area_m2"].sum() == 400 * 20
    width = found.bounds["maxx"] - found.bounds["minx"]
    assert width.max() <= BLOCK_M


def test_touching_at_a_corner_only_is_two_gaps(demand):
    corners = np.concatenate([GRID.cells_in(box(0, 0, 10, 10)), GRID.cells_in(box(10, 10, 20, 20))])
    assert len(gaps(demand, ~np.isin(demand.cell, corners))) == 2


def test_a_mask_of_another_length_is_refused(demand):
    with pytest.raises(InvalidDemandError):
        gaps(demand, np.zeros(3, bool))

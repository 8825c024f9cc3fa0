"""Shares against closed forms, random points and recomputation without a camera."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from scipy.sparse import csr_array
from shapely.geometry import LineString, Point, box

from coverage.corridors import corridors_from_streets
from coverage.crs import PROJECTED_CRS
from coverage.demand import Demand, demand_from_spaces
from coverage.errors import InvalidDemandError
from coverage.grid import Grid
from coverage.shares import coverage_state

GRID = Grid(0.0, 0.0, 2.0, 100, 100)


@pytest.fixture
def demand() -> Demand:
    frame = gpd.GeoDataFrame(
        {"space_id": ["a", "b"], "space_class": ["street", "market"]},
        geometry=[box(0, 0, 100, 20), box(0, 100, 50, 150)],
        crs=PROJECTED_CRS,
    )
    return demand_from_spaces(frame, GRID, {"street": 1, "market": 4})


@pytest.fixture
def streets() -> gpd.GeoDataFrame:
    lines = [LineString([(0, 10), (100, 10)]), LineString([(25, 100), (25, 150)])]
    return gpd.GeoDataFrame(
        {"street_id": ["s", "t"], "road_class": ["primary", "lane"]}, geometry=lines, crs=PROJECTED_CRS
    )


def covers(*areas) -> csr_array:
    dense = np.zeros((len(areas), GRID.n_cells), bool)
    for row, area in enumerate(areas):
        dense[row, GRID.cells_in(area)] = True
    return csr_array(dense)


def test_half_of_the_street_and_nothing_else(demand, streets):
    areas = np.array([box(0, 0, 50, 20)], dtype=object)
    state = coverage_state(demand, covers(*areas), corridors=corridors_from_streets(streets), certain_areas=areas)
    assert state.area_m2 == 2000 + 2500
    assert state.covered_area_share.value == pytest.approx(1000 / 4500)
    assert state.covered_demand_share.value == pytest.approx(1000 / (2000 + 4 * 2500))
    assert state.covered_corridor_share is not None
    assert state.covered_corridor_share.value == pytest.approx(50 / 150)
    table = state.by_class.set_index("space_class")
    assert table.loc["street", "area_share"] == pytest.approx(0.5)
    assert table.loc["market", "area_share"] == 0
    assert table.loc["street/primary", "corridor_share"] == pytest.approx(0.5)


def test_an_uncertain_camera_only_widens_the_interval(demand):
    state = coverage_state(demand, covers(box(0, 0, 50, 20)), possible=covers(box(40, 0, 80, 20)))
    share = state.covered_area_share
    assert share.value == share.low == pytest.approx(1000 / 4500)
    assert share.high == pytest.approx(1600 / 4500)
    assert (state.cameras_certain, state.cameras_uncertain) == (1, 1)


def test_seen_twice_and_three_times(demand):
    state = coverage_state(demand, covers(box(0, 0, 60, 20), box(20, 0, 80, 20), box(40, 0, 100, 20)))
    assert state.k_coverage[1].value == pytest.approx(2000 / 4500)
    assert state.k_coverage[2].value == pytest.approx(1200 / 4500)
    assert state.k_coverage[3].value == pytest.approx(400 / 4500)


def test_a_cell_named_twice_by_one_camera_counts_once(demand):
    cells = GRID.cells_in(box(0, 0, 50, 20))
    twice = csr_array((np.ones(2 * len(cells), bool), np.tile(cells, 2), [0, 2 * len(cells)]), (1, GRID.n_cells))
    assert coverage_state(demand, twice).k_coverage[2].value == 0


def test_shares_agree_with_random_points(demand):
    rng = np.random.default_rng(7)
    areas = [Point(*rng.uniform(0, 150, 2)).buffer(rng.uniform(10, 40)) for _ in range(25)]
    state = coverage_state(demand, covers(*areas))
    xy = np.concatenate([rng.uniform((0, 0), (100, 20), (40_000, 2)), rng.uniform((0, 100), (50, 150), (50_000, 2))])
    union = shapely.union_all(areas)
    shapely.prepare(union)
    estimate = shapely.contains_xy(union, *xy.T).mean()
    # the grid counts 1,125 cells; their centres and the points differ along the edges only
    assert state.covered_area_share.value == pytest.approx(estimate, abs=0.02)


def test_losing_a_camera_equals_recomputation(demand):
    areas = [box(0, 0, 60, 20), box(20, 0, 80, 20), box(0, 100, 30, 150)]
    seen_by = covers(*areas)[:, demand.cell].toarray()
    state = coverage_state(demand, covers(*areas))
    for lost in range(3):
        rest = coverage_state(demand, covers(*areas[:lost], *areas[lost + 1 :]))
        alone = (state.n_certain == 1) & seen_by[lost]
        assert rest.covered_area_share.value == pytest.approx(
            state.covered_area_share.value - alone.sum() / len(demand)
        )


def test_a_district_without_public_space_has_no_share():
    districts = gpd.GeoDataFrame(
        {"kelurahan": ["A", "B"]}, geometry=[box(0, 0, 100, 100), box(100, 0, 200, 100)], crs=PROJECTED_CRS
    )
    frame = gpd.GeoDataFrame(
        {"space_id": ["a"], "space_class": ["park"]}, geometry=[box(0, 0, 20, 20)], crs=PROJECTED_CRS
    )
    state = coverage_state(demand_from_spaces(frame, GRID, districts=districts), covers(box(0, 0, 20, 20)))
    table = state.by_district.set_index("district")
    assert list(table.index) == ["A", "B"]
    assert table.loc["A", "area_share"] == 1
    assert np.isnan(table.loc["B", "area_share"])


def test_what_does_not_fit_is_refused(demand, streets):
    wrong = csr_array((1, 7), dtype=bool)
    with pytest.raises(InvalidDemandError) as caught:
        coverage_state(demand, wrong, corridors=corridors_from_streets(streets))
    assert {problem.code for problem in caught.value.problems} == {"covers_not_on_grid", "areas_do_not_match"}


def test_no_public_space_is_refused():
    frame = gpd.GeoDataFrame({"space_id": [], "space_class": []}, geometry=[], crs=PROJECTED_CRS)
    with pytest.raises(InvalidDemandError) as caught:
        coverage_state(demand_from_spaces(frame, GRID), csr_array((0, GRID.n_cells), dtype=bool))
    assert caught.value.problems[0].code == "no_public_space"


def test_zero_weights_give_no_share_of_demand_and_no_error():
    frame = gpd.GeoDataFrame(
        {"space_id": ["a"], "space_class": ["park"]}, geometry=[box(0, 0, 20, 20)], crs=PROJECTED_CRS
    )
    state = coverage_state(demand_from_spaces(frame, GRID, {"park": 0}), covers(box(0, 0, 20, 20)))
    assert state.covered_area_share.value == 1
    assert state.covered_demand_share.value == 0

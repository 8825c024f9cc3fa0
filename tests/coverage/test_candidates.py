"""Candidate sites: never inside a building, never crowded, every direction, every Rupiah of the cost explained."""

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import LineString, Point, box

from coverage.candidates import COST_PARTS, CameraModel, candidate_sites, candidates_at
from coverage.crs import PROJECTED_CRS
from coverage.errors import CrsError, InvalidDemandError
from coverage.obstacles import Obstacles

MODELS = (
    CameraModel("fixed", 86, 55, 36, 6, 20),
    CameraModel("dome", 360, float("nan"), 20, 6, float("nan")),
)
PRICES = {
    "camera_fixed": 1, "camera_dome": 2, "pole_existing": 10, "panel": 100, "fibre_m": 1_000, "pln": 10_000,
    "installation": 100_000, "licence": 1_000_000, "sign": 10_000_000,
}  # fmt: skip
STREETS = gpd.GeoDataFrame(
    {"street_id": ["east", "north"], "name": ["Jl. Timur", ""], "road_class": ["primary", "lane"]},
    geometry=[LineString([(0, 0), (400, 0)]), LineString([(200, 0), (200, 400)])],
    crs=PROJECTED_CRS,
)
JUNCTIONS = gpd.GeoDataFrame({"space_id": ["j"]}, geometry=[box(195, -5, 205, 5)], crs=PROJECTED_CRS)


@pytest.fixture
def poles() -> gpd.GeoDataFrame:
    east = [("east", Point(x, 3)) for x in range(0, 401, 40)]
    north = [("north", Point(203, y)) for y in range(40, 401, 40)]
    rows = [*east, *north]
    return gpd.GeoDataFrame(
        {"pole_id": [f"P{i:02}" for i in range(len(rows))], "street_id": [street for street, _ in rows]},
        geometry=[point for _, point in rows],
        crs=PROJECTED_CRS,
    )


def sites(poles, *, buildings=(), spacing_m=60.0, most=100):
    obstacles = Obstacles.from_arrays(list(buildings), np.full(len(buildings), 6.0))
    return candidate_sites(poles, JUNCTIONS, STREETS, obstacles, spacing_m=spacing_m, most=most)


def test_sites_keep_their_distance(poles):
    found = sites(poles)
    xy = np.column_stack([found.geometry.x, found.geometry.y])
    apart = np.hypot(*(xy[:, None] - xy).transpose(2, 0, 1))
    assert apart[~np.eye(len(xy), dtype=bool)].min() >= 60


def test_the_junction_on_the_main_street_comes_first(poles):
    found = sites(poles, most=1)
    assert found.geometry.iloc[0].distance(JUNCTIONS.geometry.iloc[0]) == 0
    assert found["street"].tolist() == ["Jl. Timur"]


def test_a_pole_inside_a_building_is_no_site(poles):
    found = sites(poles, buildings=[box(150, -20, 250, 20)])
    assert not found.intersects(box(150, -20, 250, 20)).any()


def test_directions_follow_the_street(poles):
    found = sites(poles).set_index("street")
    assert set(found.loc["Jl. Timur", "azimuth_deg"]) == {90.0}
    assert set(found.loc["", "azimuth_deg"]) == {0.0}


def test_four_directions_and_one_all_round_at_every_site(poles):
    found = sites(poles)
    cameras = candidates_at(found, MODELS, PRICES, np.empty((0, 2)))
    assert len(cameras) == 5 * len(found)
    east = cameras.pole_id == found.loc[found["street"] == "Jl. Timur", "pole_id"].iloc[0]
    assert sorted(cameras.azimuth_deg[east & (cameras.model == "fixed")]) == [0, 90, 180, 270]
    assert np.isnan(cameras.azimuth_deg[cameras.model == "dome"]).all()
    assert len(cameras.observers(MODELS)) == len(cameras)


def test_the_cost_is_the_sum_of_its_parts(poles):
    cameras = candidates_at(sites(poles, most=1), MODELS, PRICES, np.array([[200.0, 103.0]]))
    assert cameras.fibre_m.tolist() == [100] * 5
    assert cameras.cost_idr.tolist() == [11_210_111] * 4 + [11_210_112]
    assert cameras.cost_parts_idr.shape == (5, len(COST_PARTS))
    assert cameras.cost_parts_idr[0, COST_PARTS.index("fibre")] == 100_000


def test_part_of_a_metre_of_cable_is_paid_whole(poles):
    cameras = candidates_at(sites(poles, most=1), MODELS, PRICES, np.array([[200.5, 3.0]]))
    assert cameras.cost_parts_idr[0, COST_PARTS.index("fibre")] == 1_000


def test_all_prices_that_are_missing_are_named(poles):
    with pytest.raises(InvalidDemandError) as caught:
        candidates_at(sites(poles), MODELS, {"pole_existing": 1, "panel": 1}, np.empty((0, 2)))
    assert [problem.value for problem in caught.value.problems] == sorted(set(PRICES) - {"pole_existing", "panel"})


def test_another_crs_is_refused(poles):
    with pytest.raises(CrsError):
        sites(poles.to_crs(4326))

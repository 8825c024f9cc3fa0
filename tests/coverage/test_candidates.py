"""Candidates: sites never in a building or crowded, from every source; best directions; every Rupiah explained."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from shapely.geometry import LineString, Point, box

from coverage.best_azimuths import best_azimuths
from coverage.candidate_sites import candidate_sites, corner_spots, spots, street_edge_spots
from coverage.candidates import COST_PARTS, CameraModel, candidates_at
from coverage.crs import PROJECTED_CRS
from coverage.errors import CrsError, InvalidDemandError
from coverage.obstacles import Obstacles

MODELS = (
    CameraModel("fixed", 86, 55, 36, 6, 20),
    CameraModel("dome", 360, float("nan"), 20, 6, float("nan")),
)
PRICES = {
    "camera_fixed": 1, "camera_dome": 2, "pole_existing": 10, "pole_7m": 70, "panel": 100, "fibre_m": 1_000,
    "pln": 10_000, "installation": 100_000, "licence": 1_000_000, "sign": 10_000_000,
}  # fmt: skip
STREETS = gpd.GeoDataFrame(
    {
        "street_id": ["east", "north"],
        "name": ["Jl. Timur", ""],
        "road_class": ["primary", "lane"],
        "width_m": [10.0, 4.0],
    },
    geometry=[LineString([(0, 0), (400, 0)]), LineString([(200, 0), (200, 400)])],
    crs=PROJECTED_CRS,
)
JUNCTIONS = gpd.GeoDataFrame({"space_id": ["j"]}, geometry=[box(195, -5, 205, 5)], crs=PROJECTED_CRS)


AZIMUTHS = (90.0, 0.0, np.nan)


@pytest.fixture
def poles() -> gpd.GeoDataFrame:
    points = [Point(x, 3) for x in range(0, 401, 40)] + [Point(203, y) for y in range(40, 401, 40)]
    return spots("pole", [f"P{i:02}" for i in range(len(points))], np.array(points, dtype=object))


def sites(places, *, buildings=(), spacing_m=60.0, most=100):
    obstacles = Obstacles.from_arrays(list(buildings), np.full(len(buildings), 6.0))
    return candidate_sites(places, JUNCTIONS, STREETS, obstacles, spacing_m=spacing_m, most=most)


def cameras_at(found, prices=PRICES, network=((200.0, 103.0),)):
    return candidates_at(found, np.tile(AZIMUTHS, (len(found), 1)), MODELS, prices, np.array(network).reshape(-1, 2))


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


def test_the_order_of_places_changes_nothing(poles):
    again = sites(poles.iloc[np.random.default_rng(1).permutation(len(poles))])
    assert again["pole_id"].tolist() == sites(poles)["pole_id"].tolist()


def test_a_limit_thins_the_whole_street_out():
    points = [Point(x, 3) for x in range(0, 4_001, 20)]
    street = gpd.GeoDataFrame(
        {"street_id": ["e"], "name": [""], "road_class": ["local"]}, geometry=[LineString([(0, 0), (4_000, 0)])],
        crs=PROJECTED_CRS,
    )  # fmt: skip
    places = spots("pole", [f"P{i:03}" for i in range(len(points))], np.array(points, dtype=object))
    found = candidate_sites(places, JUNCTIONS.iloc[:0], street, Obstacles.from_arrays([], []), spacing_m=20, most=50)
    assert np.histogram(found.geometry.x, bins=4, range=(0, 4_000))[0].min() >= 5


def test_what_stands_comes_before_what_must_be_built_and_a_person_before_both(poles):
    edge = spots("street", ["S-1"], np.array([Point(203, 81)], dtype=object))
    by_hand = spots("hand", ["H-1"], np.array([Point(203, 82)], dtype=object))
    both = gpd.GeoDataFrame(pd.concat([poles, edge], ignore_index=True), crs=PROJECTED_CRS)
    assert "S-1" not in sites(both)["pole_id"].tolist()
    every = gpd.GeoDataFrame(pd.concat([both, by_hand], ignore_index=True), crs=PROJECTED_CRS)
    assert "H-1" in sites(every)["pole_id"].tolist()


def test_a_place_far_from_all_streets_counts_only_if_a_person_put_it_there():
    far = np.array([Point(-500, 900)], dtype=object)
    assert len(sites(spots("agency", ["A-1"], far))) == 0
    assert len(sites(spots("hand", ["H-1"], far))) == 1


def test_street_edges_are_a_metre_beyond_the_street_on_alternating_sides():
    found = street_edge_spots(STREETS, 100.0)
    east = found[found["pole_id"].str.startswith("S-east")]
    assert [(round(p.x, 6), round(p.y, 6)) for p in east.geometry] == [(50, -6), (150, 6), (250, -6), (350, 6)]
    assert found["pole_id"].is_unique


def test_an_area_gets_a_place_on_its_edge_towards_the_street():
    office = gpd.GeoDataFrame({"space_id": ["o"]}, geometry=[box(50, 20, 90, 60)], crs=PROJECTED_CRS)
    [place] = corner_spots("agency", office, STREETS).itertuples()
    assert (place.pole_id, place.geometry.y) == ("A-o", 20)
    assert len(corner_spots("agency", office.iloc[:0], STREETS)) == 0


def test_every_direction_that_is_one_and_one_all_round_at_every_site(poles):
    found = sites(poles)
    cameras = cameras_at(found)
    assert len(cameras) == 3 * len(found)
    for pole_id in found["pole_id"]:
        own = cameras.pole_id == pole_id
        assert cameras.azimuth_deg[own & (cameras.model == "fixed")].tolist() == [90, 0]
    assert np.isnan(cameras.azimuth_deg[cameras.model == "dome"]).all()
    assert len(cameras.observers(MODELS)) == len(cameras)


def test_the_cost_is_the_sum_of_its_parts(poles):
    cameras = cameras_at(sites(poles, most=1))
    assert cameras.fibre_m.tolist() == [100] * 3
    assert cameras.cost_idr.tolist() == [11_210_111] * 2 + [11_210_112]
    assert cameras.cost_parts_idr.shape == (3, len(COST_PARTS))
    assert cameras.cost_parts_idr[0, COST_PARTS.index("fibre")] == 100_000


def test_where_nothing_stands_a_pole_is_built():
    cameras = cameras_at(sites(spots("street", ["S-1"], np.array([Point(200, 3)], dtype=object))))
    assert set(cameras.cost_parts_idr[:, COST_PARTS.index("pole")]) == {0}
    assert set(cameras.cost_parts_idr[:, COST_PARTS.index("pole_new")]) == {70}
    assert set(cameras.source) == {"street"}


def test_part_of_a_metre_of_cable_is_paid_whole(poles):
    cameras = cameras_at(sites(poles, most=1), network=((200.5, 3.0),))
    assert cameras.cost_parts_idr[0, COST_PARTS.index("fibre")] == 1_000
    assert cameras_at(sites(poles, most=1), network=()).fibre_m.tolist() == [0] * 3


def test_all_prices_that_are_missing_are_named(poles):
    with pytest.raises(InvalidDemandError) as caught:
        cameras_at(sites(poles), prices={"pole_existing": 1, "panel": 1})
    assert [problem.value for problem in caught.value.problems] == sorted(set(PRICES) - {"pole_existing", "panel"})


def test_another_crs_is_refused(poles):
    for call in (lambda: sites(poles.to_crs(4326)), lambda: street_edge_spots(STREETS.to_crs(4326), 30.0)):
        with pytest.raises(CrsError):
            call()


def directions(cells, weight, *, hfov_deg=90.0, most=4):
    seen = csr_array(np.ones((1, len(cells)), bool))
    zero = np.zeros(1)
    return best_azimuths(zero, zero, seen, np.array(cells, float), np.array(weight), hfov_deg=hfov_deg, most=most)[0]


def test_the_best_sector_comes_first_and_empty_ones_are_left_out():
    found = directions([(10, 1), (12, -1), (0, 10), (-10, 0)], [5, 5, 3, 0])
    assert abs(found[0] - 90) <= 45
    assert min(found[1], 360 - found[1]) <= 45
    assert np.isnan(found[2:]).all()
    assert np.isnan(directions([(1, 1)], [0])).all()


@given(st.lists(st.tuples(st.floats(1, 30), st.floats(0, 359.9), st.integers(0, 9)), min_size=1, max_size=25))
@settings(max_examples=80, deadline=None)
def test_no_direction_shows_more_than_the_first(cells):
    distance, bearing, weight = (np.array(part) for part in zip(*cells, strict=True))
    bearing = (bearing // 5) * 5 + 2.5  # in the middle of a bin, so that no rounding decides
    places = np.column_stack([distance * np.sin(np.radians(bearing)), distance * np.cos(np.radians(bearing))])
    left = weight.copy()
    for azimuth in directions(places, weight, hfov_deg=80.0):
        tried = [_held(left, bearing, turn) for turn in range(0, 360, 5)]
        if np.isnan(azimuth):
            assert max(tried) == 0
            break
        assert _held(left, bearing, azimuth) == max(tried)
        left = np.where(np.abs((bearing - azimuth + 180) % 360 - 180) < 40, 0, left)


def _held(weight, bearing, azimuth):
    return weight[np.abs((bearing - azimuth + 180) % 360 - 180) < 40].sum()

"""Worlds whose true directions and positions are hidden: the true shares lie in the intervals."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, box

from coverage.conditions import ANY, Conditions
from coverage.corridors import corridors_from_streets
from coverage.crs import PROJECTED_CRS
from coverage.demand import demand_from_spaces
from coverage.grid import Grid
from coverage.most_seen import Nearby
from coverage.observers import Observers
from coverage.obstacles import Obstacles
from coverage.public_space import PublicSpace
from coverage.shares import measure
from coverage.sightings import Knowledge, see
from tests.conftest import ORIGIN

X0, Y0 = ORIGIN
CAMERAS = 6
NIGHT_AND_LEVEL = Conditions("overview", is_night=True)
EPSILON = 1e-4  # ranges are drawn with chords within 1 cm of the circle, which turn with the camera


@pytest.fixture(scope="module")
def public() -> PublicSpace:
    """Four streets, a market and a park, 300 m square."""
    shapes = {
        ("s1", "street"): box(-150, -6, 150, 6), ("s2", "street"): box(-6, -150, 6, 150),
        ("s3", "street"): box(-150, 58, 150, 64), ("s4", "street"): box(60, -150, 66, 150),
        ("m1", "market"): box(20, 15, 50, 45), ("p1", "park"): box(-80, -90, -30, -40),
    }  # fmt: skip
    lines = [[(-150, 0), (150, 0)], [(0, -150), (0, 150)], [(-150, 61), (150, 61)], [(63, -150), (63, 150)]]
    placed = shapely.transform(list(shapes.values()), lambda xy: xy + ORIGIN)
    spaces = gpd.GeoDataFrame(
        {"space_id": [k for k, _ in shapes], "space_class": [c for _, c in shapes]}, geometry=placed, crs=PROJECTED_CRS
    )
    streets = gpd.GeoDataFrame(
        {"street_id": list("abcd"), "name": list("abcd"), "road_class": ["primary", "local"] * 2},
        geometry=shapely.transform([LineString(line) for line in lines], lambda xy: xy + ORIGIN), crs=PROJECTED_CRS,
    )  # fmt: skip
    districts = gpd.GeoDataFrame(
        {"kelurahan": ["Barat", "Timur"]}, crs=PROJECTED_CRS,
        geometry=shapely.transform([box(-151, -151, 0, 151), box(0, -151, 151, 151)], lambda xy: xy + ORIGIN),
    )  # fmt: skip
    demand = demand_from_spaces(spaces, Grid(X0 - 160, Y0 - 160, 2.0, 160, 160), districts=districts)
    return PublicSpace(demand, corridors_from_streets(streets, districts), {"Barat": "Kota", "Timur": "Kota"}, {})


def hidden_world(seed: int) -> tuple[Observers, Knowledge, Observers]:
    """Draw what is said of the cameras, how well that is known, and how they truly are."""
    rng = np.random.default_rng(seed)
    n = CAMERAS
    slack = rng.choice([0.0, 20.0, 45.0, 180.0], n)
    error = rng.choice([0.0, 0.0, 15.0, 60.0], n)
    x, y = X0 + rng.uniform(-100, 100, n), Y0 + rng.uniform(-100, 100, n)
    azimuth, hfov = rng.uniform(0, 360, n), rng.choice([60.0, 86.0, 120.0, 360.0], n)
    tilted = (rng.random(n) < 0.3) & (hfov < 180)
    tilt, vfov = np.where(tilted, 15.0, np.nan), np.where(tilted, 50.0, np.nan)
    rest = (np.full(n, 6.0), hfov, rng.uniform(30, 90, n), tilt, vfov)
    off, away, turn = error * np.sqrt(rng.random(n)), rng.uniform(0, 2 * np.pi, n), rng.uniform(-1, 1, n) * slack
    said = Observers(x, y, rest[0], azimuth, *rest[1:])
    true = Observers(x + off * np.sin(away), y + off * np.cos(away), rest[0], (azimuth + turn) % 360, *rest[1:])
    infrared = rng.choice([np.nan, 0.0, 25.0, 60.0], n)
    return said, Knowledge(slack, error, np.ones(n, bool), rng.choice([np.nan, 1920.0], n), infrared), true


def told(knowledge: Knowledge, seed: int) -> Knowledge:
    """Fill in what was not known: pictures and lights have some true value."""
    rng = np.random.default_rng(seed)
    n = len(knowledge.resolution_px)
    exact, light = Knowledge.exact(n), knowledge.infrared_range_m
    width = np.where(np.isnan(knowledge.resolution_px), rng.choice([1280.0, 2688.0], n), knowledge.resolution_px)
    light = np.where(np.isnan(light), rng.choice([0.0, 40.0], n), light)
    return Knowledge(exact.azimuth_slack_deg, exact.position_error_m, exact.is_lens_known, width, light)


def shares_of(state):
    yield from (state.covered_area_share, state.covered_corridor_share, state.covered_demand_share)
    yield from state.k_coverage.values()


def is_inside(state, truth) -> bool:
    inside = all(s.low - EPSILON <= t.value <= s.high + EPSILON for s, t in zip(shares_of(state), shares_of(truth)))  # noqa: B905
    for name, table in state.by.items():
        true = truth.by[name]
        for measure_name in ("area", "demand", "corridor"):
            if f"{measure_name}_low" in table and len(table):
                value = true[f"{measure_name}_share"]
                low, high = table[f"{measure_name}_low"] - EPSILON, table[f"{measure_name}_high"] + EPSILON
                inside = inside and bool(((low <= value) & (value <= high) | value.isna()).all())
    return inside


@pytest.mark.parametrize(("conditions", "worlds"), [(ANY, 200), (NIGHT_AND_LEVEL, 60)], ids=["any", "night-and-level"])
def test_the_true_shares_lie_in_the_intervals(public, random_city, conditions, worlds):
    hits, widths = 0, []
    for seed in range(worlds):
        city: Obstacles = random_city(25, seed)
        said, knowledge, true = hidden_world(seed)
        if conditions is not ANY:  # the true picture of an all-round camera has no level
            said, knowledge, true = (rows.take(np.flatnonzero(said.hfov_deg < 180)) for rows in (said, knowledge, true))
        nearby = Nearby(public)
        state = measure(public, see(city, said, knowledge, nearby), conditions=conditions)
        truth = measure(public, see(city, true, told(knowledge, seed), nearby), conditions=conditions)
        hits += is_inside(state, truth)
        widths.append(state.covered_area_share.high - state.covered_area_share.low)
    assert hits >= 0.99 * worlds
    assert np.mean(widths) < 0.8  # an interval that says nothing would be honest as well

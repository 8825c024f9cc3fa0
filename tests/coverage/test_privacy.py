"""Private ground and house walls in view: drawn by hand, counted point by point, and every smaller turn tried."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon, box

from coverage.errors import InvalidObserverError
from coverage.observers import Observers
from coverage.obstacles import Obstacles
from coverage.privacy import PrivatePlaces, exposure, halving_turn, zones_at_level
from coverage.viewshed import line_of_sight, visible_polygons

X, Y = 670_000.0, 9_173_000.0
ORIGIN = np.array([X, Y])
NOTHING = np.empty(0, dtype=object)


def placed(*shapes) -> np.ndarray:
    return np.asarray(shapely.transform(np.array(shapes, dtype=object), lambda xy: xy + ORIGIN), dtype=object)


def camera(azimuth: float, hfov: float = 90.0, reach: float = 60.0, x: float = 0.0, y: float = 0.0) -> Observers:
    return Observers([X + x], [Y + y], [6.0], [azimuth], [hfov], [reach])


@pytest.fixture(scope="module")
def one_house():
    houses = placed(box(-5, 20, 5, 30))
    return Obstacles.from_arrays(list(houses), [4.0]), PrivatePlaces.around(houses, NOTHING)


def test_one_house_ahead_shows_its_front_wall_and_the_yard_outside_its_shadow(one_house):
    obstacles, places = one_house
    found = exposure(visible_polygons(obstacles, camera(0.0)), places)
    yard = box(-5, 20, 5, 30).buffer(3.0, quad_segs=2)
    hidden = Polygon([(-5, 20), (5, 20), (10, 40), (-10, 40)])  # behind the front wall; the roof hides beyond 60 m
    assert found.facade_m[0] == pytest.approx(10.0, abs=0.12)
    assert found.ground_m2[0] == pytest.approx(yard.difference(hidden).area, abs=0.05)


def test_a_camera_that_looks_away_sees_nothing_private(one_house):
    obstacles, places = one_house
    found = exposure(visible_polygons(obstacles, camera(180.0)), places)
    assert (found.ground_m2[0], found.facade_m[0]) == (0.0, 0.0)


def test_public_ground_before_the_house_is_not_private(one_house):
    obstacles, places = one_house
    everything = PrivatePlaces.around(places.houses, placed(box(-100, -100, 100, 100)))
    found = exposure(visible_polygons(obstacles, camera(0.0)), everything)
    assert found.ground_m2[0] == 0.0
    assert found.facade_m[0] > 9.9


def test_yards_that_overlap_and_areas_that_overlap_count_once():
    places = PrivatePlaces.around(placed(box(0, 0, 10, 10), box(12, 0, 22, 10)), NOTHING)
    whole = placed(box(-50, -50, 50, 50))
    expected = box(0, 0, 10, 10).buffer(3, quad_segs=2).union(box(12, 0, 22, 10).buffer(3, quad_segs=2)).area
    assert exposure(whole, places).ground_m2[0] == pytest.approx(expected)
    assert exposure(placed(shapely.union_all([box(-50, -50, 20, 50), box(5, -50, 50, 50)])), places).ground_m2[
        0
    ] == pytest.approx(expected)


def test_points_of_private_ground_are_in_view_as_often_as_the_area_says(random_city):
    obstacles = random_city(40, 3)
    rng = np.random.default_rng(5)
    watcher = Observers([X], [Y], [7.0], [40.0], [100.0], [80.0])
    places = PrivatePlaces.around(obstacles.polygons, placed(box(-100, -8, 100, 8)))
    found = exposure(visible_polygons(obstacles, watcher), places)
    xy = rng.uniform(-80, 80, (60_000, 2)) + ORIGIN
    ground, _ = places.near(box(X - 80, Y - 80, X + 80, Y + 80))
    inside = shapely.contains_xy(ground, xy)
    bearing = np.rad2deg(np.arctan2(xy[:, 0] - X, xy[:, 1] - Y))
    ahead = (np.abs((bearing - 40 + 180) % 360 - 180) <= 50) & (np.hypot(*(xy - ORIGIN).T) <= 80)
    asked = xy[inside & ahead]
    eyes = np.tile([X, Y, 7.0], (len(asked), 1))
    seen = line_of_sight(obstacles, eyes, np.column_stack([asked, np.full(len(asked), 1.5)])).sum()
    assert found.ground_m2[0] > 50
    assert seen * 160 * 160 / 60_000 == pytest.approx(found.ground_m2[0], rel=0.08)


def test_a_level_reaches_as_far_as_the_optics_say():
    watcher = Observers([X], [Y], [6.0], [0.0], [60.0], [100.0])
    area = visible_polygons(Obstacles.from_arrays([], []), watcher)
    zones, known = zones_at_level(area, watcher, [3840], "iec-2014", "identify")
    far = 3840 / (2 * 250 * np.tan(np.deg2rad(30)))
    assert known.all()
    assert shapely.bounds(zones)[0, 3] - Y == pytest.approx(far, abs=0.02)
    finer, _ = zones_at_level(area, watcher, [3840], "iec-2025", "validate")
    assert shapely.area(finer)[0] == pytest.approx(shapely.area(zones)[0] / 4, rel=1e-3)


def test_what_the_picture_shows_is_unknown_for_round_cameras_and_unknown_pictures():
    watchers = Observers([X, X], [Y, Y], [6.0, 6.0], [0.0, np.nan], [60.0, 360.0], [50.0, 50.0])
    areas = visible_polygons(Obstacles.from_arrays([], []), watchers)
    zones, known = zones_at_level(areas, watchers, [np.nan, 3840], "iec-2025", "validate")
    assert not known.any()
    assert shapely.is_empty(zones).all()


def test_an_unknown_level_or_scale_is_refused():
    area = visible_polygons(Obstacles.from_arrays([], []), camera(0.0))
    with pytest.raises(KeyError):
        zones_at_level(area, camera(0.0), [1920], "iec-2025", "identify")
    with pytest.raises(InvalidObserverError):
        zones_at_level(area, camera(0.0), [1920], "iec-1999", "identify")  # pyright: ignore[reportArgumentType]


@settings(max_examples=8, deadline=None)
@given(azimuth=st.integers(0, 359), x=st.integers(-60, 60), y=st.integers(-60, 60))
def test_no_smaller_turn_halves_what_is_seen(random_city_once, azimuth, x, y):
    obstacles, places = random_city_once
    watcher = camera(float(azimuth), 70.0, 50.0, float(x), float(y))
    turn = halving_turn(obstacles, watcher, 1920, places)

    def seen(degrees: float) -> float:
        turned = camera((azimuth + degrees) % 360, 70.0, 50.0, float(x), float(y))
        return float(exposure(visible_polygons(obstacles, turned), places).ground_m2[0])

    assert turn.before_m2 == pytest.approx(seen(0), abs=1e-6)
    if np.isnan(turn.turn_deg):
        assert turn.before_m2 == 0 or all(seen(d) > turn.before_m2 / 2 for d in range(-180, 181))
        return
    assert turn.after_m2 == pytest.approx(seen(turn.turn_deg), abs=1e-6)
    assert turn.after_m2 <= turn.before_m2 / 2
    smaller = range(1, int(abs(turn.turn_deg)))
    assert all(seen(sign * d) > turn.before_m2 / 2 for d in smaller for sign in (-1, 1))


@pytest.fixture(scope="module")
def random_city_once():
    rng = np.random.default_rng(11)
    corners, sizes = rng.uniform(-70, 70, (25, 2)), rng.uniform(6, 14, (25, 2))
    houses = placed(*[box(*low, *high) for low, high in zip(corners, corners + sizes, strict=True)])
    places = PrivatePlaces.around(houses, placed(box(-70, -4, 70, 4)))
    return Obstacles.from_arrays(list(houses), np.full(25, 4.5)), places


def test_a_round_camera_cannot_be_turned(one_house):
    obstacles, places = one_house
    turn = halving_turn(obstacles, Observers([X], [Y], [6.0], [np.nan], [360.0], [60.0]), 1920, places)
    assert np.isnan(turn.turn_deg)

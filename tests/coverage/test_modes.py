"""Whole bodies and heads, night ranges, presets: closed forms and what must lie in what."""

from collections.abc import Callable

import numpy as np
import pytest
import shapely
from shapely.geometry import Point, box

from coverage.errors import InvalidObserverError
from coverage.modes import at_night, visible_bodies, visible_presets
from coverage.observers import Observers
from coverage.obstacles import Obstacles
from coverage.viewshed import visible_areas_m2, visible_polygons
from tests.conftest import ORIGIN

X0, Y0 = ORIGIN
FIELD = Obstacles.from_arrays([], [])


def test_behind_a_low_wall_only_heads_are_seen():
    wall = Obstacles.from_arrays([box(X0 - 9, Y0 + 10, X0 + 9, Y0 + 10.5)], [2.0])
    [whole], [heads] = visible_bodies(wall, Observers([X0], [Y0], [6.0], [0.0], [360.0], [60.0]))
    # the wall hides the plane at 1.5 m up to (6 - 1.5) / (6 - 2) = 1.125 times 10.5 m, that at 0.5 m up to 1.375 times
    assert heads.contains(Point(X0, Y0 + 10.5 * 1.125 + 0.05))
    assert heads.contains(Point(X0, Y0 + 10.5 * 1.375 - 0.05))
    assert whole.contains(Point(X0, Y0 + 10.5 * 1.375 + 0.05))
    assert whole.intersection(heads).area < 1e-6


def test_bodies_and_heads_are_all_that_is_seen(random_city: Callable[[int, int], Obstacles]):
    obstacles = random_city(60, 8)
    rng = np.random.default_rng(8)
    many = Observers(
        X0 + rng.uniform(-80, 80, 20), Y0 + rng.uniform(-80, 80, 20), np.full(20, 6.0), rng.uniform(0, 360, 20),
        np.full(20, 100.0), np.full(20, 60.0),
    )  # fmt: skip
    whole, heads = visible_bodies(obstacles, many)
    assert shapely.area(whole) + shapely.area(heads) == pytest.approx(visible_areas_m2(obstacles, many), abs=1e-2)


def test_night_shortens_the_range_and_leaves_out_the_blind():
    day = Observers([X0] * 4, [Y0] * 4, [6.0] * 4, [0.0] * 4, [90.0] * 4, [50.0] * 4)
    rows, night = at_night(day, [30.0, np.nan, 80.0, 0.0])
    assert rows.tolist() == [0, 2]
    assert night.range_m.tolist() == [30, 50]
    assert night.hfov_deg.tolist() == [90, 90]


@pytest.mark.parametrize("wrong", [-1.0, float("inf")])
def test_an_infrared_range_that_cannot_be_is_named(wrong):
    day = Observers([X0], [Y0], [6.0], [0.0], [90.0], [50.0])
    with pytest.raises(InvalidObserverError) as caught:
        at_night(day, [wrong])
    assert caught.value.problems[0].name == "infrared_range_m"


def test_presets_join_and_lie_within_reach():
    presets = Observers([X0] * 3, [Y0] * 3, [6.0] * 3, [0.0, 60.0, 200.0], [60.0] * 3, [50.0, 50.0, 40.0])
    toured, reach = visible_presets(FIELD, presets, [0, 0, 1])
    sector = np.pi * 2500 / 6
    assert toured[0].area == pytest.approx(2 * sector, rel=1e-3)
    assert toured[1].equals(visible_polygons(FIELD, presets.take([2]))[0])
    assert reach[0].area == pytest.approx(6 * sector, rel=1e-3)
    assert shapely.area(shapely.difference(toured, reach)).max() < 1.0  # chords of another circle


def test_a_camera_without_presets_is_named():
    one = Observers([X0], [Y0], [6.0], [0.0], [60.0], [50.0])
    with pytest.raises(InvalidObserverError):
        visible_presets(FIELD, one, [1])

"""Intervals of uncertain directions: every true direction lies between certain and possible."""

from collections.abc import Callable

import numpy as np
import pytest
import shapely

from coverage.errors import InvalidObserverError
from coverage.observers import Observers
from coverage.obstacles import Obstacles
from coverage.uncertain import visible_interval
from coverage.viewshed import visible_areas_m2, visible_polygons
from tests.conftest import ORIGIN

X0, Y0 = ORIGIN


def cameras(n: int, rng: np.random.Generator) -> Observers:
    return Observers(
        X0 + rng.uniform(-80, 80, n), Y0 + rng.uniform(-80, 80, n), np.full(n, 6.0), rng.uniform(0, 360, n),
        rng.choice([60.0, 100.0, 200.0], n), rng.uniform(30, 90, n),
    )  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_true_direction_lies_between(random_city: Callable[[int, int], Obstacles], seed: int):
    rng = np.random.default_rng(seed)
    obstacles, given = random_city(50, seed), cameras(20, rng)
    slack = rng.uniform(0, 60, 20)
    certain, possible = visible_interval(obstacles, given, slack)
    for turn in (-1.0, -0.4, 0.0, 0.7, 1.0):
        true = Observers(
            given.x_m,
            given.y_m,
            given.height_m,
            (given.azimuth_deg + turn * slack) % 360,
            given.hfov_deg,
            given.range_m,
        )
        seen = visible_polygons(obstacles, true)
        # chords of another sector differ by a centimetre along the arc
        assert shapely.area(shapely.difference(certain, seen)).max() < 2.0
        assert shapely.area(shapely.difference(seen, possible)).max() < 2.0


def test_the_widths_are_those_of_the_sectors():
    field = Obstacles.from_arrays([], [])
    one = Observers([X0], [Y0], [6.0], [10.0], [80.0], [50.0])
    certain, possible = visible_interval(field, one, [30.0])
    sector = np.pi * 50**2 / 360
    assert certain[0].area == pytest.approx(20 * sector, rel=1e-3)
    assert possible[0].area == pytest.approx(140 * sector, rel=1e-3)


def test_no_slack_is_the_viewshed_and_an_unknown_direction_shows_nothing_for_certain():
    field = Obstacles.from_arrays([], [])
    two = Observers([X0, X0], [Y0, Y0], [6.0, 6.0], [10.0, 10.0], [80.0, 80.0], [50.0, 50.0])
    certain, possible = visible_interval(field, two, [0.0, 180.0])
    assert certain[0].equals(possible[0])
    assert certain[1].is_empty
    assert possible[1].area == pytest.approx(np.pi * 50**2, rel=1e-3)
    assert visible_areas_m2(field, two)[0] == pytest.approx(certain[0].area)


@pytest.mark.parametrize("slack", [-1.0, 181.0, float("nan")])
def test_a_slack_that_cannot_be_is_named(slack):
    one = Observers([X0], [Y0], [6.0], [10.0], [80.0], [50.0])
    with pytest.raises(InvalidObserverError) as caught:
        visible_interval(Obstacles.from_arrays([], []), one, [slack])
    assert caught.value.problems[0].name == "azimuth_slack_deg"

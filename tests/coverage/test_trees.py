"""Trees against closed forms and lines of sight that know the height of the lowest branches."""

from collections.abc import Callable

import numpy as np
import pytest
import shapely
from shapely.geometry import Point, box

from coverage.errors import InvalidObstacleError
from coverage.observers import Observers
from coverage.obstacles import Obstacles
from coverage.trees import trees, visible_past_trees
from coverage.viewshed import line_of_sight, visible_polygons
from tests.conftest import ORIGIN

X0, Y0 = ORIGIN
NOTHING = Obstacles.from_arrays([], [])


def camera(height=6.0) -> Observers:
    return Observers([X0], [Y0], [height], [0.0], [360.0], [60.0])


def planted(top=5.0, base=3.0, opacity=0.6):
    return trees([box(X0 - 4, Y0 + 10, X0 + 4, Y0 + 14)], [top], [base], opacity)


def test_the_ground_under_the_branches_is_clear():
    clear, dimmed = visible_past_trees(NOTHING, planted(), camera())
    # sight passes below the branches up to (6 - 1.5) / (6 - 3) = 1.5 times the front, above from 4.5 times the back
    assert clear[0].contains(Point(X0, Y0 + 14.9))
    assert dimmed[0].contains(Point(X0, Y0 + 15.1))
    assert dimmed[0].contains(Point(X0, Y0 + 59))
    low = visible_past_trees(NOTHING, planted(top=3.5, base=2.0), camera())[1][0]
    assert low.contains(Point(X0, Y0 + 14 * 1.8 - 0.1))
    assert not low.intersects(Point(X0, Y0 + 14 * 1.8 + 0.1))


def test_both_together_are_the_viewshed_without_trees():
    clear, dimmed = visible_past_trees(NOTHING, planted(), camera())
    whole = visible_polygons(NOTHING, camera())
    assert shapely.symmetric_difference(shapely.union(clear, dimmed), whole)[0].area < 1e-6
    assert shapely.intersection(clear, dimmed)[0].area < 1e-6


@pytest.mark.parametrize(("top", "base"), [(9.0, 7.0), (1.4, 0.5)])
def test_a_crown_above_the_camera_or_below_the_target_dims_nothing(top, base):
    assert visible_past_trees(NOTHING, planted(top, base), camera())[1][0].is_empty


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_crowns_agree_with_lines_of_sight(random_city: Callable[[int, int], Obstacles], seed: int):
    rng = np.random.default_rng(seed)
    places = np.array(ORIGIN) + rng.uniform(-80, 80, (25, 2))
    crowns = shapely.buffer(shapely.points(places), rng.uniform(2, 6, 25), quad_segs=4)
    base = rng.uniform(1, 5, 25)
    green = trees(crowns, base + rng.uniform(1, 6, 25), base, 0.5)
    obstacles = random_city(30, seed)
    for _ in range(12):
        x, y = np.array(ORIGIN) + rng.uniform(-70, 70, 2)
        height = float(rng.choice([4.0, 6.0, 9.0]))
        one = Observers([x], [y], [height], [0.0], [360.0], [70.0])
        [clear], _ = visible_past_trees(obstacles, green, one)
        angle, radius = rng.uniform(0, 2 * np.pi, 500), 69 * np.sqrt(rng.random(500))
        targets = np.column_stack([x + radius * np.cos(angle), y + radius * np.sin(angle), np.full(500, 1.5)])
        free = line_of_sight(obstacles.joined(green.crowns), np.tile([x, y, height], (500, 1)), targets)
        off_edge = shapely.distance(clear.boundary, shapely.points(targets[:, :2])) > 0.02
        wrong = off_edge & (free != shapely.contains_xy(clear, *targets[:, :2].T))
        assert not wrong.any()


@pytest.mark.parametrize("opacity", [0.0, 1.1, float("nan")])
def test_an_opacity_that_cannot_be_is_refused(opacity):
    with pytest.raises(InvalidObstacleError):
        planted(opacity=opacity)


def test_a_base_that_cannot_be_is_named():
    with pytest.raises(InvalidObstacleError) as caught:
        planted(base=float("nan"))
    assert caught.value.problems[0].name == "base_m"

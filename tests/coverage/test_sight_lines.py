import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import box

from coverage.errors import InvalidObserverError
from coverage.observers import Observers
from coverage.obstacles import Obstacles
from coverage.viewshed import explain_hidden, line_of_sight

ORIGIN = np.array([670_000.0, 9_173_000.0])
X0, Y0 = ORIGIN
EAST_HOUSE = (30, 40)  # the house of the tiny city stands from 30 m to 40 m east, 3 m high


@pytest.fixture
def obstacles(tiny_city: gpd.GeoDataFrame) -> Obstacles:
    return Obstacles.from_geodataframe(tiny_city)


def sees(obstacles: Obstacles, eye: tuple[float, ...], target: tuple[float, ...]) -> bool:
    offset = np.array([X0, Y0, 0.0])
    return bool(line_of_sight(obstacles, [offset + eye], [offset + target])[0])


def camera(height_m: float) -> Observers:
    return Observers([X0], [Y0], [height_m], [90.0], [80.0], [100.0])


def test_over_a_low_house(obstacles: Obstacles):
    # From 6 m to 1.5 m at 60 m, the line leaves the house at 40 m at a height of 3 m: it just touches the roof.
    assert sees(obstacles, (0, 0, 6), (60, 0, 1.5))
    assert not sees(obstacles, (0, 0, 6), (59.9, 0, 1.5))
    assert sees(obstacles, (0, 0, 6), (60.1, 0, 1.5))


def test_upwards_the_near_side_counts(obstacles: Obstacles):
    # From 1 m up to 7 m at 60 m, the line is at 4 m over the near wall; to 4 m it is at 2.5 m there.
    assert sees(obstacles, (0, 0, 1), (60, 0, 7))
    assert not sees(obstacles, (0, 0, 1), (60, 0, 4))


def test_through_a_courtyard(obstacles: Obstacles):
    assert sees(obstacles, (-4, -40, 3), (4, -40, 1))  # inside it
    assert not sees(obstacles, (0, 0, 6), (0, -40, 1.5))  # from outside
    assert sees(obstacles, (0, 0, 6), (0, -29.9, 1.5))


def test_along_the_notch_of_an_l_shape(obstacles: Obstacles):
    assert sees(obstacles, (-30, 20, 4), (-30, 5.1, 1))
    assert not sees(obstacles, (-30, 20, 4), (-30, -1, 1))


def test_upright_lines(obstacles: Obstacles):
    assert sees(obstacles, (35, 0, 9), (35, 0, 3))
    assert not sees(obstacles, (35, 0, 9), (35, 0, 2))
    assert sees(obstacles, (50, 0, 9), (50, 0, 0))


def test_a_touch_is_free(obstacles: Obstacles):
    assert sees(obstacles, (0, -10, 1), (60, 20, 1))  # over the corner (30, 5) of the house
    assert not sees(obstacles, (0, -10, 1), (60, 19, 1))
    assert sees(obstacles, (25, 0, 1), (30, 5, 1))  # ends on the corner
    assert sees(obstacles, (25, 0, 1), (30, 0, 1))  # ends on the wall


@pytest.mark.parametrize("height", [0.5, 2.0, 6.0])
def test_sight_goes_both_ways(obstacles: Obstacles, height: float):
    rng = np.random.default_rng(3)
    eyes, targets = (np.column_stack([rng.uniform(-60, 60, (300, 2)) + ORIGIN, np.full(300, height)]) for _ in "ab")
    there = line_of_sight(obstacles, eyes, targets)
    assert 0 < there.sum() < 300
    assert (there == line_of_sight(obstacles, targets, eyes)).all()


def test_no_lines_and_no_buildings(obstacles: Obstacles):
    assert line_of_sight(obstacles, np.empty((0, 3)), np.empty((0, 3))).tolist() == []
    assert sees(Obstacles.from_arrays([], []), (0, 0, 5), (9, 9, 0))


@pytest.mark.parametrize(
    ("eyes", "targets"), [([[0, 0, 1]], [[0, 0, 1], [1, 1, 1]]), ([[0, 0]], [[1, 1]]), ([[0, 0, np.nan]], [[1, 1, 1]])]
)
def test_lines_must_be_finite_and_equal_in_number(obstacles: Obstacles, eyes: list, targets: list):
    with pytest.raises(InvalidObserverError, match="sight_line_invalid"):
        line_of_sight(obstacles, eyes, targets)


def test_the_house_and_the_height_that_clears_it(obstacles: Obstacles):
    blocker = explain_hidden(obstacles, camera(6.0), (X0 + 50, Y0))
    assert blocker is not None
    assert (blocker.building_id, blocker.height_m) == ("house", 3.0)
    assert blocker.distance_m == pytest.approx(30)
    # the line leaves the house at 4/5 of the way: (3 - 0.8 * 1.5) / 0.2
    assert blocker.camera_height_needed_m == pytest.approx(9.0)


def test_the_height_it_names_is_enough_and_not_more_than_needed(obstacles: Obstacles):
    place = (X0 + 50.0, Y0 + 1.0)
    blocker = explain_hidden(obstacles, camera(6.0), place)
    assert blocker is not None
    assert explain_hidden(obstacles, camera(blocker.camera_height_needed_m + 1e-6), place) is None
    assert explain_hidden(obstacles, camera(blocker.camera_height_needed_m - 1e-3), place) == pytest.approx(blocker)


def test_of_several_buildings_the_one_that_asks_for_most_is_named():
    row = [box(10, -5, 12, 5), box(20, -5, 22, 5), box(30, -5, 32, 5)]
    obstacles = Obstacles.from_arrays(row, [5.0, 4.0, 4.0], ids=["a", "b", "c"])
    blocker = explain_hidden(obstacles, Observers([0], [0], [4.5], [90], [90], [99]), (40.0, 0.0))
    assert blocker is not None
    assert blocker.building_id == "c"
    assert blocker.camera_height_needed_m == pytest.approx((4 - 0.8 * 1.5) / 0.2)


def test_inside_a_building_no_height_helps(obstacles: Obstacles):
    blocker = explain_hidden(obstacles, camera(6.0), (X0 + 35, Y0))
    assert blocker is not None
    assert blocker.building_id == "house"
    assert np.isinf(blocker.camera_height_needed_m)


def test_nothing_to_explain_in_the_open(obstacles: Obstacles):
    assert explain_hidden(obstacles, camera(6.0), (X0 + 20, Y0)) is None
    assert explain_hidden(obstacles, camera(6.0), (X0, Y0)) is None


def test_only_one_camera_above_the_target(obstacles: Obstacles):
    two = Observers([0, 1], [0, 0], [6, 6], [0, 0], [90, 90], [10, 10])
    with pytest.raises(InvalidObserverError, match="observer_not_single"):
        explain_hidden(obstacles, two, (0.0, 0.0))
    with pytest.raises(InvalidObserverError, match="observer_below_target"):
        explain_hidden(obstacles, camera(1.0), (X0, Y0))

"""Mounts: poles and wall cameras come out of buildings, roofs stay, nothing goes into another building."""

import numpy as np
import pytest
import shapely
from shapely.geometry import Point, box

from coverage.mounts import BRACKET_M, mounted
from coverage.observers import Observers
from coverage.obstacles import Obstacles
from coverage.viewshed import observers_inside, visible_areas_m2
from tests.conftest import ORIGIN

X0, Y0 = ORIGIN


def city(*boxes, height=9.0) -> Obstacles:
    return Obstacles.from_arrays([box(X0 + w, Y0 + s, X0 + e, Y0 + n) for w, s, e, n in boxes], [height] * len(boxes))


def camera(x, y, mount, height=6.0) -> Observers:
    return Observers([X0 + x], [Y0 + y], [height], [0.0], [360.0], [50.0], mount=mount)


def place(found) -> tuple[float, float]:
    return found.observers.x_m[0] - X0, found.observers.y_m[0] - Y0


@pytest.mark.parametrize("mount", ["pole", "wall"])
def test_one_inside_comes_out_through_the_nearest_wall(mount):
    house = city((0, 0, 10, 10))
    found = mounted(house, camera(8.5, 5, mount))
    assert place(found) == pytest.approx((10 + BRACKET_M, 5))
    assert found.moved_m[0] == pytest.approx(1.5 + BRACKET_M)
    assert not observers_inside(house, found.observers)[0]
    assert visible_areas_m2(house, found.observers)[0] > 0


def test_a_pole_on_a_wall_comes_out_and_one_beside_it_stays():
    house = city((0, 0, 10, 10))
    assert place(mounted(house, camera(10, 5, "pole"))) == pytest.approx((10 + BRACKET_M, 5))
    beside = mounted(house, camera(10.05, 5, "pole"))
    assert place(beside) == pytest.approx((10.05, 5))
    assert beside.moved_m[0] == 0


def test_a_wall_camera_is_drawn_to_its_wall():
    assert place(mounted(city((0, 0, 10, 10)), camera(14, 5, "wall"))) == pytest.approx((10 + BRACKET_M, 5))


def test_a_wall_camera_far_from_any_wall_stays():
    assert mounted(city((0, 0, 10, 10)), camera(60, 5, "wall")).moved_m[0] == 0


def test_a_roof_camera_stays():
    found = mounted(city((0, 0, 10, 10), height=5.0), camera(5, 5, "roof", height=8.0))
    assert place(found) == pytest.approx((5, 5))


def test_nothing_is_moved_into_the_house_next_door():
    row = city((0, 0, 10, 10), (10, 0, 20, 10), (20.2, 0, 30, 10))
    found = mounted(row, camera(19.9, 6, "pole"))
    point = Point(found.observers.x_m[0], found.observers.y_m[0])
    assert shapely.distance(row.polygons, point).min() >= BRACKET_M - 1e-9


def test_one_deep_inside_stays_and_is_named():
    found = mounted(city((0, 0, 80, 80)), camera(40, 40, "pole"))
    assert found.is_stuck.tolist() == [True]
    assert found.moved_m[0] == 0


def test_no_cameras_no_trouble():
    assert len(mounted(city((0, 0, 9, 9)), camera(0, 0, "pole").take(np.array([], int))).observers) == 0

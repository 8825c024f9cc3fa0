"""Keys of viewsheds change exactly with what the viewshed depends on."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from coverage.observers import Observers
from coverage.obstacles import Obstacles
from coverage.result_keys import viewshed_keys
from coverage.viewshed import visible_polygons

X0, Y0 = 670_000.0, 9_173_000.0
NEAR, FAR = shapely.box(X0 + 10, Y0, X0 + 14, Y0 + 6), shapely.box(X0 + 300, Y0, X0 + 310, Y0 + 10)


def camera(**changes: float) -> Observers:
    values = {
        "x": X0,
        "y": Y0,
        "height": 6.0,
        "azimuth": 90.0,
        "hfov": 80.0,
        "range": 60.0,
        "tilt": np.nan,
        "vfov": np.nan,
    }
    return Observers(*([value] for value in (values | changes).values()))


def key(buildings: list[shapely.Polygon], heights: list[float], one: Observers, **options: float) -> str:
    [found] = viewshed_keys(Obstacles.from_arrays(buildings, heights), one, **options)
    return found


@pytest.mark.parametrize(
    "changes",
    [{"x": X0 + 0.01}, {"y": Y0 - 1}, {"height": 6.5}, {"azimuth": 91.0}, {"hfov": 81.0}, {"range": 61.0},
     {"tilt": 20.0, "vfov": 40.0}],
)  # fmt: skip
def test_every_value_of_the_camera_counts(changes: dict[str, float]):
    assert key([NEAR], [9.0], camera(**changes)) != key([NEAR], [9.0], camera())


def test_buildings_in_reach_count_and_others_do_not():
    alone = key([NEAR], [9.0], camera())
    assert key([NEAR], [9.5], camera()) != alone
    assert key([shapely.box(X0 + 10, Y0, X0 + 15, Y0 + 6)], [9.0], camera()) != alone
    assert key([], [], camera()) != alone
    assert key([FAR, NEAR], [5.0, 9.0], camera()) == alone


def test_ids_and_order_do_not_count():
    other = shapely.box(X0 + 20, Y0, X0 + 24, Y0 + 6)
    first = Obstacles.from_arrays([NEAR, other], [9.0, 4.0], ids=["a", "b"])
    second = Obstacles.from_arrays([NEAR, other], [9.0, 4.0], ids=["z", "b"])
    assert viewshed_keys(first, camera()) == viewshed_keys(second, camera())


def test_the_target_height_counts():
    assert key([NEAR], [9.0], camera(), target_height_m=0.5) != key([NEAR], [9.0], camera())


def test_no_cameras_have_no_keys():
    assert viewshed_keys(Obstacles.from_arrays([NEAR], [9.0]), Observers([], [], [], [], [], [])) == []


boxes = st.lists(
    st.tuples(st.integers(-90, 90), st.integers(-90, 90), st.integers(1, 30), st.integers(2, 12)), max_size=6
)


@given(boxes, boxes, st.floats(0, 359), st.floats(10, 80))
def test_one_key_means_one_viewshed(some: list, more: list, azimuth: float, reach: float):
    one = camera(azimuth=azimuth, range=reach)
    cities = [
        Obstacles.from_arrays(
            [shapely.box(X0 + x, Y0 + y, X0 + x + side, Y0 + y + side) for x, y, side, _ in city],
            [float(height) for *_, height in city],
        )
        for city in (some, some + more)
    ]
    [first], [second] = (viewshed_keys(city, one) for city in cities)
    areas = [visible_polygons(city, one)[0] for city in cities]
    assert first != second or areas[0].wkb == areas[1].wkb

"""The picture of a camera against closed forms and against the brute-force line of sight."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.camera_view import GROUND, ROOF, SKY, WALL, camera_view
from coverage.observers import Observers
from coverage.obstacles import Obstacles
from coverage.viewshed import line_of_sight

EAST, NORTH = 670_000.0, 9_173_000.0


def camera(azimuth=0.0, tilt=20.0, height=6.0):
    return Observers([EAST], [NORTH], [height], [azimuth], [86.0], [36.0], [tilt], [55.0])


def houses(*boxes):
    shapes = [
        shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north) for west, south, east, north, _ in boxes
    ]
    return Obstacles.from_arrays(shapes, [box[-1] for box in boxes])


def test_bare_ground_is_as_far_as_the_lens_is_high_over_the_slope():
    view = camera_view(houses(), camera(), columns=200)
    down = math.radians(20.0) + math.atan(0.5 / (100 / math.tan(math.radians(43.0))))
    row = view.kind.shape[0] // 2
    assert view.kind[row, 100] == GROUND
    assert view.distance_m[row, 100] == pytest.approx(6.0 / math.tan(down), rel=0.02)
    assert view.x_m[row, 100] == pytest.approx(EAST, abs=0.2)
    assert (view.kind[0] == SKY).all()  # 27.5 degrees up from 20 degrees down
    assert np.isinf(view.distance_m[0]).all()


def test_a_wall_ahead_stands_between_its_foot_and_its_eaves():
    view = camera_view(houses((-30, 20, 30, 25, 8.0)), camera(tilt=0.0), columns=200)
    middle = view.kind[:, 100]
    assert set(middle) == {SKY, WALL, GROUND}
    wall = np.flatnonzero(middle == WALL)
    assert (np.diff(wall) == 1).all()
    assert view.distance_m[wall, 100] == pytest.approx(20.0, abs=0.01)
    rise = view.rise[wall, 100]
    assert rise[0] == pytest.approx(2 / 20, abs=0.01)  # the eaves are two metres above the lens
    assert rise[-1] == pytest.approx(-6 / 20, abs=0.01)


def test_a_low_house_shows_its_roof_and_hides_what_is_behind():
    view = camera_view(houses((-5, 10, 5, 14, 3.0)), camera(), columns=200)
    assert (view.kind[:, 100] == ROOF).any()
    on_roof = view.kind == ROOF
    assert view.y_m[on_roof].min() >= NORTH + 10 - 1e-6
    assert view.y_m[on_roof].max() <= NORTH + 14 + 1e-6
    assert set(view.building[on_roof]) == {0}


def test_a_camera_without_a_picture_sees_all_round_with_north_in_the_middle():
    dome = Observers([EAST], [NORTH], [6.0], [np.nan], [360.0], [20.0])
    view = camera_view(houses((-2, 10, 2, 12, 9.0), (10, -2, 12, 2, 9.0)), dome, columns=360)
    assert view.is_round
    level = np.argmin(np.abs(view.rise[:, 0]))
    assert view.kind[level, 180] == view.kind[level, 270] == WALL
    assert view.building[level, 180] != view.building[level, 270]
    assert view.kind[level, 90] != WALL
    assert view.kind[level, 0] != WALL


def test_only_one_camera_is_drawn():
    with pytest.raises(ValueError, match="one camera"):
        camera_view(houses(), Observers([0, 1], [0, 1], [6, 6], [0, 0], [80, 80], [30, 30]))


@settings(max_examples=15, deadline=None, derandomize=True)
@given(
    azimuth=st.floats(0, 359.9),
    boxes=st.lists(
        st.tuples(st.integers(-30, 30), st.integers(-30, 30), st.integers(2, 9), st.integers(2, 9), st.integers(2, 9)),
        min_size=1, max_size=5,
    ),
)  # fmt: skip
def test_ground_in_the_picture_is_ground_in_sight(azimuth, boxes):
    found = houses(*((x + 3, y, x + 3 + w, y + d, h) for x, y, w, d, h in boxes if not (x + 2 <= 0 <= x + w + 4)))
    view = camera_view(found, camera(azimuth), columns=60)
    ground = view.kind == GROUND
    spots = np.column_stack([view.x_m[ground], view.y_m[ground], np.full(ground.sum(), 0.001)])
    near = np.hypot(spots[:, 0] - EAST, spots[:, 1] - NORTH) < 200
    eyes = np.repeat([[EAST, NORTH, 6.0]], near.sum(), axis=0)
    agreed = line_of_sight(found, eyes, spots[near])
    assert agreed.mean() > 0.995  # the rest are rays along an edge, where a millimetre decides

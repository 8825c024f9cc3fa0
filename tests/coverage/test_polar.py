"""Direction keys and chords: order, ends of quadrants, closed forms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.polar import (
    QUADRANT,
    QUADRANT_BITS,
    TURN,
    angles_of,
    directions_of,
    expanded,
    keys_of,
    order_by,
    shares_of,
    sorted_unique,
)
from coverage.reach import reach_of

AROUND = np.linspace(0.001, 2 * np.pi - 0.001, 997)
groups = st.lists(st.tuples(st.integers(0, 9), st.sampled_from([0.0, 1.0, 1.5, 2.0])), max_size=60)


def test_axes_have_whole_quadrants():
    assert keys_of(np.array([1.0, 0, -1, 0]), np.array([0.0, 1, 0, -1])).tolist() == [k * QUADRANT for k in range(4)]


def test_keys_grow_counter_clockwise():
    assert (np.diff(keys_of(np.cos(AROUND), np.sin(AROUND))) > 0).all()


def test_a_hair_before_the_start_is_the_end_of_the_turn():
    assert keys_of(np.array([1.0]), np.array([-1e-17])).tolist() == [TURN]


def test_keys_give_their_direction_back():
    keys = keys_of(np.cos(AROUND), np.sin(AROUND))
    wedges = keys >> QUADRANT_BITS
    shares = shares_of(keys, wedges)
    u, v = directions_of(shares, wedges)
    assert np.arctan2(v, u) % (2 * np.pi) == pytest.approx(AROUND, abs=1e-14)
    assert angles_of(shares, wedges) == pytest.approx(AROUND, abs=1e-14)


@given(groups)
def test_order_is_that_of_a_stable_sort(rows):
    group = np.array([row[0] for row in rows], np.int64)
    value = np.array([row[1] for row in rows], np.float64)
    assert order_by(group, value).tolist() == np.lexsort((value, group)).tolist()


@given(st.lists(st.integers(0, 20)))
def test_sorted_keys_are_those_of_numpy(keys):
    assert sorted_unique(np.array(keys, np.int64)).tolist() == np.unique(np.array(keys, np.int64)).tolist()


def test_items_know_their_group_and_place():
    group, place = expanded(np.array([2, 0, 3]))
    assert group.tolist() == [0, 0, 2, 2, 2]
    assert place.tolist() == [0, 1, 0, 1, 2]


@pytest.mark.parametrize("range_m", [0.005, 1.0, 60.0, 500.0])
def test_chords_keep_within_a_centimetre_of_the_circle(range_m: float):
    reach = reach_of(np.array([range_m]), np.array([2 * np.pi]), np.zeros(1))
    distance = 1 / reach.nearness(np.zeros(len(AROUND), np.int64), AROUND)
    assert distance.max() <= range_m * (1 + 1e-12)
    assert distance.min() >= range_m - 0.01 - 1e-9
    n = round(2 * np.pi / reach.step[0])
    whole = reach.areas_m2(np.zeros(1, np.int64), np.zeros(1), np.full(1, 2 * np.pi))
    assert whole[0] == pytest.approx(n * range_m**2 * np.sin(2 * np.pi / n) / 2)


def test_a_line_crosses_the_chords_not_the_circle():
    reach = reach_of(np.array([60.0]), np.array([2 * np.pi]), np.zeros(1))
    starts, ends = (np.array([-80.0, 0]), np.array([1.0, 0])), (np.array([80.0, 30]), np.array([1.0, 70]))
    row, (x, y) = reach.crossings(np.zeros(2, np.int64), starts, ends)
    assert sorted(row) == [0, 0, 1]
    angle = np.arctan2(y, x)
    assert np.hypot(x, y) == pytest.approx(1 / reach.nearness(np.zeros(3, np.int64), angle), rel=1e-12)


def test_a_line_between_circle_and_chord_crosses_nothing():
    reach = reach_of(np.array([60.0]), np.array([2 * np.pi]), np.zeros(1))
    middle, apothem = reach.step[0] / 2, 60 * np.cos(reach.step[0] / 2)
    along = np.array([-np.sin(middle), np.cos(middle)])
    near = (apothem + 0.005) * np.array([np.cos(middle), np.sin(middle)])
    start, end = (tuple(place[:, None]) for place in (near - along, near + along))
    row, _ = reach.crossings(np.zeros(1, np.int64), start, end)
    assert len(row) == 0

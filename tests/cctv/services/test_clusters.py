"""Many points on the map: every one is drawn once, by itself or in one square, and a square can be opened."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cctv.palette import PALETTES
from cctv.services import clusters, mapdata
from cctv.services.clusters import centre, pins
from cctv.services.pins import cluster_name, pin_svg


@pytest.fixture(scope="module")
def example(city_runtime):
    return next(item for item in mapdata.all_points(city_runtime) if item.is_placed)


def spread(example, n, step=0.0003):
    return [
        replace(
            example,
            point=replace(example.point, point_id=f"X-{k}", lon=112.40 + k % 61 * step, lat=-7.5 + k // 61 * step),
        )
        for k in range(n)
    ]


def test_few_points_are_drawn_one_by_one(example):
    items = spread(example, clusters.MOST_PINS)
    assert pins(items) == clusters.Pins(tuple(items))


@settings(deadline=None, max_examples=6)
@given(st.integers(0, 400))
def test_every_point_is_drawn_once_whatever_square_is_open(example, which):
    items = spread(example, 2 * clusters.MOST_PINS)
    shut = pins(items)
    assert (shut.single, len(shut.clusters) <= clusters.SQUARES) == ((), True)
    assert sum(cluster.points for cluster in shut.clusters) == len(items)
    square = shut.clusters[which % len(shut.clusters)]
    opened = pins(items, square.cluster_id)
    assert len(opened.single) == square.points
    assert sum(cluster.points for cluster in opened.clusters) == len(items) - square.points
    lon, lat = centre(square.cluster_id)
    assert all(abs(i.point.lon - lon) < 0.02 and abs(i.point.lat - lat) < 0.02 for i in opened.single)


def test_a_square_that_holds_too_many_opens_into_smaller_ones(example):
    items = spread(example, 4 * clusters.MOST_PINS, step=0.00001)
    (first, *_) = pins(spread(example, 4 * clusters.MOST_PINS, step=0.000001)).clusters
    opened = pins(items, first.cluster_id)
    assert sum(cluster.points for cluster in opened.clusters) + len(opened.single) == len(items)


@pytest.mark.parametrize("bad", ["", "x", "25:1", "25:a:b", "T-001"])
def test_no_square_is_no_square(example, bad):
    assert centre(bad) is None
    items = spread(example, clusters.MOST_PINS + 1)
    assert pins(items, bad) == pins(items)


def test_pictures_of_squares_are_few_and_say_the_number():
    assert cluster_name(999, "on") == "kelompok-999-on"
    assert cluster_name(12_345, "off") == "kelompok-12000-off"
    for scheme in PALETTES:
        assert ">12 rb<" in pin_svg(cluster_name(12_345, "trouble"), scheme)
        assert ">1,2 rb<" in pin_svg(cluster_name(1_234, "on"), scheme)
    for odd in (
        "kelompok-12345-on",
        "kelompok--on",
        "kelompok-5-lain",
        "kelompok-99999999999-on",
        "kelompok-\u0663-on",
    ):
        assert pin_svg(odd, "light") is None

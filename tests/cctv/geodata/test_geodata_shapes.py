"""Geometry helpers of the generator."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from cctv.geodata.generate.frame import Street
from cctv.geodata.generate.poles import make_poles
from cctv.geodata.generate.shapes import cut, envelope, extent, polygons_of, rectangle, smooth_noise, subtract
from cctv.geodata.generate.subdivide import BLOCK, SUPERBLOCK, rows_of_block, subdivide
from cctv.geodata.storage import snap

ANGLES = st.floats(-3.1, 3.1)
SIDES = st.floats(20.0, 800.0)


@given(SIDES, SIDES, ANGLES, ANGLES)
def test_a_cut_loses_no_ground(length: float, width: float, angle: float, direction: float) -> None:
    area = rectangle(np.array([100.0, 200.0]), length, width, angle)
    pieces, lines = cut(area, np.array([100.0, 200.0]), direction)
    assert sum(piece.area for piece in pieces) == pytest.approx(length * width)
    assert len(pieces) == 2
    assert all(line.within(area.buffer(1e-6)) for line in lines)


@given(SIDES, ANGLES)
def test_envelope_and_extent_of_a_rectangle(length: float, angle: float) -> None:
    area = rectangle(np.array([5.0, 7.0]), length + 10.0, length, angle)
    found, long_m, short_m = envelope(area)
    assert (long_m, short_m) == pytest.approx((length + 10.0, length))
    u0, u1, v0, v1 = extent(area, found)
    assert (u1 - u0, v1 - v0) == pytest.approx((long_m, short_m))


@settings(max_examples=20)
@given(SIDES, SIDES, ANGLES, st.integers(0, 1000))
def test_blocks_fill_their_face_and_are_not_too_large(length: float, width: float, angle: float, seed: int) -> None:
    face = rectangle(np.zeros(2), length * 2, width * 2, angle)
    plan = subdivide([face], shapely.Polygon(), np.random.default_rng(seed))
    assert sum(block.area for block in plan.blocks) == pytest.approx(face.area, rel=0.01)
    for block in plan.blocks:
        _, long_m, short_m = envelope(block)
        assert long_m <= BLOCK.longest_m
        assert short_m <= BLOCK.shortest_m
    assert SUPERBLOCK.longest_m > BLOCK.longest_m


def test_rows_of_a_block_in_the_old_town_run_along_the_axes() -> None:
    block = shapely.box(0, 0, 150, 90)
    rows, lanes = rows_of_block(block, block, 0, block, 30.0, np.random.default_rng(1))
    assert len(rows) == 3
    assert len(lanes) == 2
    ends = np.array([lane.line.coords for lane in lanes])
    assert np.allclose(ends[:, 0, 1], ends[:, 1, 1])
    assert sum(row.polygon.area for row in rows) == pytest.approx(block.area)


def test_subtract_takes_only_what_is_in_the_way() -> None:
    pieces = np.array([shapely.box(0, 0, 10, 10), shapely.box(20, 0, 30, 10)])
    left = subtract(pieces, np.array([shapely.box(4, -1, 6, 11), shapely.box(50, 50, 60, 60)]))
    assert [part.area for part in polygons_of(left[0])] == [40.0, 40.0]
    assert left[1].equals(pieces[1])


def test_smooth_noise_is_smooth_and_has_unit_spread() -> None:
    xy = np.stack([np.linspace(0, 50_000, 20_001), np.zeros(20_001)], axis=1)
    values = smooth_noise(xy, 900.0, np.random.default_rng(3))
    assert values.std() == pytest.approx(1.0, abs=0.4)
    assert np.abs(np.diff(values)).max() < 0.15


def test_snap_keeps_a_shape_that_rounding_would_spoil() -> None:
    needle = shapely.Polygon([(0, 0), (10, 0.004), (20, 0), (10, 0.001)])
    square = shapely.box(0.001, 0, 1, 1)
    snapped = snap(np.array([needle, square]))
    assert snapped[0].equals(needle)
    assert snapped[1].bounds == (0.0, 0.0, 1.0, 1.0)


def test_poles_keep_off_crossing_streets_and_dark_lanes() -> None:
    main = Street(shapely.LineString([(0, 0), (1000, 0)]), "primary", 16.0)
    cross = Street(shapely.LineString([(500, -300), (500, 300)]), "local", 120.0)
    lane = Street(shapely.LineString([(0, 50), (1000, 50)]), "lane", 2.0, lit=False)
    xy, owner = make_poles([main, cross, lane], shapely.box(-10, -400, 900, 400), np.random.default_rng(0))
    assert set(owner.tolist()) == {0, 1}
    assert xy[:, 0].max() < 900
    on_main = xy[owner == 0]
    assert not ((on_main[:, 0] > 445) & (on_main[:, 0] < 555)).any()
    assert set(np.round(np.abs(on_main[:, 1]), 6)) == {7.6}

import math
from types import SimpleNamespace

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, Polygon

from coverage.errors import InvalidObserverError
from coverage.levels import level_scale
from coverage.optics import (
    CameraOptics,
    ground_footprint,
    hfov_deg,
    level_bands,
    level_ranges_m,
    pixel_density_px_per_m,
    placed,
    vfov_deg,
)


def level_camera(hfov: float, width: float) -> CameraOptics:
    return CameraOptics(hfov, width, height_m=6.0, tilt_deg=0.0, vfov_deg=50.0)


# Figures of lens calculators for cameras on sale: picture width, horizontal field of view, then metres on the axis for
# detect, observe, recognise and identify of the 2014 edition.
@pytest.mark.parametrize(
    ("width", "hfov", "metres"),
    [
        (1920, 107.0, [28, 11, 5.7, 2.8]),
        (1920, 86.0, [41, 16.5, 8.2, 4.1]),
        (3840, 86.0, [82, 33, 16.5, 8.2]),
    ],
)
def test_ranges_of_published_cameras(width: float, hfov: float, metres: list[float]):
    ranges = level_ranges_m(level_camera(hfov, width), "iec-2014")
    assert list(ranges.values())[1:] == pytest.approx(metres, rel=0.04)


def test_the_2025_edition_asks_for_twice_the_pixels_to_name_a_person():
    ranges = level_ranges_m(level_camera(107.0, 1920), "iec-2025")
    assert ranges["validate"] == pytest.approx(1.4, abs=0.05)
    assert list(ranges.values()) == sorted(ranges.values(), reverse=True)


def test_a_hundred_metres_is_beyond_even_the_coarsest_level_of_a_wide_camera():
    assert level_ranges_m(level_camera(107.0, 1920), "iec-2014")["monitor"] == pytest.approx(57, abs=0.5)
    assert level_ranges_m(level_camera(86.0, 1920), "iec-2014")["monitor"] == pytest.approx(82, abs=0.5)


def test_any_object_with_view_and_width_will_do():
    camera = SimpleNamespace(hfov_deg=90.0, resolution_px=1920)
    assert level_ranges_m(camera, "iec-2014")["identify"] == pytest.approx(3.84)


@pytest.mark.parametrize(("hfov", "width"), [(None, 1920), (90.0, None), (180.0, 1920), (0.0, 1920), (90.0, 0)])
def test_unknown_or_impossible_optics_are_refused(hfov: float | None, width: float | None):
    with pytest.raises(InvalidObserverError, match="optics_invalid"):
        level_ranges_m(SimpleNamespace(hfov_deg=hfov, resolution_px=width), "iec-2025")


def test_all_problems_of_a_camera_are_listed():
    with pytest.raises(InvalidObserverError) as caught:
        CameraOptics(200.0, -1, height_m=0.0, tilt_deg=90.0, vfov_deg=180.0)
    assert [p.name for p in caught.value.problems] == ["hfov_deg", "resolution_px", "height_m", "tilt_deg", "vfov_deg"]


def test_field_of_view_of_a_lens():
    # a sensor twice as wide as the focal length sees 90 degrees
    assert hfov_deg(8.0, 4.0) == pytest.approx(90.0)
    assert hfov_deg(1e-9, 4.0) == pytest.approx(0.0, abs=1e-6)
    with pytest.raises(InvalidObserverError, match="focal_mm"):
        hfov_deg(5.0, 0.0)


@given(st.floats(5, 170), st.sampled_from([(1920, 1080), (2560, 1440), (1280, 960)]))
def test_vertical_view_keeps_pixels_square(hfov: float, size: tuple[int, int]):
    vertical = vfov_deg(hfov, *size)
    assert math.tan(math.radians(vertical) / 2) / math.tan(math.radians(hfov) / 2) == pytest.approx(size[1] / size[0])


def test_vertical_view_of_impossible_values_is_refused():
    with pytest.raises(InvalidObserverError, match=r"(?s)v_px.*hfov_deg"):
        vfov_deg(180.0, 1920, 0)


def test_density_falls_with_depth():
    density = pixel_density_px_per_m([5.0, 10.0, 20.0], 90.0, 1920)
    assert density.tolist() == pytest.approx([192.0, 96.0, 48.0])
    with pytest.raises(InvalidObserverError, match="depth_m"):
        pixel_density_px_per_m([5.0, 0.0], 90.0, 1920)


# Camera 6 m, target 1.5 m, vertical view 47 degrees: near edge for three tilts; a far edge only at 30 degrees.
@pytest.mark.parametrize(("tilt", "near", "far"), [(10, 6.8, 1000), (20, 4.7, 1000), (30, 3.3, 39.5)])
def test_blind_zone_and_far_edge(tilt: float, near: float, far: float):
    corners = ground_footprint(6.0, tilt, 80.0, 47.0, range_m=1000.0)
    assert corners.shape == (4, 2)
    assert corners[0, 1] == pytest.approx(near, abs=0.05)
    assert corners[2, 1] == pytest.approx(far, abs=0.15)


def test_half_widths_of_the_trapezoid():
    drop, tilt, a, b = 4.5, math.radians(35), math.radians(40), math.radians(20)
    corners = ground_footprint(6.0, 35.0, 80.0, 40.0, range_m=1000.0)
    assert corners[1, 0] == pytest.approx(drop * math.tan(a) * math.cos(b) / math.sin(tilt + b))
    assert corners[2, 0] == pytest.approx(drop * math.tan(a) * math.cos(b) / math.sin(tilt - b))
    assert corners[:, 0].sum() == pytest.approx(0)


def test_a_level_camera_holds_its_sector_from_the_near_edge_on():
    corners = ground_footprint(6.0, 0.0, 90.0, 40.0, range_m=50.0)
    np.testing.assert_allclose(corners[2], [50, 50])
    np.testing.assert_allclose(corners[1], [4.5 / math.tan(math.radians(20))] * 2)


def test_nothing_is_in_a_picture_of_the_sky_or_beyond_the_range():
    assert np.isnan(ground_footprint(6.0, -30.0, 80.0, 40.0, range_m=50.0)).all()
    assert np.isnan(ground_footprint(6.0, 10.0, 80.0, 20.0, range_m=5.0)).all()
    assert np.isnan(ground_footprint(6.0, np.nan, 80.0, np.nan, range_m=5.0)).all()


def test_straight_down_is_a_rectangle_under_the_camera():
    corners = ground_footprint(5.5, 90.0, 90.0, 60.0, range_m=50.0)
    half = 4.0 * math.tan(math.radians(30))
    np.testing.assert_allclose(corners, [(-4, -half), (4, -half), (4, half), (-4, half)])


@given(st.floats(3, 12), st.floats(-20, 89), st.floats(10, 150), st.floats(10, 120), st.integers(0, 2**32 - 1))
def test_footprint_is_what_the_pinhole_camera_shows(height: float, tilt: float, hfov: float, vfov: float, seed: int):
    """Projects points on the plane into the picture, an independent way to the same answer."""
    corners = ground_footprint(height, tilt, hfov, vfov, range_m=60.0)
    shape = Polygon() if np.isnan(corners).any() else Polygon(corners)
    x, y = np.random.default_rng(seed).uniform(-60, 60, (2, 300))
    tilt_rad, drop = math.radians(tilt), height - 1.5
    depth = y * math.cos(tilt_rad) + drop * math.sin(tilt_rad)
    down = drop * math.cos(tilt_rad) - y * math.sin(tilt_rad)
    in_picture = (
        (depth > 0)
        & (abs(x) <= depth * math.tan(math.radians(hfov) / 2))
        & (abs(down) <= depth * math.tan(math.radians(vfov) / 2))
    )
    clear = (
        shapely.distance(shape.boundary, shapely.points(x, y)) > 1e-6
        if not shape.is_empty
        else np.ones(300, dtype=bool)
    )
    assert (shapely.contains_xy(shape, x, y) == in_picture)[clear].all()


@given(st.floats(0, 80), st.floats(20, 120), st.sampled_from(["iec-2025", "iec-2014"]), st.integers(0, 2**32 - 1))
def test_a_band_holds_exactly_the_ground_of_its_density(tilt: float, hfov: float, scale, seed: int):
    camera = CameraOptics(hfov, 1920, height_m=6.0, tilt_deg=tilt, vfov_deg=50.0)
    bands = level_bands(camera, scale)
    levels = level_scale(scale).levels
    assert list(bands) == [level.key for level in levels]
    footprint = Polygon(ground_footprint(6.0, tilt, hfov, 50.0, range_m=500.0))
    x, y = np.random.default_rng(seed).uniform(-40, 40, (2, 200))
    inside = shapely.contains_xy(footprint, x, y)
    depth = y[inside] * math.cos(math.radians(tilt)) + 4.5 * math.sin(math.radians(tilt))
    density = pixel_density_px_per_m(depth, hfov, 1920)
    best = np.searchsorted([level.px_per_m for level in levels], density, side="right") - 1
    found = np.array([shapely.contains_xy(band, x[inside], y[inside]) for band in bands.values()])
    assert (found.sum(axis=0) == (best >= 0)).all()
    assert (found.argmax(axis=0) == best)[best >= 0].all()


def test_bands_do_not_overlap():
    bands = list(level_bands(CameraOptics(80.0, 3840, height_m=6.0, tilt_deg=25.0, vfov_deg=50.0), "iec-2025").values())
    assert shapely.union_all(bands).area == pytest.approx(sum(band.area for band in bands))


def test_bands_need_a_camera_above_the_plane():
    with pytest.raises(InvalidObserverError, match="observer_below_target"):
        level_bands(CameraOptics(80.0, 1920, height_m=1.5, tilt_deg=0.0, vfov_deg=50.0), "iec-2025")


def test_placed_turns_clockwise_from_north():
    ahead, right = Point(0, 10), Point(3, 0)
    assert placed(ahead, 100.0, 200.0, 90.0).equals_exact(Point(110, 200), 1e-9)
    assert placed(right, 100.0, 200.0, 90.0).equals_exact(Point(100, 197), 1e-9)
    assert placed(ahead, 100.0, 200.0, 180.0).equals_exact(Point(100, 190), 1e-9)

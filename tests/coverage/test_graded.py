"""Viewsheds cut by level: they add up, agree with the bands of the optics, and say nothing where nothing is known."""

import numpy as np
import pytest
import shapely

from coverage.errors import InvalidObserverError
from coverage.graded import visible_levels
from coverage.levels import level_scale
from coverage.observers import Observers
from coverage.obstacles import Obstacles
from coverage.optics import CameraOptics, level_bands, placed
from coverage.viewshed import visible_polygons
from tests.conftest import ORIGIN

X0, Y0 = ORIGIN
FIELD = Obstacles.from_arrays([], [])


def camera(*, azimuth=30.0, hfov=86.0, reach=60.0, tilt=20.0, vfov=55.0) -> Observers:
    return Observers([X0], [Y0], [6.0], [azimuth], [hfov], [reach], [tilt], [vfov])


@pytest.mark.parametrize("scale", ["iec-2025", "iec-2014"])
@pytest.mark.parametrize("tilt", [0.0, 20.0, 60.0])
def test_bands_are_those_of_the_optics_within_range(scale, tilt):
    one = camera(tilt=tilt)
    area = visible_polygons(FIELD, one)
    bands = level_bands(CameraOptics(86.0, 1920, height_m=6.0, tilt_deg=tilt, vfov_deg=55.0), scale)
    for level, graded in visible_levels(area, one, [1920], scale).items():
        expected = shapely.intersection(placed(bands[level], X0, Y0, 30.0), area[0])
        assert shapely.symmetric_difference(graded[0], expected).area < 1e-3


def test_levels_add_up_to_what_is_near_enough():
    one = camera(reach=60.0)
    area = visible_polygons(FIELD, one)
    parts = [graded[0] for graded in visible_levels(area, one, [1920], "iec-2025").values()]
    coarsest = level_scale("iec-2025").levels[0].px_per_m
    depth = 1920 / (2 * coarsest * np.tan(np.deg2rad(43)))
    assert depth > 45
    assert sum(part.area for part in parts) == pytest.approx(shapely.union_all(parts).area)
    assert shapely.union_all(parts).area <= area[0].area
    assert parts[-1].is_empty  # 1,500 px/m is not reached on the ground by this lens


def test_without_a_tilt_the_lines_lie_at_the_ranges_of_the_lens():
    one = Observers([X0], [Y0], [6.0], [0.0], [90.0], [60.0])
    graded = visible_levels(visible_polygons(FIELD, one), one, [1920], "iec-2014")
    assert graded["observe"][0].bounds[3] - Y0 == pytest.approx(1920 / (2 * 62.5), abs=1e-6)
    assert graded["recognise"][0].bounds[3] - Y0 == pytest.approx(1920 / (2 * 125), abs=1e-6)


@pytest.mark.parametrize(("hfov", "width"), [(360.0, 1920.0), (90.0, float("nan")), (90.0, 0.0)])
def test_what_is_not_known_has_no_level(hfov, width):
    one = Observers([X0], [Y0], [6.0], [0.0], [hfov], [60.0])
    graded = visible_levels(visible_polygons(FIELD, one), one, [width], "iec-2025")
    assert all(part[0].is_empty for part in graded.values())


def test_another_scale_is_refused():
    with pytest.raises(InvalidObserverError):
        visible_levels(np.empty(0, object), camera().take([]), [], "iec-1999")

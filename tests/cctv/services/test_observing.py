"""How much a camera counts for when something about it is not known."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from shapely.geometry import box

from cctv.registry.models import Camera, Point
from cctv.services.mapdata import PointOnMap
from cctv.services.observing import WORDED_SLACK_DEG, is_certain_position, is_certain_view, watch
from coverage.obstacles import Obstacles

POINT = Point(
    "T-1", "Titik", 112.43, -7.47, "A", 5.0, "pole", "Magersari", "", "real", "surat", date(2026, 1, 1), "", 1
)
CAMERA = Camera(
    camera_id="K-1", point_id="T-1", name="Kamera", agency_id="dishub", agency_name="Dishub", model="",
    camera_type="fixed", height_m=6.0, azimuth_deg=90.0, azimuth_source="measured", azimuth_words="", tilt_deg=None,
    hfov_deg=80.0, vfov_deg=None, range_m=50.0, resolution_px=None, status="on", status_since=None, status_reason="",
    has_stream=False, purpose="", sign=None, installed_on=None, kind="real", certainty="A", source="surat",
    as_of=date(2026, 1, 1), version=1,
)  # fmt: skip
NOTHING_AROUND = Obstacles.from_arrays([box(0, 0, 1, 1)], np.array([3.0]))


def item(camera=CAMERA, **point) -> PointOnMap:
    return PointOnMap(replace(POINT, **point), (camera,))


def sector_m2(degrees: float, range_m: float) -> float:
    return np.pi * range_m**2 * degrees / 360


def test_a_known_camera_counts_for_what_its_lens_says():
    watching = watch([item()], NOTHING_AROUND)
    assert watching.is_certain.tolist() == [True]
    assert watching.area[0].area == pytest.approx(sector_m2(80, 50), rel=2e-3)


@pytest.mark.parametrize(
    ("changes", "degrees"),
    [
        ({"azimuth_source": "words"}, 80 + 2 * WORDED_SLACK_DEG),
        ({"azimuth_deg": None, "azimuth_source": "unknown"}, 360),
        ({"hfov_deg": 360.0, "azimuth_deg": None}, 360),
    ],
)
def test_what_is_not_known_widens_the_view(changes, degrees):
    watching = watch([item(replace(CAMERA, **changes))], NOTHING_AROUND)
    assert watching.area[0].area == pytest.approx(sector_m2(degrees, 50), rel=2e-3)


@pytest.mark.parametrize(
    ("changes", "certain"),
    [
        ({}, True),
        ({"azimuth_source": "aimed"}, True),
        ({"azimuth_source": "words"}, False),
        ({"azimuth_source": "unknown", "azimuth_deg": None}, False),
        ({"hfov_deg": 360.0, "azimuth_source": "unknown"}, True),
        ({"hfov_deg": None}, False),
        ({"range_m": None}, False),
    ],
)
def test_a_view_is_certain_only_if_all_of_it_is_known(changes, certain):
    assert is_certain_view(item(replace(CAMERA, **changes)), 0) is certain


@pytest.mark.parametrize(
    ("point", "certain"),
    [
        ({}, True),
        ({"position_certainty": "guess"}, False),
        ({"position_certainty": "C"}, False),
        ({"est_error_m": 26.0}, False),
        ({"est_error_m": None}, True),
    ],
)
def test_a_position_is_certain_only_within_its_error(point, certain):
    assert is_certain_position(item(**point)) is certain


def test_a_point_that_is_not_placed_sees_nothing():
    watching = watch([item(lon=None, lat=None)], NOTHING_AROUND)
    assert watching.camera_id == ()
    assert len(watching.area) == 0


def test_a_dead_camera_is_kept_but_not_on():
    watching = watch([item(replace(CAMERA, status="off"))], NOTHING_AROUND)
    assert watching.is_on.tolist() == [False]
    assert watching.area[0].area > 0

import numpy as np
import pytest

from coverage.errors import InvalidObserverError
from coverage.observers import Observers, require_above_target

GOOD = {"x_m": [1.0], "y_m": [2.0], "height_m": [6.0], "azimuth_deg": [90.0], "hfov_deg": [80.0], "range_m": [50.0]}


def test_columns_are_kept_and_cannot_be_changed():
    cameras = Observers([1, 2], [3, 4], [5, 6], [0, 359.9], [90, 360], [30, 40], mount=["pole", "wall"])
    assert len(cameras) == 2
    assert cameras.mount.tolist() == ["pole", "wall"]
    assert np.isnan(cameras.tilt_deg).all()
    assert not cameras.is_clipped.any()
    with pytest.raises(ValueError, match="read-only"):
        cameras.x_m[0] = 9.0


def test_the_given_array_is_not_tied_to_the_cameras():
    x = np.array([1.0])
    cameras = Observers(**{**GOOD, "x_m": x})
    x[0] = 7.0
    assert cameras.x_m.tolist() == [1.0]


def test_no_camera_at_all_is_fine():
    assert len(Observers([], [], [], [], [], [])) == 0


@pytest.mark.parametrize("picked", [[2, 0], np.array([True, False, True])])
def test_take_by_position_and_by_mask(picked: object):
    cameras = Observers(
        [0, 1, 2], [0, 0, 0], [6, 6, 6], [1, 2, 3], [90] * 3, [50] * 3, [10, np.nan, 20], [40, np.nan, 50]
    )
    taken = cameras.take(picked)
    assert sorted(zip(taken.x_m, taken.tilt_deg, taken.vfov_deg, strict=True)) == [(0, 10, 40), (2, 20, 50)]


def test_unknown_direction_is_legal_only_all_round():
    assert np.isnan(Observers(**{**GOOD, "azimuth_deg": [np.nan], "hfov_deg": [360.0]}).azimuth_deg[0])
    with pytest.raises(InvalidObserverError, match="azimuth_unknown"):
        Observers(**{**GOOD, "azimuth_deg": [np.nan], "hfov_deg": [359.0]})


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("x_m", np.nan, "not_finite"),
        ("y_m", np.inf, "not_finite"),
        ("height_m", np.nan, "not_finite"),
        ("height_m", 0.0, "not_positive"),
        ("azimuth_deg", 400.0, "out_of_range"),
        ("azimuth_deg", 360.0, "out_of_range"),
        ("azimuth_deg", -1.0, "out_of_range"),
        ("azimuth_deg", np.inf, "out_of_range"),
        ("hfov_deg", 0.0, "out_of_range"),
        ("hfov_deg", 361.0, "out_of_range"),
        ("range_m", 0.0, "not_positive"),
        ("range_m", np.inf, "not_finite"),
        ("tilt_deg", 10.0, "tilt_without_vfov"),
        ("vfov_deg", 40.0, "tilt_without_vfov"),
        ("mount", "tree", "mount_unknown"),
    ],
)
def test_one_wrong_value_is_named(name: str, value: float | str, code: str):
    with pytest.raises(InvalidObserverError, match=code) as caught:
        Observers(**{**GOOD, name: [value]})
    assert caught.value.code == "observer_invalid"
    assert (caught.value.problems[0].where, caught.value.problems[0].code) == ("[0]", code)


@pytest.mark.parametrize(("tilt", "vfov"), [(91.0, 40.0), (-91.0, 40.0), (10.0, 180.0), (10.0, 0.0)])
def test_tilt_and_vertical_view_have_limits(tilt: float, vfov: float):
    with pytest.raises(InvalidObserverError, match="out_of_range"):
        Observers(**GOOD, tilt_deg=[tilt], vfov_deg=[vfov])


def test_a_tilted_camera_cannot_see_half_round():
    with pytest.raises(InvalidObserverError, match="tilt_too_wide"):
        Observers(**{**GOOD, "hfov_deg": [180.0]}, tilt_deg=[10.0], vfov_deg=[40.0])


def test_all_problems_of_all_rows_are_told_at_once():
    with pytest.raises(InvalidObserverError) as caught:
        Observers([np.nan, 0, 0], [0, 0, 0], [6, -1, 6], [0, 0, 400], [90, 90, 90], [10, 10, -5])
    assert {(p.where, p.name) for p in caught.value.problems} == {
        ("[0]", "x_m"),
        ("[1]", "height_m"),
        ("[2]", "azimuth_deg"),
        ("[2]", "range_m"),
    }
    assert caught.value.params["count"] == 4


def test_lengths_must_agree():
    with pytest.raises(InvalidObserverError, match="observer_lengths"):
        Observers(**{**GOOD, "x_m": [1.0, 2.0]})


def test_cameras_must_be_above_the_target():
    cameras = Observers([0, 1, 2], [0, 0, 0], [1.5, 6, 1.0], [0, 0, 0], [90] * 3, [50] * 3)
    require_above_target(cameras, 0.5)
    with pytest.raises(InvalidObserverError, match="observer_below_target") as caught:
        require_above_target(cameras, 1.5)
    assert [p.where for p in caught.value.problems] == ["[0]", "[2]"]


@pytest.mark.parametrize("target", [-0.1, np.nan, np.inf])
def test_the_target_plane_must_be_possible(target: float):
    with pytest.raises(InvalidObserverError, match="target_height_invalid"):
        require_above_target(Observers(**GOOD), target)

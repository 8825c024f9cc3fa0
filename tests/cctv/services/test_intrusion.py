"""What the cameras of the register see of houses: city against camera, level against level, turns that halve it."""

import numpy as np
import pytest

from cctv.services import privacy, situation


@pytest.fixture(scope="module")
def found(city_runtime):
    return situation.current(city_runtime)


def test_the_city_counts_each_place_once(city_runtime, found):
    seen = privacy.intrusion(city_runtime, found, "seen")
    counted = seen.per_camera.ground_m2[seen.is_counted]
    assert counted.max() <= seen.city.ground_m2[0] <= counted.sum() + 1e-6
    assert seen.unknown == 0


def test_a_finer_level_never_shows_more(city_runtime, found):
    seen, identify, validate = (privacy.intrusion(city_runtime, found, view) for view in privacy.VIEWS)
    known = ~np.isnan(identify.per_camera.ground_m2)
    assert 0 < known.sum() < len(known), "round cameras have no known level"
    assert (validate.per_camera.ground_m2[known] <= identify.per_camera.ground_m2[known] + 1e-6).all()
    assert (identify.per_camera.ground_m2[known] <= seen.per_camera.ground_m2[known] + 1e-6).all()


def test_the_worst_come_first_and_are_on_and_certain(city_runtime, found):
    seen = privacy.intrusion(city_runtime, found, "seen")
    rows = seen.worst(5)
    ground = seen.per_camera.ground_m2[rows]
    assert (np.diff(ground) <= 0).all()
    assert (found.watching.is_on & found.watching.is_certain)[rows].all()


def test_a_turn_halves_what_the_list_shows(city_runtime, found):
    seen = privacy.intrusion(city_runtime, found, "seen")
    turnable = [row for row in seen.worst(5) if found.watching.observers.hfov_deg[row] < 360]
    turn = privacy.turn_of(city_runtime, found, "seen", seen.camera_id[turnable[0]])
    assert turn.before_m2 == pytest.approx(seen.per_camera.ground_m2[turnable[0]], rel=1e-9)
    assert np.isnan(turn.turn_deg) or turn.after_m2 <= turn.before_m2 / 2

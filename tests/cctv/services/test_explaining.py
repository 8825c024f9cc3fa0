"""Why a place is not seen: every answer, against the geometry of a camera of the register."""

import numpy as np
import pytest
import shapely

from cctv.errors import NotFoundError
from cctv.geodata.lonlat import to_lonlat
from cctv.permissions import Role
from cctv.registry.access_log import recent_access
from cctv.services import situation
from cctv.services.explaining import explain_place
from cctv.ui.asking import sentence
from coverage.viewshed import line_of_sight, visible_polygons


@pytest.fixture(scope="module")
def watching(city_runtime):
    return situation.current(city_runtime).watching


@pytest.fixture
def ask(city_runtime, account_of, watching):
    operator = account_of(city_runtime, Role.OPERATOR)

    def answer(row: int, x_m: float, y_m: float, scale="iec-2025"):
        lon, lat = to_lonlat(x_m, y_m)
        return explain_place(city_runtime, operator, watching.camera_id[row], float(lon), float(lat), scale)

    return answer


def row_of(watching, *, tilted: bool) -> int:
    """A camera of known direction and picture that sees something."""
    observers = watching.observers
    good = watching.is_certain & (observers.is_clipped == tilted) & (observers.hfov_deg < 180)
    good &= (watching.resolution_px > 0) & (shapely.area(watching.area) > 50)
    return int(np.flatnonzero(good)[0])


def places(observers, row: int, n: int = 400):
    """Places around a camera, some of them out of its range."""
    rng = np.random.default_rng(5)
    angle, distance = rng.uniform(0, 2 * np.pi, n), 1.2 * observers.range_m[row] * np.sqrt(rng.random(n))
    return observers.x_m[row] + distance * np.sin(angle), observers.y_m[row] + distance * np.cos(angle)


def test_every_answer_holds_where_it_is_given(city_runtime, watching, ask):
    row = row_of(watching, tilted=True)
    one, area = watching.observers.take([row]), watching.area[row]
    obstacles = situation.base(city_runtime).obstacles
    given = set()
    for x, y in zip(*places(watching.observers, row), strict=True):
        found = ask(row, x, y)
        given.add(found.reason)
        if shapely.distance(area.boundary, shapely.Point(x, y)) < 0.05:
            continue
        assert (found.reason == "seen") == bool(shapely.contains_xy(area, x, y))
        assert (found.reason == "too_far") == (np.hypot(x - one.x_m[0], y - one.y_m[0]) > one.range_m[0])
        if found.reason == "not_in_picture":
            assert line_of_sight(obstacles, [[one.x_m[0], one.y_m[0], one.height_m[0]]], [[x, y, 1.5]])[0]
    assert {"seen", "too_far", "not_in_picture"} <= given


def test_the_height_that_would_help_does_help(city_runtime, watching, ask):
    obstacles = situation.base(city_runtime).obstacles
    helped = 0
    for row in range(len(watching.camera_id)):
        one = watching.observers.take([row])
        for x, y in zip(*places(watching.observers, row, 12), strict=True):
            found = ask(row, x, y)
            if found.reason != "hidden":
                continue
            eye = [one.x_m[0], one.y_m[0], found.numbers["needed_m"]]
            higher, lower = ([*eye[:2], eye[2] + off] for off in (0.01, -0.01))
            assert line_of_sight(obstacles, [higher, lower], [[x, y, 1.5]] * 2).tolist() == [True, False]
            helped += 1
    assert helped > 50


def test_a_plain_sector_says_where_it_looks(watching, ask, city_runtime):
    rows = np.flatnonzero(~watching.observers.is_clipped & (watching.observers.hfov_deg < 360))
    row = int(rows[0])
    observers = watching.observers
    behind = np.deg2rad(observers.azimuth_deg[row] + 180)
    found = ask(row, observers.x_m[row] + 5 * np.sin(behind), observers.y_m[row] + 5 * np.cos(behind))
    assert found.reason == "beside"
    assert found.numbers["bearing_deg"] == pytest.approx(np.rad2deg(behind) % 360, abs=1.5)  # grid rounding of lon/lat


def test_an_uncertain_camera_only_may_see(watching, ask):
    row = int(np.flatnonzero(~watching.is_certain & (shapely.area(watching.area) > 50))[0])
    spot = watching.area[row].representative_point()
    assert ask(row, spot.x, spot.y).reason == "possible"


def test_inside_a_building_no_height_helps(city_runtime, watching, ask):
    obstacles = situation.base(city_runtime).obstacles
    row = row_of(watching, tilted=False) if (~watching.observers.is_clipped & watching.is_certain).any() else 0
    near = obstacles.tree.query(shapely.Point(watching.observers.x_m[row], watching.observers.y_m[row]).buffer(30))
    reasons = {ask(row, *obstacles.polygons[b].representative_point().coords[0]).reason for b in near}
    assert reasons <= {"in_building", "beside", "too_far", "seen", "possible", "not_in_picture"}
    assert "hidden" not in reasons


def test_the_sentence_names_level_and_edition(watching, ask):
    row = row_of(watching, tilted=True)
    spot = watching.area[row].representative_point()
    for scale, edition in (("iec-2025", "IEC 62676-4:2025"), ("iec-2014", "IEC 62676-4:2014 (DORI)")):
        found = ask(row, spot.x, spot.y, scale)
        text = sentence(found, scale)
        assert not found.names["level"] or edition in text
        assert "{" not in text


def test_a_question_is_logged_and_needs_a_camera_on_the_map(city_runtime, account_of, watching, ask):
    ask(0, watching.observers.x_m[0] + 3, watching.observers.y_m[0])
    newest = recent_access(city_runtime.registry)[0]
    assert (newest.action, newest.target) == ("tanya_tempat", watching.camera_id[0])
    with pytest.raises(NotFoundError):
        explain_place(city_runtime, account_of(city_runtime, Role.VIEWER), "K-9999", 112.4, -7.4, "iec-2025")


def test_the_situation_holds_what_the_engine_computes(city_runtime, watching):
    expected = visible_polygons(situation.base(city_runtime).obstacles, watching.observers)
    assert (shapely.to_wkb(watching.area) == shapely.to_wkb(expected)).all()

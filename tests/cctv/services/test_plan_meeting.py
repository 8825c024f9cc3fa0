"""What a meeting is shown of a point: for whom it is, why there is none elsewhere, its pictures, the minutes."""

import io
from dataclasses import replace

import pytest
from PIL import Image

from cctv.errors import AccessError, NotFoundError
from cctv.permissions import Role
from cctv.registry import accounts
from cctv.registry.access_log import recent_access
from cctv.registry.plan_models import MoneyRules
from cctv.services import plan_files, plans
from cctv.services.plan_pictures import point_picture
from cctv.services.plan_reasons import benefits, why_not, why_not_words
from cctv.services.rab import rab_report


@pytest.fixture(scope="module")
def planner(city_runtime):
    return accounts.require_account(city_runtime.registry, "perencana")


@pytest.fixture(scope="module")
def plan(city_runtime, planner):
    return plans.make_plan(city_runtime, planner, name="Rapat", year=2027, pagu_idr=100_000_000, rules=MoneyRules())


def test_those_who_benefit_are_the_gain_of_the_point_taken_apart(city_runtime, plan):
    for row, point in enumerate(plan.points):
        found = benefits(city_runtime, plan, row)
        assert sum(space.area_m2 for space in found) == pytest.approx(point.gain_m2)
        assert list(found) == sorted(found, key=lambda space: -space.area_m2)


def test_a_point_of_the_plan_is_not_explained_away(city_runtime, planner, plan):
    point = plan.points[0]
    found = why_not(city_runtime, planner, plan, point.lon, point.lat)
    assert (found.code, found.rank) == ("in_plan", 1)
    assert "titik 1" in why_not_words(found)


def test_a_place_outside_the_city_has_no_candidate(city_runtime, planner, plan):
    found = why_not(city_runtime, planner, plan, 112.30, -7.47)
    assert (found.here, found.code) == ("not_public", "no_place")
    assert "60 m" in why_not_words(found)


def test_a_refused_place_says_what_would_have_to_change(city_runtime, planner, plan):
    """The next point of a richer plan is refused here, and would be taken at the price that is named."""
    richer = plans.make_plan(city_runtime, planner, name="Lebih", year=2027, pagu_idr=140_000_000, rules=MoneyRules())
    here = {(point.lon, point.lat) for point in plan.points}
    other = next(point for point in richer.points if (point.lon, point.lat) not in here)
    found = why_not(city_runtime, planner, plan, other.lon, other.lat)
    assert found.code in ("no_money_left", "others_see_more")
    assert found.refusal is not None
    assert found.refusal.below_idr < found.cost_idr
    assert "Baru terpilih" in why_not_words(found)
    assert recent_access(city_runtime.registry)[0].action == "tanya_tempat"


def test_pictures_are_drawn_for_those_who_plan_alone(city_runtime, planner, plan, account_of):
    for name in ("sebelum", "sesudah", "pandangan"):
        picture = Image.open(io.BytesIO(point_picture(city_runtime, planner, plan.plan_id, 1, name)))
        assert picture.width > 900
        assert len(picture.convert("RGB").getcolors(10**6) or []) > 20
    with pytest.raises(AccessError):
        point_picture(city_runtime, account_of(city_runtime, Role.OPERATOR), plan.plan_id, 1, "sesudah")
    for rank, name in ((1, "foto"), (99, "sesudah")):
        with pytest.raises(NotFoundError):
            point_picture(city_runtime, planner, plan.plan_id, rank, name)


def test_a_file_without_the_refused_points_states_the_plan_as_it_is_kept(city_runtime, plan):
    shorter = replace(plan, points=plan.points[1:])
    assert rab_report(city_runtime, shorter).state == rab_report(city_runtime, plan).state


def test_minutes_leave_as_standing_pdf(city_runtime, planner, plan):
    file = plan_files.plan_file(city_runtime, planner, plan.plan_id, "berita_pdf", "rapat")
    assert file.name == f"{plan.plan_id}-berita-acara.pdf"
    assert b"/MediaBox [ 0 0 595.2756 841.8898 ]" in file.body

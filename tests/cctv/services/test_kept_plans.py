"""Kept plans: made, changed, decided, signed off; every change with history and version; running one again."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest

from cctv.errors import AccessError, CctvError, StaleEditError, ValidationError
from cctv.permissions import Role
from cctv.registry import accounts, cameras, prices
from cctv.registry import plans as store
from cctv.registry.access_log import recent_access
from cctv.registry.doctor import doctor
from cctv.registry.history import changes
from cctv.registry.plan_models import MoneyRules
from cctv.registry.planned import PlannedCamera, list_planned
from cctv.registry.plans import NewPlan
from cctv.services import plan_files, plan_rerun, plans, price_list, rab, situation
from cctv.services.amounts import amount_of
from cctv.services.plan_achieved import achieved_m2
from cctv.services.plan_compare import compare
from cctv.services.plan_maps import plan_layer
from cctv.services.plan_words import rerun_words
from cctv.services.price_list import PriceEdit
from cctv.services.renting import buy_or_rent

MILLION = 10**6
TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.fixture
def planner(own_runtime, account_of):
    return account_of(own_runtime, Role.PLANNER)


@pytest.fixture(scope="module")
def computed(city_runtime):
    """A plan computed once; each test that writes keeps it in a register of its own, which is the same so far."""
    planner = accounts.require_account(city_runtime.registry, "perencana")
    return plans.make_plan(
        city_runtime, planner, name="Musrenbang 2027", year=2027, pagu_idr=100 * MILLION, rules=MoneyRules()
    )


@pytest.fixture
def plan(own_runtime, computed):
    new = NewPlan(computed.name, computed.year, computed.budget_idr, computed.rules, computed.prices, computed.run,
                  computed.points)  # fmt: skip
    return store.create_plan(own_runtime.registry, "perencana", new, "uji")


def test_tax_and_rounding_follow_the_rule():
    assert MoneyRules(1100, 1, "nearest").tax_idr(50) == 6  # 5.5 goes up
    assert MoneyRules(1111, 1, "nearest").tax_idr(100) == 11
    assert [MoneyRules(0, 1000, way).total_idr(1_500) for way in ("up", "nearest", "down")] == [2000, 2000, 1000]
    assert [MoneyRules(0, 3, way).total_idr(4) for way in ("up", "nearest", "down")] == [6, 3, 3]


def test_a_plan_fits_its_pagu_with_tax_and_is_the_ranking(own_runtime, plan):
    assert 80 * MILLION < plan.total_idr <= plan.budget_idr == 100 * MILLION
    assert plan.net_idr == plan.run.spend_idr
    assert [point.rank for point in plan.points] == list(range(1, len(plan.points) + 1))
    assert all(line.item_id and line.unit_price_idr for point in plan.points for line in point.lines)
    assert sum(point.gain_weight for point in plan.points) == plan.run.value
    assert store.get_plan(own_runtime.registry, plan.plan_id) == plan
    assert doctor(own_runtime.registry) == []


def test_every_change_has_its_history_and_its_version(own_runtime, planner, account_of, plan):
    first = plan.points[0]
    plans.save_table(own_runtime, planner, plan.plan_id, [(first.plan_point_id, 1, {"land_status": "city"})])
    boss = account_of(own_runtime, Role.VIEWER)
    words = {"decision": "refused", "decision_note": "lahan sengketa"}
    plans.save_table(own_runtime, boss, plan.plan_id, [(first.plan_point_id, 2, words)])
    with pytest.raises(StaleEditError):
        plans.save_table(own_runtime, boss, plan.plan_id, [(first.plan_point_id, 2, {"decision": "accepted"})])
    newest, middle, made = changes(own_runtime.registry, "plan_point", first.plan_point_id)
    assert (newest.actor, middle.actor, made.op) == ("pimpinan", "perencana", "create")
    point = store.get_plan(own_runtime.registry, plan.plan_id).points[0]
    assert (point.decision, point.decided_by, point.version) == ("refused", "pimpinan", 3)
    assert doctor(own_runtime.registry) == []


def test_one_stale_row_keeps_all_others_from_being_written(own_runtime, planner, plan):
    edits = [(point.plan_point_id, point.version, {"fund": "apbd"}) for point in plan.points]
    edits[-1] = (edits[-1][0], 7, {"fund": "apbd"})
    with pytest.raises(StaleEditError):
        plans.save_table(own_runtime, planner, plan.plan_id, edits)
    assert {point.fund for point in store.get_plan(own_runtime.registry, plan.plan_id).points} == {""}


def test_only_a_decided_plan_is_signed_and_then_it_stays_as_it_is(own_runtime, planner, account_of, plan):
    boss = account_of(own_runtime, Role.VIEWER)
    with pytest.raises(ValidationError) as refused:
        plans.sign_plan(own_runtime, boss, plan, "rapat")
    assert {problem.code for problem in refused.value.problems} == {"undecided"}
    edits = [(point.plan_point_id, point.version, {"decision": "accepted"}) for point in plan.points]
    plans.save_table(own_runtime, boss, plan.plan_id, edits)
    with pytest.raises(AccessError):
        plans.sign_plan(own_runtime, planner, plan, "rapat")
    plans.sign_plan(own_runtime, boss, plan, "rapat 25/11/2026")
    signed = store.get_plan(own_runtime.registry, plan.plan_id)
    assert (signed.state, signed.signed_by, signed.signed_at is not None) == ("signed", "pimpinan", True)
    with pytest.raises(ValidationError, match="not_draft"):
        plans.save_table(own_runtime, planner, plan.plan_id, [(edits[0][0], 2, {"fund": "csr"})])
    copied = plans.copy_plan(own_runtime, planner, plan.plan_id, "Salinan")
    assert (copied.state, copied.copy_of, copied.run) == ("draft", plan.plan_id, plan.run)
    assert {point.decision for point in copied.points} == {"open"}
    plans.archive_plan(own_runtime, planner, signed, "selesai")
    archived = store.get_plan(own_runtime.registry, plan.plan_id)
    assert (archived.state, archived.signed_by) == ("archived", "pimpinan")


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR, Role.EDITOR])
def test_plans_are_made_by_planners(own_runtime, account_of, role):
    with pytest.raises(AccessError):
        plans.make_plan(own_runtime, account_of(own_runtime, role), name="x", year=2027, pagu_idr=1,
                        rules=MoneyRules())  # fmt: skip
    assert store.list_plans(own_runtime.registry) == []


def test_a_bad_name_and_year_are_refused_together_and_nothing_is_kept(own_runtime, planner):
    with pytest.raises(ValidationError) as refused:
        plans.make_plan(own_runtime, planner, name=" ", year=1999, pagu_idr=MILLION, rules=MoneyRules(9_000))
    assert {problem.name for problem in refused.value.problems} == {"name", "year", "tax_bp"}
    assert store.list_plans(own_runtime.registry) == []


def test_running_again_gives_the_same_answer_or_says_what_changed(own_runtime, planner, plan):
    again = plan_rerun.rerun(own_runtime, plan)
    assert (again.is_identical, again.has_cause) == (True, False)
    assert "sama persis" in rerun_words(again)
    price_list.save_prices(
        own_runtime, planner, [PriceEdit("camera_fixed", 1, {"price_idr": "9.000.000"})], "SSH", TODAY
    )
    camera = next(c for c in cameras.list_cameras(own_runtime.registry) if c.status == "on")
    cameras.update_camera(own_runtime.registry, "admin", camera.camera_id, camera.version, {"status": "off"}, "mati")
    again = plan_rerun.rerun(own_runtime, plan)
    assert not again.is_identical
    (price,) = again.prices
    assert (price.item_id, price.before_idr, price.now_idr) == ("camera_fixed", 4_500_000, 9_000_000)
    assert again.records == (("camera", camera.camera_id),)
    words = rerun_words(again)
    assert "Rp 4.500.000" in words
    assert camera.camera_id in words
    assert store.get_plan(own_runtime.registry, plan.plan_id).prices == plan.prices


@pytest.mark.parametrize(
    ("changes_", "code"),
    [
        ({"price_idr": "-5"}, "out_of_range"), ({"price_idr": "empat juta"}, "not_number"),
        ({"source": " "}, "required"),
        ({"as_of": date(2031, 1, 1)}, "price_year"), ({"as_of": date(1999, 1, 1)}, "price_year"),
        ({"tkdn_percent": 140.0}, "out_of_range"), ({"name": ""}, "required"),
    ],
)  # fmt: skip
def test_bad_prices_are_named_and_nothing_is_saved(own_runtime, planner, changes_, code):
    before = prices.list_prices(own_runtime.registry)
    edits = [PriceEdit("panel", 1, {"price_idr": "7.000.000"}), PriceEdit("pln", 1, changes_)]
    with pytest.raises(ValidationError) as refused:
        price_list.save_prices(own_runtime, planner, edits, "SSH", TODAY)
    assert [(problem.code, problem.where) for problem in refused.value.problems] == [(code, "pln")]
    assert prices.list_prices(own_runtime.registry) == before


@pytest.mark.parametrize(
    ("text", "amount"),
    [("4500000", 4_500_000), ("4.500.000", 4_500_000), ("Rp 4.500.000,00", 4_500_000), ("4,500,000", 4_500_000),
     ("-5", -5), ("4.5", None), ("", None), ("4.50.000", None), ("12 jt", None)],
)  # fmt: skip
def test_amounts_are_read_as_people_type_them(text, amount):
    assert amount_of(text) == amount


def test_a_missing_component_is_named_and_can_be_added(own_runtime, planner):
    with own_runtime.registry.transaction("admin") as cursor:
        cursor.execute("delete from price where item_id = 'rent_month'")
        cursor.execute("delete from history where entity_id = 'rent_month'")
    assert set(price_list.missing_items(own_runtime)) == {"rent_month"}
    price_list.add_defaults(own_runtime, planner)
    assert price_list.missing_items(own_runtime) == {}
    assert doctor(own_runtime.registry) == []


def test_buying_and_renting_are_summed_over_five_years(plan):
    found = buy_or_rent(plan)
    n = len(plan.points)
    assert found.rent_idr[0] == round(n * 12 * 2_500_000 * 1.11)
    assert found.buy_idr[1] == plan.total_idr + round(2 * n * (2_500_000 + 12 * 1_200_000) * 1.11)
    assert len(found.buy_idr) == len(found.rent_idr) == 5


def test_the_workbook_is_logged_and_says_what_it_rests_on(own_runtime, account_of, plan):
    boss = account_of(own_runtime, Role.VIEWER)
    with pytest.raises(CctvError, match="report_reason"):
        plan_files.plan_file(own_runtime, boss, plan.plan_id, "rab", " ")
    file = plan_files.plan_file(own_runtime, boss, plan.plan_id, "rab", "rapat")
    newest = recent_access(own_runtime.registry)[0]
    assert (newest.username, newest.action, newest.detail) == ("pimpinan", "unduh_rencana", "rapat")
    assert file.name == "R-0001-rab.xlsx"
    report = rab.rab_report(own_runtime, plan)
    assert sum(point.total_idr for point in report.points) == plan.total_idr
    assert any("SINTETIS" in words for words in report.cautions)
    with pytest.raises(AccessError):
        plan_files.plan_file(own_runtime, account_of(own_runtime, Role.OPERATOR), plan.plan_id, "rab", "rapat")


def test_accepted_points_of_a_signed_plan_go_step_by_step_to_a_camera_that_is_on(
    own_runtime, planner, account_of, plan
):
    boss = account_of(own_runtime, Role.VIEWER)
    words = ["accepted", *["postponed"] * (len(plan.points) - 1)]
    edits = [(p.plan_point_id, 1, {"decision": word}) for p, word in zip(plan.points, words, strict=True)]
    plans.save_table(own_runtime, boss, plan.plan_id, edits)
    plans.sign_plan(own_runtime, boss, plan, "rapat")

    def now():
        (item,) = list_planned(own_runtime.registry)
        return item

    listed = cameras.list_cameras(own_runtime.registry)
    on, off = (next(c.camera_id for c in listed if c.status == status) for status in ("on", "off"))
    assert (now().state, now().plan_point_id) == ("planned", plan.points[0].plan_point_id)
    for changes_, code in (
        ({"state": "alive", "camera_id": on}, "state_skipped"),
        ({"state": "tendered", "camera_id": "K-9999"}, "reference"),
        ({"actual_idr": -5}, "out_of_range"), ({"state": "dipasang"}, "choice"),
    ):  # fmt: skip
        with pytest.raises(ValidationError, match=code):
            plans.move_planned(own_runtime, planner, now(), changes_, "uji")
    plans.move_planned(own_runtime, planner, now(), {"state": "tendered"}, "kontrak")
    with pytest.raises(ValidationError, match="camera_needed"):
        plans.move_planned(own_runtime, planner, now(), {"state": "installed"}, "uji")
    plans.move_planned(own_runtime, planner, now(), {"state": "installed", "camera_id": off}, "serah terima")
    with pytest.raises(ValidationError, match="camera_not_on"):
        plans.move_planned(own_runtime, planner, now(), {"state": "alive"}, "uji")
    plans.move_planned(
        own_runtime, planner, now(), {"state": "alive", "camera_id": on, "actual_idr": 21_000_000}, "uji"
    )
    assert (now().state, now().actual_idr, now().version) == ("alive", 21_000_000, 4)
    assert doctor(own_runtime.registry) == []


def test_what_was_achieved_is_what_the_camera_sees_beyond_all_others(own_runtime, plan):
    point = plan.points[0]
    found = situation.current(own_runtime)
    views, alone = found.sightings.sure, found.alive.n_certain + found.alive.n_possible == 1
    own = {row: int(alone[views.row[views.camera == row]].sum()) for row in np.flatnonzero(found.watching.is_certain)}
    row = max((row for row in own if found.is_alive[row]), key=lambda row: own[row])
    assert own[row] > 0
    here = PlannedCamera(point.plan_point_id, plan.plan_id, "alive", NOW, found.cameras[row][1].camera_id, None, "", 1)
    area = found.base.demand.cell_area_m2
    assert achieved_m2(own_runtime, plan, [here]) == {point.plan_point_id: own[row] * area}
    for other in (replace(here, state="installed"), replace(here, camera_id="K-9999")):
        assert achieved_m2(own_runtime, plan, [other]) == {point.plan_point_id: None}


def test_plans_side_by_side_name_what_differs_and_why(own_runtime, plan):
    fewer = NewPlan("Lebih kecil", 2027, 50 * MILLION, plan.rules, plan.prices, plan.run, plan.points[:2])
    other = store.create_plan(own_runtime.registry, "perencana", fewer, "uji")
    answer = compare([plan, other])
    assert [(item.is_shared, item.ranks) for item in answer.points] == [
        *[(False, (rank, None)) for rank in range(3, len(plan.points) + 1)], (True, (1, 1)), (True, (2, 2)),
    ]  # fmt: skip
    assert tuple(map(sum, zip(*(sums for _, sums in answer.kelurahan), strict=True))) == (
        plan.total_idr, other.total_idr,
    )  # fmt: skip
    (cause,) = answer.causes
    assert "Rp 100.000.000" in cause
    assert "Rp 50.000.000" in cause
    assert compare([plan, plan]).causes[0].endswith("metode sama")


def test_the_map_of_a_plan_is_for_those_who_plan_and_logged(own_runtime, account_of, plan):
    body = json.loads(plan_layer(own_runtime, account_of(own_runtime, Role.VIEWER), plan.plan_id))
    assert [feature["properties"]["rank"] for feature in body["features"]] == [point.rank for point in plan.points]
    assert recent_access(own_runtime.registry)[0].target == "rencana"
    with pytest.raises(AccessError):
        plan_layer(own_runtime, account_of(own_runtime, Role.OPERATOR), plan.plan_id)

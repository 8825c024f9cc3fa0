"""Plans around points that people force, forbid or place; the same wishes give the same plan."""

from dataclasses import replace

import pytest

from cctv.errors import ValidationError
from cctv.registry import accounts
from cctv.registry.plan_models import Hand, MoneyRules, Spot, run_from, to_text
from cctv.services import plan_rerun, plans
from cctv.services.plan_by_hand import effect

PAGU = 120_000_000
#: In the street before the first point of no plan, and in the middle of nowhere.
OUTSIDE = Spot(112.30, -7.47, None, "dome")


@pytest.fixture(scope="module")
def planner(city_runtime):
    return accounts.require_account(city_runtime.registry, "perencana")


def made(city_runtime, planner, hand=None, like=None):
    return plans.make_plan(city_runtime, planner, name="Uji", year=2027, pagu_idr=PAGU, rules=MoneyRules(),
                           hand=hand or Hand(), like=like)  # fmt: skip


@pytest.fixture(scope="module")
def plain(city_runtime, planner):
    return made(city_runtime, planner)


def beside(point, metres=12.0):
    """A camera that sees all round, a little north of a point."""
    return Spot(point.lon, round(point.lat + metres / 110_600, 7), None, "dome")


def test_a_forbidden_point_is_replaced_and_the_answer_stays_the_same(city_runtime, planner, plain):
    gone = plain.points[0]
    plan = made(city_runtime, planner, Hand(forbidden=(gone.spot,)), plain)
    assert plan.copy_of == plain.plan_id
    assert (gone.lon, gone.lat) not in {(point.lon, point.lat) for point in plan.points}
    assert plan.total_idr <= PAGU
    assert plan.run.value <= plain.run.upper_bound
    assert plan_rerun.rerun(city_runtime, plan).is_identical


def test_a_forced_point_is_in_a_plan_that_would_not_have_it(city_runtime, planner, plain):
    gone = plain.points[0]
    second = made(city_runtime, planner, Hand(forbidden=(gone.spot,)))
    wanted = next(point for point in second.points if point.spot not in {p.spot for p in plain.points})
    plan = made(city_runtime, planner, Hand(forced=(wanted.spot,)))
    assert wanted.spot in {point.spot for point in plan.points}
    assert plan.run.hand.forced == (wanted.spot,)


def test_a_placed_point_comes_first_and_everything_still_adds_up(city_runtime, planner, plain):
    spot = beside(plain.points[0])
    plan = made(city_runtime, planner, Hand(placed=(spot,)), plain)
    assert plan.points[0].spot == spot
    assert [point.rank for point in plan.points] == list(range(1, len(plan.points) + 1))
    assert plan.net_idr == plan.run.spend_idr <= plan.run.budget_idr
    assert plan.total_idr <= PAGU
    assert sum(point.gain_weight for point in plan.points) == plan.run.value <= plan.run.upper_bound
    assert plan.run.seen_after > plan.run.seen_before
    assert plan_rerun.rerun(city_runtime, plan).is_identical
    assert run_from(to_text(plan.run)) == plan.run


def test_the_effect_at_once_is_what_the_plan_says_later(city_runtime, planner, plain):
    spot = beside(plain.points[0])
    alone = effect(city_runtime, plain, spot, ())
    plan = made(city_runtime, planner, Hand(placed=(spot,)))
    assert (alone.point.gain_m2, alone.point.net_idr) == (plan.points[0].gain_m2, plan.points[0].net_idr)
    assert effect(city_runtime, plain, spot, (spot,)).point.gain_m2 == 0


def test_a_camera_outside_the_city_or_too_dear_is_refused(city_runtime, planner, plain):
    with pytest.raises(ValidationError) as caught:
        effect(city_runtime, plain, OUTSIDE, ())
    assert [problem.code for problem in caught.value.problems] == ["hand_outside"]
    with pytest.raises(ValidationError) as caught:
        plans.make_plan(city_runtime, planner, name="Uji", year=2027, pagu_idr=10_000_000, rules=MoneyRules(),
                        hand=Hand(placed=(beside(plain.points[0]),)))  # fmt: skip
    assert [problem.code for problem in caught.value.problems] == ["hand_over_pagu"]


def test_what_was_filled_in_stays_but_no_decision(city_runtime, planner, plain):
    rich = replace(plain, points=tuple(replace(p, fund="apbd", decision="accepted") for p in plain.points))
    plan = made(city_runtime, planner, Hand(), rich)
    assert {point.fund for point in plan.points} == {"apbd"}
    assert {point.decision for point in plan.points} == {"open"}

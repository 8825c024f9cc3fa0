"""Questions about coverage, gaps in words, robustness: against direct counts from the situation."""

import json

import numpy as np
import pytest

from cctv.errors import AccessError, CctvError
from cctv.permissions import Role
from cctv.services import maplayers, situation, strength
from cctv.services.gap_words import gap_reason, gap_title, titled
from cctv.services.questions import Question, ask


@pytest.fixture(scope="module")
def found(city_runtime):
    return situation.current(city_runtime)


QUESTIONS = (
    Question(),
    Question(basis="designed"),
    Question(level="discern"),
    Question(is_night=True),
    Question(level="validate", is_night=True, basis="designed"),
    Question(owners=frozenset({"dishub"})),
)


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_a_question_survives_its_address(question):
    assert Question.read(question.query()) == question


@pytest.mark.parametrize("query", [{"tingkat": "tajam"}, {"dasar": "semua"}])
def test_an_address_that_asks_nonsense_is_refused(query):
    with pytest.raises(CctvError, match="bad_query"):
        Question.read(query)


def test_asking_for_less_finds_less(city_runtime):
    usual, *others = (ask(city_runtime, question).state for question in QUESTIONS)
    designed, level, night, *_ = others
    assert designed.covered_area_share.high >= usual.covered_area_share.high
    assert designed.covered_area_share.low >= usual.covered_area_share.low
    for narrower in (level, night):
        assert narrower.covered_area_share.low <= usual.covered_area_share.low
        assert narrower.covered_area_share.high <= usual.covered_area_share.high + 1e-12
    for state in (usual, *others):
        for share in (state.covered_area_share, state.covered_demand_share, state.covered_corridor_share):
            assert 0 <= share.low <= share.high <= 1 + 1e-9
        assert state.k_coverage[3].high <= state.k_coverage[2].high <= state.k_coverage[1].high


def test_the_same_question_is_answered_once(city_runtime):
    assert ask(city_runtime, Question(level="outline")) is ask(city_runtime, Question(level="outline"))


def test_a_pole_is_worth_what_a_count_without_it_lacks(city_runtime, found):
    answer = ask(city_runtime)
    table = strength.by_point(answer).set_index("point")
    name = table.index[0]
    assert table["lost_m2"].iloc[0] > 0
    on_pole = np.array([item.point.name == name for item, _ in found.cameras])
    before = answer.counted().n_certain > 0
    after = answer.counted(answer.chosen & ~on_pole).n_certain > 0
    assert (before & ~after).sum() * found.base.demand.cell_area_m2 == pytest.approx(table.loc[name, "lost_m2"])


def test_owners_and_cameras_are_listed_once_and_only_those_that_count(city_runtime, found):
    answer = ask(city_runtime)
    owners, cameras = strength.by_owner(answer), strength.by_camera(answer)
    assert owners["cameras"].sum() == cameras["cameras"].sum() == answer.chosen.sum()
    assert owners["owner"].is_unique


def test_repairs_are_of_cameras_that_do_not_work(city_runtime, found):
    table = strength.best_repairs(ask(city_runtime))
    working = {camera.camera_id for (_, camera), alive in zip(found.cameras, found.is_alive, strict=True) if alive}
    assert 0 < len(table) <= 10
    assert not set(table["camera_id"]) & working
    assert (table["low_m2"] <= table["expected_m2"] + 1e-9).all()
    assert (table["expected_m2"] <= table["high_m2"] + 1e-9).all()
    assert table["total_m2"].is_monotonic_increasing


def test_private_owners_never_take_away(city_runtime):
    table = strength.if_they_join(city_runtime, ask(city_runtime))
    assert table["owner"].iloc[-1] == ""
    assert (table["low"] >= table["base_low"]).all()
    assert (table["high"] >= table["base_high"] - 1e-12).all()
    assert table["high"].iloc[-1] == table["high"].max()


def test_two_owners_share_forty_metres_at_least(city_runtime):
    table = strength.shared_streets(ask(city_runtime))
    assert (table["owner_a"] != table["owner_b"]).all()
    assert (table["street_m"] >= 40).all()


def test_a_new_point_has_a_price(city_runtime):
    assert strength.new_point_idr(city_runtime) > 1_000_000


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        ({"name": "Jl A", "between_from": "Jl B", "between_to": "Jl C", "is_near": False}, "Jl A antara Jl B dan Jl C"),
        ({"name": "Jl A", "between_from": "Jl B", "between_to": "", "is_near": False}, "Jl A di sisi Jl B"),
        ({"name": "Jl A", "between_from": "", "between_to": "", "is_near": True}, "dekat Jl A"),
        ({"name": "Pasar", "between_from": "", "between_to": "", "is_near": False}, "Pasar"),
        ({"name": "", "between_from": "", "between_to": "", "is_near": False}, "tanpa nama (taman dan alun-alun)"),
    ],
)
def test_a_gap_is_named(gap, words):
    assert gap_title({**gap, "space_class": "park"}) == words


def test_every_large_gap_has_a_name_and_a_reason(city_runtime):
    answer = ask(city_runtime)
    reasons = [gap_reason(answer, row) for row in range(25)]
    assert all(reason.endswith(".") and "{" not in reason and not reason.startswith("gaps.") for reason in reasons)
    assert len({reason.split("(")[0] for reason in reasons}) > 1
    assert all(titled(answer.gaps.head(25))["name"].str.len() > 0)


@pytest.mark.parametrize("part", ["sekali", "dua", "mungkin"])
def test_what_is_watched_is_drawn_for_the_question(city_runtime, account_of, part):
    viewer = account_of(city_runtime, Role.VIEWER)
    drawn = json.loads(maplayers.layer(city_runtime, viewer, "terpantau", {"bagian": part}))["features"]
    assert len(drawn) == 1
    assert drawn[0]["geometry"]["coordinates"]


def test_the_watched_layer_is_for_those_who_see_gaps(city_runtime, account_of):
    with pytest.raises(AccessError):
        maplayers.layer(city_runtime, account_of(city_runtime, Role.OPERATOR), "terpantau", {"bagian": "dua"})
    with pytest.raises(CctvError, match="bad_query"):
        maplayers.layer(city_runtime, account_of(city_runtime, Role.VIEWER), "terpantau", {"bagian": "semua"})

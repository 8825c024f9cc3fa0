"""The validator: thirty faulty plans are refused with the right words, thirty right ones pass."""

import io
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import python_calamine

from cctv.errors import AccessError, ValidationError
from cctv.i18n.messages import problem_text
from cctv.permissions import Role
from cctv.registry import plans as store
from cctv.registry.envelopes import Balance, Envelope
from cctv.registry.plan_models import CostLine, KeptPrice, MoneyRules, Plan, PlanPoint, RunMark
from cctv.services import plan_files, plans
from cctv.services.plan_checks import plan_problems
from cctv.services.procurement import calendar

TODAY = date(2026, 11, 25)
CODES = {"INF.01", "INF.02"}
ITEMS = {"camera": 4_500_000, "panel": 6_500_000, "fibre": 35_000}
PRICES = tuple(KeptPrice(k, k, "unit", v, "SSH", "2026-11-24", is_assumption=True) for k, v in ITEMS.items())
KELURAHAN, FUNDS = ("Meri", "Wates", "Miji"), ("apbd", "dana_kelurahan", "provinsi", "csr")


def right_plan(seed: int) -> Plan:
    """Make a plan that the city would take: complete, within its ceilings, in time."""
    draw = random.Random(seed)
    points = []
    for rank in range(1, draw.randrange(2, 26)):
        lines = tuple(CostLine(item, item, item, "unit", draw.randrange(1, 9), price) for item, price in ITEMS.items())
        points.append(
            PlanPoint(
                f"R-1/{rank:03d}", "R-1", rank, f"Jl {rank}", draw.choice(KELURAHAN), 112.43, -7.47, None, "dome",
                10.0, 50.0, 100, lines, usulan_code=draw.choice(sorted(CODES)), agency_id="dishub",
                fund=draw.choice(FUNDS), land_status=draw.choice(["city", "permitted"]),
                decision=draw.choice(["open", "accepted", "accepted"]) if rank > 1 else "accepted",
            )
        )  # fmt: skip
    spend = sum(point.net_idr for point in points)
    run = RunMark("abc", 0, "1.2", 1, 1, 0.0, spend, spend, 0.0, 0.1, 0.0, 0.1, "x", is_synthetic=True,
                  computed_at="2026-11-25T00:00:00+00:00")  # fmt: skip
    rules = MoneyRules(draw.choice([0, 1100, 1200]), draw.choice([1, 1000]), draw.choice(["up", "down", "nearest"]))
    plan = Plan("R-1", "Uji", 2027, 0, "draft", datetime.now(UTC), "x", None, "", "", rules, PRICES, run,
                tuple(points), 1)  # fmt: skip
    return replace(plan, budget_idr=plan.total_idr + draw.choice([0, 5_000_000]))


def ceilings(plan: Plan, *, short_by: int = 0) -> list[Balance]:
    """Give ceilings that just reach, or are short by some Rupiah."""

    def spent(name: str) -> int:
        mine = [p for p in plan.points if p.kelurahan == name and p.decision in ("open", "accepted")]
        return sum(plan.rules.total_idr(point.net_idr) for point in mine)

    return [
        Balance(Envelope(f"P-{k}", 2027, name, "", "", max(spent(name) - short_by, 0), False, "KUA", 1), 0, 0)  # noqa: FBT003
        for k, name in enumerate(KELURAHAN)
    ]  # fmt: skip


def problems(plan: Plan, left: list[Balance] | None = None, today: date = TODAY) -> dict[str, str]:
    found = list(plan_problems(plan, CODES, ceilings(plan) if left is None else left, calendar(), today))
    return {problem.code: problem_text(problem) for problem in found}


def first(**changes):
    return lambda plan: replace(plan, points=(replace(plan.points[0], **changes), *plan.points[1:]))


def other_line(**changes):
    def change(plan):
        line, *rest = plan.points[0].lines
        return first(lines=(replace(line, **changes), *rest))(plan)

    return change


def all_points(**changes):
    return lambda plan: replace(plan, points=tuple(replace(point, **changes) for point in plan.points))


FAULTS = {
    "code_missing": (first(usulan_code=""), "kode kamus usulan belum diisi"),
    "code_unknown": (first(usulan_code="X.99"), "X.99 tidak ada di kamus usulan"),
    "agency_missing": (first(agency_id=""), "OPD pengampu belum diisi"),
    "fund_missing": (first(fund=""), "sumber dana belum diisi"),
    "land_unknown": (first(land_status="unknown"), "status lahan atau tiang belum diketahui"),
    "land_not_permitted": (first(land_status="not_permitted"), "belum berizin"),
    "over_pagu": (lambda plan: replace(plan, budget_idr=plan.total_idr - 1), "melewati sisa pagu"),
    "plan_sum": (lambda plan: replace(plan, run=replace(plan.run, spend_idr=plan.run.spend_idr + 1)), "tidak sama"),
    "line_price": (other_line(unit_price_idr=4_000_000), "Rp 4.000.000, padahal daftar harga rencana ini Rp 4.500.000"),
    "line_quantity": (other_line(quantity=0), "tidak wajar"),
    "plan_empty": (all_points(decision="refused"), "tidak ada titik"),
    "calendar": (all_points(fund="papbd"), "paling lambat 15/12/2027"),
    "plan_year_past": (lambda plan: replace(plan, year=2025), "2025 sudah lewat"),
}


@pytest.mark.parametrize("seed", range(30))
def test_a_right_plan_passes(seed):
    assert problems(right_plan(seed)) == {}


@pytest.mark.parametrize("seed", range(30))
def test_a_faulty_plan_is_refused_with_the_right_words(seed):
    """The first thirteen have one fault each, the others two or three that do not hide one another."""
    draw, names = random.Random(seed), list(FAULTS)
    alone = {"plan_empty", "plan_year_past"}
    pool = [name for name in names if name not in alone]
    chosen = [names[seed]] if seed < len(names) else draw.sample(pool, draw.choice([2, 3]))
    if {"code_missing", "code_unknown"} <= set(chosen):
        chosen.remove("code_missing")
    if {"land_unknown", "land_not_permitted"} <= set(chosen):
        chosen.remove("land_unknown")
    if {"fund_missing", "calendar"} <= set(chosen):
        chosen.remove("fund_missing")
    plan = right_plan(seed)
    for name in sorted(chosen, key=lambda name: (name in ("over_pagu", "plan_sum"), name)):
        plan = FAULTS[name][0](plan)
    found = problems(plan)
    assert set(chosen) <= set(found)
    # a changed line changes the sum, too; nothing else may be reported
    assert set(found) - set(chosen) <= ({"plan_sum"} if {"line_price", "line_quantity"} & set(chosen) else set())
    for name in chosen:
        assert FAULTS[name][1] in found[name]


def test_a_ceiling_that_is_one_rupiah_short_is_named():
    plan = right_plan(4)
    found = list(plan_problems(plan, CODES, ceilings(plan, short_by=1), calendar(), TODAY))
    assert {problem.code for problem in found} == {"over_pagu"}
    assert {problem.where for problem in found} <= {f"pagu {name}" for name in KELURAHAN}


def test_refused_and_postponed_points_need_nothing():
    plan = first(usulan_code="", land_status="unknown", decision="postponed")(right_plan(7))
    assert problems(plan) == {}


def test_the_calendar_counts_from_the_day_the_money_or_the_papers_come():
    times = calendar()
    early = times.finish("apbd", 2027, 150_000_000, 5, TODAY)
    assert early == date(2027, 1, 15) + timedelta(21 + 21 + 21 + 10)
    assert times.finish("apbd", 2027, 250_000_000, 5, TODAY) == early + timedelta(60 - 21)
    assert times.finish("apbd", 2027, 150_000_000, 5, date(2027, 11, 1)) > times.latest(2027)


def test_official_files_go_out_only_after_the_check_and_hold_proposed_points_alone(city_runtime, account_of):
    planner = account_of(city_runtime, Role.PLANNER)
    plan = plans.make_plan(city_runtime, planner, name="Uji", year=2027, pagu_idr=100_000_000, rules=MoneyRules())
    for form in ("usulan", "kak"):
        with pytest.raises(ValidationError, match="plan_refused"):
            plan_files.plan_file(city_runtime, planner, plan.plan_id, form, "rapat")
    whole = {"usulan_code": "ASUMSI-INF-01", "agency_id": "dishub", "fund": "apbd", "land_status": "city"}
    edits = [(point.plan_point_id, point.version, dict(whole)) for point in plan.points]
    edits[0][2]["decision"] = "refused"
    plans.save_table(city_runtime, planner, plan.plan_id, edits)
    body = plan_files.plan_file(city_runtime, planner, plan.plan_id, "usulan", "rapat").body
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python()[4:]
    assert [row[0] for row in rows[:-1]] == [point.rank for point in plan.points[1:]]
    assert rows[-1][10] == store.get_plan(city_runtime.registry, plan.plan_id).total_idr < plan.total_idr
    body = plan_files.plan_file(city_runtime, planner, plan.plan_id, "rab", "rapat").body
    summary = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_name("Ringkasan")
    assert summary.to_python()[11][1] == rows[-1][10]
    for form in ("ringkasan", "titik", "gpkg", "geojson", "kak"):
        assert len(plan_files.plan_file(city_runtime, planner, plan.plan_id, form, "rapat").body) > 1_000
    with pytest.raises(AccessError):
        plan_files.plan_file(city_runtime, account_of(city_runtime, Role.VIEWER), plan.plan_id, "gpkg", "rapat")

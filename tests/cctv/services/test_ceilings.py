"""Ceilings: what is left, what is carried over, and every kind of bad row named, with nothing half-written."""

from dataclasses import replace

import pytest
import xlsxwriter

from cctv.errors import AccessError, ImportProblemsError, StaleEditError, ValidationError
from cctv.i18n.messages import problem_text
from cctv.permissions import Role
from cctv.registry import plans as plan_store
from cctv.registry.doctor import doctor
from cctv.registry.envelopes import balances, limits, list_envelopes
from cctv.registry.plan_models import CostLine, MoneyRules, PlanPoint, RunMark
from cctv.registry.plans import NewPlan
from cctv.services import ceilings
from cctv.services.price_list import today_here

YEAR = today_here().year + 1
GOOD = {
    "year": str(YEAR), "kelurahan": "Kedundung", "agency_id": "-", "fund": "dana kelurahan",
    "amount_idr": "Rp 180.000.000", "carry_over": "ya", "source": "KUA-PPAS",
}  # fmt: skip


@pytest.fixture
def planner(own_runtime, account_of):
    return account_of(own_runtime, Role.PLANNER)


def save(runtime, account, *rows, gone=()):
    typed = [(f"baris {n}", key, version, values) for n, (key, version, values) in enumerate(rows, start=1)]
    ceilings.save_ceilings(runtime, account, typed, list(gone), "KUA-PPAS")


def new(**changes):
    return "", 0, {**GOOD, **changes}


def kept_plan(runtime, *, year, decision="accepted", fund="dana_kelurahan", kelurahan="Kedundung", net=10_000_000):
    """Keep and sign a plan of one point that costs 11,100,000 with tax."""
    point = PlanPoint(
        "", "", 1, "Jl Uji", kelurahan, 112.43, -7.47, None, "dome", 0.0, 1.0, 1,
        (CostLine("camera", "camera_dome", "Kamera", "unit", 1, net),), fund=fund,
    )  # fmt: skip
    run = RunMark("abc", 0, "1.2", 1, 1, 0.0, net, net, 0.0, 0.1, 0.0, 0.1, "x", True, "2026-11-25T00:00:00+00:00")  # noqa: FBT003
    made = plan_store.create_plan(
        runtime.registry, "perencana", NewPlan("Uji", year, 10**9, MoneyRules(1100, 1, "up"), (), run, (point,)), "uji"
    )
    edit = (made.points[0].plan_point_id, 1, {"decision": decision})
    plan_store.change_points(runtime.registry, "pimpinan", made.plan_id, [edit], "rapat")
    plan_store.sign_plan(runtime.registry, "pimpinan", made.plan_id, 1, "rapat")
    return made


def test_a_point_counts_against_every_ceiling_that_fits_it(own_runtime, planner):
    save(
        own_runtime, planner, new(), new(kelurahan="", fund="", amount_idr="1000000000"),
        new(kelurahan="Meri"), new(fund="apbd"), new(kelurahan="seluruh kota", agency_id="dishub", fund=""),
    )  # fmt: skip
    kept_plan(own_runtime, year=YEAR)
    kept_plan(own_runtime, year=YEAR, decision="postponed")
    left = {b.envelope.aim[1:]: b.left_idr for b in balances(own_runtime.registry, YEAR)}
    assert left == {
        ("", "", ""): 1_000_000_000 - 11_100_000, ("Kedundung", "", "dana_kelurahan"): 180_000_000 - 11_100_000,
        ("Meri", "", "dana_kelurahan"): 180_000_000, ("Kedundung", "", "apbd"): 180_000_000,
        ("", "dishub", ""): 180_000_000,
    }  # fmt: skip
    found = limits(own_runtime.registry, YEAR)
    assert found.total_idr == 988_900_000
    assert found.kelurahan_idr == {"Kedundung": 360_000_000 - 11_100_000, "Meri": 180_000_000}
    assert doctor(own_runtime.registry) == []


def test_what_is_left_is_carried_over_only_by_rule_and_never_below_zero(own_runtime, planner):
    save(
        own_runtime, planner, new(), new(year=str(YEAR + 1), carry_over="tidak"), new(year=str(YEAR + 2)),
        new(kelurahan="Meri", amount_idr="5.000.000"), new(kelurahan="Meri", year=str(YEAR + 1)),
    )  # fmt: skip
    kept_plan(own_runtime, year=YEAR)
    kept_plan(own_runtime, year=YEAR, kelurahan="Meri")
    carried = {(b.envelope.kelurahan, b.envelope.year): b.carried_idr
               for y in range(YEAR, YEAR + 3) for b in balances(own_runtime.registry, y)}  # fmt: skip
    assert carried == {
        ("Kedundung", YEAR): 0, ("Kedundung", YEAR + 1): 168_900_000, ("Kedundung", YEAR + 2): 0,
        ("Meri", YEAR): 0, ("Meri", YEAR + 1): 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "code", "word"),
    [
        ({"amount_idr": "180"}, "pagu_in_millions", "dalam juta"),
        ({"amount_idr": "-5000000"}, "out_of_range", "pagu"),
        ({"amount_idr": "seratus juta"}, "not_number", "seratus juta"),
        ({"amount_idr": ""}, "not_number", "pagu"),
        ({"kelurahan": "Kedungdung"}, "kelurahan_unknown", "Kedundung"),
        ({"year": "2025"}, "year_past", "sudah lewat"),
        ({"year": "2060"}, "year_far", "terlalu jauh"),
        ({"year": "tahun depan"}, "not_number", "tahun depan"),
        ({"fund": "uang kas"}, "choice", "uang kas"),
        ({"agency_id": "Dinas Tak Ada"}, "reference", "Dinas Tak Ada"),
        ({"source": " "}, "required", "sumber"),
    ],
)
def test_every_bad_value_is_named_with_its_row_and_nothing_is_saved(own_runtime, planner, changes, code, word):
    with pytest.raises(ValidationError) as refused:
        save(own_runtime, planner, new(kelurahan="Meri"), new(**changes))
    assert [(problem.code, problem.where) for problem in refused.value.problems] == [(code, "baris 2")]
    assert word in problem_text(refused.value.problems[0])
    assert list_envelopes(own_runtime.registry) == []


def test_two_ceilings_for_the_same_thing_are_refused_in_one_list_and_beside_the_register(own_runtime, planner):
    with pytest.raises(ValidationError) as refused:
        save(own_runtime, planner, new(), new(amount_idr="200.000.000"))
    assert [(p.code, p.where, p.value) for p in refused.value.problems] == [("pagu_twice", "baris 2", "baris 1")]
    save(own_runtime, planner, new())
    with pytest.raises(ValidationError, match="pagu_twice"):
        save(own_runtime, planner, new())
    (kept,) = list_envelopes(own_runtime.registry)
    save(own_runtime, planner, (kept.envelope_id, 1, {**GOOD, "amount_idr": "200.000.000"}))
    with pytest.raises(StaleEditError):
        save(own_runtime, planner, (kept.envelope_id, 1, GOOD), new(kelurahan="Meri"))
    (changed,) = list_envelopes(own_runtime.registry)
    assert changed == replace(kept, amount_idr=200_000_000, version=2)
    save(own_runtime, planner, new(), gone=[(kept.envelope_id, 2)])
    assert [e.envelope_id for e in list_envelopes(own_runtime.registry)] == ["P-0002"]
    assert doctor(own_runtime.registry) == []


def workbook(path, rows):
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Daftar pagu"])
        sheet.write_row(2, 0, ["Tahun", "Kelurahan", "OPD", "Sumber Dana", "Pagu (Rp)", "Sisa dibawa"])
        for line, row in enumerate(rows, start=3):
            sheet.write_row(line, 0, row)
    return path


def test_a_workbook_is_taken_whole_or_not_at_all(own_runtime, planner, tmp_path):
    rows = [[YEAR, "Meri", "Dinas Perhubungan", "APBD", 250_000_000, "ya"], [YEAR, "", "", "", "2.000.000.000", ""]]
    bad = workbook(tmp_path / "salah.xlsx", [*rows, [YEAR, "Entah", "", "APBD", 180, ""]])
    with pytest.raises(ValidationError) as refused:
        ceilings.import_ceilings(own_runtime, planner, bad)
    assert {(p.code, p.where) for p in refused.value.problems} == {
        ("kelurahan_unknown", "baris 6"), ("pagu_in_millions", "baris 6"),
    }  # fmt: skip
    assert list_envelopes(own_runtime.registry) == []
    assert ceilings.import_ceilings(own_runtime, planner, workbook(tmp_path / "pagu.xlsx", rows)) == 2
    city, meri = list_envelopes(own_runtime.registry)
    assert (city.aim, city.amount_idr) == ((YEAR, "", "", ""), 2_000_000_000)
    assert (meri.agency_id, meri.fund, meri.amount_idr, meri.carry_over) == ("dishub", "apbd", 250_000_000, True)
    assert meri.source == "pagu.xlsx"


def test_a_workbook_without_heads_says_which_are_wanted(own_runtime, planner, account_of, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a;b\n1;2\n")
    with pytest.raises(ImportProblemsError, match="ceiling_heads"):
        ceilings.import_ceilings(own_runtime, planner, path)
    with pytest.raises(AccessError):
        ceilings.import_ceilings(own_runtime, account_of(own_runtime, Role.VIEWER), path)

"""The budget workbook: formulas give our totals to the Rupiah, in an evaluator of our own and in LibreOffice."""

import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from fractions import Fraction
from pathlib import Path

import pytest
import python_calamine

sys.path.insert(0, str(Path(__file__).parent))

from rab_plans import random_report
from xlsx_sums import Sums, cells_of

from cctv.reports.rab_page import FIRST
from cctv.reports.rab_workbook import rab_workbook

SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value>
</prop></item></oor:items>"""
OFFICE = shutil.which("soffice")


def sums_of(report):
    return tuple(sum(getattr(p, name) for p in report.points) for name in ("net_idr", "tax_idr", "total_idr"))


def with_other_result(body: bytes) -> bytes:
    """Spoil every stored result of a formula: whoever does not recalculate is found out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                text = re.sub(rb"</f><v>[^<]*</v>", b"</f><v>-1</v>", text)
            new.writestr(name, text)
    return out.getvalue()


@pytest.mark.parametrize("seed", range(50))
def test_the_formulas_give_our_totals_to_the_rupiah(seed, stamp):
    report = random_report(seed)
    sums = Sums(rab_workbook(report, stamp))
    assert tuple(sums.value("Ringkasan", f"B{row}") for row in (10, 11, 12)) == sums_of(report)
    assert sums.value("Ringkasan", "B14") == report.pagu_idr - sums_of(report)[2]
    for key in sums.formulas:
        assert sums.value(*key) == sums.cached[key], key


@pytest.mark.parametrize("seed", range(8))
def test_another_unit_price_changes_the_totals(seed, stamp):
    report, dearer = random_report(seed), random_report(seed, {"item_3": 7_777_777})
    sums = Sums(rab_workbook(report, stamp))
    row = next(cell for (sheet, cell), value in sums.known.items() if sheet == "Harga" and value == "item_3")
    sums.known["Harga", "D" + row[1:]] = Fraction(7_777_777)
    assert tuple(sums.value("Ringkasan", f"B{row}") for row in (10, 11, 12)) == sums_of(dearer)


def test_recaps_add_up_and_compare_with_their_pagu(stamp):
    report = next(r for r in map(random_report, range(50)) if len(r.points) > 10)
    sums = Sums(rab_workbook(report, stamp))
    total = sums_of(report)[2]
    shown = [sums.value("Rekap", cell) for sheet, cell in sums.formulas if sheet == "Rekap" and cell.startswith("C")]
    assert sum(shown) == 3 * total
    wates = next(c for (sheet, c), v in sums.known.items() if (sheet, v) == ("Rekap", "Wates"))
    spent = sum(point.total_idr for point in report.points if point.kelurahan == "Wates")
    assert sums.value("Rekap", "E" + wates[1:]) == 10**8 - spent


def test_texts_are_never_formulas_and_the_taker_is_named(stamp):
    report = next(r for r in map(random_report, range(50)) if r.points)
    values, formulas = cells_of(rab_workbook(report, stamp))
    assert values["Titik", f"D{FIRST + 1}"] == '=HYPERLINK("x")'
    assert not any("HYPERLINK" in formula for formula in formulas.values())
    assert "perencana" in values.values()


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not installed here")
def test_libreoffice_recalculates_the_same_totals(stamp, tmp_path):
    profile = tmp_path / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(SETTINGS)
    reports = [random_report(seed) for seed in range(50)]
    for seed, report in enumerate(reports):
        (tmp_path / f"in{seed}.xlsx").write_bytes(with_other_result(rab_workbook(report, stamp)))
    subprocess.run(
        [OFFICE, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
         "--convert-to", "xlsx:Calc MS Excel 2007 XML",
         "--outdir", str(tmp_path / "out"), *(str(tmp_path / f"in{seed}.xlsx") for seed in range(50))],
        check=True, capture_output=True, timeout=170, env={**os.environ, "HOME": str(tmp_path)},  # noqa: TID251
    )  # fmt: skip
    for seed, report in enumerate(reports):
        book = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "out" / f"in{seed}.xlsx"))
        rows = book.get_sheet_by_name("Ringkasan").to_python()
        assert tuple(int(rows[row][1]) for row in (9, 10, 11)) == sums_of(report), seed

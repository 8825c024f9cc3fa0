"""Files of a plan: sheets say what they must and clip nothing; layers, list and annex carry code, name and money."""

import io
import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pypdfium2
import pytest
import python_calamine
import shapely
from docx import Document

sys.path.insert(0, str(Path(__file__).parent))

from rab_plans import random_report

from cctv.reports.minutes import minutes
from cctv.reports.plan_brief import MOST_ROWS, plan_brief
from cctv.reports.plan_content import PlanReport
from cctv.reports.plan_layers import plan_geojson, plan_geopackage
from cctv.reports.point_sheets import point_sheets
from cctv.reports.terms_of_reference import terms_of_reference
from cctv.reports.usulan_rows import usulan_rows
from coverage.crs import PROJECTED_CRS

LEAST_PT = 5 / 25.4 * 72


def of(report, rab) -> PlanReport:
    n = len(rab.points)
    xy = np.column_stack([656_500 + 40.0 * np.arange(n), 9_173_000 + 30.0 * np.arange(n)])
    return PlanReport(
        rab=rab, ground=report.ground,
        buildings=gpd.GeoDataFrame(geometry=[shapely.box(656_510, 9_173_010, 656_530, 9_173_030)], crs=PROJECTED_CRS),
        xy_m=xy, areas=np.asarray(shapely.buffer(shapely.points(xy), 30.0), dtype=object),
        gain_m2=np.full(n, 728.0), seen_before=0.047, seen_after=0.054, gap=0.012,
        level="Outline, IEC 62676-4:2025, 40 px/m", is_synthetic=True, method_version="9.9",
        computed_at=datetime(2026, 11, 25, 2, 0, tzinfo=UTC), fingerprint="abcdef123456",
    )  # fmt: skip


@pytest.fixture(scope="module")
def plan(report):
    return of(report, next(rab for rab in map(random_report, range(50)) if len(rab.points) > 15))


def pages_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    return [(page.get_size(), page.get_textpage()) for page in document]


@pytest.mark.parametrize("write", [plan_brief, point_sheets])
def test_sheets_name_taker_kind_and_run_on_every_page_and_clip_nothing(plan, stamp, write):
    pages = pages_of(write(plan, stamp))
    assert len(pages) == (2 if write is plan_brief else len(plan.rab.points))
    for (width, height), text in pages:
        words = text.get_text_bounded()
        for wanted in (stamp.text, "rapat & <uji>", "DATA SINTETIS", "metode 9.9", "abcdef123456", "Rahasia dinas"):
            assert wanted in words
        for index in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(index)
            if text.get_text_bounded(left, bottom, right, top).startswith("Diambil") or top - bottom > 12:
                continue  # the turned watermark runs to the edge
            assert left >= LEAST_PT
            assert right <= width - LEAST_PT
            assert bottom >= LEAST_PT
            assert top <= height - LEAST_PT


def test_the_brief_has_three_numbers_the_ranked_table_and_the_limits(plan, stamp):
    first, second = (text.get_text_bounded() for _, text in pages_of(plan_brief(plan, stamp)))
    total = f"Rp {plan.total_idr:,}".replace(",", ".")
    for wanted in (f"\n{len(plan.rab.points)}", total, "4,7 % menjadi 5,4 %", "Batas angka-angka ini", "Skala 1 :"):
        assert wanted in first
    assert total in second
    assert "728" in second


def test_a_long_plan_stays_on_two_pages_and_says_how_many_are_left_out(report, stamp):
    rab = next(rab for rab in map(random_report, range(50)) if len(rab.points) > 15)
    points = [replace(rab.points[0], rank=rank) for rank in range(1, MOST_ROWS + 8)]
    pages = pages_of(plan_brief(of(report, replace(rab, points=points)), stamp))
    assert len(pages) == 2
    assert "dan 7 titik lagi" in pages[1][1].get_text_bounded()


def test_layers_carry_place_money_and_taker(plan, stamp, tmp_path):
    path = tmp_path / "x.gpkg"
    path.write_bytes(plan_geopackage(plan, stamp))
    points, areas = gpd.read_file(path, layer="titik"), gpd.read_file(path, layer="area_pandang")
    assert points.crs.to_epsg() == areas.crs.to_epsg() == 32749
    assert points["biaya_idr"].sum() == plan.total_idr
    assert areas.area.sum() == pytest.approx(shapely.area(plan.areas).sum())
    features = json.loads(plan_geojson(plan, stamp))["features"]
    assert len(features) == len(plan.rab.points)
    lon, lat = features[0]["geometry"]["coordinates"]
    assert 112 < lon < 113
    assert -8 < lat < -7
    for row in (points.iloc[0], features[0]["properties"]):
        assert (row["diunduh_oleh"], row["kode_usulan"], row["sidik"]) == ("perencana", "INF.01", "abcdef123456")


def test_the_list_of_proposals_has_a_row_per_point_with_its_code(plan, stamp):
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(usulan_rows(plan, stamp)))
    rows = book.get_sheet_by_index(0).to_python()[4:]
    assert len(rows) == len(plan.rab.points) + 1
    assert {row[1] for row in rows[:-1]} == {"INF.01"}
    assert rows[-1][10] == plan.total_idr
    assert "728 m²" in rows[0][2]


def test_the_annex_fills_every_mark_of_its_template(plan, stamp):
    document = Document(io.BytesIO(terms_of_reference(plan, stamp)))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "{{" not in text
    assert f"{len(plan.rab.points)} titik" in text
    assert "4,7 % menjadi 5,4 %" in text
    (table,) = document.tables
    assert len(table.rows) == len(plan.rab.points) + 1
    assert stamp.text in document.sections[0].footer.paragraphs[0].text


def test_the_minutes_list_every_decision_with_who_and_why(plan, stamp):
    document = Document(io.BytesIO(minutes(plan, stamp)))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert f"Diterima {len(plan.rab.points)} titik senilai Rp {plan.total_idr:,}".replace(",", ".") in text
    table, signing = document.tables
    assert len(table.rows) == len(plan.rab.points) + 1
    assert [cell.text for cell in table.rows[1].cells][3:] == ["diterima", "setuju", "pimpinan"]
    assert len(signing.rows[0].cells) == 3
    assert stamp.text in document.sections[0].footer.paragraphs[0].text


def test_an_edited_template_is_filled_even_where_a_mark_was_cut_into_runs(plan, stamp, tmp_path):
    document = Document()
    paragraph = document.add_paragraph("Rencana {{na")
    paragraph.add_run("ma}} dan {{tak_dikenal}}")
    document.save(str(tmp_path / "lain.docx"))
    filled = Document(io.BytesIO(terms_of_reference(plan, stamp, tmp_path / "lain.docx")))
    assert filled.paragraphs[0].text == f"Rencana {plan.rab.title} dan {{{{tak_dikenal}}}}"

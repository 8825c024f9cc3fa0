"""The list of proposals for entry into Musrenbang and SIPD forms: a row per point with its code of the kamus usulan."""

import io
from collections.abc import Sequence

import xlsxwriter

from cctv.i18n import number, t
from cctv.reports.content import Stamp
from cctv.reports.plan_content import PlanReport
from cctv.reports.rab_content import RabPoint
from cctv.reports.rab_page import FIRST, Page, Styles

SHEET = "Usulan"


def usulan_rows(report: PlanReport, stamp: Stamp) -> bytes:
    """Write the list.

    Parameters
    ----------
    report : PlanReport
        What it says; refused and postponed points have been left out.
    stamp : Stamp
        Who takes it out.

    Returns
    -------
    bytes
        XLSX, texts never as formulas; amounts with tax.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": report.rab.title, "comments": stamp.text})
        page = Page(book.add_worksheet(SHEET), Styles.of(book), stamp.text)
        page.head(
            t("brief.usulan_title"), ("rank", 6), ("usulan_code", 14), ("usulan_problem", 34), ("usulan_need", 18),
            ("kelurahan", 14), ("place", 20), ("coordinates", 13), ("usulan_quantity", 8), ("usulan_unit", 7),
            ("usulan_price", 15), ("amount", 15), ("fund", 12), ("agency", 18), ("land", 16),
        )  # fmt: skip
        for row, (point, gain) in enumerate(zip(report.rab.points, report.gain_m2.tolist(), strict=True), start=FIRST):
            page.sheet.write_number(row, 0, point.rank, page.styles.rank)
            page.texts(row, 1, _words(point, gain))
            page.sheet.write_number(row, 7, 1, page.styles.money)
            page.texts(row, 8, (t("brief.usulan_point"),))
            page.sheet.write_number(row, 9, point.total_idr, page.styles.input_money)
            page.formula(row, 10, f"=H{row + 1}*J{row + 1}", point.total_idr)
            page.texts(row, 11, (point.fund, point.agency, point.land))
        page.sum_row(FIRST + len(report.rab.points), 10, "K", report.total_idr)
    return out.getvalue()


def _words(point: RabPoint, gain_m2: float) -> Sequence[str]:
    return (
        point.usulan_code, t("brief.usulan_problem_text", place=point.place, m2=number(gain_m2)),
        t("brief.usulan_need_text", direction=point.direction), point.kelurahan, point.place, point.coordinates,
    )  # fmt: skip

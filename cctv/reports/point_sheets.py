"""One A4 sheet per point of a plan: before and after on the map, facts, cost, and the form for the check on site."""

from cctv.i18n import number, rupiah, t
from cctv.palette import LIGHT
from cctv.reports.content import Stamp
from cctv.reports.coverage_sheet import POSSIBLE, SEEN
from cctv.reports.page import BOLD, STRONG, Sheet
from cctv.reports.plan_content import PlanReport
from cctv.reports.plan_frame import BOTTOM, LEFT, RIGHT, TOP, footer, heading, swatches
from cctv.reports.plan_map import PROPOSED, point_map

HALF_M = 90.0
MAP_MM = 92.0
MAPS_Y = TOP - 24 - MAP_MM
SIDE = LEFT + 2 * MAP_MM + 12
FORM = ("pole", "power", "fibre", "blocked", "land", "privacy", "sign")


def point_sheets(report: PlanReport, stamp: Stamp) -> bytes:
    """Draw all sheets.

    Parameters
    ----------
    report : PlanReport
        What they say.
    stamp : Stamp
        Who takes them out; stands on every page.

    Returns
    -------
    bytes
        PDF, A4 lying, a page per point.
    """
    sheet = Sheet("a4", report.rab.title, stamp.text)
    n = len(report.rab.points)
    for row in range(n):
        sheet.begin_page()
        heading(sheet, report, t("brief.point_title", n=report.rab.points[row].rank))
        for step, key in enumerate(("before", "after")):
            x = LEFT + step * (MAP_MM + 4)
            sheet.text(x, TOP - 21, t(f"brief.{key}"), 9, font=BOLD)
            point_map(sheet, report, row, (x, MAPS_Y, MAP_MM, MAP_MM), half_m=HALF_M, after=key == "after")
        _facts(sheet, report, row)
        _costs(sheet, report, row)
        _form(sheet)
        footer(sheet, report, stamp, t("brief.page", n=row + 1, of=n))
        sheet.end_page()
    return sheet.finish()


def _facts(sheet: Sheet, report: PlanReport, row: int) -> None:
    point, width = report.rab.points[row], RIGHT - SIDE
    facts = (
        ("rab.place", f"{point.place}, {point.kelurahan}"), ("rab.coordinates", point.coordinates),
        ("rab.direction", point.direction), ("brief.gain", number(report.gain_m2[row])),
        ("rab.usulan_code", point.usulan_code), ("rab.agency", point.agency), ("rab.fund", point.fund),
        ("rab.land", point.land), ("rab.fibre", number(point.fibre_m)), ("rab.total", rupiah(point.total_idr)),
    )  # fmt: skip
    y = TOP - 18
    for name, words in facts:
        y = sheet.paragraph(SIDE, y, 34, t(name), 6.8, colour=LIGHT.muted)
        y = min(y, sheet.paragraph(SIDE + 35, y + 3.2, width - 35, words, 7.4, font=STRONG)) - 1.1
    words = (t("brief.legend_seen"), t("brief.legend_possible"), t("brief.legend_proposed"))
    swatches(sheet, SIDE, y - 1, width, tuple(zip((SEEN, POSSIBLE, PROPOSED), words, strict=True)))


def _costs(sheet: Sheet, report: PlanReport, row: int) -> None:
    y, edge = MAPS_Y - 7, LEFT + MAP_MM
    sheet.text(LEFT, y, t("rab.lines"), 8.5, font=BOLD)
    point = report.rab.points[row]
    for line in point.lines:
        y -= 4.6
        sheet.text(LEFT, y, sheet.fitted(line.name, 36, 6.8), 6.8)
        volume = f"{number(line.quantity)} {line.unit} x {rupiah(line.price_idr)}"
        sheet.text(LEFT + 38, y, sheet.fitted(volume, 34, 6.8), 6.8)
        sheet.text(edge, y, rupiah(line.quantity * line.price_idr), 6.8, align="right")
    sheet.line(LEFT, y - 1.4, edge, y - 1.4)
    for name, amount in (("rab.tax_sum", point.tax_idr), ("rab.total", point.total_idr)):
        y -= 5
        sheet.text(LEFT, y, t(name), 6.8, font=STRONG)
        sheet.text(edge, y, rupiah(amount), 6.8, font=STRONG, align="right")


def _form(sheet: Sheet) -> None:
    x, y = LEFT + MAP_MM + 8, MAPS_Y - 7
    sheet.text(x, y, t("brief.form"), 8.5, font=BOLD)
    for name in FORM:
        y -= 6
        for place, word in ((x, "yes"), (x + 14, "no")):
            sheet.box(place, y - 0.6, 3, 3, stroke=LIGHT.text, line=0.25)
            sheet.text(place + 4, y, t(f"brief.{word}"), 7)
        sheet.text(x + 30, y, t(f"brief.form_{name}"), 7.2)
    y = BOTTOM + 3
    for place, name in ((x, "form_officer"), (x + 62, "form_day"), (x + 120, "form_signature")):
        sheet.line(place, y, place + 50, y)
        sheet.text(place, y - 3, t(f"brief.{name}"), 6.4, colour=LIGHT.muted)

"""The brief for the mayor: three numbers, one map, a ranked table, one paragraph of honest limits; two pages."""

from cctv.i18n import number, percent, rupiah, t
from cctv.palette import LIGHT
from cctv.reports.content import Stamp
from cctv.reports.coverage_sheet import POSSIBLE, SEEN
from cctv.reports.map_frame import number_badge
from cctv.reports.page import BOLD, STRONG, Align, Sheet
from cctv.reports.plan_content import PlanReport
from cctv.reports.plan_frame import BOTTOM, LEFT, RIGHT, TOP, footer, heading, swatches
from cctv.reports.plan_map import PROPOSED, city_map
from cctv.reports.rab_content import RabPoint

MAP = (LEFT, BOTTOM + 2, 186.0, 166.0)
SIDE = 202.0
ROW_MM = 5.6
#: Rows that fit on the second page; further points are named as being in the workbook.
MOST_ROWS = 26


def plan_brief(report: PlanReport, stamp: Stamp) -> bytes:
    """Draw the brief.

    Parameters
    ----------
    report : PlanReport
        What it says.
    stamp : Stamp
        Who takes it out; stands on every page.

    Returns
    -------
    bytes
        PDF, A4 lying, two pages.
    """
    sheet = Sheet("a4", report.rab.title, stamp.text)
    sheet.begin_page()
    heading(sheet, report, t("brief.title"))
    city_map(sheet, report, MAP)
    _side(sheet, report)
    footer(sheet, report, stamp, t("brief.page", n=1, of=2))
    sheet.end_page()
    sheet.begin_page()
    heading(sheet, report, t("brief.title"))
    _table(sheet, report)
    footer(sheet, report, stamp, t("brief.page", n=2, of=2))
    sheet.end_page()
    return sheet.finish()


def _side(sheet: Sheet, report: PlanReport) -> None:
    rab, width = report.rab, RIGHT - SIDE
    left = rab.pagu_idr - report.total_idr
    figures = (
        (t("brief.points"), number(len(rab.points)), t("brief.points_meaning")),
        (t("brief.money"), rupiah(report.total_idr),
         t("brief.money_meaning", pagu=rupiah(rab.pagu_idr), left=rupiah(left))),
        (t("brief.seen"), t("brief.from_to", before=percent(report.seen_before), after=percent(report.seen_after)),
         t("brief.seen_meaning", level=report.level)),
    )  # fmt: skip
    y = TOP - 16
    for label, value, meaning in figures:
        sheet.text(SIDE, y - 4, label, 8, font=STRONG)
        sheet.text(SIDE, y - 11.5, value, 17, font=BOLD, colour=LIGHT.accent)
        y = sheet.paragraph(SIDE, y - 13, width, meaning, 7, colour=LIGHT.muted) - 2
        sheet.line(SIDE, y, RIGHT, y)
        y -= 1.5
    words = (t("brief.legend_seen"), t("brief.legend_possible"), t("brief.legend_proposed"))
    y = swatches(sheet, SIDE, y - 3, width, tuple(zip((SEEN, POSSIBLE, PROPOSED), words, strict=True)))
    sheet.text(SIDE, y - 7, t("brief.limits"), 8.5, font=BOLD)
    limits = [*rab.cautions, t("brief.proved", gap=percent(report.gap))]
    sheet.paragraph(SIDE, y - 8, width, " ".join(limits), 7.2)


def _table(sheet: Sheet, report: PlanReport) -> None:
    points = report.rab.points[:MOST_ROWS]
    columns: tuple[tuple[float, str, Align], ...] = (
        (LEFT + 6, "rab.place", "left"), (LEFT + 72, "rab.kelurahan", "left"), (LEFT + 106, "rab.direction", "left"),
        (LEFT + 168, "brief.gain", "right"), (LEFT + 198, "brief.cost", "right"), (LEFT + 204, "rab.land", "left"),
        (LEFT + 250, "rab.decision", "left"),
    )  # fmt: skip
    y = TOP - 20
    sheet.text(LEFT, y, t("brief.table", n=len(report.rab.points)), 10, font=BOLD)
    y -= 6
    for x, name, align in columns:
        sheet.text(x, y, t(name), 7, font=STRONG, align=align)
    for row, point in enumerate(points):
        sheet.line(LEFT, y - 1.6, RIGHT, y - 1.6)
        y -= ROW_MM
        number_badge(sheet, LEFT + 2, y + 0.8, point.rank)
        for (x, _, align), words in zip(columns, _cells(point, report.gain_m2[row]), strict=True):
            sheet.text(x, y, sheet.fitted(words, 60 if align == "left" else 40, 7.2), 7.2, align=align)
    sheet.line(LEFT, y - 1.6, RIGHT, y - 1.6, width=0.4)
    sheet.text(LEFT + 6, y - 6, t("brief.sum"), 8, font=BOLD)
    sheet.text(LEFT + 198, y - 6, rupiah(report.total_idr), 8, font=BOLD, align="right")
    if len(report.rab.points) > MOST_ROWS:
        sheet.text(LEFT + 204, y - 6, t("brief.more", n=len(report.rab.points) - MOST_ROWS), 7, colour=LIGHT.muted)


def _cells(point: RabPoint, gain_m2: float) -> tuple[str, ...]:
    return (
        point.place, point.kelurahan, point.direction, number(gain_m2), rupiah(point.total_idr), point.land,
        point.decision,
    )  # fmt: skip

"""The minutes of a meeting on a plan (berita acara) as PDF, standing A4, to be completed and signed by hand."""

from cctv.i18n import t
from cctv.palette import LIGHT
from cctv.reports.content import Stamp
from cctv.reports.minutes import HEADS, minutes_result, minutes_row
from cctv.reports.page import A4_MM, BOLD, PLAIN, STRONG, Sheet
from cctv.reports.plan_content import PlanReport

LEFT, RIGHT, TOP, BOTTOM = 20.0, A4_MM[1] - 15.0, A4_MM[0] - 16.0, 20.0
WIDTHS = (8.0, 50.0, 30.0, 22.0, 36.0, 29.0)
PAD, CELL_PT, TEXT_PT = 1.4, 7.6, 9.2
SIGNERS = ("minutes.meeting_of", "minutes.planner_of", "minutes.witness_of")
SIGNING_MM = 32.0


class _Pages:
    """Writes downwards and begins a page when one is full."""

    def __init__(self, report: PlanReport, stamp: Stamp) -> None:
        self.sheet = Sheet("a4", t("minutes.title"), stamp.text, upright=True)
        self.report, self.stamp, self.number, self.y = report, stamp, 0, 0.0
        self.begin()

    def begin(self) -> None:
        self.sheet.begin_page()
        self.number, self.y = self.number + 1, TOP

    def end(self) -> None:
        sheet = self.sheet
        sheet.line(LEFT, BOTTOM - 3, RIGHT, BOTTOM - 3)
        words = f"{self.stamp.text} · {t('sheet.reason', reason=self.stamp.reason)}"
        sheet.text(LEFT, BOTTOM - 6.6, sheet.fitted(words, 140, 6.8, STRONG), 6.8, font=STRONG)
        sheet.text(RIGHT, BOTTOM - 6.6, t("minutes.page", n=self.number), 6.8, colour=LIGHT.muted, align="right")
        sheet.paragraph(LEFT, BOTTOM - 7.6, RIGHT - LEFT, t("brief.secret"), 6.4, colour=LIGHT.muted)
        sheet.end_page()

    def room(self, height: float) -> bool:
        """Make room; tell whether that took a new page."""
        if self.y - height >= BOTTOM:
            return False
        self.end()
        self.begin()
        return True

    def text(self, words: str, size: float = TEXT_PT, font: str = PLAIN) -> None:
        self.room(self.sheet.height_of(words, RIGHT - LEFT, size, font) + 2)
        self.y = self.sheet.paragraph(LEFT, self.y, RIGHT - LEFT, words, size, font=font) - 2

    def row(self, words: tuple[str, ...], *, is_head: bool = False) -> None:
        sheet, font = self.sheet, STRONG if is_head else PLAIN
        heights = [sheet.height_of(text, width - 2 * PAD, CELL_PT, font)
                   for text, width in zip(words, WIDTHS, strict=True)]  # fmt: skip
        height = max(heights) + 2 * PAD
        if self.room(height) and not is_head:
            self.row(_heads(), is_head=True)
        x = LEFT
        for text, width in zip(words, WIDTHS, strict=True):
            sheet.box(x, self.y - height, width, height, fill=LIGHT.surface if is_head else "", stroke=LIGHT.text)
            sheet.paragraph(x + PAD, self.y - PAD, width - 2 * PAD, text, CELL_PT, font=font)
            x += width
        self.y -= height


def minutes_pdf(report: PlanReport, stamp: Stamp) -> bytes:
    """Write the minutes.

    Parameters
    ----------
    report : PlanReport
        What they say.
    stamp : Stamp
        Who takes them out; stands on every page.

    Returns
    -------
    bytes
        PDF, with as many pages as the points need.
    """
    rab, pages = report.rab, _Pages(report, stamp)
    middle = (LEFT + RIGHT) / 2
    pages.sheet.text(middle, TOP - 5, t("minutes.title"), 14, font=BOLD, align="centre")
    pages.sheet.text(middle, TOP - 11, t("minutes.number"), 9.5, align="centre")
    pages.y = TOP - 17
    pages.text(t("minutes.about", plan=rab.title, id=rab.plan_id, year=rab.year), font=STRONG)
    pages.text(t("minutes.blank"))
    pages.row(_heads(), is_head=True)
    for point in rab.points:
        pages.row(minutes_row(point))
    pages.y -= 4
    pages.text(minutes_result(report), font=STRONG)
    pages.text(f"{t('brief.limits')}: {' '.join(rab.cautions)}", 8)
    _signatures(pages)
    pages.end()
    return pages.sheet.finish()


def _heads() -> tuple[str, ...]:
    return tuple(t(name) for name in HEADS)


def _signatures(pages: _Pages) -> None:
    pages.room(SIGNING_MM)
    width = (RIGHT - LEFT) / len(SIGNERS)
    for place, name in enumerate(SIGNERS):
        x = LEFT + place * width
        pages.sheet.text(x, pages.y - 6, t(name), TEXT_PT)
        pages.sheet.line(x, pages.y - 25, x + width - 8, pages.y - 25, colour=LIGHT.text)
        pages.sheet.text(x, pages.y - 29, t("minutes.name"), 7.6, colour=LIGHT.muted)

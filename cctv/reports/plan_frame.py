"""Heading, footer and legend that all sheets of a plan share."""

from collections.abc import Sequence

import numpy as np
import shapely

from cctv.i18n import moment, t
from cctv.palette import LIGHT
from cctv.reports.content import Stamp
from cctv.reports.ink import Ink, paint_areas
from cctv.reports.page import A4_MM, BOLD, STRONG, Sheet
from cctv.reports.plan_content import PlanReport

LEFT, RIGHT, TOP, BOTTOM = 10.0, A4_MM[0] - 10.0, A4_MM[1] - 10.0, 16.0


def heading(sheet: Sheet, report: PlanReport, title: str) -> None:
    """Write the title of a page.

    Parameters
    ----------
    sheet : Sheet
        Where to draw.
    report : PlanReport
        What it says.
    title : str
        Kind of sheet.
    """
    rab = report.rab
    sheet.text(LEFT, TOP - 6, sheet.fitted(f"{title}: {rab.title}", 200, 15, BOLD), 15, font=BOLD, colour=LIGHT.accent)
    below = t("rab.subtitle", plan=rab.plan_id, year=rab.year, state=rab.state)
    sheet.text(LEFT, TOP - 11.2, f"{below} · {moment(report.computed_at)}", 8, colour=LIGHT.muted)
    if report.is_synthetic:
        sheet.box(RIGHT - 62, TOP - 8, 62, 7.2, fill=LIGHT.background, stroke=LIGHT.accent, line=0.4)
        sheet.text(RIGHT - 31, TOP - 5.4, t("sheet.synthetic"), 8.5, font=BOLD, colour=LIGHT.accent, align="centre")


def footer(sheet: Sheet, report: PlanReport, stamp: Stamp, page: str) -> None:
    """Write who takes the page, for what, and what it rests on.

    Parameters
    ----------
    sheet : Sheet
        Where to draw.
    report : PlanReport
        What it says.
    stamp : Stamp
        Who takes it.
    page : str
        Number of the page in words.
    """
    sheet.line(LEFT, BOTTOM - 2, RIGHT, BOTTOM - 2)
    taken = sheet.fitted(f"{stamp.text} · {t('sheet.reason', reason=stamp.reason)}", 165, 6.8, STRONG)
    sheet.text(LEFT, BOTTOM - 5.4, taken, 6.8, font=STRONG)
    mark = t("brief.mark", version=report.method_version, mark=report.fingerprint, page=page)
    sheet.text(RIGHT, BOTTOM - 5.4, mark, 6.8, colour=LIGHT.muted, align="right")
    sheet.text(LEFT, BOTTOM - 8.8, t("brief.secret"), 6.8, colour=LIGHT.muted)


def swatches(sheet: Sheet, x: float, y: float, width: float, entries: Sequence[tuple[Ink, str]]) -> float:
    """Draw a legend.

    Parameters
    ----------
    sheet : Sheet
        Where to draw.
    x, y : float
        Left and upper edge [mm].
    width : float
        Room [mm].
    entries : sequence of (Ink, str)
        Kinds of area and their words.

    Returns
    -------
    float
        Lower edge [mm].
    """
    for ink, words in entries:
        y -= 5.2
        paint_areas(sheet, np.array([shapely.box(x, y - 1, x + 8, y + 2.2)], dtype=object), ink)
        y = min(y, sheet.paragraph(x + 10, y + 2.6, width - 10, words, 6.8) + 2.2)
    return y

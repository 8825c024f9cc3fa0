"""The tables of the printed sheet: kelurahan with a bar each, and the numbered gaps."""

from dataclasses import dataclass

import numpy as np

from cctv.i18n import number, percent, t
from cctv.palette import LIGHT
from cctv.reports.content import CoverageReport, Interval
from cctv.reports.map_frame import number_badge
from cctv.reports.page import BOLD, STRONG, Align, Sheet

ROW_MM = 5.1
TEXT_PT = 7.0
_ROUND_TO = 0.05


@dataclass(frozen=True)
class Column:
    """Where a table stands on the sheet.

    Attributes
    ----------
    x, y : float
        Left and upper edge [mm].
    width : float
        Width [mm].
    """

    x: float
    y: float
    width: float


def kelurahan_table(sheet: Sheet, report: CoverageReport, place: Column) -> None:
    """Draw the table per kelurahan.

    Parameters
    ----------
    sheet : Sheet
        Where to draw.
    report : CoverageReport
        What it says.
    place : Column
        Where it stands.
    """
    x, edge = place.x, place.x + place.width
    stops = (x + 50, x + 56, x + 79, edge - 28, edge)
    sheet.text(x, place.y, t("sheet.by_kelurahan"), 8.5, font=BOLD)
    names = ("sheet.public_m2", "sheet.area", "", "sheet.corridor", "sheet.designed")
    aligned: tuple[Align, ...] = ("right", "left", "left", "right", "right")
    y = place.y - 5
    sheet.text(x, y, t("field.kelurahan"), TEXT_PT, font=STRONG)
    for stop, name, align in zip(stops, names, aligned, strict=True):
        if name:
            sheet.text(stop, y, t(name), TEXT_PT, font=STRONG, align=align)
    longest = _longest_bar(report)
    sheet.text(stops[2], y, t("sheet.bar", most=percent(longest, 0)), 6, colour=LIGHT.muted)
    for row in report.districts:
        sheet.line(x, y - 1.4, edge, y - 1.4)
        y -= ROW_MM
        sheet.text(x, y, sheet.fitted(row.name, 32, TEXT_PT), TEXT_PT)
        sheet.text(stops[0], y, number(row.area_m2), TEXT_PT, align="right")
        sheet.text(stops[1], y, row.area.text, TEXT_PT, font=STRONG)
        _bar(sheet, stops[2], y, edge - 60 - stops[2], row.area, longest)
        sheet.text(stops[3], y, row.corridor.text, TEXT_PT, align="right")
        sheet.text(stops[4], y, row.designed.text, TEXT_PT, align="right")


def gap_table(sheet: Sheet, report: CoverageReport, place: Column, most: int) -> None:
    """Draw the list of the largest gaps, numbered as on the map.

    Parameters
    ----------
    sheet : Sheet
        Where to draw.
    report : CoverageReport
        What it says.
    place : Column
        Where it stands.
    most : int
        How many.
    """
    x, edge = place.x, place.x + place.width
    sheet.text(x, place.y, t("sheet.largest", n=min(most, len(report.gaps))), 8.5, font=BOLD)
    y = place.y - 5
    sheet.text(x + 6, y, t("gaps.place"), TEXT_PT, font=STRONG)
    sheet.text(edge - 18, y, t("gaps.area_m2"), TEXT_PT, font=STRONG, align="right")
    sheet.text(edge, y, t("gaps.corridor_m"), TEXT_PT, font=STRONG, align="right")
    for rank, gap in enumerate(report.gaps.head(most).itertuples(), start=1):
        sheet.line(x, y - 1.4, edge, y - 1.4)
        y -= ROW_MM * 1.28
        number_badge(sheet, x + 2, y + 1.6, rank)
        room = place.width - 42
        sheet.text(x + 6, y + 1.6, sheet.fitted(str(gap.name), room, TEXT_PT), TEXT_PT)
        where = f"{gap.kelurahan or t('sheet.no_kelurahan')} · {t(f'space_class.{gap.space_class}')}"
        sheet.text(x + 6, y - 0.9, sheet.fitted(where, room, 5.6), 5.6, colour=LIGHT.muted)
        sheet.text(edge - 18, y, number(float(str(gap.area_m2))), TEXT_PT, align="right")
        sheet.text(edge, y, number(float(str(gap.corridor_m))), TEXT_PT, align="right")


def _longest_bar(report: CoverageReport) -> float:
    """Give the share at which a bar is full: the largest one, rounded up."""
    largest = np.nanmax([0.0, *(row.area.high for row in report.districts)])
    return max(_ROUND_TO, float(np.ceil(largest / _ROUND_TO) * _ROUND_TO))


def _bar(sheet: Sheet, x: float, y: float, width: float, share: Interval, longest: float) -> None:
    if not np.isfinite(share.low):
        return
    low, high = (width * value / longest for value in (share.low, share.high))
    sheet.box(x, y - 0.3, width, 2.2, stroke=LIGHT.border, line=0.12)
    sheet.box(x, y - 0.3, high, 2.2, fill="#c4cad0", stroke=LIGHT.dead, line=0.12)
    sheet.box(x, y - 0.3, low, 2.2, fill=LIGHT.seen)

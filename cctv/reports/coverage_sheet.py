"""The printed sheet on coverage: a page with map and key figures, a page with table, largest gaps and sources."""

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from reportlab.lib.colors import HexColor

from cctv.i18n import moment, number, t
from cctv.palette import LIGHT
from cctv.reports.content import CoverageReport, Figure, Stamp
from cctv.reports.ink import Ink, paint_areas
from cctv.reports.map_frame import Frame, MapOnPaper, number_badge
from cctv.reports.page import A4_MM, BOLD, STRONG, Paper, Sheet
from cctv.reports.sheet_table import Column, gap_table, kelurahan_table

LEFT, RIGHT, TOP, BOTTOM = 10.0, A4_MM[0] - 10.0, A4_MM[1] - 10.0, 16.0
MAP = (LEFT, BOTTOM + 2, 197.0, 166.0)
SIDE = 213.0
#: Gaps with a number on the map and a row in the list.
NUMBERED = 12
SEEN = Ink(fill=LIGHT.seen, edge=LIGHT.seen_twice, opacity=0.75, edge_mm=0.18)
POSSIBLE = Ink(fill=LIGHT.possible, edge=LIGHT.dead, opacity=0.22, edge_mm=0.1, hatch_deg=-45.0, hatch_mm=0.75)
GAP = Ink(fill=LIGHT.gap, edge="#7a4e0c", opacity=0.7, edge_mm=0.13, hatch_deg=45.0, hatch_mm=0.6)
STREETS = (("lane", "#e6e1da", 0.1), ("local", "#d8d2c8", 0.18), ("secondary", "#b9b2a8", 0.45),
            ("primary", "#9f978c", 0.7))  # fmt: skip


def coverage_sheet(report: CoverageReport, stamp: Stamp, paper: Paper) -> bytes:
    """Draw the sheet.

    Parameters
    ----------
    report : CoverageReport
        What it says.
    stamp : Stamp
        Who takes it out; stands on every page.
    paper : {"a4", "a3"}
        Size, lying.

    Returns
    -------
    bytes
        PDF, drawn from our own layers and fonts alone.
    """
    sheet = Sheet(paper, t("sheet.title"), stamp.text)
    sheet.begin_page()
    _heading(sheet, report)
    _map(sheet, report)
    y = _figures(sheet, report, TOP - 15)
    _legend(sheet, report, y - 3)
    _footer(sheet, report, stamp, 1)
    sheet.end_page()
    sheet.begin_page()
    _heading(sheet, report)
    kelurahan_table(sheet, report, Column(LEFT, TOP - 17.5, 160.0))
    gap_table(sheet, report, Column(SIDE - 36, TOP - 17.5, RIGHT - SIDE + 36), NUMBERED)
    _sources(sheet, report, 82.0)
    _footer(sheet, report, stamp, 2)
    sheet.end_page()
    return sheet.finish()


def _heading(sheet: Sheet, report: CoverageReport) -> None:
    sheet.text(LEFT, TOP - 6, t("sheet.title"), 15, font=BOLD, colour=LIGHT.accent)
    sheet.text(LEFT, TOP - 11.2, t("sheet.subtitle", when=moment(report.computed_at)), 8, colour=LIGHT.muted)
    if report.is_synthetic:
        sheet.box(SIDE, TOP - 9.6, RIGHT - SIDE, 7.2, stroke=LIGHT.accent, line=0.4)
        sheet.text((SIDE + RIGHT) / 2, TOP - 7, t("sheet.synthetic"), 8.5, font=BOLD, colour=LIGHT.accent,
                   align="centre")  # fmt: skip


def _map(sheet: Sheet, report: CoverageReport) -> None:
    ground = report.ground
    west, south, east, north = ground.boundary.total_bounds.tolist()
    frame = Frame.around((west, south, east, north), *MAP, sheet.enlarged)
    drawn = MapOnPaper(sheet, frame)
    drawn.begin("#eeebe6")
    drawn.areas(_shapes(ground.boundary), Ink(fill=LIGHT.background, edge=LIGHT.boundary, edge_mm=0.5))
    drawn.areas(_shapes(ground.water), Ink(fill=LIGHT.water))
    for road_class, colour, width in STREETS:
        drawn.lines(_shapes(ground.streets[ground.streets["road_class"] == road_class]), colour, width)
    drawn.areas(ground.possible, POSSIBLE)
    drawn.areas(_shapes(report.gaps), GAP)
    drawn.areas(ground.seen, SEEN)
    drawn.areas(_shapes(ground.kelurahan), Ink(edge=LIGHT.boundary, edge_mm=0.2, dash=(1.2, 0.8)))
    for on, fill in ((False, LIGHT.background), (True, LIGHT.text)):
        drawn.dots(ground.cameras_xy_m[ground.cameras_on == on], radius_mm=0.55, fill=fill, edge=LIGHT.text)
    middles = shapely.get_coordinates(shapely.point_on_surface(_shapes(ground.kelurahan)))
    for name, middle in zip(ground.kelurahan["kelurahan"], middles, strict=True):
        drawn.name(middle, str(name), 6)
    drawn.numbers(shapely.get_coordinates(shapely.point_on_surface(_shapes(report.gaps)[:NUMBERED])))
    x, y = MAP[0] + 5, MAP[1] + 7
    sheet.box(x - 3, y - 5, 58, 12.5, fill=LIGHT.background)
    drawn.scale_bar(x, y)
    drawn.north_arrow(MAP[0] + MAP[2] - 8, MAP[1] + MAP[3] - 15)
    drawn.end()


def _figures(sheet: Sheet, report: CoverageReport, y: float) -> float:
    for figure in report.figures:
        y = _figure(sheet, figure, y)
    return y


def _figure(sheet: Sheet, figure: Figure, y: float) -> float:
    width = RIGHT - SIDE
    sheet.text(SIDE, y - 4, figure.label[:1].upper() + figure.label[1:], 7.5, font=STRONG)
    sheet.text(SIDE, y - 9.6, figure.alive.text, 14, font=BOLD, colour=LIGHT.accent)
    y = sheet.paragraph(SIDE, y - 10.6, width, t("sheet.by_design", text=figure.designed.text), 7, font=STRONG)
    y = sheet.paragraph(SIDE, y, width, figure.meaning, 6.5, colour=LIGHT.muted) - 1.6
    sheet.line(SIDE, y, RIGHT, y)
    return y - 0.6


def _legend(sheet: Sheet, report: CoverageReport, y: float) -> None:
    sheet.text(SIDE, y, t("sheet.legend"), 8, font=BOLD)
    gaps = t("sheet.legend_gap", n=number(len(report.gaps)))
    for ink, words in ((SEEN, t("sheet.legend_seen")), (POSSIBLE, t("sheet.legend_possible")), (GAP, gaps)):
        y -= 5.4
        swatch = np.array([shapely.box(SIDE, y - 1, SIDE + 8, y + 2.2)], dtype=object)
        paint_areas(sheet, swatch, ink)
        lower = sheet.paragraph(SIDE + 10, y + 2.6, RIGHT - SIDE - 10, words, 6.8)
        y = min(y, lower + 2.2)
    y -= 5.4
    number_badge(sheet, SIDE + 4, y + 0.6, 1)
    y = min(y, sheet.paragraph(SIDE + 10, y + 2.6, RIGHT - SIDE - 10, t("sheet.legend_number", n=NUMBERED), 6.8) + 2.2)
    y -= 5.4
    for x, fill in ((SIDE + 2.4, LIGHT.text), (SIDE + 5.8, LIGHT.background)):
        sheet.canvas.setFillColor(HexColor(fill))
        sheet.canvas.setStrokeColor(HexColor(LIGHT.text))
        sheet.canvas.setLineWidth(0.22)
        sheet.canvas.circle(x, y + 0.6, 0.8, stroke=1, fill=1)
    sheet.paragraph(SIDE + 10, y + 2.6, RIGHT - SIDE - 10, t("sheet.legend_camera"), 6.8)


def _sources(sheet: Sheet, report: CoverageReport, y: float) -> None:
    half = (RIGHT - LEFT) / 2 - 3
    sheet.line(LEFT, y + 2, RIGHT, y + 2)
    sheet.text(LEFT, y - 3, t("sheet.reading"), 8.5, font=BOLD)
    left = y - 4
    for words in report.cautions:
        left = sheet.paragraph(LEFT, left - 0.8, half, words, 7)
    column = LEFT + half + 6
    sheet.text(column, y - 3, t("sheet.sources"), 8.5, font=BOLD)
    right = y - 4
    for source in report.sources:
        words = t("sheet.source", layer=source.layer, kind=source.kind, source=source.source, as_of=source.as_of)
        right = sheet.paragraph(column, right - 0.5, half, words, 5.8, colour=LIGHT.muted)


def _footer(sheet: Sheet, report: CoverageReport, stamp: Stamp, page: int) -> None:
    sheet.line(LEFT, BOTTOM - 2, RIGHT, BOTTOM - 2)
    sheet.text(LEFT, BOTTOM - 5.4, f"{stamp.text} · {t('sheet.reason', reason=stamp.reason)}", 6.8, font=STRONG)
    mark = t("sheet.mark", version=report.method_version, mark=report.fingerprint, page=page)
    sheet.text(RIGHT, BOTTOM - 5.4, mark, 6.8, colour=LIGHT.muted, align="right")
    sheet.text(LEFT, BOTTOM - 8.8, t("sheet.secret"), 6.8, colour=LIGHT.muted)


def _shapes(frame: gpd.GeoDataFrame) -> NDArray[np.object_]:
    return np.asarray(frame.geometry.array, dtype=object)

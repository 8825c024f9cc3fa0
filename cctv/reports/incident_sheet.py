"""The file of an incident on paper: where, which cameras, time line, pictures with the moment they were taken."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader, simpleSplit

from cctv.i18n import t
from cctv.palette import LIGHT
from cctv.reports.content import Stamp
from cctv.reports.coverage_sheet import SEEN, STREETS
from cctv.reports.ink import Ink
from cctv.reports.map_frame import Frame, MapOnPaper, number_badge
from cctv.reports.page import BOLD, LEADING, PLAIN, STRONG, Sheet
from cctv.reports.plan_frame import BOTTOM, LEFT, RIGHT, TOP

BUILDING = Ink(fill=LIGHT.building, edge=LIGHT.building_edge, edge_mm=0.08)
MAP = (LEFT, BOTTOM + 4, 150.0, 158.0)
SIDE = LEFT + 156.0
PICTURE_MM = (134.0, 76.0)
MOST_LISTED = 16
#: Words of the time line: size [pt], left edge and height of a line [mm].
WORDS_PT, WORDS_MM = 7.5, 82.0
LINE_MM = WORDS_PT / mm * LEADING


@dataclass(frozen=True)
class ReportPicture:
    """One picture: what stands above it, and the JPEG with its moment burnt in."""

    title: str
    jpeg: bytes


@dataclass(frozen=True, eq=False)
class IncidentReport:
    """What the file says; all texts in the language of who takes it.

    Attributes
    ----------
    title, subtitle : str
        What happened; number, kind, state.
    facts : sequence of (str, str)
        Name and value.
    cameras : sequence of tuple of str
        Number, name, how it sees the place, state; best first.
    timeline : sequence of tuple of str
        When, who, what; oldest first.
    pictures : sequence of ReportPicture
        In the order they were taken.
    place_m : tuple of float
        Where it happened, EPSG:32749 [m].
    xy_m : ndarray of float64, shape (n, 2)
        Where the listed cameras stand, EPSG:32749 [m]; NaN where nobody knows.
    areas, streets, buildings : ndarray of Geometry
        What the listed cameras see; the surroundings, EPSG:32749 [m].
    road_class : ndarray of str
        Of each street.
    half_m : float
        How far the map reaches from the place [m].
    is_synthetic : bool
        Whether the ground is made up.
    """

    title: str
    subtitle: str
    facts: Sequence[tuple[str, str]]
    cameras: Sequence[tuple[str, str, str, str]]
    timeline: Sequence[tuple[str, str, str]]
    pictures: Sequence[ReportPicture]
    place_m: tuple[float, float]
    xy_m: NDArray[np.float64]
    areas: NDArray[np.object_]
    streets: NDArray[np.object_]
    road_class: NDArray[np.str_]
    buildings: NDArray[np.object_]
    half_m: float
    is_synthetic: bool


def incident_sheet(report: IncidentReport, stamp: Stamp) -> bytes:
    """Draw the file.

    Parameters
    ----------
    report : IncidentReport
        What it says.
    stamp : Stamp
        Who takes it out; stands on every page.

    Returns
    -------
    bytes
        PDF, A4 lying: map and cameras, time line, four pictures a page.
    """
    sheet = Sheet("a4", report.title, stamp.text)
    _begin(sheet, report)
    _map(sheet, report)
    _side(sheet, report)
    _end(sheet, stamp)
    for lines in _timeline_pages(report):
        _begin(sheet, report)
        y = TOP - 18
        sheet.text(LEFT, y, t("incident.timeline"), 11, font=BOLD)
        for when, who, words in lines:
            sheet.text(LEFT, y - 6.5, when, 7.5, font=STRONG)
            sheet.text(LEFT + 44, y - 6.5, sheet.fitted(who, 34, 7.5), 7.5)
            y = sheet.paragraph(LEFT + WORDS_MM, y - 3.2, RIGHT - LEFT - WORDS_MM, words, WORDS_PT) - 0.6
        _end(sheet, stamp)
    for start in range(0, len(report.pictures), 4):
        _begin(sheet, report)
        for place, picture in enumerate(report.pictures[start : start + 4]):
            _picture(sheet, picture, LEFT + place % 2 * (PICTURE_MM[0] + 8), TOP - 18 - place // 2 * 84)
        _end(sheet, stamp)
    return sheet.finish()


def _begin(sheet: Sheet, report: IncidentReport) -> None:
    sheet.begin_page()
    sheet.text(LEFT, TOP - 6, sheet.fitted(report.title, 200, 15, BOLD), 15, font=BOLD, colour=LIGHT.accent)
    sheet.text(LEFT, TOP - 11.2, report.subtitle, 8, colour=LIGHT.muted)
    if report.is_synthetic:
        sheet.box(RIGHT - 62, TOP - 8, 62, 7.2, fill=LIGHT.background, stroke=LIGHT.accent, line=0.4)
        sheet.text(RIGHT - 31, TOP - 5.4, t("sheet.synthetic"), 8.5, font=BOLD, colour=LIGHT.accent, align="centre")


def _end(sheet: Sheet, stamp: Stamp) -> None:
    sheet.line(LEFT, BOTTOM - 2, RIGHT, BOTTOM - 2)
    taken = sheet.fitted(f"{stamp.text} · {t('sheet.reason', reason=stamp.reason)}", 250, 6.8, STRONG)
    sheet.text(LEFT, BOTTOM - 5.4, taken, 6.8, font=STRONG)
    sheet.text(LEFT, BOTTOM - 8.8, t("incident.secret"), 6.8, colour=LIGHT.muted)
    sheet.end_page()


def _map(sheet: Sheet, report: IncidentReport) -> None:
    (x, y), half = report.place_m, report.half_m
    frame = Frame.around((x - half, y - half, x + half, y + half), *MAP, sheet.enlarged)
    drawn = MapOnPaper(sheet, frame)
    drawn.begin(LIGHT.background)
    drawn.areas(report.buildings, BUILDING)
    for road_class, colour, width in STREETS:
        drawn.lines(report.streets[report.road_class == road_class], colour, width)
    drawn.areas(report.areas, SEEN)
    for rank, (east, north) in enumerate(drawn.spots(report.xy_m), start=1):
        if np.isfinite([east, north]).all():
            number_badge(sheet, float(east), float(north), rank)
    drawn.dots(np.array([report.place_m]), radius_mm=2.0, fill=LIGHT.accent, edge=LIGHT.background)
    sheet.box(MAP[0] + 2, MAP[1] + 2, 58.0, 12.5, fill=LIGHT.background)
    drawn.scale_bar(MAP[0] + 5, MAP[1] + 7)
    drawn.north_arrow(MAP[0] + MAP[2] - 8, MAP[1] + MAP[3] - 15)
    drawn.end()


def _side(sheet: Sheet, report: IncidentReport) -> None:
    width, y = RIGHT - SIDE, TOP - 16
    for name, words in report.facts:
        sheet.text(SIDE, y - 3.4, name, 6.8, colour=LIGHT.muted)
        y = sheet.paragraph(SIDE + 32, y, width - 32, words, 7.4, font=STRONG) - 1.0
    sheet.text(SIDE, y - 6, t("incident.listed"), 9, font=BOLD)
    y -= 8
    if not report.cameras:
        sheet.paragraph(SIDE, y, width, t("incident.nobody"), 7.4)
    for rank, (number_, name, sight, state) in enumerate(report.cameras[:MOST_LISTED], start=1):
        number_badge(sheet, SIDE + 2, y - 3.2, rank)
        sheet.text(SIDE + 6, y - 3.4, sheet.fitted(f"{name} ({number_})", width - 6, 7.2, STRONG), 7.2, font=STRONG)
        sheet.text(SIDE + 6, y - 6.6, sheet.fitted(f"{sight} · {state}", width - 6, 6.4), 6.4, colour=LIGHT.muted)
        y -= 7.8
    if len(report.cameras) > MOST_LISTED:
        sheet.text(SIDE + 6, y - 3.4, t("incident.more", n=len(report.cameras) - MOST_LISTED), 6.8)


def _timeline_pages(report: IncidentReport) -> Iterator[list[tuple[str, str, str]]]:
    """Share the time line out over pages by the height its words take."""
    room, page = TOP - 24 - BOTTOM, list[tuple[str, str, str]]()
    left = room
    for line in report.timeline:
        needed = LINE_MM * max(1, len(simpleSplit(line[2], PLAIN, WORDS_PT / mm, RIGHT - LEFT - WORDS_MM))) + 0.6
        if needed > left and page:
            yield page
            page, left = [], room
        page.append(line)
        left -= needed
    if page:
        yield page


def _picture(sheet: Sheet, picture: ReportPicture, x: float, top: float) -> None:
    image = ImageReader(io.BytesIO(picture.jpeg))
    wide, high = image.getSize()
    width = min(PICTURE_MM[0], PICTURE_MM[1] * wide / high)
    sheet.text(x, top - 3, sheet.fitted(picture.title, PICTURE_MM[0], 7.4, STRONG), 7.4, font=STRONG)
    sheet.canvas.drawImage(image, x, top - 5 - width * high / wide, width, width * high / wide)

"""How areas and lines are put on paper: fill, edge, and a hatch that tells areas apart without colour."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from reportlab.lib.colors import HexColor

from cctv.reports.page import Sheet

Shapes = NDArray[np.object_]
#: Rule of the library that leaves holes open.
EVEN_ODD = 0


@dataclass(frozen=True)
class Ink:
    """How a kind of area is drawn; the hatch tells it from others without colour.

    Attributes
    ----------
    fill, edge : str
        ``#rrggbb``; empty for none.
    opacity : float
        Of the fill, 0 to 1.
    edge_mm : float
        Width of the edge [mm].
    hatch_deg : float or None
        Direction of the hatch.
    hatch_mm : float
        Distance between its lines [mm].
    dash : tuple of float
        Strokes and spaces of the edge [mm].
    """

    fill: str = ""
    edge: str = ""
    opacity: float = 1.0
    edge_mm: float = 0.15
    hatch_deg: float | None = None
    hatch_mm: float = 0.9
    dash: tuple[float, ...] = ()


def paint_areas(sheet: Sheet, placed: Shapes, ink: Ink) -> None:
    """Draw areas that are on the paper already.

    Parameters
    ----------
    sheet : Sheet
        Where to draw.
    placed : ndarray of Polygon or MultiPolygon
        In millimetres of A4.
    ink : Ink
        How.
    """
    canvas = sheet.canvas
    path = canvas.beginPath()
    for polygon in shapely.get_parts(placed):
        if polygon.is_empty:
            continue
        for ring in (polygon.exterior, *polygon.interiors):
            _trace(path, shapely.get_coordinates(ring)[:-1])
            path.close()
    canvas.saveState()
    if ink.fill:
        canvas.setFillColor(HexColor(ink.fill))
        canvas.setFillAlpha(ink.opacity)
    if ink.edge:
        canvas.setStrokeColor(HexColor(ink.edge))
        canvas.setLineWidth(ink.edge_mm)
        canvas.setDash(list(ink.dash))
    canvas.drawPath(path, stroke=int(bool(ink.edge)), fill=int(bool(ink.fill)), fillMode=EVEN_ODD)
    canvas.restoreState()
    if ink.hatch_deg is not None and len(placed):
        stroke_lines(sheet, hatching(placed, ink.hatch_deg, ink.hatch_mm), ink.edge, ink.edge_mm)


def hatching(placed: Shapes, direction_deg: float, distance_mm: float) -> Shapes:
    """Cut parallel lines to the inside of some areas.

    Parameters
    ----------
    placed : ndarray of Polygon or MultiPolygon
        In millimetres of A4.
    direction_deg : float
        Direction of the lines, against the clock from the right [deg].
    distance_mm : float
        Between two lines [mm].

    Returns
    -------
    ndarray of LineString
        In millimetres of A4.
    """
    whole = shapely.union_all(placed)
    if whole.is_empty:
        return np.empty(0, object)
    west, south, east, north = shapely.bounds(whole)
    turn, middle = math.radians(direction_deg), np.array([(west + east) / 2, (south + north) / 2])
    along, across = np.array([math.cos(turn), math.sin(turn)]), np.array([-math.sin(turn), math.cos(turn)])
    half = math.hypot(east - west, north - south) / 2 + distance_mm
    offsets = np.arange(-math.ceil(half / distance_mm), math.ceil(half / distance_mm) + 1) * distance_mm
    centres = middle + offsets[:, None] * across
    lines = shapely.linestrings(np.stack([centres - half * along, centres + half * along], axis=1))
    shapely.prepare(whole)
    inside = np.asarray(shapely.get_parts(shapely.intersection(lines, whole)), dtype=object)
    return inside[shapely.length(inside) > 0]


def stroke_lines(sheet: Sheet, placed: Shapes, colour: str, width_mm: float) -> None:
    """Draw lines that are on the paper already.

    Parameters
    ----------
    sheet : Sheet
        Where to draw.
    placed : ndarray of LineString or MultiLineString
        In millimetres of A4.
    colour : str
        ``#rrggbb``.
    width_mm : float
        Width [mm].
    """
    canvas = sheet.canvas
    path = canvas.beginPath()
    for line in shapely.get_parts(placed):
        xy = shapely.get_coordinates(line)
        if len(xy) > 1:
            _trace(path, xy)
    canvas.setStrokeColor(HexColor(colour))
    canvas.setLineWidth(width_mm)
    canvas.setLineCap(1)
    canvas.drawPath(path, stroke=1, fill=0)
    canvas.setLineCap(0)


def _trace(path: Any, xy: NDArray[np.float64]) -> None:  # noqa: ANN401 - paths of the library are not typed
    path.moveTo(*xy[0])
    for x, y in xy[1:].tolist():
        path.lineTo(x, y)

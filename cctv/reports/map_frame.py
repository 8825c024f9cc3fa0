"""A map on paper at a round scale: shapes, names, scale bar, north arrow."""

import math
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from reportlab.lib.colors import HexColor

from cctv.i18n import number, t
from cctv.palette import LIGHT
from cctv.reports.ink import Ink, Shapes, paint_areas, stroke_lines
from cctv.reports.page import PLAIN, STRONG, Sheet

#: Denominators of scales are multiples of this.
ROUND_SCALE = 2500
#: Details smaller than this are left out of lines on the paper [mm].
DETAIL_MM = 0.06
HALO_MM = 0.55
_BAR_MOST_MM = 46.0


@dataclass(frozen=True)
class Frame:
    """Where the map stands on the paper and which ground it shows.

    Attributes
    ----------
    x, y, width, height : float
        Lower left corner and size on A4 [mm].
    west_m, south_m : float
        Ground at the lower left corner, EPSG:32749 [m].
    metres_per_mm : float
        Ground per millimetre of A4 [m/mm].
    denominator : int
        Scale on the real paper, 1 : denominator.
    """

    x: float
    y: float
    width: float
    height: float
    west_m: float
    south_m: float
    metres_per_mm: float
    denominator: int

    @classmethod
    def around(
        cls, bounds_m: tuple[float, float, float, float], x: float, y: float, width: float, height: float,
        enlarged: float, round_scale: int = ROUND_SCALE,
    ) -> "Frame":  # fmt: skip
        """Choose the largest round scale at which some ground fits, and put it in the middle.

        Parameters
        ----------
        bounds_m : tuple of float
            West, south, east, north, EPSG:32749 [m].
        x, y, width, height : float
            Frame on A4 [mm].
        enlarged : float
            How much larger the paper is than A4.
        round_scale : int
            The denominator of the scale is a multiple of this.

        Returns
        -------
        Frame
            With the ground in its middle.
        """
        west, south, east, north = bounds_m
        needed = max((east - west) / width, (north - south) / height) * 1.03
        denominator = math.ceil(needed * 1000 / enlarged / round_scale) * round_scale
        scale = denominator * enlarged / 1000
        return cls(
            x, y, width, height, (west + east - width * scale) / 2, (south + north - height * scale) / 2, scale,
            denominator,
        )  # fmt: skip

    def placed(self, shapes: Shapes) -> Shapes:
        """Bring shapes onto the paper, without detail that nobody can see there.

        Parameters
        ----------
        shapes : ndarray of Geometry
            EPSG:32749 [m].

        Returns
        -------
        ndarray of Geometry
            In millimetres of A4.
        """
        moved = shapely.transform(
            shapes, lambda xy: (xy - (self.west_m, self.south_m)) / self.metres_per_mm + (self.x, self.y)
        )
        return np.asarray(shapely.simplify(moved, DETAIL_MM), dtype=object)


class MapOnPaper:
    """Draws inside a frame of a sheet and never beyond it.

    Parameters
    ----------
    sheet : Sheet
        Where to draw.
    frame : Frame
        Where the map stands.
    """

    def __init__(self, sheet: Sheet, frame: Frame) -> None:
        self.sheet, self.frame, self.canvas = sheet, frame, sheet.canvas

    def begin(self, ground: str) -> None:
        """Fill the frame and cut off what would stand outside it.

        Parameters
        ----------
        ground : str
            Colour beyond the city.
        """
        f = self.frame
        self.sheet.box(f.x, f.y, f.width, f.height, fill=ground)
        self.canvas.saveState()
        path = self.canvas.beginPath()
        path.rect(f.x, f.y, f.width, f.height)
        self.canvas.clipPath(path, stroke=0, fill=0)

    def end(self) -> None:
        """Stop cutting off and draw the edge of the map."""
        self.canvas.restoreState()
        f = self.frame
        self.sheet.box(f.x, f.y, f.width, f.height, stroke=LIGHT.text, line=0.3)

    def areas(self, shapes: Shapes, ink: Ink) -> None:
        """Draw areas.

        Parameters
        ----------
        shapes : ndarray of Polygon or MultiPolygon
            EPSG:32749 [m].
        ink : Ink
            How.
        """
        paint_areas(self.sheet, self.frame.placed(shapes), ink)

    def lines(self, shapes: Shapes, colour: str, width_mm: float) -> None:
        """Draw lines.

        Parameters
        ----------
        shapes : ndarray of LineString or MultiLineString
            EPSG:32749 [m].
        colour : str
            ``#rrggbb``.
        width_mm : float
            Width [mm].
        """
        stroke_lines(self.sheet, self.frame.placed(shapes), colour, width_mm)

    def dots(self, xy_m: NDArray[np.float64], *, radius_mm: float, fill: str, edge: str) -> None:
        """Draw a dot per point.

        Parameters
        ----------
        xy_m : ndarray of float64, shape (n, 2)
            EPSG:32749 [m].
        radius_mm : float
            Radius [mm].
        fill, edge : str
            ``#rrggbb``.
        """
        for x, y in self.spots(xy_m):
            self.canvas.setFillColor(HexColor(fill))
            self.canvas.setStrokeColor(HexColor(edge))
            self.canvas.setLineWidth(0.22)
            self.canvas.circle(x, y, radius_mm, stroke=1, fill=1)

    def spots(self, xy_m: NDArray[np.float64]) -> NDArray[np.float64]:
        """Bring points onto the paper.

        Parameters
        ----------
        xy_m : ndarray of float64, shape (n, 2)
            EPSG:32749 [m].

        Returns
        -------
        ndarray of float64, shape (n, 2)
            In millimetres of A4.
        """
        f = self.frame
        return (np.asarray(xy_m, np.float64) - (f.west_m, f.south_m)) / f.metres_per_mm + (f.x, f.y)

    def name(self, xy_m: NDArray[np.float64], words: str, size: float) -> None:
        """Write a name with a pale edge around its letters.

        Parameters
        ----------
        xy_m : ndarray of float64, shape (2,)
            Where its middle stands, EPSG:32749 [m].
        words : str
            The name.
        size : float
            Size of the letters on A4 [pt].
        """
        x, y = self.spots(xy_m[None])[0]
        self.canvas.saveState()
        self.canvas.setStrokeColor(HexColor(LIGHT.label_halo))
        self.canvas.setLineWidth(HALO_MM)
        self.canvas.setLineJoin(1)
        halo = self.canvas.beginText()
        halo.setTextRenderMode(1)
        halo.setFont(STRONG, size / 2.8346)
        halo.setTextOrigin(x - self.canvas.stringWidth(words, STRONG, size / 2.8346) / 2, y)
        halo.textOut(words)
        self.canvas.drawText(halo)
        self.canvas.restoreState()
        self.sheet.text(x, y, words, size, font=STRONG, colour=LIGHT.label, align="centre")

    def numbers(self, xy_m: NDArray[np.float64]) -> None:
        """Put the numbers 1, 2, 3 ... on points.

        Parameters
        ----------
        xy_m : ndarray of float64, shape (n, 2)
            EPSG:32749 [m].
        """
        for rank, (x, y) in enumerate(self.spots(xy_m), start=1):
            number_badge(self.sheet, x, y, rank)

    def scale_bar(self, x: float, y: float, *, on_paper: bool = True) -> None:
        """Draw the scale bar with its scale in numbers.

        Parameters
        ----------
        x, y : float
            Lower left corner [mm].
        on_paper : bool
            Whether the scale in numbers holds; on a screen it does not.
        """
        per_mm = self.frame.metres_per_mm
        length = next(m for m in (2000, 1000, 500, 250, 200, 100, 50, 20, 10, 1) if m / per_mm <= _BAR_MOST_MM)
        step = length / per_mm / 4
        for part in range(4):
            fill = LIGHT.text if part % 2 == 0 else LIGHT.background
            self.sheet.box(x + part * step, y, step, 1.4, fill=fill, stroke=LIGHT.text, line=0.2)
        for part, label in ((0, "0"), (2, number(length / 2)), (4, f"{number(length)} m")):
            self.sheet.text(x + part * step, y + 2.2, label, 6.5, align="centre")
        if not on_paper:
            return
        scale = t("sheet.scale", n=number(self.frame.denominator))
        self.sheet.text(x, y - 3, scale, 6.5, font=PLAIN, colour=LIGHT.muted)

    def north_arrow(self, x: float, y: float) -> None:
        """Draw the arrow to grid north, which is up.

        Parameters
        ----------
        x, y : float
            Middle of its foot [mm].
        """
        for side, fill in ((-2.2, LIGHT.text), (2.2, LIGHT.background)):
            path = self.canvas.beginPath()
            path.moveTo(x, y + 8)
            path.lineTo(x + side, y)
            path.lineTo(x, y + 1.8)
            path.close()
            self.canvas.setFillColor(HexColor(fill))
            self.canvas.setStrokeColor(HexColor(LIGHT.text))
            self.canvas.setLineWidth(0.2)
            self.canvas.drawPath(path, stroke=1, fill=1)
        self.sheet.text(x, y + 9, t("sheet.north"), 8, font=STRONG, align="centre")


def number_badge(sheet: Sheet, x: float, y: float, rank: int) -> None:
    """Draw a number in a dark disc.

    Parameters
    ----------
    sheet : Sheet
        Where to draw.
    x, y : float
        Middle [mm].
    rank : int
        The number.
    """
    sheet.canvas.setFillColor(HexColor(LIGHT.text))
    sheet.canvas.setStrokeColor(HexColor(LIGHT.background))
    sheet.canvas.setLineWidth(0.3)
    sheet.canvas.circle(x, y, 1.75, stroke=1, fill=1)
    sheet.text(x, y - 0.8, str(rank), 6, font=STRONG, colour=LIGHT.background, align="centre")

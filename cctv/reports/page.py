"""A sheet of paper in millimetres: fonts, text that wraps and never leaves its box, lines, the watermark."""

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from cctv.palette import LIGHT

Paper = Literal["a4", "a3"]
Align = Literal["left", "right", "centre"]
#: Width and height of the sheet, lying [mm]; every sheet is drawn as A4 and enlarged.
A4_MM = (297.0, 210.0)
ENLARGED: dict[Paper, float] = {"a4": 1.0, "a3": 420.0 / 297.0}
PLAIN, STRONG, BOLD = "Jakarta", "Jakarta-600", "Jakarta-700"
LEADING = 1.32
_FONTS = Path(__file__).parent / "fonts"
_WATERMARK_OPACITY, _WATERMARK_PT, _WATERMARK_TURN_DEG = 0.08, 13, 28
_WATERMARK_STEP_MM = (140.0, 52.0)


@cache
def register_fonts() -> None:
    """Make our letters known to the library that writes PDF; once per process."""
    for name, weight in ((PLAIN, 400), (STRONG, 600), (BOLD, 700)):
        pdfmetrics.registerFont(TTFont(name, str(_FONTS / f"plus-jakarta-sans-{weight}.ttf")))


class Sheet:
    """A document whose pages are drawn in millimetres of A4, from the lower left corner.

    Parameters
    ----------
    paper : {"a4", "a3"}
        Size.
    title : str
        Title of the document.
    watermark : str
        Pale text over every page.
    upright : bool
        Whether the sheet stands.
    """

    def __init__(self, paper: Paper, title: str, watermark: str, *, upright: bool = False) -> None:
        register_fonts()
        self.enlarged = ENLARGED[paper]
        self.watermark = watermark
        self.buffer = io.BytesIO()
        self.size_mm = A4_MM[::-1] if upright else A4_MM
        width, height = self.size_mm
        size = (width * self.enlarged * mm, height * self.enlarged * mm)
        self.canvas = Canvas(self.buffer, pagesize=size, pageCompression=1)
        self.canvas.setTitle(title)
        self.canvas.setSubject(watermark)

    def begin_page(self) -> None:
        """Begin a page; everything on it is measured in millimetres of A4."""
        self.canvas.scale(self.enlarged * mm, self.enlarged * mm)

    def end_page(self) -> None:
        """Put the watermark over the page and close it."""
        self._draw_watermark()
        self.canvas.showPage()

    def finish(self) -> bytes:
        """Close the document after its last :meth:`end_page`.

        Returns
        -------
        bytes
            PDF.
        """
        self.canvas.save()
        return self.buffer.getvalue()

    def text(
        self, x: float, y: float, words: str, size: float = 8, *, font: str = PLAIN, colour: str = LIGHT.text,
        align: Align = "left",
    ) -> None:  # fmt: skip
        """Write one line.

        Parameters
        ----------
        x, y : float
            Where its base line begins, ends or has its middle [mm].
        words : str
            The line.
        size : float
            Size of the letters on A4 [pt].
        font, colour : str
            Look.
        align : {"left", "right", "centre"}
            Which part of the line stands at ``x``.
        """
        self.canvas.setFont(font, size / mm)
        self.canvas.setFillColor(HexColor(colour))
        draw = {
            "left": self.canvas.drawString,
            "right": self.canvas.drawRightString,
            "centre": self.canvas.drawCentredString,
        }
        draw[align](x, y, words)

    def paragraph(
        self, x: float, y: float, width: float, words: str, size: float = 7.5, *, font: str = PLAIN,
        colour: str = LIGHT.text,
    ) -> float:  # fmt: skip
        """Write text that wraps.

        Parameters
        ----------
        x, y : float
            Left and upper edge [mm].
        width : float
            Width of the box [mm].
        words : str
            Text.
        size : float
            Size of the letters on A4 [pt].
        font, colour : str
            Look.

        Returns
        -------
        float
            Lower edge of what was written [mm].
        """
        step = size / mm * LEADING
        for line in simpleSplit(words, font, size / mm, width):
            y -= step
            self.text(x, y + 0.28 * step, line, size, font=font, colour=colour)
        return y

    def height_of(self, words: str, width: float, size: float = 7.5, font: str = PLAIN) -> float:
        """Measure text that wraps, as :meth:`paragraph` would write it.

        Parameters
        ----------
        words : str
            Text.
        width : float
            Width of the box [mm].
        size : float
            Size of the letters on A4 [pt].
        font : str
            Look.

        Returns
        -------
        float
            Height [mm].
        """
        return len(simpleSplit(words, font, size / mm, width)) * size / mm * LEADING

    def fitted(self, words: str, width: float, size: float, font: str = PLAIN) -> str:
        """Shorten a line until it fits.

        Parameters
        ----------
        words : str
            The line.
        width : float
            Room [mm].
        size : float
            Size of the letters on A4 [pt].
        font : str
            Look.

        Returns
        -------
        str
            The line, or its beginning and three dots.
        """
        if pdfmetrics.stringWidth(words, font, size / mm) <= width:
            return words
        while words and pdfmetrics.stringWidth(f"{words}…", font, size / mm) > width:
            words = words[:-1]
        return f"{words.rstrip()}…"

    def line(self, x: float, y: float, to_x: float, to_y: float, *, width: float = 0.2, colour: str = LIGHT.border,
             dash: Sequence[float] = ()) -> None:  # fmt: skip
        """Draw a line.

        Parameters
        ----------
        x, y, to_x, to_y : float
            Ends [mm].
        width : float
            Width [mm].
        colour : str
            ``#rrggbb``.
        dash : sequence of float
            Lengths of strokes and spaces [mm].
        """
        self.canvas.setLineWidth(width)
        self.canvas.setStrokeColor(HexColor(colour))
        self.canvas.setDash(list(dash))
        self.canvas.line(x, y, to_x, to_y)
        self.canvas.setDash([])

    def box(self, x: float, y: float, width: float, height: float, *, fill: str = "", stroke: str = "",
            line: float = 0.25) -> None:  # fmt: skip
        """Draw a rectangle.

        Parameters
        ----------
        x, y, width, height : float
            Lower left corner and size [mm].
        fill, stroke : str
            ``#rrggbb`` or empty.
        line : float
            Width of the edge [mm].
        """
        self.canvas.setLineWidth(line)
        if fill:
            self.canvas.setFillColor(HexColor(fill))
        if stroke:
            self.canvas.setStrokeColor(HexColor(stroke))
        self.canvas.rect(x, y, width, height, stroke=int(bool(stroke)), fill=int(bool(fill)))

    def _draw_watermark(self) -> None:
        self.canvas.saveState()
        clip = self.canvas.beginPath()
        clip.rect(0, 0, *self.size_mm)
        self.canvas.clipPath(clip, stroke=0, fill=0)
        self.canvas.setFillColor(HexColor(LIGHT.text), _WATERMARK_OPACITY)
        self.canvas.setFont(STRONG, _WATERMARK_PT / mm)
        self.canvas.rotate(_WATERMARK_TURN_DEG)
        across, up = _WATERMARK_STEP_MM
        for row in range(-4, 8):
            for column in range(4):
                self.canvas.drawString((column + row % 2 / 2) * across, row * up, self.watermark)
        self.canvas.restoreState()

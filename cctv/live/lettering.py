"""Words on pictures, sized by the width of the picture."""

import cv2

from cctv.live.jpeg import Pixels

Colour = tuple[int, int, int]
_REGULAR = 450
_BOLD = 700
_EDGE = 0.02


class Lettering:
    """Writes on pictures of one width; not to be shared between threads.

    Parameters
    ----------
    width : int
        Width of the pictures [px].
    """

    def __init__(self, width: int) -> None:
        self._width = width
        self._face = cv2.FontFace("sans")

    def put(
        self, picture: Pixels, text: str, x: int, y: int, size: float, colour: Colour, *, bold: bool = False
    ) -> None:
        """Write text that starts at a place.

        Parameters
        ----------
        picture : numpy.ndarray
            Changed in place.
        text : str
            One line.
        x, y : int
            Start of the base line [px].
        size : float
            Height of letters as a share of the width of the picture.
        colour : tuple of int
            Blue, green, red.
        bold : bool
            Heavier letters.
        """
        weight = _BOLD if bold else _REGULAR
        cv2.putText(picture, text, (x, y), colour, self._face, round(size * self._width), weight)

    def width_of(self, text: str, size: float, *, bold: bool = False) -> int:
        """Measure a line.

        Parameters
        ----------
        text : str
            One line.
        size : float
            Height of letters as a share of the width of the picture.
        bold : bool
            Heavier letters.

        Returns
        -------
        int
            Width [px].
        """
        weight = _BOLD if bold else _REGULAR
        box = cv2.getTextSize((self._width, self._width), text, (0, 0), self._face, round(size * self._width), weight)
        return int(box[2])

    def centred(self, picture: Pixels, text: str, y: int, size: float, colour: Colour, *, bold: bool = False) -> None:
        """Write text in the middle, cut with dots if it is too long.

        Parameters
        ----------
        picture : numpy.ndarray
            Changed in place.
        text : str
            One line.
        y : int
            Base line [px].
        size : float
            Height of letters as a share of the width of the picture.
        colour : tuple of int
            Blue, green, red.
        bold : bool
            Heavier letters.
        """
        line = self.fitted(text, size, 1 - 2 * _EDGE, bold=bold)
        x = (self._width - self.width_of(line, size, bold=bold)) // 2
        self.put(picture, line, x, y, size, colour, bold=bold)

    def fitted(self, text: str, size: float, share: float, *, bold: bool = False) -> str:
        """Cut text so that it is no wider than a share of the picture.

        Parameters
        ----------
        text : str
            One line.
        size : float
            Height of letters as a share of the width of the picture.
        share : float
            Share of the width that it may take.
        bold : bool
            Heavier letters.

        Returns
        -------
        str
            The text, or its beginning with dots.
        """
        line = text
        while len(line) > 1 and self.width_of(line, size, bold=bold) > share * self._width:
            line = line.rstrip(".")[:-1] + "..."
            if line == "...":
                break
        return line

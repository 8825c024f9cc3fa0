"""Light by the hour: how bright it is, the colours of the sky, whether lamps burn."""

from dataclasses import dataclass

import numpy as np

from cctv.live.lettering import Colour

# hour (WIB), brightness, sky at the top, sky at the horizon; blue, green, red
_TABLE = (
    (0.0, 0.24, (40, 26, 18), (52, 40, 34)),
    (4.6, 0.26, (54, 36, 26), (70, 60, 66)),
    (5.4, 0.55, (150, 110, 90), (130, 160, 235)),
    (6.5, 0.85, (215, 165, 110), (215, 215, 225)),
    (10.0, 1.0, (225, 160, 85), (235, 220, 200)),
    (15.0, 1.0, (220, 160, 90), (230, 220, 205)),
    (17.0, 0.82, (190, 140, 105), (150, 190, 240)),
    (17.7, 0.5, (110, 75, 70), (80, 120, 220)),
    (18.5, 0.28, (52, 34, 24), (66, 52, 50)),
    (24.0, 0.24, (40, 26, 18), (52, 40, 34)),
)
_LAMPS_BELOW = 0.6


@dataclass(frozen=True)
class Daylight:
    """Light at one time of day.

    Attributes
    ----------
    brightness : float
        1 at noon.
    zenith, horizon : tuple of float
        Colours of the sky; blue, green, red.
    """

    brightness: float
    zenith: tuple[float, float, float]
    horizon: tuple[float, float, float]

    @property
    def lamps(self) -> bool:
        """Whether street lamps and windows are lit."""
        return self.brightness < _LAMPS_BELOW

    def shade(self, colour: Colour, factor: float = 1.0) -> Colour:
        """Colour of a surface in this light.

        Parameters
        ----------
        colour : tuple of int
            Blue, green, red in full light.
        factor : float
            How much light falls on it, 1 is all.

        Returns
        -------
        tuple of int
            Blue, green, red.
        """
        light = self.brightness * factor
        blue, green, red = (min(255, max(0, round(part * light))) for part in colour)
        return blue, green, red


def daylight_at(hour: float) -> Daylight:
    """Tell the light of an hour.

    Parameters
    ----------
    hour : float
        Hour of the day in WIB, 0 to 24.

    Returns
    -------
    Daylight
        Light at that hour.
    """
    hours = [row[0] for row in _TABLE]

    def between(values: list[float]) -> float:
        return float(np.interp(hour, hours, values))

    zenith = tuple(between([row[2][i] for row in _TABLE]) for i in range(3))
    horizon = tuple(between([row[3][i] for row in _TABLE]) for i in range(3))
    return Daylight(
        between([row[1] for row in _TABLE]), (zenith[0], zenith[1], zenith[2]), (horizon[0], horizon[1], horizon[2])
    )

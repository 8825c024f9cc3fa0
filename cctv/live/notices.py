"""Pictures that say something went wrong: the greyed last one with its age, and the card where there never was one."""

from datetime import datetime

import cv2
import numpy as np

from cctv.i18n import age, moment, t
from cctv.live.jpeg import Pixels
from cctv.live.lettering import Lettering

_SLATE = (46, 40, 34)  # blue, green, red
_LIGHT = (236, 232, 228)
_MUTED = (178, 170, 160)
_BRICK = (38, 61, 166)
_SHAPE = 9 / 16


def greyed(pixels: Pixels, age_s: float, reason: str) -> Pixels:
    """Mark a picture as old: grey, paler, with its age and the reason written into it.

    Parameters
    ----------
    pixels : numpy.ndarray
        Last good picture, shape (height, width, 3).
    age_s : float
        How old it is [s].
    reason : str
        Code of what is wrong with the camera.

    Returns
    -------
    numpy.ndarray
        Same shape.
    """
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    pale = cv2.cvtColor(cv2.convertScaleAbs(grey, alpha=0.6, beta=60), cv2.COLOR_GRAY2BGR)
    picture = np.asarray(pale, dtype=np.uint8)
    height, width = picture.shape[:2]
    band = max(round(height * 0.14), 26)
    picture[height // 2 - band // 2 : height // 2 + band // 2] = _SLATE
    letters = Lettering(width)
    headline = t("live.last_picture", age=age(age_s))
    letters.centred(picture, headline, height // 2 - band // 12, 0.034, _LIGHT, bold=True)
    letters.centred(picture, t(f"picture.reason.{reason}"), height // 2 + band // 3, 0.026, _MUTED)
    return picture


def no_picture(width: int, name: str, reason: str, since: datetime | None) -> Pixels:
    """Draw the card that stands where there never was a picture.

    Parameters
    ----------
    width : int
        Width [px]; the height is nine sixteenths of it.
    name : str
        Name of the camera, may be empty.
    reason : str
        Code of what is wrong.
    since : datetime or None
        Since when, aware.

    Returns
    -------
    numpy.ndarray
        Shape (height, width, 3).
    """
    height = round(width * _SHAPE)
    card = np.full((height, width, 3), _SLATE, dtype=np.uint8)
    _crossed_lens(card, (width // 2, round(height * 0.27)), round(height * 0.12))
    letters = Lettering(width)
    letters.centred(card, name, round(height * 0.55), 0.036, _LIGHT, bold=True)
    letters.centred(
        card, f"{t('live.no_picture')}: {t(f'picture.reason.{reason}')}", round(height * 0.67), 0.03, _LIGHT
    )
    if since is not None:
        letters.centred(card, t("live.since", moment=moment(since)), round(height * 0.77), 0.026, _MUTED)
    return card


def _crossed_lens(card: Pixels, centre: tuple[int, int], radius: int) -> None:
    thick = max(2, radius // 8)
    cv2.circle(card, centre, radius, _MUTED, thick, cv2.LINE_AA)
    cv2.circle(card, centre, radius // 2, _MUTED, thick, cv2.LINE_AA)
    reach = round(radius * 0.95)
    start, stop = (centre[0] - reach, centre[1] - reach), (centre[0] + reach, centre[1] + reach)
    cv2.line(card, start, stop, _BRICK, thick + 1, cv2.LINE_AA)

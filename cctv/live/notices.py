"""Pictures that say something went wrong: the greyed last one with its age, and the card where there never was one."""

from datetime import datetime

import cv2
import numpy as np

from cctv.i18n import age, moment, t
from cctv.live.jpeg import Pixels, encode, shrink
from cctv.live.lettering import Lettering

_SLATE = (46, 40, 34)  # blue, green, red
_LIGHT = (236, 232, 228)
_MUTED = (178, 170, 160)
_BRICK = (38, 61, 166)
_SHAPE = 9 / 16
#: Height of a line of a stamp as a share of the width, how dark its band is, and the quality of what is taken away.
_LINE, _BAND, _STAMPED_QUALITY = 0.03, 0.72, 92


def greyed(pixels: Pixels, age_s: float, reason: str) -> Pixels:
    """Mark a picture as old: grey, paler, with its age and the reason written into it.

    Parameters
    ----------
    pixels : numpy.ndarray
        Last good picture in grey, shape (height, width).
    age_s : float
        How old it is [s].
    reason : str
        Code of what is wrong with the camera.

    Returns
    -------
    numpy.ndarray
        Same shape.
    """
    picture = np.asarray(cv2.convertScaleAbs(pixels, alpha=0.6, beta=60), dtype=np.uint8)
    height, width = picture.shape[:2]
    band = max(round(height * 0.14), 26)
    picture[height // 2 - band // 2 : height // 2 + band // 2] = _SLATE[1]
    letters = Lettering(width)
    headline = t("live.last_picture", age=age(age_s))
    letters.centred(picture, headline, height // 2 - band // 12, 0.034, _LIGHT, bold=True)
    letters.centred(picture, t(f"picture.reason.{reason}"), height // 2 + band // 3, 0.026, _MUTED)
    return picture


def grey_jpeg(jpeg: bytes, width: int, age_s: float, reason: str) -> bytes:
    """Mark a JPEG of our own as old.

    Parameters
    ----------
    jpeg : bytes
        What a decoder made; never bytes of a camera.
    width : int
        Width wanted [px]; nothing is made wider.
    age_s : float
        How old it is [s].
    reason : str
        Code of what is wrong with the camera.

    Returns
    -------
    bytes
        JPEG file.
    """
    grey = cv2.imdecode(np.frombuffer(jpeg, dtype=np.uint8), cv2.IMREAD_GRAYSCALE)
    return encode(greyed(shrink(np.asarray(grey, dtype=np.uint8), width), age_s, reason))


def stamped(jpeg: bytes, lines: tuple[str, ...]) -> bytes:
    """Write who took a picture and for what into a JPEG of our own, over a dark band at its foot.

    Parameters
    ----------
    jpeg : bytes
        What a decoder made; never bytes of a camera.
    lines : tuple of str
        What to write, the first line heavier.

    Returns
    -------
    bytes
        JPEG file.
    """
    picture = np.asarray(cv2.imdecode(np.frombuffer(jpeg, dtype=np.uint8), cv2.IMREAD_COLOR), dtype=np.uint8)
    height, width = picture.shape[:2]
    step = round(width * _LINE)
    foot = picture[max(0, height - round((len(lines) + 0.5) * step)) :]
    foot[:] = cv2.addWeighted(foot, 1 - _BAND, np.full_like(foot, _SLATE), _BAND, 0)
    letters = Lettering(width)
    for i, line in enumerate(lines):
        size = _LINE * (0.66 if i == 0 else 0.58)
        y = height - round((len(lines) - i - 0.15) * step)
        letters.put(picture, letters.fitted(line, size, 0.96), round(width * 0.02), y, size, _LIGHT, bold=i == 0)
    return encode(picture, _STAMPED_QUALITY)


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

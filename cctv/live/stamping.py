"""Words burnt into a picture before it leaves the house: which camera, when it was taken, who took it out."""

import numpy as np

from cctv.live.jpeg import Pixels, decode, encode
from cctv.live.lettering import Lettering

_SLATE, _LIGHT = (46, 40, 34), (236, 232, 228)  # blue, green, red
_LINE = 0.034
_SIZE = 0.02


def stamped(jpeg: bytes, *lines: str) -> bytes:
    """Add a strip with words below a picture and the first line faintly across it.

    Parameters
    ----------
    jpeg : bytes
        JPEG file as it was kept; it is not changed.
    *lines : str
        One line each; cut with dots where they are too long.

    Returns
    -------
    bytes
        JPEG file.

    Raises
    ------
    SnapshotError
        If the picture cannot be decoded.
    """
    pixels = decode(jpeg)
    height, width = pixels.shape[:2]
    letters, step = Lettering(width), max(round(width * _LINE), 12)
    sheet: Pixels = np.full((height + step * len(lines) + step // 2, width, 3), _SLATE, dtype=np.uint8)
    sheet[:height] = _crossed(pixels, lines[-1] if lines else "")
    for row, line in enumerate(lines, start=1):
        words = letters.fitted(line, _SIZE, 0.96, bold=row == 1)
        letters.put(sheet, words, round(width * 0.02), height + round(step * row), _SIZE, _LIGHT, bold=row == 1)
    return encode(sheet)


def _crossed(pixels: Pixels, words: str) -> Pixels:
    """Write words faintly in three places, so that a part cut out still carries them."""
    marked = pixels.copy()
    letters = Lettering(pixels.shape[1])
    for share in (0.2, 0.5, 0.8):
        letters.centred(marked, words, round(pixels.shape[0] * share), _SIZE, _LIGHT)
    mixed = pixels.astype(np.float32) * 0.72 + marked.astype(np.float32) * 0.28
    return np.asarray(np.round(mixed), dtype=np.uint8)

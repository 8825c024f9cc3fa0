"""JPEG bytes in and out: checked before they are decoded, never decoded when incomplete or huge."""

import cv2
import numpy as np
import numpy.typing as npt

from cctv.errors import SnapshotError

MOST_PIXELS = 24_000_000
QUALITY = 82

Pixels = npt.NDArray[np.uint8]

_START = b"\xff\xd8"
_STOP = b"\xff\xd9"
_BARE = {0x01, *range(0xD0, 0xD9)}  # markers without a length
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # start-of-frame markers: the size stands there
_SCAN = 0xDA


def size_of(data: bytes) -> tuple[int, int]:
    """Read the size of a JPEG from its header.

    Parameters
    ----------
    data : bytes
        JPEG file.

    Returns
    -------
    tuple of int
        Width and height [px].

    Raises
    ------
    SnapshotError
        ``garbage`` if it is no JPEG, ``unreadable`` if the header is damaged.
    """
    if not data.startswith(_START):
        raise SnapshotError("garbage", f"{len(data)} bytes that are no JPEG")
    at = len(_START)
    while at + 4 <= len(data) and data[at] == 0xFF:  # noqa: PLR2004 - every marker starts with it
        marker = data[at + 1]
        if marker == 0xFF or marker in _BARE:  # noqa: PLR2004 - fill byte
            at += 1 if marker == 0xFF else 2  # noqa: PLR2004
            continue
        if marker in _FRAMES and at + 9 <= len(data):
            return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        if marker == _SCAN:
            break
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    raise SnapshotError("unreadable", "JPEG without a size in its header")


def decode(data: bytes) -> Pixels:
    """Decode a complete JPEG.

    Parameters
    ----------
    data : bytes
        JPEG file.

    Returns
    -------
    numpy.ndarray
        Blue, green, red, shape (height, width, 3).

    Raises
    ------
    SnapshotError
        ``garbage`` if it is no JPEG, ``too_large`` if it has too many pixels, ``unreadable`` if it is cut or damaged.
    """
    width, height = size_of(data)
    if width * height > MOST_PIXELS:
        raise SnapshotError("too_large", f"{width} x {height} pixels, at most {MOST_PIXELS}")
    if not data.rstrip(b"\x00\r\n").endswith(_STOP):
        raise SnapshotError("unreadable", "the JPEG ends in the middle")
    try:
        pixels = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), cv2.IMREAD_COLOR)
    except cv2.error as error:
        raise SnapshotError("unreadable", "the JPEG cannot be decoded") from error
    if pixels is None:
        raise SnapshotError("unreadable", "the JPEG cannot be decoded")
    return np.asarray(pixels, dtype=np.uint8)


def shrink(pixels: Pixels, width: int) -> Pixels:
    """Make a picture narrower; it is never made wider.

    Parameters
    ----------
    pixels : numpy.ndarray
        Picture, shape (height, width, 3), or (height, width) in grey.
    width : int
        Width wanted [px].

    Returns
    -------
    numpy.ndarray
        Picture of at most that width, same shape of sides.
    """
    height_now, width_now = pixels.shape[:2]
    if width >= width_now:
        return pixels
    size = (width, max(1, round(height_now * width / width_now)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def encode(pixels: Pixels, quality: int = QUALITY) -> bytes:
    """Encode a picture as JPEG.

    Parameters
    ----------
    pixels : numpy.ndarray
        Blue, green, red, shape (height, width, 3), or (height, width) in grey.
    quality : int
        1 to 100.

    Returns
    -------
    bytes
        JPEG file.
    """
    return cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()

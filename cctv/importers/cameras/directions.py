"""Words into a direction: compass words, numbers, landmarks of the city; whatever comes from words is a guess.

A word of the compass stands for a quarter or an eighth of the circle, a landmark for the line from the camera to it;
neither says that the lens points there. The register keeps such an azimuth with the source "words".
"""

import math
import re
from functools import lru_cache

from rapidfuzz import fuzz

from cctv.importers.cameras.coordinates import Spot
from cctv.importers.cameras.town import Place, Town
from cctv.importers.cameras.values import Value, guess, problem, read

_COMPASS = {
    "utara": 0, "timur laut": 45, "timur": 90, "tenggara": 135, "selatan": 180, "barat daya": 225, "barat": 270,
    "barat laut": 315, "north": 0, "northeast": 45, "east": 90, "southeast": 135, "south": 180, "southwest": 225,
    "west": 270, "northwest": 315,
}  # fmt: skip
_SHORT = {
    "n": 0, "ne": 45, "e": 90, "se": 135, "s": 180, "sw": 225, "w": 270, "nw": 315, "u": 0, "tl": 45, "t": 90,
    "tg": 135, "bd": 225, "b": 270, "bl": 315, "nne": 22.5, "ene": 67.5, "ese": 112.5, "sse": 157.5, "ssw": 202.5,
    "wsw": 247.5, "wnw": 292.5, "nnw": 337.5,
}  # fmt: skip
_WORDS = "|".join(sorted((word.replace(" ", r"\s*") for word in _COMPASS), key=len, reverse=True))
_COMPASS_WORD = re.compile(rf"\b({_WORDS})\b")
#: In a name only what follows such a word is a direction: "A Yani Utara" is a street.
_MARKER = re.compile(r"\b(?:meng)?(?:arah|hadap)\b(?:nya)?\s*(?:ke|dari)?\s*:?\s*(?:arah\s+)?(.+)$", re.IGNORECASE)
_RANGE = re.compile(r"(\d{1,3})\s*-\s*(\d{1,3})")
_LIST = re.compile(r"[,;/+&\n]|\bdan\b")
_DEGREES = re.compile(r"(?:azimut[h]?|az)?\s*[:=]?\s*(-?\d{1,3}(?:[.,]\d+)?)\s*(?:°|derajat|deg)?")
_NOTHING = re.compile(r"[-–. ]*|tidak (?:ada|diketahui|tahu)|belum.*|n/?a|\?+|kosong")  # noqa: RUF001 - as typed
_NOT_GIVEN = Value()
_FULL_CIRCLE, _LIKENESS, _TOO_CLOSE_M = 360.0, 87, 5.0
_STOP_WORDS = re.compile(r"\b(?:jl|jln|jalan|simpang|sp|perempatan|pertigaan|kota|mojokerto|depan|pintu)\b\.?")


@lru_cache(maxsize=4096)
def direction_text(name: str) -> tuple[str, str]:
    """Take the direction off a name: "Simpang Empunala Arah Utara".

    Parameters
    ----------
    name : str
        Name of a camera.

    Returns
    -------
    tuple of str
        Name without the direction, words of the direction (empty if none).
    """
    match = _MARKER.search(name)
    if match is None:
        return name, ""
    return name[: match.start()].strip(" -,(/") or name, match.group(1).strip(" ).")


def split_directions(text: str) -> list[str]:
    """Split a cell that lists several directions: "Utara, Selatan dan Barat".

    Parameters
    ----------
    text : str
        Cell of the direction column.

    Returns
    -------
    list of str
        One per direction; the whole text if it is one.
    """
    parts = [part.strip() for part in _LIST.split(text) if part.strip()]
    is_list = len(parts) > 1 and all(_compass(direction_text(part)[1] or part) is not None for part in parts)
    return parts if is_list else [text]


def read_direction(words: str, spot: Spot | None, town: Town) -> Value:
    """Suggest an azimuth.

    Parameters
    ----------
    words : str
        What the register says, without the word "arah".
    spot : Spot or None
        Where the camera stands, for landmarks.
    town : Town
        The city with its landmarks.

    Returns
    -------
    Value
        Azimuth clockwise from north [deg], 0 <= a < 360; ``guess`` whenever it comes from words.
    """
    text = words.strip().lower()
    if _NOTHING.fullmatch(text):
        return Value(raw=words)
    number = _DEGREES.fullmatch(text)
    if number:
        return _from_number(float(number.group(1).replace(",", ".")), words)
    span = _RANGE.fullmatch(text)
    if span:
        low, high = float(span.group(1)), float(span.group(2))
        middle = (low + ((high - low) % _FULL_CIRCLE) / 2) % _FULL_CIRCLE
        return guess(middle, words, "azimuth_range", azimuth=round(middle))
    azimuth = _compass(text)
    if azimuth is not None:
        return guess(float(azimuth), words, "azimuth_words", azimuth=azimuth)
    return _towards(text, words, spot, town)


def read_number(cell: object) -> Value:
    """Read a cell of a column with degrees.

    Parameters
    ----------
    cell : str or number
        As read.

    Returns
    -------
    Value
        Azimuth [deg]; ``problem`` if it is no number.
    """
    if cell is None:
        return _NOT_GIVEN
    text = str(cell).strip().lower()
    if _NOTHING.fullmatch(text):
        return Value(raw=text)
    match = _DEGREES.fullmatch(text)
    return _from_number(float(match.group(1).replace(",", ".")), text) if match else problem(text, "azimuth_unreadable")


def _from_number(value: float, raw: str) -> Value:
    if value == _FULL_CIRCLE:
        return guess(0.0, raw, "azimuth_360")
    return read(value, raw) if 0 <= value < _FULL_CIRCLE else problem(raw, "azimuth_out_of_range")


@lru_cache(maxsize=4096)
def _compass(text: str) -> float | None:
    plain = re.sub(r"\s+", " ", text.lower().strip(" ."))
    if plain in _SHORT:
        return _SHORT[plain]
    found = {_COMPASS[_spaced(match.group(1))] for match in _COMPASS_WORD.finditer(plain)}
    return found.pop() if len(found) == 1 else None


def _spaced(word: str) -> str:
    joined = re.sub(r"\s+", "", word)
    return next(known for known in _COMPASS if known.replace(" ", "") == joined)


def _towards(text: str, words: str, spot: Spot | None, town: Town) -> Value:
    place = _landmark(text, town)
    if place is None:
        return guess(None, words, "landmark_unknown", words=words)
    if spot is None:
        return guess(None, words, "landmark_without_position", place=place.name)
    (x0, x1), (y0, y1) = town.to_metres.transform([spot.lon, place.lon], [spot.lat, place.lat])
    if math.hypot(x1 - x0, y1 - y0) < _TOO_CLOSE_M:
        return guess(None, words, "landmark_here", place=place.name)
    azimuth = math.degrees(math.atan2(x1 - x0, y1 - y0)) % _FULL_CIRCLE
    return guess(round(azimuth, 1) % _FULL_CIRCLE, words, "azimuth_landmark", azimuth=round(azimuth), place=place.name)


@lru_cache(maxsize=4096)
def _landmark(text: str, town: Town) -> Place | None:
    """Find the one landmark that a text names; two that fit equally well are none."""
    wanted = _STOP_WORDS.sub(" ", text).strip()
    if not wanted:
        return None
    scored = sorted(
        ((fuzz.token_set_ratio(wanted, _STOP_WORDS.sub(" ", place.name.lower())), place) for place in town.places),
        key=lambda pair: (-pair[0], pair[1].name),
    )
    good = [place for score, place in scored if score >= _LIKENESS and score >= scored[0][0] - 3]
    is_clear = good and all(abs(p.lon - good[0].lon) + abs(p.lat - good[0].lat) < 0.001 for p in good)  # noqa: PLR2004
    return good[0] if is_clear else None

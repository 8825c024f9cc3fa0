"""One cell into one angle: decimal point or comma, degrees, minutes and seconds with any quotes, hemisphere letters."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from cctv.importers.cameras.sandbox import Cell

Axis = Literal["lat", "lon"]
_LETTERS: dict[str, tuple[Axis, int]] = {
    "LS": ("lat", -1), "S": ("lat", -1), "LU": ("lat", 1), "N": ("lat", 1), "U": ("lat", 1),
    "BT": ("lon", 1), "E": ("lon", 1), "T": ("lon", 1), "BB": ("lon", -1), "W": ("lon", -1), "B": ("lon", -1),
}  # fmt: skip
_LETTER = r"(LS|LU|BT|BB|[NSEWUTB])?\.?"
_NUMBER = r"\d{1,3}(?:[.,]\d+)?"
_DECIMAL = re.compile(rf"{_LETTER}\s*([+-]?)\s*({_NUMBER})\s*°?\s*{_LETTER}")
_DMS = re.compile(
    rf"{_LETTER}\s*([+-]?)\s*(\d{{1,3}})\s*[°:\s-]\s*(\d{{1,2}}(?:[.,]\d+)?)\s*['\s:-]?\s*"
    rf"(?:(\d{{1,2}}(?:[.,]\d+)?)\s*\"?\s*)?{_LETTER}"
)
_PLAIN = re.compile(r"[+-]?\d+(?:[.,](\d+))?(?:[Ee][+-]?\d+)?")
_DOTTED = re.compile(r"([+-]?)(\d{1,3})\.(\d{3})\.(\d{1,3})(?:\.(\d{1,3}))?")
_LABEL = re.compile(
    r"^(?:LATITUDE|LONGITUDE|LINTANG SELATAN|LINTANG|BUJUR TIMUR|BUJUR|LAT|LONG|LNG|LON|[XY])\s*[:=]?\s*", re.IGNORECASE
)
_LETTERED = re.compile(
    r"(\d+)\s*(?:D|DEG|DERAJAT)\s*(\d+)\s*(?:M|MIN|MENIT)\s*(\d+(?:[.,]\d+)?)\s*(?:DETIK|SEC|S)(?![A-Z])"
)
_QUOTES = str.maketrans({
    "º": "°", "˚": "°", "∘": "°", "“": '"', "”": '"', "„": '"', "″": '"', "‟": '"', "‘": "'", "’": "'", "′": "'",  # noqa: RUF001
    "´": "'", "`": "'", "‛": "'", "−": "-", "–": "-", "—": "-", "\xa0": " ", "\u200b": "", "\ufeff": "",  # noqa: RUF001
})  # fmt: skip
_METRES_PER_DEG, _METRES_PER_MINUTE, _METRES_PER_SECOND = 111_000.0, 1_855.0, 31.0
_WHOLE_MINUTE, _FULL_CIRCLE = 60, 360


@dataclass(frozen=True, slots=True)
class Angle:
    """One number that may be a coordinate.

    Attributes
    ----------
    value : float
        Degrees, or metres if far above 360.
    axis : {"lat", "lon"} or None
        What a letter or label says it is.
    step_m : float
        What the last digit stands for [m].
    style : {"decimal", "dms", "dotted", "whole"}
        How it was written; ``dotted`` and ``whole`` have lost their decimal point.
    """

    value: float
    axis: Axis | None
    step_m: float
    style: Literal["decimal", "dms", "dotted", "whole"]


def tidy(text: str) -> str:
    """Write all quotes, degree signs, dashes and spaces one way.

    Parameters
    ----------
    text : str
        As typed.

    Returns
    -------
    str
        Upper case; ``°``, ``'`` and ``"`` only.
    """
    plain = unicodedata.normalize("NFKC", text.replace("Â°", "°").translate(_QUOTES)).translate(_QUOTES)
    plain = _LETTERED.sub(r"\1°\2'\3\"", plain.upper())
    return re.sub(r"\s+", " ", plain.replace("''", '"')).strip()


def read_angle(cell: Cell) -> Angle | None:
    """Read one cell.

    Parameters
    ----------
    cell : str or number
        As read.

    Returns
    -------
    Angle or None
        None if it is not one number.
    """
    if cell is None or isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return _number(repr(float(cell)).removesuffix(".0"))
    if (plain := _number(cell.strip())) is not None:
        return plain
    text = tidy(cell)
    label = _LABEL.match(text)
    axis: Axis | None = None
    if label:
        text = text[label.end() :]
        axis = "lat" if label.group().startswith(("LAT", "LINTANG", "Y")) else "lon"
    found = _number(text) or _decimal(text) or _dms(text)
    if found is None or axis is None or found.axis is not None:
        return found
    return Angle(found.value, axis, found.step_m, found.style)


def _number(text: str) -> Angle | None:
    """Read a plain number, or one whose decimal point was lost to thousands: -7.472.241 or -7472241."""
    plain = _PLAIN.fullmatch(text)
    if plain is None:
        dotted = _DOTTED.fullmatch(text)
        if dotted is None:
            return None
        sign, whole, *rest = dotted.groups()
        digits = "".join(part or "" for part in rest)
        value = float(f"{whole}.{digits}")
        return Angle(-value if sign == "-" else value, None, _METRES_PER_DEG / 10 ** len(digits), "dotted")
    value, decimals = float(text.replace(",", ".")), len(plain.group(1) or "")
    if abs(value) > _FULL_CIRCLE and not decimals:
        return Angle(value, None, 1.0, "whole")
    return Angle(value, None, _METRES_PER_DEG / 10**decimals, "decimal")


def _decimal(text: str) -> Angle | None:
    match = _DECIMAL.fullmatch(text)
    if match is None:
        return None
    before, sign, digits, after = match.groups()
    value = float(digits.replace(",", "."))
    decimals = len(re.split(r"[.,]", digits)[1]) if re.search(r"[.,]", digits) else 0
    return _signed(value, sign, before or after, _METRES_PER_DEG / 10**decimals, "decimal")


def _dms(text: str) -> Angle | None:
    match = _DMS.fullmatch(text)
    if match is None:
        return None
    before, sign, degrees, minutes, seconds, after = match.groups()
    minute, second = float(minutes.replace(",", ".")), float((seconds or "0").replace(",", "."))
    if minute >= _WHOLE_MINUTE or second >= _WHOLE_MINUTE:
        return None
    finest = seconds or minutes
    decimals = len(re.split(r"[.,]", finest)[1]) if re.search(r"[.,]", finest) else 0
    step = (_METRES_PER_SECOND if seconds else _METRES_PER_MINUTE) / 10**decimals
    return _signed(int(degrees) + minute / 60 + second / 3600, sign, before or after, step, "dms")


def _signed(value: float, sign: str, letter: str | None, step: float, style: Literal["decimal", "dms"]) -> Angle:
    axis, direction = _LETTERS.get(letter or "", (None, 1))
    return Angle(-value if sign == "-" or direction < 0 else value, axis, step, style)

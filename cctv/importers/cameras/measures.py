"""Cells into measures: lengths and angles, width of the picture, day of installation."""

import re
from datetime import date, datetime
from functools import lru_cache

from cctv.importers.cameras.sandbox import Cell
from cctv.importers.cameras.values import Value, guess, problem, read
from cctv.importers.cameras.words import text_of

_LENGTH = re.compile(r"(?:\+/-|±|~|kurang lebih|kl\.?)?\s*(\d{1,4}(?:[.,]\d+)?)\s*(?:m|meter|mtr|mtr\.|°|derajat)?\.?")
_SPAN = re.compile(r"(\d{1,4}(?:[.,]\d+)?)\s*(?:-|–|s/?d|sampai)\s*(\d{1,4}(?:[.,]\d+)?)\s*\w*")  # noqa: RUF001
_WIDTHS = {"1mp": 1280, "2mp": 1920, "3mp": 2048, "4mp": 2560, "5mp": 2592, "8mp": 3840, "4k": 3840, "fullhd": 1920,
           "1080p": 1920, "720p": 1280, "hd": 1280}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des")
_FIRST_YEAR, _LAST_YEAR = 1995, 2100


@lru_cache(maxsize=4096, typed=True)
def read_length(cell: Cell, low: float, high: float) -> Value:
    """Read a length or angle with or without its unit.

    Parameters
    ----------
    cell : str or number
        Cell.
    low, high : float
        What is possible.

    Returns
    -------
    Value
        Number; the middle of a span is a guess, a comma is a decimal sign.
    """
    text = text_of(cell).lower()
    if not text or re.fullmatch(r"[-–? ]+|n/?a|tidak diketahui|belum.*", text):  # noqa: RUF001 - as typed
        return Value(raw=text)
    span, match = _SPAN.fullmatch(text), _LENGTH.fullmatch(text)
    if span:
        number = (float(span.group(1).replace(",", ".")) + float(span.group(2).replace(",", "."))) / 2
    elif match:
        number = float(match.group(1).replace(",", "."))
    else:
        return problem(text, "number_unreadable")
    if not low < number <= high:
        return problem(text, "number_out_of_range", low=low, high=high)
    return guess(number, text, "number_span", value=number) if span or text[0] in "+±~k" else read(number, text)


@lru_cache(maxsize=4096, typed=True)
def read_resolution(cell: Cell) -> Value:
    """Read the width of the picture.

    Parameters
    ----------
    cell : str or number
        For example ``1920x1080``, ``2 MP``, ``Full HD``.

    Returns
    -------
    Value
        Pixels across; what follows from megapixels is a guess.
    """
    text = text_of(cell).lower()
    if not text or text == "-":
        return Value(raw=text)
    pair = re.search(r"(\d{3,5})\s*[x×*]\s*(\d{3,5})", text)  # noqa: RUF001 - as typed
    if pair:
        return read(max(int(pair.group(1)), int(pair.group(2))), text)
    width = _WIDTHS.get(re.sub(r"[\s.]+", "", text.replace("megapixel", "mp")))
    return guess(width, text, "resolution_class", px=width) if width else problem(text, "resolution_unreadable")


@lru_cache(maxsize=4096, typed=True)
def read_day(cell: Cell) -> Value:
    """Read a date of installation.

    Parameters
    ----------
    cell : str or number
        A day, a month or a year.

    Returns
    -------
    Value
        Day; the first of a month or year is a guess.
    """
    text = text_of(cell).lower()
    if not text or re.fullmatch(r"[-–? ]+|n/?a", text):  # noqa: RUF001 - as typed
        return Value(raw=text)
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d"):
        try:
            return read(datetime.strptime(text, form).date(), text)  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    year = re.search(r"\b(?:19|20)\d{2}\b", text)
    if year is None or not _FIRST_YEAR <= int(year.group()) <= _LAST_YEAR:
        return problem(text, "day_unreadable")
    month = next((n for n, word in enumerate(_MONTHS, 1) if re.search(rf"\b{word}", text)), None)
    day = re.match(r"(\d{1,2})\s+[a-z]", text)
    try:
        if month and day:
            return read(date(int(year.group()), month, int(day.group(1))), text)
        code = "day_month" if month else "day_year"
        return guess(date(int(year.group()), month or 1, 1), text, code)
    except ValueError:
        return problem(text, "day_unreadable")

"""Words of the screens: keys to text, Indonesian first, English as the other choice; numbers and dates in id-ID style.

The texts stand in ``text/<language>/<area>.toml``; key ``map.title`` is ``title`` in ``map.toml``, nested by dots.
What follows a ``-`` in a file name only keeps files short: ``error-live.toml`` holds more texts of the area ``error``.
In a file whose name starts with ``_`` each top table is an area of its own: ``_words.toml`` holds the small ones.
"""

import tomllib
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Literal, cast
from zoneinfo import ZoneInfo

Language = Literal["id", "en"]
LANGUAGES: tuple[Language, ...] = ("id", "en")
WIB = ZoneInfo("Asia/Jakarta")
_TEXT_DIR = Path(__file__).parent / "text"
_language: ContextVar[Language] = ContextVar("language", default="id")


def use_language(language: Language) -> None:
    """Choose the language of this request or script run.

    Parameters
    ----------
    language : {"id", "en"}
        Language of all texts from now on in this context.
    """
    _language.set(language)


def current_language() -> Language:
    """Tell the language of this request or script run.

    Returns
    -------
    {"id", "en"}
        Indonesian unless another one was chosen.
    """
    return _language.get()


def t(key: str, **params: object) -> str:
    """Give the text of a key in the current language.

    Parameters
    ----------
    key : str
        Area and name, ``map.title``.
    **params : object
        Values for the ``{placeholders}`` of the text.

    Returns
    -------
    str
        The text; the key itself if there is none, so that a gap is seen and not hidden.
    """
    text = catalogue(_language.get()).get(key)
    if text is None:
        return key
    return text.format(**params) if params else text


def has_text(key: str) -> bool:
    """Tell whether there is a text for the key in the current language.

    Parameters
    ----------
    key : str
        Area and name.

    Returns
    -------
    bool
        True if there is.
    """
    return key in catalogue(_language.get())


@cache
def catalogue(language: Language) -> dict[str, str]:
    """Read all texts of a language, flat.

    Parameters
    ----------
    language : {"id", "en"}
        Which language.

    Returns
    -------
    dict
        Key to text.
    """
    flat: dict[str, str] = {}
    for path in sorted((_TEXT_DIR / language).glob("*.toml")):
        flat |= texts_of(path)
    return flat


def texts_of(path: Path) -> dict[str, str]:
    """Read the texts of one file, flat.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    dict
        Key to text.
    """
    flat: dict[str, str] = {}
    _flatten(tomllib.loads(path.read_text(encoding="utf-8")), _area(path.stem), flat)
    return flat


def _area(stem: str) -> str:
    return "" if stem.startswith("_") else stem.partition("-")[0] + "."


def _flatten(table: dict[str, object], prefix: str, into: dict[str, str]) -> None:
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict):
            _flatten(cast("dict[str, object]", value), f"{key}.", into)
        else:
            into[key] = str(value)


def number(value: float, decimals: int = 0) -> str:
    """Write a number the Indonesian way: 1.250,5.

    Parameters
    ----------
    value : float
        The number.
    decimals : int
        Digits after the comma.

    Returns
    -------
    str
        Text with dots between thousands and a decimal comma; English style if English is chosen.
    """
    text = f"{value:,.{decimals}f}"
    return text if _language.get() == "en" else text.translate(str.maketrans(",.", ".,"))


def rupiah(value: int) -> str:
    """Write an amount of money: Rp 1.250.000.

    Parameters
    ----------
    value : int
        Whole Rupiah.

    Returns
    -------
    str
        Amount with its sign.
    """
    return f"-Rp {number(-value)}" if value < 0 else f"Rp {number(value)}"


def percent(share: float, decimals: int = 1) -> str:
    """Write a share between 0 and 1 as a percentage.

    Parameters
    ----------
    share : float
        0 to 1.
    decimals : int
        Digits after the comma.

    Returns
    -------
    str
        For example ``12,5 %``.
    """
    return f"{number(100 * share, decimals)} %"


def day(value: date) -> str:
    """Write a date: 23/11/2026.

    Parameters
    ----------
    value : date
        The day.

    Returns
    -------
    str
        dd/mm/yyyy.
    """
    return f"{value:%d/%m/%Y}"


def moment(value: datetime) -> str:
    """Write a moment in Western Indonesian Time: 23/11/2026 14.05 WIB.

    Parameters
    ----------
    value : datetime
        Aware moment, any time zone.

    Returns
    -------
    str
        Date, hour and minute, WIB.
    """
    return f"{value.astimezone(WIB):%d/%m/%Y %H.%M} WIB"


def age(seconds: float) -> str:
    """Write how long ago something was, in words.

    Parameters
    ----------
    seconds : float
        Age [s].

    Returns
    -------
    str
        For example ``5 menit``.
    """
    steps = (("second", 1.0, 60.0), ("minute", 60.0, 3600.0), ("hour", 3600.0, 86400.0))
    for name, unit, limit in steps:
        if seconds < limit:
            return t(f"common.age.{name}", n=number(seconds // unit))
    return t("common.age.day", n=number(seconds // 86400))

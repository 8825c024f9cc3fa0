"""Words into the values of the register: texts, addresses, status, number of cameras, type."""

import re
from functools import lru_cache

from cctv.importers.cameras.sandbox import Cell
from cctv.importers.cameras.values import Value, guess, problem, read

#: A word of the register to the words of the lists; the longest that occurs decides.
_STATUS = {
    "on": ("on", "aktif", "nyala", "menyala", "hidup", "online", "normal", "baik", "berfungsi", "ok", "active", "up"),
    "off": ("off", "mati", "padam", "offline", "tidak aktif", "nonaktif", "non aktif", "down", "tidak menyala",
            "tidak berfungsi", "tidak nyala", "tidak normal", "inactive", "rusak berat", "putus"),
    "trouble": ("rusak", "gangguan", "error", "trouble", "buram", "blur", "rusak ringan", "kurang baik", "terhalang"),
    "maintenance": ("perbaikan", "pemeliharaan", "maintenance", "servis", "service", "dalam perbaikan"),
    "removed": ("dicabut", "dibongkar", "dilepas", "hilang", "dicuri"),
}  # fmt: skip
_STATUS_OF = {word: status for status, words in _STATUS.items() for word in words}
_GUESSED_STATUS = {"rusak", "kurang baik", "baik", "normal", "ok", "hilang"}
_TYPES = {
    "ptz": ("ptz", "putar", "speed dome", "speeddome"),
    "dome": ("dome", "kubah", "360", "fisheye", "panoramic"),
    "fixed": ("fixed", "fix", "tetap", "bullet", "bulet", "static", "statis", "fix camera", "camera", "anpr", "etle"),
}
_COUNT_WORDS = {"satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8}
_UNITS = r"(?:kamera|camera|cctv|unit|buah|bh|titik cctv|cam|cams|pcs)"
_COUNT = re.compile(rf"(\d{{1,3}})\s*(?:\(\w+\)\s*)?{_UNITS}?", re.IGNORECASE)
_COUNT_IN_NAME = re.compile(rf"[\s(,-]+(\d{{1,2}}|{'|'.join(_COUNT_WORDS)})\s*{_UNITS}\)?", re.IGNORECASE)
_MOST_CAMERAS = 32
_ADDRESS = re.compile(
    r"\b(?:rtsps?|rtmps?|mms|http|https|ftp)://\S+|\b\w+:\w+@[\w.]+\S*|\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?:/\S*)?",
    re.IGNORECASE,
)
_STREAM = re.compile(r"(?:rtsps?|rtmps?|https?)://[^\s/]+", re.IGNORECASE)
_MAP_HOST = re.compile(r"//(?:www\.|maps\.)?(?:google|goo|openstreetmap|osm|bing|waze|maps)\b", re.IGNORECASE)
_FORMULA = re.compile(r"^\s*[=@]|^\s*[+-]\s*[A-Za-z(]")


def text_of(cell: Cell) -> str:
    """Write a cell as one line.

    Parameters
    ----------
    cell : str or number
        As read; whole numbers without ``.0``.

    Returns
    -------
    str
        Without outer, double or control white space.
    """
    if cell is None or cell == "":
        return ""
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    if text.isprintable() and "  " not in text:
        return text.strip()
    return re.sub(r"[\s\x00-\x1f\u200b\ufeff]+", " ", text).strip()


def has_address(text: str) -> bool:
    """Tell whether a text holds the address of a camera, which is a secret.

    Parameters
    ----------
    text : str
        Any cell.

    Returns
    -------
    bool
        True for streams, network addresses and passwords in addresses; links of maps are none.
    """
    if ":" not in text and text.count(".") < 3:  # noqa: PLR2004 - four numbers have three dots
        return False
    return any(not _MAP_HOST.search(match) for match in _ADDRESS.findall(text))


def masked(text: str) -> str:
    """Hide addresses in a text that people will see.

    Parameters
    ----------
    text : str
        Any cell.

    Returns
    -------
    str
        With dots in the place of addresses.
    """
    return _ADDRESS.sub(lambda match: match.group() if _MAP_HOST.search(match.group()) else "•••", text)


@lru_cache(maxsize=4096, typed=True)
def read_text(cell: Cell) -> Value:
    """Read free text; formulas are refused, addresses are taken out.

    Parameters
    ----------
    cell : str or number
        As read.

    Returns
    -------
    Value
        Text.
    """
    text = text_of(cell)
    if not text or text in ("-", "–", "?"):  # noqa: RUF001 - as typed
        return Value(raw=text)
    if _FORMULA.match(text):
        return problem(masked(text), "formula")
    return guess(masked(text), masked(text), "address_hidden") if has_address(text) else read(text, text)


def read_stream(cell: Cell) -> Value:
    """Read a stream address.

    Parameters
    ----------
    cell : str or number
        As read.

    Returns
    -------
    Value
        Address; the raw text is hidden.
    """
    text = text_of(cell)
    if not text or text == "-" or text.lower() in ("tidak ada", "belum", "n/a"):
        return Value()
    if _STREAM.match(text) and " " not in text:
        return read(text, masked(text))
    if has_address(text):
        return guess(text, "•••", "stream_form")
    return problem("•••", "stream_unreadable")


@lru_cache(maxsize=4096)
def read_status(text: str) -> Value:
    """Read a status word.

    Parameters
    ----------
    text : str
        Cell.

    Returns
    -------
    Value
        Status of the register.
    """
    plain = re.sub(r"[^\w]+", " ", text.lower()).strip()
    if not plain:
        return Value(raw=text)
    if plain in _STATUS_OF:
        status = _STATUS_OF[plain]
        return guess(status, text, "status_wide") if plain in _GUESSED_STATUS else read(status, text)
    inside = [word for word in _STATUS_OF if re.search(rf"\b{word}\b", plain)]
    if not inside:
        return problem(text, "status_unknown")
    longest = max(inside, key=len)
    if not longest.startswith("tidak") and re.search(r"\b(?:tidak|belum|non|kurang)\b", plain):
        return guess("off", text, "status_words")
    return guess(_STATUS_OF[longest], text, "status_words")


@lru_cache(maxsize=4096, typed=True)
def read_count(cell: Cell) -> Value:
    """Read how many cameras a row stands for.

    Parameters
    ----------
    cell : str or number
        Cell of the column with the number.

    Returns
    -------
    Value
        Whole number from 1; a sum such as "3 fix + 1 PTZ" is a guess.
    """
    text = text_of(cell).lower()
    if not text or text == "-":
        return Value(raw=text)
    first = text.split(" ", maxsplit=1)[0]
    match = _COUNT.fullmatch(text)
    number = int(match.group(1)) if match else _COUNT_WORDS.get(first, 0)
    if number == 0 and "+" in text:
        parts = [int(part) for part in re.findall(r"\d{1,2}", text)]
        return guess(sum(parts), text, "count_sum", n=sum(parts)) if parts else problem(text, "count_unreadable")
    if not 1 <= number <= _MOST_CAMERAS:
        return problem(text, "count_unreadable")
    return read(number, text) if match else guess(number, text, "count_words", n=number)


@lru_cache(maxsize=4096)
def count_in_name(name: str) -> tuple[str, int]:
    """Take a number of cameras off a name: "Simpang Empunala (4 kamera)".

    Parameters
    ----------
    name : str
        Name.

    Returns
    -------
    tuple of (str, int)
        Name without it, number of cameras (0 if none is named).
    """
    match = _COUNT_IN_NAME.search(name)
    if match is None:
        return name, 0
    word = match.group(1).lower()
    return (name[: match.start()] + " " + name[match.end() :]).strip(), int(_COUNT_WORDS.get(word, 0) or word)


@lru_cache(maxsize=4096, typed=True)
def read_type(cell: Cell) -> Value:
    """Read the type of a camera.

    Parameters
    ----------
    cell : str or number
        Cell.

    Returns
    -------
    Value
        ``fixed``, ``ptz`` or ``dome``.
    """
    text = text_of(cell)
    found = {kind for kind, words in _TYPES.items() if any(word in text.lower() for word in words)}
    if not text or text == "-":
        return Value(raw=text)
    if not found:
        return problem(text, "type_unknown")
    kind = next(kind for kind in _TYPES if kind in found)
    return read(kind, text) if len(found) == 1 else guess(kind, text, "type_several")

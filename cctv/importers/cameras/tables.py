"""Sheets into one table: where the header is (one or two rows), what is a record, and what was left out and why."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cctv.errors import ImportProblemsError
from cctv.importers.cameras.columns import ASKED, best_field, header_key
from cctv.importers.cameras.sandbox import Cell, Sheet
from cctv.importers.cameras.words import text_of

_SEARCHED_ROWS = 30
_TOTAL = re.compile(r"(?:sub\s*-?\s*|grand\s*)?(?:total|jumlah|rekap\w*)\b.*", re.IGNORECASE)
_FOOTER = re.compile(
    r"(?:mengetahui|menyetujui|nip\.?|kepala|sumber|keterangan|catatan|dibuat|dicetak)\b.*", re.IGNORECASE
)


@dataclass(frozen=True)
class Record:
    """One row of the table.

    Attributes
    ----------
    sheet : str
        Name of the sheet.
    line : int
        Row in the sheet as office programs count it, from 1.
    cells : tuple
        One per header.
    """

    sheet: str
    line: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class LeftOut:
    """A row that is no record; ``code`` says why (``importing.left_out.<code>``)."""

    sheet: str
    line: int
    code: str
    text: str


@dataclass(frozen=True)
class RegisterTable:
    """All records of a file under one set of headers.

    Attributes
    ----------
    headers : tuple of str
        Both rows of a double header joined.
    records : tuple of Record
        In the order of the file.
    left_out : tuple of LeftOut
        Titles, totals, repeated headers, signatures, hidden sheets.
    """

    headers: tuple[str, ...]
    records: tuple[Record, ...]
    left_out: tuple[LeftOut, ...]


def lay_out(sheets: Sequence[Sheet], file: str) -> RegisterTable:
    """Find header and records in every sheet and put them under each other.

    Parameters
    ----------
    sheets : sequence of Sheet
        As read.
    file : str
        File name, for the message.

    Returns
    -------
    RegisterTable
        The table.

    Raises
    ------
    ImportProblemsError
        ``register_no_header`` if no sheet has one, ``register_no_records`` if nothing stands below.
    """
    headers: list[str] = []
    records: list[Record] = []
    left_out: list[LeftOut] = []
    for sheet in sheets:
        rows = _filled(sheet)
        found = _header(rows)
        if sheet.is_hidden or found is None:
            code = "hidden_sheet" if sheet.is_hidden else "no_header"
            left_out.append(LeftOut(sheet.name, 1, code, sheet.name))
            continue
        first, own, start = found
        left_out += [LeftOut(sheet.name, at + 1, "title", text) for at, text in _texts(rows[:first])]
        places = [_place(headers, name) for name in own]
        for at, row in enumerate(rows[start:], start):
            reason = _reason(row, own)
            if reason == "empty":
                continue
            if reason:
                left_out.append(LeftOut(sheet.name, at + 1, reason, _joined(row)))
                continue
            cells: list[Cell] = [None] * len(headers)
            for place, cell in zip(places, row, strict=False):
                cells[place] = cell
            records.append(Record(sheet.name, at + 1, tuple(cells)))
    if not headers:
        raise ImportProblemsError("register_no_header", "no header", {"file": file})
    if not records:
        raise ImportProblemsError("register_no_records", "no records", {"file": file})
    width = len(headers)
    padded = tuple(Record(r.sheet, r.line, r.cells + (None,) * (width - len(r.cells))) for r in records)
    return RegisterTable(tuple(headers), padded, tuple(left_out))


def _place(headers: list[str], name: str) -> int:
    """Find a header in the common list, or add it there."""
    key = header_key(name)
    for place, known in enumerate(headers):
        if header_key(known) == key:
            return place
    headers.append(name)
    return len(headers) - 1


def _filled(sheet: Sheet) -> list[list[Cell]]:
    """Give every cell of a merged area its value."""
    rows = [list(row) for row in sheet.rows]
    for top, left, bottom, right in sheet.merged:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        value = rows[top][left]
        for at in range(top, min(bottom + 1, len(rows))):
            for column in range(left, min(right + 1, len(rows[at]))):
                rows[at][column] = value
    return rows


def _header(rows: list[list[Cell]]) -> tuple[int, list[str], int] | None:
    """Give the row of the header, its names, and the row where the records begin."""
    scores = [(_n_known([text_of(cell) for cell in row]), -at) for at, row in enumerate(rows[:_SEARCHED_ROWS])]
    n_known, at = max(scores, default=(0, 0))
    if n_known < 2:  # noqa: PLR2004 - one word may stand anywhere
        return None
    at = -at
    if at and _n_known([text_of(cell) for cell in rows[at - 1]]) > 0 and _is_upper(rows[at - 1], rows[at]):
        at -= 1  # the lower row of a double header knew more words
    names, below = [text_of(cell) for cell in rows[at]], at + 1
    if below < len(rows) and _is_upper(rows[at], rows[below]):
        names, below = _joined_names(names, [text_of(cell) for cell in rows[below]]), below + 1
    while below < len(rows) and _is_numbering(rows[below]):
        below += 1
    return at, _unique(names), below


def _n_known(texts: Sequence[str]) -> int:
    return len({field for text in texts if len(text) < 60 for field, score in [best_field(text)] if score >= ASKED})  # noqa: PLR2004


def _is_upper(upper: Sequence[Cell], lower: Sequence[Cell]) -> bool:
    """Tell whether two rows are one header: the lower names what the upper leaves open or repeats."""
    above, below = [text_of(cell) for cell in upper], [text_of(cell) for cell in lower]
    if any(re.search(r"\d{3,}|://", text) for text in below):
        return False
    differing = [text for text, over in zip(below, [*above, *[""] * len(below)], strict=False) if text and text != over]
    spans = [at for at in range(1, min(len(above), len(below))) if below[at] and above[at] in ("", above[at - 1])]
    return bool(spans) and all(best_field(text)[1] >= ASKED for text in differing)


def _joined_names(upper: list[str], lower: list[str]) -> list[str]:
    names: list[str] = []
    over = ""
    for at in range(max(len(upper), len(lower))):
        top = upper[at] if at < len(upper) else ""
        under = lower[at] if at < len(lower) else ""
        over = top or (over if under else "")
        is_enough = under == over or (under and best_field(under)[1] >= ASKED)
        names.append(under if is_enough else f"{over} {under}".strip())
    return names


def _unique(names: list[str]) -> list[str]:
    """Name columns without a header, and tell equal ones apart."""
    seen: dict[str, int] = {}
    result: list[str] = []
    for at, name in enumerate(names):
        plain = name or f"kolom {_letters(at)}"
        seen[header_key(plain)] = seen.get(header_key(plain), 0) + 1
        n = seen[header_key(plain)]
        result.append(plain if n == 1 else f"{plain} {n}")
    return result


def _letters(at: int) -> str:
    return (chr(64 + at // 26) if at >= 26 else "") + chr(65 + at % 26)  # noqa: PLR2004 - letters of the alphabet


def _is_numbering(row: Sequence[Cell]) -> bool:
    texts = [text_of(cell).strip("().") for cell in row if text_of(cell)]
    return (
        len(texts) > 2  # noqa: PLR2004 - a label and a name
        and all(text.isdigit() for text in texts)
        and [int(t) for t in texts] == list(range(int(texts[0]), int(texts[0]) + len(texts)))
    )


def _reason(row: Sequence[Cell], headers: Sequence[str]) -> str:
    """Say why a row is no record; empty text if it is one."""
    texts = [text_of(cell) for cell in row]
    filled = [text for text in texts if text]
    words = [text for text in dict.fromkeys(filled) if not text.replace(".", "").isdigit()]
    if not filled:
        return "empty"
    if words and _TOTAL.fullmatch(words[0]):
        return "total"
    if _repeats(texts, headers):
        return "repeated_header"
    if len(words) == 1 and len(set(filled)) == 1:
        return "footer" if _FOOTER.fullmatch(words[0]) else "section"
    if words and len(filled) <= 2 and _FOOTER.fullmatch(words[0]):  # noqa: PLR2004 - a label and a name
        return "footer"
    return "" if words else "no_words"


def _repeats(texts: Sequence[str], headers: Sequence[str]) -> bool:
    pairs = zip(texts, headers, strict=False)
    return all(text == name or header_key(text) == header_key(name) for text, name in pairs)


def _texts(rows: Sequence[Sequence[Cell]]) -> Iterator[tuple[int, str]]:
    for at, row in enumerate(rows):
        if text := _joined(row):
            yield at, text


def _joined(row: Sequence[Cell]) -> str:
    return " ".join(dict.fromkeys(text for cell in row if (text := text_of(cell))))[:120]

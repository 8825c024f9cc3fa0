"""Tables as CSV the way office programs here open it; text is never read as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

#: What office programs take for the beginning of a formula, as OWASP lists it.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def as_text(value: object) -> object:
    """Make a value safe to stand in a cell.

    Parameters
    ----------
    value : object
        What is to stand there.

    Returns
    -------
    object
        Text that looks like a formula begins with an apostrophe; nothing is empty text.
    """
    if isinstance(value, str) and value.startswith(_FORMULA_SIGNS):
        return f"'{value}"
    return "" if value is None else value


def csv_bytes(rows: Iterable[Sequence[object]]) -> bytes:
    """Write a table.

    Parameters
    ----------
    rows : iterable of sequence
        Head first.

    Returns
    -------
    bytes
        UTF-8 with a byte-order mark, semicolons.
    """
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([as_text(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")

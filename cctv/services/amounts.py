"""Amounts of money as people type them."""

import re

_AMOUNT = re.compile(r"(?P<sign>-?)(?:Rp\.?\s*)?(?P<whole>\d+|\d{1,3}(?:[.,]\d{3})+)(?:[.,]00)?")
_POINTS = str.maketrans("", "", ".,")


def amount_of(text: str) -> int | None:
    """Read an amount that a person typed: ``4500000``, ``4.500.000`` or ``Rp 4.500.000,00``.

    Parameters
    ----------
    text : str
        What was typed.

    Returns
    -------
    int or None
        Whole Rupiah, below 0 if it was typed so; None if it is no amount.
    """
    found = _AMOUNT.fullmatch(text.strip())
    return int(f"{found['sign']}{found['whole'].translate(_POINTS)}") if found else None

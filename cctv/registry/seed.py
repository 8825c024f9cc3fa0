"""Fill a new register from the reviewable text in ``seed/``: agencies, points, cameras, prices."""

import csv
from datetime import date, datetime
from pathlib import Path

from cctv.registry import agencies, cameras, points, prices
from cctv.registry.accounts import SYSTEM
from cctv.registry.cameras import stored_columns
from cctv.registry.connection import Registry
from cctv.registry.store import Row, Table, Writer, writing

_FOLDER = Path(__file__).parent / "seed"
REASON = "data awal"
_NUMBERS = {
    "lon": float, "lat": float, "est_error_m": float, "height_m": float, "azimuth_deg": float, "tilt_deg": float,
    "hfov_deg": float, "vfov_deg": float, "range_m": float, "resolution_px": int, "price_idr": int,
}  # fmt: skip
_DAYS = ("as_of", "installed_on")
_YES_NO = {"ya": True, "tidak": False, "": None}


def fill(registry: Registry) -> None:
    """Write the seed in one transaction, with its history.

    Parameters
    ----------
    registry : Registry
        Open and empty register.
    """
    with writing(registry, SYSTEM) as writer:
        _write(writer, agencies.TABLE, read_rows("agencies"))
        _write(writer, points.TABLE, read_rows("points"))
        _write(writer, cameras.TABLE, [stored_columns(registry, row) for row in read_rows("cameras")])
        _write(writer, prices.TABLE, read_rows("prices"))


def read_rows(name: str) -> list[Row]:
    """Read one file of the seed.

    Parameters
    ----------
    name : str
        File name without its ending.

    Returns
    -------
    list of dict
        Column to typed value; an empty number, day or yes-no is None.
    """
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [{column: _typed(column, text) for column, text in row.items()} for row in csv.DictReader(file)]


def _write(writer: Writer, table: Table, rows: list[Row]) -> None:
    for row in rows:
        writer.create(table, row, REASON)


def _typed(column: str, text: str) -> object:
    if column in _NUMBERS:
        return _NUMBERS[column](text) if text else None
    if column in _DAYS:
        return date.fromisoformat(text) if text else None
    if column == "status_since":
        return datetime.fromisoformat(text) if text else None
    if column in ("sign", "is_assumption"):
        return _YES_NO[text]
    return text

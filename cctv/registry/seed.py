"""Fill a new register from the reviewable text in ``seed/``: agencies, points, cameras, prices, proposal codes."""

import csv
from datetime import date, datetime
from pathlib import Path

from cctv.errors import Problem, ValidationError, raise_if_any
from cctv.registry import agencies, cameras, checks, points, prices, usulan_codes
from cctv.registry.accounts import SYSTEM
from cctv.registry.cameras import stored_columns
from cctv.registry.connection import Registry
from cctv.registry.store import Row, Table, Writer, writing

_FOLDER = Path(__file__).parent / "seed"
REASON = "data awal"
_NUMBERS = {
    "lon": float, "lat": float, "est_error_m": float, "height_m": float, "azimuth_deg": float, "tilt_deg": float,
    "hfov_deg": float, "vfov_deg": float, "range_m": float, "resolution_px": int,
    "infrared_range_m": float, "price_idr": int,
}  # fmt: skip
_RULES = (
    ("agencies", "agency_id", checks.AGENCY),
    ("points", "point_id", checks.POINT),
    ("cameras", "camera_id", checks.CAMERA),
    ("prices", "item_id", checks.PRICE),
    ("usulan_codes", "code", usulan_codes.RULES),
)
_DAYS = ("as_of", "installed_on")
_YES_NO = {"ya": True, "tidak": False, "": None}


def fill_if_empty(registry: Registry) -> None:
    """Write the seed in one transaction, with its history, if nothing was ever written.

    Parameters
    ----------
    registry : Registry
        Open register.

    Raises
    ------
    ValidationError
        Lists every value of the seed that is not acceptable.
    """
    with registry.cursor() as cursor:
        if cursor.execute("select 1 from history limit 1").fetchone() is not None:
            return
    raise_if_any(seed_problems(), ValidationError, code="invalid", message="seed")
    with writing(registry, SYSTEM) as writer:
        _write(writer, agencies.TABLE, read_rows("agencies"))
        _write(writer, points.TABLE, read_rows("points"))
        _write(writer, cameras.TABLE, [stored_columns(registry, row) for row in read_rows("cameras")])
        _write(writer, prices.TABLE, read_rows("prices"))
        _write(writer, usulan_codes.TABLE, read_rows("usulan_codes"))


def seed_problems() -> list[Problem]:
    """Check the seed by the rules that hold for people.

    Returns
    -------
    list of Problem
        Empty if every value and every reference is acceptable.
    """
    found: list[Problem] = []
    for name, key, rules in _RULES:
        for row in read_rows(name):
            where = str(row.pop(key))
            found += [*checks.problems(rules, where, row), *checks.missing(rules, where, row)]
            if rules is checks.CAMERA:
                found += checks.azimuth_problems(where, row)
    known = {key: {row[key] for row in read_rows(name)} for name, key, _ in _RULES}
    for row in read_rows("cameras"):
        found += [
            Problem("reference", str(row["camera_id"]), name, str(row[name]))
            for name in ("point_id", "agency_id")
            if row[name] not in known[name]
        ]
    return found


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

"""Files of counts at points (people, vehicles, incidents): read whole, every row that cannot be used is named.

CSV with any usual separator, or GeoJSON points. Nothing is guessed: a swapped pair, a day after the date of the data
or a thousands point is refused with its row, and the person decides whether the others are taken.
"""

import io
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, GeometryError

from cctv.errors import ImportProblemsError
from coverage.crs import PROJECTED_CRS

LARGEST_BYTES = 200_000_000
SUFFIXES = (".csv", ".txt", ".geojson", ".json")
#: Names of columns, lower case.
HEADERS: dict[str, tuple[str, ...]] = {
    "x": ("lon", "lng", "long", "longitude", "bujur", "x", "easting"),
    "y": ("lat", "latitude", "lintang", "y", "northing"),
    "amount": ("jumlah", "count", "volume", "amount", "total", "nilai", "kejadian", "n"),
    "on_day": ("tanggal", "tgl", "date", "waktu", "hari"),
}
_DAY_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y")
_THOUSANDS = r"\d{1,3}([.,]\d{3})+"
_READ_ERRORS = (DataSourceError, DataLayerError, FeatureError, GeometryError, OSError)
#: Longitude and latitude of Indonesia [deg]; easting and northing of its part in zone 49 south [m].
_LON, _LAT = (94.0, 142.0), (-12.0, 7.0)
_EAST, _NORTH = (100_000.0, 900_000.0), (8_600_000.0, 10_000_000.0)


@dataclass(frozen=True, eq=False)
class CountFile:
    """What a file holds.

    Attributes
    ----------
    points : DataFrame
        Rows that can be used: ``row_no`` in the file, ``x`` and ``y`` as given, ``is_lonlat``, ``amount``, ``on_day``.
    refused : DataFrame
        Every other row: ``row_no``, ``name`` of the column, ``value`` as given, ``code`` of the problem.
    """

    points: pd.DataFrame
    refused: pd.DataFrame


def read_counts(name: str, data: bytes, *, as_of: date, needs_day: bool) -> CountFile:
    """Read a file of counts.

    Parameters
    ----------
    name : str
        File name.
    data : bytes
        Content.
    as_of : date
        Date of the data; a row of a later day is refused, a row without a day is of this day.
    needs_day : bool
        Whether each row must say its day (incidents must).

    Returns
    -------
    CountFile
        Usable rows, and every other one with its reason.

    Raises
    ------
    ImportProblemsError
        ``counts_suffix``, ``counts_too_big``, ``import_empty_file``, ``import_unreadable``, ``counts_columns``,
        ``counts_not_points`` or ``counts_empty``.
    """
    suffix = "." + name.rpartition(".")[2].lower()
    params: dict[str, object] = {"file": name}
    if suffix not in SUFFIXES:
        raise ImportProblemsError("counts_suffix", suffix, {**params, "known": ", ".join(SUFFIXES)})
    if len(data) > LARGEST_BYTES:
        limit = {"size_mb": round(len(data) / 1e6), "limit_mb": round(LARGEST_BYTES / 1e6)}
        raise ImportProblemsError("counts_too_big", f"{len(data)} bytes", {**params, **limit})
    if not data.strip():
        raise ImportProblemsError("import_empty_file", f"{len(data)} bytes", params)
    table = _read_map(name, data) if suffix in (".geojson", ".json") else _read_text(name, data)
    if table.empty:
        raise ImportProblemsError("counts_empty", "a header and no rows", params)
    columns = _columns(name, table, needs_day=needs_day)
    return _checked(table, columns, as_of)


def _read_text(name: str, data: bytes) -> pd.DataFrame:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    first = text.partition("\n")[0]
    separator = max(";\t,", key=first.count)
    try:
        table = pd.read_csv(io.StringIO(text), sep=separator, dtype=str, keep_default_na=False, index_col=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        raise ImportProblemsError("import_unreadable", reason, {"file": name, "reason": reason}) from error
    table.columns = [str(column).strip().strip('"') for column in table.columns]
    table["row_no"] = np.arange(2, len(table) + 2)
    return table


def _read_map(name: str, data: bytes) -> pd.DataFrame:
    try:
        found = pyogrio.read_dataframe(io.BytesIO(data))
    except _READ_ERRORS as error:
        reason = " ".join(str(error).split())[:200]
        raise ImportProblemsError("import_unreadable", reason, {"file": name, "reason": reason}) from error
    if not isinstance(found, gpd.GeoDataFrame):
        raise ImportProblemsError("import_no_geometry", "no geometry", {"file": name})
    kinds = sorted(set(found.geometry.geom_type.dropna()) - {"Point"})
    if kinds:
        raise ImportProblemsError("counts_not_points", str(kinds), {"file": name, "kinds": ", ".join(kinds)})
    if found.crs is not None and not found.crs.is_geographic:
        found = found.to_crs(PROJECTED_CRS)
    shapes = found.geometry
    known = {word for field in ("x", "y") for word in HEADERS[field]}
    names = [str(column) for column in found.columns if column != shapes.name and str(column).lower() not in known]
    table = pd.DataFrame({name: found[name] for name in names}, index=found.index)
    table = table.astype(str).replace({"nan": "", "None": "", "NaT": "", "<NA>": ""})
    return table.assign(x=shapes.x.to_numpy(), y=shapes.y.to_numpy(), row_no=np.arange(1, len(table) + 1))


def _columns(name: str, table: pd.DataFrame, *, needs_day: bool) -> dict[str, str]:
    """Find the column of each field; the first of its names that the file has."""
    by_name = {str(column).lower(): str(column) for column in reversed(table.columns)}
    found = {field: next((by_name[word] for word in words if word in by_name), "") for field, words in HEADERS.items()}
    needed = ("x", "y", "on_day") if needs_day else ("x", "y", "amount")
    missing = [field for field in needed if not found[field]]
    if missing:
        words = "; ".join("/".join(HEADERS[field][:6]) for field in missing)
        present = ", ".join(str(column) for column in table.columns if column != "row_no")
        raise ImportProblemsError("counts_columns", words, {"file": name, "missing": words, "present": present[:300]})
    return found


def _checked(table: pd.DataFrame, columns: dict[str, str], as_of: date) -> CountFile:
    values = {field: table[column].astype(str).str.strip() for field, column in columns.items() if column}
    problems = pd.Series("", index=table.index)
    culprit = pd.Series("", index=table.index)

    def refuse(bad: NDArray[np.bool_] | pd.Series, code: str, field: str) -> None:
        new = np.asarray(bad, np.bool_) & (problems == "").to_numpy()
        problems[new] = code
        culprit[new] = field

    x, y = _number(values["x"]), _number(values["y"])
    refuse(~np.isfinite(x), "count_no_number", "x")
    refuse(~np.isfinite(y), "count_no_number", "y")
    refuse(x.between(*_LAT) & y.between(*_LON), "count_swapped", "x")
    is_lonlat = x.between(*_LON) & y.between(*_LAT)
    refuse(~is_lonlat & ~(x.between(*_EAST) & y.between(*_NORTH)), "count_place", "x")
    amount = pd.Series(1.0, index=table.index)
    if "amount" in values:
        refuse(values["amount"].str.fullmatch(_THOUSANDS), "count_thousands", "amount")
        amount = _number(values["amount"])
        refuse(~np.isfinite(amount), "count_no_number", "amount")
        refuse(amount < 0, "count_negative", "amount")
    on_day = pd.Series(pd.Timestamp(as_of), index=table.index)
    if "on_day" in values:
        on_day = _day(values["on_day"])
        refuse(on_day.isna(), "count_no_day", "on_day")
        refuse(on_day > pd.Timestamp(as_of), "count_future", "on_day")
    good = problems == ""
    points = pd.DataFrame(
        {"row_no": table["row_no"], "x": x, "y": y, "is_lonlat": is_lonlat, "amount": amount, "on_day": on_day}
    )[good].reset_index(drop=True)
    bad = table.index[~good]
    refused = pd.DataFrame(
        {
            "row_no": table.loc[bad, "row_no"], "name": [columns[field] for field in culprit[bad]],
            "value": _named_values(values, culprit[bad]), "code": problems[bad],
        }
    ).reset_index(drop=True)  # fmt: skip
    return CountFile(points, refused)


def _named_values(values: dict[str, "pd.Series[str]"], culprit: "pd.Series[str]") -> list[str]:
    """Give the value that is to blame in each row."""
    found = pd.Series("", index=culprit.index)
    for field, column in values.items():
        mine = culprit.index[culprit == field]
        found[mine] = column[mine].str[:80]
    return list(found)


def _number(text: "pd.Series[str]") -> "pd.Series[float]":
    """Read numbers with a decimal point or comma; NaN for everything else."""
    return pd.to_numeric(text.str.replace(",", ".", regex=False), errors="coerce").astype(float)


def _day(text: "pd.Series[str]") -> "pd.Series[pd.Timestamp]":
    found = pd.Series(pd.NaT, index=text.index, dtype="datetime64[ns]")
    for form in _DAY_FORMATS:
        found = found.fillna(pd.to_datetime(text.str[:10], format=form, errors="coerce"))
    return found

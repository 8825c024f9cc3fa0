"""What tags say: columns by any of their names, heights, widths, classes. The tables are in ``osm_tags.toml``."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd

_HSTORE = re.compile(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"')
_NUMBER = r"(\d+(?:[.,]\d+)?)"
_METRES = re.compile(rf"\+?(-?){_NUMBER}\s*(?:m|meter|metres?|meters)?\.?", re.IGNORECASE)
_FEET = re.compile(rf"(-?){_NUMBER}\s*(?:ft|feet|')", re.IGNORECASE)
_LEVELS = re.compile(rf"(-?){_NUMBER}")
_LEVEL_SPAN = re.compile(rf"{_NUMBER}\s*(?:-|\u2013|sampai|to)\s*{_NUMBER}")
_LEVELS_AT_LEAST = re.compile(rf"(?:[>≥]=?\s*{_NUMBER}|{_NUMBER}\s*\+)")
_METRES_PER_FOOT = 0.3048

HeightSource = Literal["height", "levels", "levels_inexact", "default"]


@cache
def tables() -> dict[str, Any]:
    """Read the tag tables.

    Returns
    -------
    dict
        Content of ``osm_tags.toml``.
    """
    return tomllib.loads((Path(__file__).with_name("osm_tags.toml")).read_text(encoding="utf-8"))


def tag(table: pd.DataFrame, name: str) -> pd.Series:
    """Give a tag of every row, whichever of its names the column has.

    Parameters
    ----------
    table : pandas.DataFrame
        Rows with all tags as columns (:func:`with_other_tags`).
    name : str
        Key of ``[columns]`` in the tag tables.

    Returns
    -------
    pandas.Series
        Text without surrounding blanks, empty where the tag is not given.
    """
    names: list[str] = tables()["columns"][name]
    found = pd.Series("", index=table.index, dtype=object)
    columns = {str(column).lower(): column for column in table.columns}
    for column in (columns[known] for known in names if known in columns):
        found = found.where(found != "", _texts(table[column]))
    return found


def with_other_tags(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Turn the packed tags of GDAL's OSM reader into columns, those that we know.

    Parameters
    ----------
    table : geopandas.GeoDataFrame
        Rows as read.

    Returns
    -------
    geopandas.GeoDataFrame
        With a column for every known tag that occurs in ``other_tags``.
    """
    if "other_tags" not in table.columns:
        return table
    known = {name for names in tables()["columns"].values() for name in names}
    rows = [
        {key: value for key, value in _HSTORE.findall(text) if key in known} for text in _texts(table["other_tags"])
    ]
    packed = pd.DataFrame(rows, index=table.index)
    new = [column for column in packed.columns if column not in table.columns]
    return table.drop(columns="other_tags").join(packed[new])


def has_column(table: pd.DataFrame, name: str) -> bool:
    """Tell whether a table has a column for a tag at all.

    Parameters
    ----------
    table : pandas.DataFrame
        Rows as read.
    name : str
        Key of ``[columns]`` in the tag tables.

    Returns
    -------
    bool
        True if one of the names occurs.
    """
    return not {str(column).lower() for column in table.columns}.isdisjoint(tables()["columns"][name])


@dataclass(frozen=True)
class Reading:
    """A number read from a tag.

    Attributes
    ----------
    value : float or None
        The number; None if the text could not be read.
    is_exact : bool
        False for ``10+``, ``>7`` (the least value is taken) and ``4-7`` (the middle is taken).
    """

    value: float | None
    is_exact: bool = True


def read_metres(text: str) -> Reading:
    """Read a length.

    Parameters
    ----------
    text : str
        ``12``, ``12,5 m``, ``40 ft``.

    Returns
    -------
    Reading
        Length [m], negative if the text says so.

    Examples
    --------
    >>> read_metres("12,5 m")
    Reading(value=12.5, is_exact=True)
    """
    if match := _FEET.fullmatch(text):
        return Reading(round(_signed(match) * _METRES_PER_FOOT, 2))
    if match := _METRES.fullmatch(text):
        return Reading(_signed(match))
    return Reading(None)


def read_levels(text: str) -> Reading:
    """Read a number of storeys.

    Parameters
    ----------
    text : str
        ``2``, ``10+``, ``>7``, ``4-7``.

    Returns
    -------
    Reading
        Storeys, negative if the text says so.

    Examples
    --------
    >>> read_levels("4-7")
    Reading(value=5.5, is_exact=False)
    """
    if match := _LEVELS.fullmatch(text):
        return Reading(_signed(match))
    if match := _LEVELS_AT_LEAST.fullmatch(text):
        return Reading(_decimal(match[1] or match[2]), is_exact=False)
    if match := _LEVEL_SPAN.fullmatch(text):
        return Reading((_decimal(match[1]) + _decimal(match[2])) / 2, is_exact=False)
    return Reading(None)


def building_classes(table: pd.DataFrame) -> pd.Series:
    """Sort buildings into our classes.

    Parameters
    ----------
    table : pandas.DataFrame
        Buildings as read.

    Returns
    -------
    pandas.Series
        Class of each, ``other`` where no tag says more.
    """
    known: dict[str, list[str]] = tables()["building_class"]
    words = {word: name for name, listed in known.items() for word in listed}
    classes = pd.Series("other", index=table.index, dtype=object)
    for key in ("amenity", "building", "type", "shop", "office"):
        said = tag(table, key).str.lower().str.replace(r"\s+-\s+.*", "", regex=True).map(words)
        classes = classes.where(classes != "other", said.fillna("other"))
    return classes


def space_classes(table: pd.DataFrame) -> pd.Series:
    """Sort areas into classes of public space.

    Parameters
    ----------
    table : pandas.DataFrame
        Areas as read.

    Returns
    -------
    pandas.Series
        Class of each, empty where it is no public space.
    """
    classes = pd.Series("", index=table.index, dtype=object)
    for rule in tables()["space"]:
        hit = np.zeros(len(table), dtype=bool)
        for key, values in rule["tags"].items():
            hit |= tag(table, key).str.lower().isin(values).to_numpy()
        classes = classes.mask(hit & (classes == ""), rule["class"])
    return classes


def _texts(column: pd.Series) -> pd.Series:
    """Turn any column to text; whole numbers lose their ``.0``."""
    return column.map(_text).astype(object)


def _text(value: object) -> str:
    if value is None or value != value or value is pd.NA:  # noqa: PLR0124 - NaN is not itself
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _signed(match: re.Match[str]) -> float:
    return -_decimal(match[2]) if match[1] else _decimal(match[2])


def _decimal(text: str) -> float:
    return float(text.replace(",", "."))

"""Read and write one layer file: GeoJSON with one feature a line, or GeoParquet on a 1/64 m grid."""

import json
import math
from pathlib import Path
from typing import cast

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from shapely.geometry import mapping

from cctv.errors import GeodataError
from cctv.geodata.lonlat import LONLAT, METRES
from cctv.geodata.schema import LayerSpec

GRID_PER_M = 64
_DECIMALS = 7


def read_layer(path: Path, spec: LayerSpec, name: str) -> gpd.GeoDataFrame:
    """Read a layer in metres with the columns of its form.

    Parameters
    ----------
    path : Path
        The file.
    spec : LayerSpec
        Columns it must have.
    name : str
        Layer name, for messages.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:32749.

    Raises
    ------
    GeodataError
        ``geodata_unreadable`` if it is missing or not such a file, ``geodata_columns`` if columns are missing.
    """
    try:
        frame = _read_geojson(path) if path.suffix == ".geojson" else gpd.read_parquet(path)
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException, shapely.errors.ShapelyError) as error:
        raise GeodataError(
            "geodata_unreadable", f"{path}: {error}", {"layer": name, "file": path.name, "reason": str(error)}
        ) from error
    missing = [column for column in spec.columns if column not in frame.columns]
    if missing and len(frame):
        raise GeodataError(
            "geodata_columns",
            f"{path}: no column {missing}",
            {"layer": name, "file": path.name, "columns": ", ".join(missing)},
        )
    frame = conform(frame, spec)
    return frame.to_crs(METRES)


def conform(frame: gpd.GeoDataFrame, spec: LayerSpec) -> gpd.GeoDataFrame:
    """Give a table exactly the columns of its form; what is not there gets the value for "not known".

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        Any columns, any CRS.
    spec : LayerSpec
        Columns, types and defaults.

    Returns
    -------
    geopandas.GeoDataFrame
        New table, same CRS, index 0 to n-1.
    """
    columns: dict[str, pd.Series] = {}
    for column, default in spec.columns.items():
        if column in frame.columns:
            values = frame[column].reset_index(drop=True)
            filled = values if isinstance(default, float) else values.where(values.notna(), default)
        else:
            filled = pd.Series([default] * len(frame))
        columns[column] = filled.astype(type(default))
    return gpd.GeoDataFrame(pd.DataFrame(columns), geometry=np.asarray(frame.geometry), crs=frame.crs or LONLAT)


def write_layer(path: Path, frame: gpd.GeoDataFrame) -> None:
    """Write a layer; the ending of the path decides the format.

    Parameters
    ----------
    path : Path
        ``.geojson`` (EPSG:4326, 7 decimals) or ``.parquet`` (EPSG:32749, 1/64 m, zstd).
    frame : geopandas.GeoDataFrame
        Rows in the order they shall have.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    if path.suffix == ".geojson":
        path.write_text(_geojson_text(frame.to_crs(LONLAT)), encoding="utf-8")
        return
    metres = frame.to_crs(METRES)
    metres = metres.set_geometry(snap(np.asarray(metres.geometry)), crs=METRES)
    metres.to_parquet(path, index=False, compression="zstd", compression_level=3, use_dictionary=_repeating(metres))


def snap(geometries: np.ndarray) -> np.ndarray:
    """Round coordinates to 1/64 m, which binary numbers hold exactly.

    A shape that rounding would make invalid keeps its exact coordinates.

    Parameters
    ----------
    geometries : numpy.ndarray
        Shapely geometries in metres, shape (n,).

    Returns
    -------
    numpy.ndarray
        The same shapes on the grid, shape (n,).
    """
    rounded = cast("np.ndarray", shapely.transform(geometries, lambda xy: np.round(xy * GRID_PER_M) / GRID_PER_M))
    spoilt = shapely.is_valid(geometries) & ~shapely.is_valid(rounded)
    return np.where(spoilt, geometries, rounded)


def _repeating(frame: gpd.GeoDataFrame) -> list[str]:
    """Columns worth a dictionary: few different values."""
    return [str(c) for c in frame.columns if c != "geometry" and frame[c].nunique() * 4 < len(frame)]


def _read_geojson(path: Path) -> gpd.GeoDataFrame:
    collection = json.loads(path.read_text(encoding="utf-8"))
    features = collection["features"]
    if not features:
        return gpd.GeoDataFrame(geometry=[], crs=LONLAT)
    return gpd.GeoDataFrame.from_features(features, crs=LONLAT)


def _geojson_text(frame: gpd.GeoDataFrame) -> str:
    names = [str(column) for column in frame.columns if column != "geometry"]
    lines: list[str] = []
    for values, geometry in zip(frame[names].itertuples(index=False), frame.geometry, strict=True):
        feature = {
            "type": "Feature",
            "properties": {name: _plain(value) for name, value in zip(names, values, strict=True)},
            "geometry": _rounded(mapping(geometry)) if shapely.is_geometry(geometry) else None,
        }
        lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"


def _plain(value: object) -> object:
    plain = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(plain, float) and math.isnan(plain) else plain


def _rounded(part: object) -> object:
    if isinstance(part, float):
        return round(part, _DECIMALS)
    if isinstance(part, dict):
        return {key: _rounded(value) for key, value in cast("dict[str, object]", part).items()}
    if isinstance(part, tuple | list):
        return [_rounded(value) for value in cast("list[object]", part)]
    return part

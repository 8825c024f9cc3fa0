"""Repair, clip and take apart geometries as they come in, counting everything that happens to them."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from cctv.importers.osm_report import OsmReport

_POINT_DIMENSION, _LINE_DIMENSION, _AREA_DIMENSION = 0, 1, 2
_DIMENSION = {"Point": 0, "MultiPoint": 0, "LineString": 1, "MultiLineString": 1, "Polygon": 2, "MultiPolygon": 2}


class Cleaner:
    """Brings the features of one file into order.

    Parameters
    ----------
    clip : shapely geometry or None
        Boundary in the coordinate system of the features; None takes everything.
    report : OsmReport
        Where the counts go.
    """

    def __init__(self, clip: shapely.Geometry | None, report: OsmReport) -> None:
        self.clip = clip
        self.report = report

    def clean(
        self, name: str, rows: gpd.GeoDataFrame, types: tuple[str, ...], *, smallest: float = 0.0
    ) -> gpd.GeoDataFrame:
        """Keep valid single geometries inside the boundary.

        Parameters
        ----------
        name : str
            Kind of features, for the report.
        rows : geopandas.GeoDataFrame
            Features of this kind, metric coordinates.
        types : tuple of str
            Geometry types that are wanted; parts of another dimension left by a repair are dropped.
        smallest : float
            Least length [m] or area [m2].

        Returns
        -------
        geopandas.GeoDataFrame
            One row per part, sorted as in the file.
        """
        counts = self.report.group(name)
        counts.read += len(rows)
        is_there = ~(rows.geometry.isna() | rows.geometry.is_empty)
        counts.empty += int((~is_there).sum())
        kept = rows[is_there]
        geometries = kept.geometry.to_numpy(dtype=object)
        invalid = ~shapely.is_valid(geometries)
        geometries[invalid] = shapely.make_valid(geometries[invalid])
        if self.clip is not None:
            shapely.prepare(self.clip)
            near = shapely.intersects(self.clip, geometries)
            counts.outside += int((~near).sum())
            kept, geometries, invalid = kept[near], geometries[near], invalid[near]
            crossing = ~shapely.contains_properly(self.clip, geometries)
            geometries[crossing] = shapely.intersection(geometries[crossing], self.clip)
        parts, owner = _parts(geometries, _DIMENSION[types[0]], smallest)
        survives = np.zeros(len(kept), dtype=bool)
        survives[owner] = True
        counts.repaired += int((invalid & survives).sum())
        counts.dropped += int((~survives).sum())
        counts.kept += len(parts)
        return gpd.GeoDataFrame(kept.iloc[owner].drop(columns="geometry"), geometry=parts, crs=rows.crs).reset_index(
            drop=True
        )


def unique_ids(prefix: str, ids: pd.Series) -> list[str]:
    """Make ids from those of the file; parts and repetitions get a number.

    Parameters
    ----------
    prefix : str
        First part of every id.
    ids : pandas.Series
        Ids of the file, empty where there is none.

    Returns
    -------
    list of str
        All different, in the order given.
    """
    base = [value or f"baris-{row}" for row, value in enumerate(ids)]
    again = pd.Series(base, dtype=object).groupby(base).cumcount() if base else []
    return [f"{prefix}{value}" + (f"-{n}" if n else "") for value, n in zip(base, again, strict=True)]


def _parts(geometries: np.ndarray, dimension: int, smallest: float) -> tuple[np.ndarray, np.ndarray]:
    """Take geometries apart and keep what has the right dimension and size."""
    parts, owner = shapely.get_parts(geometries, return_index=True)
    nested = shapely.get_type_id(parts) > 3  # noqa: PLR2004 - multi-geometries inside a collection
    if nested.any():
        inner, inner_owner = shapely.get_parts(parts, return_index=True)
        parts, owner = inner, owner[inner_owner]
    size = {
        _POINT_DIMENSION: np.ones(len(parts)),
        _LINE_DIMENSION: shapely.length(parts),
        _AREA_DIMENSION: shapely.area(parts),
    }
    good = (shapely.get_dimensions(parts) == dimension) & (size[dimension] >= smallest)
    return parts[good], owner[good]

"""The one projected coordinate system of the engine, and the check that a layer is in it."""

import geopandas as gpd

from coverage.errors import CrsError

PROJECTED_CRS = "EPSG:32749"
"""WGS 84 / UTM zone 49S, metres; all of Kota Mojokerto lies in it."""


def require_crs(layer: gpd.GeoDataFrame | gpd.GeoSeries, *, name: str = "layer") -> None:
    """Refuse a layer whose coordinates are not metres in EPSG:32749.

    Parameters
    ----------
    layer : GeoDataFrame or GeoSeries
        Any layer handed to the engine.
    name : str
        What to call it in the error.

    Raises
    ------
    CrsError
        If the layer has no CRS (``crs_missing``) or another one (``crs_wrong``).

    Examples
    --------
    >>> require_crs(gpd.GeoSeries([], crs="EPSG:32749"))
    """
    if layer.crs is None:
        raise CrsError("crs_missing", f"{name} has no CRS, expected {PROJECTED_CRS}", {"layer": name})
    if layer.crs != PROJECTED_CRS:
        found = layer.crs.to_string()
        raise CrsError("crs_wrong", f"{name} is in {found}, expected {PROJECTED_CRS}", {"layer": name, "crs": found})

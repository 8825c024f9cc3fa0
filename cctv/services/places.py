"""Names people call a place by: streets, known places, junctions, camera points; each with how far off it may be."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import numpy as np
import shapely

from cctv.geodata.lonlat import to_lonlat
from cctv.services import mapdata
from cctv.services.runtime import Runtime

PlaceKind = Literal["street", "place", "junction", "point"]
#: What a position of a certainty may be off where the layer does not say [m].
_USUAL_ERROR_M = {"A": 20.0, "B": 50.0}


@dataclass(frozen=True)
class Place:
    """A place on the ground.

    Attributes
    ----------
    name : str
        What it is called; empty for a click on the map.
    kind : {"street", "place", "junction", "point"}
        What has the name.
    lon, lat : float
        EPSG:4326 [deg]; of a street its middle.
    error_m : float or None
        How far off that may be [m]; None if nobody knows.
    """

    name: str
    kind: PlaceKind
    lon: float
    lat: float
    error_m: float | None


def named_places(runtime: Runtime) -> list[Place]:
    """List every place that has a name and a position.

    Parameters
    ----------
    runtime : Runtime
        Open process.

    Returns
    -------
    list of Place
        By name, then kind; a name is unique within its kind.

    Raises
    ------
    GeodataError
        If the city layers cannot be read.
    """
    city = runtime.city
    found = [*_places(city.places), *_junctions(city.junctions), *_streets(city.streets), *_points(runtime)]
    unique = {(place.name, place.kind): place for place in found if place.name}
    return [unique[key] for key in sorted(unique)]


def _places(layer: gpd.GeoDataFrame) -> Iterator[Place]:
    for name, certainty, shape in zip(layer["name"], layer["certainty"], layer.geometry, strict=True):
        lon, lat = _lonlat(shape)
        yield Place(str(name), "place", lon, lat, _USUAL_ERROR_M.get(str(certainty)))


def _junctions(layer: gpd.GeoDataFrame) -> Iterator[Place]:
    located = layer[layer.geometry.notna()]
    for name, error, shape in zip(located["name"], located["est_error_m"], located.geometry, strict=True):
        lon, lat = _lonlat(shape)
        yield Place(str(name), "junction", lon, lat, None if np.isnan(error) else float(error))


def _streets(layer: gpd.GeoDataFrame) -> Iterator[Place]:
    named = layer[layer["name"] != ""].sort_values("street_id", kind="stable")
    for name, parts in named.groupby("name", sort=True):
        whole = shapely.line_merge(shapely.union_all(np.asarray(parts.geometry.array, dtype=object)))
        longest = max(shapely.get_parts(whole), key=shapely.length)
        lon, lat = _lonlat(shapely.line_interpolate_point(longest, 0.5, normalized=True))
        errors = parts["est_error_m"].to_numpy(np.float64)
        yield Place(str(name), "street", lon, lat, None if np.isnan(errors).any() else float(errors.max()))


def _points(runtime: Runtime) -> Iterator[Place]:
    for item in mapdata.all_points(runtime):
        lon, lat = item.point.lon, item.point.lat
        if lon is not None and lat is not None:
            yield Place(item.point.name, "point", lon, lat, item.point.est_error_m)


def _lonlat(shape: shapely.Geometry) -> tuple[float, float]:
    lon, lat = to_lonlat(shapely.get_x(shape), shapely.get_y(shape))
    return float(lon), float(lat)

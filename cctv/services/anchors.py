"""What a pin may stand on: points of the register, poles and junctions of the city layers, by distance."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
import shapely

from cctv.geodata import CityLayers
from cctv.geodata.lonlat import to_lonlat, to_metres
from cctv.services.mapdata import PointOnMap
from cctv.services.runtime import Runtime

Kind = Literal["point", "pole", "junction"]
#: Nearer than this a pin snaps, and a new camera joins the point that is there already [m].
SNAP_M = 8.0
REACH_M, MOST = 150.0, 60
#: A degree of longitude or latitude is longer than this wherever Indonesia is [m].
_LEAST_M_PER_DEG = 100_000.0


@dataclass(frozen=True)
class Anchor:
    """One thing that a pin may stand on.

    Attributes
    ----------
    kind : {"point", "pole", "junction"}
        What it is; a point is one of the register.
    anchor_id, name : str
        Of the point or of the feature in the city layers.
    lon, lat : float
        EPSG:4326 [deg].
    distance_m : float
        From the place that was asked about [m].
    is_made_up : bool
        Whether the city layer it stands in is synthetic or schematic.
    """

    kind: Kind
    anchor_id: str
    name: str
    lon: float
    lat: float
    distance_m: float
    is_made_up: bool


@dataclass(frozen=True, eq=False)
class _Fixed:
    """Poles and junctions of one version of the city layers."""

    table: pd.DataFrame
    tree: shapely.STRtree
    is_made_up: dict[str, bool]


def fixed_anchors(runtime: Runtime, lon: float, lat: float, reach_m: float = REACH_M) -> list[Anchor]:
    """List poles and junctions around a place.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    lon, lat : float
        The place, EPSG:4326 [deg].
    reach_m : float
        How far to look [m].

    Returns
    -------
    list of Anchor
        The nearest 60 at the most, nearest first.
    """
    fixed = _fixed(runtime.city)
    x_m, y_m = to_metres(lon, lat)
    here = shapely.Point(float(x_m), float(y_m))
    found = fixed.tree.query(here, predicate="dwithin", distance=reach_m)
    near = fixed.table.iloc[found].assign(distance_m=shapely.distance(fixed.tree.geometries[found], here))
    near = near.sort_values(["distance_m", "anchor_id"]).head(MOST)
    names = ["kind", "anchor_id", "name", "lon", "lat", "distance_m"]
    return [
        Anchor(kind, key, name, x, y, away_m, fixed.is_made_up[kind])
        for kind, key, name, x, y, away_m in near[names].to_numpy(object).tolist()
    ]


def points_near(points: Iterable[PointOnMap], lon: float, lat: float, reach_m: float = SNAP_M) -> list[Anchor]:
    """List points of the register around a place.

    Parameters
    ----------
    points : iterable of PointOnMap
        Points with cameras; those without a position are left out.
    lon, lat : float
        The place, EPSG:4326 [deg].
    reach_m : float
        How far to look [m].

    Returns
    -------
    list of Anchor
        Nearest first.
    """
    reach_deg = reach_m / _LEAST_M_PER_DEG
    placed = [
        p for item in points
        if (p := item.point).lon is not None and p.lat is not None
        and abs(p.lon - lon) <= reach_deg and abs(p.lat - lat) <= reach_deg
    ]  # fmt: skip
    x_m, y_m = to_metres([lon, *(p.lon or 0.0 for p in placed)], [lat, *(p.lat or 0.0 for p in placed)])
    away_m = np.hypot(x_m[1:] - x_m[0], y_m[1:] - y_m[0])
    order = sorted(np.flatnonzero(away_m <= reach_m), key=lambda at: (away_m[at], placed[at].point_id))
    return [
        Anchor("point", placed[at].point_id, placed[at].name, placed[at].lon or 0.0, placed[at].lat or 0.0,
               float(away_m[at]), is_made_up=False)
        for at in order
    ]  # fmt: skip


def distance_m(one: tuple[float, float], two: tuple[float, float]) -> float:
    """Measure how far two places lie apart.

    Parameters
    ----------
    one, two : tuple of float
        Longitude and latitude, EPSG:4326 [deg].

    Returns
    -------
    float
        In the plane of EPSG:32749 [m].
    """
    x_m, y_m = to_metres([one[0], two[0]], [one[1], two[1]])
    return float(np.hypot(x_m[1] - x_m[0], y_m[1] - y_m[0]))


_read: dict[str, _Fixed] = {}


def _fixed(city: CityLayers) -> _Fixed:
    """Lay out poles and the middles of junctions, once per version of the city layers."""
    key = city.manifest.fingerprint
    if key not in _read:
        junctions = city.public_spaces[city.public_spaces["space_class"] == "junction"]
        shapes = [*city.poles.geometry, *junctions.geometry.representative_point()]
        x_m, y_m = shapely.get_x(shapes), shapely.get_y(shapes)
        lon, lat = to_lonlat(x_m, y_m)
        n_poles, n_junctions = len(city.poles), len(junctions)
        table = pd.DataFrame(
            {
                "kind": ["pole"] * n_poles + ["junction"] * n_junctions,
                "anchor_id": [*city.poles["pole_id"], *junctions["space_id"]],
                "name": [*city.poles["pole_id"], *junctions["name"]],
                "lon": lon,
                "lat": lat,
            }
        )
        layers = city.manifest.layers
        made_up = {
            kind: layers[name].kind != "real" for kind, name in (("pole", "poles"), ("junction", "public_spaces"))
        }
        _read.clear()
        _read[key] = _Fixed(table, shapely.STRtree(shapes), made_up)
    return _read[key]

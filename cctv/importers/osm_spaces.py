"""Public spaces without overlaps: school fronts as strips, streets as bands, every spot counted once."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

_SLIVER_M2 = 1.0
_AREA = 2
Geometries = NDArray[np.object_]


def flatten_spaces(spaces: gpd.GeoDataFrame, order: list[str], *, school_front_m: float) -> gpd.GeoDataFrame:
    """Settle overlaps between areas: the earlier class keeps the spot, then the earlier row.

    Parameters
    ----------
    spaces : geopandas.GeoDataFrame
        Areas with ``space_class``, metric coordinates.
    order : list of str
        Classes, the strongest first.
    school_front_m : float
        Width of the strip outside school grounds that counts as school front [m].

    Returns
    -------
    geopandas.GeoDataFrame
        Areas that do not overlap; those with nothing left are gone.
    """
    rank = spaces["space_class"].map({name: i for i, name in enumerate(order)})
    ranked = spaces.iloc[np.argsort(rank.to_numpy(), kind="stable")]
    geometries = ranked.geometry.to_numpy(dtype=object)
    is_school = (ranked["space_class"] == "school_front").to_numpy()
    strips = shapely.difference(shapely.buffer(geometries[is_school], school_front_m), geometries[is_school])
    geometries[is_school] = strips
    return keep_area(ranked.set_geometry(list(without_overlaps(geometries)), crs=spaces.crs))


def street_spaces(streets: gpd.GeoDataFrame, taken: Geometries) -> gpd.GeoDataFrame:
    """Make the street bands that cameras should see.

    Parameters
    ----------
    streets : geopandas.GeoDataFrame
        Lines with street_id, name, road_class, width_m [m], kind.
    taken : ndarray of shapely geometry
        Buildings and public spaces: spots that are no street.

    Returns
    -------
    geopandas.GeoDataFrame
        space_id, space_class ``street``, name, kelurahan (empty), kind, geometry; wide streets keep the crossings.
    """
    ranked = streets.sort_values(["width_m", "street_id"], ascending=[False, True])
    bands = shapely.buffer(ranked.geometry.to_numpy(), ranked["width_m"].to_numpy() / 2, cap_style="flat")
    free = without_overlaps(np.concatenate([taken, bands]), n_fixed=len(taken))[len(taken) :]
    frame = pd.DataFrame({
        "space_id": [f"ruang-{name}" for name in ranked["street_id"]],
        "space_class": "street",
        "name": ranked["name"].to_numpy(),
        "kelurahan": "",
        "kind": ranked["kind"].to_numpy(),
    })  # fmt: skip
    return keep_area(gpd.GeoDataFrame(frame, geometry=list(free), crs=streets.crs))


def without_overlaps(geometries: Geometries, *, n_fixed: int = 0) -> Geometries:
    """Cut from every area what an earlier one already covers.

    Parameters
    ----------
    geometries : ndarray of shapely geometry, shape (n,)
        Areas, the strongest first.
    n_fixed : int
        The first so many stay as they are, even where they overlap each other.

    Returns
    -------
    ndarray of shapely geometry, shape (n,)
        Areas; empty where nothing is left.
    """
    later, earlier = shapely.STRtree(geometries).query(geometries, predicate="intersects")
    pairs = (earlier < later) & (later >= n_fixed)
    result = geometries.copy()
    stronger = pd.Series(earlier[pairs]).groupby(later[pairs])
    for owner, others in stronger.indices.items():
        cover = shapely.union_all(geometries[np.sort(earlier[pairs][others])])
        result[owner] = shapely.difference(geometries[owner], cover)
    return result


def keep_area(spaces: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Drop slivers and what is not an area.

    Parameters
    ----------
    spaces : geopandas.GeoDataFrame
        Areas, perhaps with lines left by cutting.

    Returns
    -------
    geopandas.GeoDataFrame
        Polygons and multipolygons of at least 1 m2.
    """
    parts, owner = shapely.get_parts(spaces.geometry.to_numpy(), return_index=True)
    areas = (shapely.get_dimensions(parts) == _AREA) & (shapely.area(parts) >= _SLIVER_M2)
    pieces = pd.Series(parts[areas]).groupby(owner[areas])
    whole = [_joined(parts[areas][rows]) for rows in pieces.indices.values()]
    owners = np.fromiter(pieces.indices, dtype=np.int64)
    return spaces.iloc[owners].set_geometry(whole, crs=spaces.crs).reset_index(drop=True)


def _joined(parts: Geometries) -> shapely.Geometry:
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(list(parts))

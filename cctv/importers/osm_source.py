"""Open a map file and read its features, refusing clearly what cannot be used."""

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, GeometryError
from pyproj import CRS
from pyproj.exceptions import CRSError

from cctv.errors import ImportProblemsError
from cctv.importers.osm_tags import with_other_tags
from coverage.crs import PROJECTED_CRS

LONLAT = "EPSG:4326"
SUFFIXES = (".pbf", ".gpkg", ".geojson", ".json", ".shp")
LARGEST_BYTES = 1_000_000_000
#: Larger files are read only inside the box around the boundary.
READ_WHOLE_BYTES = 64_000_000
#: Where EPSG:32749 is true to scale: longitude and latitude [degrees], zone 49 south and half a degree around it.
ZONE = shapely.box(107.5, -12.0, 114.5, 0.5)
_WORLD_DEG = (180.0, 90.0)
_READ_ERRORS = (DataSourceError, DataLayerError, FeatureError, GeometryError, OSError, UnicodeDecodeError)


@dataclass(frozen=True)
class MapFile:
    """A file whose layers could be listed.

    Attributes
    ----------
    path : Path
        The file.
    layers : tuple of str
        Layers with a geometry.
    crs : str
        Coordinate system that the file states.
    """

    path: Path
    layers: tuple[str, ...]
    crs: str

    @property
    def is_geographic(self) -> bool:
        """Whether coordinates are longitude and latitude."""
        return CRS.from_user_input(self.crs).is_geographic


def open_map_file(path: Path) -> MapFile:
    """Check that a file can be read as a map.

    Parameters
    ----------
    path : Path
        ``.osm.pbf``, GeoPackage, GeoJSON or Shapefile.

    Returns
    -------
    MapFile
        Layers and coordinate system.

    Raises
    ------
    ImportProblemsError
        ``import_no_file``, ``import_suffix``, ``import_too_big``, ``import_empty_file``, ``import_unreadable``,
        ``import_no_geometry``, ``import_no_crs`` or ``import_mixed_crs``.
    """
    params: dict[str, object] = {"file": path.name}
    if not path.is_file():
        raise ImportProblemsError("import_no_file", f"{path} is no file", params)
    if path.suffix.lower() not in SUFFIXES:
        raise ImportProblemsError("import_suffix", f"{path.suffix!r}", {**params, "known": ", ".join(SUFFIXES)})
    size = path.stat().st_size
    if size > LARGEST_BYTES:
        limit = {"size_mb": round(size / 1e6), "limit_mb": round(LARGEST_BYTES / 1e6)}
        raise ImportProblemsError("import_too_big", f"{size} bytes", params | limit)
    if size == 0:
        raise ImportProblemsError("import_empty_file", "0 bytes", params)
    try:
        names = [str(name) for name, geometry_type in pyogrio.list_layers(path) if geometry_type is not None]
        systems = {_crs_of(path, name) for name in names}
    except _READ_ERRORS as error:
        raise _unreadable(path, error) from error
    if not names:
        raise ImportProblemsError("import_no_geometry", "no layer with geometry", params)
    if len(systems) > 1:
        raise ImportProblemsError("import_mixed_crs", str(systems), params)
    crs = systems.pop()
    if not crs:
        raise ImportProblemsError("import_no_crs", "no coordinate system", params)
    return MapFile(path, tuple(names), crs)


def read_features(file: MapFile, boundary_lonlat: shapely.Geometry | None) -> gpd.GeoDataFrame:
    """Read all layers under each other.

    Parameters
    ----------
    file : MapFile
        Checked file.
    boundary_lonlat : shapely geometry or None
        Large files are read in the box around it only [degrees, EPSG:4326].

    Returns
    -------
    geopandas.GeoDataFrame
        Features in the coordinate system of the file, with the column ``layer``; tags of OSM as columns.

    Raises
    ------
    ImportProblemsError
        ``import_unreadable`` if a layer is damaged; ``import_empty`` if there are no features at all.
    """
    box = None
    if boundary_lonlat is not None and file.path.stat().st_size > READ_WHOLE_BYTES:
        box = tuple(gpd.GeoSeries([boundary_lonlat], crs=LONLAT).to_crs(file.crs).total_bounds)
    try:
        tables = [_read(file, layer, box) for layer in file.layers]
    except _READ_ERRORS as error:
        raise _unreadable(file.path, error) from error
    filled = [table.dropna(axis=1, how="all") for table in tables if len(table)]
    if not filled and box is None:
        raise ImportProblemsError("import_empty", "no features", {"file": file.path.name})
    if not filled:
        raise ImportProblemsError("import_nothing_inside", "no features in the box", {"file": file.path.name})
    with_geometry = [table for table in filled if "geometry" in table.columns]
    if not with_geometry:
        raise ImportProblemsError("import_no_geometry", "all geometries are null", {"file": file.path.name})
    return gpd.GeoDataFrame(pd.concat(with_geometry, ignore_index=True), crs=file.crs)


def read_boundary(path: Path) -> shapely.Geometry:
    """Read the area of a boundary file.

    Parameters
    ----------
    path : Path
        File with polygons.

    Returns
    -------
    shapely geometry
        Union of all polygons [degrees, EPSG:4326].

    Raises
    ------
    ImportProblemsError
        If the file cannot be read or holds no polygon (``import_boundary``).
    """
    file = open_map_file(path)
    features = read_features(file, None)
    areas = features[features.geom_type.isin(["Polygon", "MultiPolygon"])]
    if not len(areas):
        raise ImportProblemsError("import_boundary", "no polygon", {"file": path.name})
    check_coordinates(areas, file, None)
    return shapely.union_all(shapely.make_valid(areas.to_crs(LONLAT).geometry.to_numpy()))


def check_coordinates(features: gpd.GeoDataFrame, file: MapFile, boundary_lonlat: shapely.Geometry | None) -> None:
    """Refuse coordinates that cannot be what the file says they are.

    Parameters
    ----------
    features : geopandas.GeoDataFrame
        As read.
    file : MapFile
        States the coordinate system.
    boundary_lonlat : shapely geometry or None
        Where the features should lie [degrees, EPSG:4326]; None if anywhere is right.

    Raises
    ------
    ImportProblemsError
        ``import_swapped`` if latitude stands before longitude, ``import_coordinates`` if no place on earth is meant,
        ``import_outside`` if the file shows another place.
    """
    bounds = features.geometry.bounds.dropna().to_numpy()
    if not len(bounds):
        raise ImportProblemsError("import_no_geometry", "all geometries are null", {"file": file.path.name})
    middle = np.column_stack([bounds[:, [0, 2]].mean(axis=1), bounds[:, [1, 3]].mean(axis=1)])
    low, high = bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)
    params: dict[str, object] = {
        "file": file.path.name, "crs": file.crs,
        "x": f"{low[0]:.6g} .. {high[0]:.6g}", "y": f"{low[1]:.6g} .. {high[1]:.6g}",
    }  # fmt: skip
    if file.is_geographic and not _is_inside(middle, boundary_lonlat) and _is_inside(middle[:, ::-1], boundary_lonlat):
        raise ImportProblemsError("import_swapped", "latitude before longitude", params)
    is_on_earth = bool((np.abs([low, high]) <= _WORLD_DEG).all())
    if (file.is_geographic and not is_on_earth) or not np.isfinite([low, high]).all():
        raise ImportProblemsError("import_coordinates", "not on earth", params)
    if boundary_lonlat is not None:
        found = gpd.GeoSeries(shapely.points(middle), crs=file.crs).to_crs(LONLAT)
        spots = np.column_stack([found.x, found.y])
        if not np.isfinite(spots).all():
            raise ImportProblemsError("import_coordinates", "cannot be projected", params)
        reach = shapely.box(*spots.min(axis=0), *spots.max(axis=0))
        if not shapely.intersects(shapely.box(*shapely.bounds(boundary_lonlat)), reach):
            raise ImportProblemsError("import_outside", "another place", params)


def work_crs(features_lonlat_bounds: tuple[float, float, float, float]) -> tuple[str, bool]:
    """Choose the metric coordinate system for a region.

    Parameters
    ----------
    features_lonlat_bounds : tuple of float
        West, south, east, north [degrees, EPSG:4326].

    Returns
    -------
    tuple of str and bool
        Coordinate system, and whether it is that of the city layers.
    """
    region = shapely.box(*features_lonlat_bounds)
    if ZONE.contains(region):
        return PROJECTED_CRS, True
    frame = gpd.GeoSeries([region], crs=LONLAT)
    return frame.estimate_utm_crs().to_string(), False


def _is_inside(points: np.ndarray, boundary: shapely.Geometry | None) -> bool:
    """Tell whether most points lie in the box around the boundary, widened by its own size."""
    if boundary is None:
        return False
    west, south, east, north = shapely.bounds(boundary)
    margin = max(east - west, north - south)
    near = (points >= (west - margin, south - margin)) & (points <= (east + margin, north + margin))
    return bool(near.all(axis=1).mean() > 0.5)  # noqa: PLR2004


def _read(file: MapFile, layer: str, box: tuple[float, ...] | None) -> gpd.GeoDataFrame:
    table = pyogrio.read_dataframe(file.path, layer=layer, bbox=box, on_invalid="ignore")
    if not isinstance(table, gpd.GeoDataFrame):
        return gpd.GeoDataFrame(geometry=[], crs=file.crs)
    return with_other_tags(table).assign(layer=layer)


def _crs_of(path: Path, layer: str) -> str:
    crs = pyogrio.read_info(path, layer=layer)["crs"]
    if crs is None:
        return ""
    try:
        return CRS.from_user_input(crs).to_string()
    except CRSError:
        return ""


def _unreadable(path: Path, error: Exception) -> ImportProblemsError:
    reason = str(error).splitlines()[0][:200]
    return ImportProblemsError("import_unreadable", f"{path}: {error}", {"file": path.name, "reason": reason})

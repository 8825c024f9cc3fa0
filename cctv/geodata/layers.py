"""The city layers as one read-only object, read once per content."""

import threading
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from cctv.errors import GeodataError, Problem, raise_if_any
from cctv.geodata.lonlat import METRES
from cctv.geodata.manifest import Manifest, checksum, read_manifest
from cctv.geodata.schema import LAYERS
from cctv.geodata.storage import read_layer


@dataclass(frozen=True)
class CityLayers:
    """All layers of the city in EPSG:32749; treat every table as read-only.

    Attributes
    ----------
    boundary : shapely.Polygon
        Outline of the city, union of the kelurahan.
    kelurahan, kecamatan, places, junctions, railway, street_vertices : geopandas.GeoDataFrame
        Restated layers; columns as in :mod:`cctv.geodata.schema`. Junctions that nobody could locate have no geometry.
    streets : geopandas.GeoDataFrame
        Named schematic streets, then minor streets and lanes.
    poles, buildings, public_spaces, water : geopandas.GeoDataFrame
        Generated layers, or real ones that replaced them.
    manifest : Manifest
        Source, licence, date, checksum and kind of each layer.
    """

    boundary: shapely.Polygon
    kelurahan: gpd.GeoDataFrame
    kecamatan: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    junctions: gpd.GeoDataFrame
    railway: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    street_vertices: gpd.GeoDataFrame
    poles: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    public_spaces: gpd.GeoDataFrame
    water: gpd.GeoDataFrame
    manifest: Manifest


_cache: dict[tuple[Path, str], CityLayers] = {}
_lock = threading.Lock()


def load_city(geo_dir: Path) -> CityLayers:
    """Give the city layers of a folder; the same content is read only once per process.

    Parameters
    ----------
    geo_dir : Path
        Folder with ``manifest.toml``.

    Returns
    -------
    CityLayers
        All layers, EPSG:32749. Shared between threads: do not change it.

    Raises
    ------
    GeodataError
        If the manifest or a layer is missing, damaged (checksum) or lacks columns.
    """
    folder = geo_dir.resolve()
    with _lock:
        manifest = read_manifest(folder)
        key = (folder, manifest.fingerprint)
        if key not in _cache:
            city = _read_steady(folder, manifest)
            for stale in [other for other in _cache if other[0] == folder]:
                del _cache[stale]
            _cache[folder, city.manifest.fingerprint] = city
            return city
        return _cache[key]


def _read_steady(geo_dir: Path, manifest: Manifest) -> CityLayers:
    """Read the layers; once more if they were replaced meanwhile."""
    try:
        return read_city(geo_dir, manifest)
    except GeodataError:
        newer = read_manifest(geo_dir)
        if newer.fingerprint == manifest.fingerprint:
            raise
        return read_city(geo_dir, newer)


def read_city(geo_dir: Path, manifest: Manifest) -> CityLayers:
    """Read all layers from the files, past the cache.

    Parameters
    ----------
    geo_dir : Path
        Folder with the files.
    manifest : Manifest
        Its manifest.

    Returns
    -------
    CityLayers
        All layers, EPSG:32749.

    Raises
    ------
    GeodataError
        ``geodata_damaged`` lists every file that is missing or not what the manifest says;
        ``geodata_unreadable`` and ``geodata_columns`` name the first file with that fault.
    """
    damaged = file_problems(geo_dir, manifest)
    raise_if_any(damaged, GeodataError, code="geodata_damaged", message=str(geo_dir), path=str(geo_dir))
    tables = {name: read_layer(geo_dir / manifest.layers[name].file, spec, name) for name, spec in LAYERS.items()}
    named, minor = tables.pop("streets_named"), tables.pop("streets_minor")
    kelurahan = tables["kelurahan"]
    return CityLayers(
        boundary=outline(kelurahan),
        kecamatan=dissolve_kecamatan(kelurahan),
        streets=_stack(named, minor),
        manifest=manifest,
        **tables,
    )


def file_problems(geo_dir: Path, manifest: Manifest) -> list[Problem]:
    """Compare the files with the manifest.

    Parameters
    ----------
    geo_dir : Path
        Folder with the files.
    manifest : Manifest
        What should be there.

    Returns
    -------
    list of Problem
        Layers that are not listed, missing files and wrong checksums.
    """
    problems: list[Problem] = []
    for name in LAYERS:
        info = manifest.layers.get(name)
        if info is None:
            problems.append(Problem("geodata_not_listed", name))
        elif not (geo_dir / info.file).is_file():
            problems.append(Problem("geodata_no_file", name, value=info.file))
        elif checksum(geo_dir / info.file) != info.sha256:
            problems.append(Problem("geodata_checksum", name, value=info.file, expected=info.sha256[:12]))
    return problems


def outline(kelurahan: gpd.GeoDataFrame) -> shapely.Polygon:
    """Dissolve the kelurahan to the outline of the city.

    Parameters
    ----------
    kelurahan : geopandas.GeoDataFrame
        Polygons without gaps, EPSG:32749.

    Returns
    -------
    shapely.Polygon
        One polygon without holes.

    Raises
    ------
    GeodataError
        ``geodata_outline`` if the union falls apart or has holes.
    """
    union = shapely.union_all(np.asarray(kelurahan.geometry))
    if not isinstance(union, shapely.Polygon) or len(union.interiors):
        parts, holes = shapely.get_num_geometries(union), int(shapely.get_num_interior_rings(union))
        raise GeodataError("geodata_outline", f"{parts} parts, {holes} holes", {"parts": int(parts), "holes": holes})
    return union


def dissolve_kecamatan(kelurahan: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Dissolve the kelurahan to kecamatan; the code is what their codes have in common.

    Parameters
    ----------
    kelurahan : geopandas.GeoDataFrame
        With columns kecamatan and kemendagri_code, EPSG:32749.

    Returns
    -------
    geopandas.GeoDataFrame
        kecamatan, kemendagri_code, geometry; sorted by code.
    """
    codes = kelurahan.kemendagri_code.str.rsplit(".", n=1).str[0]
    table = kelurahan.assign(kemendagri_code=codes)[["kecamatan", "kemendagri_code", "geometry"]]
    return table.dissolve(by="kemendagri_code", as_index=False)[["kecamatan", "kemendagri_code", "geometry"]]


def kelurahan_at(city: CityLayers, x_m: float, y_m: float) -> str | None:
    """Tell in which kelurahan a point lies.

    Parameters
    ----------
    city : CityLayers
        The layers.
    x_m, y_m : float
        Easting and northing [m], EPSG:32749.

    Returns
    -------
    str or None
        Name; on a shared edge the first in row order; None outside the city.
    """
    name = str(kelurahan_of(city.kelurahan, np.array([[x_m, y_m]]))[0])
    return name or None


def kelurahan_of(kelurahan: gpd.GeoDataFrame, xy_m: npt.NDArray[np.float64]) -> npt.NDArray[np.str_]:
    """Tell for many points in which kelurahan each lies.

    Parameters
    ----------
    kelurahan : geopandas.GeoDataFrame
        Polygons with column kelurahan, EPSG:32749.
    xy_m : numpy.ndarray
        Points [m], EPSG:32749, shape (n, 2).

    Returns
    -------
    numpy.ndarray
        Names, shape (n,); empty text outside.
    """
    tree = shapely.STRtree(np.asarray(kelurahan.geometry))
    point, area = tree.query(shapely.points(xy_m), predicate="intersects")
    first = np.full(len(xy_m), len(kelurahan))
    np.minimum.at(first, point, area)
    names = np.append(kelurahan.kelurahan.to_numpy(dtype=str), "")
    return names[first]


def _stack(first: gpd.GeoDataFrame, second: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Put two tables of the same form under each other; an empty one must not change the types."""
    filled = [table for table in (first, second) if len(table)]
    if not filled:
        return first
    return gpd.GeoDataFrame(pd.concat(filled, ignore_index=True), crs=METRES)

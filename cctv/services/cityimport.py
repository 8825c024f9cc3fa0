"""Replace streets, buildings and public spaces of the city by those of a real map file."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from cctv.errors import ImportProblemsError
from cctv.geodata import load_city, replace_layers
from cctv.geodata.lonlat import LONLAT, METRES
from cctv.importers.osm import OsmContent, read_osm
from cctv.importers.osm_report import OsmReport
from cctv.importers.osm_source import read_boundary
from cctv.importers.osm_spaces import street_spaces

Boundary = Path | Literal["file"] | None


@dataclass(frozen=True)
class Origin:
    """What the manifest shall say about the file.

    Attributes
    ----------
    source, licence, attribution : str
        Where it comes from, under which terms, and whom to name on the map.
    as_of : date or None
        Day the content stands for; None takes the day the file was written.
    """

    source: str = "OpenStreetMap"
    licence: str = "ODbL 1.0"
    attribution: str = "© kontributor OpenStreetMap (ODbL)"
    as_of: date | None = None


@dataclass(frozen=True)
class CityImport:
    """What an import did.

    Attributes
    ----------
    report : OsmReport
        What was found, repaired, dropped and assumed.
    replaced : tuple of str
        City layers that were (dry run: would be) replaced inside the boundary.
    untouched : tuple of str
        City layers that stay, because the file holds nothing for them.
    street_areas : int
        Street bands made from the roads.
    is_dry_run : bool
        True if nothing was written.
    """

    report: OsmReport
    replaced: tuple[str, ...]
    untouched: tuple[str, ...]
    street_areas: int
    is_dry_run: bool


def import_osm(
    geo_dir: Path, file: Path, *, boundary: Boundary = None, origin: Origin | None = None, dry_run: bool = False
) -> CityImport:
    """Take over a map file, all or nothing.

    Everything is measured in EPSG:32749, so only an area that touches the city can be taken over. A file of another
    region can be checked with ``boundary="file"`` and ``dry_run=True``; it is then measured in its own UTM zone.

    Parameters
    ----------
    geo_dir : Path
        Folder of the city layers.
    file : Path
        ``.osm.pbf``, GeoPackage, GeoJSON or Shapefile.
    boundary : Path, "file" or None
        Area to replace: polygons of a file, the box of the data itself, or the city.
    origin : Origin, optional
        What the manifest shall say; OpenStreetMap by default.
    dry_run : bool
        Only check and report.

    Returns
    -------
    CityImport
        Report and the layers replaced.

    Raises
    ------
    ImportProblemsError
        If the file cannot be used; ``import_not_city`` if it lies outside the city and should be written.
    GeodataError
        If the city layers cannot be read or the new ones are refused.
    """
    city_boundary = load_city(geo_dir).boundary
    area = _boundary_lonlat(boundary, city_boundary)
    content = read_osm(file, area)
    layers = _layers(content)
    if not dry_run:
        metres = _to_metres(area) if area is not None else _box_of(content)
        if not content.report.is_in_zone or not shapely.intersects(metres, city_boundary):
            raise ImportProblemsError("import_not_city", "region outside the city", {"file": file.name})
        about = origin or Origin()
        day = about.as_of or datetime.fromtimestamp(file.stat().st_mtime, UTC).date()
        replace_layers(
            geo_dir, layers, source=f"{about.source}: {file.name}", licence=about.licence,
            attribution=about.attribution, as_of=day.isoformat(), boundary=metres,
        )  # fmt: skip
    untouched = tuple(name for name in ("streets", "buildings", "public_spaces") if name not in layers)
    n_bands = int((layers["public_spaces"]["space_class"] == "street").sum()) if "public_spaces" in layers else 0
    return CityImport(content.report, tuple(layers), untouched, n_bands, dry_run)


def _layers(content: OsmContent) -> dict[str, gpd.GeoDataFrame]:
    """Choose what can be replaced: public spaces only together with the streets, which are most of them."""
    layers: dict[str, gpd.GeoDataFrame] = {}
    if len(content.buildings):
        layers["buildings"] = content.buildings
    if len(content.streets):
        taken = np.concatenate([content.buildings.geometry.to_numpy(), content.public_spaces.geometry.to_numpy()])
        bands = street_spaces(content.streets, taken)
        spaces = pd.concat([part for part in (content.public_spaces, bands) if len(part)], ignore_index=True)
        layers["streets"] = content.streets
        layers["public_spaces"] = gpd.GeoDataFrame(spaces, crs=content.streets.crs)
    return layers


def _boundary_lonlat(boundary: Boundary, city: shapely.Polygon) -> shapely.Geometry | None:
    if boundary == "file":
        return None
    if isinstance(boundary, Path):
        return read_boundary(boundary)
    return gpd.GeoSeries([city], crs=METRES).to_crs(LONLAT).union_all()


def _to_metres(area: shapely.Geometry) -> shapely.Geometry:
    return gpd.GeoSeries([area], crs=LONLAT).to_crs(METRES).union_all()


def _box_of(content: OsmContent) -> shapely.Geometry:
    bounds = [table.total_bounds for table in (content.streets, content.buildings, content.public_spaces) if len(table)]
    if not bounds:
        return shapely.Polygon()
    return shapely.box(*np.min(bounds, axis=0)[:2], *np.max(bounds, axis=0)[2:])

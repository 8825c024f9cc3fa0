"""Read roads, buildings, public spaces and surveillance nodes from an OpenStreetMap extract or a file like one."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from cctv.errors import ImportProblemsError, Problem, raise_if_any
from cctv.importers.osm_geometry import Cleaner, unique_ids
from cctv.importers.osm_report import OsmReport
from cctv.importers.osm_source import LONLAT, check_coordinates, open_map_file, read_features, work_crs
from cctv.importers.osm_spaces import flatten_spaces
from cctv.importers.osm_tags import (
    Reading,
    building_classes,
    has_column,
    read_levels,
    read_metres,
    space_classes,
    tables,
    tag,
)

_POLYGONS = ("Polygon", "MultiPolygon")
_LINES = ("LineString", "MultiLineString")
_POINTS = ("Point",)
_MOST_PROBLEMS = 200
_CARDINALS = {
    name: step * 22.5
    for step, name in enumerate(
        ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW")
    )
}


@dataclass(frozen=True)
class OsmContent:
    """What a file holds, in the columns of the city layers.

    Attributes
    ----------
    streets : geopandas.GeoDataFrame
        street_id, name, road_class, width_m [m], lit, kind, tag, est_error_m, geometry (LineString).
    buildings : geopandas.GeoDataFrame
        building_id, height_m [m], building_class, kind, height_source, geometry (Polygon).
    public_spaces : geopandas.GeoDataFrame
        space_id, space_class, name, kelurahan (empty), kind, geometry; without the streets; no two overlap.
    surveillance : geopandas.GeoDataFrame
        name, operator, camera_type, azimuth_deg [degrees clockwise from north, NaN if unknown], geometry (Point).
    report : OsmReport
        What was found, repaired, dropped and assumed.
    """

    streets: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    public_spaces: gpd.GeoDataFrame
    surveillance: gpd.GeoDataFrame
    report: OsmReport


def read_osm(path: Path, boundary_lonlat: shapely.Geometry | None) -> OsmContent:
    """Read a map file into tables of the city layers.

    Parameters
    ----------
    path : Path
        ``.osm.pbf``, GeoPackage, GeoJSON or Shapefile.
    boundary_lonlat : shapely geometry or None
        What lies outside is left out [degrees, EPSG:4326]; None takes the whole file.

    Returns
    -------
    OsmContent
        Tables in EPSG:32749; in the local UTM zone if the region lies elsewhere (``report.is_in_zone`` is then False).

    Raises
    ------
    ImportProblemsError
        If the file cannot be read, shows another place, holds impossible heights (all are listed), or if nothing is
        left inside the boundary.
    """
    file = open_map_file(path)
    features = read_features(file, boundary_lonlat)
    check_coordinates(features, file, boundary_lonlat)
    region = features.to_crs(LONLAT).total_bounds if boundary_lonlat is None else shapely.bounds(boundary_lonlat)
    crs, is_in_zone = work_crs((float(region[0]), float(region[1]), float(region[2]), float(region[3])))
    clip = None if boundary_lonlat is None else gpd.GeoSeries([boundary_lonlat], crs=LONLAT).to_crs(crs).union_all()
    report = OsmReport(path.name, file.crs, crs, is_in_zone)
    projected = features.to_crs(crs)
    cleaner = Cleaner(clip, report)
    is_building = _is_building(projected)
    content = OsmContent(
        streets=_streets(projected, cleaner),
        buildings=_buildings(projected[is_building], cleaner),
        public_spaces=_spaces(projected[~is_building], cleaner),
        surveillance=_surveillance(projected, cleaner),
        report=report,
    )
    if not any(group.kept for group in report.groups.values()):
        n_read = sum(group.read for group in report.groups.values())
        code = "import_nothing_inside" if n_read else "import_nothing_known"
        raise ImportProblemsError(code, "nothing left", {"file": path.name, "count": n_read, "features": len(features)})
    return content


def _rows(table: gpd.GeoDataFrame, wanted: pd.Series, types: tuple[str, ...]) -> gpd.GeoDataFrame:
    """Keep wanted rows of the right geometry; rows without geometry stay, to be counted."""
    return table[wanted & (table.geom_type.isin(types) | table.geometry.isna())]


def _is_building(table: gpd.GeoDataFrame) -> pd.Series:
    """Tell which rows are buildings; without a building column, areas with a height or storey column are."""
    if has_column(table, "building"):
        return ~tag(table, "building").str.lower().isin(["", "no"])
    has_any = has_column(table, "height") or has_column(table, "levels")
    return pd.Series(has_any, index=table.index) & table.geom_type.isin(_POLYGONS)


def _streets(table: gpd.GeoDataFrame, cleaner: Cleaner) -> gpd.GeoDataFrame:
    known = tables()["road"]
    highway = tag(table, "highway").str.lower()
    roads = _rows(table, highway.isin(list(known)), _LINES)
    kept = cleaner.clean("roads", roads, _LINES, smallest=tables()["roads"]["shortest_m"])
    rules = [known[value] for value in tag(kept, "highway").str.lower()]
    lit = tag(kept, "lit").str.lower()
    cleaner.report.lit_assumed = int((lit == "").sum())
    classes = [rule["class"] for rule in rules]
    cleaner.report.classes["roads"] = Counter(classes)
    return _table(kept, {
        "street_id": unique_ids("osm-s", tag(kept, "osm_id")),
        "name": tag(kept, "name"),
        "road_class": classes,
        "width_m": _widths(kept, rules, cleaner.report),
        "lit": [rule["lit"] if said == "" else said != "no" for rule, said in zip(rules, lit, strict=True)],
        "kind": "real",
        "tag": "",
        "est_error_m": np.nan,
    })  # fmt: skip


def _widths(roads: gpd.GeoDataFrame, rules: list[dict[str, float]], report: OsmReport) -> NDArray[np.float64]:
    """Take the width from its tag, else from the lanes, else the default of the kind of road."""
    limits = tables()["roads"]
    tagged = np.array([read_metres(text).value or np.nan for text in tag(roads, "width")], dtype=float)
    lanes = np.array([read_levels(text).value or np.nan for text in tag(roads, "lanes")], dtype=float)
    usual = np.array([rule["width_m"] for rule in rules], dtype=float)
    width = np.where(np.isfinite(tagged), tagged, lanes * limits["metres_per_lane"])
    is_usable = (width >= limits["narrowest_m"]) & (width <= limits["widest_m"])
    report.widths_assumed = int((~is_usable).sum())
    return np.where(is_usable, width, usual)


def _buildings(table: gpd.GeoDataFrame, cleaner: Cleaner) -> gpd.GeoDataFrame:
    rows = _rows(table, pd.Series(data=True, index=table.index), _POLYGONS)
    _refuse_impossible_heights(rows, cleaner.report.file)
    kept = cleaner.clean("buildings", rows, _POLYGONS, smallest=tables()["heights"]["smallest_area_m2"])
    classes = building_classes(kept)
    height, source = _heights(kept, classes, cleaner.report)
    cleaner.report.classes["buildings"] = Counter(classes)
    return _table(kept, {
        "building_id": unique_ids("osm-b", tag(kept, "osm_id")),
        "height_m": height,
        "building_class": classes,
        "kind": "real",
        "height_source": source,
    })  # fmt: skip


def _refuse_impossible_heights(rows: gpd.GeoDataFrame, file: str) -> None:
    limits = tables()["heights"]
    checks = (
        ("height", read_metres, "import_negative_height", limits["highest_m"], "m"),
        ("levels", read_levels, "import_negative_levels", limits["most_levels"], ""),
    )
    problems: list[Problem] = []
    for name, read, code, most, unit in checks:
        texts = tag(rows, name)
        values = texts.map(lambda text, read=read: read(text).value)
        for row, value in values[values.notna() & ((values < 0) | (values > most))].items():
            where = f"{file} #{tag(rows.loc[[row]], 'osm_id').iloc[0] or row}"
            too_high = code.replace("negative", "too_high")
            problems.append(
                Problem(code if value < 0 else too_high, where, name, str(texts[row]), f"0-{most:g} {unit}".strip())
            )
    raise_if_any(
        problems[:_MOST_PROBLEMS], ImportProblemsError, code="import_heights", message="impossible heights", file=file
    )


def _heights(
    table: gpd.GeoDataFrame, classes: pd.Series, report: OsmReport
) -> tuple[NDArray[np.float64], NDArray[np.object_]]:
    """Take the height from its tag, else from the storeys, else the default of the class."""
    limits = tables()["heights"]
    texts, level_texts = tag(table, "height"), tag(table, "levels")
    heights = [read_metres(text) for text in texts]
    levels = [read_levels(text) for text in level_texts]
    for said, reading in zip([*texts, *level_texts], [*heights, *levels], strict=True):
        if said and not reading.value:
            report.unreadable_heights[said] += 1
    found: list[tuple[float, str]] = []
    for height, level, name in zip(heights, levels, classes, strict=True):
        found.append(_height(height, level, limits["metres_per_level"], tables()["default_height_m"][name]))
    report.height_sources = Counter(source for _, source in found)
    return np.array([value for value, _ in found], dtype=float), np.array([s for _, s in found], dtype=object)


def _height(height: Reading, level: Reading, metres_per_level: float, default_m: float) -> tuple[float, str]:
    if height.value:
        return height.value, "height"
    if level.value:
        return round(level.value * metres_per_level, 2), "levels" if level.is_exact else "levels_inexact"
    return default_m, "default"


def _spaces(table: gpd.GeoDataFrame, cleaner: Cleaner) -> gpd.GeoDataFrame:
    classes = space_classes(table)
    limits = tables()["spaces"]
    rows = _rows(table.assign(space_class=classes), classes != "", _POLYGONS)
    kept = cleaner.clean("public_spaces", rows, _POLYGONS, smallest=limits["smallest_area_m2"])
    order = [rule["class"] for rule in tables()["space"]]
    flat = flatten_spaces(kept, order, school_front_m=limits["school_front_m"])
    cleaner.report.classes["public_spaces"] = Counter(flat["space_class"])
    return _table(flat, {
        "space_id": unique_ids("osm-p", tag(flat, "osm_id")),
        "space_class": flat["space_class"],
        "name": tag(flat, "name"),
        "kelurahan": "",
        "kind": "real",
    })  # fmt: skip


def _surveillance(table: gpd.GeoDataFrame, cleaner: Cleaner) -> gpd.GeoDataFrame:
    rows = _rows(table, tag(table, "man_made").str.lower() == "surveillance", _POINTS)
    kept = cleaner.clean("surveillance", rows, _POINTS)
    azimuth = np.array([_azimuth(text) for text in tag(kept, "direction")], dtype=float)
    cleaner.report.cameras_with_direction = int(np.isfinite(azimuth).sum())
    return _table(kept, {
        "name": tag(kept, "name"),
        "operator": tag(kept, "operator"),
        "camera_type": tag(kept, "camera_type"),
        "azimuth_deg": azimuth,
    })  # fmt: skip


def _azimuth(text: str) -> float:
    """Read a direction: degrees or a point of the compass; everything else is unknown, never 0."""
    if text.upper() in _CARDINALS:
        return _CARDINALS[text.upper()]
    value = read_levels(text).value
    return float("nan") if value is None or not 0 <= value <= 360 else value % 360  # noqa: PLR2004


def _table(kept: gpd.GeoDataFrame, columns: dict[str, object]) -> gpd.GeoDataFrame:
    data = {name: values.to_numpy() if isinstance(values, pd.Series) else values for name, values in columns.items()}
    frame = pd.DataFrame(data, index=range(len(kept)))
    return gpd.GeoDataFrame(frame, geometry=kept.geometry.to_numpy(), crs=kept.crs)

"""Check a folder of city layers: files, coordinate systems, counts, validity, and what the city must look like."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from cctv.errors import GeodataError, Problem
from cctv.geodata.generate.stock import DWELLINGS_PER_BUILDING
from cctv.geodata.layers import CityLayers, file_problems, kelurahan_of, read_city
from cctv.geodata.manifest import read_manifest
from cctv.geodata.schema import LAYERS, ROAD_CLASSES, SPACE_CLASSES

CITY_AREA_KM2 = 20.20
AREA_TOLERANCE_KM2 = 0.02
N_KELURAHAN = 18
PLACE_TOLERANCE_M = 30.0
STATION_TOLERANCE_M = 20.0
BUILDINGS = (40_000, 60_000)
DWELLING_TOLERANCE = 0.05
# Shapes on a 1/64 m grid may share a strip narrower than the grid.
SHARED_GROUND_M2 = 1.0
_TOUCH_M2 = 1e-6


def check_city(geo_dir: Path) -> list[Problem]:
    """Find everything that is wrong with the city layers of a folder.

    Parameters
    ----------
    geo_dir : Path
        Folder with ``manifest.toml``.

    Returns
    -------
    list of Problem
        Empty if all is well. What the generator promises is only asked of synthetic rows, and of sound shapes.
    """
    try:
        manifest = read_manifest(geo_dir)
        found = file_problems(geo_dir, manifest)
        if found:
            return found
        city = read_city(geo_dir, manifest)
    except GeodataError as error:
        return list(error.problems) or [Problem(error.code, str(geo_dir), value=error.message)]
    unsound = [*_manifest_crs(city), *_shapes(city)]
    if unsound:
        return unsound
    checks: tuple[Callable[[CityLayers], list[Problem]], ...] = (
        _ids, _classes, _kelurahan, _places, _railway, _vertices, _heights, _poles,
        _building_overlaps, _street_overlaps, _space_overlaps, _building_count, _dwellings,
    )  # fmt: skip
    return [problem for check in checks for problem in check(city)]


def _tables(city: CityLayers) -> dict[str, gpd.GeoDataFrame]:
    names = ("kelurahan", "places", "junctions", "railway", "street_vertices", "streets", "poles", "buildings",
             "public_spaces", "water")  # fmt: skip
    return {name: getattr(city, name) for name in names}


def _manifest_crs(city: CityLayers) -> list[Problem]:
    return [
        Problem("geodata_crs", name, "crs", city.manifest.layers[name].crs, spec.crs)
        for name, spec in LAYERS.items()
        if city.manifest.layers[name].crs != spec.crs
    ]


def _shapes(city: CityLayers) -> list[Problem]:
    problems: list[Problem] = []
    for name, table in _tables(city).items():
        spec = LAYERS["streets_minor" if name == "streets" else name]
        shapes = np.asarray(table.geometry)
        absent = shapely.is_missing(shapes)
        if absent.any() and not spec.may_be_unlocated:
            problems.append(Problem("geodata_null", name, "geometry", str(int(absent.sum())), "0"))
        shapes = shapes[~absent]
        invalid = int((~shapely.is_valid(shapes) | shapely.is_empty(shapes)).sum())
        if invalid:
            problems.append(Problem("geodata_invalid", name, "geometry", str(invalid), "0"))
        wrong = sorted({str(shape.geom_type) for shape in shapes} - set(spec.geometry))
        problems += [Problem("geodata_geometry", name, "geometry", kind, ", ".join(spec.geometry)) for kind in wrong]
    return problems


def _ids(city: CityLayers) -> list[Problem]:
    columns = (
        (city.kelurahan, "kemendagri_code"), (city.kelurahan, "bps_code"), (city.kelurahan, "kelurahan"),
        (city.junctions, "no"), (city.streets, "street_id"), (city.poles, "pole_id"),
        (city.buildings, "building_id"), (city.public_spaces, "space_id"),
    )  # fmt: skip
    return [
        Problem("geodata_id", column, column, str(table[column][table[column].duplicated()].iloc[0]), "unik")
        for table, column in columns
        if table[column].duplicated().any()
    ]


def _classes(city: CityLayers) -> list[Problem]:
    columns = (
        ("streets", city.streets, "road_class", ROAD_CLASSES),
        ("public_spaces", city.public_spaces, "space_class", SPACE_CLASSES),
    )
    return [
        Problem("geodata_class", name, column, str(value), ", ".join(allowed))
        for name, table, column, allowed in columns
        for value in sorted(set(table[column]) - set(allowed))
    ]


def _kelurahan(city: CityLayers) -> list[Problem]:
    problems: list[Problem] = []
    if len(city.kelurahan) != N_KELURAHAN:
        problems.append(
            Problem("geodata_count", "kelurahan", value=str(len(city.kelurahan)), expected=str(N_KELURAHAN))
        )
    area = city.boundary.area / 1e6
    if abs(area - CITY_AREA_KM2) > AREA_TOLERANCE_KM2:
        expected = f"{CITY_AREA_KM2} +- {AREA_TOLERANCE_KM2}"
        problems.append(Problem("geodata_area", "kelurahan", "km2", f"{area:.4f}", expected))
    return problems


def _places(city: CityLayers) -> list[Problem]:
    """Certain places must lie in the kelurahan they are listed in, or outside if in none."""
    shapes = dict(zip(city.kelurahan.kelurahan, city.kelurahan.geometry, strict=True))
    problems: list[Problem] = []
    for name, listed, point in zip(city.places.name, city.places.kelurahan, city.places.geometry, strict=True):
        away = point.distance(shapes[listed]) if listed in shapes else 0.0
        if away > PLACE_TOLERANCE_M or (not listed and city.boundary.contains(point)):
            problems.append(Problem("geodata_place", str(name), "kelurahan", f"{away:.0f} m", str(listed) or "-"))
    return problems


def _railway(city: CityLayers) -> list[Problem]:
    stations = city.places[(city.places.category == "station") & (city.places.source == "djka")]
    track = city.railway.union_all()
    return [
        Problem(
            "geodata_railway", str(name), "geometry", f"{point.distance(track):.0f} m", f"<= {STATION_TOLERANCE_M} m"
        )
        for name, point in zip(stations.name, stations.geometry, strict=True)
        if point.distance(track) > STATION_TOLERANCE_M
    ]


def _vertices(city: CityLayers) -> list[Problem]:
    bare = city.street_vertices[(city.street_vertices.tag == "") | (city.street_vertices.reason == "")]
    return [
        Problem("geodata_reason", f"{key} {i}", "reason", "", "tag, reason")
        for key, i in zip(bare.street_key, bare.i, strict=True)
    ]


def _heights(city: CityLayers) -> list[Problem]:
    heights = city.buildings.height_m.to_numpy()
    bad = int((~np.isfinite(heights) | (heights <= 0)).sum())
    return [Problem("geodata_height", "buildings", "height_m", str(bad), "> 0")] if bad else []


def _poles(city: CityLayers) -> list[Problem]:
    lost = int((~city.poles.street_id.isin(city.streets.street_id)).sum())
    return [Problem("geodata_pole", "poles", "street_id", str(lost), "0")] if lost else []


def _synthetic(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return table[table.kind != "real"]


def _building_overlaps(city: CityLayers) -> list[Problem]:
    shapes = np.asarray(_synthetic(city.buildings).geometry)
    n = int((_shared_m2(shapes, shapes) > _TOUCH_M2).sum())
    return [Problem("geodata_overlap", "buildings", "buildings", str(n), "0")] if n else []


def _street_overlaps(city: CityLayers) -> list[Problem]:
    streets = _synthetic(city.streets)
    corridors = shapely.buffer(np.asarray(streets.geometry), streets.width_m.to_numpy() / 2)
    n = int((_shared_m2(np.asarray(_synthetic(city.buildings).geometry), corridors, same=False) > _TOUCH_M2).sum())
    return [Problem("geodata_overlap", "buildings", "streets", str(n), "0")] if n else []


def _space_overlaps(city: CityLayers) -> list[Problem]:
    shapes = np.asarray(_synthetic(city.public_spaces).geometry)
    n = int((_shared_m2(shapes, shapes) > SHARED_GROUND_M2).sum())
    return [Problem("geodata_overlap", "public_spaces", "public_spaces", str(n), "0")] if n else []


def _shared_m2(shapes: np.ndarray, others: np.ndarray, *, same: bool = True) -> np.ndarray:
    """Area that each pair shares [m2]; a shape is not compared with itself."""
    if not len(shapes) or not len(others):
        return np.empty(0)
    one, other = shapely.STRtree(others).query(shapes, predicate="intersects")
    if same:
        first = one < other
        one, other = one[first], other[first]
    return shapely.area(shapely.intersection(shapes[one], others[other]))


def _building_count(city: CityLayers) -> list[Problem]:
    n = len(city.buildings)
    if city.manifest.layers["buildings"].kind == "real" or BUILDINGS[0] <= n <= BUILDINGS[1]:
        return []
    return [Problem("geodata_count", "buildings", value=str(n), expected=f"{BUILDINGS[0]}-{BUILDINGS[1]}")]


def _dwellings(city: CityLayers) -> list[Problem]:
    """Synthetic dwellings of each kelurahan against the estimate."""
    if (city.buildings.kind == "real").any():
        return []
    counted = dwellings_of(city)
    return [
        Problem("geodata_dwellings", str(name), "dwell_est", f"{counted[name]:.0f}", str(wanted))
        for name, wanted in zip(city.kelurahan.kelurahan, city.kelurahan.dwell_est, strict=True)
        if abs(counted[name] / wanted - 1) > DWELLING_TOLERANCE
    ]


def dwellings_of(city: CityLayers) -> dict[str, float]:
    """Count dwellings by kelurahan: a house is one, a shop-house half a one, all else none.

    Parameters
    ----------
    city : CityLayers
        The layers.

    Returns
    -------
    dict
        Kelurahan to number of dwellings.
    """
    centres = shapely.get_coordinates(shapely.centroid(np.asarray(city.buildings.geometry)))
    district = kelurahan_of(city.kelurahan, centres)
    each = np.array([DWELLINGS_PER_BUILDING.get(str(name), 0.0) for name in city.buildings.building_class])
    return {str(name): float(each[district == name].sum()) for name in city.kelurahan.kelurahan}

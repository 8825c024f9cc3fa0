"""Restate the collected figures as our own layer files, once; afterwards the files in ``data/geo`` are the truth."""

import csv
import json
import tomllib
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import geopandas as gpd
import shapely

from cctv.geodata.lonlat import LONLAT

Record = dict[str, Any]
ESTIMATES = "pop_est_2021 pop_per_ha dwell_est dwell_per_ha"
# Road class and width between facades [m]: protocol streets 14-20, collector streets 8-12; no survey exists.
CLASS_AND_WIDTH = {"primary": ("primary", 16.0), "secondary": ("secondary", 12.0), "tertiary": ("local", 8.0)}
NOT_ATCS = "simpul skema jalan, bukan dari daftar ATCS"
_WORDS = Path(__file__).with_name("restate_words.toml")
_TAGS = ("A", "B", "C", "guess")


def restate_all(shared: Path) -> dict[str, gpd.GeoDataFrame]:
    """Make every restated layer from the folder of collected figures.

    Parameters
    ----------
    shared : Path
        Folder with kelurahan.geojson, kelurahan_facts.csv, places.geojson, intersections.geojson, railway.geojson
        and the two streets_schematic files.

    Returns
    -------
    dict
        Layer name to table, EPSG:4326.

    Raises
    ------
    OSError
        If a file is missing.
    """
    streets, vertices = restate_streets(shared)
    return {
        "kelurahan": restate_kelurahan(shared),
        "places": restate_places(shared),
        "junctions": restate_junctions(shared),
        "railway": restate_railway(shared),
        "streets_named": streets,
        "street_vertices": vertices,
    }


def restate_kelurahan(shared: Path) -> gpd.GeoDataFrame:
    """Join boundaries and facts on the Kemendagri code, sorted by it.

    Parameters
    ----------
    shared : Path
        Folder of collected figures.

    Returns
    -------
    geopandas.GeoDataFrame
        18 rows, EPSG:4326; ``estimated`` names the columns that are estimates.

    Raises
    ------
    OSError
        If a file is missing.
    """
    with (shared / "kelurahan_facts.csv").open(encoding="utf-8") as file:
        facts = {row["kemendagri_code"]: row for row in csv.DictReader(file)}
    rows: list[Record] = []
    for feature in sorted(_features(shared / "kelurahan.geojson"), key=lambda f: f["properties"]["kemendagri_code"]):
        own = feature["properties"]
        fact = facts[own["kemendagri_code"]]
        rows.append(
            {
                "kelurahan": own["kelurahan"],
                "kecamatan": own["kecamatan"],
                "kemendagri_code": own["kemendagri_code"],
                "bps_code": own["bps_code"],
                "area_km2": own["area_km2"],
                "n_sls": int(fact["n_sls"]),
                "usaha_kdm": int(fact["usaha_kdm"]),
                "area_2014_ha": float(fact["luas_2014_ha"]),
                "rt_2014": int(fact["rt_2014"]),
                "pop_est_2021": int(fact["pop_est_2021"]),
                "pop_per_ha": float(fact["pop_per_ha"]),
                "dwell_est": int(fact["dwell_est"]),
                "dwell_per_ha": float(fact["dwell_per_ha"]),
                "usaha_per_ha": float(fact["usaha_per_ha"]),
                "estimated": ESTIMATES,
                "geometry": shapely.geometry.shape(feature["geometry"]),
            }
        )
    return gpd.GeoDataFrame(rows, crs=LONLAT)


def restate_places(shared: Path) -> gpd.GeoDataFrame:
    """List the known places with their certainty; names in Indonesian.

    Parameters
    ----------
    shared : Path
        Folder of collected figures.

    Returns
    -------
    geopandas.GeoDataFrame
        name, category, certainty, source, kelurahan, note, geometry; EPSG:4326.

    Raises
    ------
    OSError
        If a file is missing.
    """
    rows: list[Record] = []
    for feature in _features(shared / "places.geojson"):
        own = feature["properties"]
        row: Record = {
            "name": own["name"],
            "category": own["cat"],
            "certainty": own["cert"],
            "source": own["src"],
            "kelurahan": own["kelurahan"] or "",
            "note": "" if own["kelurahan"] else "di luar batas kota",
        }
        changes = _words()["place_changes"].get(own["name"], {})
        rows.append({**row, **changes, "geometry": shapely.Point(own["lon"], own["lat"])})
    for more in _words()["more_places"]:
        row = {"note": "", **more}
        rows.append({**row, "geometry": shapely.Point(row.pop("at"))})
    return gpd.GeoDataFrame(rows, crs=LONLAT)


def restate_junctions(shared: Path) -> gpd.GeoDataFrame:
    """List the named junctions, also those that nobody could locate.

    Parameters
    ----------
    shared : Path
        Folder of collected figures.

    Returns
    -------
    geopandas.GeoDataFrame
        no, name, tag, est_error_m, existence, evidence, geometry (None if unlocated); EPSG:4326.

    Raises
    ------
    OSError
        If a file is missing.
    """
    located: list[Record] = [
        {**feature["properties"], "geometry": shapely.geometry.shape(feature["geometry"])}
        for feature in _features(shared / "intersections.geojson")
    ]
    unlocated: list[Record] = [
        {**words, "tag": "unknown", "est_error_m": float("nan"), "geometry": None} for words in _words()["unlocated"]
    ]
    rows: list[Record] = []
    for row in sorted(located + unlocated, key=lambda row: row["no"]):
        geometry = row.pop("geometry")
        existence, evidence = _words()["junction_evidence"].get(str(row["no"]), ("", NOT_ATCS))
        rows.append({**row, "existence": existence, "evidence": evidence, "geometry": geometry})
    return gpd.GeoDataFrame(rows, crs=LONLAT)


def restate_railway(shared: Path) -> gpd.GeoDataFrame:
    """Restate the railway line with its source and error.

    Parameters
    ----------
    shared : Path
        Folder of collected figures.

    Returns
    -------
    geopandas.GeoDataFrame
        name, source, est_error_m, geometry; EPSG:4326.

    Raises
    ------
    OSError
        If a file is missing.
    """
    rows: list[Record] = [
        {
            "name": feature["properties"]["name"],
            "source": feature["properties"]["src"],
            "est_error_m": float(feature["properties"]["est_error_m"]),
            "geometry": shapely.geometry.shape(feature["geometry"]),
        }
        for feature in _features(shared / "railway.geojson")
    ]
    return gpd.GeoDataFrame(rows, crs=LONLAT)


def restate_streets(shared: Path) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Split the named streets where the tag changes, and list every vertex with tag and reason.

    Parameters
    ----------
    shared : Path
        Folder of collected figures.

    Returns
    -------
    tuple of geopandas.GeoDataFrame
        The street pieces, and their vertices; EPSG:4326.

    Raises
    ------
    OSError
        If a file is missing.
    """
    pieces = [
        piece
        for feature in _features(shared / "streets_schematic.geojson")
        if feature["properties"]["class"] != "railway"
        for piece in _pieces(feature)
    ]
    vertices: list[Record] = [
        {
            "street_key": feature["properties"]["key"],
            "i": feature["properties"]["i"],
            "tag": feature["properties"]["tag"],
            "reason": _words()["reasons"][feature["properties"]["reason"]],
            "geometry": shapely.geometry.shape(feature["geometry"]),
        }
        for feature in _features(shared / "streets_schematic_points.geojson")
    ]
    return gpd.GeoDataFrame(pieces, crs=LONLAT), gpd.GeoDataFrame(vertices, crs=LONLAT)


def _pieces(feature: Record) -> list[Record]:
    """Cut one street into runs of segments with the same worst tag of their two ends."""
    own = feature["properties"]
    tags = own["tags"].split()
    xy = feature["geometry"]["coordinates"]
    worst = [max(pair, key=_TAGS.index) for pair in pairwise(tags)]
    starts = [i for i, tag in enumerate(worst) if i == 0 or tag != worst[i - 1]]
    road_class, width_m = CLASS_AND_WIDTH[own["class"]]
    return [
        {
            "street_id": f"{own['key']}-{number}",
            "name": _words()["street_names"].get(own["key"], own["name"]),
            "road_class": road_class,
            "width_m": width_m,
            "lit": True,
            "kind": "schematic",
            "tag": worst[start],
            "est_error_m": float(own["est_error_m"]),
            "geometry": shapely.LineString(xy[start : stop + 1]),
        }
        for number, (start, stop) in enumerate(zip(starts, [*starts[1:], len(worst)], strict=True), start=1)
    ]


def _features(path: Path) -> list[Record]:
    return cast("list[Record]", json.loads(path.read_text(encoding="utf-8"))["features"])


@cache
def _words() -> Record:
    return tomllib.loads(_WORDS.read_text(encoding="utf-8"))

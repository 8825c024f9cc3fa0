"""Put real layers in place of synthetic ones, all or nothing."""

from dataclasses import replace
from pathlib import Path
from typing import cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from cctv.errors import GeodataError, Problem, raise_if_any
from cctv.geodata.generate.frame import Street
from cctv.geodata.generate.poles import make_poles
from cctv.geodata.generate.town import SEED
from cctv.geodata.layers import kelurahan_of, outline
from cctv.geodata.lonlat import METRES
from cctv.geodata.manifest import LayerInfo, Manifest, read_manifest
from cctv.geodata.publish import publish
from cctv.geodata.schema import LAYERS, ROAD_CLASSES, SPACE_CLASSES
from cctv.geodata.storage import conform, read_layer

REPLACEABLE = ("streets", "buildings", "public_spaces", "water", "railway", "poles")
DEFAULT_HEIGHT_M = 4.5
DEFAULT_WIDTH_M = {"primary": 14.0, "secondary": 10.0, "local": 6.0, "lane": 2.5}
_IDS = {"streets_minor": "street_id", "buildings": "building_id", "public_spaces": "space_id", "poles": "pole_id"}
_CLASSES = {"streets": ("road_class", ROAD_CLASSES), "public_spaces": ("space_class", SPACE_CLASSES)}


def replace_layers(
    geo_dir: Path,
    layers: dict[str, gpd.GeoDataFrame],
    *,
    source: str,
    licence: str,
    attribution: str,
    as_of: str,
    boundary: shapely.Geometry | None,
) -> Manifest:
    """Write real layers in place of what stood inside the boundary.

    Rows outside the boundary stay as they are; a layer is called real only when no synthetic row is left in it.
    Columns that are missing get the value for "not known"; a building without height gets 4.5 m and the flag
    ``height_source = "default"``. With new streets, poles along new lit streets are made up again.

    Parameters
    ----------
    geo_dir : Path
        Folder of the city layers.
    layers : dict
        ``streets``, ``buildings``, ``public_spaces``, ``water``, ``railway`` or ``poles`` to the new rows, any CRS.
    source, licence, attribution, as_of : str
        For the manifest.
    boundary : shapely.Geometry or None
        Area that the new rows describe [m], EPSG:32749; None replaces the layers whole.

    Returns
    -------
    Manifest
        The new manifest.

    Raises
    ------
    GeodataError
        ``geodata_replace`` lists everything that cannot be taken over; nothing has been written then.
        Also if the folder itself cannot be read.
    OSError
        If a file cannot be written; the old city is then still whole.
    """
    problems = [problem for name, table in layers.items() for problem in _input_problems(name, table)]
    raise_if_any(problems, GeodataError, code="geodata_replace", message="layers that cannot be taken over")
    manifest = read_manifest(geo_dir)
    old = {name: read_layer(geo_dir / manifest.layers[name].file, LAYERS[name], name) for name in LAYERS}
    about = LayerInfo("", source, licence, attribution, as_of, METRES, "", "real")
    tables = _merged(old, layers, boundary)
    changes = {
        name: (table, _described(name, table, manifest.layers[name], about, given=_given(name, layers)))
        for name, table in tables.items()
    }
    return publish(geo_dir, changes, manifest, numbered=True)


def _merged(
    old: dict[str, gpd.GeoDataFrame], layers: dict[str, gpd.GeoDataFrame], boundary: shapely.Geometry | None
) -> dict[str, gpd.GeoDataFrame]:
    """Make the new content of every file that changes."""
    tables: dict[str, gpd.GeoDataFrame] = {}
    for name, given in layers.items():
        target = "streets_minor" if name == "streets" else name
        tables[target] = _joined(_outside(old[target], boundary), _completed(target, given, old["kelurahan"]), target)
    if "streets" in layers:
        tables["streets_named"] = _outside(old["streets_named"], boundary)
        tables["street_vertices"] = _outside(old["street_vertices"], boundary)
        if "poles" not in layers:
            tables["poles"] = _new_poles(old, tables)
    return tables


def _completed(name: str, table: gpd.GeoDataFrame, kelurahan: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Bring new rows to the form of the layer and mark them as real."""
    spec = LAYERS[name]
    metres = table.to_crs(METRES)
    rows = conform(metres.explode(ignore_index=True) if len(spec.geometry) == 1 else metres, spec)
    if "kind" in spec.columns:
        rows["kind"] = "real"
    if name == "buildings":
        unknown = rows.height_m.isna()
        if "height_source" not in table.columns:
            rows["height_source"] = "imported"
        rows["height_source"] = rows.height_source.mask(unknown, "default")
        rows["height_m"] = rows.height_m.fillna(DEFAULT_HEIGHT_M)
    if name == "streets_minor":
        rows["width_m"] = rows.width_m.fillna(rows.road_class.map(DEFAULT_WIDTH_M))
    if name == "public_spaces":
        centres = shapely.get_coordinates(shapely.point_on_surface(np.asarray(rows.geometry)))
        rows["kelurahan"] = rows.kelurahan.where(rows.kelurahan != "", kelurahan_of(kelurahan, centres))
    return rows


def _joined(kept: gpd.GeoDataFrame, new: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    """Put new rows under those that stay; ids stay unique and known ones are not changed."""
    column = _IDS.get(name)
    parts = [part for part in (kept, new) if len(part)]
    table = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=METRES) if parts else new
    if column is None or not len(table):
        return table
    ids = table[column].mask(table[column] == "", "x")
    again = ids.groupby(ids).cumcount()
    table[column] = ids.where((again == 0) & (ids != "x"), ids + "-" + (again + 1).astype(str))
    return table


def _outside(table: gpd.GeoDataFrame, boundary: shapely.Geometry | None) -> gpd.GeoDataFrame:
    """Keep rows that do not reach into the boundary."""
    if boundary is None:
        return table.iloc[:0]
    return table[~table.geometry.intersects(boundary)].reset_index(drop=True)


def _new_poles(old: dict[str, gpd.GeoDataFrame], tables: dict[str, gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Keep poles of streets that stayed, and make up poles along the new lit ones."""
    streets = pd.concat([tables["streets_named"], tables["streets_minor"]], ignore_index=True)
    kept = old["poles"][old["poles"].street_id.isin(streets.street_id)].reset_index(drop=True)
    new = streets[(streets.kind == "real") & ~streets.street_id.isin(old["poles"].street_id)]
    lines = [
        Street(cast("shapely.LineString", line), str(road_class), float(width), lit=bool(lit))
        for line, road_class, width, lit in zip(new.geometry, new.road_class, new.width_m, new.lit, strict=True)
    ]
    if not lines:
        return kept
    xy, owner = make_poles(lines, outline(old["kelurahan"]), np.random.default_rng(SEED))
    made = gpd.GeoDataFrame(
        {"pole_id": [f"PR{n:05d}" for n in range(1, len(xy) + 1)], "street_id": new.street_id.to_numpy()[owner]},
        geometry=shapely.points(xy),
        crs=METRES,
    )
    return _joined(kept, made, "poles")


def _described(name: str, table: gpd.GeoDataFrame, before: LayerInfo, about: LayerInfo, *, given: bool) -> LayerInfo:
    """Say what the layer is now; synthetic rows that stayed keep it synthetic."""
    spec = LAYERS[name]
    if not given:
        return replace(before, file=spec.file)
    left = sorted({str(kind) for kind in table.get("kind", pd.Series(dtype=str)) if kind != "real"})
    if not left:
        return replace(about, file=spec.file, crs=spec.crs)
    return replace(
        before,
        file=spec.file,
        source=f"{about.source}; selebihnya {before.source}",
        licence=f"{about.licence}; {before.licence}",
        attribution=f"{about.attribution}; {before.attribution}",
        as_of=about.as_of,
        note=f"Baris dengan kind = real dari {about.source}; baris lain masih {', '.join(left)}.",
    )


def _given(name: str, layers: dict[str, gpd.GeoDataFrame]) -> bool:
    return name in layers or (name == "streets_minor" and "streets" in layers)


def _input_problems(name: str, table: gpd.GeoDataFrame) -> list[Problem]:
    if name not in REPLACEABLE:
        return [Problem("geodata_layer_name", name, value=name, expected=", ".join(REPLACEABLE))]
    if table.crs is None:
        return [Problem("geodata_no_crs", name, expected=METRES)]
    spec = LAYERS["streets_minor" if name == "streets" else name]
    allowed = {*spec.geometry, *(f"Multi{kind}" for kind in spec.geometry)}
    problems = [
        Problem("geodata_geometry", name, "geometry", str(kind), ", ".join(sorted(allowed)))
        for kind in sorted({str(kind) for kind in table.geometry.geom_type} - allowed)
    ]
    invalid = int((~table.geometry.is_valid | table.geometry.is_empty).sum())
    if invalid:
        problems.append(Problem("geodata_invalid", name, "geometry", str(invalid), "0"))
    column, classes = _CLASSES.get(name, ("", ()))
    if column in table.columns:
        problems += [
            Problem("geodata_class", name, column, str(value), ", ".join(classes))
            for value in sorted({str(value) for value in table[column]} - set(classes))
        ]
    if name == "buildings" and "height_m" in table.columns:
        low = int((table.height_m <= 0).sum())
        if low:
            problems.append(Problem("geodata_height", name, "height_m", str(low), "> 0"))
    return problems

"""The sensitive map layers as GeoJSON: viewsheds, gaps, proposed points. Every one needs a permission and is logged."""

import json
from collections.abc import Mapping
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from cctv.errors import CctvError, NotFoundError
from cctv.permissions import Permission
from cctv.registry.access_log import log_access
from cctv.registry.models import Account
from cctv.services import accounts, planning, situation
from cctv.services.candidate_points import every_point, marked_points
from cctv.services.observing import Watching
from cctv.services.questions import Question, ask
from cctv.services.runtime import Runtime
from cctv.services.wishes import read_wishes
from coverage.cell_shapes import outline_of_cells
from coverage.crs import PROJECTED_CRS
from coverage.graded import polygonal, visible_levels
from coverage.levels import SCALES, Scale, level_scale

LayerName = Literal["viewshed", "terpantau", "celah", "usulan", "calon"]
NEEDED: dict[str, Permission] = {
    "viewshed": Permission.SEE_VIEWSHEDS,
    "terpantau": Permission.SEE_GAPS,
    "celah": Permission.SEE_GAPS,
    "usulan": Permission.PLAN,
    "calon": Permission.PLAN,
}
DECIMALS = 6
PARTS = ("pasti", "mungkin", "tingkat")
WATCHED = ("sekali", "dua", "mungkin")
DEFAULT_SCALE: Scale = "iec-2025"
#: Opacity of the fill, 0-255: what is too far for the coarsest level or has no known level; coarsest and finest level.
WEAKEST, COARSEST, FINEST = 26, 46, 192


def layer(runtime: Runtime, account: Account, name: str, query: Mapping[str, str]) -> bytes:
    """Write a layer for a person who may see it.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who asks.
    name : {"viewshed", "terpantau", "celah", "usulan", "calon"}
        Which layer.
    query : mapping
        ``bagian`` (pasti, mungkin, tingkat), ``kamera`` and ``skala`` (iec-2025, iec-2014) for viewsheds; ``bagian``
        (sekali, dua, mungkin) for what is watched; a question (`cctv.services.questions`) for what is watched and for
        gaps; ``anggaran`` [Rp] and wishes (`cctv.services.wishes`) for proposals,
        and ``bagian`` (semua, rencana) for the points they were chosen from.

    Returns
    -------
    bytes
        GeoJSON, EPSG:4326.

    Raises
    ------
    AccessError
        If the role does not allow it.
    NotFoundError
        If there is no such layer.
    CctvError
        If the query cannot be read.
    """
    if name not in NEEDED:
        raise NotFoundError("unknown_layer", f"no layer {name!r}", {"name": name})
    accounts.require(account, NEEDED[name])
    log_access(runtime.registry, account.username, "lihat_lapisan", name, query.get("kamera", ""))
    if name == "viewshed":
        return to_geojson(_viewsheds(runtime, query))
    if name == "terpantau":
        return to_geojson(_watched(runtime, Question.read(query), query.get("bagian", "")))
    if name == "celah":
        return to_geojson(ask(runtime, Question.read(query)).gaps)
    wishes = read_wishes(runtime, query)
    found, part = planning.candidate_set(runtime, pool=wishes.pool), query.get("bagian", "")
    if name == "calon" and part == "semua":
        return to_geojson(every_point(found))
    ranking = planning.shown(runtime, _budget(query.get("anggaran", "")), wishes)
    if name == "usulan":
        return to_geojson(ranking.areas)
    if part != "rencana":
        raise CctvError("bad_query", f"bagian={part!r}, expected semua or rencana")
    return to_geojson(marked_points(found, ranking.plan, wishes))


def to_geojson(frame: gpd.GeoDataFrame) -> bytes:
    """Write features in longitude and latitude, compact.

    Parameters
    ----------
    frame : GeoDataFrame
        Any layer, EPSG:32749 [m].

    Returns
    -------
    bytes
        GeoJSON with six decimals (about 0.1 m).
    """
    flat = frame.to_crs("EPSG:4326")
    shapes = np.asarray(flat.geometry.array, dtype=object)
    flat = flat.set_geometry(shapely.set_precision(shapes, 10**-DECIMALS, mode="pointwise"))  # to be drawn, not counted
    kept = flat[~flat.geometry.is_empty]
    drawn = shapely.to_geojson(np.asarray(kept.geometry.array, dtype=object)).tolist()
    told = json.loads(pd.DataFrame(kept.drop(columns=kept.geometry.name)).to_json(orient="records"))
    features = [
        f'{{"type":"Feature","properties":{_compact(row)},"geometry":{shape}}}'
        for row, shape in zip(told, drawn, strict=True)
    ]
    return f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}'.encode()


def _compact(row: Mapping[str, object]) -> str:
    return json.dumps(row, separators=(",", ":"), ensure_ascii=False)


def _watched(runtime: Runtime, question: Question, part: str) -> gpd.GeoDataFrame:
    """Draw the public space that is seen by one camera, by several, or perhaps."""
    if part not in WATCHED:
        raise CctvError("bad_query", f"bagian={part!r}, expected {WATCHED}")
    answer = ask(runtime, question)
    certain, possible = answer.state.n_certain, answer.state.n_possible
    rows = {"sekali": certain == 1, "dua": certain > 1, "mungkin": (certain == 0) & (possible > 0)}[part]
    demand = answer.situation.base.demand
    shape = outline_of_cells(demand.grid, demand.cell[rows])
    return gpd.GeoDataFrame({"bagian": [part]}, geometry=[shape], crs=PROJECTED_CRS)


def strengths(scale: Scale) -> dict[str, int]:
    """Say how strongly the map fills each level.

    Parameters
    ----------
    scale : {"iec-2025", "iec-2014"}
        Which edition.

    Returns
    -------
    dict of str to int
        Level to opacity, 0-255, from the coarsest to the finest.
    """
    levels = level_scale(scale).levels
    return {level.key: round(s) for level, s in zip(levels, np.linspace(COARSEST, FINEST, len(levels)), strict=True)}


def _viewsheds(runtime: Runtime, query: Mapping[str, str]) -> gpd.GeoDataFrame:
    part, camera_id = query.get("bagian", ""), query.get("kamera")
    if part not in PARTS:
        raise CctvError("bad_query", f"bagian={part!r}, expected {PARTS}")
    watching = situation.current(runtime).watching
    wanted = ~watching.is_certain if part == "mungkin" else watching.is_certain
    asked = watching.is_on if camera_id is None else np.array(watching.camera_id) == camera_id
    rows = np.flatnonzero(wanted & asked)
    if part == "tingkat":
        return _graded(watching, rows, _scale(query.get("skala", DEFAULT_SCALE)))
    ids = [watching.camera_id[row] for row in rows]
    return gpd.GeoDataFrame({"camera_id": ids}, geometry=watching.area[rows], crs=PROJECTED_CRS)


def _scale(text: str) -> Scale:
    for scale in SCALES:
        if scale == text:
            return scale
    raise CctvError("bad_query", f"skala={text!r}, expected {SCALES}")


def _graded(watching: Watching, rows: NDArray[np.int64], scale: Scale) -> gpd.GeoDataFrame:
    """Cut viewsheds by level of picture quality; ``pekat`` is how strongly each part is filled."""
    areas, ids = watching.area[rows], [watching.camera_id[row] for row in rows]
    levels = visible_levels(areas, watching.observers.take(rows), watching.resolution_px[rows], scale)
    graded = np.stack(list(levels.values()))
    rest = polygonal(shapely.difference(areas, shapely.union_all(graded, axis=0))) if len(rows) else areas
    kinds = zip(["", *levels], (WEAKEST, *strengths(scale).values()), [rest, *graded], strict=True)
    parts = [
        gpd.GeoDataFrame(
            {"camera_id": ids, "tingkat": name, "pekat": strength}, geometry=shapes, index=rows, crs=PROJECTED_CRS
        )
        for name, strength, shapes in kinds
    ]
    return pd.concat(parts, ignore_index=True)


def _budget(text: str) -> int:
    if not text.isdecimal():
        raise CctvError("bad_query", f"anggaran={text!r}, expected whole Rupiah")
    return int(text)

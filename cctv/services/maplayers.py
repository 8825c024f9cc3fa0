"""The sensitive map layers as GeoJSON: viewsheds, gaps, proposed points. Every one needs a permission and is logged."""

import json
from collections.abc import Mapping
from typing import Literal

import geopandas as gpd
import numpy as np
import shapely

from cctv.errors import CctvError, NotFoundError
from cctv.permissions import Permission
from cctv.registry.access_log import log_access
from cctv.registry.models import Account
from cctv.services import accounts, planning, situation
from cctv.services.runtime import Runtime
from coverage.crs import PROJECTED_CRS

LayerName = Literal["viewshed", "celah", "usulan"]
NEEDED: dict[str, Permission] = {
    "viewshed": Permission.SEE_VIEWSHEDS,
    "celah": Permission.SEE_GAPS,
    "usulan": Permission.PLAN,
}
DECIMALS = 6
PARTS = ("pasti", "mungkin")


def layer(runtime: Runtime, account: Account, name: str, query: Mapping[str, str]) -> bytes:
    """Write a layer for a person who may see it.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who asks.
    name : {"viewshed", "celah", "usulan"}
        Which layer.
    query : mapping
        ``bagian`` (pasti, mungkin) and ``kamera`` for viewsheds; ``anggaran`` [Rp] for proposals.

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
        return to_geojson(_viewsheds(runtime, query.get("bagian", ""), query.get("kamera")))
    if name == "celah":
        return to_geojson(situation.current(runtime).gaps)
    return to_geojson(planning.rank(runtime, _budget(query.get("anggaran", ""))).areas)


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
    flat = flat.set_geometry(shapely.set_precision(np.asarray(flat.geometry.array, dtype=object), 10**-DECIMALS))
    kept = flat[~flat.geometry.is_empty]
    return json.dumps(json.loads(kept.to_json(drop_id=True)), separators=(",", ":"), ensure_ascii=False).encode()


def _viewsheds(runtime: Runtime, part: str, camera_id: str | None) -> gpd.GeoDataFrame:
    if part not in PARTS:
        raise CctvError("bad_query", f"bagian={part!r}, expected {PARTS}")
    watching = situation.current(runtime).watching
    wanted = watching.is_certain if part == "pasti" else ~watching.is_certain
    asked = watching.is_on if camera_id is None else np.array(watching.camera_id) == camera_id
    rows = np.flatnonzero(wanted & asked)
    ids = [watching.camera_id[row] for row in rows]
    return gpd.GeoDataFrame({"camera_id": ids}, geometry=watching.area[rows], crs=PROJECTED_CRS)


def _budget(text: str) -> int:
    if not text.isdecimal():
        raise CctvError("bad_query", f"anggaran={text!r}, expected whole Rupiah")
    return int(text)

"""Cameras of the register that may be one camera listed twice, weighed as the import weighs them."""

import math
from collections.abc import Sequence

from cctv.geodata.lonlat import to_metres
from cctv.importers.cameras.duplicates import FAR_M, Pair, Twin, find_pairs
from cctv.registry import cameras as camera_store
from cctv.registry.models import Camera
from cctv.services.anchors import points_near
from cctv.services.mapdata import PointOnMap
from cctv.services.runtime import Runtime

_UNKNOWN_ERROR_M = 15.0


def likely_twins(
    runtime: Runtime, points: Sequence[PointOnMap], item: PointOnMap, camera: Camera
) -> list[tuple[PointOnMap, Camera, Pair | None]]:
    """List the cameras within 40 m, those that may be the same camera first.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    points : sequence of PointOnMap
        All points with cameras.
    item : PointOnMap
        Point of the camera.
    camera : Camera
        The camera.

    Returns
    -------
    list of (PointOnMap, Camera, Pair or None)
        The evidence, with its reasons, where there is enough of it; then the nearest first.
    """
    point = item.point
    if point.lon is None or point.lat is None:
        around = [item]
    else:
        near = {anchor.anchor_id: at for at, anchor in enumerate(points_near(points, point.lon, point.lat, FAR_M))}
        around = sorted((i for i in points if i.point.point_id in near), key=lambda i: near[i.point.point_id])
    mine = _twin(runtime, item, camera)
    others = [(i, c) for i in around for c in i.cameras if c.camera_id != camera.camera_id]
    found = [(i, c, next(iter(find_pairs([mine], [_twin(runtime, i, c)])), None)) for i, c in others]
    return sorted(found, key=lambda entry: -entry[2].score if entry[2] else 0.0)


def _twin(runtime: Runtime, item: PointOnMap, camera: Camera) -> Twin:
    point = item.point
    x_m = y_m = math.nan
    if point.lon is not None and point.lat is not None:
        x_m, y_m = (float(metres) for metres in to_metres(point.lon, point.lat))
    stream = camera_store.stream_address(runtime.registry, camera.camera_id) if camera.has_stream else ""
    azimuth = math.nan if camera.azimuth_deg is None else camera.azimuth_deg
    # Two records of one point may be one camera here: a person asks, nothing is decided.
    return Twin(
        camera.camera_id, camera.name, x_m, y_m, point.est_error_m or _UNKNOWN_ERROR_M, azimuth, camera.agency_id,
        stream, camera.camera_id,
    )  # fmt: skip

"""The cameras before and after one along its street, so that somebody can be followed from picture to picture."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cctv.geodata.lonlat import to_metres
from cctv.registry.models import Camera
from cctv.services.mapdata import PointOnMap


@dataclass(frozen=True)
class Neighbours:
    """What comes next along a street.

    Attributes
    ----------
    street : str
        Name of the street; empty if the register does not know it.
    before, after : Camera or None
        None at its end.
    """

    street: str = ""
    before: Camera | None = None
    after: Camera | None = None


def neighbours(points: Sequence[PointOnMap], camera_id: str) -> Neighbours:
    """Find the cameras before and after one along its street.

    The cameras of a street are put in the order of their places along its longer direction (the first principal axis
    of the places), from west to east; cameras of one place by id.

    Parameters
    ----------
    points : sequence of PointOnMap
        All points.
    camera_id : str
        Which camera.

    Returns
    -------
    Neighbours
        Nothing if the street or the place of the camera is not known.
    """
    own = next((item for item in points if any(one.camera_id == camera_id for one in item.cameras)), None)
    if own is None or not own.point.street or not own.is_placed:
        return Neighbours()
    street = own.point.street
    ordered = _in_order([item for item in points if item.point.street == street and item.is_placed])
    at = [camera.camera_id for camera in ordered].index(camera_id)
    return Neighbours(
        street, ordered[at - 1] if at > 0 else None, ordered[at + 1] if at + 1 < len(ordered) else None
    )  # fmt: skip


def _in_order(items: Sequence[PointOnMap]) -> list[Camera]:
    east, north = to_metres(
        [item.point.lon or 0.0 for item in items], [item.point.lat or 0.0 for item in items]
    )  # fmt: skip
    places = np.column_stack([east, north])
    places = places - places.mean(axis=0)
    axis = np.linalg.svd(places, full_matrices=False)[2][0]
    along = places @ (axis if axis[np.argmax(np.abs(axis))] >= 0 else -axis)
    pairs = zip(along.round(2).tolist(), items, strict=True)
    ranked = sorted(pairs, key=lambda pair: (pair[0], pair[1].point.point_id))
    return [camera for _, item in ranked for camera in sorted(item.cameras, key=lambda one: one.camera_id)]

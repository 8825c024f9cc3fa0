"""Aiming on the map: where a camera stands, the place it looks at, what it would then see, and the save."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from cctv.geodata.lonlat import to_metres
from cctv.permissions import Permission
from cctv.registry.models import Account, Camera
from cctv.registry.together import Edits, RecordEdit, save_together
from cctv.services import accounts, editing, situation
from cctv.services.mapdata import PointOnMap
from cctv.services.observing import watch
from cctv.services.runtime import Runtime

#: A click on the map tells a direction no better than this [deg].
AZIMUTH_STEPS_PER_DEG = 10
#: A place nearer than this gives no direction [m].
NEAREST_TARGET_M = 1.0


@dataclass(frozen=True)
class Draft:
    """What a person has put on the map and not saved, EPSG:4326 [deg].

    Attributes
    ----------
    lon, lat : float
        Where the point stands.
    target : tuple of float, optional
        Longitude and latitude of the place that the camera looks at; None if it was not aimed.
    tilt_deg, height_m : float, optional
        Below horizontal [deg], and lens above ground [m]; None if nobody touched them.
    """

    lon: float
    lat: float
    target: tuple[float, float] | None = None
    tilt_deg: float | None = None
    height_m: float | None = None

    @property
    def azimuth_deg(self) -> float | None:
        """Azimuth towards the target, clockwise from grid north in EPSG:32749 [deg]; None if it was not aimed.

        A target within 1 m gives none.
        """
        if self.target is None:
            return None
        x_m, y_m = to_metres([self.lon, self.target[0]], [self.lat, self.target[1]])
        east_m, north_m = float(x_m[1] - x_m[0]), float(y_m[1] - y_m[0])
        if np.hypot(east_m, north_m) < NEAREST_TARGET_M:
            return None
        degrees = float(np.degrees(np.arctan2(east_m, north_m)))
        return round(degrees * AZIMUTH_STEPS_PER_DEG) / AZIMUTH_STEPS_PER_DEG % 360.0

    @property
    def view(self) -> dict[str, object]:
        """What changes in the record of the camera, field to value."""
        changes: dict[str, object] = {"tilt_deg": self.tilt_deg, "height_m": self.height_m}
        if self.azimuth_deg is not None:
            changes |= {"azimuth_deg": self.azimuth_deg, "azimuth_source": "aimed"}
        return {name: value for name, value in changes.items() if value is not None}


def drafted(item: PointOnMap, camera: Camera, draft: Draft) -> PointOnMap:
    """Give the point with one camera as it would be after saving.

    Parameters
    ----------
    item : PointOnMap
        The point as it is.
    camera : Camera
        The camera as it is.
    draft : Draft
        What was put on the map.

    Returns
    -------
    PointOnMap
        With this camera alone.
    """
    point = item.point
    if (draft.lon, draft.lat) != (point.lon, point.lat):
        point = replace(point, lon=draft.lon, lat=draft.lat, position_certainty="B", est_error_m=10.0)
    changes: dict[str, Any] = draft.view
    return PointOnMap(point, (replace(camera, **changes),))


def seen_area(runtime: Runtime, account: Account, item: PointOnMap, camera: Camera, draft: Draft) -> shapely.Geometry:
    """Compute what the camera would see between the buildings.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who asks.
    item : PointOnMap
        The point as it is.
    camera : Camera
        The camera as it is.
    draft : Draft
        What was put on the map.

    Returns
    -------
    Polygon or MultiPolygon
        Seen for certain, or at most where direction or lens are unknown, EPSG:32749 [m].

    Raises
    ------
    AccessError
        If the role does not allow it.
    CoverageError
        If the camera cannot be computed.
    """
    accounts.require(account, Permission.SEE_VIEWSHEDS)
    return watch([drafted(item, camera, draft)], situation.base(runtime).obstacles).area[0]


def save(runtime: Runtime, account: Account, item: PointOnMap, camera: Camera, draft: Draft, reason: str) -> None:
    """Keep a draft: position, direction, tilt and height together or not at all.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who saves it.
    item : PointOnMap
        The point as the person saw it.
    camera : Camera
        The camera as the person saw it.
    draft : Draft
        What was put on the map.
    reason : str
        How it is known; stands in the history.

    Raises
    ------
    AccessError
        If the role or the agency does not allow it.
    ValidationError
        If a value is not acceptable.
    StaleEditError
        If somebody else changed point or camera in the meantime.
    NotFoundError
        If one of the two is not there.
    """
    editing.require_editor_of(runtime, account, camera.camera_id)
    moved = (draft.lon, draft.lat) != (item.point.lon, item.point.lat)
    if moved:
        editing.require_editor_of_point(runtime, account, item.point.point_id)
    place = editing.position_changes(runtime, draft.lon, draft.lat) if moved else {}
    edits = Edits(
        points=[RecordEdit(item.point.point_id, item.point.version, place)],
        cameras=[RecordEdit(camera.camera_id, camera.version, draft.view)],
    )
    save_together(runtime.registry, account.username, edits, reason)

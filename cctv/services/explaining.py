"""Why a camera sees a place or does not: the answer to a click on the ground."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import shapely

from cctv.errors import NotFoundError
from cctv.geodata.lonlat import to_metres
from cctv.permissions import Permission
from cctv.registry.access_log import log_access
from cctv.registry.models import Account
from cctv.services import accounts, situation
from cctv.services.observing import Watching
from cctv.services.runtime import Runtime
from coverage.levels import Scale, level_scale
from coverage.obstacles import Obstacles
from coverage.optics import FULL_TURN_DEG, HALF_TURN_DEG, pixel_density_px_per_m
from coverage.sight_lines import Blocker, explain_hidden

Reason = Literal["seen", "possible", "too_far", "beside", "not_in_picture", "in_building", "hidden", "at_edge"]


@dataclass(frozen=True)
class Explanation:
    """What stands between a camera and a place, or that nothing does.

    Attributes
    ----------
    reason : str
        ``seen``, ``possible`` (seen if position and direction are as recorded), ``too_far``, ``beside`` (outside the
        horizontal field of view), ``not_in_picture`` (above or below a tilted picture), ``in_building``, ``hidden``, or
        ``at_edge`` (within rounding of the edge of the viewshed).
    numbers : dict of str to float
        ``distance_m`` always; ``range_m``, ``bearing_deg``, ``first_deg``, ``last_deg``, ``roof_m``, ``wall_m``,
        ``needed_m`` where the reason asks for them.
    names : dict of str to str
        ``building`` and ``level`` where the reason asks for them.
    """

    reason: Reason
    numbers: dict[str, float]
    names: dict[str, str] = field(default_factory=dict[str, str])


def explain_place(
    runtime: Runtime, account: Account, camera_id: str, lon: float, lat: float, scale: Scale
) -> Explanation:
    """Tell a person why a camera sees a place or does not.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who asks.
    camera_id : str
        Placed camera that is not removed.
    lon, lat : float
        The place [deg, EPSG:4326].
    scale : {"iec-2025", "iec-2014"}
        Edition of the levels of picture quality.

    Returns
    -------
    Explanation
        The first thing that stands in the way, from the camera outward: range, direction, picture, buildings.

    Raises
    ------
    AccessError
        If the role may not see viewsheds.
    NotFoundError
        If the camera is not on the map.
    """
    accounts.require(account, Permission.SEE_VIEWSHEDS)
    watching = situation.current(runtime).watching
    if camera_id not in watching.camera_id:
        raise NotFoundError("not_found", f"camera {camera_id} is not on the map", {"entity": "camera", "id": camera_id})
    log_access(runtime.registry, account.username, "tanya_tempat", camera_id, f"{lon:.5f} {lat:.5f}")
    x_m, y_m = (float(value) for value in to_metres(lon, lat))
    row = watching.camera_id.index(camera_id)
    return _explained(situation.base(runtime).obstacles, watching, row, (x_m, y_m), scale)


def _explained(
    obstacles: Obstacles, watching: Watching, row: int, place: tuple[float, float], scale: Scale
) -> Explanation:
    one = watching.observers.take([row])
    east, north = place[0] - float(one.x_m[0]), place[1] - float(one.y_m[0])
    numbers = {"distance_m": float(np.hypot(east, north)), "range_m": float(one.range_m[0])}
    if numbers["distance_m"] > numbers["range_m"]:
        return Explanation("too_far", numbers)
    azimuth, hfov = float(one.azimuth_deg[0]), float(one.hfov_deg[0])
    bearing = float(np.rad2deg(np.arctan2(east, north)) % FULL_TURN_DEG)
    off_axis = (bearing - azimuth + HALF_TURN_DEG) % FULL_TURN_DEG - HALF_TURN_DEG
    if hfov < FULL_TURN_DEG and not one.is_clipped[0] and abs(off_axis) > hfov / 2:
        ends = {"first_deg": (azimuth - hfov / 2) % FULL_TURN_DEG, "last_deg": (azimuth + hfov / 2) % FULL_TURN_DEG}
        return Explanation("beside", {**numbers, "bearing_deg": bearing, **ends})
    if shapely.contains_xy(watching.area[row], *place):
        return _seen(watching, row, numbers, off_axis, scale)
    blocker = explain_hidden(obstacles, one, place)
    if blocker is not None:
        return _hidden(blocker, numbers)
    return Explanation("not_in_picture" if one.is_clipped[0] else "at_edge", numbers)


def _hidden(blocker: Blocker, numbers: dict[str, float]) -> Explanation:
    names, roof = {"building": blocker.building_id}, {"roof_m": blocker.height_m, "wall_m": blocker.distance_m}
    if np.isinf(blocker.camera_height_needed_m):
        return Explanation("in_building", {**numbers, **roof}, names)
    return Explanation("hidden", {**numbers, **roof, "needed_m": blocker.camera_height_needed_m}, names)


def _seen(watching: Watching, row: int, numbers: dict[str, float], off_axis: float, scale: Scale) -> Explanation:
    """Name the best level reached, where lens and picture width are known."""
    if not watching.is_certain[row]:
        return Explanation("possible", numbers)
    level, density = level_at(watching, row, numbers["distance_m"], off_axis, scale)
    return Explanation("seen", numbers if np.isnan(density) else {**numbers, "px_per_m": density}, {"level": level})


def level_at(watching: Watching, row: int, distance_m: float, off_axis_deg: float, scale: Scale) -> tuple[str, float]:
    """Give the picture quality of a camera at a place in its picture.

    Parameters
    ----------
    watching : Watching
        What placed cameras see.
    row : int
        Which camera.
    distance_m : float
        Distance of the place along the ground [m].
    off_axis_deg : float
        Angle between its direction and the axis of the camera [deg].
    scale : {"iec-2025", "iec-2014"}
        Edition of the levels.

    Returns
    -------
    tuple of str and float
        Best level reached, empty if it is too far for the coarsest or not known; pixel density, NaN if it is not known
        [px/m].
    """
    hfov, width = float(watching.observers.hfov_deg[row]), float(watching.resolution_px[row])
    depth = distance_m * float(np.cos(np.deg2rad(off_axis_deg)))
    if hfov >= HALF_TURN_DEG or not width > 0 or depth <= 0:
        return "", float("nan")
    density = float(pixel_density_px_per_m(depth, hfov, width))
    reached = [level.key for level in level_scale(scale).levels if density >= level.px_per_m]
    return reached[-1] if reached else "", density

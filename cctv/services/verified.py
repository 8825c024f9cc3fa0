"""Verified beats computed: the area a person saw in the picture of a camera counts until the camera moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import numpy as np
import shapely

from cctv.errors import Problem, ValidationError, raise_if_any
from cctv.geodata.lonlat import to_metres
from cctv.i18n import WIB
from cctv.permissions import Permission
from cctv.registry import verified
from cctv.registry.models import Account, Camera
from cctv.registry.verified import VerifiedView
from cctv.services import accounts
from cctv.services.editing import require_own
from cctv.services.mapdata import PointOnMap
from cctv.services.photos import clean_photo
from cctv.services.runtime import Runtime
from cctv.services.view_outlines import Outlines, Ring

if TYPE_CHECKING:  # observing calls us
    from cctv.services.observing import Watching

#: Nobody sees further than this many times the range in the register, or this far where there is none [m].
FARTHEST, FARTHEST_M = 3.0, 300.0
SMALLEST_M2 = 1.0
MOST_CORNERS = 2000
LONGEST_NOTE = 500
DECIMALS_M = 0.1


@dataclass(frozen=True)
class Painted:
    """What a person says they see.

    Attributes
    ----------
    outlines : Outlines
        What is seen, less what is hidden in it.
    is_occluded : bool
        Whether something that the map does not know hides part of the view.
    seen_on : date
        When.
    photo : bytes or None
        Photo as it was sent.
    note, reason : str
        Remark, and why; both stand in the history.
    """

    outlines: Outlines
    is_occluded: bool
    seen_on: date
    photo: bytes | None
    note: str
    reason: str


def stance(item: PointOnMap, camera: Camera) -> str:
    """Write how a camera stands: whatever changes what it sees.

    Parameters
    ----------
    item : PointOnMap
        Its point.
    camera : Camera
        The camera.

    Returns
    -------
    str
        Position, height, direction, tilt and lens; equal for equal ones.
    """
    values = (
        item.point.lon, item.point.lat, camera.height_m, camera.azimuth_deg, camera.tilt_deg, camera.hfov_deg,
        camera.vfov_deg, item.point.mount, camera.camera_type,
    )  # fmt: skip
    return "|".join("-" if value is None else str(value) for value in values)


def is_stale(view: VerifiedView, item: PointOnMap, camera: Camera) -> bool:
    """Tell whether a camera has moved since its view was verified.

    Parameters
    ----------
    view : VerifiedView
        What was seen.
    item : PointOnMap
        Its point as it is now.
    camera : Camera
        The camera as it is now.

    Returns
    -------
    bool
        True if position, direction, lens or height differ.
    """
    return view.stance != stance(item, camera)


def valid_areas(
    points: Sequence[PointOnMap], views: Mapping[str, VerifiedView]
) -> dict[str, shapely.Polygon | shapely.MultiPolygon]:
    """Give the verified areas that still hold.

    Parameters
    ----------
    points : sequence of PointOnMap
        Points of the register.
    views : mapping of str to VerifiedView
        All verified views, by id of the camera.

    Returns
    -------
    dict of str to Polygon or MultiPolygon
        By id of the camera, EPSG:32749 [m]; those of cameras that have moved are left out.
    """
    return {
        camera.camera_id: shapely.from_wkt(views[camera.camera_id].area_wkt)  # pyright: ignore[reportReturnType]
        for item in points
        for camera in item.cameras
        if camera.camera_id in views and not is_stale(views[camera.camera_id], item, camera)
    }


def with_verified(watching: "Watching", areas: Mapping[str, shapely.Geometry]) -> "Watching":
    """Let verified areas take the place of computed ones; what a person has seen is certain.

    Parameters
    ----------
    watching : Watching
        As computed.
    areas : mapping of str to Geometry
        Verified areas that still hold, by id of the camera, EPSG:32749 [m].

    Returns
    -------
    Watching
        With these areas, certain and marked as verified.
    """
    rows = [row for row, camera_id in enumerate(watching.camera_id) if camera_id in areas]
    area, is_certain, is_verified = watching.area.copy(), watching.is_certain.copy(), watching.is_verified.copy()
    for row in rows:
        area[row] = areas[watching.camera_id[row]]
    is_certain[rows] = is_verified[rows] = True
    return replace(watching, area=area, is_certain=is_certain, is_verified=is_verified)


def save_view(runtime: Runtime, account: Account, item: PointOnMap, camera: Camera, painted: Painted, *, version: int
              ) -> VerifiedView:  # fmt: skip
    """Keep what a person sees in the picture of a camera.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who sees it.
    item : PointOnMap
        Point of the camera.
    camera : Camera
        The camera as the person saw it.
    painted : Painted
        What they say.
    version : int
        Version of the verified view that they saw; 0 for none.

    Returns
    -------
    VerifiedView
        As it is now.

    Raises
    ------
    AccessError
        If the role or the agency does not allow it.
    ValidationError
        Lists everything that is wrong with the area, the day and the remark.
    CctvError
        If the photo is too large or cannot be read.
    StaleEditError
        If somebody else has verified the view in the meantime.
    """
    accounts.require(account, Permission.VERIFY_VIEWS)
    require_own(account, camera)
    today = datetime.now(UTC).astimezone(WIB).date()
    where = camera.camera_id
    shape, found = _area(item, camera, painted.outlines)
    if painted.seen_on > today:
        found.append(Problem("future_day", where, "seen_on", str(painted.seen_on), str(today)))
    if len(painted.note) > LONGEST_NOTE:
        found.append(Problem("too_long", where, "note", str(len(painted.note)), str(LONGEST_NOTE)))
    raise_if_any(found, ValidationError, code="invalid", message=f"view of {where}")
    view = VerifiedView(
        where, shapely.to_wkt(shape, rounding_precision=1), painted.is_occluded, "", painted.note, painted.seen_on,
        stance(item, camera), version,
    )  # fmt: skip
    jpeg = None if painted.photo is None else clean_photo(painted.photo)
    return verified.save_verified_view(runtime.registry, account.username, view, jpeg, painted.reason)


def remove_view(runtime: Runtime, account: Account, camera: Camera, *, version: int, reason: str) -> None:
    """Take a verified view out; the computed one counts again.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who takes it out.
    camera : Camera
        Which camera.
    version : int
        Version that the person saw.
    reason : str
        Why; stands in the history.

    Raises
    ------
    AccessError
        If the role or the agency does not allow it.
    StaleEditError
        If somebody else has changed it in the meantime.
    NotFoundError
        If there is none.
    """
    accounts.require(account, Permission.VERIFY_VIEWS)
    require_own(account, camera)
    verified.remove_verified_view(runtime.registry, account.username, camera.camera_id, version, reason)


def _area(item: PointOnMap, camera: Camera, drawn: Outlines) -> tuple[shapely.Geometry, list[Problem]]:
    """Join outlines to one area less its holes, and say everything that is wrong with them."""
    where, nothing = camera.camera_id, shapely.Polygon()
    if not item.is_placed:
        return nothing, [Problem("not_placed", where, "area")]
    every = [*drawn.rings, *drawn.holes]
    if not drawn.rings or any(len(ring) < 3 for ring in every):  # noqa: PLR2004 - a triangle
        return nothing, [Problem("too_few_corners", where, "area", "", "3")]
    corners = sum(len(ring) for ring in every)
    if corners > MOST_CORNERS:
        return nothing, [Problem("too_long", where, "area", str(corners), str(MOST_CORNERS))]
    seen, hidden = _polygons(drawn.rings), _polygons(drawn.holes)
    if len(seen) + len(hidden) < len(every):
        return nothing, [Problem("crossed_outline", where, "area")]
    joined = shapely.union_all(seen)
    found = [
        Problem("hole_outside", where, "area", f"{number + 1}")
        for number, hole in enumerate(hidden)
        if shapely.intersection(hole, joined).area < SMALLEST_M2
    ]
    left = shapely.set_precision(shapely.difference(joined, shapely.union_all(hidden)), DECIMALS_M)
    if left.area < SMALLEST_M2:
        found.append(Problem("out_of_range", where, "area", f"{left.area:.1f}", f"{SMALLEST_M2:g} m2"))
    eye = np.column_stack(to_metres(np.array([item.point.lon]), np.array([item.point.lat])))[0]
    limit = max(FARTHEST * (camera.range_m or 0.0), FARTHEST_M)
    away = float(np.hypot(*(shapely.get_coordinates(joined) - eye).T).max())
    if not away <= limit:
        found.append(Problem("out_of_range", where, "area", f"{away:.0f} m", f"<= {limit:.0f} m"))
    return left, found


def _polygons(rings: Sequence[Ring]) -> list[shapely.Polygon]:
    """Draw the outlines that can be drawn, EPSG:32749 [m]."""
    metres = [np.column_stack(to_metres(*np.array(ring, np.float64).T)) for ring in rings]
    shapes = [shapely.Polygon(xy) for xy in metres if np.isfinite(xy).all()]
    return [shape for shape in shapes if shape.is_valid]

"""A new camera put on the map: on a point of the register, or on a new point that somebody chose to make."""

from dataclasses import dataclass
from datetime import UTC, datetime

from cctv.errors import Problem, ValidationError, raise_if_any
from cctv.i18n import WIB
from cctv.permissions import Permission
from cctv.registry import points as point_store
from cctv.registry.models import Account
from cctv.registry.together import Edits, save_together
from cctv.services import accounts, editing, mapdata
from cctv.services.anchors import points_near
from cctv.services.runtime import Runtime


@dataclass(frozen=True)
class NewCamera:
    """A camera that is not in the register yet.

    Attributes
    ----------
    name, agency_id, camera_type, status : str
        As in the register.
    lon, lat : float
        Where it was put, EPSG:4326 [deg].
    point_id : str
        Point of the register that it joins; empty for a new point.
    point_name : str
        Name of the new point.
    mount : {"pole", "wall", "roof"}
        Of the new point.
    is_apart : bool
        Whether the person has said that the new point is another one than a point within 8 m.
    """

    name: str
    agency_id: str
    camera_type: str
    status: str
    lon: float
    lat: float
    point_id: str = ""
    point_name: str = ""
    mount: str = "pole"
    is_apart: bool = False


def add_camera(runtime: Runtime, account: Account, new: NewCamera, reason: str) -> str:
    """Add a camera, with its point if it stands on none of the register, in one transaction.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who adds it.
    new : NewCamera
        What is known of it; the rest is unknown until somebody says so.
    reason : str
        How it is known; stands in the history.

    Returns
    -------
    str
        Id of the camera.

    Raises
    ------
    AccessError
        If the role or the agency does not allow it.
    ValidationError
        If a value is not acceptable, or a point stands there already and nobody said that this is another one.
    NotFoundError
        If the point to join is not there.
    """
    accounts.require(account, Permission.EDIT_REGISTER)
    editing.require_own_agency(account, new.agency_id)
    odd = [] if reason.strip() else [Problem("required", new.name, "reason")]
    near = points_near(mapdata.all_points(runtime), new.lon, new.lat)
    if not new.point_id and near and not new.is_apart:
        odd.append(Problem("point_there", near[0].anchor_id, "point_id", near[0].name, f"{near[0].distance_m:.0f} m"))
    raise_if_any(odd, ValidationError, code="invalid", message=new.name)
    facts = {"source": f"dicatat {account.username} di peta", "as_of": datetime.now(UTC).astimezone(WIB).date()}
    if new.point_id:
        point_store.get_point(runtime.registry, new.point_id)
    camera = {
        "point_id": new.point_id or 0, "name": new.name, "agency_id": new.agency_id, "model": "",
        "camera_type": new.camera_type, "height_m": None, "azimuth_deg": None, "azimuth_source": "unknown",
        "azimuth_words": "", "tilt_deg": None, "hfov_deg": None, "vfov_deg": None, "range_m": None,
        "resolution_px": None, "infrared_range_m": None, "status": new.status, "status_since": None,
        "status_reason": "", "stream_address": "", "purpose": "", "sign": None, "installed_on": None, "kind": "real",
        "certainty": "B", **facts,
    }  # fmt: skip
    point = {
        "name": new.point_name or new.name, "mount": new.mount, "street": "", "kind": "real", "note": "", **facts,
        **editing.position_changes(runtime, new.lon, new.lat),
    }  # fmt: skip
    edits = Edits(new_points=[] if new.point_id else [point], new_cameras=[camera])
    return save_together(runtime.registry, account.username, edits, reason).cameras[0]

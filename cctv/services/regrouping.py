"""Which point a camera stands on: another point, a point of its own and back; and one camera that was listed twice."""

from collections.abc import Sequence
from dataclasses import replace

from cctv.errors import Problem, ValidationError, raise_if_any
from cctv.registry import cameras as camera_store
from cctv.registry.models import Account, Camera
from cctv.registry.together import Edits, RecordEdit, save_together
from cctv.services import editing
from cctv.services.mapdata import PointOnMap
from cctv.services.runtime import Runtime

#: Fields that a kept camera may take over from the one that is withdrawn, where its own are unknown.
FILLED = (
    "model", "height_m", "tilt_deg", "hfov_deg", "vfov_deg", "range_m", "resolution_px", "infrared_range_m", "purpose",
    "sign", "installed_on", "azimuth_words",
)  # fmt: skip


def move_cameras(runtime: Runtime, account: Account, cameras: Sequence[Camera], point_id: str, reason: str) -> None:
    """Let cameras stand on another point; all of a point's cameras make the two points one.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who says so.
    cameras : sequence of Camera
        As the person saw them.
    point_id : str
        Point of the register that they stand on.
    reason : str
        Why; must not be empty.

    Raises
    ------
    AccessError
        If the role or the agency does not allow it.
    ValidationError
        If there is no reason or no such point.
    StaleEditError
        If somebody else changed one of them in the meantime; then none moves.
    """
    _require(runtime, account, cameras, reason)
    moved = [RecordEdit(c.camera_id, c.version, {"point_id": point_id}) for c in cameras]
    save_together(runtime.registry, account.username, Edits(cameras=moved), reason)


def split_point(
    runtime: Runtime, account: Account, item: PointOnMap, cameras: Sequence[Camera], reason: str
) -> tuple[str, ...]:
    """Give each of some cameras a point of its own, at the same place until somebody moves it.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who says so.
    item : PointOnMap
        The point as the person saw it.
    cameras : sequence of Camera
        Cameras of the point that leave it; at least one stays.
    reason : str
        Why; must not be empty.

    Returns
    -------
    tuple of str
        Ids of the new points, in the order of the cameras.

    Raises
    ------
    AccessError
        If the role or the agency does not allow it.
    ValidationError
        If there is no reason, or no camera would stay.
    StaleEditError
        If somebody else changed one of them in the meantime; then nothing is split.
    """
    _require(runtime, account, cameras, reason)
    odd = [Problem("none_stays", item.point.point_id, "camera_id")] if len(cameras) >= len(item.cameras) else []
    raise_if_any(odd, ValidationError, code="invalid", message=item.point.point_id)
    left_out = ("point_id", "version", "name", "note")
    same = {name: value for name, value in vars(item.point).items() if name not in left_out}
    new = [{**same, "name": c.name, "note": f"dipisah dari titik {item.point.point_id}"} for c in cameras]
    moved = [RecordEdit(c.camera_id, c.version, {"point_id": at}) for at, c in enumerate(cameras)]
    return save_together(runtime.registry, account.username, Edits(new_points=new, cameras=moved), reason).points


def merge_cameras(runtime: Runtime, account: Account, kept: Camera, twin: Camera, reason: str) -> None:
    """Make one camera out of two that are the same: the twin is withdrawn, its history stays, and undo brings it back.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who says so.
    kept, twin : Camera
        The one that stays and the one that is withdrawn, as the person saw them.
    reason : str
        How it is known; must not be empty.

    Raises
    ------
    AccessError
        If the role or the agency does not allow it for both.
    ValidationError
        If there is no reason, or both are one record.
    StaleEditError
        If somebody else changed one of them in the meantime; then nothing is merged.
    """
    _require(runtime, account, [kept, twin], reason)
    odd = [Problem("itself", kept.camera_id, "camera_id", twin.camera_id)] if kept.camera_id == twin.camera_id else []
    raise_if_any(odd, ValidationError, code="invalid", message=kept.camera_id)
    stream = camera_store.stream_address(runtime.registry, twin.camera_id) if not kept.has_stream else ""
    filled = filled_in(kept, twin) | ({"stream_address": stream} if stream else {})
    withdrawn = {"status": "removed", "status_reason": f"ganda dengan {kept.camera_id}: {reason}"}
    edits = Edits(
        cameras=[RecordEdit(kept.camera_id, kept.version, filled), RecordEdit(twin.camera_id, twin.version, withdrawn)]
    )
    save_together(runtime.registry, account.username, edits, reason)


def filled_in(kept: Camera, twin: Camera) -> dict[str, object]:
    """Say what the kept camera takes over: what it does not know and the other one does; never a known value.

    Parameters
    ----------
    kept, twin : Camera
        The one that stays and the one that is withdrawn.

    Returns
    -------
    dict
        Field to value.
    """
    filled = {
        name: getattr(twin, name)
        for name in FILLED
        if getattr(kept, name) in (None, "") and getattr(twin, name) not in (None, "")
    }
    if kept.azimuth_deg is None and twin.azimuth_deg is not None:
        filled |= {"azimuth_deg": twin.azimuth_deg, "azimuth_source": twin.azimuth_source}
    return filled


def merged(kept: Camera, twin: Camera) -> Camera:
    """Give the kept camera as it would be.

    Parameters
    ----------
    kept, twin : Camera
        The one that stays and the one that is withdrawn.

    Returns
    -------
    Camera
        With everything that is taken over, but a stream address.
    """
    return replace(kept, **filled_in(kept, twin))


def _require(runtime: Runtime, account: Account, cameras: Sequence[Camera], reason: str) -> None:
    editing.require_editor_of_all(runtime, account, [camera.camera_id for camera in cameras])
    odd = [] if reason.strip() else [Problem("required", cameras[0].camera_id, "reason")]
    raise_if_any(odd, ValidationError, code="invalid", message="regrouping")

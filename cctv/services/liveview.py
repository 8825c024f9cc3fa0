"""Show a person the picture of a camera: allowed, of the right agency, logged; the address never leaves this module."""

import threading
import time

from cctv.errors import AccessError, NotFoundError
from cctv.live.pictures import PictureAnswer
from cctv.permissions import Permission
from cctv.registry.access_log import log_access
from cctv.registry.cameras import get_camera, stream_address
from cctv.registry.models import Account, Camera
from cctv.registry.owners import consent_of
from cctv.services import accounts
from cctv.services.runtime import Runtime

ACTION = "lihat_gambar"
MOVING = "lihat_gambar_bergerak"
LOGGED_EVERY_S = 60.0
MOST_KEPT = 10_000
_WORKING, _MAINTAINED, _REMOVED = "on", "maintenance", "removed"

_logged: dict[tuple[str, str, str, str], float] = {}
_lock = threading.Lock()


def picture(runtime: Runtime, account: Account, camera_id: str, width: int) -> PictureAnswer:
    """Give the newest picture of a camera to a person.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    account : Account
        Who asks.
    camera_id : str
        Which camera.
    width : int
        Width wanted [px].

    Returns
    -------
    PictureAnswer
        Always with a picture; it says how old it is and what is wrong.

    Raises
    ------
    AccessError
        If the role may not see pictures, the camera belongs to another agency than the account is limited to, or its
        private owner consented to a place on the map alone.
    NotFoundError
        If there is no such camera, or it is removed.
    RegistryError
        If the address was encrypted with another key, or the access cannot be logged.
    SnapshotError
        If the width cannot be used.
    """
    camera = require_camera(runtime, account, camera_id)
    log_viewing(runtime, account.username, ACTION, camera_id)
    return newest(runtime, camera, stream_address(runtime.registry, camera_id), width)


def require_camera(runtime: Runtime, account: Account, camera_id: str) -> Camera:
    """Refuse the pictures of a camera to whoever may not see them.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    account : Account
        Who asks.
    camera_id : str
        Which camera.

    Returns
    -------
    Camera
        As the register has it.

    Raises
    ------
    AccessError
        If the role may not see pictures, or the camera belongs to another agency than the account is limited to.
    NotFoundError
        If there is no such camera.
    """
    accounts.require(account, Permission.SEE_PICTURES)
    camera = get_camera(runtime.registry, camera_id)
    if camera.status == _REMOVED:  # among them those whose owner has withdrawn its consent
        raise NotFoundError("not_found", f"camera {camera_id} is removed", {"entity": "camera", "id": camera_id})
    if consent_of(runtime.registry, camera.agency_id) == "register":
        raise AccessError("owner_consent", f"no pictures of {camera_id}", {"owner": camera.agency_name})
    if account.agency_id and camera.agency_id != account.agency_id:
        raise AccessError(
            "other_agency", f"{account.username} asked for camera {camera_id}", {"agency": camera.agency_name}
        )
    return camera


def newest(runtime: Runtime, camera: Camera, address: str, width: int) -> PictureAnswer:
    """Give the newest picture of a camera, with what the register knows of it.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    camera : Camera
        As the register has it.
    address : str
        Its secret address.
    width : int
        Width wanted [px].

    Returns
    -------
    PictureAnswer
        Always with a picture.

    Raises
    ------
    SnapshotError
        If the width cannot be used.
    """
    return runtime.pictures.get(
        camera.camera_id,
        address,
        width=width,
        name=camera.name,
        known_since=None if camera.status == _WORKING else camera.status_since,
        known_reason=camera.status if camera.status == _MAINTAINED else "",
    )


def log_viewing(runtime: Runtime, username: str, action: str, camera_id: str) -> None:
    """Log the access, at most once a minute per person, camera and action of one register.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    username : str
        Who.
    action : str
        :data:`ACTION` or :data:`MOVING`.
    camera_id : str
        Which camera.

    Raises
    ------
    RegistryError
        If it cannot be logged.
    """
    key = (str(runtime.settings.database), username, action, camera_id)
    now = time.monotonic()
    with _lock:
        if now - _logged.get(key, -LOGGED_EVERY_S) < LOGGED_EVERY_S:
            return
        if len(_logged) >= MOST_KEPT:
            for old in [old for old, at in _logged.items() if now - at >= LOGGED_EVERY_S]:
                del _logged[old]
        _logged[key] = now
    log_access(runtime.registry, username, action, camera_id)

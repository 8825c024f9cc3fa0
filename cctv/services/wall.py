"""The wall of pictures: which cameras somebody may put there, and the layouts of a role."""

from cctv.permissions import Permission
from cctv.registry import walls
from cctv.registry.cameras import list_cameras
from cctv.registry.models import Account, Camera
from cctv.registry.walls import WallLayout
from cctv.services import accounts
from cctv.services.runtime import Runtime

_REMOVED = "removed"


def cameras_for(runtime: Runtime, account: Account) -> list[Camera]:
    """List the cameras whose pictures a person may see.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    account : Account
        Who asks; an account of one agency sees its own cameras.

    Returns
    -------
    list of Camera
        By name.

    Raises
    ------
    AccessError
        If the role may not see pictures.
    """
    accounts.require(account, Permission.SEE_PICTURES)
    allowed = [
        camera
        for camera in list_cameras(runtime.registry)
        if camera.status != _REMOVED and account.agency_id in (None, "", camera.agency_id)
    ]
    return sorted(allowed, key=lambda camera: (camera.name, camera.camera_id))


def layouts_of(runtime: Runtime, account: Account) -> list[WallLayout]:
    """List the walls of the role of a person.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    account : Account
        Who asks.

    Returns
    -------
    list of WallLayout
        By name.

    Raises
    ------
    AccessError
        If the role may not see pictures.
    """
    accounts.require(account, Permission.SEE_PICTURES)
    return walls.list_layouts(runtime.registry, account.role)


def save(runtime: Runtime, account: Account, layout: WallLayout) -> None:
    """Keep a wall for everybody of the same role.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    account : Account
        Who keeps it.
    layout : WallLayout
        What to keep.

    Raises
    ------
    AccessError
        If the role may not see pictures.
    ValidationError
        Lists every value that is not acceptable.
    """
    accounts.require(account, Permission.SEE_PICTURES)
    walls.save_layout(runtime.registry, account.username, account.role, layout)


def delete(runtime: Runtime, account: Account, name: str) -> None:
    """Take a wall away from everybody of the same role.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    account : Account
        Who does it.
    name : str
        Which.

    Raises
    ------
    AccessError
        If the role may not see pictures.
    NotFoundError
        If there is none of that name.
    """
    accounts.require(account, Permission.SEE_PICTURES)
    walls.delete_layout(runtime.registry, account.username, account.role, name)

"""Tell snapd which cameras to keep ready: those on saved walls and those pointed at; the others get the slow sweep."""

import logging
import threading

from cctv.errors import CctvError
from cctv.permissions import Role
from cctv.registry.cameras import stream_address, stream_addresses
from cctv.registry.models import Account
from cctv.registry.walls import list_layouts
from cctv.services import liveview
from cctv.services.runtime import Runtime

log = logging.getLogger(__name__)

TELL_EVERY_S = 60.0


def tell(runtime: Runtime) -> tuple[int, int]:
    """Say once which cameras there are.

    Parameters
    ----------
    runtime : Runtime
        The running process.

    Returns
    -------
    tuple of int
        How many are pinned by a wall, and how many are left to the sweep.

    Raises
    ------
    RegistryError
        If the register cannot be read.
    """
    addresses = {name: address for name, address in stream_addresses(runtime.registry).items() if address}
    on_walls = {
        name for role in Role for layout in list_layouts(runtime.registry, role) for name in layout.camera_ids
    }  # fmt: skip
    pinned = {name: addresses[name] for name in sorted(on_walls) if name in addresses}
    rest = {name: address for name, address in addresses.items() if name not in pinned}
    runtime.pictures.keep_warm(pinned, rest)
    return len(pinned), len(rest)


def keep_telling(runtime: Runtime, ending: threading.Event) -> None:
    """Say it again and again until it is over: snapd may have been started anew, and walls change.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    ending : Event
        Set when the app stops.
    """
    while True:
        try:
            tell(runtime)
        except CctvError as error:
            log.warning("the cameras to keep ready are not known: %s", error.code)
        if ending.wait(TELL_EVERY_S):
            return


def point_at(runtime: Runtime, account: Account, camera_id: str) -> None:
    """Get the picture of a camera ready because somebody points at it; nobody sees it yet, so nothing is logged.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    account : Account
        Who points.
    camera_id : str
        Which camera.

    Raises
    ------
    AccessError
        If the role may not see pictures, or not those of this camera.
    NotFoundError
        If there is no such camera.
    RegistryError
        If the address was encrypted with another key.
    """
    liveview.require_camera(runtime, account, camera_id)
    runtime.pictures.point_at({camera_id: stream_address(runtime.registry, camera_id)})

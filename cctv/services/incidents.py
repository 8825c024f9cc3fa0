"""Incidents as people handle them: opened at a place, followed in a time line, pictures kept, closed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Literal

from cctv.errors import CctvError
from cctv.permissions import Permission
from cctv.registry import incidents as store
from cctv.registry.access_log import log_access
from cctv.registry.incident_pictures import KeptPicture, keep_pictures, kept_pictures
from cctv.registry.incidents import Entry, FoundCamera, Incident, NewIncident
from cctv.registry.models import Account
from cctv.services import accounts
from cctv.services.liveview import picture
from cctv.services.places import Place
from cctv.services.runtime import Runtime
from cctv.services.sighted import Sighted, Sighting

#: Pictures that one press keeps, and how wide they are [px].
MOST_PICTURES, WIDTH_PX = 8, 1280
_SHOWS_NOW = ("fresh", "cached")


def list_for(runtime: Runtime, account: Account) -> list[Incident]:
    """List incidents.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who asks.

    Returns
    -------
    list of Incident
        Open ones first, each the newest first.

    Raises
    ------
    AccessError
        If the role may not handle incidents.
    """
    accounts.require(account, Permission.HANDLE_INCIDENTS)
    return store.list_incidents(runtime.registry)


def read(runtime: Runtime, account: Account, incident_id: str) -> tuple[Incident, list[Entry], list[KeptPicture]]:
    """Read an incident; that it was looked at is logged.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who asks.
    incident_id : str
        Which.

    Returns
    -------
    tuple of Incident, list of Entry and list of KeptPicture
        Record, time line from the oldest line, pictures that were kept.

    Raises
    ------
    AccessError
        If the role may not handle incidents.
    NotFoundError
        If there is none.
    """
    accounts.require(account, Permission.HANDLE_INCIDENTS)
    incident = store.get_incident(runtime.registry, incident_id)
    log_access(runtime.registry, account.username, "lihat_kejadian", incident_id)
    return incident, store.entries(runtime.registry, incident_id), kept_pictures(runtime.registry, incident_id)


def open_at(runtime: Runtime, account: Account, title: str, kind: str, place: Place, sighted: Sighted) -> Incident:
    """Open an incident with the cameras that were found.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who opens it.
    title, kind : str
        What happened.
    place : Place
        Where, as it was asked for.
    sighted : Sighted
        What watches it.

    Returns
    -------
    Incident
        With its new id.

    Raises
    ------
    AccessError
        If the role may not handle incidents.
    ValidationError
        Lists every value that is not acceptable.
    """
    accounts.require(account, Permission.HANDLE_INCIDENTS)
    found = tuple(_told(one) for one in (*sighted.cameras, *sighted.turnable))
    new = NewIncident(title, kind, place.name, sighted.lon, sighted.lat, found)
    return store.open_incident(runtime.registry, account.username, new)


def note(runtime: Runtime, account: Account, incident_id: str, words: str) -> None:
    """Write a line into the time line.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who writes.
    incident_id : str
        Which incident.
    words : str
        What happened.

    Raises
    ------
    AccessError
        If the role may not handle incidents.
    NotFoundError
        If there is no such incident.
    ValidationError
        If the note is empty or too long.
    """
    accounts.require(account, Permission.HANDLE_INCIDENTS)
    store.append_entry(runtime.registry, account.username, incident_id, "note", words)


def change_state(runtime: Runtime, account: Account, incident: Incident, state: Literal["open", "closed"]) -> None:
    """Close an incident or open it again.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who does it.
    incident : Incident
        As it was seen.
    state : {"open", "closed"}
        What it is to be.

    Raises
    ------
    AccessError
        If the role may not handle incidents.
    StaleEditError
        If somebody else changed it meanwhile.
    """
    accounts.require(account, Permission.HANDLE_INCIDENTS)
    store.set_state(runtime.registry, account.username, incident, state)


def keep_now(runtime: Runtime, account: Account, incident_id: str, camera_ids: list[str]) -> int:
    """Keep the present pictures of cameras as evidence; each view is logged as any other.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who keeps them.
    incident_id : str
        For which incident.
    camera_ids : list of str
        Cameras, the best first; those beyond the eighth are left out.

    Returns
    -------
    int
        How many pictures were kept; old and missing ones are no evidence and are left out.

    Raises
    ------
    AccessError
        If the role may not handle incidents or see pictures.
    NotFoundError
        If there is no such incident.
    """
    accounts.require(account, Permission.HANDLE_INCIDENTS)

    def take(camera_id: str) -> tuple[str, datetime, bytes] | None:
        try:
            answer = picture(runtime, account, camera_id, WIDTH_PX)
        except CctvError:
            return None  # removed meanwhile, or of another agency
        if answer.state not in _SHOWS_NOW or answer.taken_at is None:
            return None
        return camera_id, answer.taken_at, answer.jpeg

    with ThreadPoolExecutor(MOST_PICTURES) as pool:
        taken = list(pool.map(take, camera_ids[:MOST_PICTURES]))
    new = [one for one in taken if one is not None]
    return keep_pictures(runtime.registry, account.username, incident_id, new) if new else 0


def _told(one: Sighting) -> FoundCamera:
    camera, point = one.camera, one.point
    return FoundCamera(
        camera.camera_id, camera.name, camera.agency_name, point.lon, point.lat, one.sight, round(one.distance_m, 1),
        one.level, one.works,
    )  # fmt: skip

"""Edits of the register from the screens: the right role, the right agency, one named person, a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cctv.errors import AccessError, CctvError, Problem, ValidationError, raise_if_any
from cctv.geodata import kelurahan_at
from cctv.geodata.lonlat import to_metres
from cctv.permissions import Permission
from cctv.registry import cameras as camera_store
from cctv.registry import points as point_store
from cctv.registry.models import Account, Camera, Point
from cctv.services import accounts
from cctv.services.runtime import Runtime

#: Columns of a camera that people edit on the table; the form has these and a few more.
TABLE_COLUMNS = (
    "name",
    "status",
    "azimuth_deg",
    "azimuth_source",
    "height_m",
    "hfov_deg",
    "range_m",
    "purpose",
    "sign",
)
MEASURED_ON_SITE = "B"
#: The purposes that UU 27/2022 article 17 (1) names, as they stand in the register; a person chooses one of them.
PURPOSES = ("keamanan", "pencegahan bencana", "lalu lintas", "informasi lalu lintas")


@dataclass(frozen=True)
class TableEdit:
    """One changed row of the table.

    Attributes
    ----------
    camera_id : str
        Which camera.
    version : int
        Version that the person saw.
    changes : dict
        Column to new value.
    """

    camera_id: str
    version: int
    changes: dict[str, object]


@dataclass(frozen=True)
class TableResult:
    """What became of the changed rows: each is saved or refused on its own, none half.

    Attributes
    ----------
    saved : tuple of str
        Ids of the cameras that were saved.
    refused : tuple of (str, CctvError)
        Ids of the others and why.
    """

    saved: tuple[str, ...]
    refused: tuple[tuple[str, CctvError], ...]


def save_camera(
    runtime: Runtime, account: Account, camera_id: str, *, version: int, changes: Mapping[str, object], reason: str
) -> Camera:
    """Change a camera.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who changes it.
    camera_id : str
        Which camera.
    version : int
        Version that the person saw.
    changes : mapping
        Field to new value.
    reason : str
        Why; stands in the history.

    Returns
    -------
    Camera
        The camera as it is now.

    Raises
    ------
    AccessError
        If the role or the agency does not allow it.
    ValidationError
        If a value is not acceptable.
    StaleEditError
        If somebody else changed it in the meantime.
    NotFoundError
        If there is no such camera.
    """
    require_editor_of(runtime, account, camera_id)
    purpose = changes.get("purpose", "")
    odd = [Problem("choice", camera_id, "purpose", str(purpose), ", ".join(PURPOSES))]
    raise_if_any(odd if purpose not in ("", *PURPOSES) else (), ValidationError, code="invalid", message=camera_id)
    return camera_store.update_camera(runtime.registry, account.username, camera_id, version, dict(changes), reason)


def save_table(runtime: Runtime, account: Account, edits: list[TableEdit], reason: str) -> TableResult:
    """Save the changed rows of the table, each on its own.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who changes them.
    edits : list of TableEdit
        Changed rows.
    reason : str
        Why; stands in the history of each.

    Returns
    -------
    TableResult
        Which were saved, which not and why.

    Raises
    ------
    AccessError
        If the role does not allow it.
    """
    accounts.require(account, Permission.EDIT_REGISTER)
    saved: list[str] = []
    refused: list[tuple[str, CctvError]] = []
    for edit in edits:
        try:
            save_camera(runtime, account, edit.camera_id, version=edit.version, changes=edit.changes, reason=reason)
            saved.append(edit.camera_id)
        except CctvError as error:
            refused.append((edit.camera_id, error))
    return TableResult(tuple(saved), tuple(refused))


def place_point(
    runtime: Runtime, account: Account, point_id: str, *, version: int, lon: float, lat: float, reason: str
) -> Point:
    """Put a point where a person saw it; the kelurahan follows, and the error becomes that of a hand on a map.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who places it.
    point_id : str
        Which point.
    version : int
        Version that the person saw.
    lon, lat : float
        Position, EPSG:4326 [deg].
    reason : str
        How the position is known; stands in the history.

    Returns
    -------
    Point
        The point as it is now.

    Raises
    ------
    AccessError
        If the role or the agency does not allow it.
    ValidationError
        If the position is not acceptable.
    StaleEditError
        If somebody else changed it in the meantime.
    NotFoundError
        If there is no such point.
    """
    require_editor_of_point(runtime, account, point_id)
    changes = position_changes(runtime, lon, lat)
    return point_store.update_point(runtime.registry, account.username, point_id, version, changes, reason)


def position_changes(runtime: Runtime, lon: float, lat: float) -> dict[str, object]:
    """Give what changes in the record of a point that a hand puts on the map.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    lon, lat : float
        Position, EPSG:4326 [deg].

    Returns
    -------
    dict
        Position, its certainty and error [m], and the kelurahan; empty outside the city.
    """
    x_m, y_m = to_metres(lon, lat)
    return {
        "lon": lon, "lat": lat, "position_certainty": MEASURED_ON_SITE, "est_error_m": 10.0,
        "kelurahan": kelurahan_at(runtime.city, float(x_m), float(y_m)) or "",
    }  # fmt: skip


def require_editor_of_point(runtime: Runtime, account: Account, point_id: str) -> None:
    """Refuse a person who may not move a point: every camera on it moves along.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who moves it.
    point_id : str
        Which point.

    Raises
    ------
    AccessError
        If the role or the agency does not allow it.
    """
    accounts.require(account, Permission.EDIT_REGISTER)
    if account.agency_id:
        for camera in camera_store.list_cameras(runtime.registry, point_id=point_id):
            require_own(account, camera)


def require_editor_of(runtime: Runtime, account: Account, camera_id: str) -> None:
    """Refuse a person who may not change a camera.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who changes it.
    camera_id : str
        Which camera.

    Raises
    ------
    AccessError
        If the role or the agency does not allow it.
    NotFoundError
        If there is no such camera.
    """
    accounts.require(account, Permission.EDIT_REGISTER)
    if account.agency_id:
        require_own(account, camera_store.get_camera(runtime.registry, camera_id))


def require_editor_of_all(runtime: Runtime, account: Account, camera_ids: Sequence[str]) -> None:
    """Refuse a person who may not change one of some cameras.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who changes them.
    camera_ids : sequence of str
        Which cameras.

    Raises
    ------
    AccessError
        If the role or the agency does not allow it.
    """
    accounts.require(account, Permission.EDIT_REGISTER)
    if account.agency_id:
        for camera in camera_store.get_cameras(runtime.registry, camera_ids):
            require_own(account, camera)


def require_own(account: Account, camera: Camera) -> None:
    """Refuse a person who is limited to another agency.

    Parameters
    ----------
    account : Account
        Who acts.
    camera : Camera
        Camera that is acted on.

    Raises
    ------
    AccessError
        If the camera belongs to another agency.
    """
    require_own_agency(account, camera.agency_id, camera.agency_name)


def require_own_agency(account: Account, agency_id: str, agency_name: str = "") -> None:
    """Refuse a person who is limited to another agency.

    Parameters
    ----------
    account : Account
        Who acts.
    agency_id, agency_name : str
        Owner of what is acted on.

    Raises
    ------
    AccessError
        If it is another one.
    """
    if account.agency_id and agency_id != account.agency_id:
        raise AccessError(
            "other_agency", f"{account.username} edits {account.agency_id} only", {"agency": agency_name or agency_id}
        )

"""Cameras: read, create, change; the stream address is read by one function alone."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import duckdb

from cctv.errors import NotFoundError, Problem, RegistryError, ValidationError, raise_if_any
from cctv.registry import agencies, checks, points
from cctv.registry.connection import Registry
from cctv.registry.models import Camera
from cctv.registry.store import Row, Table, Writer, find, id_problems, rows, writing

TABLE = Table("camera", "camera_id", secret=frozenset({"stream_secret"}))
_SELECT = """
    select c.* exclude (stream_secret), c.stream_secret <> '' as has_stream,
        coalesce(a.name, c.agency_id) as agency_name
    from camera c left join agency a using (agency_id)
"""


def _camera(row: Mapping[str, Any]) -> Camera:
    return Camera(**row)


def list_cameras(registry: Registry, *, point_id: str | None = None) -> list[Camera]:
    """List cameras, removed ones too.

    Parameters
    ----------
    registry : Registry
        Open register.
    point_id : str, optional
        Only those of this point.

    Returns
    -------
    list of Camera
        By id.
    """
    with registry.cursor() as cursor:
        if point_id is None:
            found = rows(cursor, f"{_SELECT} order by camera_id")
        else:
            found = rows(cursor, f"{_SELECT} where point_id = ? order by camera_id", [point_id])
    return [_camera(row) for row in found]


def get_camera(registry: Registry, camera_id: str) -> Camera:
    """Read one camera.

    Parameters
    ----------
    registry : Registry
        Open register.
    camera_id : str
        Which camera.

    Returns
    -------
    Camera
        As it is now.

    Raises
    ------
    NotFoundError
        If there is no such camera.
    """
    with registry.cursor() as cursor:
        return _read(cursor, camera_id)


def get_cameras(registry: Registry, camera_ids: Sequence[str]) -> list[Camera]:
    """Read some cameras.

    Parameters
    ----------
    registry : Registry
        Open register.
    camera_ids : sequence of str
        Which.

    Returns
    -------
    list of Camera
        By id; those that are not in the register are left out.
    """
    sql = f"{_SELECT} where camera_id in (select unnest(?::varchar[])) order by camera_id"
    with registry.cursor() as cursor:
        return [_camera(row) for row in rows(cursor, sql, [list(camera_ids)])]


def stream_address(registry: Registry, camera_id: str) -> str:
    """Read the secret address of a camera; for the picture source, never for a screen.

    Parameters
    ----------
    registry : Registry
        Open register.
    camera_id : str
        Which camera.

    Returns
    -------
    str
        Address, empty if none is kept.

    Raises
    ------
    NotFoundError
        If there is no such camera.
    RegistryError
        If it was encrypted with another key.
    """
    with registry.cursor() as cursor:
        row = find(cursor, TABLE, camera_id)
    if row is None:
        raise _missing(camera_id)
    return registry.cipher.show(str(row["stream_secret"]))


def stream_addresses(registry: Registry) -> dict[str, str]:
    """Read the secret addresses of all cameras that may be asked for pictures; for the rounds, never for a screen.

    Left out are those that are removed, and those whose private owner consented to a place on the map alone.

    Parameters
    ----------
    registry : Registry
        Open register.

    Returns
    -------
    dict
        Camera to its address, empty where none is kept or it was encrypted with another key.
    """
    sql = """
        select camera_id, stream_secret from camera
        where status <> 'removed' and agency_id not in (select owner_id from owner where consent = 'register')
        order by camera_id
    """
    with registry.cursor() as cursor:
        found = rows(cursor, sql)
    return {str(row["camera_id"]): _shown(registry, str(row["stream_secret"])) for row in found}


def _shown(registry: Registry, secret: str) -> str:
    try:
        return registry.cipher.show(secret)
    except RegistryError:
        return ""


def create_camera(registry: Registry, actor: str, values: Mapping[str, object], reason: str) -> Camera:
    """Add a camera.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    values : mapping
        All fields of a camera but the version; ``stream_address`` in clear text.
    reason : str
        Why.

    Returns
    -------
    Camera
        As it is now.

    Raises
    ------
    ValidationError
        Lists every value that is not acceptable.
    """
    camera_id = str(values.get("camera_id", ""))
    fields = {name: value for name, value in values.items() if name != "camera_id"}
    with writing(registry, actor) as writer:
        found = [*_problems(writer.cursor, camera_id, fields), *checks.azimuth_problems(camera_id, fields)]
        found += [*checks.missing(checks.CAMERA, camera_id, fields), *id_problems(writer.cursor, TABLE, camera_id)]
        raise_if_any(found, ValidationError, code="invalid", message=f"camera {camera_id}")
        writer.create(TABLE, {"camera_id": camera_id, **stored_columns(registry, fields)}, reason)
        return _read(writer.cursor, camera_id)


def update_camera(
    registry: Registry, actor: str, camera_id: str, version: int, changes: Mapping[str, object], reason: str
) -> Camera:
    """Change a camera; a new status counts from now unless it says since when.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    camera_id : str
        Which camera.
    version : int
        Version that the person saw.
    changes : mapping
        Field to new value.
    reason : str
        Why.

    Returns
    -------
    Camera
        As it is now.

    Raises
    ------
    ValidationError
        Lists every value that is not acceptable.
    StaleEditError
        If somebody else changed it in the meantime; ``params["current"]`` is their version.
    NotFoundError
        If there is no such camera.
    """
    with writing(registry, actor) as writer:
        return change_camera(registry, writer, camera_id, version, changes, reason)


def change_camera(
    registry: Registry, writer: Writer, camera_id: str, version: int, changes: Mapping[str, object], reason: str
) -> Camera:
    """Change a camera inside a transaction that changes other records too.

    Parameters
    ----------
    registry : Registry
        Open register.
    writer : Writer
        Open transaction.
    camera_id : str
        Which camera.
    version : int
        Version that the person saw.
    changes : mapping
        Field to new value.
    reason : str
        Why.

    Returns
    -------
    Camera
        As it is now.

    Raises
    ------
    ValidationError
        Lists every value that is not acceptable.
    StaleEditError
        If somebody else changed it in the meantime; ``params["current"]`` is their version.
    NotFoundError
        If there is no such camera.
    """
    wanted = dict(changes)
    before = _read(writer.cursor, camera_id)
    if wanted.get("status", before.status) != before.status:
        wanted.setdefault("status_since", datetime.now(UTC))
    found = list(_problems(writer.cursor, camera_id, wanted))
    found += checks.azimuth_problems(camera_id, {**vars(before), **wanted})
    raise_if_any(found, ValidationError, code="invalid", message=f"camera {camera_id}")
    columns = stored_columns(registry, wanted)
    after = writer.update(TABLE, camera_id, version, columns, reason, shown=lambda _: before)
    if after["agency_id"] != before.agency_id:
        return _read(writer.cursor, camera_id)
    secret = after.pop("stream_secret")
    return _camera({**after, "has_stream": secret != "", "agency_name": before.agency_name})


def remove_camera(registry: Registry, actor: str, camera_id: str, version: int, reason: str) -> Camera:
    """Take a camera out of service for good ("dicabut"); it stays in the register with its history.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    camera_id : str
        Which camera.
    version : int
        Version that the person saw.
    reason : str
        Why; must not be empty.

    Returns
    -------
    Camera
        As it is now.

    Raises
    ------
    ValidationError
        If there is no reason.
    StaleEditError
        If somebody else changed it in the meantime.
    NotFoundError
        If there is no such camera.
    """
    if not reason.strip():
        raise_if_any([Problem("required", camera_id, "reason")], ValidationError, code="invalid", message="no reason")
    changes = {"status": "removed", "status_reason": reason}
    return update_camera(registry, actor, camera_id, version, changes, reason)


def _read(cursor: duckdb.DuckDBPyConnection, camera_id: str) -> Camera:
    found = rows(cursor, f"{_SELECT} where camera_id = ?", [camera_id])
    if not found:
        raise _missing(camera_id)
    return _camera(found[0])


def _missing(camera_id: str) -> NotFoundError:
    return NotFoundError("not_found", f"camera {camera_id}", {"entity": "camera", "id": camera_id})


def _problems(cursor: duckdb.DuckDBPyConnection, camera_id: str, values: Mapping[str, object]) -> list[Problem]:
    found = list(checks.problems(checks.CAMERA, camera_id, values))
    for name, table in (("point_id", points.TABLE), ("agency_id", agencies.TABLE)):
        if name in values and find(cursor, table, str(values[name])) is None:
            found.append(Problem("reference", camera_id, name, str(values[name])))
    return found


def stored_columns(registry: Registry, values: Mapping[str, object]) -> Row:
    """Turn fields into columns of the table: the stream address is encrypted.

    Parameters
    ----------
    registry : Registry
        Open register.
    values : mapping
        Fields, ``stream_address`` in clear text.

    Returns
    -------
    dict
        Column to value.
    """
    columns = dict(values)
    if "stream_address" in columns:
        columns["stream_secret"] = registry.cipher.hide(str(columns.pop("stream_address")))
    return columns

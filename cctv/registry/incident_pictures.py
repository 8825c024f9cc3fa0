"""Pictures that are kept as evidence of an incident, each with the checksum of its bytes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, cast

import duckdb

from cctv.registry.connection import Registry
from cctv.registry.incidents import append_line, get_incident
from cctv.registry.store import rows


@dataclass(frozen=True)
class KeptPicture:
    """A picture as evidence; ``sha256`` is of the bytes as they were kept."""

    camera_id: str
    taken_at: datetime
    kept_by: str
    sha256: str
    jpeg: bytes


def keep_pictures(
    registry: Registry, actor: str, incident_id: str, taken: Iterable[tuple[str, datetime, bytes]]
) -> int:
    """Keep pictures as evidence; one that is kept already is left as it is.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Who keeps them.
    incident_id : str
        For which incident.
    taken : iterable of (str, datetime, bytes)
        Camera, when the picture was taken (aware), JPEG.

    Returns
    -------
    int
        How many are new.

    Raises
    ------
    NotFoundError
        If there is no such incident.
    """
    get_incident(registry, incident_id)
    new = [[incident_id, camera_id, at, actor, sha256(jpeg).hexdigest(), jpeg] for camera_id, at, jpeg in taken]
    with registry.transaction(actor) as cursor:
        before = _n_pictures(cursor, incident_id)
        for row in new:
            cursor.execute("insert into incident_picture values (?, ?, ?, ?, ?, ?) on conflict do nothing", row)
        added = _n_pictures(cursor, incident_id) - before
        if added:
            names = ", ".join(sorted({str(row[1]) for row in new}))
            append_line(cursor, incident_id, actor, "pictures", names)
    return added


def kept_pictures(registry: Registry, incident_id: str) -> list[KeptPicture]:
    """Read the pictures of an incident.

    Parameters
    ----------
    registry : Registry
        Open register.
    incident_id : str
        Which incident.

    Returns
    -------
    list of KeptPicture
        By moment, then camera.
    """
    sql = """
        select camera_id, taken_at, kept_by, sha256, jpeg from incident_picture
        where incident_id = ? order by taken_at, camera_id
    """
    with registry.cursor() as cursor:
        return [KeptPicture(**cast("dict[str, Any]", row)) for row in rows(cursor, sql, [incident_id])]


def forget_pictures(registry: Registry, actor: str, closed_before: datetime) -> int:
    """Delete the pictures of incidents that were closed before a moment; record and time line stay.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on it.
    closed_before : datetime
        Aware.

    Returns
    -------
    int
        How many pictures were deleted.
    """
    sql = """
        delete from incident_picture where incident_id in
            (select incident_id from incident where state = 'closed' and closed_at < ?) returning camera_id
    """
    with registry.transaction(actor) as cursor:
        return len(cursor.execute(sql, [closed_before]).fetchall())


def _n_pictures(cursor: duckdb.DuckDBPyConnection, incident_id: str) -> int:
    found = cursor.execute("select count(*) from incident_picture where incident_id = ?", [incident_id]).fetchone()
    return int(found[0]) if found else 0

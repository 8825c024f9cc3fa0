"""Verified views: the area a person truly saw in the picture of a camera, and how the camera stood then."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from cctv.registry.connection import Registry
from cctv.registry.photos import keep_photo
from cctv.registry.store import Table, find, rows, writing

TABLE = Table("verified_view", "camera_id")


@dataclass(frozen=True)
class VerifiedView:
    """What was seen.

    Attributes
    ----------
    camera_id : str
        Which camera.
    area_wkt : str
        Polygon or multipolygon, EPSG:32749 [m].
    is_occluded : bool
        Whether something that the map does not know hides part of the view.
    photo_id : str
        Photo of the picture, empty if there is none.
    note : str
        Remark.
    seen_on : date
        When.
    stance : str
        Position, direction, lens and height of the camera then, as written by the service.
    version : int
        Version of the row.
    """

    camera_id: str
    area_wkt: str
    is_occluded: bool
    photo_id: str
    note: str
    seen_on: date
    stance: str
    version: int


def _view(row: dict[str, Any]) -> VerifiedView:
    return VerifiedView(**row)


def list_verified_views(registry: Registry) -> dict[str, VerifiedView]:
    """List all verified views, stale ones too.

    Parameters
    ----------
    registry : Registry
        Open register.

    Returns
    -------
    dict of str to VerifiedView
        By id of the camera.
    """
    with registry.cursor() as cursor:
        found = rows(cursor, "select * from verified_view order by camera_id")
    return {str(row["camera_id"]): _view(row) for row in found}


def save_verified_view(
    registry: Registry, actor: str, view: VerifiedView, jpeg: bytes | None, reason: str
) -> VerifiedView:
    """Keep a verified view, its photo and its history in one transaction.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    view : VerifiedView
        What was seen; ``version`` is the one the person saw, 0 for the first, and ``photo_id`` is set here.
    jpeg : bytes or None
        Cleaned photo.
    reason : str
        Why; stands in the history.

    Returns
    -------
    VerifiedView
        As it is now.

    Raises
    ------
    StaleEditError
        If somebody else has changed it in the meantime.
    NotFoundError
        If it was taken out in the meantime.
    """
    with writing(registry, actor) as writer:
        values: dict[str, object] = {**vars(view), "photo_id": keep_photo(writer, view.camera_id, jpeg)}
        version = int(str(values.pop("version")))
        if version == 0 and find(writer.cursor, TABLE, view.camera_id) is None:
            writer.create(TABLE, values, reason)
        else:
            writer.update(TABLE, view.camera_id, version, values, reason, shown=_view)
        return _view(rows(writer.cursor, "select * from verified_view where camera_id = ?", [view.camera_id])[0])


def remove_verified_view(registry: Registry, actor: str, camera_id: str, version: int, reason: str) -> None:
    """Take a verified view out; the computed one counts again.

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
        Why; stands in the history.

    Raises
    ------
    StaleEditError
        If somebody else has changed it in the meantime.
    NotFoundError
        If there is none.
    """
    with writing(registry, actor) as writer:
        writer.delete(TABLE, camera_id, version, reason, shown=_view)

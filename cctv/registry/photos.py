"""Photos from people (of signs, of what a camera shows), named by their content; added once, never changed."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import cast

from cctv.errors import NotFoundError
from cctv.registry.connection import Registry
from cctv.registry.store import Writer, rows

_ID_LENGTH = 24


@dataclass(frozen=True)
class Photo:
    """One photo.

    Attributes
    ----------
    camera_id : str
        Camera it belongs to.
    jpeg : bytes
        The picture.
    """

    camera_id: str
    jpeg: bytes


def keep_photo(writer: Writer, camera_id: str, jpeg: bytes | None) -> str:
    """Keep a photo inside a transaction that says what it shows.

    Parameters
    ----------
    writer : Writer
        Open transaction.
    camera_id : str
        Camera it belongs to.
    jpeg : bytes or None
        Cleaned picture; None if there is none.

    Returns
    -------
    str
        Its id, empty if there is none.
    """
    if jpeg is None:
        return ""
    photo_id = sha256(camera_id.encode() + jpeg).hexdigest()[:_ID_LENGTH]
    writer.cursor.execute(
        "insert into photo values (?, ?, ?, ?, ?) on conflict do nothing",
        [photo_id, camera_id, jpeg, datetime.now(UTC), writer.actor],
    )
    return photo_id


def get_photo(registry: Registry, photo_id: str) -> Photo:
    """Read a photo.

    Parameters
    ----------
    registry : Registry
        Open register.
    photo_id : str
        Which.

    Returns
    -------
    Photo
        The photo.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    with registry.cursor() as cursor:
        found = rows(cursor, "select camera_id, jpeg from photo where photo_id = ?", [photo_id])
    if not found:
        raise NotFoundError("not_found", f"photo {photo_id}", {"entity": "photo", "id": photo_id})
    row = found[0]
    return Photo(str(row["camera_id"]), cast("bytes", row["jpeg"]))

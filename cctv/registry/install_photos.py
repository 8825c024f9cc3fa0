"""Photos of installed cameras: the newest photo of each, the day it was taken if that is known, and a remark."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from cctv.errors import Problem, ValidationError, raise_if_any
from cctv.registry import cameras
from cctv.registry.connection import Registry
from cctv.registry.photos import keep_photo
from cctv.registry.store import Row, Table, existing, find, writing

TABLE = Table("install_photo", "camera_id")
LONGEST_NOTE = 500


@dataclass(frozen=True)
class InstallPhoto:
    """The newest photo of an installed camera; ``taken_on`` is None where nobody knows the day."""

    camera_id: str
    photo_id: str
    taken_on: date | None
    note: str
    version: int


def find_install_photo(registry: Registry, camera_id: str) -> InstallPhoto | None:
    """Read the newest photo of an installed camera.

    Parameters
    ----------
    registry : Registry
        Open register.
    camera_id : str
        Which camera.

    Returns
    -------
    InstallPhoto or None
        None if there is none.
    """
    with registry.cursor() as cursor:
        row: dict[str, Any] | None = find(cursor, TABLE, camera_id)
    return None if row is None else InstallPhoto(**row)


def save_install_photo(
    registry: Registry, actor: str, camera_id: str, *, jpeg: bytes, taken_on: date | None, today: date, note: str,
    reason: str,
) -> None:  # fmt: skip
    """Keep a photo of an installed camera; the one before stays in the table of photos and in the history.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    camera_id : str
        Which camera.
    jpeg : bytes
        Cleaned picture.
    taken_on : date or None
        When it was taken.
    today : date
        No later day is taken.
    note, reason : str
        Remark, and why; both stand in the history.

    Raises
    ------
    ValidationError
        If the day lies ahead or the remark is too long.
    NotFoundError
        If there is no such camera.
    """
    found: list[Problem] = []
    if taken_on is not None and taken_on > today:
        found.append(Problem("future_day", camera_id, "taken_on", str(taken_on), str(today)))
    if len(note) > LONGEST_NOTE:
        found.append(Problem("too_long", camera_id, "note", str(len(note)), str(LONGEST_NOTE)))
    raise_if_any(found, ValidationError, code="invalid", message=f"photo of {camera_id}")
    with writing(registry, actor) as writer:
        existing(writer.cursor, cameras.TABLE, camera_id)
        values: Row = {"photo_id": keep_photo(writer, camera_id, jpeg), "taken_on": taken_on, "note": note}
        if find(writer.cursor, TABLE, camera_id) is None:
            writer.create(TABLE, {"camera_id": camera_id, **values}, reason)
        else:
            writer.update(TABLE, camera_id, None, values, reason)

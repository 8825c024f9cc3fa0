"""Information signs: whether one stands, when that was looked at, and the photo; the camera says yes or no."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from cctv.errors import Problem, ValidationError, raise_if_any
from cctv.registry import cameras
from cctv.registry.connection import Registry
from cctv.registry.photos import keep_photo
from cctv.registry.store import Table, existing, find, rows, writing

TABLE = Table("sign_check", "camera_id")
LONGEST_NOTE = 500


@dataclass(frozen=True)
class SignCheck:
    """The newest look at the sign of a camera.

    Attributes
    ----------
    camera_id : str
        Which camera.
    checked_on : date
        When somebody looked.
    photo_id : str
        Photo, empty if there is none.
    note : str
        Remark.
    version : int
        Version of the row.
    """

    camera_id: str
    checked_on: date
    photo_id: str
    note: str
    version: int


def _check(row: dict[str, Any]) -> SignCheck:
    return SignCheck(**row)


def list_sign_checks(registry: Registry) -> dict[str, SignCheck]:
    """List the newest look at each sign.

    Parameters
    ----------
    registry : Registry
        Open register.

    Returns
    -------
    dict of str to SignCheck
        By id of the camera.
    """
    with registry.cursor() as cursor:
        return {
            str(row["camera_id"]): _check(row) for row in rows(cursor, "select * from sign_check order by camera_id")
        }


def save_sign_check(
    registry: Registry, actor: str, camera_id: str, *, sign: bool, checked_on: date, today: date, jpeg: bytes | None,
    note: str, reason: str,
) -> None:  # fmt: skip
    """Keep what somebody saw of the sign: the answer with the camera, day, photo and remark beside it, all or nothing.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    camera_id : str
        Which camera.
    sign : bool
        Whether a sign stands there.
    checked_on : date
        When somebody looked.
    today : date
        No later day is taken.
    jpeg : bytes or None
        Cleaned photo; without one an earlier photo of a sign that still stands is kept.
    note : str
        Remark.
    reason : str
        Why; stands in the history.

    Raises
    ------
    ValidationError
        If the day lies ahead or the remark is too long.
    NotFoundError
        If there is no such camera.
    """
    found = [Problem("future_day", camera_id, "checked_on", str(checked_on), str(today))] if checked_on > today else []
    if len(note) > LONGEST_NOTE:
        found.append(Problem("too_long", camera_id, "note", str(len(note)), str(LONGEST_NOTE)))
    raise_if_any(found, ValidationError, code="invalid", message=f"sign of {camera_id}")
    with writing(registry, actor) as writer:
        existing(writer.cursor, cameras.TABLE, camera_id)
        before = find(writer.cursor, TABLE, camera_id)
        photo_id = keep_photo(writer, camera_id, jpeg)
        if not photo_id and before is not None and sign:
            photo_id = str(before["photo_id"])
        values: dict[str, object] = {"checked_on": checked_on, "photo_id": photo_id, "note": note}
        if before is None:
            writer.create(TABLE, {"camera_id": camera_id, **values}, reason)
        else:
            writer.update(TABLE, camera_id, None, values, reason)
        writer.update(cameras.TABLE, camera_id, None, {"sign": sign}, reason)

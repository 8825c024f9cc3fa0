"""What owners sent through their link: it waits for a person, and nothing of it is in the register before that."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from cctv.errors import NotFoundError, RegistryError
from cctv.registry import owners
from cctv.registry.connection import Registry
from cctv.registry.contacts import Contact, hidden_contact, shown_contact
from cctv.registry.owners import Consent
from cctv.registry.store import Row, Table, Writer, find, rows, writing

TABLE = Table("self_registration", "registration_id", secret=frozenset({"contact_secret"}))
#: Name on what comes in from outside.
ACTOR = "pendaftaran-pemilik"


@dataclass(frozen=True)
class StatedCamera:
    """A camera as its owner describes it.

    Attributes
    ----------
    direction : str
        ``N``, ``NE`` and so on; empty if unknown.
    position : str
        As typed; ``lon``, ``lat`` and ``error_m`` are what it was understood as, None if there is none.
    height_m : float or None
        Lens above ground [m].
    works : bool
        Whether it works, by the owner's word.
    """

    name: str
    direction: str
    camera_type: Literal["fixed", "ptz", "dome"]
    height_m: float | None
    works: bool
    position: str
    lon: float | None
    lat: float | None
    error_m: float | None


@dataclass(frozen=True)
class Registration:
    """One form that was sent."""

    registration_id: str
    owner_id: str
    link_id: str
    sent_at: datetime
    consent: Consent
    cameras: tuple[StatedCamera, ...]
    note: str
    state: Literal["waiting", "accepted", "refused"]
    decision_note: str
    photos: tuple[int, ...]
    version: int


def keep_registration(
    registry: Registry, *, registration_id: str, owner_id: str, link_id: str, sent_at: datetime, consent: Consent,
    contact: Contact, cameras: Sequence[StatedCamera], note: str, photos: Mapping[int, bytes], most: int,
) -> bool:  # fmt: skip
    """Keep a form until somebody has looked at it; sent twice it is kept once.

    Parameters
    ----------
    registry : Registry
        Open register.
    registration_id : str
        Id that the form was given when it was opened.
    owner_id, link_id : str
        Whose link it came through.
    sent_at : datetime
        Aware moment.
    consent : {"register", "live"}
        What the owner allows.
    contact : Contact
        Whom to talk to; encrypted.
    cameras : sequence of StatedCamera
        Checked cameras.
    note : str
        Remark.
    photos : mapping of int to bytes
        Place of the camera to cleaned JPEG.
    most : int
        How many forms a link may bring.

    Returns
    -------
    bool
        False if it was there already.

    Raises
    ------
    RegistryError
        ``link_used_up`` if the link has brought as many as it may.
    """
    with writing(registry, ACTOR) as writer:
        if find(writer.cursor, TABLE, registration_id) is not None:
            return False
        count = rows(writer.cursor, "select count(*) as n from self_registration where link_id = ?", [link_id])[0]["n"]
        if int(str(count)) >= most:
            raise RegistryError("link_used_up", f"link {link_id} has brought {count} forms", {"most": most})
        values: Row = {
            "registration_id": registration_id, "owner_id": owner_id, "link_id": link_id, "sent_at": sent_at,
            "consent": consent, "contact_secret": hidden_contact(registry, contact),
            "cameras": json.dumps([asdict(camera) for camera in cameras], ensure_ascii=False, sort_keys=True),
            "note": note, "state": "waiting", "decision_note": "",
        }  # fmt: skip
        writer.create(TABLE, values, "formulir pemilik diterima")
        for place, jpeg in sorted(photos.items()):
            writer.cursor.execute("insert into registration_photo values (?, ?, ?)", [registration_id, place, jpeg])
    return True


def list_registrations(registry: Registry) -> list[Registration]:
    """List all forms.

    Parameters
    ----------
    registry : Registry
        Open register.

    Returns
    -------
    list of Registration
        The newest first.
    """
    with registry.cursor() as cursor:
        photos: dict[str, list[int]] = {}
        for row in rows(cursor, "select registration_id, place from registration_photo order by all"):
            photos.setdefault(str(row["registration_id"]), []).append(int(str(row["place"])))
        sql = "select * exclude (contact_secret) from self_registration order by sent_at desc, registration_id"
        return [_registration(row, photos.get(str(row["registration_id"]), [])) for row in rows(cursor, sql)]


def registration_contact(registry: Registry, registration_id: str) -> Contact:
    """Read the contact person of a form; only for somebody who may see it, and logged by whoever calls.

    Parameters
    ----------
    registry : Registry
        Open register.
    registration_id : str
        Which form.

    Returns
    -------
    Contact
        Empty once the form was refused.

    Raises
    ------
    NotFoundError
        If there is no such form.
    """
    with registry.cursor() as cursor:
        row = find(cursor, TABLE, registration_id)
    if row is None:
        raise _missing(registration_id)
    return shown_contact(registry, str(row["contact_secret"]))


def registration_photo(registry: Registry, registration_id: str, place: int) -> bytes:
    """Read a photo of a form.

    Parameters
    ----------
    registry : Registry
        Open register.
    registration_id : str
        Which form.
    place : int
        Which camera of it, from 0.

    Returns
    -------
    bytes
        JPEG.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    sql = "select jpeg from registration_photo where registration_id = ? and place = ?"
    with registry.cursor() as cursor:
        found: list[dict[str, Any]] = rows(cursor, sql, [registration_id, place])
    if not found:
        raise _missing(registration_id)
    return bytes(found[0]["jpeg"])


def decide(
    writer: Writer, registration_id: str, version: int | None, *, accepted: bool, note: str, use_contact: bool = False
) -> None:
    """Close a form inside a transaction; of a refused one neither contact person nor photos are kept.

    Parameters
    ----------
    writer : Writer
        Open transaction.
    registration_id : str
        Which form.
    version : int or None
        Version that the person saw; None where the form is closed because of something else.
    accepted : bool
        Whether it goes into the register.
    note : str
        Why.
    use_contact : bool
        Whether its contact person becomes that of the owner.

    Raises
    ------
    StaleEditError
        If somebody else decided in the meantime.
    NotFoundError
        If there is no such form.
    """
    before = find(writer.cursor, TABLE, registration_id)
    if before is None:
        raise _missing(registration_id)
    changes: Row = {"state": "accepted" if accepted else "refused", "decision_note": note}
    if not accepted:
        changes["contact_secret"] = ""
        writer.cursor.execute("delete from registration_photo where registration_id = ?", [registration_id])
    writer.update(TABLE, registration_id, version, changes, note)
    if accepted and use_contact:
        secret: Row = {"contact_secret": before["contact_secret"]}
        writer.update(owners.TABLE, str(before["owner_id"]), None, secret, note)


def refuse_waiting(writer: Writer, owner_id: str, note: str) -> None:
    """Refuse every form of an owner that still waits: it has withdrawn its consent.

    Parameters
    ----------
    writer : Writer
        Open transaction.
    owner_id : str
        Which owner.
    note : str
        Why.
    """
    sql = "select registration_id from self_registration where owner_id = ? and state = 'waiting' order by 1"
    for row in rows(writer.cursor, sql, [owner_id]):
        decide(writer, str(row["registration_id"]), None, accepted=False, note=note)


def _registration(row: Mapping[str, Any], photos: Sequence[int]) -> Registration:
    fields: dict[str, Any] = dict(row)
    fields["cameras"] = tuple(StatedCamera(**camera) for camera in json.loads(str(row["cameras"])))
    return Registration(**fields, photos=tuple(photos))


def _missing(registration_id: str) -> NotFoundError:
    about: Row = {"entity": "self_registration", "id": registration_id}
    return NotFoundError("not_found", f"form {registration_id}", about)

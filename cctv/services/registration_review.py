"""Forms of owners before they enter the register: compared with what is there, accepted or refused by a person."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

from cctv.errors import Problem, ValidationError, raise_if_any
from cctv.geodata import kelurahan_at
from cctv.geodata.lonlat import to_metres
from cctv.i18n import WIB, t
from cctv.importers.cameras.duplicates import Pair, Twin, find_pairs
from cctv.permissions import Permission
from cctv.registry import self_registration as store
from cctv.registry.access_log import log_access
from cctv.registry.contacts import Contact
from cctv.registry.import_records import written_cameras
from cctv.registry.imports import Batch, NewCamera, NewPoint, write_batch
from cctv.registry.models import Account
from cctv.registry.owner_steps import CONSENTED, NEXT, NewStep, add_step
from cctv.registry.owners import Owner, get_owner
from cctv.registry.self_registration import Registration, StatedCamera
from cctv.registry.store import Row, writing
from cctv.services import accounts
from cctv.services.camera_lists import twins_of_register
from cctv.services.owners import SEEN_ACTION, require_editor
from cctv.services.price_list import today_here
from cctv.services.runtime import Runtime
from cctv.services.self_registration import DIRECTIONS

#: How far a camera may be from the place of its owner, where the form does not say [m].
OWNER_ERROR_M, USUAL_ERROR_M = 60.0, 25.0
PHOTO_ACTION = "lihat_foto_pendaftaran"


@dataclass(frozen=True)
class Waiting:
    """A form with what it resembles.

    Attributes
    ----------
    registration : Registration
        The form.
    owner : Owner
        Whose.
    twins : dict of int to Pair
        Place of the camera in the form to the camera of the register that it may be.
    """

    registration: Registration
    owner: Owner
    twins: dict[int, Pair]


def waiting_forms(runtime: Runtime, account: Account) -> list[Waiting]:
    """List the forms that wait for a person.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who asks; one that is limited to an agency sees that one's alone.

    Returns
    -------
    list of Waiting
        The newest first.

    Raises
    ------
    AccessError
        If the role does not allow it.
    """
    accounts.require(account, Permission.EDIT_OWNERS)
    found = [form for form in store.list_registrations(runtime.registry) if form.state == "waiting"]
    found = [form for form in found if account.agency_id in (None, "", form.owner_id)]
    register = twins_of_register(runtime.registry) if found else []
    return [_compared(runtime, form, register) for form in found]


def contact_in_form(runtime: Runtime, account: Account, form: Registration) -> Contact:
    """Show the contact person of a form to somebody who needs it; who looked is logged.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who asks.
    form : Registration
        Which form.

    Returns
    -------
    Contact
        As the owner typed it.

    Raises
    ------
    AccessError
        If the role does not allow it.
    """
    accounts.require(account, Permission.SEE_CONTACTS)
    require_editor(account, form.owner_id)
    log_access(runtime.registry, account.username, SEEN_ACTION, form.owner_id, form.registration_id)
    return store.registration_contact(runtime.registry, form.registration_id)


def photo_of(runtime: Runtime, account: Account, registration_id: str, place: int) -> bytes:
    """Give a photo of a form to somebody who looks through it; who looked is logged.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who asks.
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
    AccessError
        If the role does not allow it.
    NotFoundError
        If there is no such photo.
    """
    accounts.require(account, Permission.EDIT_OWNERS)
    jpeg = store.registration_photo(runtime.registry, registration_id, place)
    form = next(f for f in store.list_registrations(runtime.registry) if f.registration_id == registration_id)
    require_editor(account, form.owner_id)
    log_access(runtime.registry, account.username, PHOTO_ACTION, registration_id, str(place))
    return jpeg


def refuse(runtime: Runtime, account: Account, form: Registration, reason: str) -> None:
    """Refuse a form; nothing of it enters the register, its contact person and photos are deleted.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who refuses it.
    form : Registration
        As the person saw it.
    reason : str
        Why; must not be empty.

    Raises
    ------
    AccessError
        If the role does not allow it.
    ValidationError
        If there is no reason.
    StaleEditError
        If somebody else decided in the meantime.
    """
    require_editor(account, form.owner_id)
    missing = [] if reason.strip() else [Problem("required", form.registration_id, "reason")]
    raise_if_any(missing, ValidationError, code="invalid", message=form.registration_id)
    with writing(runtime.registry, account.username) as writer:
        store.decide(writer, form.registration_id, form.version, accepted=False, note=reason)


def accept(
    runtime: Runtime, account: Account, waiting: Waiting, places: Sequence[int], *, use_contact: bool, note: str
) -> tuple[str, ...]:
    """Take the chosen cameras of a form into the register, and note that the owner agreed if it had not.

    All of it is one transaction. The cameras are an import of their own, which the screen Impor can take back whole.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who accepts it.
    waiting : Waiting
        As the person saw it.
    places : sequence of int
        Which cameras of the form are new; the others are left out.
    use_contact : bool
        Whether its contact person becomes that of the owner.
    note : str
        Remark.

    Returns
    -------
    tuple of str
        Ids of the new cameras.

    Raises
    ------
    AccessError
        If the role does not allow it.
    StaleEditError
        If somebody else decided in the meantime.
    ValidationError
        If a value is not acceptable.
    """
    form, registry = waiting.registration, runtime.registry
    require_editor(account, form.owner_id)
    owner = get_owner(registry, form.owner_id)
    reason = f"pendaftaran {form.registration_id}: {note}".rstrip(": ")
    with writing(registry, account.username) as writer:
        store.decide(writer, form.registration_id, form.version, accepted=True, note=reason, use_contact=use_contact)
        for step in _steps_to_yes(owner, form, reason):
            add_step(registry, writer, owner.owner_id, None, step, today=today_here())
        batch = _batch(runtime, form, owner, places)
        write_batch(registry, writer, batch)
    return written_cameras(registry, form.registration_id)


def _steps_to_yes(owner: Owner, form: Registration, reason: str) -> list[NewStep]:
    """Give the steps that the form stands for: a letter brought the link, the form says yes."""
    today = today_here()
    if owner.state in CONSENTED:
        return []
    yes = NewStep("agreed", today, reason, form.consent)
    return [yes] if "agreed" in NEXT[owner.state] else [NewStep("letter_sent", today, reason), yes]


def _batch(runtime: Runtime, form: Registration, owner: Owner, places: Sequence[int]) -> Batch:
    """Lay out the chosen cameras: one point per place that is named, one for all that name none."""
    points: list[NewPoint] = []
    cameras: list[NewCamera] = []
    at: dict[tuple[float | None, float | None], int] = {}
    facts: Row = {"source": f"pendaftaran pemilik {form.registration_id}", "as_of": form.sent_at.astimezone(WIB).date()}
    for place in sorted(set(places)):
        camera = form.cameras[place]
        if (key := (camera.lon, camera.lat)) not in at:
            at[key] = len(points)
            points.append(_point(runtime, owner, camera, facts))
        cameras.append(_camera(owner, camera, at[key], f"kamera {place + 1}", facts))
    counts = {"new": len(cameras), "skip": len(form.cameras) - len(cameras)}
    digest = hashlib.sha256(repr(form.cameras).encode()).hexdigest()
    return Batch(
        form.registration_id, f"pendaftaran {form.registration_id}", digest, owner.owner_id, today_here(), {}, counts,
        points, cameras,
    )  # fmt: skip


def _point(runtime: Runtime, owner: Owner, camera: StatedCamera, facts: Row) -> NewPoint:
    lon, lat, error_m, kelurahan = camera.lon, camera.lat, camera.error_m, owner.kelurahan
    flags: dict[str, tuple[str, ...]] = {"mount": ("wall_assumed",)}
    if lon is None and owner.lon is not None:
        lon, lat, error_m = owner.lon, owner.lat, OWNER_ERROR_M
        flags["lon"] = ("owner_place",)
    if lon is not None and lat is not None:
        x_m, y_m = to_metres(lon, lat)
        kelurahan = kelurahan_at(runtime.city, float(x_m), float(y_m)) or ""
    certainty = "unknown" if lon is None else "guess" if "lon" in flags else "C"
    values: Row = {
        "name": owner.name if camera.lon is None else f"{owner.name}: {camera.name}", "lon": lon, "lat": lat,
        "position_certainty": certainty, "est_error_m": error_m, "mount": "wall", "kelurahan": kelurahan,
        "street": owner.address, "kind": "real", "note": "disebut pemilik, belum diperiksa di tempat", **facts,
    }  # fmt: skip
    return NewPoint(values, flags, owner.name)


def _camera(owner: Owner, camera: StatedCamera, point: int, line: str, facts: Row) -> NewCamera:
    aim = DIRECTIONS.get(camera.direction)
    values: Row = {
        "name": camera.name, "agency_id": owner.owner_id, "model": "", "camera_type": camera.camera_type,
        "height_m": camera.height_m, "azimuth_deg": aim, "azimuth_source": "unknown" if aim is None else "words",
        "azimuth_words": "" if aim is None else t(f"compass.{camera.direction}"), "tilt_deg": None, "hfov_deg": None,
        "vfov_deg": None, "range_m": None, "resolution_px": None, "infrared_range_m": None,
        "status": "on" if camera.works else "off", "status_since": None,
        "status_reason": "" if camera.works else "menurut pemilik", "stream_address": "", "purpose": "",
        "sign": None, "installed_on": None, "kind": "real", "certainty": "C", **facts,
    }  # fmt: skip
    flags = {} if aim is None else {"azimuth_deg": ("direction_word",)}
    return NewCamera(point, values, flags, line)


def _twin(form: Registration, owner: Owner, place: int) -> Twin:
    camera = form.cameras[place]
    lon, lat, error_m = camera.lon, camera.lat, camera.error_m or USUAL_ERROR_M
    if lon is None and owner.lon is not None:
        lon, lat, error_m = owner.lon, owner.lat, OWNER_ERROR_M
    x_m, y_m = (math.nan, math.nan) if lon is None or lat is None else map(float, to_metres(lon, lat))
    aim = DIRECTIONS.get(camera.direction, math.nan)
    return Twin(str(place), camera.name, x_m, y_m, error_m, aim, owner.owner_id, "", f"{form.registration_id}:{place}")


def _compared(runtime: Runtime, form: Registration, register: Sequence[Twin]) -> Waiting:
    owner = get_owner(runtime.registry, form.owner_id)
    known = {twin.key for twin in register}
    pairs = find_pairs([_twin(form, owner, place) for place in range(len(form.cameras))], register)
    return Waiting(form, owner, {int(pair.first): pair for pair in pairs if pair.second in known})

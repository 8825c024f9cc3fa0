"""The form that an owner fills in without an account: opened by its link alone, limited, checked, kept for a person."""

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

from itsdangerous import BadSignature, Signer

from cctv.errors import AccessError, Problem, ValidationError, raise_if_any
from cctv.importers.cameras.coordinates import Spot, read_position
from cctv.registry.access_log import log_access
from cctv.registry.contacts import Contact
from cctv.registry.owner_links import TOKEN_LENGTH, OwnerLink, find_link
from cctv.registry.owners import LONGEST_CONTACT, Consent, get_owner
from cctv.registry.self_registration import ACTOR, StatedCamera, keep_registration
from cctv.services.camera_lists import town_of
from cctv.services.photos import clean_photo
from cctv.services.price_list import today_here
from cctv.services.request_limits import RequestLimit
from cctv.services.runtime import Runtime

__all__ = ["TOKEN_LENGTH", "OpenForm", "open_form", "take_form"]

MOST_CAMERAS, MOST_FORMS = 6, 20
LONGEST_NAME, LONGEST_NOTE = 120, 500
HIGHEST_M = 100.0
DIRECTIONS = {"N": 0.0, "NE": 45.0, "E": 90.0, "SE": 135.0, "S": 180.0, "SW": 225.0, "W": 270.0, "NW": 315.0}
TYPES = ("fixed", "ptz", "dome")
CONSENTS: tuple[Consent, ...] = ("register", "live")
#: Requests per address and per link within ten minutes; a link that is guessed at dies long before it is found.
PER_ADDRESS, PER_LINK, WINDOW_S = 60, 15, 600.0

by_address, by_link = RequestLimit(PER_ADDRESS, WINDOW_S), RequestLimit(PER_LINK, WINDOW_S)
_one_photo = Lock()  # decoding takes memory: people outside get it one after the other


@dataclass(frozen=True)
class OpenForm:
    """What the form shows; nothing else of the owner, and nothing of anybody else.

    Attributes
    ----------
    owner_name : str
        Whose form it is.
    form_key : str
        Signed; stands for this one opening, so that sending twice counts once.
    """

    owner_name: str
    form_key: str


def open_form(runtime: Runtime, token: str, address: str) -> OpenForm:
    """Open the form of a link.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    token : str
        From the address; may be anything.
    address : str
        Where the request comes from.

    Returns
    -------
    OpenForm
        For the page.

    Raises
    ------
    AccessError
        ``too_often``; ``owner_link`` for a link that is unknown, closed or too old: never which of these.
    """
    link = _link(runtime, token, address)
    owner = get_owner(runtime.registry, link.owner_id)
    return OpenForm(owner.name, _signer(runtime).sign(f"{link.link_id}.{secrets.token_hex(12)}").decode())


def take_form(
    runtime: Runtime, token: str, address: str, fields: Mapping[str, str], photos: Mapping[int, bytes]
) -> int:  # fmt: skip
    """Check what an owner sent and keep it for a person to look at.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    token : str
        From the address.
    address : str
        Where the request comes from.
    fields : mapping
        As typed.
    photos : mapping of int to bytes
        Place of the camera, from 0, to its photo as sent.

    Returns
    -------
    int
        Cameras in the form.

    Raises
    ------
    AccessError
        As for :func:`open_form`, or ``form_key`` if the form was not opened through this link.
    ValidationError
        Lists everything that is not acceptable; nothing is kept then.
    CctvError
        If a photo cannot be used.
    RegistryError
        ``link_used_up`` if the link has brought as many forms as it may.
    """
    link = _link(runtime, token, address)
    registration_id = _registration_id(runtime, link, fields.get("kunci", ""))
    contact = Contact(*(fields.get(name, "").strip() for name in ("person", "role", "phone", "email")))
    cameras = tuple(_cameras(runtime, fields))
    raise_if_any(_problems(fields, contact, cameras), ValidationError, code="invalid_form", message=link.link_id)
    consent: Consent = "live" if fields.get("consent") == "live" else "register"
    cleaned = {place: _clean(photo) for place, photo in sorted(photos.items()) if place < len(cameras)}
    is_new = keep_registration(
        runtime.registry, registration_id=registration_id, owner_id=link.owner_id, link_id=link.link_id,
        sent_at=datetime.now(UTC), consent=consent, contact=contact, cameras=[camera for camera, _ in cameras],
        note=fields.get("note", "").strip(), photos=cleaned, most=MOST_FORMS,
    )  # fmt: skip
    if is_new:
        log_access(runtime.registry, ACTOR, "kirim_formulir_pemilik", registration_id, link.owner_id)
    return len(cameras)


def _link(runtime: Runtime, token: str, address: str) -> OwnerLink:
    if not by_address.allows(address):
        raise AccessError("too_often", f"too many requests of {address}")
    link = find_link(runtime.registry, token)
    if link is None or not link.works(today_here()):
        raise AccessError("owner_link", "unknown, closed or too old")
    if not by_link.allows(link.link_id):
        raise AccessError("too_often", f"too many requests of link {link.link_id}")
    return link


def _registration_id(runtime: Runtime, link: OwnerLink, form_key: str) -> str:
    try:
        opened = _signer(runtime).unsign(form_key).decode()
    except (BadSignature, UnicodeError) as error:
        raise AccessError("form_key", "not signed by us") from error
    if opened.split(".")[0] != link.link_id:
        raise AccessError("form_key", "of another link")
    return f"PD-{hashlib.sha256(opened.encode()).hexdigest()[:16]}"


def _cameras(runtime: Runtime, fields: Mapping[str, str]) -> Iterator[tuple[StatedCamera, list[Problem]]]:
    """Read the rows that have a name, each with what is wrong with it."""
    town = town_of(runtime.registry, runtime.city)
    for place in range(MOST_CAMERAS):
        typed = {name: fields.get(f"{name}_{place}", "").strip() for name in
                 ("name", "direction", "type", "height", "works", "position")}  # fmt: skip
        if not typed["name"]:
            continue
        where, found = f"kamera {place + 1}", list[Problem]()
        read = read_position("", "", typed["position"], town) if typed["position"] else None
        spot = read.value if read is not None and isinstance(read.value, Spot) else None
        if read is not None and spot is None:
            found.append(Problem("form_position", where, "position", typed["position"][:60], "-7.4664, 112.4394"))
        height = _number(typed["height"])
        if typed["height"] and (height is None or not 0 < height <= HIGHEST_M):
            found.append(Problem("out_of_range", where, "height_m", typed["height"][:20], f"0 - {HIGHEST_M:g} m"))
        found += [
            Problem("too_long", where, name, str(len(typed[name])), str(LONGEST_NAME))
            for name in ("name", "position")
            if len(typed[name]) > LONGEST_NAME
        ]
        camera_type = "ptz" if typed["type"] == "ptz" else "dome" if typed["type"] == "dome" else "fixed"
        direction = typed["direction"] if typed["direction"] in DIRECTIONS else ""
        where_it_is = (spot.lon, spot.lat, spot.error_m) if spot else (None, None, None)
        yield (
            StatedCamera(typed["name"], direction, camera_type, height, typed["works"] != "no", typed["position"],
                         *where_it_is),
            found,
        )  # fmt: skip


def _problems(
    fields: Mapping[str, str], contact: Contact, cameras: tuple[tuple[StatedCamera, list[Problem]], ...]
) -> Iterator[Problem]:  # fmt: skip
    if not contact.person:
        yield Problem("required", "", "contact_person")
    if not contact.phone and not contact.email:
        yield Problem("required", "", "contact_phone")
    for name, value in vars(contact).items():
        if len(value) > LONGEST_CONTACT:
            yield Problem("too_long", "", f"contact_{name}", str(len(value)), str(LONGEST_CONTACT))
    if fields.get("consent") not in CONSENTS:
        yield Problem("required", "", "consent")
    if fields.get("statement") != "yes":
        yield Problem("form_statement")
    if len(fields.get("note", "")) > LONGEST_NOTE:
        yield Problem("too_long", "", "note", str(len(fields["note"])), str(LONGEST_NOTE))
    if not cameras:
        yield Problem("form_no_camera")
    for _, found in cameras:
        yield from found


def _clean(photo: bytes) -> bytes:
    with _one_photo:
        return clean_photo(photo)


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def _signer(runtime: Runtime) -> Signer:
    return Signer(runtime.settings.secret_key, salt="cctv-daftar", digest_method=hashlib.sha256)

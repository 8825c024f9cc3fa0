"""What a letter to a private owner says: its words, the owner's cameras and map, the link with its QR code."""

import io
from collections.abc import Mapping, Sequence
from contextvars import copy_context
from datetime import date, timedelta

import numpy as np
import segno
from numpy.typing import NDArray

from cctv.errors import RegistryError
from cctv.geodata.lonlat import to_metres
from cctv.i18n import number, t, use_language
from cctv.registry import letters as store
from cctv.registry.cameras import list_cameras
from cctv.registry.letters import Letter
from cctv.registry.models import Camera, Point
from cctv.registry.owner_links import list_links, opens_with, token_of
from cctv.registry.owners import Owner, get_owner
from cctv.registry.points import list_points
from cctv.reports.letter_template import Filling
from cctv.reports.owner_map import Town, owner_map
from cctv.services import mapdata
from cctv.services.price_list import today_here
from cctv.services.runtime import Runtime

FORM_PATH = "/daftar/"
#: Layers of the small map that may be made up.
DRAWN = ("buildings", "streets_minor", "streets_named")
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
    "Desember",
)  # fmt: skip


def filling_of(runtime: Runtime, letter: Letter, base: str) -> Filling:
    """Gather what a letter says; always in Indonesian, whatever language the screen is in.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    letter : Letter
        Which letter.
    base : str
        Address the app was opened at, unless the rule has another one.

    Returns
    -------
    Filling
        For both templates.

    Raises
    ------
    RegistryError
        ``link_closed`` if the link of the letter works no more.
    """
    return copy_context().run(_filling, runtime, letter, base)


def _filling(runtime: Runtime, letter: Letter, base: str) -> Filling:
    use_language("id")
    owner, rule = get_owner(runtime.registry, letter.owner_id), store.letter_rule(runtime.registry)
    link = link_of(runtime, letter, base)
    expires_on = next(x.expires_on for x in list_links(runtime.registry, owner.owner_id) if x.link_id == letter.link_id)
    points = {point.point_id: point for point in list_points(runtime.registry)}
    cameras = [c for c in list_cameras(runtime.registry) if c.agency_id == owner.owner_id and c.status != "removed"]
    places = _places(owner, cameras, points)
    xy_m = np.array([xy for xy, _ in places.values()]).reshape(-1, 2)
    words = {
        "nomor": letter.letter_number, "tanggal": _long_day(letter.issued_on), "tanggal_data": _long_day(today_here()),
        "pengirim": rule.sender, "nama_pemilik": owner.name, "alamat": owner.address or "-",
        "kelurahan": owner.kelurahan or "-", "jumlah_kamera": number(len(cameras)), "tautan": link,
        "batas_jawab": _long_day(letter.issued_on + timedelta(days=rule.reply_days)),
        "berlaku_sampai": _long_day(expires_on), "penanda_tangan": rule.signer, "jabatan": rule.signer_title,
        "nip": f"NIP {rule.signer_nip}" if rule.signer_nip else "",
        "keterangan_peta": _map_note(runtime, has_map=bool(places), n_cameras=len(cameras)),
    }  # fmt: skip
    pictures = {"kode_qr": _qr(link)} | ({"peta": owner_map(_town(runtime), xy_m)} if len(xy_m) else {})
    head = [t(f"letters.head_{name}") for name in ("place", "camera", "direction", "position")]
    rows = [_row(camera, points[camera.point_id], places) for camera in cameras]
    lines = {"dasar_hukum": rule.legal_basis.splitlines(), "peta": [] if len(xy_m) else [t("letters.no_map")]}
    return Filling(words, lines, head, rows, pictures)


def link_of(runtime: Runtime, letter: Letter, base: str) -> str:
    """Write the link of a letter to the self-registration form.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    letter : Letter
        Which letter.
    base : str
        Address the app was opened at, unless the rule has another one.

    Returns
    -------
    str
        Address with the token.

    Raises
    ------
    RegistryError
        ``link_closed`` if it works no more, or was made with another key.
    """
    key = runtime.settings.secret_key
    works = {link.link_id for link in list_links(runtime.registry, letter.owner_id) if link.works(today_here())}
    if letter.link_id not in works or not opens_with(runtime.registry, letter.link_id, key):
        raise RegistryError("link_closed", f"link of {letter.letter_id}", {"number": letter.letter_number})
    address = store.letter_rule(runtime.registry).public_address or base
    return address.rstrip("/") + FORM_PATH + token_of(key, letter.link_id)


def _places(
    owner: Owner, cameras: Sequence[Camera], points: Mapping[str, Point]
) -> dict[str, tuple[NDArray[np.float64], int]]:  # fmt: skip
    """Give the points with cameras of the owner a number; without any its own position is number 1."""
    spots = {c.point_id: points[c.point_id] for c in cameras}
    lonlat = {key: (p.lon, p.lat) for key, p in sorted(spots.items()) if p.lon is not None and p.lat is not None}
    if not lonlat and owner.lon is not None and owner.lat is not None:
        lonlat[""] = (owner.lon, owner.lat)
    found = {key: to_metres(lon, lat) for key, (lon, lat) in lonlat.items()}
    return {key: (np.array(xy, np.float64).ravel(), n) for n, (key, xy) in enumerate(found.items(), start=1)}


def _row(camera: Camera, point: Point, places: Mapping[str, tuple[NDArray[np.float64], int]]) -> tuple[str, ...]:
    where = "-" if point.lat is None or point.lon is None else f"{point.lat:.5f}, {point.lon:.5f}"
    aim = (
        "-"
        if camera.azimuth_deg is None
        else f"{number(camera.azimuth_deg)}° ({t(f'azimuth.{camera.azimuth_source}')})"
    )
    place = number(places[camera.point_id][1]) if camera.point_id in places else "-"
    return place, f"{camera.name} ({camera.camera_id})", aim, where


def _map_note(runtime: Runtime, *, has_map: bool, n_cameras: int) -> str:
    if not has_map:
        return ""
    made_up = [name for names in mapdata.made_up_layers(runtime).values() for name in names if name in DRAWN]
    layers = ", ".join(t(f"map.layer.{name}") for name in made_up)
    note = t("letters.map_cameras" if n_cameras else "letters.map_owner")
    return note + (f" {t('letters.map_made_up', layers=layers)}" if layers else "")


def _town(runtime: Runtime) -> Town:
    city = runtime.city
    return Town(city.boundary, city.kelurahan, city.streets, city.water, city.buildings)


def _qr(link: str) -> bytes:
    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(out, kind="png", scale=8, border=4)
    return out.getvalue()


def _long_day(value: date) -> str:
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"

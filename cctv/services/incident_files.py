"""The file of an incident: PDF to read, ZIP with every picture and table; logged with its purpose first."""

import io
import zipfile
from datetime import UTC, datetime

import numpy as np
import shapely
from numpy.typing import NDArray

from cctv.errors import NotFoundError
from cctv.geodata.lonlat import to_metres
from cctv.i18n import moment, t
from cctv.live.stamping import stamped
from cctv.permissions import Permission
from cctv.registry import incidents as store
from cctv.registry.access_log import log_access
from cctv.registry.incident_pictures import KeptPicture, kept_pictures
from cctv.registry.incidents import Entry, Incident
from cctv.registry.models import Account
from cctv.reports.content import Stamp
from cctv.reports.csv_text import csv_bytes
from cctv.reports.incident_sheet import IncidentReport, ReportPicture, incident_sheet
from cctv.services import accounts, situation
from cctv.services.incident_words import entry_words, sight_words, state_words
from cctv.services.reporting import ReportFile, checked_purpose
from cctv.services.runtime import Runtime

ACTION = "unduh_kejadian"
FORMS = {"pdf": "application/pdf", "zip": "application/zip"}
#: How far the map reaches from the place: at least, at most [m].
NEAREST_M, FURTHEST_M = 90.0, 250.0
#: Characters of the checksum that are printed.
MARK = 12


def incident_file(runtime: Runtime, account: Account, incident_id: str, form: str, reason: str) -> ReportFile:
    """Make the file of an incident; who takes it and for what stands in the log, the time line and the file.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who takes it.
    incident_id : str
        Which incident.
    form : {"pdf", "zip"}
        Which file.
    reason : str
        For what.

    Returns
    -------
    ReportFile
        The file.

    Raises
    ------
    AccessError
        If the role may not handle incidents.
    NotFoundError
        If there is no such incident or form.
    CctvError
        If no purpose is given, or it is too long.
    """
    accounts.require(account, Permission.HANDLE_INCIDENTS)
    if form not in FORMS:
        raise NotFoundError("unknown_report", f"no incident file {form!r}", {"name": form})
    purpose = checked_purpose(reason)
    incident = store.get_incident(runtime.registry, incident_id)
    log_access(runtime.registry, account.username, ACTION, f"{form} {incident_id}", purpose)
    store.append_entry(runtime.registry, account.username, incident_id, "taken", f"{form.upper()}: {purpose}")
    stamp = Stamp(account.username, datetime.now(UTC), purpose)
    timeline = store.entries(runtime.registry, incident_id)
    kept = kept_pictures(runtime.registry, incident_id)
    report = _report(runtime, incident, timeline, kept, stamp)
    pdf = incident_sheet(report, stamp)
    body = pdf if form == "pdf" else _zip(report, incident, timeline, kept, stamp, pdf)
    return ReportFile(f"kejadian-{incident_id}.{form}", FORMS[form], body)


def _report(
    runtime: Runtime, incident: Incident, timeline: list[Entry], kept: list[KeptPicture], stamp: Stamp
) -> IncidentReport:
    found = situation.current(runtime)
    names = {camera.camera_id: camera.name for _, camera in found.cameras}
    listed = [one.camera_id for one in incident.cameras]
    rows = [found.watching.camera_id.index(one) for one in listed if one in found.watching.camera_id]
    x_m, y_m = (float(value) for value in to_metres(incident.lon, incident.lat))
    degrees = np.array([(one.lon, one.lat) for one in incident.cameras], np.float64).reshape(-1, 2)  # None becomes NaN
    xy = np.column_stack(to_metres(degrees[:, 0], degrees[:, 1]))
    away = np.hypot(*(xy - (x_m, y_m)).T)
    half = float(np.clip(1.15 * np.nanmax(away, initial=0.0), NEAREST_M, FURTHEST_M))
    window = shapely.box(x_m - 2 * half, y_m - 2 * half, x_m + 2 * half, y_m + 2 * half)
    streets = runtime.city.streets
    lines = np.asarray(streets.geometry.array, dtype=object)
    near = shapely.intersects(lines, window)
    return IncidentReport(
        title=incident.title,
        subtitle=f"{incident.incident_id} · {t(f'incident.kind_{incident.kind}')} · {t(f'incident.{incident.state}')}",
        facts=_facts(incident),
        cameras=[(one.camera_id, one.name, sight_words(one), state_words(works=one.works))
                 for one in incident.cameras],
        timeline=[(moment(one.written_at), one.username, entry_words(one)) for one in timeline],
        pictures=[_picture(one, incident.incident_id, names, stamp) for one in kept],
        place_m=(x_m, y_m), xy_m=xy, areas=_polygons(shapely.intersection(found.watching.area[rows], window)),
        streets=lines[near], road_class=np.array(streets["road_class"].astype(str), np.str_)[near],
        buildings=_near(np.asarray(runtime.city.buildings.geometry.array, dtype=object), window),
        half_m=half, is_synthetic=found.is_synthetic,
    )  # fmt: skip


def _near(shapes: NDArray[np.object_], window: shapely.Geometry) -> NDArray[np.object_]:
    return shapes[shapely.intersects(shapes, window)]


def _polygons(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    parts = np.asarray(shapely.get_parts(shapes), dtype=object)
    return parts[shapely.get_dimensions(parts) == 2]  # noqa: PLR2004 - areas


def _facts(incident: Incident) -> list[tuple[str, str]]:
    return [
        (t("incident.reference"), incident.incident_id),
        (t("incident.place"), incident.place or t("incident.clicked")),
        (t("field.position"), f"{incident.lat:.6f}, {incident.lon:.6f}"),
        (t("incident.opened_at"), f"{moment(incident.opened_at)}, {incident.opened_by}"),
        (t("incident.closed_at"), moment(incident.closed_at) if incident.closed_at else "-"),
    ]


def _picture(one: KeptPicture, incident_id: str, names: dict[str, str], stamp: Stamp) -> ReportPicture:
    title = f"{names.get(one.camera_id, '')} ({one.camera_id}) · {moment(one.taken_at)}"
    below = t("incident.kept_by", who=one.kept_by, number=incident_id, mark=one.sha256[:MARK])
    return ReportPicture(title, stamped(one.jpeg, title, below, stamp.text))


def _zip(
    report: IncidentReport, incident: Incident, timeline: list[Entry], kept: list[KeptPicture], stamp: Stamp, pdf: bytes
) -> bytes:
    mark = stamp.columns
    listed = [
        [rank, one.camera_id, one.name, one.owner, sight_words(one), state_words(works=one.works), *mark.values()]
        for rank, one in enumerate(incident.cameras, start=1)
    ]
    lines = [[one.written_at.isoformat(), one.username, entry_words(one), *mark.values()] for one in timeline]
    evidence = [
        [_name(one), one.camera_id, one.taken_at.isoformat(), one.kept_by, one.sha256, *mark.values()] for one in kept
    ]
    head = ["no", "kode", "nama", "pemilik", "melihat", "keadaan", *mark]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(f"{incident.incident_id}.pdf", pdf)
        file.writestr("kamera.csv", csv_bytes([head, *listed]))
        file.writestr("catatan.csv", csv_bytes([["waktu", "akun", "catatan", *mark], *lines]))
        file.writestr("gambar.csv", csv_bytes([["berkas", "kode", "diambil", "disimpan_oleh", "sha256_asli", *mark],
                                          *evidence]))  # fmt: skip
        for one, picture in zip(kept, report.pictures, strict=True):
            file.writestr(f"gambar/{_name(one)}", picture.jpeg)
    return buffer.getvalue()


def _name(one: KeptPicture) -> str:
    return f"{one.camera_id}-{one.taken_at:%Y%m%dT%H%M%S}.jpg"

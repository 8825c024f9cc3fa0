"""The register leaves the house: who may take it, for what, without a secret; logged before it is handed out."""

from dataclasses import dataclass
from datetime import UTC, datetime

from cctv.errors import NotFoundError
from cctv.importers.cameras.words import masked
from cctv.permissions import Permission
from cctv.registry import Registry
from cctv.registry import cameras as camera_store
from cctv.registry import points as point_store
from cctv.registry.access_log import log_access
from cctv.registry.models import Account, Camera, Point
from cctv.reports import register_files
from cctv.reports.content import Stamp
from cctv.reports.register_files import RegisterRow
from cctv.services import accounts
from cctv.services.reporting import ReportFile, checked_purpose
from cctv.services.runtime import Runtime

ACTION = "unduh_register"


@dataclass(frozen=True)
class RegisterForm:
    """One kind of file: ending of its name, its type, and what writes it."""

    suffix: str
    media_type: str
    make: register_files.Writer


FORMS: dict[str, RegisterForm] = {
    "xlsx": RegisterForm(
        "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", register_files.register_xlsx
    ),
    "csv": RegisterForm("csv.zip", "application/zip", register_files.register_csv),
    "geojson": RegisterForm("geojson", "application/geo+json", register_files.register_geojson),
    "kml": RegisterForm("kml", "application/vnd.google-earth.kml+xml", register_files.register_kml),
    "osm": RegisterForm("osm", "application/xml", register_files.register_osm),
    "fiware": RegisterForm("fiware.json", "application/json", register_files.register_fiware),
}


def register_file(runtime: Runtime, account: Account, form: str, reason: str) -> ReportFile:
    """Write the register for a person who may see it.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who takes it.
    form : {"xlsx", "csv", "geojson", "kml", "osm", "fiware"}
        Which file.
    reason : str
        For what; stands in the log and in the file.

    Returns
    -------
    ReportFile
        The file.

    Raises
    ------
    AccessError
        If the role does not allow it.
    NotFoundError
        If there is no such form.
    CctvError
        If no purpose is given, or it is too long.
    """
    accounts.require(account, Permission.SEE_REGISTER)
    return write_register(runtime.registry, account.username, form, reason)


def write_register(registry: Registry, actor: str, form: str, reason: str) -> ReportFile:
    """Write the register for a named person; the access is logged first.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Who takes it.
    form : str
        Key of ``FORMS``.
    reason : str
        For what.

    Returns
    -------
    ReportFile
        The file.

    Raises
    ------
    NotFoundError
        If there is no such form.
    CctvError
        If no purpose is given, or it is too long.
    """
    chosen = FORMS.get(form)
    if chosen is None:
        raise NotFoundError("unknown_report", f"no register file {form!r}", {"name": form})
    purpose = checked_purpose(reason)
    rows = register_rows(registry)
    log_access(registry, actor, ACTION, f"{form} {len(rows)}", purpose)
    stamp = Stamp(actor, datetime.now(UTC), purpose)
    name = f"register-kamera-{stamp.taken_at:%Y%m%d}.{chosen.suffix}"
    return ReportFile(name, chosen.media_type, chosen.make(rows, stamp))


def register_rows(registry: Registry) -> list[RegisterRow]:
    """Lay out the cameras that are not withdrawn; addresses inside free text are hidden.

    Parameters
    ----------
    registry : Registry
        Open register.

    Returns
    -------
    list of RegisterRow
        By camera id.
    """
    points = {point.point_id: point for point in point_store.list_points(registry)}
    cameras = [camera for camera in camera_store.list_cameras(registry) if camera.status != "removed"]
    return [_row(camera, points[camera.point_id]) for camera in cameras]


def _row(camera: Camera, point: Point) -> RegisterRow:
    return RegisterRow(
        camera_id=camera.camera_id, point_id=point.point_id, name=masked(camera.name), point_name=masked(point.name),
        owner=camera.agency_name, street=masked(point.street), kelurahan=point.kelurahan,
        in_city=point.lon is not None and not point.is_outside_city, lon=point.lon, lat=point.lat,
        position_certainty=point.position_certainty, est_error_m=point.est_error_m, mount=point.mount,
        camera_type=camera.camera_type, model=masked(camera.model), height_m=camera.height_m,
        azimuth_deg=camera.azimuth_deg, azimuth_source=camera.azimuth_source,
        azimuth_words=masked(camera.azimuth_words), tilt_deg=camera.tilt_deg, hfov_deg=camera.hfov_deg,
        range_m=camera.range_m, resolution_px=camera.resolution_px, status=camera.status,
        purpose=masked(camera.purpose), sign=camera.sign, installed_on=camera.installed_on, kind=camera.kind,
        certainty=camera.certainty, source=masked(camera.source), as_of=camera.as_of,
    )  # fmt: skip

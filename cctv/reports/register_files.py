"""The register as files for other programs and offices; no stream address is ever given to this module.

Each file says who took it out, when and for what. Text is never read as a formula by office programs.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, time
from html import escape

import xlsxwriter

from cctv.reports.content import Stamp
from cctv.reports.csv_text import as_text

_OSM_TYPES = {"fixed": "fixed", "ptz": "panning", "dome": "dome"}
_FIWARE_TYPES = {"fixed": "FIXED", "ptz": "PTZ", "dome": "DOME"}
_TRAFFIC = ("lalu lintas", "informasi lalu lintas")


@dataclass(frozen=True)
class RegisterRow:
    """One camera with its point, as it leaves the house.

    Attributes
    ----------
    lon, lat : float or None
        Position, EPSG:4326 [deg]; None if nobody has placed it.
    est_error_m : float or None
        Radius the position may be off [m].
    height_m, range_m : float or None
        Lens above ground and distance limit [m].
    azimuth_deg : float or None
        Clockwise from grid north [deg]; None is unknown.
    tilt_deg, hfov_deg : float or None
        Below horizontal, and field of view [deg].
    in_city : bool
        Whether it stands in a kelurahan of the city.
    """

    camera_id: str
    point_id: str
    name: str
    point_name: str
    owner: str
    street: str
    kelurahan: str
    in_city: bool
    lon: float | None
    lat: float | None
    position_certainty: str
    est_error_m: float | None
    mount: str
    camera_type: str
    model: str
    height_m: float | None
    azimuth_deg: float | None
    azimuth_source: str
    azimuth_words: str
    tilt_deg: float | None
    hfov_deg: float | None
    range_m: float | None
    resolution_px: int | None
    status: str
    purpose: str
    sign: bool | None
    installed_on: date | None
    kind: str
    certainty: str
    source: str
    as_of: date


COLUMNS = tuple(field.name for field in fields(RegisterRow))
Writer = Callable[[Sequence[RegisterRow], Stamp], bytes]


def register_geojson(rows: Sequence[RegisterRow], stamp: Stamp) -> bytes:
    """Write the cameras as GeoJSON; one without a position has no geometry.

    Parameters
    ----------
    rows : sequence of RegisterRow
        The cameras.
    stamp : Stamp
        Who takes them out.

    Returns
    -------
    bytes
        EPSG:4326.
    """
    features = [
        {"type": "Feature", "id": row.camera_id, "geometry": _place(row), "properties": _plain(row, "lon", "lat")}
        for row in rows
    ]
    return _json({"type": "FeatureCollection", "metadata": metadata(rows, stamp), "features": features})


def register_kml(rows: Sequence[RegisterRow], stamp: Stamp) -> bytes:
    """Write the placed cameras as KML 2.2.

    Parameters
    ----------
    rows : sequence of RegisterRow
        The cameras.
    stamp : Stamp
        Who takes them out.

    Returns
    -------
    bytes
        UTF-8.
    """
    marks = []
    for row in rows:
        if row.lon is not None:
            facts = "".join(
                f'<Data name="{name}"><value>{_xml(value)}</value></Data>'
                for name, value in _plain(row, "lon", "lat").items()
                if value not in (None, "")
            )
            marks.append(
                f"<Placemark><name>{_xml(row.name)}</name><ExtendedData>{facts}</ExtendedData>"
                f"<Point><coordinates>{row.lon},{row.lat}</coordinates></Point></Placemark>"
            )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        f"<name>Kamera</name><description>{_xml(stamp.text)}</description>{''.join(marks)}</Document></kml>\n"
    ).encode()


def register_xlsx(rows: Sequence[RegisterRow], stamp: Stamp) -> bytes:
    """Write the cameras as a workbook with a sheet about the data.

    Parameters
    ----------
    rows : sequence of RegisterRow
        The cameras.
    stamp : Stamp
        Who takes them out.

    Returns
    -------
    bytes
        XLSX; texts are never read as formulas.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"comments": stamp.text})
        head, day = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet("Kamera")
        sheet.write_row(0, 0, COLUMNS, head)
        for at, row in enumerate(rows, 1):
            for column, value in enumerate(asdict(row).values()):
                if isinstance(value, date):
                    sheet.write_datetime(at, column, datetime.combine(value, time()), day)  # as the library wants it
                elif value is not None:
                    sheet.write(at, column, value)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(COLUMNS) - 1, 16)
        about = book.add_worksheet("Tentang data")
        for at, (name, value) in enumerate(metadata(rows, stamp).items()):
            about.write_row(at, 0, (name, str(value)))
        about.set_column(0, 1, 40)
    return out.getvalue()


def register_csv(rows: Sequence[RegisterRow], stamp: Stamp) -> bytes:
    """Write the cameras as CSV beside their metadata, as Satu Data (Perpres 39/2019) asks for.

    Parameters
    ----------
    rows : sequence of RegisterRow
        The cameras.
    stamp : Stamp
        Who takes them out.

    Returns
    -------
    bytes
        ZIP with ``kamera.csv`` (UTF-8 with a byte-order mark, semicolons) and ``metadata.json``.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([as_text(value) for value in asdict(row).values()])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("kamera.csv", text.getvalue().encode("utf-8-sig"))
        archive.writestr("metadata.json", _json(metadata(rows, stamp)))
    return out.getvalue()


def register_osm(rows: Sequence[RegisterRow], stamp: Stamp) -> bytes:
    """Write the placed cameras as OpenStreetMap nodes, one per camera, with the tags of the OSM wiki.

    Parameters
    ----------
    rows : sequence of RegisterRow
        The cameras.
    stamp : Stamp
        Who takes them out.

    Returns
    -------
    bytes
        OSM XML; made-up cameras carry ``fixme`` so that nobody uploads them unseen.
    """
    nodes = []
    for number, row in enumerate(rows, 1):
        if row.lon is not None:
            tags = "".join(f'<tag k="{name}" v="{_xml(value)}"/>' for name, value in _osm_tags(row).items() if value)
            nodes.append(f'<node id="{-number}" lat="{row.lat}" lon="{row.lon}" version="1">{tags}</node>')
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6" generator="Peta CCTV" upload="never">'
        f"<note>{_xml(stamp.text)}</note>{''.join(nodes)}</osm>\n"
    ).encode()


def register_fiware(rows: Sequence[RegisterRow], stamp: Stamp) -> bytes:
    """Write the cameras as FIWARE Smart Data Models ``Camera`` entities (key-values), version 0.1.2 of the model.

    Parameters
    ----------
    rows : sequence of RegisterRow
        The cameras.
    stamp : Stamp
        Who takes them out.

    Returns
    -------
    bytes
        JSON list; without ``streamURL`` and ``imageSnapshot``, which are secrets here.

    References
    ----------
    Smart Data Models, subject Device, ``Camera/schema.json`` and ``common-schema.json`` (GSMA-Commons,
    Location-Commons): owners are identifiers, not names; a direction has no field of its own but words in
    ``cameraOrientation``.
    """
    del stamp  # the model has no place for it; the access log has
    return _json([_entity(row) for row in rows])


def _entity(row: RegisterRow) -> dict[str, object]:
    entity: dict[str, object] = {
        "id": f"urn:ngsi-ld:Camera:{row.camera_id}", "type": "Camera", "cameraName": row.name,
        "cameraType": _FIWARE_TYPES[row.camera_type],
        "cameraUsage": "TRAFFIC" if row.purpose in _TRAFFIC else "SURVEILLANCE", "on": row.status == "on",
        "owner": [f"urn:ngsi-ld:Organization:{re.sub(r'[^a-z0-9]+', '-', row.owner.lower()).strip('-')}"],
        "dataProvider": row.owner, "source": row.source,
        "startDateTime": f"{row.as_of.isoformat()}T00:00:00+07:00", "address": _address(row),
    }  # fmt: skip
    if row.lon is not None:
        entity["location"] = _place(row)
    if row.azimuth_deg is not None:
        entity["cameraOrientation"] = {"comments": f"azimuth {row.azimuth_deg:g} deg ({row.azimuth_source})"}
    return entity


def _address(row: RegisterRow) -> dict[str, str]:
    town = {"addressLocality": "Kota Mojokerto", "addressRegion": "Jawa Timur"} if row.in_city else {}
    known = {"district": row.kelurahan, "streetAddress": row.street}
    return {"addressCountry": "ID", **town, **{name: text for name, text in known.items() if text}}


def metadata(rows: Sequence[RegisterRow], stamp: Stamp) -> dict[str, object]:
    """Describe the data: what, how many, from where, as of when, how it may be used, who took it out.

    Parameters
    ----------
    rows : sequence of RegisterRow
        The cameras.
    stamp : Stamp
        Who takes them out.

    Returns
    -------
    dict
        Name to value; what the city has not decided says so.
    """
    return {
        "judul": "Register kamera CCTV Kota Mojokerto", "kode_wilayah_kemendagri": "35.76", "kode_wilayah_bps": "3576",
        "jumlah_kamera": len(rows), "jumlah_sintetis": sum(row.kind == "synthetic" for row in rows),
        "keadaan_tertua": min((row.as_of for row in rows), default=None),
        "keadaan_terbaru": max((row.as_of for row in rows), default=None),
        "produsen_data": sorted({row.owner for row in rows}), "walidata": "belum ditetapkan kota",
        "lisensi": "internal; lisensi terbuka belum ditetapkan kota", "sistem_koordinat": "EPSG:4326",
        "tanpa": "alamat siaran", "diambil": stamp.text,
    }  # fmt: skip


def _osm_tags(row: RegisterRow) -> dict[str, object]:
    is_known = row.azimuth_deg is not None and row.azimuth_source in ("measured", "aimed")
    return {
        "man_made": "surveillance", "surveillance:type": "camera",
        "surveillance:zone": "traffic" if row.purpose in _TRAFFIC else "town",
        "camera:type": _OSM_TYPES[row.camera_type], "camera:mount": row.mount, "name": row.name, "operator": row.owner,
        "camera:direction": f"{row.azimuth_deg:g}" if is_known else "",
        "height": "" if row.height_m is None else f"{row.height_m:g}",
        "start_date": row.installed_on, "source": row.source, "source:date": row.as_of, "ref": row.camera_id,
        "fixme": "data sintetis, jangan diunggah" if row.kind == "synthetic" else "",
    }  # fmt: skip


def _place(row: RegisterRow) -> dict[str, object] | None:
    return None if row.lon is None else {"type": "Point", "coordinates": [row.lon, row.lat]}


def _plain(row: RegisterRow, *without: str) -> dict[str, object]:
    return {name: value for name, value in asdict(row).items() if name not in without}


def _xml(value: object) -> str:
    return escape("".join(sign for sign in str(value) if sign.isprintable()))


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, default=str, allow_nan=False).encode()

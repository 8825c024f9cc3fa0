"""The register as files: no secret, no formula, every camera, logged with a purpose; what we read reads it back."""

import csv
import io
import json
import re
import zipfile
from datetime import date, datetime

import pytest

from cctv.errors import CctvError, NotFoundError
from cctv.importers.cameras.columns import suggest
from cctv.importers.cameras.sandbox import read_sheets
from cctv.importers.cameras.tables import lay_out
from cctv.permissions import Role
from cctv.registry import cameras
from cctv.registry.access_log import recent_access
from cctv.services import register_export

SECRET = "rtsp://admin:rahasia@10.9.8.7/ch1"


@pytest.fixture
def marked(own_runtime):
    """Give a register with a secret, an address in a text, a formula, and a camera that was withdrawn."""
    registry = own_runtime.registry
    one, two, *_ = cameras.list_cameras(registry)
    changes = {"stream_address": SECRET, "model": f"X {SECRET}", "name": '=HYPERLINK("x")', "azimuth_deg": 0.0,
               "azimuth_source": "measured", "installed_on": date(2024, 5, 1)}  # fmt: skip
    cameras.update_camera(registry, "uji", one.camera_id, one.version, changes, "uji")
    cameras.remove_camera(registry, "uji", two.camera_id, two.version, "uji")
    return own_runtime, one.camera_id, two.camera_id


def unpacked(form, body):
    if form in ("csv", "xlsx"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return b"".join(archive.read(name) for name in archive.namelist())
    return body


@pytest.mark.parametrize("form", list(register_export.FORMS))
def test_every_file_is_logged_and_holds_no_secret(marked, account_of, form):
    runtime, _, removed = marked
    made = register_export.register_file(runtime, account_of(runtime, Role.VIEWER), form, "rapat  pimpinan")
    content = unpacked(form, made.body)
    assert b"10.9.8.7" not in content
    assert b"rahasia@" not in content
    assert removed.encode() not in content
    newest = recent_access(runtime.registry)[0]
    assert (newest.action, newest.detail, newest.target.split()[0]) == ("unduh_register", "rapat pimpinan", form)
    for reason in ("", "x" * 201):
        with pytest.raises(CctvError):
            register_export.register_file(runtime, account_of(runtime, Role.VIEWER), form, reason)
    with pytest.raises(NotFoundError):
        register_export.register_file(runtime, account_of(runtime, Role.VIEWER), "docx", "rapat")


@pytest.mark.parametrize("form", ["geojson", "kml", "osm", "xlsx"])
def test_what_leaves_can_be_read_in_again(marked, tmp_path, form):
    runtime, first, _ = marked
    made = register_export.write_register(runtime.registry, "uji", form, "uji")
    path = tmp_path / f"register.{form}"
    path.write_bytes(made.body)
    table = lay_out([sheet for sheet in read_sheets(path) if sheet.name != "Tentang data"], path.name)
    rows = register_export.register_rows(runtime.registry)
    placed = [row for row in rows if row.lon is not None]
    assert len(table.records) == len(rows if form in ("geojson", "xlsx") else placed)
    found = {offer.field for offer in suggest(table.headers, [record.cells for record in table.records])}
    assert {"lat", "lon", "name"} <= found
    assert form == "xlsx" or first in made.body.decode()


def is_moment(value):
    return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None


def is_identifier(value):
    return re.fullmatch(r"[\w\-.{}$+*\[\]`|~^@!,:\\]{1,256}", value) is not None


#: What the model of a camera allows (Smart Data Models, subject Device, Camera 0.1.2, with GSMA-Commons and
#: Location-Commons), said in our own words; ``id`` and ``type`` are required.
FIWARE = {
    "id": is_identifier,
    "type": lambda value: value == "Camera",
    "cameraName": lambda value: isinstance(value, str),
    "cameraType": lambda value: value in ("FIXED", "PTZ", "DOME", "DAY/NIGHT", "C-MOUNT", "BULLET"),
    "cameraUsage": lambda value: value in ("SURVEILLANCE", "RLVD", "ANPR/LPR", "TRAFFIC"),
    "cameraOrientation": lambda value: (
        set(value) <= {"comments", "annotatedMap"} and isinstance(value["comments"], str)
    ),
    "on": lambda value: isinstance(value, bool),
    "startDateTime": is_moment,
    "owner": lambda value: isinstance(value, list) and all(is_identifier(one) for one in value),
    "dataProvider": lambda value: isinstance(value, str),
    "source": lambda value: isinstance(value, str),
    "location": lambda value: (
        value["type"] == "Point" and [type(one) for one in value["coordinates"]] == [float, float]
    ),
    "address": lambda value: (
        set(value) <= {"addressCountry", "addressLocality", "addressRegion", "district", "streetAddress", "postalCode"}
        and all(isinstance(text, str) and text for text in value.values())
    ),
}


def test_entities_keep_to_the_model_of_a_camera(marked):
    runtime, _, _ = marked
    entities = json.loads(register_export.write_register(runtime.registry, "uji", "fiware", "uji").body)
    wrong = [
        (entity["id"], name, value)
        for entity in entities
        for name, value in entity.items()
        if name not in FIWARE or not FIWARE[name](value)
    ]
    assert wrong == []
    assert len({entity["id"] for entity in entities}) == len(entities) == 132
    assert set().union(*entities) == set(FIWARE)


def test_csv_and_entities_say_what_the_register_says(marked):
    runtime, first, _ = marked
    made = register_export.write_register(runtime.registry, "uji", "csv", "uji")
    with zipfile.ZipFile(io.BytesIO(made.body)) as archive:
        lines = list(csv.DictReader(io.StringIO(archive.read("kamera.csv").decode("utf-8-sig")), delimiter=";"))
        about = json.loads(archive.read("metadata.json"))
    (line,) = (line for line in lines if line["camera_id"] == first)
    assert line["name"] == '\'=HYPERLINK("x")'
    assert (float(line["azimuth_deg"]), line["installed_on"]) == (0.0, "2024-05-01")
    assert about["jumlah_kamera"] == len(lines) == 132
    assert about["lisensi"].startswith("internal")
    entities = json.loads(register_export.write_register(runtime.registry, "uji", "fiware", "uji").body)
    (entity,) = (entity for entity in entities if entity["id"].endswith(first))
    assert entity["cameraOrientation"] == {"comments": "azimuth 0 deg (measured)"}
    osm = register_export.write_register(runtime.registry, "uji", "osm", "uji").body.decode()
    assert 'k="camera:direction" v="0"' in osm

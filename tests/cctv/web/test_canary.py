"""A password in the address of a camera comes out nowhere: screens, websocket, pictures, files, log, disk."""

import io
import zipfile

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

CAMERA, OTHER = "K-0021", "K-0022"
LONG_S = 90


def _frames(app, client, page: str, query: str) -> bytes:
    """Run a screen over the websocket, as a browser does, and give all that it says."""
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    received = b""
    with connect(
        app.url.replace("http", "ws") + "/_stcore/stream", additional_headers={"Cookie": cookie}, max_size=None,
        subprotocols=["streamlit"],
    ) as socket:  # fmt: skip
        asked = BackMsg()
        asked.rerun_script.query_string = query
        asked.rerun_script.page_name = page
        socket.send(asked.SerializeToString())
        while True:
            frame = socket.recv(timeout=LONG_S)
            received += frame
            message = ForwardMsg()
            message.ParseFromString(frame)
            if message.WhichOneof("type") == "script_finished":
                return received


def _inside(body: bytes) -> bytes:
    """Unpack what is packed, so that a text in it can be found."""
    if not zipfile.is_zipfile(io.BytesIO(body)):
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as files:
        return body + b"".join(files.read(name) for name in files.namelist())


@pytest.mark.parametrize(("page", "sign"), [("", CAMERA), ("kamera", CAMERA), ("kesehatan", "K-00")])
def test_screens(app, canary, page, sign):
    with app.client("operator") as client:
        frames = _frames(app, client, page, f"camera={CAMERA}")
    assert sign.encode() in frames  # the screen was really drawn
    assert canary.encode() not in frames


def test_pictures_and_what_is_said_about_them(app, canary):
    with app.client("operator") as client:
        for camera_id in (CAMERA, OTHER):
            for path in (
                f"/gambar/{camera_id}.jpg",
                f"/gambar/{camera_id}/siaga",
                f"/unduh/gambar/{camera_id}?keperluan=x",
            ):
                answer = client.get(path)
                assert canary not in str(answer.headers)
                assert canary.encode() not in answer.content
            with client.stream("GET", f"/gambar/{camera_id}.mjpg") as answer:
                assert canary.encode() not in next(answer.iter_bytes())


@pytest.mark.parametrize("form", ["xlsx", "csv", "geojson", "kml", "osm", "fiware"])
def test_files(app, canary, form):
    with app.client("petugas") as client:
        answer = client.get(f"/unduh/register/{form}?keperluan=uji")
    assert answer.status_code == 200
    body = _inside(answer.content)
    assert CAMERA.encode() in body
    assert canary.encode() not in body


def test_log_and_disk(app, canary):
    folder = app.database.parent
    kept = [path for path in folder.rglob("*") if path.is_file()]
    assert {"app.log", "cameras.duckdb"} <= {path.name for path in kept}
    assert [path for path in kept if canary.encode() in path.read_bytes()] == []

"""Nothing answers without a session but sign-in and health; roles are checked on the server."""

import re
import socket

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

OPEN = ("/masuk", "/sehat", "/siapkan")
GUARDED = (
    "/", "/peta", "/celah", "/usulan", "/kamera", "/bantuan", "/keluar",
    "/gambar/K-0001.jpg", "/gambar/K-0001.mjpg", "/gambar/K-0001/siaga", "/unduh/gambar/K-0001?keperluan=rapat",
    "/peta/gaya/light.json", "/peta/ubin/13/6651/4265.pbf",
    "/peta/huruf/Plus%20Jakarta%20Sans%20Medium/0-255.pbf", "/peta/pin/light/on-1-tetap.svg",
    "/peta/lapisan/viewshed.geojson?bagian=pasti", "/peta/lapisan/celah.geojson", "/peta/lapisan/usulan.geojson",
    "/peta/lapisan/terpantau.geojson?bagian=dua", "/peta/lapisan/calon.geojson?bagian=semua&anggaran=100000000",
    "/unduh/cakupan/a4?keperluan=rapat", "/unduh/cakupan/geojson?keperluan=rapat",
    "/unduh/register/xlsx?keperluan=rapat", "/impor", "/pemeliharaan", "/unduh/pemeliharaan/xlsx?keperluan=rapat",
    "/pemilik",
    "/unduh/surat/S-00001/surat.pdf", "/unduh/surat-kumpulan.zip?surat=S-00001", "/unduh/templat/surat.docx",
    "/foto/abc.jpg", "/peta/rencana/R-0001/1/sesudah.png", "/foto-pendaftaran/PD-1/0.jpg",
    "/daftar", "/daftar/", "/daftar/x", f"/daftar/{'x' * 44}", f"/daftar/{'x' * 43}/lain", f"/daftar/{'x' * 42}.",
    "/media/abc.jpg", "/app/static/ikon.svg", "/app/static/vendor/maplibre/maplibre-gl.mjs",
    "/_stcore/health", "/_stcore/metrics", "/_stcore/host-config", "/_stcore/upload_file/a/b",
    "/component/x/index.html",
    "/static/index.html", "/tidak/ada", "//etc/passwd",
)  # fmt: skip


@pytest.mark.parametrize("path", GUARDED)
def test_a_request_without_a_session_is_refused(app, path):
    answer = httpx.get(app.url + path)
    assert answer.status_code == 401
    assert answer.json()["code"] == "signed_out"


@pytest.mark.parametrize("path", ["/", "/celah?x=1"])
def test_a_browser_is_sent_to_the_sign_in_page(app, path):
    answer = httpx.get(app.url + path, headers={"Accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/masuk?lanjut=")


def test_the_open_paths_say_no_more_than_they_must(app):
    assert httpx.get(app.url + "/sehat").json() == {"status": "ok", "register": "ok", "pictures": "ok"}
    page = httpx.get(app.url + "/masuk")
    assert page.status_code == 200
    assert not re.findall(r"""(?:src|href)=["']?(?:https?:)?//""", page.text)
    assert httpx.get(app.url + "/siapkan?token=salah").status_code == 403


def test_the_websocket_is_refused_without_a_session(app):
    with pytest.raises(InvalidStatus) as caught:
        connect(app.url.replace("http", "ws") + "/_stcore/stream").close()
    assert caught.value.response.status_code == 403


@pytest.mark.parametrize("cookie", ["", "x", "abc.def", "a" * 5000])
def test_a_forged_cookie_is_refused(app, cookie):
    assert httpx.get(app.url + "/peta/gaya/light.json", cookies={"cctv_sesi": cookie}).status_code == 401


def test_the_session_cookie_is_signed_http_only_and_strict(app):
    with app.client() as client:
        answer = client.post("/masuk", data={"username": "operator", "password": "sandi-untuk-uji"})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "." in answer.cookies["cctv_sesi"]


def test_signing_out_ends_the_session_on_the_server(app):
    with app.client("operator") as client:
        cookie = client.cookies["cctv_sesi"]
        assert client.get("/peta/gaya/light.json").status_code == 200
        client.post("/keluar")
    assert httpx.get(app.url + "/peta/gaya/light.json", cookies={"cctv_sesi": cookie}).status_code == 401


@pytest.mark.parametrize(
    ("username", "path", "status"),
    [
        ("pimpinan", "/peta/lapisan/celah.geojson", 200),
        ("operator", "/peta/lapisan/celah.geojson", 403),
        ("pimpinan", "/peta/lapisan/terpantau.geojson?bagian=dua", 200),
        ("operator", "/peta/lapisan/terpantau.geojson?bagian=dua", 403),
        ("operator", "/peta/lapisan/usulan.geojson?anggaran=100000000", 403),
        ("petugas", "/peta/lapisan/usulan.geojson?anggaran=100000000", 403),
        ("operator", "/peta/lapisan/viewshed.geojson?bagian=pasti", 200),
        ("operator", "/peta/lapisan/viewshed.geojson?bagian=semua", 503),
        ("operator", "/unduh/cakupan/a4?keperluan=rapat", 403),
        ("operator", "/unduh/cakupan/geojson?keperluan=rapat", 403),
        ("petugas", "/unduh/cakupan/gpkg?keperluan=rapat", 403),
        ("pimpinan", "/unduh/cakupan/geojson?keperluan=rapat", 403),
        ("pimpinan", "/unduh/cakupan/a4", 503),
        ("pimpinan", "/unduh/cakupan/a4?keperluan=rapat", 200),
        ("admin", "/unduh/cakupan/docx?keperluan=rapat", 404),
        ("operator", "/unduh/register/geojson?keperluan=rapat", 200),
        ("operator", "/unduh/register/geojson", 503),
        ("admin", "/unduh/register/docx?keperluan=rapat", 404),
        ("perencana", "/unduh/surat/S-00001/surat.pdf", 403),
        ("petugas", "/unduh/surat/S-99999/surat.pdf", 404),
        ("operator", "/unduh/surat-kumpulan.zip?surat=S-00001", 403),
        ("petugas", "/unduh/templat/surat.docx", 403),
        ("admin", "/unduh/templat/surat.docx", 200),
        ("admin", "/unduh/templat/rahasia.docx", 404),
        ("pimpinan", "/foto-pendaftaran/PD-1/0.jpg", 403),
        ("petugas", "/foto-pendaftaran/PD-1/0.jpg", 404),
        ("admin", "/foto/tidak-ada.jpg", 404),
        ("admin", "/peta/lapisan/tidak-ada.geojson", 404),
        ("admin", "/gambar/K-9999.jpg", 404),
        ("admin", "/gambar/K-9999.mjpg", 404),
        ("admin", "/gambar/K-9999/siaga", 404),
        ("operator", "/gambar/K-0001/siaga", 204),
        ("operator", "/unduh/gambar/K-0001", 503),
        ("admin", "/peta/pin/light/on-1000-tetap.svg", 404),
    ],
)
def test_layers_follow_the_role(app, username, path, status):
    with app.client(username) as client:
        assert client.get(path).status_code == status


def test_a_picture_comes_with_its_state_and_never_with_an_address(app):
    with app.client("operator") as client:
        answer = client.get("/gambar/K-0001.jpg?lebar=320")
    assert answer.status_code == 200
    assert answer.content[:2] == b"\xff\xd8"
    assert answer.headers["x-picture-state"] in ("fresh", "cached", "last_good", "never")
    assert "127.0.0.1" not in str(answer.headers)


def test_a_moving_picture_says_of_each_part_how_old_it_is(app):
    with app.client("operator") as client, client.stream("GET", "/gambar/K-0003.mjpg") as answer:
        assert answer.headers["content-type"] == "multipart/x-mixed-replace; boundary=bingkai"
        received = b""
        for chunk in answer.iter_bytes():
            received += chunk
            if b"X-Picture-State: fresh" in received and b"\xff\xd9\r\n--bingkai" in received:
                break
    assert b"X-Picture-Age: " in received
    assert b"127.0.0.1" not in received
    assert b"rtsp" not in received


def test_a_post_from_another_site_is_refused(app):
    answer = httpx.post(
        app.url + "/masuk", data={"username": "admin", "password": "sandi-untuk-uji"},
        headers={"Origin": "https://jahat.example", "Sec-Fetch-Site": "cross-site"},
    )  # fmt: skip
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "wanted", ["https://jahat.example", "//jahat.example", "/\\jahat.example", "javascript:alert(1)"]
)
def test_signing_in_never_leads_to_another_site(app, wanted):
    form = {"username": "operator", "password": "sandi-untuk-uji", "lanjut": wanted}
    assert httpx.post(app.url + "/masuk", data=form).headers["location"] == "/"


def test_every_answer_forbids_foreign_content(app):
    with app.client("operator") as client:
        for path in ("/masuk", "/", "/peta/gaya/light.json"):
            answer = client.get(path, headers={"Accept": "text/html"})
            assert "default-src" in answer.headers["content-security-policy"]
            assert "access-control-allow-origin" not in answer.headers
            assert answer.headers["x-content-type-options"] == "nosniff"


FORM = f"/daftar/{'x' * 43}"


def test_a_link_that_nobody_was_given_shows_nothing(app):
    answer = httpx.get(app.url + FORM)
    assert answer.status_code == 404
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert "swasta" not in answer.text
    assert httpx.post(app.url + FORM, data={"kunci": "x"}).status_code == 404


def test_a_form_from_another_site_without_a_size_or_too_large_is_refused(app):
    foreign = {"Origin": "https://jahat.example", "Sec-Fetch-Site": "cross-site"}
    assert httpx.post(app.url + FORM, data={"kunci": "x"}, headers=foreign).status_code == 403
    assert httpx.post(app.url + FORM, content=iter([b"kunci=x"])).status_code == 411
    host, port = app.url.removeprefix("http://").split(":")
    head = f"POST {FORM} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: 25000001\r\n\r\n"
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(head.encode())
        assert connection.recv(100).split()[1] == b"413"

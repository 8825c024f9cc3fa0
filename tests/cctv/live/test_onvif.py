"""ONVIF: a real exchange of questions and answers; the digest is right, and only a checked address is used."""

import asyncio
import base64
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from cctv.errors import SnapshotError
from cctv.live import onvif
from cctv.live.client import PictureClient
from cctv.live.jpeg import encode

PICTURE = encode(np.full((90, 160, 3), (20, 160, 90), dtype=np.uint8))
SERVICE = "http://admin:kenari-rahasia@192.0.2.9/onvif/media_service"
PROFILES = b"""<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:t="http://www.onvif.org/ver10/media/wsdl">
<s:Body><t:GetProfilesResponse><t:Profiles token="utama"/><t:Profiles token="kecil"/></t:GetProfilesResponse></s:Body>
</s:Envelope>"""
URI = """<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:t="http://www.onvif.org/ver10/schema">
<s:Body><MediaUri><t:Uri>%s</t:Uri></MediaUri></s:Body></s:Envelope>"""
FAULT = b"<s:Envelope><s:Fault><s:Value>ter:NotAuthorized</s:Value></s:Fault></s:Envelope>"


def _answer(question: bytes, uri: str) -> bytes:
    if b"GetProfiles" in question:
        return PROFILES
    assert b"<ProfileToken>utama</ProfileToken>" in question
    return (URI % uri).encode()


def _asked(uri: str, questions: list[bytes] | None = None) -> str:
    async def post(question: bytes) -> bytes:
        if questions is not None:
            questions.append(question)
        return _answer(question, uri)

    return asyncio.run(onvif.snapshot_address(SERVICE, post))


def test_published_digest_example():
    nonce = base64.b64decode("LKqI6G/AikKCQrN0zqZFlg==")  # ONVIF Application Programmer's Guide 1.0, 6.1.1.3
    assert onvif.digest(nonce, "2010-09-16T07:50:45Z", "userpassword") == "tuOSpGlFlIXsozq4HFNeeGeFLEI="


def test_the_service_gets_a_digest_and_never_the_password():
    questions: list[bytes] = []
    assert _asked("http://192.0.2.9/snap.jpg?c=1", questions) == "http://admin:kenari-rahasia@192.0.2.9/snap.jpg?c=1"
    nonces = set()
    for question in questions:
        assert b"kenari" not in question
        nonce, created, given = (
            re.search(rb"<%b[^>]*>([^<]+)<" % name, question)[1].decode()
            for name in (b"Nonce", b"Created", b"Password")
        )
        assert given == onvif.digest(base64.b64decode(nonce), created, "kenari-rahasia")
        nonces.add(nonce)
    assert len(nonces) == 2


def test_the_login_stays_with_its_host():
    assert _asked("http://192.0.2.77/snap.jpg") == "http://192.0.2.77/snap.jpg"


@pytest.mark.parametrize("uri", ["", "file:///etc/passwd", "rtsp://192.0.2.9/x", "/snap.jpg"])
def test_other_addresses_are_none(uri):
    with pytest.raises(SnapshotError, match="garbage"):
        _asked(uri)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (FAULT, "login_refused"),
        (b"<html>", "garbage"),
        (b"", "garbage"),
        (b"<s:Envelope xmlns:s='x'/>", "garbage"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "garbage"),
    ],
    ids=["fault", "html", "nothing", "empty", "entities"],
)
def test_answers_that_are_none(answer, code):
    async def post(_question: bytes) -> bytes:
        return answer

    with pytest.raises(SnapshotError) as caught:
        asyncio.run(onvif.snapshot_address(SERVICE, post))
    assert caught.value.code == code
    assert "kenari" not in repr(caught.value)


class _Camera(BaseHTTPRequestHandler):
    """A camera without a login that says its picture is at ``said``."""

    said = ""

    def log_message(self, *_args):
        """Keep quiet."""

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        question = self.rfile.read(int(self.headers["Content-Length"]))
        assert self.headers["Content-Type"] == onvif.CONTENT_TYPE
        if self.path == "/terkunci":
            self._send(400, FAULT)
        else:
            self._send(200, _answer(question, self.said))

    def do_GET(self):
        self._send(200, PICTURE)


def test_the_picture_comes_from_where_the_camera_says(monkeypatch):
    client = PictureClient(())
    with ThreadingHTTPServer(("127.0.0.1", 0), _Camera) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        own = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            monkeypatch.setattr(_Camera, "said", f"{own}/snap.jpg")
            assert client.fetch(f"onvif+{own}/onvif/media_service", own).data == PICTURE
            assert client.poll({"k": (f"onvif+{own}/onvif/media_service", own)}) == {"k": ""}
            with pytest.raises(SnapshotError, match="login_refused"):
                client.fetch(f"onvif+{own}/terkunci", own)
            monkeypatch.setattr(_Camera, "said", "http://127.0.0.1:9/snap.jpg")  # another service of this machine
            with pytest.raises(SnapshotError, match="blocked_by_policy"):
                client.fetch(f"onvif+{own}/onvif/media_service", own)
        finally:
            client.close()
            server.shutdown()

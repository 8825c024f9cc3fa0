"""RTSP: real requests, logins and packets; whatever a camera answers, only the checked address is contacted."""

import asyncio
import socket
import struct
import threading
import time

import httpx
import pytest

from cctv.errors import SnapshotError
from cctv.live.address import Target
from cctv.live.client import PictureClient
from cctv.live.jpeg import size_of
from cctv.live.rtp import Coded, CodedPictures
from cctv.live.rtsp import coded_pictures
from cctv.live.rtsp_words import Login, video_track
from cctv.live.simulated_rtsp import PASSWORD, USERNAME

OK = "RTSP/1.0 200 OK\r\nCSeq: 1\r\n"
SDP = "v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:trackID=0\r\n"


@pytest.fixture
def client():
    one = PictureClient(())
    yield one
    one.close()


async def _first(url: str, login: tuple[str, str] | None = None) -> tuple[str, bytes]:
    target = Target(httpx.URL(url), httpx.URL(url).netloc.decode(), "127.0.0.1", login)
    async for codec, picture in coded_pictures(target):
        return codec, picture.data
    raise AssertionError


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_key_frames_decode_to_the_drawn_picture(simulator, client, decoders, codec):
    media = client.fetch(f"{simulator.video_url}/kamera/video-{codec}", simulator.video_url)
    assert media.kind == codec
    assert size_of(decoders.render(media.kind, media.data, 1280)) == (960, 540)
    with pytest.raises(SnapshotError, match=r"unreadable|garbage"):
        decoders.render(media.kind, media.data[:400], 640)


def test_one_connection_however_many_people(simulator, client):
    url = f"{simulator.video_url}/kamera/video-h264"
    futures = [client.start_fetch(url, simulator.video_url) for _ in range(20)]
    assert {future.result().kind for future in futures} == {"h264"}
    assert client.n_streams == 1


def test_digest_login(simulator):
    url = f"{simulator.video_url}/terkunci/video-h264"
    assert asyncio.run(_first(url, (USERNAME, PASSWORD)))[0] == "h264"
    for login in (None, (USERNAME, "kenari-rahasia")):
        with pytest.raises(SnapshotError) as caught:
            asyncio.run(_first(url, login))
        assert caught.value.code == "login_refused"
        assert "kenari" not in repr(caught.value)


@pytest.mark.parametrize(
    ("fault", "code"), [("refused", "dead"), ("login", "login_refused"), ("tiada", "no_such_picture")]
)
def test_faults(simulator, client, fault, code):
    with pytest.raises(SnapshotError) as caught:
        client.fetch(f"{simulator.video_url}/kamera/{fault}", simulator.video_url)
    assert caught.value.code == code


def test_silent_camera_ends_in_time(simulator, client):
    started = time.monotonic()
    with pytest.raises(SnapshotError, match="silent"):
        client.fetch(f"{simulator.video_url}/kamera/silent", simulator.video_url)
    assert time.monotonic() - started < 6


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("HTTP/1.1 200 OK\r\n\r\n", "garbage"),
        ("RTSP/1.0 500 No\r\nCSeq: 1\r\n\r\n", "garbage"),
        (OK + "Content-Length: 9999999\r\n\r\n", "too_large"),
        (OK + "Content-Length: 3\r\n\r\nv=0", "garbage"),
        ("x" * 40_000, "garbage"),
        ("", "dead"),
    ],
    ids=["http", "500", "endless", "no video", "no line end", "nothing"],
)
def test_answers_that_are_none(serving, client, answer, code):
    with serving(lambda c, _: c.sendall(answer.encode())) as base_url:
        url = base_url.replace("http", "rtsp")
        with pytest.raises(SnapshotError) as caught:
            client.fetch(url + "/x", url)
    assert caught.value.code == code


def test_redirects_and_foreign_addresses_are_not_contacted(serving, client):
    contacted = threading.Event()
    with serving(lambda _c, _e: contacted.set()) as inside:
        foreign = inside.replace("http", "rtsp") + "/x"
        sdp = SDP.replace("trackID=0", foreign)
        described = f"{OK}Content-Base: {foreign}\r\nContent-Length: {len(sdp)}\r\n\r\n{sdp}"
        for answer in (f"RTSP/1.0 302 Moved\r\nCSeq: 1\r\nLocation: {foreign}\r\n\r\n", described + f"{OK}\r\n" * 2):
            with serving(lambda c, _, answer=answer: c.sendall(answer.encode())) as base_url:
                url = base_url.replace("http", "rtsp")
                with pytest.raises(SnapshotError):
                    client.fetch(url + "/x", url)
        assert not contacted.wait(0.2)


def _fed(pictures: CodedPictures, packet: bytes) -> bytes | None:
    found = pictures.feed(packet)
    return found and found.data


def _packet(sequence: int, payload: bytes, *, last: bool = False, stamp: int = 9) -> bytes:
    return struct.pack(">BBHII", 0x80, (0x80 if last else 0) | 96, sequence, stamp, 1) + payload


def test_pieces_are_put_together_and_gaps_are_no_picture():
    pieces = [bytes([0x7C, 0x85]) + b"a" * 9, bytes([0x7C, 0x05]) + b"b" * 9, bytes([0x7C, 0x45]) + b"c" * 9]
    whole = CodedPictures("h264", [b"\x67sps", b"\x68pps"])
    got = [_fed(whole, _packet(65_534 + i & 0xFFFF, piece, last=i == 2)) for i, piece in enumerate(pieces)]
    start = b"\x00\x00\x00\x01"
    assert got == [
        None,
        None,
        start + b"\x67sps" + start + b"\x68pps" + start + b"\x65" + b"a" * 9 + b"b" * 9 + b"c" * 9,
    ]
    gap = CodedPictures("h264", [b"\x67sps", b"\x68pps"])
    assert [_fed(gap, _packet(i, pieces[i], last=i == 2)) for i in (0, 2)] == [None, None]
    several = CodedPictures("h264", [])
    units = b"".join(struct.pack(">H", len(unit)) + unit for unit in (b"\x67s", b"\x68p", b"\x65k"))
    assert (
        _fed(several, _packet(1, b"\x18" + units, last=True)) == start + b"\x67s" + start + b"\x68p" + start + b"\x65k"
    )


def test_pictures_between_key_frames_come_while_somebody_watches():
    pictures = CodedPictures("h264", [b"\x67sps", b"\x68pps"])
    assert pictures.feed(_packet(1, b"\x41plain", last=True)) is None
    pictures.everything = True
    assert pictures.feed(_packet(2, b"\x41plain", last=True)) == Coded(b"\x00\x00\x00\x01\x41plain", is_key=False)
    assert pictures.feed(_packet(4, b"\x41plain", last=True)) == Coded(b"", is_key=False)  # one was lost


def test_endless_picture_is_refused():
    frames = CodedPictures("h264", [])
    packets = (_packet(i, bytes([0x7C, 0x85 if i == 0 else 0x05]) + bytes(60_000)) for i in range(200))
    with pytest.raises(SnapshotError, match="too_large"):
        list(map(frames.feed, packets))


def test_published_digest_example():
    login = Login("Mufasa", "Circle of Life")  # RFC 7616, 3.9.1
    header = 'Digest realm="http-auth@example.org", qop="auth", algorithm=MD5, nonce="7ypf", opaque="FQhe"'
    assert login.challenge([header])
    said = login.header("GET", "/dir/index.html")
    assert 'opaque="FQhe"' in said
    assert "qop=auth, nc=00000001" in said
    assert "Circle" not in said
    assert not login.challenge([header])  # the same password would be refused again


def test_description_names_the_video():
    track = video_track("v=0\r\nm=audio 0 RTP/AVP 8\r\na=control:a\r\n" + SDP, "rtsp://k/live?x=1")
    assert (track.codec, track.control) == ("h264", "rtsp://k/trackID=0")


def test_nobody_listens(client):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        url = f"rtsp://127.0.0.1:{gone.getsockname()[1]}"
    with pytest.raises(SnapshotError) as caught:
        client.fetch(url + "/x", url)
    assert caught.value.code == "dead"

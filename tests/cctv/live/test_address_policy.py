"""What stands in the address field of a camera may not make us open or contact anything outside the camera networks."""

import asyncio
import threading
from ipaddress import ip_address, ip_network

import pytest

from cctv.errors import SnapshotError
from cctv.live.adapters import expanded
from cctv.live.address import checked_target, is_allowed
from cctv.live.client import PictureClient

CAMERAS = (ip_network("10.20.0.0/16"), ip_network("fd00:20::/32"))
EVERYTHING = (ip_network("0.0.0.0/0"), ip_network("::/0"))

FORBIDDEN = [
    "file:///etc/passwd", "/etc/passwd", "http://127.0.0.1:22", "http://[::1]", "http://[::ffff:127.0.0.1]/",
    "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/", "http://localhost/",
    "http://0.0.0.0/", "http://169.254.169.254/latest", "http://[fe80::1]/", "http://224.0.0.1/", "ftp://10.20.0.1/",
    "gopher://10.20.0.1/", "rtsp://127.0.0.1/", "http://", "http:///x", "", "data:image/jpeg;base64,AA", "http://[",
    "http://10.20.0.1@127.0.0.1/", "http://127.0.0.1#@10.20.0.1/", "simulasi:../x",
    "file:/etc/passwd", "FILE:///etc/passwd", "file,/etc/passwd", "concat:/etc/passwd|/etc/hosts", "cache:/etc/passwd",
    "async:file:/etc/passwd", "subfile,,start,0,end,9,,:/etc/passwd", "crypto:/etc/passwd", "img%03d.jpg",
    "/dev/video0", "pipe:0", "fd:0", "unix:/run/x", "0", "tcp://10.20.0.1:22", "tcp://0.0.0.0:9000?listen=1",
    "udp://10.20.0.1:5000", "rtmp://10.20.0.1/x", "rtp://10.20.0.1:5000", "rtsps://10.20.0.1/", "rtspu://10.20.0.1/", "srt://10.20.0.1:9",
    "http+unix://%2Frun%2Fx", "httpproxy://10.20.0.1/", "tls://10.20.0.1:443", "mmsh://10.20.0.1/", "ws://10.20.0.1/",
    "v4l2src ! appsink", "lavfi:testsrc", "playlist.m3u8", "ffconcat version 1.0", "hls+http://10.20.0.1/x.m3u8",
    "rtsp://localhost:554/x", "rtsp://[::1]:554/", "rtsp://0/x", "rtsp://2130706433/", "rtsp://0177.1/x",
    "rtsp://10.20.0.1@127.0.0.1/", "rtsp://169.254.169.254/", "http://①②⑦.0.0.1/", "http://10.20.0.1%2f@127.0.0.1/",
    "http://[::ffff:7f00:1]/", "http://[::]/", "http://255.255.255.255:8080@127.0.0.1/", "http://10.20.0.1:22/",
    "http://10.20.0.1:25/x.jpg", "http://10.20.0.1:3306/", "rtsp://10.20.0.1:8501/", "http://10.20.0.1:0/",
    "http://10.20.0.1:99999/", "http:10.20.0.1", "//10.20.0.1/x", "http://10.20.0.1\r\nHost: x/", "\x00http://10.20.0.1/",
    "http://exa mple/", "javascript:alert(1)", "exec:ls", "go2rtc+file:///etc/passwd",
]  # fmt: skip


@pytest.mark.parametrize("address", FORBIDDEN)
def test_forbidden_even_if_every_network_is_allowed(address):
    with pytest.raises(SnapshotError) as caught:
        asyncio.run(checked_target(address, EVERYTHING, ""))
    assert caught.value.code == "blocked_by_policy"


REAL = [
    "http://10.20.0.9/snap.jpg", "http://10.20.0.9/snapshot.jpg", "http://10.20.0.9/image.jpg", "http://10.20.0.9/jpg/image.jpg",
    "http://10.20.0.9/axis-cgi/jpg/image.cgi?resolution=640x480", "http://10.20.0.9/axis-cgi/mjpg/video.cgi",
    "http://10.20.0.9/ISAPI/Streaming/channels/101/picture", "http://10.20.0.9/Streaming/channels/1/picture",
    "http://10.20.0.9/cgi-bin/snapshot.cgi?channel=1", "http://10.20.0.9/cgi-bin/mjpg/video.cgi?channel=1&subtype=1",
    "http://10.20.0.9/onvif-http/snapshot?Profile_1", "http://10.20.0.9/onvifsnapshot/media_service/snapshot?channel=1",
    "http://10.20.0.9:88/cgi-bin/CGIProxy.fcgi?cmd=snapPicture2&usr=a&pwd=b", "http://10.20.0.9/tmpfs/auto.jpg",
    "http://10.20.0.9/cgi-bin/viewer/video.jpg", "http://10.20.0.9/cgi-bin/api.cgi?cmd=Snap&channel=0&rs=abc",
    "http://10.20.0.9/SnapshotJPEG?Resolution=640x480", "http://10.20.0.9:8080/video.mjpeg", "http://10.20.0.9:81/stream",
    "http://10.20.0.9:8081/", "http://10.20.0.9/0/current", "https://10.20.0.9/snap.jpg", "https://10.20.0.9:8443/snap.jpg",
    "http://10.20.0.9:1984/api/frame.jpeg?src=cam", "http://10.20.0.9:5000/api/cam/latest.jpg?h=720",
    "http://10.20.0.9:8888/cam/index.m3u8", "http://10.20.0.9:8080/hls/cam.m3u8", "http://a:b%40c@10.20.0.9/snap.jpg",
    "rtsp://10.20.0.9/", "rtsp://10.20.0.9:554/Streaming/Channels/102", "rtsp://10.20.0.9:554/h264Preview_01_sub",
    "rtsp://a:b@10.20.0.9:554/cam/realmonitor?channel=1&subtype=1", "rtsp://10.20.0.9/axis-media/media.amp?videocodec=h264",
    "rtsp://10.20.0.9:8554/cam", "rtsp://10.20.0.9/live/ch00_0", "rtsp://10.20.0.9/onvif1", "rtsp://10.20.0.9/11",
    "rtsp://10.20.0.9:7447/5a5a", "rtsp://10.20.0.9/user=a_password=b_channel=1_stream=1.sdp", "rtsp://10.20.0.9/media/video1",
    "RTSP://10.20.0.9/live1.sdp", "rtsp://[fd00:20::9]:554/live",
]  # fmt: skip


@pytest.mark.parametrize("address", REAL)
def test_real_cameras_are_not_refused(address):
    target = asyncio.run(checked_target(address, CAMERAS, ""))
    assert target.url.host in ("10.20.0.9", "fd00:20::9")
    assert target.url.userinfo == b""


@pytest.mark.parametrize(
    ("address", "becomes"),
    [
        ("go2rtc+http://10.20.0.5:1984/simpang lima", "http://10.20.0.5:1984/api/frame.jpeg?src=simpang%20lima"),
        ("frigate+http://a:b@10.20.0.5:5000/pasar", "http://a:b@10.20.0.5:5000/api/pasar/latest.jpg?h=720"),
        ("relai:kota/../x?y", "http://10.20.0.5:8888/kota%2F..%2Fx%3Fy/index.m3u8"),
        ("http://10.20.0.9/a+b.jpg", "http://10.20.0.9/a+b.jpg"),
    ],
)
def test_relays(address, becomes):
    assert expanded(address, "http://10.20.0.5:8888/{nama}/index.m3u8") == becomes


@pytest.mark.parametrize("address", ["relai:", "relai:..", "go2rtc+ftp://10.20.0.5/x", "frigate+http://10.20.0.5/"])
def test_relays_that_cannot_be_used(address):
    with pytest.raises(SnapshotError, match="blocked_by_policy"):
        expanded(address, "http://10.20.0.5/{nama}")


@pytest.mark.parametrize("address", ["http://8.8.8.8/x.jpg", "http://10.21.0.1/", "http://134744072/"])
def test_outside_the_camera_networks(address):
    with pytest.raises(SnapshotError) as caught:
        asyncio.run(checked_target(address, CAMERAS, ""))
    assert caught.value.code == "blocked_by_policy"


def test_nothing_is_allowed_by_default():
    with pytest.raises(SnapshotError) as caught:
        asyncio.run(checked_target("http://10.20.0.1/", (), ""))
    assert caught.value.code == "blocked_by_policy"


def test_camera_address_is_taken_apart():
    target = asyncio.run(checked_target("http://lihat:r%40hasia@10.20.3.4:8080/snap.jpg?ch=1", CAMERAS, ""))
    assert str(target.url) == "http://10.20.3.4:8080/snap.jpg?ch=1"
    assert (target.host, target.login) == ("10.20.3.4:8080", ("lihat", "r@hasia"))


@pytest.mark.parametrize(
    "spoof", ["http://127.0.0.1:5000@10.9.9.9/", "http://127.0.0.1:50001/", "http://127.0.0.1:5000"]
)
def test_only_the_simulator_itself_is_the_simulator(spoof):
    with pytest.raises(SnapshotError) as caught:
        asyncio.run(checked_target(spoof, CAMERAS, "http://127.0.0.1:5000"))
    assert caught.value.code == "blocked_by_policy"


def test_addresses_compare_as_numbers():
    assert is_allowed(ip_address("::ffff:10.20.0.9"), CAMERAS)
    assert is_allowed(ip_address("fd00:20::5"), CAMERAS)
    assert not is_allowed(ip_address("10.21.0.9"), CAMERAS)


def test_redirects_are_not_followed(serving):
    contacted = threading.Event()
    with serving(lambda _c, _e: contacted.set()) as inside:
        answer = f"HTTP/1.1 302 Found\r\nLocation: {inside}/x\r\nContent-Length: 0\r\n\r\n".encode()
        with serving(lambda c, _: c.sendall(answer)) as base_url:
            client = PictureClient(())
            with pytest.raises(SnapshotError) as caught:
                client.fetch(base_url + "/x", base_url)
            client.close()
    assert caught.value.code == "blocked_by_policy"
    assert not contacted.is_set()


def test_password_stays_out_of_errors():
    client = PictureClient((ip_network("198.51.100.0/24"),))
    with pytest.raises(SnapshotError) as caught:
        client.fetch("http://admin:kenari-rahasia@198.51.100.7:9/x.jpg")
    client.close()
    assert "kenari" not in f"{caught.value!r} {caught.value} {caught.value.params}"

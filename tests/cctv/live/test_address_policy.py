"""What stands in the address field of a camera may not make us open or contact anything outside the camera networks."""

import asyncio
import threading
from ipaddress import ip_address, ip_network

import pytest

from cctv.errors import SnapshotError
from cctv.live.address import checked_target, is_allowed
from cctv.live.client import PictureClient

CAMERAS = (ip_network("10.20.0.0/16"), ip_network("fd00:20::/32"))
EVERYTHING = (ip_network("0.0.0.0/0"), ip_network("::/0"))

FORBIDDEN = [
    "file:///etc/passwd", "/etc/passwd", "http://127.0.0.1:22", "http://[::1]", "http://[::ffff:127.0.0.1]/",
    "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/", "http://localhost/",
    "http://0.0.0.0/", "http://169.254.169.254/latest", "http://[fe80::1]/", "http://224.0.0.1/", "ftp://10.20.0.1/",
    "gopher://10.20.0.1/", "rtsp://10.20.0.1/", "http://", "http:///x", "", "data:image/jpeg;base64,AA", "http://[",
    "http://10.20.0.1@127.0.0.1/", "http://127.0.0.1#@10.20.0.1/", "simulasi:../x",
]  # fmt: skip


@pytest.mark.parametrize("address", FORBIDDEN)
def test_forbidden_even_if_every_network_is_allowed(address):
    with pytest.raises(SnapshotError) as caught:
        asyncio.run(checked_target(address, EVERYTHING, ""))
    assert caught.value.code == "blocked_by_policy"


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

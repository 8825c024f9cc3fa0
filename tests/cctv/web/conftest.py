"""The real app, once for all tests of this folder; the addresses of two of its cameras carry a password to look for."""

import sys
from pathlib import Path

import pytest

from cctv.registry import Registry
from cctv.registry.cameras import get_camera, update_camera

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from served import serve

KEY = "kunci-uji-kunci-uji-kunci-uji-kunci-uji"
CANARY = "kenariRahasia77"
SECRETS = {
    "K-0021": f"http://lihat:{CANARY}@198.51.100.7/snap.jpg?pwd={CANARY}",
    "K-0022": f"rtsp://lihat:{CANARY}@198.51.100.8:554/live",
}


@pytest.fixture(scope="session")
def canary() -> str:
    return CANARY


@pytest.fixture(scope="session")
def app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("app")
    registry = Registry.open(folder / "cameras.duckdb", secret_key=KEY)
    for camera_id, address in SECRETS.items():
        version = get_camera(registry, camera_id).version
        update_camera(registry, "admin", camera_id, version, {"stream_address": address}, "uji")
    registry.close()
    with serve(folder, CCTV_SECRET_KEY=KEY, CCTV_CAMERA_NETWORKS="198.51.100.0/24") as served:
        yield served

"""A real simulator process with a hand-made scene, and a real server whose answers a test chooses byte by byte."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import Any

import geopandas as gpd
import pytest
import shapely

from cctv.live.client import DEADLINE_S, PictureClient
from cctv.live.decoding import Decoders
from cctv.live.pictures import Pictures
from cctv.live.scene_file import FORMAT, CameraView, Fault, write_scene
from cctv.live.snapd_client import SnapdPictures
from cctv.live.supervisor import Simulator
from cctv.registry import Registry
from cctv.services.runtime import snapd_of
from cctv.services.simulation import start_simulation
from cctv.settings import read_settings

KEY = "kunci-uji-kunci-uji-kunci-uji-kunci-uji"
FAULTS: tuple[Fault, ...] = ("", "refused", "silent", "garbage", "login", "frozen", "slow")
PATIENT_S = DEADLINE_S + 1.0
Answer = Callable[[socket.socket, threading.Event], None]


def camera_view(camera_id: str, fault: Fault = "") -> CameraView:
    """A street to the north with one house on each side."""
    return {
        "camera_id": camera_id,
        "name": "Kamera uji",
        "owner": "Dinas contoh",
        "fault": fault,
        "height_m": 6.0,
        "azimuth_deg": 0.0,
        "azimuth_known": True,
        "position_known": True,
        "tilt_deg": 12.0,
        "hfov_deg": 80.0,
        "buildings": [
            {"ring": [[x, 12], [x + 9, 12], [x + 9, 22], [x, 22]], "height_m": 4.0, "building_class": "house"}
            for x in (-16.0, 7.0)
        ],
        "streets": [{"line": [[0, -60], [0, 110]], "width_m": 8.0}],
    }


@pytest.fixture(scope="session")
def scene_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scene") / "scene.json"
    cameras = {fault or "baik": camera_view(fault or "baik", fault) for fault in FAULTS}
    cameras |= {"video-h264": camera_view("video-h264"), "video-hevc": camera_view("video-hevc")}
    cameras["video-h264"]["video"] = "h264"
    cameras["video-hevc"]["video"] = "hevc"
    write_scene(path, {"format": FORMAT, "cameras": cameras})
    return path


@pytest.fixture(scope="session")
def simulator(scene_file: Path) -> Iterator[Simulator]:
    running = Simulator(scene_file)
    running.start()
    yield running
    running.stop()


@dataclass
class City:
    """The three layers that the simulation needs."""

    boundary: shapely.Polygon = field(default_factory=lambda: shapely.box(657_000, 9_172_000, 661_000, 9_176_000))
    streets: gpd.GeoDataFrame = field(
        default_factory=lambda: gpd.GeoDataFrame(
            {"width_m": [8.0]},
            geometry=[shapely.LineString([(657_000, 9_174_000), (661_000, 9_174_010)])],
            crs="EPSG:32749",
        )
    )
    buildings: gpd.GeoDataFrame = field(
        default_factory=lambda: gpd.GeoDataFrame(
            {"height_m": [4.0], "building_class": ["house"]},
            geometry=[shapely.box(659_000, 9_174_020, 659_010, 9_174_030)],
            crs="EPSG:32749",
        )
    )


@dataclass
class House:
    """A runtime with a real register and a small city."""

    settings: Any
    registry: Registry
    pictures: SnapdPictures
    city: City = field(default_factory=City)
    simulator: Any = None
    lock: RLock = field(default_factory=RLock)

    @property
    def cache_dir(self) -> Path:
        return self.settings.cache_dir


@pytest.fixture(scope="session")
def house(tmp_path_factory):
    folder = tmp_path_factory.mktemp("house")
    values = {"CCTV_DATABASE": str(folder / "r.duckdb"), "CCTV_CACHE_DIR": str(folder), "CCTV_SECRET_KEY": KEY}
    settings = read_settings(values)
    registry = Registry.open(settings.database, secret_key=KEY)
    runtime = House(settings, registry, snapd_of(settings))
    runtime.pictures.start()
    start_simulation(runtime)
    yield runtime
    runtime.simulator.stop()
    runtime.pictures.close()
    registry.close()


@pytest.fixture(scope="session")
def decoders() -> Iterator[Decoders]:
    running = Decoders(2)
    yield running
    running.close()


@pytest.fixture
def pictures(decoders: Decoders) -> Iterator[Callable[..., Pictures]]:
    """Pictures without a process of their own, and as patient as a busy machine needs."""
    made: list[Pictures] = []

    def make(simulator=None) -> Pictures:
        made.append(Pictures(PictureClient(()), _Shared(decoders), simulator, patience_s=PATIENT_S))
        return made[-1]

    yield make
    for one in made:
        one.close()


class _Shared:
    """Decoders that outlive one test."""

    def __init__(self, decoders: Decoders) -> None:
        self.render = decoders.render

    def close(self) -> None:
        """Leave them running."""


@contextmanager
def _serving(answer: Answer) -> Iterator[str]:
    ending = threading.Event()
    threads: list[threading.Thread] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def one(connection: socket.socket) -> None:
        with connection:
            try:
                request = b""
                while not request.endswith(b"\r\n\r\n") and (part := connection.recv(65536)):
                    request += part  # closing with a part unread would reset the connection
                answer(connection, ending)
            except OSError:
                return  # the client hung up, which is what most of these tests want

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threads.append(threading.Thread(target=one, args=(connection,), daemon=True))
            threads[-1].start()

    acceptor = threading.Thread(target=accept, daemon=True)
    acceptor.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        ending.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for thread in [acceptor, *threads]:
            thread.join(5)


@pytest.fixture
def serving() -> Callable[[Answer], "contextmanager[str]"]:
    """Serve one answer on loopback; the client is told it is the simulator, the only loopback address allowed."""
    return _serving

"""Demo mode: start the simulator with every camera of the register, standing where the register says."""

import zlib

import numpy as np
import shapely

from cctv.geodata import CityLayers
from cctv.geodata.lonlat import to_metres
from cctv.live.scene import SceneCamera, build_scene, write_scene
from cctv.live.scene_file import Fault, Video
from cctv.live.supervisor import Simulator
from cctv.registry.cameras import list_cameras
from cctv.registry.models import Camera, Point
from cctv.registry.points import list_points
from cctv.services.runtime import Runtime

SCENE_FILE = "simulator-scene.json"
_VIDEO: tuple[Video, ...] = ("h264", "hevc", "", "", "", "", "", "")
_FAULTS: dict[str, tuple[Fault, ...]] = {
    "maintenance": ("refused",),
    "off": ("refused", "silent", "login"),
    "trouble": ("frozen", "garbage"),
}


def start_simulation(runtime: Runtime) -> Simulator:
    """Start the simulator and let pictures come from it; does nothing if it runs.

    Parameters
    ----------
    runtime : Runtime
        The running process; its ``simulator`` and ``pictures.simulator`` are set.

    Returns
    -------
    Simulator
        The running simulator.

    Raises
    ------
    SnapshotError
        If the simulator does not come up.
    GeodataError, RegistryError
        If the city layers or the register cannot be read.
    OSError
        If the scene file cannot be written.
    """
    with runtime.lock:
        if runtime.simulator is not None:
            return runtime.simulator
        city = runtime.city
        points = {point.point_id: point for point in list_points(runtime.registry)}
        stand_in = _centre_of_streets(city)
        cameras = [
            _scene_camera(camera, points[camera.point_id], stand_in)
            for camera in list_cameras(runtime.registry)
            if camera.status != "removed"
        ]
        scene_file = runtime.cache_dir / SCENE_FILE
        write_scene(scene_file, build_scene(cameras, city.buildings, city.streets))
        simulator = Simulator(scene_file)
        simulator.video_ids = frozenset(one.camera_id for one in cameras if one.video)
        simulator.start()
        runtime.simulator = simulator
        runtime.pictures.simulator = simulator
        return simulator


def fault_of(camera_id: str, status: str) -> Fault:
    """Choose how a camera misbehaves; the same one each time.

    Parameters
    ----------
    camera_id : str
        Which camera.
    status : str
        Status in the register.

    Returns
    -------
    str
        Fault, empty for a working camera.
    """
    choices = _FAULTS.get(status)
    return choices[zlib.crc32(camera_id.encode()) % len(choices)] if choices else ""


def video_of(camera_id: str) -> Video:
    """Choose what a camera speaks: most give pictures over HTTP, some video over RTSP; the same one each time.

    Parameters
    ----------
    camera_id : str
        Which camera.

    Returns
    -------
    str
        Codec of its video, empty for pictures.
    """
    return _VIDEO[zlib.crc32(f"siaran {camera_id}".encode()) % len(_VIDEO)]


def _scene_camera(camera: Camera, point: Point, stand_in: tuple[float, float]) -> SceneCamera:
    x_m, y_m = stand_in
    position_known = False
    if point.lon is not None and point.lat is not None:
        position_known = True
        east, north = to_metres([point.lon], [point.lat])
        x_m, y_m = float(east[0]), float(north[0])
    return SceneCamera(
        camera_id=camera.camera_id,
        name=camera.name,
        owner=camera.agency_name,
        x_m=x_m,
        y_m=y_m,
        height_m=camera.height_m,
        azimuth_deg=camera.azimuth_deg,
        tilt_deg=camera.tilt_deg,
        hfov_deg=camera.hfov_deg,
        position_known=position_known,
        fault=fault_of(camera.camera_id, camera.status),
        video=video_of(camera.camera_id),
    )


def _centre_of_streets(city: CityLayers) -> tuple[float, float]:
    """Give the place on a street nearest to the middle of the city; it stands in for unknown positions."""
    middle = city.boundary.centroid
    lines = np.asarray(city.streets.geometry)
    nearest = lines[shapely.STRtree(lines).nearest(middle)]
    place = nearest.interpolate(nearest.project(middle))
    return place.x, place.y

"""The scene file: what each simulated camera looks at, as JSON between the app and the simulator process."""

import json
from pathlib import Path
from typing import Literal, NotRequired, TypedDict, cast

Fault = Literal["", "refused", "silent", "garbage", "login", "frozen", "slow"]
Video = Literal["", "h264", "hevc"]
FORMAT = 1

Ring = list[list[float]]


class SceneBuilding(TypedDict):
    """One building: corners relative to the camera [m], height [m] and class."""

    ring: Ring
    height_m: float
    building_class: str


class SceneStreet(TypedDict):
    """One street: line relative to the camera [m] and width [m]."""

    line: Ring
    width_m: float


class CameraView(TypedDict):
    """Everything the simulator knows of one camera; east is x, north is y [m]."""

    camera_id: str
    name: str
    owner: str
    fault: Fault
    video: NotRequired[Video]
    height_m: float
    azimuth_deg: float
    azimuth_known: bool
    position_known: bool
    tilt_deg: float
    hfov_deg: float
    buildings: list[SceneBuilding]
    streets: list[SceneStreet]


class Scene(TypedDict):
    """All cameras of the simulator by id."""

    format: int
    cameras: dict[str, CameraView]


def write_scene(path: Path, scene: Scene) -> None:
    """Write the scene file, whole or not at all.

    Parameters
    ----------
    path : Path
        File to write; its folder is made if need be.
    scene : dict
        As :func:`cctv.live.scene.build_scene` gives it.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(path.suffix + ".part")
    half.write_text(json.dumps(scene, separators=(",", ":"), sort_keys=True), encoding="utf-8")
    half.replace(path)


def read_scene(path: Path) -> Scene:
    """Read the scene file.

    Parameters
    ----------
    path : Path
        File that :func:`write_scene` wrote.

    Returns
    -------
    dict
        The scene.

    Raises
    ------
    OSError
        If the file cannot be read.
    ValueError
        If it is not JSON or of another format.
    """
    scene = cast("Scene", json.loads(path.read_text(encoding="utf-8")))
    if scene.get("format") != FORMAT:
        raise ValueError(f"{path}: format {scene.get('format')!r}, expected {FORMAT}")
    return scene

"""Build what each simulated camera looks at from the buildings and streets around it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from cctv.live.scene_file import FORMAT, CameraView, Fault, Ring, Scene, SceneBuilding, SceneStreet, Video, write_scene

__all__ = ["SceneCamera", "build_scene", "write_scene"]

Geometries = npt.NDArray[np.object_]

METRES = "EPSG:32749"
SIGHT_M = 120.0
#: What stands nearer carries the camera or would fill the whole picture; it is left out.
CLEAR_M = 3.0
SHORTEST_M = 1.0
MOST_BUILDINGS = 160
DEFAULT_HEIGHT_M = 6.0
DEFAULT_TILT_DEG = 12.0
DEFAULT_HFOV_DEG = 80.0
#: A flat picture wider than this is only stretched; cameras that see all round are drawn as this piece of it.
WIDEST_HFOV_DEG = 100.0


@dataclass(frozen=True)
class SceneCamera:
    """One camera to simulate.

    Attributes
    ----------
    x_m, y_m : float
        Position [m], EPSG:32749.
    height_m, azimuth_deg, tilt_deg, hfov_deg : float or None
        As in the register; None where unknown.
    position_known : bool
        False if the position only stands in for an unknown one; the picture says so.
    fault : str
        How the camera misbehaves; empty if it works.
    video : {"", "h264", "hevc"}
        What it speaks over RTSP; empty if it gives pictures over HTTP.
    """

    camera_id: str
    name: str
    owner: str
    x_m: float
    y_m: float
    height_m: float | None = None
    azimuth_deg: float | None = None
    tilt_deg: float | None = None
    hfov_deg: float | None = None
    position_known: bool = True
    fault: Fault = ""
    video: Video = ""


def build_scene(cameras: Iterable[SceneCamera], buildings: gpd.GeoDataFrame, streets: gpd.GeoDataFrame) -> Scene:
    """Collect what stands around each camera.

    Parameters
    ----------
    cameras : iterable of SceneCamera
        Cameras, EPSG:32749.
    buildings : geopandas.GeoDataFrame
        Columns height_m [m] and building_class, polygons in EPSG:32749.
    streets : geopandas.GeoDataFrame
        Column width_m [m], lines in EPSG:32749.

    Returns
    -------
    dict
        Scene with one entry per camera, by id.

    Raises
    ------
    ValueError
        If a table is not in EPSG:32749.
    """
    for name, table in (("buildings", buildings), ("streets", streets)):
        if table.crs is None or table.crs.to_string() != METRES:
            raise ValueError(f"{name}: CRS {table.crs}, expected {METRES}")
    stock = _Around(buildings, streets)
    ordered = sorted(cameras, key=lambda camera: camera.camera_id)
    return {"format": FORMAT, "cameras": {camera.camera_id: stock.view_of(camera) for camera in ordered}}


class _Around:
    """Buildings and streets, ready to be asked what is near a place."""

    def __init__(self, buildings: gpd.GeoDataFrame, streets: gpd.GeoDataFrame) -> None:
        self._houses = cast("list[shapely.Polygon]", list(buildings.geometry))
        self._heights = buildings["height_m"].to_numpy(dtype=float)
        self._classes = buildings["building_class"].to_numpy(dtype=str)
        self._lines: Geometries = np.asarray(streets.geometry)
        self._widths = streets["width_m"].to_numpy(dtype=float)
        self._house_tree = shapely.STRtree(self._houses)
        self._line_tree = shapely.STRtree(self._lines)

    def view_of(self, camera: SceneCamera) -> CameraView:
        """Collect one camera's surroundings."""
        hfov_deg = DEFAULT_HFOV_DEG if camera.hfov_deg is None else camera.hfov_deg
        return {
            "camera_id": camera.camera_id,
            "name": camera.name,
            "owner": camera.owner,
            "fault": camera.fault,
            "video": camera.video,
            "height_m": DEFAULT_HEIGHT_M if camera.height_m is None else camera.height_m,
            "azimuth_deg": camera.azimuth_deg or 0.0,
            "azimuth_known": camera.azimuth_deg is not None or hfov_deg >= 360.0,  # noqa: PLR2004 - all round
            "position_known": camera.position_known,
            "tilt_deg": DEFAULT_TILT_DEG if camera.tilt_deg is None else camera.tilt_deg,
            "hfov_deg": min(hfov_deg, WIDEST_HFOV_DEG),
            "buildings": self._near_buildings(camera.x_m, camera.y_m),
            "streets": self._near_streets(camera.x_m, camera.y_m),
        }

    def _near_buildings(self, x_m: float, y_m: float) -> list[SceneBuilding]:
        here = shapely.Point(x_m, y_m)
        found = self._house_tree.query(here, predicate="dwithin", distance=SIGHT_M)
        ranked = sorted((self._houses[i].distance(here), i) for i in found.tolist())
        nearest = [i for distance_m, i in ranked if distance_m > CLEAR_M]
        return [
            {
                "ring": _relative(self._houses[i].exterior, x_m, y_m)[:-1],
                "height_m": round(float(self._heights[i]), 2),
                "building_class": str(self._classes[i]),
            }
            for i in nearest[:MOST_BUILDINGS]
        ]

    def _near_streets(self, x_m: float, y_m: float) -> list[SceneStreet]:
        window = shapely.Point(x_m, y_m).buffer(SIGHT_M)
        found = np.sort(self._line_tree.query(window, predicate="intersects"))
        parts, of = shapely.get_parts(shapely.intersection(self._lines[found], window), return_index=True)
        return [
            {"line": _relative(line, x_m, y_m), "width_m": round(float(self._widths[found[i]]), 2)}
            for line, i in zip(parts.tolist(), of.tolist(), strict=True)
            if line.length > SHORTEST_M
        ]


def _relative(line: shapely.Geometry, x_m: float, y_m: float) -> Ring:
    return np.round(shapely.get_coordinates(line) - (x_m, y_m), 2).tolist()

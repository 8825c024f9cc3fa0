"""Cameras of the register as the engine sees them: what each sees for certain, and at most where it is not known."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cctv.geodata.lonlat import to_metres
from cctv.registry.models import Camera
from cctv.registry.verified import VerifiedView
from cctv.services.mapdata import PointOnMap
from cctv.services.verified import valid_areas, with_verified
from coverage.mounts import mounted
from coverage.observers import Observers
from coverage.obstacles import Obstacles
from coverage.viewshed import observers_inside, visible_polygons

#: Taken where the register does not say; every one is shown as unknown and makes no camera certain.
USUAL_HEIGHT_M, USUAL_HFOV_DEG, USUAL_RANGE_M = 5.0, 80.0, 50.0
#: A worded direction may be this far off on either side [deg].
WORDED_SLACK_DEG = 45.0
#: A position that may be further off than this makes no camera certain [m].
LARGEST_ERROR_M = 25.0
CERTAIN_POSITIONS = ("A", "B", "synthetic")
CERTAIN_AZIMUTHS = ("measured", "aimed")
FULL_CIRCLE_DEG = 360.0


@dataclass(frozen=True, eq=False)
class Watching:
    """What placed cameras see.

    Attributes
    ----------
    camera_id : tuple of str, length n
        Placed cameras that are not removed, by id.
    is_on : ndarray of bool, shape (n,)
        Whether the register calls the camera on.
    is_certain : ndarray of bool, shape (n,)
        Whether position, direction and lens are known well enough to count.
    observers : Observers
        Cameras as they are computed; what is unknown is widened.
    resolution_px : ndarray of float64, shape (n,)
        Width of the pictures; NaN where the register does not say [px].
    area : ndarray of Polygon or MultiPolygon, shape (n,)
        What a certain camera sees, or an uncertain one may see at most, EPSG:32749 [m].
    is_verified : ndarray of bool, shape (n,)
        Whether a person has seen the area in the picture; it then stands in the place of the computed one.
    guessed_position, guessed_azimuth : int
        How many cameras are uncertain for which reason.
    moved, inside : int
        How many stood in or at a building and were moved before its wall; how many stand inside one and see nothing.
    """

    camera_id: tuple[str, ...]
    is_on: NDArray[np.bool_]
    is_certain: NDArray[np.bool_]
    observers: Observers
    resolution_px: NDArray[np.float64]
    area: NDArray[np.object_]
    is_verified: NDArray[np.bool_]
    guessed_position: int
    guessed_azimuth: int
    moved: int
    inside: int


@dataclass(frozen=True)
class _View:
    """One camera as it is computed."""

    x_m: float
    y_m: float
    height_m: float
    azimuth_deg: float
    hfov_deg: float
    range_m: float
    tilt_deg: float
    vfov_deg: float


def watch(
    points: Sequence[PointOnMap], obstacles: Obstacles, views: Mapping[str, VerifiedView] | None = None, *,
    see: Callable[[Observers], NDArray[np.object_]] | None = None,
) -> Watching:  # fmt: skip
    """Compute what every placed camera sees.

    Parameters
    ----------
    points : sequence of PointOnMap
        Points of the register; those without a position are left out.
    obstacles : Obstacles
        Buildings.
    views : mapping of str to VerifiedView, optional
        Verified views by id of the camera; those that still hold take the place of what is computed.
    see : callable, optional
        Gives the viewsheds of cameras between these buildings; computes them all if not given.

    Returns
    -------
    Watching
        By id of the camera.
    """
    placed = sorted(
        ((item, camera) for item in points if item.is_placed for camera in item.cameras),
        key=lambda pair: pair[1].camera_id,
    )
    position = np.array([is_certain_position(item) for item, _ in placed], np.bool_)
    direction = np.array([is_certain_view(item, k) for item, k in _numbered(placed)], np.bool_)
    mounts = [item.point.mount for item, _ in placed]
    hung = mounted(obstacles, _observers([_view(item, k) for item, k in _numbered(placed)], mounts))
    observers = hung.observers
    computed = Watching(
        camera_id=tuple(camera.camera_id for _, camera in placed),
        is_on=np.array([camera.status == "on" for _, camera in placed], np.bool_),
        is_certain=position & direction,
        observers=observers,
        resolution_px=np.array([camera.resolution_px or np.nan for _, camera in placed], np.float64),
        area=see(observers) if see else visible_polygons(obstacles, observers),
        is_verified=np.zeros(len(placed), np.bool_),
        guessed_position=int((~position).sum()),
        guessed_azimuth=int((~direction).sum()),
        moved=int((hung.moved_m > 0).sum()),
        inside=int(observers_inside(obstacles, observers).sum()),
    )
    return with_verified(computed, valid_areas(points, views or {}))


def _numbered(placed: list[tuple[PointOnMap, Camera]]) -> list[tuple[PointOnMap, int]]:
    return [(item, next(k for k, c in enumerate(item.cameras) if c is camera)) for item, camera in placed]


def is_certain_position(item: PointOnMap) -> bool:
    """Tell whether a point stands where the register says, near enough for a viewshed.

    Parameters
    ----------
    item : PointOnMap
        The point.

    Returns
    -------
    bool
        False for guesses and for errors above 25 m.
    """
    error_m = item.point.est_error_m
    return item.point.position_certainty in CERTAIN_POSITIONS and (error_m is None or error_m <= LARGEST_ERROR_M)


def is_certain_view(item: PointOnMap, index: int) -> bool:
    """Tell whether direction, lens and range of a camera are known.

    Parameters
    ----------
    item : PointOnMap
        The point.
    index : int
        Which of its cameras.

    Returns
    -------
    bool
        True if it sees all round or its direction was measured or aimed, and lens and range are given.
    """
    camera = item.cameras[index]
    if camera.hfov_deg is None or camera.range_m is None:
        return False
    return camera.hfov_deg >= FULL_CIRCLE_DEG or camera.azimuth_source in CERTAIN_AZIMUTHS


def _view(item: PointOnMap, index: int) -> _View:
    """Widen what is unknown: a worded direction by 45 degrees on either side, no direction to the full circle."""
    camera = item.cameras[index]
    x_m, y_m = to_metres(item.point.lon or 0.0, item.point.lat or 0.0)
    hfov, azimuth = camera.hfov_deg or USUAL_HFOV_DEG, camera.azimuth_deg
    tilt, vfov = camera.tilt_deg, camera.vfov_deg
    if hfov >= FULL_CIRCLE_DEG or azimuth is None:
        hfov, azimuth = FULL_CIRCLE_DEG, float("nan")
    elif camera.azimuth_source not in CERTAIN_AZIMUTHS:
        hfov = min(FULL_CIRCLE_DEG, hfov + 2 * WORDED_SLACK_DEG)
    clipped = is_certain_view(item, index) and hfov < FULL_CIRCLE_DEG and tilt is not None and vfov is not None
    return _View(
        float(x_m), float(y_m), camera.height_m or USUAL_HEIGHT_M, azimuth, hfov, camera.range_m or USUAL_RANGE_M,
        tilt if clipped and tilt is not None else float("nan"),
        vfov if clipped and vfov is not None else float("nan"),
    )  # fmt: skip


def _observers(views: list[_View], mounts: list[str]) -> Observers:
    def column(name: str) -> list[float]:
        return [float(getattr(view, name)) for view in views]

    return Observers(
        column("x_m"), column("y_m"), column("height_m"), column("azimuth_deg"), column("hfov_deg"), column("range_m"),
        column("tilt_deg"), column("vfov_deg"), np.array(mounts, np.str_) if mounts else "pole",
    )  # fmt: skip

"""Lenses and pixels: field of view, what the picture holds of the ground, and how finely it shows it.

Camera frame: x to the right and y ahead, metres from the foot of the camera. It is the map for a camera looking north.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from coverage.errors import InvalidObserverError, Problem, raise_if_any
from coverage.levels import Scale, level_scale

DEFAULT_TARGET_HEIGHT_M = 1.5
"""Height of the plane on which a face or a number plate is looked for. [m]"""

RIGHT_ANGLE_DEG, HALF_TURN_DEG, FULL_TURN_DEG = 90.0, 180.0, 360.0


class HasPixels(Protocol):
    """Anything with a horizontal field of view and a picture width, such as a camera of the register."""

    @property
    def hfov_deg(self) -> float | None:
        """Horizontal field of view [deg]; None is unknown."""
        ...

    @property
    def resolution_px(self) -> float | None:
        """Width of the picture [px]; None is unknown."""
        ...


@dataclass(frozen=True)
class CameraOptics:
    """The optical side of one camera.

    Attributes
    ----------
    hfov_deg : float
        Horizontal field of view, 0 < h < 180 [deg].
    resolution_px : float
        Width of the picture, > 0 [px].
    height_m : float
        Height of the lens above ground, > 0 [m].
    tilt_deg : float
        Optical axis below horizontal, positive down, -90 < t < 90 [deg].
    vfov_deg : float
        Vertical field of view, 0 < v < 180 [deg].

    Raises
    ------
    InvalidObserverError
        If any value is out of its limits (``optics_invalid``; lists every value).
    """

    hfov_deg: float
    resolution_px: float
    height_m: float
    tilt_deg: float
    vfov_deg: float

    def __post_init__(self) -> None:
        problems = list(_pixel_problems(self))
        if not 0 < self.height_m < math.inf:
            problems.append(Problem("not_positive", "", "height_m", str(self.height_m), "> 0 m"))
        if not -RIGHT_ANGLE_DEG < self.tilt_deg < RIGHT_ANGLE_DEG:
            problems.append(Problem("out_of_range", "", "tilt_deg", str(self.tilt_deg), "-90 < t < 90"))
        if not 0 < self.vfov_deg < HALF_TURN_DEG:
            problems.append(Problem("out_of_range", "", "vfov_deg", str(self.vfov_deg), "0 < v < 180"))
        _refuse(problems)


def hfov_deg(sensor_width_mm: float, focal_mm: float) -> float:
    """Compute the horizontal field of view of a lens on a sensor.

    Parameters
    ----------
    sensor_width_mm : float
        Width of the light-sensitive area, > 0 [mm].
    focal_mm : float
        Focal length, > 0 [mm].

    Returns
    -------
    float
        Horizontal field of view [deg].

    Raises
    ------
    InvalidObserverError
        If a value is not positive (``optics_invalid``).

    Notes
    -----
    Pinhole camera: ``HFOV = 2 atan(w / 2 f)``. Lenses shorter than about 3 mm bend the picture and show more.

    Examples
    --------
    >>> round(hfov_deg(5.37, 4.0), 1)
    67.7
    """
    _refuse(
        Problem("not_positive", "", name, str(value), "> 0 mm")
        for name, value in (("sensor_width_mm", sensor_width_mm), ("focal_mm", focal_mm))
        if not 0 < value < math.inf
    )
    return math.degrees(2 * math.atan(sensor_width_mm / (2 * focal_mm)))


def vfov_deg(hfov_deg: float, h_px: float, v_px: float) -> float:
    """Compute the vertical field of view from the horizontal one.

    Parameters
    ----------
    hfov_deg : float
        Horizontal field of view, 0 < h < 180 [deg].
    h_px, v_px : float
        Width and height of the picture, > 0 [px].

    Returns
    -------
    float
        Vertical field of view [deg].

    Raises
    ------
    InvalidObserverError
        If a value is out of its limits (``optics_invalid``).

    Notes
    -----
    Square pixels: ``tan(VFOV / 2) = (v_px / h_px) tan(HFOV / 2)``.

    Examples
    --------
    >>> round(vfov_deg(90.0, 1920, 1080), 1)
    58.7
    """
    problems = [
        Problem("not_positive", "", name, str(value), "> 0 px")
        for name, value in (("h_px", h_px), ("v_px", v_px))
        if not 0 < value < math.inf
    ]
    if not 0 < hfov_deg < HALF_TURN_DEG:
        problems.append(_bad_hfov(hfov_deg))
    _refuse(problems)
    return math.degrees(2 * math.atan(v_px / h_px * math.tan(math.radians(hfov_deg) / 2)))


def pixel_density_px_per_m(depth_m: npt.ArrayLike, hfov_deg: float, resolution_px: float) -> NDArray[np.float64]:
    """Compute how many pixels a metre across the optical axis gets.

    Parameters
    ----------
    depth_m : array-like of float
        Distance along the optical axis, > 0; as in :func:`ground_footprint` [m].
    hfov_deg : float
        Horizontal field of view, 0 < h < 180 [deg].
    resolution_px : float
        Width of the picture, > 0 [px].

    Returns
    -------
    ndarray of float, shape of ``depth_m``
        Pixel density [px/m].

    Raises
    ------
    InvalidObserverError
        If a value is out of its limits (``optics_invalid``).

    Notes
    -----
    ``p = N / (2 z tan(HFOV / 2))``. It depends on the depth z alone, so lines of equal density are straight lines
    across the axis and not arcs.

    Examples
    --------
    >>> round(float(pixel_density_px_per_m(10.0, 90.0, 1920)), 1)
    96.0
    """
    depth = np.asarray(depth_m, dtype=np.float64)
    problems = list(_number_problems(hfov_deg, resolution_px))
    if not np.all(depth > 0):
        problems.append(Problem("not_positive", "", "depth_m", str(depth.min()), "> 0 m"))
    _refuse(problems)
    return np.asarray(resolution_px / (2 * depth * math.tan(math.radians(hfov_deg) / 2)))


def level_ranges_m(camera: HasPixels, scale: Scale) -> dict[str, float]:
    """Compute how far along the axis of a level camera each level of a scale reaches.

    Parameters
    ----------
    camera : CameraOptics or any object with ``hfov_deg`` and ``resolution_px``
        The camera.
    scale : {"iec-2025", "iec-2014"}
        Which edition.

    Returns
    -------
    dict of str to float
        Level to distance on the axis, from the coarsest level to the finest [m].

    Raises
    ------
    InvalidObserverError
        If field of view or picture width is unknown or out of its limits (``optics_invalid``), or there is no such
        scale (``scale_unknown``).

    Notes
    -----
    ``z = N / (2 p tan(HFOV / 2))``, the figure lens calculators give; true on the axis at tilt 0. For the ground of a
    tilted camera use :func:`level_bands`.

    References
    ----------
    IEC 62676-4:2025 and IEC 62676-4:2014, as in ``coverage/data/levels.toml``.

    Examples
    --------
    >>> ranges = level_ranges_m(CameraOptics(107.0, 1920, height_m=6.0, tilt_deg=0.0, vfov_deg=60.0), "iec-2014")
    >>> {level: round(metres, 1) for level, metres in ranges.items()}
    {'monitor': 56.8, 'detect': 28.4, 'observe': 11.4, 'recognise': 5.7, 'identify': 2.8}
    """
    _refuse(_pixel_problems(camera))
    hfov, width = camera.hfov_deg or math.nan, camera.resolution_px or math.nan  # neither is None or 0 by now
    metre_px = width / (2 * math.tan(math.radians(hfov) / 2))
    return {level.key: metre_px / level.px_per_m for level in level_scale(scale).levels}


def ground_footprint(
    height_m: npt.ArrayLike,
    tilt_deg: npt.ArrayLike,
    hfov_deg: npt.ArrayLike,
    vfov_deg: npt.ArrayLike,
    *,
    range_m: npt.ArrayLike,
    target_height_m: float = DEFAULT_TARGET_HEIGHT_M,
) -> NDArray[np.float64]:
    """Compute the trapezoid of the target plane that the picture of a tilted camera holds.

    Parameters
    ----------
    height_m : array-like of float, shape (n,)
        Height of the lens above ground, above the target plane [m].
    tilt_deg : array-like of float, shape (n,)
        Optical axis below horizontal, positive down; NaN is unknown [deg].
    hfov_deg, vfov_deg : array-like of float, shape (n,)
        Horizontal and vertical field of view, both below 180; NaN is unknown [deg].
    range_m : array-like of float, shape (n,)
        Where to cut it ahead (and behind, for a camera that looks past its own foot) [m].
    target_height_m : float
        Height of the target plane above ground [m].

    Returns
    -------
    ndarray of float, shape (n, 4, 2)
        Corners near left, near right, far right, far left in the camera frame; NaN where nothing of the plane within
        the range is in the picture or a value is unknown [m].

    Notes
    -----
    With D = height - target height, tilt T, a = HFOV / 2 and b = VFOV / 2, a target y ahead has the depth
    ``z = y cos T + D sin T`` and is in the picture if ``|x| <= z tan a`` and ``D / tan(T + b) <= y <= D / tan(T - b)``;
    there is no far edge if T <= b and nothing at all if T + b <= 0.
    """
    drop = np.asarray(height_m, dtype=np.float64) - target_height_m
    tilt, half_v = np.deg2rad(np.asarray(tilt_deg, np.float64)), np.deg2rad(np.asarray(vfov_deg, np.float64)) / 2
    tan_a = np.tan(np.deg2rad(np.asarray(hfov_deg, dtype=np.float64)) / 2)
    reach = np.asarray(range_m, dtype=np.float64)
    near = np.maximum(_plane_distance(drop, tilt + half_v, np.nan), -reach)
    far = np.minimum(_plane_distance(drop, tilt - half_v, np.inf), reach)
    nothing = ~(near < far)  # also where either is NaN
    near, far = np.where(nothing, np.nan, near), np.where(nothing, np.nan, far)
    near_half = (near * np.cos(tilt) + drop * np.sin(tilt)) * tan_a
    far_half = (far * np.cos(tilt) + drop * np.sin(tilt)) * tan_a
    corners = [(-near_half, near), (near_half, near), (far_half, far), (-far_half, far)]
    return np.stack([np.stack(np.broadcast_arrays(x, y), axis=-1) for x, y in corners], axis=-2)


def level_bands(
    camera: CameraOptics, scale: Scale, *, target_height_m: float = DEFAULT_TARGET_HEIGHT_M
) -> dict[str, Polygon]:
    """Draw where on the target plane each level of a scale is the best one reached.

    Parameters
    ----------
    camera : CameraOptics
        The camera, above the target plane.
    scale : {"iec-2025", "iec-2014"}
        Which edition.
    target_height_m : float
        Height of the target plane above ground [m].

    Returns
    -------
    dict of str to Polygon
        Level to its band in the camera frame, from the coarsest level to the finest; empty where the level is not
        reached on the plane. The bands do not overlap, know nothing of the range, and leave out the blind zone [m].

    Raises
    ------
    InvalidObserverError
        If the camera is not above the target plane (``observer_below_target``) or there is no such scale
        (``scale_unknown``).

    Notes
    -----
    Density falls with depth alone, so each band is cut by straight lines across the axis at
    ``y = (z - D sin T) / cos T`` with z as in :func:`level_ranges_m`.
    """
    drop = camera.height_m - target_height_m
    if not drop > 0:
        problem = Problem("below_target", "", "height_m", str(camera.height_m), f"> {target_height_m} m")
        raise_if_any(
            [problem],
            InvalidObserverError,
            code="observer_below_target",
            message="camera is not above the target plane",
            target_height_m=target_height_m,
        )
    tilt, tan_a = math.radians(camera.tilt_deg), math.tan(math.radians(camera.hfov_deg) / 2)
    corners = ground_footprint(
        camera.height_m,
        camera.tilt_deg,
        camera.hfov_deg,
        camera.vfov_deg,
        range_m=math.inf,
        target_height_m=target_height_m,
    )
    bands: dict[str, Polygon] = {}
    upper = [(z - drop * math.sin(tilt)) / math.cos(tilt) for z in level_ranges_m(camera, scale).values()]
    for level, near, far in zip(level_scale(scale).levels, [*upper[1:], -math.inf], upper, strict=True):
        edges = [max(near, float(corners[0, 1])), min(far, float(corners[3, 1]))]
        near_half, far_half = ((y * math.cos(tilt) + drop * math.sin(tilt)) * tan_a for y in edges)
        ring = [(-near_half, edges[0]), (near_half, edges[0]), (far_half, edges[1]), (-far_half, edges[1])]
        bands[level.key] = Polygon(ring) if edges[0] < edges[1] else Polygon()
    return bands


def placed(geometry: BaseGeometry, x_m: float, y_m: float, azimuth_deg: float) -> BaseGeometry:
    """Move a geometry from the frame of a camera to the map.

    Parameters
    ----------
    geometry : Geometry
        In the camera frame [m].
    x_m, y_m : float
        Position of the camera, EPSG:32749 [m].
    azimuth_deg : float
        Direction of the optical axis, clockwise from grid north [deg].

    Returns
    -------
    Geometry
        The same on the map, EPSG:32749 [m].
    """
    sine, cosine = math.sin(math.radians(azimuth_deg)), math.cos(math.radians(azimuth_deg))
    turn = np.array([[cosine, -sine], [sine, cosine]])  # rows: where "right" and "ahead" point, as (east, north)
    return shapely.transform(geometry, lambda xy: xy @ turn + (x_m, y_m))


def _plane_distance(
    drop: NDArray[np.float64], depression: NDArray[np.float64], above_horizon: float
) -> NDArray[np.float64]:
    """Give where a ray of the vertical plane of the axis meets the target plane, ahead of the camera."""
    sine = np.sin(depression)
    falls = sine > 0
    met = drop * np.cos(depression) / np.where(falls, sine, 1.0)
    return np.where(falls, met, np.where(np.isnan(depression), np.nan, above_horizon))


def _pixel_problems(camera: HasPixels) -> Iterator[Problem]:
    hfov, width = camera.hfov_deg, camera.resolution_px
    yield from _number_problems(math.nan if hfov is None else hfov, math.nan if width is None else width)


def _number_problems(hfov: float, width: float) -> Iterator[Problem]:
    if not 0 < hfov < HALF_TURN_DEG:
        yield _bad_hfov(hfov)
    if not 0 < width < math.inf:
        yield Problem("not_positive", "", "resolution_px", str(width), "> 0 px")


def _bad_hfov(value: float) -> Problem:
    return Problem("out_of_range", "", "hfov_deg", str(value), "0 < h < 180")


def _refuse(problems: Iterable[Problem]) -> None:
    raise_if_any(problems, InvalidObserverError, code="optics_invalid", message="lens or picture cannot be computed")

"""What stands in the picture of a camera: every pixel followed along its ray to a wall, a roof or the ground."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from coverage.observers import Observers
from coverage.obstacles import Obstacles
from coverage.optics import FULL_TURN_DEG, HALF_TURN_DEG

SKY, GROUND, WALL, ROOF = range(4)
#: Buildings farther away are not drawn [m].
FAR_M = 250.0
#: What a camera without a tilted picture shows: all round, from above the horizon down to its own foot [deg].
ROUND_ABOVE_DEG, ROUND_BELOW_DEG = 14.0, 62.0
_TURN = 2 * np.pi

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CameraView:
    """The picture of one camera, pixel by pixel; all arrays have the shape (rows, columns).

    Attributes
    ----------
    kind : ndarray of int8
        ``SKY``, ``GROUND``, ``WALL`` or ``ROOF``.
    distance_m : ndarray of float
        Along the ground to what is shown; inf for the sky [m].
    x_m, y_m : ndarray of float
        Where it stands, EPSG:32749; NaN for the sky [m].
    building : ndarray of int64
        Row of the obstacle; -1 where there is none.
    lit : ndarray of float
        How far a wall faces the light, -1 to 1; 0 for everything else.
    rise : ndarray of float
        How much the ray of the pixel climbs per metre of ground [m/m].
    is_round : bool
        Whether it is a strip all round instead of a picture.
    """

    kind: NDArray[np.int8]
    distance_m: Floats
    x_m: Floats
    y_m: Floats
    building: NDArray[np.int64]
    lit: Floats
    rise: Floats
    is_round: bool


class _Rays(NamedTuple):
    """Rays sorted by bearing: bearing [rad], rise per metre of ground, and their place in the picture."""

    bearing: Floats
    rise: Floats
    place: NDArray[np.int64]


class _Hits(NamedTuple):
    """The nearest thing along each ray so far."""

    distance: Floats
    kind: NDArray[np.int8]
    building: NDArray[np.int64]
    lit: Floats

    def put(self, rays: NDArray[np.int64], distance: Floats, kind: int, building: int, lit: float) -> None:
        """Note what is nearer than anything before."""
        near = distance < self.distance[rays]
        rays = rays[near]
        self.distance[rays], self.kind[rays], self.building[rays], self.lit[rays] = distance[near], kind, building, lit


def camera_view(obstacles: Obstacles, observers: Observers, *, columns: int = 640) -> CameraView:
    """Draw what one camera would have in its picture.

    Parameters
    ----------
    obstacles : Obstacles
        Buildings on flat ground.
    observers : Observers
        One camera. Where its tilt and vertical field of view are known the picture is that of a pinhole; else it is a
        strip all round, the same angle per pixel in both directions, north in the middle.
    columns : int
        Width of the picture [px].

    Returns
    -------
    CameraView
        The picture; its height follows from the lens.

    Raises
    ------
    ValueError
        If there is not exactly one camera.

    Notes
    -----
    Walls are hit where the ray crosses an edge of the footprint between base and roof, roofs where it sinks through
    their height inside the footprint, the ground at ``height / -rise``; the nearest of the three is shown. A building
    that the lens stands in is left out.
    """
    if len(observers) != 1:
        raise ValueError(f"one camera is drawn at a time, not {len(observers)}")
    rise, bearing, is_round = _directions(observers, columns)
    shape = rise.shape
    order = np.argsort(bearing, axis=None, kind="stable")
    rays = _Rays(bearing.ravel()[order], rise.ravel()[order], order)
    height = float(observers.height_m[0])
    with np.errstate(divide="ignore"):
        ground = np.where(rays.rise < 0, height / -rays.rise, np.inf)
    hits = _Hits(
        ground, np.where(np.isinf(ground), SKY, GROUND).astype(np.int8), np.full(len(ground), -1), np.zeros(len(ground))
    )
    eye = np.array([observers.x_m[0], observers.y_m[0]])
    for row in _near(obstacles, eye):
        _meet(obstacles, row, eye, height, rays, hits)
    return _picture(eye, rays, hits, shape, is_round=is_round)


def _directions(observers: Observers, columns: int) -> tuple[Floats, Floats, bool]:
    """Give the rise per metre of ground and the bearing [rad] of every pixel."""
    hfov, vfov, tilt = (float(v[0]) for v in (observers.hfov_deg, observers.vfov_deg, observers.tilt_deg))
    if np.isnan(vfov) or np.isnan(tilt) or hfov >= HALF_TURN_DEG:
        step = np.deg2rad(FULL_TURN_DEG / columns)
        rows = round(np.deg2rad(ROUND_ABOVE_DEG + ROUND_BELOW_DEG) / step)
        up = np.deg2rad(ROUND_ABOVE_DEG) - (np.arange(rows) + 0.5) * step
        around = (np.arange(columns) + 0.5 - columns / 2) * step
        return np.repeat(np.tan(up)[:, None], columns, 1), np.repeat((around % _TURN)[None], rows, 0), True
    focal = columns / 2 / np.tan(np.deg2rad(hfov / 2))
    rows = max(1, round(2 * focal * np.tan(np.deg2rad(vfov / 2))))
    right, down = np.meshgrid(np.arange(columns) + 0.5 - columns / 2, np.arange(rows) + 0.5 - rows / 2)
    sin, cos = np.sin(np.deg2rad(tilt)), np.cos(np.deg2rad(tilt))
    ahead, up = focal * cos - down * sin, -focal * sin - down * cos
    bearing = np.deg2rad(float(observers.azimuth_deg[0])) + np.arctan2(right, ahead)
    return up / np.maximum(np.hypot(ahead, right), 1e-9), bearing % _TURN, False


def _near(obstacles: Obstacles, eye: Floats) -> NDArray[np.int64]:
    spot = shapely.Point(eye)
    rows = np.sort(obstacles.tree.query(spot, predicate="dwithin", distance=FAR_M))
    return rows[~shapely.contains(obstacles.polygons[rows], spot)]


def _meet(obstacles: Obstacles, row: int, eye: Floats, height: float, rays: _Rays, hits: _Hits) -> None:
    """Follow the rays to the walls and the roof of one building."""
    polygon, top, base = obstacles.polygons[row], float(obstacles.heights_m[row]), float(obstacles.bases_m[row])
    outer = (0.0, 0.0)
    for number, ring in enumerate(shapely.get_rings(polygon)):  # the shell comes first
        xy = shapely.get_coordinates(ring) - eye
        angle = np.unwrap(np.arctan2(xy[:, 0], xy[:, 1]))
        if number == 0:
            outer = float(angle.min()), float(angle.max())
        for i in range(len(xy) - 1):
            for some in _between(rays.bearing, *sorted((float(angle[i]), float(angle[i + 1])))):
                _wall(xy[i], xy[i + 1], (height, top, base), rays, hits, some, row)
    if top < height:
        for some in _between(rays.bearing, *outer):
            _roof(polygon, eye, height - top, rays, hits, some, row)


def _between(bearing: Floats, first: float, last: float) -> Iterator[NDArray[np.int64]]:
    """Give the rays between two bearings, also across north."""
    turn = np.floor(first / _TURN) * _TURN
    first, last = first - turn, last - turn
    for low, high in ((first, min(last, _TURN)), (0.0, last - _TURN)):
        start, stop = np.searchsorted(bearing, [low, high], side="left")
        if stop > start:
            yield np.arange(start, stop)


def _wall(
    one: Floats, two: Floats, heights: tuple[float, float, float], rays: _Rays, hits: _Hits, some: NDArray[np.int64],
    row: int,
) -> None:  # fmt: skip
    along = two - one
    east, north = np.sin(rays.bearing[some]), np.cos(rays.bearing[some])
    turn = east * along[1] - north * along[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = (one[0] * along[1] - one[1] * along[0]) / turn
    eye, top, base = heights
    z = eye + rays.rise[some] * distance
    is_hit = (distance > 0) & (z <= top) & (z >= base)
    lit = float(np.sin(np.arctan2(along[0], along[1]) + np.pi / 4))
    hits.put(some[is_hit], distance[is_hit], WALL, row, lit)


def _roof(
    polygon: shapely.Polygon, eye: Floats, drop: float, rays: _Rays, hits: _Hits, some: NDArray[np.int64], row: int
) -> None:
    some = some[rays.rise[some] < 0]
    distance = drop / -rays.rise[some]
    x = eye[0] + np.sin(rays.bearing[some]) * distance
    y = eye[1] + np.cos(rays.bearing[some]) * distance
    inside = shapely.contains_xy(polygon, x, y)
    hits.put(some[inside], distance[inside], ROOF, row, 0.0)


def _picture(eye: Floats, rays: _Rays, hits: _Hits, shape: tuple[int, ...], *, is_round: bool) -> CameraView:
    is_sky = hits.kind == SKY
    reach = np.where(is_sky, np.nan, hits.distance)
    x, y = eye[0] + np.sin(rays.bearing) * reach, eye[1] + np.cos(rays.bearing) * reach
    back = np.empty_like(rays.place)
    back[rays.place] = np.arange(len(back))
    back = back.reshape(shape)
    return CameraView(hits.kind[back], hits.distance[back], x[back], y[back], hits.building[back], hits.lit[back],
                      rays.rise[back], is_round)  # fmt: skip

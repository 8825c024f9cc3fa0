"""Walls as a camera sweeps past them: straight pieces over direction keys, each within one quadrant of one camera."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from coverage.frames import FACADE_TOLERANCE_M, Frames
from coverage.obstacles import Obstacles
from coverage.polar import QUADRANT, QUADRANT_BITS, TURN, TURN_BITS, Floats, Ints, expanded, keys_of

Bools = NDArray[np.bool_]

_LAST_QUADRANT = 3

_CHORD_SLACK = 0.01
"""Chords come nearer to the camera than the range by less than this share of it."""


@dataclass(frozen=True, eq=False)
class Walls:
    """Edges as seen from cameras, each from its right end to its left end (counter-clockwise).

    Attributes
    ----------
    camera : ndarray of int64, shape (n,)
        Camera of each.
    ax, ay, bx, by : ndarray of float64, shape (n,)
        Ends in the frame of the camera, before stretching [m].
    stretch : ndarray of float64, shape (n,)
        How far out the edge is pushed from the camera: 1 where sight enters a building, k where it leaves one.
    sign : ndarray of int64, shape (n,)
        +1 where the hidden begins, -1 where it ends.
    is_near : ndarray of bool, shape (n,)
        Whether the edge is of a building that the camera stands in or at.
    hides_all : ndarray of bool, shape (n,)
        Whether nothing behind the edge is seen at any distance.
    """

    camera: Ints
    ax: Floats
    ay: Floats
    bx: Floats
    by: Floats
    stretch: Floats
    sign: Ints
    is_near: Bools
    hides_all: Bools


@dataclass(frozen=True, eq=False)
class Pieces:
    """Pieces of walls; the nearness of each is linear between its two keys.

    Attributes
    ----------
    first_key, last_key : ndarray of int64, shape (n,)
        Where it starts and ends, over all cameras of the batch.
    first_w, last_w : ndarray of float64, shape (n,)
        Nearness at these keys: ``(u, v) / w`` is the point [1/m].
    sign : ndarray of int64, shape (n,)
        As in `Walls`.
    wall : ndarray of int64, shape (n,)
        Wall that each is part of.
    is_near, hides_all : ndarray of bool, shape (n,)
        As in `Walls`.
    split_keys : ndarray of int64
        Keys at which a wall crosses the range of its camera.
    """

    first_key: Ints
    last_key: Ints
    first_w: Floats
    last_w: Floats
    sign: Ints
    wall: Ints
    is_near: Bools
    hides_all: Bools
    split_keys: Ints


def pieces_of(obstacles: Obstacles, frames: Frames, target_height_m: float) -> Pieces:
    """Cut everything that limits the sight of cameras into pieces.

    Parameters
    ----------
    obstacles : Obstacles
        Buildings.
    frames : Frames
        Cameras.
    target_height_m : float
        Height of the target plane above ground [m].

    Returns
    -------
    Pieces
        Of the walls within range and of the borders of tilted pictures.

    Notes
    -----
    With camera height hc, target height ht and roof height H, a building hides a target on the plane exactly if sight
    leaves its footprint for the last time further along than the share (hc - H) / (hc - ht) of the way. So along a ray
    its shadow begins at each wall through which sight enters, and ends at k = (hc - ht) / (hc - H) times the distance
    of each wall through which sight leaves; it never ends if H >= hc, and there is none if H <= ht. What
    blocks only from a base B > ht upwards, the crown of a tree, begins its shadow at (hc - ht) / (hc - B) times the
    distance.
    """
    buildings = _walls_of_buildings(obstacles, frames, target_height_m)
    if not frames.is_bordered.any():
        return _cut(buildings, frames)
    borders = _walls_of_borders(frames)
    both = [np.concatenate([getattr(buildings, name), getattr(borders, name)]) for name in Walls.__dataclass_fields__]
    return _cut(Walls(*both), frames)


def _walls_of_buildings(obstacles: Obstacles, frames: Frames, target_height_m: float) -> Walls:
    camera, building, is_near = pairs_of(obstacles, frames, target_height_m)
    walls = obstacles.walls
    pair, place = expanded(walls.n_edges[building])
    row = walls.first[building][pair] + place
    of = camera[pair]
    cos, sin = frames.cos[of], frames.sin[of]
    x, y = walls.start_m[row, 0] - frames.x_m[of], walls.start_m[row, 1] - frames.y_m[of]
    px, py = cos * x + sin * y, cos * y - sin * x
    x, y = walls.end_m[row, 0] - frames.x_m[of], walls.end_m[row, 1] - frames.y_m[of]
    qx, qy = cos * x + sin * y, cos * y - sin * x
    cross = px * qy - py * qx
    leaves = cross > 0  # the interior lies to the left
    stretch = _stretch(frames.height_m[camera], obstacles.heights_m[building], target_height_m)
    endless = np.isinf(stretch)
    above_base = frames.height_m[camera] - obstacles.bases_m[building]  # positive, or sight passes below
    lifted = np.maximum((frames.height_m[camera] - target_height_m) / above_base, 1.0)
    pushed = np.where(leaves, stretch[pair], lifted[pair])
    distance = _squared_distance(px, py, qx, qy)
    near, within = is_near[pair], (frames.reach.range_m[of] / pushed) ** 2
    kept = np.flatnonzero((cross != 0) & (distance > FACADE_TOLERANCE_M**2) & ((distance < within) | near))
    px, py, qx, qy, leaves, pair = px[kept], py[kept], qx[kept], qy[kept], leaves[kept], pair[kept]
    return Walls(
        camera[pair], np.where(leaves, px, qx), np.where(leaves, py, qy), np.where(leaves, qx, px),
        np.where(leaves, qy, py), pushed[kept], np.where(leaves, -1, 1), near[kept], ~leaves & endless[pair],
    )  # fmt: skip


def pairs_of(obstacles: Obstacles, frames: Frames, target_height_m: float) -> tuple[Ints, Ints, Bools]:
    """Find the buildings that can limit what cameras see: those whose box touches the box of the sector.

    Parameters
    ----------
    obstacles : Obstacles
        Buildings.
    frames : Frames
        Cameras.
    target_height_m : float
        Height of the target plane above ground [m].

    Returns
    -------
    tuple of ndarray, shape (k,)
        Camera and building of each pair, ascending, and whether the camera may stand in or at it.
    """
    x, y, height = frames.x_m, frames.y_m, frames.height_m
    west, south, east, north = frames.extent_m.T
    camera, building = obstacles.tree.query(shapely.box(x + west, y + south, x + east, y + north))
    above, below = obstacles.heights_m[building] > target_height_m, obstacles.bases_m[building] < height[camera]
    high = above & below
    order = np.sort(camera[high] * len(obstacles) + building[high])
    camera, building = np.divmod(order, max(len(obstacles), 1))
    west, south, east, north = obstacles.bounds_m[building].T
    cx, cy, slack = x[camera], y[camera], FACADE_TOLERANCE_M
    is_near = (cx > west - slack) & (cx < east + slack) & (cy > south - slack) & (cy < north + slack)
    return camera, building, is_near


def _stretch(camera_m: Floats, roof_m: Floats, target_m: float) -> Floats:
    """Give k = (hc - ht) / (hc - H), endless from H = hc on."""
    above = camera_m - roof_m
    return np.divide(camera_m - target_m, above, out=np.full(len(above), np.inf), where=above > 0)


def _squared_distance(px: Floats, py: Floats, qx: Floats, qy: Floats) -> Floats:
    """Give the square of the distance from (0, 0) to each edge."""
    dx, dy = qx - px, qy - py
    squared = dx * dx + dy * dy
    share = np.divide(-(px * dx + py * dy), squared, out=np.zeros(len(px)), where=squared > 0)
    share = np.minimum(np.maximum(share, 0.0), 1.0)
    x, y = px + share * dx, py + share * dy
    return x * x + y * y


def _walls_of_borders(frames: Frames) -> Walls:
    """Treat the ground outside a tilted picture as hidden: it ends where sight enters the picture."""
    camera = np.repeat(np.flatnonzero(frames.is_bordered), 4)
    corners = frames.border[frames.is_bordered]
    (px, py), (qx, qy) = corners.reshape(-1, 2).T, np.roll(corners, -1, axis=1).reshape(-1, 2).T
    cross = px * qy - py * qx
    kept = np.flatnonzero((cross != 0) & (_squared_distance(px, py, qx, qy) > FACADE_TOLERANCE_M**2))
    px, py, qx, qy, camera = px[kept], py[kept], qx[kept], qy[kept], camera[kept]
    leaves = cross[kept] > 0
    no = np.zeros(len(kept), np.bool_)
    return Walls(
        camera, np.where(leaves, px, qx), np.where(leaves, py, qy), np.where(leaves, qx, px), np.where(leaves, qy, py),
        np.ones(len(kept)), np.where(leaves, 1, -1), no, no,
    )  # fmt: skip


def _cut(walls: Walls, frames: Frames) -> Pieces:
    """Cut walls at the quadrants and leave out what lies beyond the turn of the camera."""
    base = walls.camera << TURN_BITS
    n = len(walls.camera)
    keys = keys_of(np.concatenate([walls.ax, walls.bx]), np.concatenate([walls.ay, walls.by]))
    first, last = keys[:n], keys[n:]
    span = (last - first) & (TURN - 1)
    is_wide = (span > 0) & (span <= TURN // 2)  # walls in line with the camera may come out turned by rounding
    first = np.where(first == TURN, 0, first)
    last = np.where(last == 0, TURN, last)
    with np.errstate(divide="ignore"):
        first_w = 1.0 / ((np.abs(walls.ax) + np.abs(walls.ay)) * walls.stretch)
        last_w = 1.0 / ((np.abs(walls.bx) + np.abs(walls.by)) * walls.stretch)
    start, stop = first >> QUADRANT_BITS, (last - 1) >> QUADRANT_BITS
    n_pieces = np.where(is_wide, ((stop - start) & _LAST_QUADRANT) + 1, 0)
    axis_w = _axis_nearness(walls)  # by axis and wall
    wall, place = expanded(n_pieces)
    quadrant = (start[wall] + place) & _LAST_QUADRANT
    is_first, is_last = place == 0, place == n_pieces[wall] - 1
    begin = quadrant << QUADRANT_BITS
    key_1 = np.where(is_first, first[wall], begin)
    key_2 = np.where(is_last, last[wall], begin + QUADRANT)
    w_1 = np.where(is_first, first_w[wall], axis_w[quadrant, wall])
    w_2 = np.where(is_last, last_w[wall], axis_w[(quadrant + 1) & _LAST_QUADRANT, wall])
    end = frames.end_key[walls.camera[wall]]
    over = np.flatnonzero((key_2 > end) & (key_1 < end))
    share = (end[over] - key_1[over]) / (key_2[over] - key_1[over])
    w_2[over] = w_1[over] * (1 - share) + w_2[over] * share
    key_2[over] = end[over]
    kept = np.flatnonzero((key_1 < key_2) & (key_1 < end))
    wall = wall[kept]
    return Pieces(
        key_1[kept] + base[wall], key_2[kept] + base[wall], w_1[kept], w_2[kept], walls.sign[wall], wall,
        walls.is_near[wall], walls.hides_all[wall], _range_crossings(walls, frames),
    )  # fmt: skip


def _axis_nearness(walls: Walls) -> Floats:
    """Give the nearness of walls where they cross the axes of the frame: east, north, west, south."""
    cross = (walls.ax * walls.by - walls.ay * walls.bx) * walls.stretch
    with np.errstate(divide="ignore"):
        east, north = (walls.by - walls.ay) / cross, (walls.ax - walls.bx) / cross
    return np.array([east, north, -east, -north])


def _range_crossings(walls: Walls, frames: Frames) -> Ints:
    """Find the keys at which walls cross the range."""
    reach = frames.reach.range_m[walls.camera] * (1 - _CHORD_SLACK)
    first, last = walls.ax * walls.ax + walls.ay * walls.ay, walls.bx * walls.bx + walls.by * walls.by
    some = np.flatnonzero((np.maximum(first, last) > (reach / walls.stretch) ** 2) & np.isfinite(walls.stretch))
    stretch, camera = walls.stretch[some], walls.camera[some]
    start, end = (
        (walls.ax[some] * stretch, walls.ay[some] * stretch),
        (walls.bx[some] * stretch, walls.by[some] * stretch),
    )
    row, places = frames.reach.crossings(camera, start, end)
    key = keys_of(*places)
    is_within = key < frames.end_key[camera[row]]
    return key[is_within] + (camera[row[is_within]] << TURN_BITS)

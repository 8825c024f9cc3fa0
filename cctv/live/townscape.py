"""The still part of a simulated picture: sky, ground, streets, buildings and trees, with the distance of each pixel."""

import math
import zlib
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from cctv.live.daylight import Daylight
from cctv.live.jpeg import Pixels
from cctv.live.lettering import Colour
from cctv.live.projection import Lens, Points, fill, fill_depth
from cctv.live.scene_file import CameraView, SceneBuilding, SceneStreet

Depth = npt.NDArray[np.float32]

_GROUND: Colour = (112, 132, 138)
_KERB: Colour = (160, 166, 168)
_ASPHALT: Colour = (96, 94, 92)
_PAINT: Colour = (215, 220, 222)
_ROOF: Colour = (70, 92, 178)  # terracotta
_FLAT_ROOF: Colour = (150, 152, 156)
_WINDOW: Colour = (96, 78, 62)
_LIT_WINDOW: Colour = (130, 205, 250)
_WALLS: tuple[Colour, ...] = (
    (214, 222, 228), (196, 212, 226), (206, 222, 206), (222, 214, 200), (186, 200, 222), (212, 220, 236),
)  # fmt: skip
_KERB_M, _DASH_M, _GAP_M, _PAINT_M, _MARKED_M = 1.4, 3.0, 4.5, 0.14, 5.5
_FLAT_FROM_M = 6.5
_STOREY_M, _WINDOW_M, _WINDOW_EVERY_M = 3.2, 1.3, 2.8
_WINDOWS_WITHIN_M = 70.0
_TREE_EVERY_M, _TREES_FROM_M, _TREES_BEYOND_M, _TREES_WITHIN_M = 19.0, 6.0, 7.0, 85.0
_SUN = np.array([0.55, 0.35])


def draw_town(view: CameraView, lens: Lens, light: Daylight) -> tuple[Pixels, Depth]:
    """Draw everything that does not move.

    Parameters
    ----------
    view : dict
        What stands around the camera.
    lens : Lens
        The camera.
    light : Daylight
        Light of the hour.

    Returns
    -------
    tuple of numpy.ndarray
        Picture, shape (height, width, 3), and distance of each pixel [m], shape (height, width); infinite for open
        ground and sky.
    """
    seed = zlib.crc32(view["camera_id"].encode())
    picture = _sky_and_ground(lens, light, seed)
    depth = np.full((lens.height, lens.width), np.inf, dtype=np.float32)
    for colour, wider_m in ((_KERB, 2 * _KERB_M), (_ASPHALT, 0.0)):
        for street in view["streets"]:
            _band(picture, lens, street, street["width_m"] + wider_m, light.shade(colour))
    for street in view["streets"]:
        _markings(picture, lens, street, light)
    if light.lamps:
        _lamp_pools(picture, lens, view["streets"])
    things = [(_distance(np.array(item["ring"])), i, item) for i, item in enumerate(view["buildings"])]
    trees = [(math.hypot(x, y), 0, (x, y, size)) for x, y, size in _trees(view, seed)]
    for distance_m, _, thing in sorted([*things, *trees], key=lambda item: (-item[0], item[1])):
        if isinstance(thing, tuple):
            _tree(picture, depth, lens, light, thing)
        else:
            _building(picture, depth, lens, light, thing, distance_m)
    return picture, depth


def pieces(line: Points, every_m: float, start_m: float = 0.0) -> list[tuple[Points, Points]]:
    """Walk along a line.

    Parameters
    ----------
    line : numpy.ndarray
        Corners [m], shape (n, 2).
    every_m : float
        Step [m].
    start_m : float
        Where the first place lies [m].

    Returns
    -------
    list of tuple
        Place and direction (unit vector) of each step.
    """
    steps = np.diff(line, axis=0)
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    ends = np.cumsum(lengths)
    found: list[tuple[Points, Points]] = []
    for along in np.arange(start_m, ends[-1] if len(ends) else 0.0, every_m):
        i = min(int(np.searchsorted(ends, along, side="right")), len(steps) - 1)
        if lengths[i] > 0:
            share = (along - (ends[i] - lengths[i])) / lengths[i]
            found.append((line[i] + share * steps[i], steps[i] / lengths[i]))
    return found


def raised(xy: Points, up_m: float = 0.0) -> Points:
    """Put places of the plan at a height.

    Parameters
    ----------
    xy : numpy.ndarray
        East and north [m], shape (n, 2).
    up_m : float
        Height [m].

    Returns
    -------
    numpy.ndarray
        East, north, up [m], shape (n, 3).
    """
    return np.column_stack([xy, np.full(len(xy), up_m)])


def _sky_and_ground(lens: Lens, light: Daylight, seed: int) -> Pixels:
    rows = np.arange(lens.height)[:, None]
    horizon = max(lens.horizon_px, 1.0)
    share = np.clip(rows / horizon, 0, 1) ** 1.4
    sky = (1 - share) * np.array(light.zenith) + share * np.array(light.horizon)
    picture = np.repeat(sky[:, None, :], lens.width, axis=1)
    rng = np.random.default_rng(seed)
    clouds = cv2.resize(
        rng.random((6, 14)).astype(np.float32), (lens.width, lens.height), interpolation=cv2.INTER_CUBIC
    )
    cover = np.clip(clouds - 0.55, 0, 0.4)[:, :, None] * 1.3
    picture += cover * (np.array([250.0, 248, 246]) * light.brightness - picture)
    ground = np.clip((rows - horizon) / (lens.height - horizon + 1e-9), 0, 1)
    soil = np.array(light.shade(_GROUND), dtype=float) * (0.86 + 0.2 * ground)
    haze = np.exp(-9 * ground)
    tone = haze * np.array(light.horizon) * 0.85 + (1 - haze) * soil
    grain = cv2.resize(
        rng.normal(0, 5, (lens.height // 3, lens.width // 3)).astype(np.float32), (lens.width, lens.height)
    )
    below = (rows > horizon)[:, :, None]
    picture = np.where(below, tone[:, None, :] + grain[:, :, None] * light.brightness, picture)
    return np.clip(picture, 0, 255).astype(np.uint8)


def _band(picture: Pixels, lens: Lens, street: SceneStreet, width_m: float, colour: Colour) -> None:
    """Draw a street piece by piece, with round joints."""
    line = np.array(street["line"])
    for one, two in pairwise(line):
        step = two - one
        length = math.hypot(step[0], step[1])
        if length == 0:
            continue
        along = step / length
        side = np.array([-along[1], along[0]]) * width_m / 2
        corners = lens.polygon(raised(np.array([one - side, two - side, two + side, one + side])))
        if corners is not None:
            fill(picture, corners, colour)
    turn = np.linspace(0, 2 * math.pi, 16, endpoint=False)
    disc = np.column_stack([np.cos(turn), np.sin(turn)]) * width_m / 2
    for place in line[1:-1]:
        corners = lens.polygon(raised(disc + place))
        if corners is not None:
            fill(picture, corners, colour)


def _markings(picture: Pixels, lens: Lens, street: SceneStreet, light: Daylight) -> None:
    if street["width_m"] < _MARKED_M:
        return
    line = np.array(street["line"])
    colour = light.shade(_PAINT)
    edge_m = street["width_m"] / 2 - 0.35
    for place, along in pieces(line, _DASH_M + _GAP_M):
        _stripe(picture, lens, place, along * _DASH_M, colour)
    for place, along in pieces(line, 2.0):
        side = np.array([-along[1], along[0]]) * edge_m
        for edge in (side, -side):
            _stripe(picture, lens, place + edge, along * 2.02, colour)


def _stripe(picture: Pixels, lens: Lens, place: Points, step: Points, colour: Colour) -> None:
    side = np.array([-step[1], step[0]]) / math.hypot(step[0], step[1]) * _PAINT_M / 2
    corners = lens.polygon(raised(np.array([place - side, place + step - side, place + step + side, place + side])))
    if corners is not None:
        fill(picture, corners, colour)


def _lamp_pools(picture: Pixels, lens: Lens, streets: list[SceneStreet]) -> None:
    glow = np.zeros((lens.height, lens.width), dtype=np.float32)
    turn = np.linspace(0, 2 * math.pi, 24, endpoint=False)
    for street in streets:
        for place, _ in pieces(np.array(street["line"]), 30.0, 8.0):
            for radius_m, gain in ((9.0, 0.25), (6.0, 0.3), (3.5, 0.35)):
                disc = np.column_stack([np.cos(turn), np.sin(turn)]) * radius_m
                corners = lens.polygon(raised(disc + place))
                if corners is not None:
                    pool = np.zeros_like(glow)
                    cv2.fillConvexPoly(pool, np.round(corners).astype(np.int32), (gain,))
                    glow = np.maximum(glow, 0) + pool * (glow < 1.2)  # noqa: PLR2004 - overlapping pools do not add up for ever
    warm = cv2.GaussianBlur(glow, (0, 0), 9)[:, :, None] * np.array([0.55, 0.85, 1.1])
    np.copyto(picture, np.clip(picture * (1 + 1.3 * warm) + 14 * warm, 0, 255).astype(np.uint8))


def _distance(ring: Points) -> float:
    return float(np.hypot(ring[:, 0], ring[:, 1]).mean())


def _building(
    picture: Pixels, depth: Depth, lens: Lens, light: Daylight, building: SceneBuilding, distance_m: float
) -> None:
    ring = np.array(building["ring"])
    height_m = building["height_m"]
    if _signed_area(ring) < 0:
        ring = ring[::-1]
    key = zlib.crc32(ring.tobytes())
    wall = _WALLS[key % len(_WALLS)]
    haze = min(distance_m / 400, 0.3)
    sides = sorted(
        zip(ring, np.roll(ring, -1, axis=0), strict=True), key=lambda side: -math.hypot(*(side[0] + side[1]))
    )
    for one, two in sides:
        outward = np.array([two[1] - one[1], one[0] - two[0]])
        if float(outward @ one) >= 0:  # its back is turned to the camera
            continue
        colour = _hazed(light.shade(wall, _lit(outward)), light, haze)
        _face(
            picture,
            depth,
            lens,
            np.array([(*one, 0), (*two, 0), (*two, height_m), (*one, height_m)]),
            colour,
            distance_m,
        )
        if distance_m < _WINDOWS_WITHIN_M:
            _windows(picture, lens, light, one, two, height_m, key)
    _roof(picture, depth, lens, light, ring, building, distance_m)


def _face(picture: Pixels, depth: Depth, lens: Lens, corners_m: Points, colour: Colour, distance_m: float) -> None:
    corners = lens.polygon(corners_m)
    if corners is not None:
        fill(picture, corners, colour)
        fill_depth(depth, corners, distance_m)


def _windows(picture: Pixels, lens: Lens, light: Daylight, one: Points, two: Points, height_m: float, key: int) -> None:
    length = math.hypot(*(two - one))
    count = int((length - 0.8) / _WINDOW_EVERY_M)
    for storey in range(max(1, int(height_m / _STOREY_M))):
        sill = storey * _STOREY_M + 0.9
        top = min(sill + 1.2, height_m - 0.3)
        for i in range(count):
            start = one + (two - one) * ((i + 0.5) / count - _WINDOW_M / 2 / length)
            stop = start + (two - one) / length * _WINDOW_M
            lit = light.lamps and (key + 7 * i + 13 * storey) % 3 != 0
            colour = _LIT_WINDOW if lit else light.shade(_WINDOW)
            corners = lens.polygon(np.array([(*start, sill), (*stop, sill), (*stop, top), (*start, top)]))
            if corners is not None:
                fill(picture, corners, colour)


def _roof(
    picture: Pixels, depth: Depth, lens: Lens, light: Daylight, ring: Points, building: SceneBuilding, distance_m: float
) -> None:
    height_m = building["height_m"]
    if height_m > _FLAT_FROM_M or len(ring) != 4:  # noqa: PLR2004 - hipped roofs on rectangles alone
        if lens.height_m > height_m:
            colour = light.shade(_FLAT_ROOF if height_m > _FLAT_FROM_M else _ROOF)
            _face(picture, depth, lens, raised(ring, height_m), colour, distance_m)
        return
    middle = ring.mean(axis=0)
    eaves = middle + (ring - middle) * 1.08
    rise_m = min(0.3 * float(np.hypot(*(ring - np.roll(ring, -1, axis=0)).T).min()), 2.4)
    apex = (*middle, height_m + rise_m)
    slopes = sorted(
        zip(eaves, np.roll(eaves, -1, axis=0), strict=True), key=lambda side: -math.hypot(*(side[0] + side[1]))
    )
    for one, two in slopes:
        outward = np.array([two[1] - one[1], one[0] - two[0]])
        colour = _hazed(light.shade(_ROOF, _lit(outward)), light, min(distance_m / 400, 0.3))
        _face(picture, depth, lens, np.array([(*one, height_m), (*two, height_m), apex]), colour, distance_m)


def _trees(view: CameraView, seed: int) -> list[tuple[float, float, float]]:
    """Place trees along wide streets, where no house stands."""
    rng = np.random.default_rng(seed)
    found: list[tuple[float, float, float]] = []
    for street in view["streets"]:
        if street["width_m"] < _TREES_FROM_M:
            continue
        for place, along in pieces(np.array(street["line"]), _TREE_EVERY_M, float(rng.uniform(4, 12))):
            side = np.array([-along[1], along[0]]) * (street["width_m"] / 2 + _KERB_M * 0.7) * rng.choice([-1, 1])
            x, y = (float(part) for part in place + side)
            if _TREES_BEYOND_M < math.hypot(x, y) < _TREES_WITHIN_M and not _on_other_street(
                x, y, street, view["streets"]
            ):
                found.append((x, y, float(rng.uniform(0.75, 1.25))))
    return found


def _on_other_street(x: float, y: float, own: SceneStreet, streets: list[SceneStreet]) -> bool:
    for street in streets:
        if street is own:
            continue
        line = np.array(street["line"], dtype=np.float32).reshape(-1, 1, 2)
        loop = np.concatenate([line, line[::-1]])
        if abs(cv2.pointPolygonTest(loop, (x, y), measureDist=True)) < street["width_m"] / 2 + 1:
            return True
    return False


def _tree(picture: Pixels, depth: Depth, lens: Lens, light: Daylight, tree: tuple[float, float, float]) -> None:
    x, y, size = tree
    foot, crown = lens.spot((x, y, 0.0)), lens.spot((x, y, 3.6 * size))
    if foot is None or crown is None:
        return
    trunk_px = max(1, round(0.22 * foot[2]))
    ends = [(round(spot[0]), round(spot[1])) for spot in (foot, crown)]
    cv2.line(picture, ends[0], ends[1], light.shade((62, 84, 102)), trunk_px, cv2.LINE_AA)
    rng = np.random.default_rng(zlib.crc32(repr(tree).encode()))
    distance_m = math.hypot(x, y)
    for i in range(22):
        turn, reach = rng.uniform(0, 2 * math.pi), rng.uniform(0, 1.25) * size * crown[2]
        spot = (round(crown[0] + reach * math.cos(turn)), round(crown[1] - 0.75 * reach * math.sin(turn)))
        radius = max(1, round(rng.uniform(0.35, 0.7) * size * crown[2]))
        colour = light.shade((58, 112, 74), 0.6 + 0.4 * i / 22 + 0.15 * math.sin(turn))
        cv2.circle(picture, spot, radius, colour, -1, cv2.LINE_AA)
        cv2.circle(depth, spot, radius, (distance_m,), -1)


def _lit(outward: Points) -> float:
    """Light on a vertical face: the sun stands in the north-east."""
    return 0.72 + 0.26 * float(outward @ _SUN) / (math.hypot(*outward) * math.hypot(*_SUN) + 1e-9)


def _hazed(colour: Colour, light: Daylight, share: float) -> Colour:
    blue, green, red = (round((1 - share) * one + share * two) for one, two in zip(colour, light.horizon, strict=True))
    return blue, green, red


def _signed_area(ring: Points) -> float:
    following = np.roll(ring, -1, axis=0)
    return float(np.sum(ring[:, 0] * following[:, 1] - following[:, 0] * ring[:, 1])) / 2

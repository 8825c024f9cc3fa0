"""What moves in a simulated picture: motorcycles, cars, trucks and people, placed by the clock alone."""

import math
import zlib
from dataclasses import dataclass

import numpy as np

from cctv.live.daylight import Daylight
from cctv.live.jpeg import Pixels
from cctv.live.lettering import Colour
from cctv.live.projection import Lens, Points, fill
from cctv.live.scene_file import CameraView, SceneStreet
from cctv.live.townscape import Depth, raised


@dataclass(frozen=True)
class _Kind:
    length_m: float
    width_m: float
    body_m: float
    cab_m: float
    speed_m_s: float
    colours: tuple[Colour, ...]


_MOTORCYCLE = _Kind(1.9, 0.6, 0.85, 1.55, 8.0, ((40, 40, 44), (40, 46, 170), (150, 70, 30), (60, 60, 66)))
_CAR = _Kind(4.3, 1.7, 0.85, 1.5, 9.0, ((210, 212, 214), (60, 58, 56), (130, 130, 136), (44, 44, 160), (120, 74, 40)))
_TRUCK = _Kind(6.2, 2.1, 2.4, 2.6, 7.0, ((60, 150, 200), (180, 120, 60), (70, 120, 70)))
_PERSON = _Kind(0.45, 0.45, 1.1, 1.65, 1.2, ((60, 60, 180), (170, 110, 60), (70, 150, 90), (190, 190, 200)))
_ON_ROAD = (_MOTORCYCLE, _MOTORCYCLE, _CAR, _MOTORCYCLE, _CAR, _TRUCK, _MOTORCYCLE)
_HOURS = (0, 4, 6, 7.5, 10, 13, 16, 17.5, 20, 22, 24)
_BUSY = (0.1, 0.15, 0.8, 1.0, 0.6, 0.65, 0.95, 1.0, 0.6, 0.3, 0.1)
_PER_100_M = 7.0
_PEOPLE_PER_100_M = 2.5
_DRIVABLE_M = 4.0
_SHADOW: Colour = (52, 52, 54)
_GLASS: Colour = (74, 66, 58)
_SHIRTS: tuple[Colour, ...] = ((150, 90, 60), (70, 70, 190), (90, 150, 110), (200, 200, 205), (60, 60, 64))
_HEADS: tuple[Colour, ...] = ((50, 50, 54), (90, 125, 165), (60, 60, 170), (220, 220, 222))
_LAMP: Colour = (200, 240, 255)
_REAR_LAMP: Colour = (40, 40, 230)


@dataclass(frozen=True)
class _Mover:
    kind: _Kind
    place: Points
    along: Points
    colour: Colour

    @property
    def distance_m(self) -> float:
        return math.hypot(self.place[0], self.place[1])


def draw_traffic(picture: Pixels, depth: Depth, view: CameraView, lens: Lens, light: Daylight, clock_s: float) -> None:
    """Draw what moves, hidden where a building or tree stands before it.

    Parameters
    ----------
    picture : numpy.ndarray
        Still picture; changed in place.
    depth : numpy.ndarray
        Distance of each pixel [m].
    view : dict
        What the camera looks at.
    lens : Lens
        The camera.
    light : Daylight
        Light of the hour.
    clock_s : float
        Seconds of the day in WIB [s].
    """
    busy = float(np.interp(clock_s / 3600, _HOURS, _BUSY))
    movers: list[_Mover] = []
    for street in view["streets"]:
        movers += _movers(street, busy, clock_s)
    for mover in sorted(movers, key=lambda mover: -mover.distance_m):
        _draw(picture, depth, lens, light, mover)


def _movers(street: SceneStreet, busy: float, clock_s: float) -> list[_Mover]:
    line = np.array(street["line"])
    steps = np.diff(line, axis=0)
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    total_m = float(lengths.sum())
    rng = np.random.default_rng(zlib.crc32(line.tobytes()))
    drivable = street["width_m"] >= _DRIVABLE_M
    n_road = round(total_m / 100 * _PER_100_M * busy * min(street["width_m"] / 8, 1.5)) if drivable else 0
    n_people = round(total_m / 100 * _PEOPLE_PER_100_M * busy)
    found: list[_Mover] = []
    for i in range(n_road + n_people):
        kind = _ON_ROAD[int(rng.integers(len(_ON_ROAD)))] if i < n_road else _PERSON
        forward = bool(rng.integers(2))
        start, pace, colour, lane = rng.random(), rng.uniform(0.8, 1.2), rng.integers(len(kind.colours)), rng.random()
        travelled = (start * total_m + clock_s * kind.speed_m_s * pace) % total_m
        place, along = _at(line, steps, lengths, travelled if forward else total_m - travelled)
        along = along if forward else -along
        half_m = street["width_m"] / 2
        aside_m = half_m + 0.6 if kind is _PERSON else half_m * (0.3 + 0.35 * lane)
        left = np.array([-along[1], along[0]])  # traffic keeps to the left
        found.append(_Mover(kind, place + left * aside_m, along, kind.colours[int(colour)]))
    return found


def _at(line: Points, steps: Points, lengths: Points, along_m: float) -> tuple[Points, Points]:
    ends = np.cumsum(lengths)
    i = min(int(np.searchsorted(ends, along_m)), len(steps) - 1)
    length = max(float(lengths[i]), 1e-6)
    return line[i] + (along_m - (ends[i] - length)) / length * steps[i], steps[i] / length


def _draw(picture: Pixels, depth: Depth, lens: Lens, light: Daylight, mover: _Mover) -> None:
    kind = mover.kind
    spot = lens.spot((float(mover.place[0]), float(mover.place[1]), kind.body_m / 2))
    if spot is None or not (0 <= spot[0] < lens.width and 0 <= spot[1] < lens.height):
        return
    if depth[int(spot[1]), int(spot[0])] < mover.distance_m:
        return
    shadow = lens.polygon(raised(_plan(mover, 1.15, 1.25), 0.0))
    if shadow is not None:
        fill(picture, shadow, light.shade(_SHADOW))
    _box(picture, lens, light, _plan(mover, 1.0, 1.0), (0.25, kind.body_m), mover.colour)
    if kind in (_CAR, _TRUCK):
        _box(picture, lens, light, _plan(mover, 0.5, 0.86), (kind.body_m, kind.cab_m), _GLASS)
    else:
        _upper_body(picture, lens, light, mover)
    if light.lamps and kind is not _PERSON:
        _lamps(picture, lens, mover)


def _plan(mover: _Mover, longer: float, wider: float) -> Points:
    ahead = mover.along * mover.kind.length_m / 2 * longer
    side = np.array([-mover.along[1], mover.along[0]]) * mover.kind.width_m / 2 * wider
    return np.array([-ahead - side, ahead - side, ahead + side, -ahead + side]) + mover.place


def _box(
    picture: Pixels, lens: Lens, light: Daylight, plan: Points, span_m: tuple[float, float], colour: Colour
) -> None:
    low, high = span_m
    sides = sorted(
        zip(plan, np.roll(plan, -1, axis=0), strict=True), key=lambda side: -math.hypot(*(side[0] + side[1]))
    )
    for i, (one, two) in enumerate(sides):
        corners = lens.polygon(np.array([(*one, low), (*two, low), (*two, high), (*one, high)]))
        if corners is not None:
            fill(picture, corners, light.shade(colour, 0.72 + 0.08 * i))
    top = lens.polygon(raised(plan, high))
    if top is not None and lens.height_m > high:
        fill(picture, top, light.shade(colour, 1.08))


def _upper_body(picture: Pixels, lens: Lens, light: Daylight, mover: _Mover) -> None:
    """Draw a rider or walker above the hip: a leaning trunk and a head."""
    kind = mover.kind
    key = zlib.crc32(f"{mover.colour} {kind.length_m * mover.along[0]:.2f}".encode())
    trunk = _plan(mover, 0.3 if kind is _MOTORCYCLE else 0.8, 0.75)
    _box(picture, lens, light, trunk, (kind.body_m * 0.75, kind.cab_m - 0.2), _SHIRTS[key % len(_SHIRTS)])
    head = lens.spot((float(mover.place[0]), float(mover.place[1]), kind.cab_m - 0.05))
    if head is not None:
        fill(picture, _disc(head, 0.15 * head[2]), light.shade(_HEADS[key % len(_HEADS)]))


def _disc(spot: tuple[float, float, float], radius_px: float) -> Points:
    turn = np.linspace(0, 2 * math.pi, 12, endpoint=False)
    return np.column_stack([np.cos(turn), np.sin(turn)]) * max(1.0, radius_px) + spot[:2]


def _lamps(picture: Pixels, lens: Lens, mover: _Mover) -> None:
    towards = float(mover.along @ mover.place) < 0
    end = mover.place + mover.along * mover.kind.length_m / 2 * (1 if towards else -1)
    side = np.array([-mover.along[1], mover.along[0]]) * mover.kind.width_m * 0.35
    for x, y in (end + side, end - side):
        spot = lens.spot((float(x), float(y), 0.65))
        if spot is not None:
            fill(picture, _disc(spot, 0.13 * spot[2]), _LAMP if towards else _REAR_LAMP)

"""A drawing of what a new camera would have in its picture: ground by what it means, buildings, distances, people."""

import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from cctv.i18n import number, t
from cctv.palette import LIGHT, rgb
from coverage.camera_view import FAR_M, GROUND, ROOF, SKY, CameraView

#: What the ground of a pixel is: no public space, seen by a camera already, or seen by nobody so far.
OTHER, SEEN, NEW = range(3)
STEP_M, STRIPE_M = 10.0, 2.0
#: No number stands so near to that of the range [m].
LABEL_GAP_M = 8.0
#: A grown person for scale, every so many metres [m].
PERSON_M, PERSON_WIDTH_M, PEOPLE_M = 1.7, 0.5, (10.0, 20.0, 30.0)
_FONT = Path(__file__).parent / "fonts" / "plus-jakarta-sans-700.ttf"
_SKY, _HAZE = "#dfe8ee", 0.55
_Colours = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class DrawnView:
    """What is drawn.

    Attributes
    ----------
    view : CameraView
        The picture, pixel by pixel.
    ground : ndarray of int8, shape (rows, columns)
        ``OTHER``, ``SEEN`` or ``NEW``; looked at where the view shows ground.
    height_m, range_m : float
        Height of the lens, and how far it counts as seeing [m].
    """

    view: CameraView
    ground: NDArray[np.int8]
    height_m: float
    range_m: float


def draw_view(drawn: DrawnView) -> bytes:
    """Draw what a camera would show.

    Parameters
    ----------
    drawn : DrawnView
        What to draw.

    Returns
    -------
    bytes
        PNG, a pixel per pixel of the view; each colour has a pattern of its own, so that it can be read in grey.
    """
    view = drawn.view
    paint = np.empty((*view.kind.shape, 3))
    paint[:] = rgb(LIGHT.building)[:3]
    paint *= (0.84 + 0.12 * view.lit)[..., None]
    paint[view.kind == ROOF] = np.array(rgb(LIGHT.accent)[:3]) * 0.35 + np.array(rgb(LIGHT.building)[:3]) * 0.6
    is_ground = view.kind == GROUND
    paint[is_ground] = _ground(drawn, is_ground)
    haze = np.minimum(np.where(np.isfinite(view.distance_m), view.distance_m, 0) / FAR_M, 1) * _HAZE
    paint += (np.array(rgb(_SKY)[:3]) - paint) * haze[..., None]
    paint[view.kind == SKY] = rgb(_SKY)[:3]
    paint[_edges(view)] = rgb(LIGHT.dead)[:3]
    picture = Image.fromarray(paint.clip(0, 255).astype(np.uint8))
    _distances(picture, drawn)
    _people(picture, drawn)
    if view.is_round:
        _bearings(picture)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _ground(drawn: DrawnView, at: NDArray[np.bool_]) -> _Colours:
    """Colour the ground: new is striped along one diagonal, seen along the other, too far is pale."""
    view, state = drawn.view, drawn.ground[at]
    x, y, distance = view.x_m[at], view.y_m[at], view.distance_m[at]
    plain = np.array(rgb("#cfc9bf")[:3], float)
    paint = np.repeat(plain[None], len(state), 0)
    for kind, colour, along in ((SEEN, LIGHT.seen, x - y), (NEW, LIGHT.proposed, x + y)):
        is_dark = along % STRIPE_M < STRIPE_M / 2
        strength = np.where(is_dark, 0.8, 0.5)[:, None]
        mixed = np.array(rgb(colour)[:3]) * strength + 255 * (1 - strength)
        paint[state == kind] = mixed[state == kind]
    too_far = (distance > drawn.range_m)[:, None]
    return np.where(too_far, paint * 0.3 + np.array(rgb(LIGHT.surface)[:3]) * 0.7, paint)


def _edges(view: CameraView) -> NDArray[np.bool_]:
    """Find where one thing ends and another begins: a drawing lives from its lines."""
    thing = view.building * 1_000 + np.round(view.lit * 100).astype(np.int64) + view.kind.astype(np.int64) * 400
    edge = np.zeros(thing.shape, np.bool_)
    edge[:, 1:] |= thing[:, 1:] != thing[:, :-1]
    edge[1:] |= thing[1:] != thing[:-1]
    return edge


def _distances(picture: Image.Image, drawn: DrawnView) -> None:
    """Draw an arc on the ground every ten metres, a thick one where the camera counts as blind."""
    view, canvas = drawn.view, ImageDraw.Draw(picture)
    column = view.kind.shape[1] // 5
    marks = [(step, 1) for step in np.arange(STEP_M, drawn.range_m, STEP_M)] + [(drawn.range_m, 3)]
    is_near = view.kind == GROUND
    for metres, width in marks:
        crossed = np.zeros_like(is_near)
        crossed[1:] = is_near[1:] & is_near[:-1] & ((view.distance_m[1:] < metres) != (view.distance_m[:-1] < metres))
        rows, columns = np.nonzero(crossed)
        for row, place in zip(rows.tolist(), columns.tolist(), strict=True):
            if width > 1 or place % 12 < 7:  # noqa: PLR2004 - dashes
                canvas.line([(place, row - width // 2), (place, row + width // 2)], LIGHT.text)
        beside = np.abs(columns - column)
        if len(beside) and (metres == drawn.range_m or metres < drawn.range_m - LABEL_GAP_M):
            spot = int(np.argmin(beside))
            _label(canvas, int(columns[spot]), int(rows[spot]), f"{number(metres)} m")


def _people(picture: Image.Image, drawn: DrawnView) -> None:
    view, canvas = drawn.view, ImageDraw.Draw(picture)
    middle = view.kind.shape[1] // 2
    for metres in PEOPLE_M:
        if metres > drawn.range_m:
            continue
        foot, head = (_row(view, middle, (z - drawn.height_m) / metres) for z in (0.0, PERSON_M))
        is_free = view.distance_m[head:foot, middle] >= metres * 0.98
        if foot <= head or foot >= len(view.kind) or not is_free.all():
            continue
        half = max(2, round((foot - head) * PERSON_WIDTH_M / PERSON_M / 2))
        neck = head + (foot - head) // 5
        canvas.rounded_rectangle([middle - half, neck, middle + half, foot], half, LIGHT.text)
        canvas.ellipse([middle - half * 0.7, head, middle + half * 0.7, neck], LIGHT.text)


def _bearings(picture: Image.Image) -> None:
    """Name the four directions along the top of a strip all round; north is in the middle."""
    canvas, width = ImageDraw.Draw(picture), picture.width
    for quarter, name in ((0.25, "west"), (0.5, "north"), (0.75, "east"), (0.995, "south")):
        _label(canvas, round(min(quarter * width, width - 12)), 28, t(f"bearing.{name}"))


def _row(view: CameraView, column: int, rise: float) -> int:
    """Find the row whose ray climbs so much; the rise falls from row to row."""
    return int(np.searchsorted(-view.rise[:, column], -rise))


def _label(canvas: ImageDraw.ImageDraw, x: int, y: int, words: str) -> None:
    canvas.text((x, y - 4), words, LIGHT.text, _font(), anchor="mb", stroke_width=3, stroke_fill=LIGHT.background)


@cache
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FONT), 20)

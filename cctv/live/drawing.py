"""Draw one frame of a simulated camera: the town, the traffic of the moment, and who, what and when written on it."""

import threading
import zlib
from collections import OrderedDict
from datetime import datetime

import cv2
import numpy as np

from cctv.i18n import WIB, t
from cctv.live.daylight import Daylight, daylight_at
from cctv.live.jpeg import Pixels, encode
from cctv.live.lettering import Colour, Lettering
from cctv.live.projection import Lens
from cctv.live.scene_file import CameraView
from cctv.live.townscape import Depth, draw_town
from cctv.live.traffic import draw_traffic

WIDTH, HEIGHT = 960, 540
_KEPT_TOWNS = 48  # 4 MB each
_LIGHT_STEP_S = 900
_WHITE: Colour = (248, 248, 248)
_AMBER: Colour = (90, 200, 255)
_BRICK: Colour = (38, 61, 166)
_STRIP_PX = 44
_GRAIN = 3.0


class Painter:
    """Draws frames and keeps the still part of each camera; safe to use from any thread."""

    def __init__(self) -> None:
        self._towns: OrderedDict[tuple[str, int], tuple[Pixels, Depth]] = OrderedDict()
        self._lock = threading.Lock()

    def frame(self, view: CameraView, now: datetime) -> bytes:
        """Draw what a camera sees.

        Parameters
        ----------
        view : dict
            The camera and what stands around it.
        now : datetime
            Moment to draw, aware.

        Returns
        -------
        bytes
            JPEG file, 960 x 540.
        """
        local = now.astimezone(WIB)
        clock_s = local.hour * 3600 + local.minute * 60 + local.second + local.microsecond / 1e6
        step = int(clock_s // _LIGHT_STEP_S)
        light = daylight_at(step * _LIGHT_STEP_S / 3600)
        lens = _lens(view)
        town, depth = self._town(view, lens, light, step)
        picture = town.copy()
        draw_traffic(picture, depth, view, lens, light, clock_s)
        _grain(picture, view, clock_s)
        _overlay(picture, view, local)
        return encode(picture, 80)

    def _town(self, view: CameraView, lens: Lens, light: Daylight, step: int) -> tuple[Pixels, Depth]:
        key = (view["camera_id"], step)
        with self._lock:
            if key in self._towns:
                self._towns.move_to_end(key)
                return self._towns[key]
        drawn = draw_town(view, lens, light)
        with self._lock:
            self._towns[key] = drawn
            while len(self._towns) > _KEPT_TOWNS:
                self._towns.popitem(last=False)
        return drawn


def _lens(view: CameraView) -> Lens:
    return Lens(
        WIDTH, HEIGHT, height_m=view["height_m"], azimuth_deg=view["azimuth_deg"], tilt_deg=view["tilt_deg"],
        hfov_deg=view["hfov_deg"],
    )  # fmt: skip


def _grain(picture: Pixels, view: CameraView, clock_s: float) -> None:
    """Add the grain of a sensor, other in each frame."""
    rng = np.random.default_rng(zlib.crc32(f"{view['camera_id']} {clock_s}".encode()))
    noise = rng.normal(0, _GRAIN, (HEIGHT // 2, WIDTH // 2)).astype(np.float32)
    whole = cv2.resize(noise, (WIDTH, HEIGHT), interpolation=cv2.INTER_NEAREST)[:, :, None]
    np.copyto(picture, np.clip(picture + whole, 0, 255).astype(np.uint8))


def _overlay(picture: Pixels, view: CameraView, local: datetime) -> None:
    for strip in (picture[:_STRIP_PX], picture[-_STRIP_PX:]):
        np.copyto(strip, (strip * 0.45).astype(np.uint8))
    letters = Lettering(WIDTH)
    base, margin = 29, 16
    clock = f"{local:%d/%m/%Y %H:%M:%S} WIB"
    clock_x = WIDTH - margin - letters.width_of(clock, 0.021, bold=True)
    letters.put(picture, letters.fitted(view["name"], 0.021, 0.62, bold=True), margin, base, 0.021, _WHITE, bold=True)
    letters.put(picture, clock, clock_x, base, 0.021, _WHITE, bold=True)
    letters.put(picture, letters.fitted(view["owner"], 0.018, 0.6), margin, HEIGHT - 15, 0.018, _WHITE)
    label = t("live.simulated")
    label_x = WIDTH - margin - letters.width_of(label, 0.024, bold=True)
    cv2.rectangle(picture, (label_x - 10, HEIGHT - 39), (WIDTH - 8, HEIGHT - 6), _BRICK, -1)
    letters.put(picture, label, label_x, HEIGHT - 14, 0.024, _WHITE, bold=True)
    unknown = [("live.position_unknown", view["position_known"]), ("live.direction_unknown", view["azimuth_known"])]
    for i, key in enumerate(key for key, known in unknown if not known):
        letters.centred(picture, t(key), _STRIP_PX + 40 + 38 * i, 0.03, _AMBER, bold=True)

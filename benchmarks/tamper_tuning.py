"""Drawings for choosing the thresholds of the picture checks: streets in perspective made of boxes, lit by a number.

Shares nothing with ``tamper_judging``; never used to judge.
"""

import cv2
import numpy as np

WIDTH, HEIGHT = 1280, 720
FAULTS = ("black", "frozen", "blurred", "covered", "moved")
CALM = ("day", "dim", "night", "infrared", "rain", "bus", "shake", "fog", "compressed")


class Street:
    """One camera over a street."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.base = self._draw()

    def _draw(self) -> np.ndarray:
        rng, picture = self.rng, np.zeros((HEIGHT, WIDTH, 3), np.uint8)
        horizon = int(rng.integers(150, 260))
        picture[:horizon] = (220, 190, 150)
        picture[horizon:] = rng.integers(80, 120, 3)
        vanish = int(rng.integers(420, 860))
        road = np.array([(vanish - 20, horizon), (vanish + 20, horizon), (WIDTH + 200, HEIGHT), (-200, HEIGHT)])
        cv2.fillPoly(picture, [road], (92, 90, 88))
        for k in range(12):
            depth = 1 - k / 13
            y = int(horizon + (HEIGHT - horizon) * depth**2)
            cv2.line(
                picture, (vanish, y), (vanish, y + int(30 * depth**2) + 2), (220, 220, 220), max(1, int(8 * depth))
            )
        for side in (-1, 1):
            for k in range(9, 0, -1):
                scale = (10 - k) / 9
                x = int(vanish + side * (60 + 620 * scale))
                w, h = int(150 * scale) + 20, int(330 * scale) + 30
                colour = tuple(int(c) for c in rng.integers(90, 235, 3))
                top = horizon + int(140 * scale) - h
                cv2.rectangle(picture, (x, top), (x + side * w, top + h), colour, -1)
                for _ in range(int(rng.integers(4, 14))):
                    wx, wy = x + side * int(rng.integers(4, max(w - 4, 5))), top + int(rng.integers(4, max(h - 10, 5)))
                    size = max(3, int(16 * scale))
                    shade = int(rng.integers(20, 90))
                    cv2.rectangle(picture, (wx, wy), (wx + side * size, wy + size), (shade, shade, shade + 10), -1)
        return picture

    def frame(self, kind: str = "day") -> np.ndarray:
        """Draw one moment: other cars, other noise, other light."""
        rng, picture = self.rng, self.base.copy()
        for _ in range(int(rng.integers(0, 7))):
            x, y = int(rng.integers(200, 1000)), int(rng.integers(330, 640))
            size = (y - 200) // 4
            cv2.rectangle(picture, (x, y), (x + 2 * size, y + size), tuple(int(c) for c in rng.integers(0, 255, 3)), -1)
        picture = picture.astype(np.float32)
        if kind == "bus":
            x = int(rng.integers(100, 600))
            cv2.rectangle(picture, (x, 200), (x + 560, 690), (60, 120, 190), -1)
            for k in range(5):
                cv2.rectangle(picture, (x + 20 + 105 * k, 250), (x + 105 * k + 100, 380), (50, 45, 40), -1)
        picture, gain, noise = self._light(picture, kind)
        picture = picture * gain + rng.normal(0, noise, picture.shape)
        picture = np.clip(picture, 0, 255).astype(np.uint8)
        if kind == "rain":
            for _ in range(420):
                x, y = int(rng.integers(0, WIDTH)), int(rng.integers(0, HEIGHT))
                cv2.line(picture, (x, y), (x + 5, y + 28), (205, 205, 205), 1)
            picture = cv2.GaussianBlur(picture, (0, 0), 0.9)
        if kind == "shake":
            picture = _shift(picture, *rng.uniform(-3, 3, 2), 0.0)
        return _jpeg(picture, 25 if kind == "compressed" else 72)

    def _light(self, picture: np.ndarray, kind: str) -> tuple[np.ndarray, float, float]:
        """Give the picture in another light, with its gain and noise."""
        rng = self.rng
        gain, noise = rng.uniform(0.6, 1.25), rng.uniform(2, 5)
        if kind == "dim":
            gain, noise = 0.4, 5
        if kind == "night":
            lamp = np.exp(-((np.indices((HEIGHT, WIDTH))[1] - 640) ** 2) / 2 / 330**2)[..., None]
            picture, gain, noise = picture * (0.18 + 0.25 * lamp), 1.0, 6
        if kind == "infrared":
            flat = picture.mean(axis=2, keepdims=True)
            spot = np.exp(-(((np.indices((HEIGHT, WIDTH)) - [[[400]], [[640]]]) ** 2).sum(axis=0)) / 2 / 380**2)[
                ..., None
            ]
            picture, gain, noise = np.repeat(flat * (0.25 + 0.55 * spot), 3, axis=2), 1.0, 6
        if kind == "fog":
            picture = picture * 0.5 + 105
        return picture, gain, noise

    def broken(self, fault: str, kind: str, other: "Street") -> np.ndarray:
        """Draw a moment with a fault."""
        rng = self.rng
        picture = self.frame(kind)
        if fault == "black":
            flat = rng.integers(0, 25) if rng.random() < 0.6 else rng.integers(40, 190)
            return _jpeg(np.clip(rng.normal(flat, 2, picture.shape), 0, 255).astype(np.uint8), 72)
        if fault == "blurred":
            return _jpeg(cv2.GaussianBlur(picture, (0, 0), float(rng.choice([4, 6, 10]))), 72)
        if fault == "covered":
            share = rng.uniform(0.5, 0.95)
            if rng.random() < 0.5:
                picture[:, : int(WIDTH * share)] = rng.integers(5, 70, 3)
            else:
                picture[: int(HEIGHT * share)] = rng.integers(5, 70, 3)
            return _jpeg(picture, 72)
        if fault == "moved":
            way = rng.integers(0, 3)
            if way == 0:
                return _jpeg(_shift(picture, *(rng.choice([-1, 1], 2) * rng.uniform(20, 120, 2)), 0.0), 72)
            return _jpeg(_shift(picture, 0, 0, float(rng.choice([-6, 6]))), 72) if way == 1 else other.frame(kind)
        return picture


def _shift(picture: np.ndarray, dx: float, dy: float, turn_deg: float) -> np.ndarray:
    matrix = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), turn_deg, 1.0)
    matrix[:, 2] += (dx, dy)
    return cv2.warpAffine(picture, matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT)


def _jpeg(picture: np.ndarray, quality: int) -> np.ndarray:
    return cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR)

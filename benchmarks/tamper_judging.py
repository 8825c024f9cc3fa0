"""Drawings for judging the picture checks: squares and markets seen from above, textured by noise in octaves.

Drawn by other means than ``tamper_tuning`` (noise and homographies in place of boxes), with its own light, weather and
faults; the thresholds were fixed before the first run on these and not changed after it.
"""

import cv2
import numpy as np

WIDTH, HEIGHT = 1280, 720
FAULTS = ("black", "frozen", "blurred", "covered", "moved")
CALM = ("day", "dusk", "night", "infrared", "rain", "night rain", "bus", "shake", "glare", "shadows", "compressed")


class Square:
    """One camera over an open place."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng([seed, 77])
        self.ground = self._ground()
        tilt = self.rng.uniform(0.18, 0.34)
        source = np.float32([(0, 0), (1600, 0), (1600, 1200), (0, 1200)])
        target = np.float32([
            (WIDTH * tilt, HEIGHT * 0.22), (WIDTH * (1 - tilt), HEIGHT * 0.22),
            (WIDTH * 1.25, HEIGHT), (-WIDTH * 0.25, HEIGHT),
        ])  # fmt: skip
        self.view = cv2.getPerspectiveTransform(source, target)
        self.base = self._scene()

    def _octaves(self, shape: tuple[int, int], first: int, n: int) -> np.ndarray:
        total = np.zeros(shape, np.float32)
        for k in range(n):
            cells = (first * 2**k * shape[0] // shape[1] + 2, first * 2**k + 2)
            coarse = self.rng.normal(0, 0.55**k, cells).astype(np.float32)
            total += cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_CUBIC)
        return total

    def _ground(self) -> np.ndarray:
        rng = self.rng
        grain = self._octaves((1200, 1600), 6, 7)
        ground = np.stack([118 + 16 * grain, 126 + 15 * grain, 130 + 14 * grain], axis=2)
        for _ in range(int(rng.integers(6, 12))):  # paving of another kind
            centre, axes = rng.integers((0, 0), (1600, 1200)), rng.integers(60, 260, 2)
            mask = np.zeros((1200, 1600), np.uint8)
            cv2.ellipse(
                mask, tuple(map(int, centre)), tuple(map(int, axes)), float(rng.uniform(0, 180)), 0, 360, 255, -1
            )
            ground[mask > 0] += rng.uniform(-35, 35, 3)
        step = int(rng.integers(50, 90))
        for x in range(0, 1600, step):
            cv2.line(ground, (x, 0), (x + int(rng.integers(-20, 20)), 1200), (88, 92, 95), 2)
        for y in range(0, 1200, step):
            cv2.line(ground, (0, y), (1600, y), (88, 92, 95), 2)
        return ground

    def _scene(self) -> np.ndarray:
        rng = self.rng
        sky = 200 + 14 * self._octaves((HEIGHT, WIDTH), 3, 3)[..., None] + np.array([28.0, 6.0, -12.0])
        flat = cv2.warpPerspective(self.ground, self.view, (WIDTH, HEIGHT))
        inside = cv2.warpPerspective(np.ones((1200, 1600), np.float32), self.view, (WIDTH, HEIGHT))[..., None]
        scene = sky * (1 - inside) + flat * inside
        for _ in range(int(rng.integers(10, 18))):  # stalls and kiosks: textured, with awnings
            x, foot = int(rng.integers(-40, WIDTH)), int(rng.integers(HEIGHT * 0.26, HEIGHT * 0.7))
            size = int(40 + 130 * (foot / HEIGHT) ** 1.5)
            wall = self._octaves((size, int(size * 1.4)), 5, 4)[..., None] * 18 + rng.uniform(60, 200, 3)
            top, left, right = max(foot - size, 0), max(x, 0), min(x + wall.shape[1], WIDTH)
            if right - left > 4:
                scene[top:foot, left:right] = wall[: foot - top, : right - left]
                stripes = [tuple(map(float, rng.uniform(30, 230, 3))) for _ in range(2)]
                for k, at in enumerate(range(left, right, 12)):
                    cv2.rectangle(scene, (at, top), (min(at + 11, right), top + size // 4), stripes[k % 2], -1)
        for _ in range(int(rng.integers(4, 9))):  # trees: blots of noise
            centre = rng.integers((0, HEIGHT // 4), (WIDTH, int(HEIGHT * 0.7)))
            leaf = np.zeros((HEIGHT, WIDTH), np.float32)
            cv2.circle(leaf, tuple(map(int, centre)), int(rng.integers(30, 90)), 1.0, -1)
            mask = (cv2.GaussianBlur(leaf, (0, 0), 9) + 0.3 * self._octaves((HEIGHT, WIDTH), 40, 2) > 0.5)[..., None]
            scene = np.where(
                mask, np.array([48.0, 92, 62]) + 22 * self._octaves((HEIGHT, WIDTH), 60, 2)[..., None], scene
            )
        return np.clip(scene, 0, 255)

    def frame(self, kind: str = "day") -> np.ndarray:
        """Draw one moment: people and motorcycles, weather, light, noise, compression."""
        rng, picture = self.rng, self.base.copy()
        for _ in range(int(rng.integers(3, 30))):
            x, y = int(rng.integers(0, WIDTH)), int(rng.integers(HEIGHT // 3, HEIGHT - 10))
            tall = int(10 + 60 * y / HEIGHT)
            cv2.ellipse(picture, (x, y), (tall // 3, tall), 0, 0, 360, tuple(map(float, rng.uniform(0, 255, 3))), -1)
        if kind == "bus":
            self._bus(picture)
        if kind == "shadows":
            edge = int(rng.integers(200, 1000))
            picture[:, edge:] *= rng.uniform(0.45, 0.7)
        picture, noise = self._light(picture, kind)
        if "rain" in kind:
            drops = np.zeros((HEIGHT, WIDTH), np.float32)
            at = rng.integers((0, 0), (HEIGHT, WIDTH), (700, 2))
            drops[at[:, 0], at[:, 1]] = 255
            length = int(rng.integers(15, 35))
            streak = np.zeros((length, length), np.float32)
            cv2.line(streak, (length // 2, 0), (length // 2 + 4, length - 1), 1.0 / 6)
            picture = cv2.GaussianBlur(picture, (0, 0), 0.8) + cv2.filter2D(drops, -1, streak)[..., None]
        if kind == "glare":
            y, x = np.indices((HEIGHT, WIDTH))
            away = (y - rng.integers(100, 500)) ** 2 + (x - rng.integers(200, 1100)) ** 2
            picture = picture + 230 * np.exp(-away / 2 / rng.uniform(70, 120) ** 2)[..., None]
        picture = np.clip(picture + rng.normal(0, noise, picture.shape), 0, 255).astype(np.uint8)
        if kind == "shake":
            picture = cv2.warpAffine(picture, np.float64([[1, 0, rng.uniform(-4, 4)], [0, 1, rng.uniform(-4, 4)]]),
                                     (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE)  # fmt: skip
        return _compressed(picture, int(rng.integers(18, 30)) if kind == "compressed" else int(rng.integers(55, 88)))

    def _light(self, picture: np.ndarray, kind: str) -> tuple[np.ndarray, float]:
        rng = self.rng
        if kind.startswith("night"):
            x = np.arange(WIDTH) / WIDTH
            lamps = 0.16 + sum(0.3 * np.exp(-((x - at) ** 2) / 0.012) for at in (0.25, 0.75))
            return picture * lamps[None, :, None] * np.array([0.75, 0.9, 1.0]), rng.uniform(4, 8)
        if kind == "infrared":
            y, x = np.indices((HEIGHT, WIDTH))
            cone = np.exp(-((x / WIDTH - 0.5) ** 2 / 0.12 + (y / HEIGHT - 0.6) ** 2 / 0.18))[..., None]
            return np.repeat(picture @ np.array([[0.3], [0.4], [0.3]]) * (0.15 + 0.75 * cone), 3, axis=2), rng.uniform(
                3, 7
            )
        if kind == "dusk":
            return picture * rng.uniform(0.38, 0.5) * np.array([1.1, 1.0, 0.9]), rng.uniform(4, 7)
        return (picture - 128) * rng.uniform(0.75, 1.15) + 128 * rng.uniform(0.7, 1.2), rng.uniform(1.5, 5)

    def _bus(self, picture: np.ndarray) -> None:
        rng = self.rng
        x, y = int(rng.integers(-100, 500)), int(rng.integers(180, 330))
        wide, high = int(rng.integers(520, 760)), int(rng.integers(250, 360))
        cv2.rectangle(picture, (x, y), (x + wide, y + high), tuple(map(float, rng.uniform(40, 220, 3))), -1)
        for k in range(7):
            left = x + 20 + k * wide // 7
            cv2.rectangle(picture, (left, y + 30), (left + wide // 9, y + high // 2), (40.0, 36.0, 34.0), -1)
        name = np.zeros((HEIGHT, WIDTH), np.uint8)
        cv2.putText(name, "TRANS JATIM", (x + 40, y + high - 40), cv2.FONT_HERSHEY_SIMPLEX, 2, 255, 5)
        picture[name > 0] = 240

    def broken(self, fault: str, kind: str, other: "Square") -> np.ndarray:
        """Draw a moment with a fault."""
        rng, picture = self.rng, self.frame(kind)
        if fault == "black":
            level = float(rng.choice([rng.uniform(0, 20), rng.uniform(60, 200)]))
            return _compressed(np.clip(level + rng.normal(0, 1.8, picture.shape), 0, 255).astype(np.uint8), 80)
        if fault == "blurred":
            length = int(rng.integers(13, 31)) | 1
            disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (length, length)).astype(np.float32)
            return _compressed(cv2.filter2D(picture, -1, disc / disc.sum()), 80)  # a lens out of focus, not a Gaussian
        if fault == "covered":
            return _compressed(self._cover(picture), 80)
        if fault == "moved":
            turn, zoom = rng.uniform(-8, 8), rng.uniform(0.93, 1.07)
            way = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), turn, zoom)
            way[:, 2] += rng.choice([-1, 1], 2) * rng.uniform(24, 200, 2)
            shifted = cv2.warpAffine(picture, way, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT_101)
            return other.frame(kind) if rng.random() < 0.35 else _compressed(shifted, 80)
        return picture

    def _cover(self, picture: np.ndarray) -> np.ndarray:
        """Lay cloth, a board or paint before the lens."""
        rng, way = self.rng, self.rng.integers(0, 3)
        mask = np.zeros((HEIGHT, WIDTH), np.float32)
        if way == 0:  # a cloth with folds hanging in from the side
            mask[:, : int(WIDTH * rng.uniform(0.55, 0.95))] = 1
        elif way == 1:  # a board, tilted
            cv2.fillPoly(mask, [np.int32([(-50, -50), (WIDTH + 50, -50), (WIDTH + 50, rng.integers(420, 620)),
                                          (-50, rng.integers(420, 620))])], 1.0)  # fmt: skip
        else:  # sprayed paint in blots
            for _ in range(14):
                cv2.circle(
                    mask, tuple(map(int, rng.integers((100, 60), (1180, 660)))), int(rng.integers(120, 230)), 1.0, -1
                )
        mask = cv2.GaussianBlur(mask, (0, 0), 7)[..., None] * rng.uniform(0.9, 1.0)
        folds = self._octaves((HEIGHT, WIDTH), 2, 2)[..., None] * 7 + rng.uniform(15, 120, 3)
        return np.clip(picture * (1 - mask) + folds * mask + rng.normal(0, 2, picture.shape), 0, 255).astype(np.uint8)


def _compressed(picture: np.ndarray, quality: int) -> np.ndarray:
    return cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR)

"""Is the picture of a camera still good: black, frozen, blurred, covered, or looking elsewhere than it used to.

Everything is compared with a reference of the same camera in the same light. Strips at the top and the bottom are left
out where cameras write clock and name: writing stands still when the camera moves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from cctv.live.jpeg import Pixels

Fault = Literal["", "black", "frozen", "blurred", "covered", "moved"]
Light = Literal["day", "night"]
Grey = NDArray[np.uint8]
Floats = NDArray[np.float32]

WIDTH, HEIGHT = 640, 360
#: Rows at the top and the bottom that may carry writing.
STRIP = 34
_BLOCKS = (6, 8)
#: Blocks with less than this share of the usual steepness are too plain to lose anything.
_TEXTURED = 0.5
_FEATURES = 800
_RATIO, _RANSAC_PX = 0.8, 3.0
_FEWEST_PAIRS = 6
_IR_SATURATION, _NIGHT_GREY = 14.0, 60.0


@dataclass(frozen=True)
class Thresholds:
    """From where on something is a fault; chosen on drawings of one kind, judged on drawings of another.

    Attributes
    ----------
    black_p99, flat_std : float
        Black if the brightest hundredth is darker, or if nothing stands out [levels of 255].
    frozen_change : float
        Frozen if the mean change since the last picture is smaller [levels of 255].
    blurred_sharpness : float
        Blurred if less than this share of the finest detail is left.
    covered_block, covered_share : float
        Covered if more than this share of the blocks keep less than this share of their edges.
    moved_inliers, moved_px : float
        Moved if at least so many features agree on a shift of a corner beyond so many pixels.
    lost_inliers, lost_features : float
        Turned away if fewer features are found again although the picture has so many.
    """

    black_p99: float = 40.0
    flat_std: float = 5.0
    frozen_change: float = 0.05
    blurred_sharpness: float = 0.5
    covered_block: float = 0.25
    covered_share: float = 0.4
    moved_inliers: float = 14.0
    moved_px: float = 6.0
    lost_inliers: float = 14.0
    lost_features: float = 80.0


@dataclass(frozen=True, eq=False)
class Reference:
    """How a camera looks when all is well, at 640 x 360.

    Attributes
    ----------
    grey : ndarray of uint8, shape (360, 640)
        Median of several pictures.
    blocks : ndarray of float32, shape (6, 8)
        Mean steepness of each block of the picture with its contrast set to one.
    sharpness : float
        Variance of the finest detail of the same.
    points : ndarray of float32, shape (n, 2)
        Features [px].
    marks : ndarray of uint8, shape (n, 32)
        Their descriptors.
    """

    grey: Grey
    blocks: Floats
    sharpness: float
    points: Floats
    marks: NDArray[np.uint8]


@dataclass(frozen=True)
class Measures:
    """What was measured; see :class:`Thresholds`.

    Attributes
    ----------
    p99, std : float
        Brightest hundredth, and spread [levels of 255].
    change : float
        Mean difference to the picture before; infinite without one [levels of 255].
    sharpness, covered : float
        Share of the finest detail that is left; share of the blocks that lost their edges.
    inliers, features : int
        Features that agree on one movement; features of the picture.
    shift_px : float
        How far a corner moved by it [px].
    """

    p99: float
    std: float
    change: float
    sharpness: float
    covered: float
    inliers: int
    features: int
    shift_px: float


def light_of(picture: Pixels) -> Light:
    """Tell in which light a picture was taken; by infrared light it has no colour.

    Parameters
    ----------
    picture : ndarray of uint8, shape (height, width, 3)
        Blue, green, red.

    Returns
    -------
    {"day", "night"}
        Night if it is colourless or dark.
    """
    small = cv2.resize(picture, (WIDTH // 4, HEIGHT // 4), interpolation=cv2.INTER_AREA)
    saturation = small.max(axis=2).astype(np.float32) - small.min(axis=2)
    return "night" if saturation.mean() < _IR_SATURATION or small.mean() < _NIGHT_GREY else "day"


def grey_of(picture: Pixels) -> Grey:
    """Bring a picture to the size and colour that is compared.

    Parameters
    ----------
    picture : ndarray of uint8, shape (height, width, 3)
        Blue, green, red.

    Returns
    -------
    ndarray of uint8, shape (360, 640)
        Grey.
    """
    small = cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def reference_of(greys: Sequence[Grey]) -> Reference:
    """Make a reference; what moves through the pictures disappears in their median.

    Parameters
    ----------
    greys : sequence of ndarray of uint8, shape (360, 640)
        At least one; about seven taken minutes apart are good.

    Returns
    -------
    Reference
        Of the median.
    """
    stack = np.stack(greys)
    middle = np.asarray(np.median(stack, axis=0), dtype=np.uint8)
    each = [_detail(grey) for grey in greys]  # the median itself has no noise and would look sharper than any picture
    blocks = np.median(np.stack([blocks for blocks, _ in each]), axis=0)
    points, marks = _features(middle)
    return Reference(middle, blocks, float(np.median([sharp for _, sharp in each])), points, marks)


def measure(reference: Reference, grey: Grey, before: Grey | None) -> Measures:
    """Compare a picture with the reference.

    Parameters
    ----------
    reference : Reference
        In the same light.
    grey : ndarray of uint8, shape (360, 640)
        The picture.
    before : ndarray of uint8, shape (360, 640), or None
        The one before it.

    Returns
    -------
    Measures
        Numbers without a judgement.

    Notes
    -----
    Features are ORB, their movement a partial affine map by RANSAC (Rublee et al. 2011, Fischler and Bolles 1981).
    Steepness is that of the picture divided by the spread of its brightness, so that light and gain cancel out.
    """
    inner = _inner(grey)
    blocks, sharpness = _detail(grey)
    textured = reference.blocks > _TEXTURED * float(np.median(reference.blocks))
    kept = blocks[textured] / reference.blocks[textured]
    points, marks = _features(grey)
    inliers, shift_px = _movement(reference, points, marks)
    change = float("inf") if before is None else float(np.abs(grey.astype(np.int16) - before).mean())
    return Measures(
        float(np.percentile(inner, 99)), float(inner.std()), change,
        sharpness / max(reference.sharpness, 1e-6),
        float((kept < Thresholds.covered_block).mean()), inliers, len(points), shift_px,
    )  # fmt: skip


def fault_of(found: Measures, limits: Thresholds | None = None) -> Fault:
    """Judge what was measured.

    Parameters
    ----------
    found : Measures
        Numbers of one picture.
    limits : Thresholds, optional
        Those in force by default.

    Returns
    -------
    str
        The gravest fault, empty if there is none.
    """
    at = limits or Thresholds()
    if found.p99 < at.black_p99 or found.std < at.flat_std:
        return "black"
    if found.change < at.frozen_change:
        return "frozen"
    if found.covered > at.covered_share:
        return "covered"
    if found.sharpness < at.blurred_sharpness:
        return "blurred"
    turned = found.inliers < at.lost_inliers and found.features >= at.lost_features
    shifted = found.inliers >= at.moved_inliers and found.shift_px > at.moved_px
    return "moved" if turned or shifted else ""


def _inner(grey: Grey) -> Grey:
    return grey[STRIP : HEIGHT - STRIP]


def _detail(grey: Grey) -> tuple[Floats, float]:
    """Steepness per block and finest detail, with the contrast of the picture set to one."""
    inner = cv2.GaussianBlur(_inner(grey), (0, 0), 1.2).astype(np.float32)
    inner /= max(float(inner.std()), 4.0)
    steep = cv2.magnitude(cv2.Sobel(inner, cv2.CV_32F, 1, 0), cv2.Sobel(inner, cv2.CV_32F, 0, 1))
    blocks = cv2.resize(steep, _BLOCKS[::-1], interpolation=cv2.INTER_AREA)
    return np.asarray(blocks, np.float32), float(cv2.Laplacian(inner, cv2.CV_32F).var())


def _features(grey: Grey) -> tuple[Floats, NDArray[np.uint8]]:
    found, marks = cv2.ORB.create(_FEATURES, fastThreshold=12).detectAndCompute(_inner(grey), None)
    points = np.array([one.pt for one in found], np.float32).reshape(-1, 2)
    return points, np.asarray(marks, np.uint8).reshape(len(points), -1) if len(points) else np.zeros((0, 32), np.uint8)


def _movement(reference: Reference, points: Floats, marks: NDArray[np.uint8]) -> tuple[int, float]:
    """How many features agree on one movement, and how far a corner of the picture moves by it [px]."""
    if min(len(points), len(reference.points)) < _FEWEST_PAIRS:
        return 0, 0.0
    near = cv2.BFMatcher.create(cv2.NORM_HAMMING).knnMatch(reference.marks, marks, k=2)
    pairs = [pair[0] for pair in near if len(pair) == 2 and pair[0].distance < _RATIO * pair[1].distance]  # noqa: PLR2004
    if len(pairs) < _FEWEST_PAIRS:
        return len(pairs), 0.0
    cv2.setRNGSeed(0)  # the same pictures give the same answer
    start = reference.points[[one.queryIdx for one in pairs]]
    stop = points[[one.trainIdx for one in pairs]]
    fitted = cv2.estimateAffinePartial2D(start, stop, method=cv2.RANSAC, ransacReprojThreshold=_RANSAC_PX)
    way, agree = cast("tuple[NDArray[np.float64] | None, NDArray[np.uint8]]", fitted)
    if way is None:  # its stubs do not say so
        return 0, 0.0
    corners = np.array([(0, 0, 1), (WIDTH, 0, 1), (0, HEIGHT, 1), (WIDTH, HEIGHT, 1)], np.float64)
    moved = corners @ way.T - corners[:, :2]
    return int(agree.sum()), float(np.hypot(*moved.T).max())

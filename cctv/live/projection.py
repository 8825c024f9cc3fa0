"""A pinhole camera: where a place around the camera falls in its picture."""

import math

import cv2
import numpy as np
import numpy.typing as npt

from cctv.live.jpeg import Pixels
from cctv.live.lettering import Colour

Points = npt.NDArray[np.float64]
_NEAR_M = 0.4
_SHIFT = 4  # OpenCV takes corners in sixteenths of a pixel
_FAR_PX = 20_000.0


class Lens:
    """Pinhole camera at the origin, ``height_m`` above the ground.

    Parameters
    ----------
    width, height : int
        Size of the picture [px].
    height_m : float
        Lens above ground [m].
    azimuth_deg : float
        Clockwise from north [deg].
    tilt_deg : float
        Below horizontal [deg].
    hfov_deg : float
        Horizontal field of view [deg], below 180.
    """

    def __init__(
        self, width: int, height: int, *, height_m: float, azimuth_deg: float, tilt_deg: float, hfov_deg: float
    ) -> None:
        self.width, self.height, self.height_m = width, height, height_m
        self.focal_px = width / 2 / math.tan(math.radians(hfov_deg) / 2)
        azimuth, tilt = math.radians(azimuth_deg), math.radians(tilt_deg)
        ahead = np.array([math.sin(azimuth), math.cos(azimuth), 0.0])
        right = np.array([math.cos(azimuth), -math.sin(azimuth), 0.0])
        up = np.array([0.0, 0.0, 1.0])
        axis = math.cos(tilt) * ahead - math.sin(tilt) * up
        down = -math.sin(tilt) * ahead - math.cos(tilt) * up
        self._axes = np.stack([right, down, axis])
        self.horizon_px = height / 2 - self.focal_px * math.tan(tilt)

    def seen(self, points_m: Points) -> Points:
        """Turn places into the axes of the camera.

        Parameters
        ----------
        points_m : numpy.ndarray
            East, north, up [m] from the foot of the camera, shape (n, 3).

        Returns
        -------
        numpy.ndarray
            Right, down, ahead [m], shape (n, 3).
        """
        return (points_m - (0.0, 0.0, self.height_m)) @ self._axes.T

    def polygon(self, points_m: Points) -> Points | None:
        """Project a polygon; the part behind the camera is cut off.

        Parameters
        ----------
        points_m : numpy.ndarray
            East, north, up [m], shape (n, 3).

        Returns
        -------
        numpy.ndarray or None
            Corners [px], shape (k, 2); None if nothing of it lies before the camera or in the picture.
        """
        front = _cut_near(self.seen(points_m))
        if len(front) < 3:  # noqa: PLR2004 - corners of a polygon
            return None
        flat = front[:, :2] / front[:, 2:] * self.focal_px + (self.width / 2, self.height / 2)
        low, high = flat.min(axis=0), flat.max(axis=0)
        if high[0] < 0 or high[1] < 0 or low[0] > self.width or low[1] > self.height:
            return None
        return np.clip(flat, -_FAR_PX, _FAR_PX)

    def spot(self, place_m: tuple[float, float, float]) -> tuple[float, float, float] | None:
        """Project one place.

        Parameters
        ----------
        place_m : tuple of float
            East, north, up [m].

        Returns
        -------
        tuple of float or None
            Column and row [px] and pixels per metre there; None behind the camera.
        """
        right, down, ahead = self.seen(np.array([place_m]))[0]
        if ahead < _NEAR_M:
            return None
        scale = self.focal_px / float(ahead)
        return self.width / 2 + float(right) * scale, self.height / 2 + float(down) * scale, scale


def fill(picture: Pixels, corners_px: Points, colour: Colour) -> None:
    """Fill a polygon, smooth at its edge.

    Parameters
    ----------
    picture : numpy.ndarray
        Changed in place.
    corners_px : numpy.ndarray
        Corners [px], shape (n, 2).
    colour : tuple of int
        Blue, green, red.
    """
    fixed = np.round(corners_px * (1 << _SHIFT)).astype(np.int32)
    cv2.fillPoly(picture, [fixed], colour, cv2.LINE_AA, _SHIFT)


def fill_depth(depth: npt.NDArray[np.float32], corners_px: Points, distance_m: float) -> None:
    """Note that a polygon stands at a distance, where nothing nearer stands.

    Parameters
    ----------
    depth : numpy.ndarray
        Distance of each pixel [m], shape (height, width); changed in place. Fill from far to near.
    corners_px : numpy.ndarray
        Corners [px], shape (n, 2).
    distance_m : float
        Distance [m].
    """
    cv2.fillPoly(depth, [np.round(corners_px).astype(np.int32)], (distance_m,))


def _cut_near(points: Points) -> Points:
    """Cut a polygon at the plane just before the lens (Sutherland-Hodgman with one plane)."""
    following = np.roll(points, -1, axis=0)
    kept: list[Points] = []
    for one, two in zip(points, following, strict=True):
        if one[2] >= _NEAR_M:
            kept.append(one)
        if (one[2] >= _NEAR_M) != (two[2] >= _NEAR_M):
            share = (_NEAR_M - one[2]) / (two[2] - one[2])
            kept.append(one + share * (two - one))
    return np.array(kept).reshape(-1, 3)

"""The range of cameras as chords: the same few corners whatever stands around, so that no building ever adds ground."""

from dataclasses import dataclass

import numpy as np

from coverage.polar import Floats, Ints

SAGITTA_M = 0.01
"""Chords leave the circle of the range by at most this much, always on the inside. [m]"""

_MAX_STEP_RAD = np.deg2rad(15.0)
_SAME_CORNER = 1e-9
_Places = tuple[Floats, Floats]
_MOST_NEIGHBOURS = 4  # a wall that grazes the circle may cross a chord next to the one found first


@dataclass(frozen=True, eq=False)
class Reach:
    """How far each camera is taken to see: a circle drawn with chords of equal length.

    Attributes
    ----------
    range_m : ndarray of float64, shape (n,)
        Distance of the corners [m].
    step : ndarray of float64, shape (n,)
        Angle under which a chord is seen [rad].
    shift : ndarray of float64, shape (n,)
        Angle from a corner of the chords to the start of the camera's turn [rad].
    """

    range_m: Floats
    step: Floats
    shift: Floats

    def places(self, camera: Ints, angle: Floats) -> Floats:
        """Count chords up to a direction.

        Parameters
        ----------
        camera : ndarray of int64, shape (m,)
            Cameras.
        angle : ndarray of float, shape (m,)
            Directions from the start of the turn, counter-clockwise [rad].

        Returns
        -------
        ndarray of float, shape (m,)
            Chords and parts of them, by angle.
        """
        return (angle + self.shift[camera]) / self.step[camera]

    def nearness(self, camera: Ints, angle: Floats) -> Floats:
        """Give one over the distance of the range.

        Parameters
        ----------
        camera : ndarray of int64, shape (m,)
            Cameras.
        angle : ndarray of float, shape (m,)
            Directions from the start of the turn, counter-clockwise [rad].

        Returns
        -------
        ndarray of float, shape (m,)
            One over the distance of the chord in that direction [1/m].
        """
        place = self.places(camera, angle)
        step = self.step[camera]
        off_middle = (place - np.floor(place) - 0.5) * step
        return np.cos(off_middle) / (self.range_m[camera] * np.cos(step / 2))

    def areas_m2(self, camera: Ints, first_angle: Floats, last_angle: Floats) -> Floats:
        """Measure the ground between a camera and its range.

        Parameters
        ----------
        camera : ndarray of int64, shape (m,)
            Cameras.
        first_angle, last_angle : ndarray of float, shape (m,)
            Directions from the start of the turn, counter-clockwise [rad].

        Returns
        -------
        ndarray of float, shape (m,)
            Areas [m2].
        """
        return self._area_to(camera, last_angle) - self._area_to(camera, first_angle)

    def _area_to(self, camera: Ints, angle: Floats) -> Floats:
        place = self.places(camera, angle)
        reach, step = self.range_m[camera], self.step[camera]
        whole = np.floor(place)
        part = (place - whole) * step
        triangle = reach * np.sin(part) / (2 * self.nearness(camera, angle))
        return whole * reach**2 * np.sin(step) / 2 + triangle

    def corners(self, camera: Ints, first_angle: Floats, last_angle: Floats) -> tuple[Ints, Ints]:
        """Count the corners strictly between two directions.

        Parameters
        ----------
        camera : ndarray of int64, shape (m,)
            Cameras.
        first_angle, last_angle : ndarray of float, shape (m,)
            Directions from the start of the turn, counter-clockwise [rad].

        Returns
        -------
        tuple of ndarray of int64, shape (m,)
            Number of the first corner between them, and how many there are.
        """
        first = np.floor(self.places(camera, first_angle) + _SAME_CORNER).astype(np.int64) + 1
        last = np.ceil(self.places(camera, last_angle) - _SAME_CORNER).astype(np.int64) - 1
        return first, np.maximum(last - first + 1, 0)

    def corner_angles(self, camera: Ints, corner: Ints | Floats) -> Floats:
        """Give the directions of corners.

        Parameters
        ----------
        camera : ndarray of int64, shape (m,)
            Cameras.
        corner : ndarray of int64 or float64, shape (m,)
            Numbers of corners; a half is the middle of a chord.

        Returns
        -------
        ndarray of float, shape (m,)
            Angles from the start of the turn, counter-clockwise [rad].
        """
        return corner * self.step[camera] - self.shift[camera]

    def crossings(self, camera: Ints, start: _Places, end: _Places) -> tuple[Ints, _Places]:
        """Find where straight lines cross the range.

        Parameters
        ----------
        camera : ndarray of int64, shape (m,)
            Camera of each line.
        start, end : tuple of ndarray of float, shape (m,)
            Ends of the lines in the frame of the camera, x and y [m].

        Returns
        -------
        row : ndarray of int64, shape (k,)
            Line of each crossing.
        places : tuple of ndarray of float, shape (k,)
            Crossings in the frame of the camera, x and y [m].
        """
        x, y = start
        dx, dy = end[0] - x, end[1] - y
        a, b = dx * dx + dy * dy, dx * x + dy * y
        root = b * b - a * (x * x + y * y - self.range_m[camera] ** 2)
        hit = np.flatnonzero(root > 0)
        half = np.sqrt(root[hit])
        t = np.concatenate([-b[hit] - half, -b[hit] + half])
        hit = np.concatenate([hit, hit])
        t = self._on_chord(camera[hit], (x[hit], y[hit]), (dx[hit], dy[hit]), t / a[hit])
        within = np.flatnonzero((t > 0) & (t < 1))
        row, t = hit[within], t[within]
        return row, (x[row] + t * dx[row], y[row] + t * dy[row])

    def _on_chord(self, camera: Ints, start: _Places, along: _Places, t: Floats) -> Floats:
        """Move crossings of the circle to the chords; a line that passes between circle and chord stays near both."""
        (x, y), (dx, dy) = start, along
        apothem = self.range_m[camera] * np.cos(self.step[camera] / 2)
        before = None
        for _ in range(_MOST_NEIGHBOURS):
            corner = np.floor(self.places(camera, np.arctan2(y + t * dy, x + t * dx)))
            if before is not None and (corner == before).all():
                break
            before = corner
            middle = self.corner_angles(camera, corner + 0.5)
            cos, sin = np.cos(middle), np.sin(middle)
            speed = dx * cos + dy * sin
            t = np.divide(apothem - (x * cos + y * sin), speed, out=t, where=speed != 0)
        return t


def reach_of(range_m: Floats, opening: Floats, shift: Floats) -> Reach:
    """Draw ranges with chords.

    Parameters
    ----------
    range_m : ndarray of float, shape (n,)
        Ranges [m].
    opening : ndarray of float, shape (n,)
        Angle that is divided into chords of equal length [rad].
    shift : ndarray of float, shape (n,)
        Angle from its start to the start of the camera's turn [rad].

    Returns
    -------
    Reach
        A chord over the angle 2 s leaves the circle by R (1 - cos s).
    """
    most = np.minimum(2 * np.arccos(np.maximum(1 - SAGITTA_M / range_m, -1.0)), _MAX_STEP_RAD)
    return Reach(range_m, opening / np.ceil(opening / most), shift)

"""The ground a camera could see if nothing stood in the way: its sector, or what a tilted picture holds of it."""

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import Polygon

from coverage.observers import Observers
from coverage.optics import FULL_TURN_DEG, ground_footprint, placed

SAGITTA_M = 0.01
"""Arcs are drawn as chords that leave them by at most this much, always on the inside. [m]"""

_MAX_STEP_RAD = np.deg2rad(15.0)


def open_ground(observers: Observers, *, target_height_m: float) -> NDArray[np.object_]:
    """Draw what each camera would see on empty ground, relative to the camera.

    Parameters
    ----------
    observers : Observers
        Cameras, all above the target plane.
    target_height_m : float
        Height of the target plane above ground [m].

    Returns
    -------
    ndarray of Polygon, shape (n,)
        Metres to the east and north of the camera; empty where a tilted camera sees nothing of the plane [m].

    Notes
    -----
    Without a tilt this is the circular sector of the horizontal field of view. With a tilt it is the trapezoid of
    :func:`coverage.optics.ground_footprint` within the range: near the camera it is wider than the sector, far away
    narrower, and it leaves a blind zone at the foot of the pole.
    """
    regions = np.empty(len(observers), dtype=object)
    corners = ground_footprint(
        observers.height_m,
        observers.tilt_deg,
        observers.hfov_deg,
        observers.vfov_deg,
        range_m=observers.range_m,
        target_height_m=target_height_m,
    )
    for i, is_clipped in enumerate(observers.is_clipped):
        azimuth, hfov = float(observers.azimuth_deg[i]), float(observers.hfov_deg[i])
        reach = float(observers.range_m[i])
        regions[i] = _clipped(corners[i], azimuth, reach) if is_clipped else sector(azimuth, hfov, reach)
    return regions


def sector(azimuth_deg: float, hfov_deg: float, range_m: float) -> Polygon:
    """Draw a circular sector around (0, 0).

    Parameters
    ----------
    azimuth_deg : float
        Direction of its middle, clockwise from north; may be NaN for a full circle [deg].
    hfov_deg : float
        Opening, 0 < h <= 360 [deg].
    range_m : float
        Radius [m].

    Returns
    -------
    Polygon
        The sector with chords for arcs, at most 1 cm inside the true arc [m].
    """
    middle = 0.0 if np.isnan(azimuth_deg) else np.deg2rad(azimuth_deg)
    opening = np.deg2rad(hfov_deg)
    # A chord over the angle 2 s leaves the arc by R (1 - cos s).
    step = min(2 * np.arccos(max(1 - SAGITTA_M / range_m, -1.0)), _MAX_STEP_RAD)
    n_chords = int(np.ceil(opening / step))
    angles = middle - opening / 2 + np.linspace(0.0, opening, n_chords + 1)
    arc = range_m * np.column_stack([np.sin(angles), np.cos(angles)])
    return Polygon(arc[:-1] if hfov_deg >= FULL_TURN_DEG else np.vstack([[0.0, 0.0], arc]))


def _clipped(corners: NDArray[np.float64], azimuth_deg: float, range_m: float) -> Polygon:
    """Turn a footprint from the frame of the camera to north and cut it at the range."""
    if np.isnan(corners).any():
        return Polygon()
    trapezoid = placed(Polygon(corners), 0.0, 0.0, azimuth_deg)
    cut = trapezoid.intersection(sector(azimuth_deg, FULL_TURN_DEG, range_m))
    return cut if isinstance(cut, Polygon) else Polygon()  # two convex shapes that only touch share no area

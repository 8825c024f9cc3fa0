"""What cameras see, graded: which part of a viewshed reaches which level of picture quality."""

import numpy as np
import numpy.typing as npt
import shapely
from numpy.typing import NDArray

from coverage.levels import Scale, level_scale
from coverage.observers import Observers
from coverage.optics import DEFAULT_TARGET_HEIGHT_M, HALF_TURN_DEG, RIGHT_ANGLE_DEG
from coverage.polar import Floats


def visible_levels(
    areas: NDArray[np.object_],
    observers: Observers,
    resolution_px: npt.ArrayLike,
    scale: Scale,
    *,
    target_height_m: float = DEFAULT_TARGET_HEIGHT_M,
) -> dict[str, NDArray[np.object_]]:
    """Cut viewsheds along lines of equal pixel density.

    Parameters
    ----------
    areas : ndarray of Polygon or MultiPolygon, shape (n,)
        Viewsheds of the cameras, EPSG:32749 [m].
    observers : Observers
        The cameras.
    resolution_px : array-like of float, shape (n,)
        Width of their pictures; NaN is unknown [px].
    scale : {"iec-2025", "iec-2014"}
        Which edition.
    target_height_m : float
        Height of the target plane above ground [m].

    Returns
    -------
    dict of str to ndarray of Polygon or MultiPolygon, shape (n,)
        Level to the part of each viewshed where it is the best level reached, from the coarsest to the finest; together
        they are the viewshed less what is too far for the coarsest level. Empty for a camera that sees all round, or
        whose picture width is unknown: its pixel density is not known.

    Raises
    ------
    InvalidObserverError
        If there is no such scale (``scale_unknown``).

    Notes
    -----
    ``p = N / (2 z tan(HFOV / 2))`` with the depth ``z = y cos T + D sin T`` of ground y ahead; a camera without a known
    tilt is taken as level. So the lines are straight and lie across the axis.

    References
    ----------
    IEC 62676-4:2025 and IEC 62676-4:2014, as in ``coverage/data/levels.toml``.
    """
    levels = level_scale(scale).levels
    width = np.asarray(resolution_px, dtype=np.float64)
    tilt = np.deg2rad(np.nan_to_num(observers.tilt_deg))
    known = (observers.hfov_deg < HALF_TURN_DEG) & (width > 0) & (np.rad2deg(np.abs(tilt)) < RIGHT_ANGLE_DEG)
    tangent = np.tan(np.deg2rad(np.where(known, observers.hfov_deg, RIGHT_ANGLE_DEG)) / 2)
    drop = observers.height_m - target_height_m
    reach = 2 * observers.range_m
    far = [
        (width / (2 * level.px_per_m * tangent) - drop * np.sin(tilt)) / np.where(known, np.cos(tilt), 1.0)
        for level in levels
    ]
    bands = zip(levels, [*far[1:], -reach], far, strict=True)
    return {level.key: _band(areas, observers, known, near, ahead) for level, near, ahead in bands}


def _band(
    areas: NDArray[np.object_], observers: Observers, known: NDArray[np.bool_], near: Floats, far: Floats
) -> NDArray[np.object_]:
    """Cut each viewshed to what lies between two distances ahead."""
    reach = 2 * observers.range_m
    near, far = np.clip(near, -reach, reach), np.clip(far, -reach, reach)
    rows = np.flatnonzero(known & (near < far))
    cut = np.full(len(areas), shapely.Polygon(), dtype=object)
    strips = _strips(observers.take(rows), near[rows], far[rows])
    cut[rows] = polygonal(np.asarray(shapely.intersection(areas[rows], strips), dtype=object))
    return cut


def polygonal(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Leave out the points and lines at which areas only touch.

    Parameters
    ----------
    shapes : ndarray of Geometry, shape (n,)
        Results of cutting areas.

    Returns
    -------
    ndarray of Polygon or MultiPolygon, shape (n,)
        Their areas; an empty polygon where there is none.
    """
    areal = shapely.get_dimensions(shapes) == 2  # noqa: PLR2004 - areas have two dimensions
    kinds = shapely.get_type_id(shapes)
    mixed = kinds == shapely.GeometryType.GEOMETRYCOLLECTION
    clean = np.where(areal, shapes, np.array(shapely.Polygon(), dtype=object))
    for row in np.flatnonzero(areal & mixed):
        parts = shapely.get_parts(shapes[row])
        clean[row] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])  # noqa: PLR2004
    return clean


def _strips(observers: Observers, near: Floats, far: Floats) -> NDArray[np.object_]:
    """Draw the ground between two lines across the axis, wider than any viewshed."""
    reach = 2 * observers.range_m
    azimuth = np.deg2rad(observers.azimuth_deg)
    right = np.stack([-reach, reach, reach, -reach], axis=1)
    ahead = np.stack([near, near, far, far], axis=1)
    sin, cos = np.sin(azimuth)[:, None], np.cos(azimuth)[:, None]
    east, north = right * cos + ahead * sin, ahead * cos - right * sin
    corners = np.stack([east + observers.x_m[:, None], north + observers.y_m[:, None]], axis=-1)
    return np.asarray(shapely.polygons(corners), dtype=object)

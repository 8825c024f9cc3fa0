"""Small geometry helpers of the generator: frames, half planes, rectangles, smooth noise."""

from typing import cast

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]
Geometries = npt.NDArray[np.object_]
_FAR_M = 20_000.0


def rotation(angle_rad: float) -> Floats:
    """Give the matrix whose columns are the axes of a frame turned by an angle.

    Parameters
    ----------
    angle_rad : float
        Angle from east, anticlockwise [rad].

    Returns
    -------
    numpy.ndarray
        Shape (2, 2); ``local @ matrix.T`` are global coordinates, ``xy @ matrix`` local ones.
    """
    c, s = np.cos(angle_rad), np.sin(angle_rad)
    return np.array([[c, -s], [s, c]])


def envelope(polygon: shapely.Polygon) -> tuple[float, float, float]:
    """Measure the smallest rectangle around a polygon.

    Parameters
    ----------
    polygon : shapely.Polygon
        Any polygon with positive area, metres.

    Returns
    -------
    tuple of float
        Direction of the long side in (-pi/2, pi/2] [rad], long side [m], short side [m].
    """
    corners = shapely.get_coordinates(shapely.oriented_envelope(polygon))
    sides = np.diff(corners[:3], axis=0)
    lengths = np.hypot(sides[:, 0], sides[:, 1])
    longer = int(np.argmax(lengths))
    angle = float(np.arctan2(sides[longer, 1], sides[longer, 0]))
    return _half_turn(angle), float(lengths[longer]), float(lengths[1 - longer])


def extent(polygon: shapely.Polygon, angle_rad: float) -> tuple[float, float, float, float]:
    """Measure a polygon in a turned frame.

    Parameters
    ----------
    polygon : shapely.Polygon
        Metres.
    angle_rad : float
        Direction of the frame's first axis [rad].

    Returns
    -------
    tuple of float
        Smallest and largest first, smallest and largest second coordinate in the frame [m].
    """
    local = shapely.get_coordinates(polygon) @ rotation(angle_rad)
    low, high = local.min(axis=0), local.max(axis=0)
    return float(low[0]), float(high[0]), float(low[1]), float(high[1])


def cut(
    polygon: shapely.Polygon, point: Floats, direction_rad: float
) -> tuple[list[shapely.Polygon], list[shapely.LineString]]:
    """Cut a polygon along a straight line.

    Parameters
    ----------
    polygon : shapely.Polygon
        Metres.
    point : numpy.ndarray
        A point of the line [m], shape (2,).
    direction_rad : float
        Direction of the line [rad].

    Returns
    -------
    tuple of list
        The pieces left, then right of the line; the pieces of the line inside the polygon.
    """
    along = np.array([np.cos(direction_rad), np.sin(direction_rad)]) * _FAR_M
    side = np.array([-along[1], along[0]])
    a, b = point - along, point + along
    halves = polygons_from(np.array([[a, b, b + side, a + side], [a, b, b - side, a - side]]))
    pieces = [piece for half in halves for piece in polygons_of(shapely.intersection(polygon, half))]
    lines = lines_of(shapely.intersection(polygon, shapely.LineString([a, b])))
    return pieces, lines


def polygons_from(corners: Floats) -> Geometries:
    """Make many polygons with the same number of corners.

    Parameters
    ----------
    corners : numpy.ndarray
        Coordinates [m], shape (n, k, 2).

    Returns
    -------
    numpy.ndarray
        Polygons, shape (n,).
    """
    return cast("Geometries", shapely.polygons(corners))


def points_from(xy: Floats) -> Geometries:
    """Make many points.

    Parameters
    ----------
    xy : numpy.ndarray
        Coordinates [m], shape (n, 2).

    Returns
    -------
    numpy.ndarray
        Points, shape (n,).
    """
    return cast("Geometries", shapely.points(xy))


def polygons_of(geometry: shapely.Geometry, smallest_m2: float = 1.0) -> list[shapely.Polygon]:
    """List the polygons in a geometry.

    Parameters
    ----------
    geometry : shapely.Geometry
        Anything.
    smallest_m2 : float
        Smaller ones are left out [m2].

    Returns
    -------
    list of shapely.Polygon
        In the order they have.
    """
    parts = shapely.get_parts(geometry)
    return [part for part in parts if isinstance(part, shapely.Polygon) and part.area >= smallest_m2]


def lines_of(geometry: shapely.Geometry, shortest_m: float = 1.0) -> list[shapely.LineString]:
    """List the lines in a geometry.

    Parameters
    ----------
    geometry : shapely.Geometry
        Anything.
    shortest_m : float
        Shorter ones are left out [m].

    Returns
    -------
    list of shapely.LineString
        In the order they have.
    """
    parts = shapely.get_parts(geometry)
    return [part for part in parts if isinstance(part, shapely.LineString) and part.length >= shortest_m]


def rectangle(centre: Floats, length_m: float, width_m: float, angle_rad: float) -> shapely.Polygon:
    """Make a turned rectangle.

    Parameters
    ----------
    centre : numpy.ndarray
        Middle [m], shape (2,).
    length_m, width_m : float
        Sides along the first and second axis [m].
    angle_rad : float
        Direction of the first axis [rad].

    Returns
    -------
    shapely.Polygon
        Four corners.
    """
    half = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * np.array([length_m, width_m]) / 2
    return shapely.Polygon(half @ rotation(angle_rad).T + centre)


def subtract(pieces: Geometries, obstacles: Geometries) -> Geometries:
    """Take everything that is in the way out of each piece.

    Parameters
    ----------
    pieces, obstacles : numpy.ndarray
        Polygons [m], shape (n,) and (k,).

    Returns
    -------
    numpy.ndarray
        What is left of each piece, possibly empty or of several parts, shape (n,).
    """
    left = pieces.copy()
    piece, obstacle = shapely.STRtree(obstacles).query(pieces, predicate="intersects")
    order = np.lexsort((obstacle, piece))
    piece, obstacle = piece[order], obstacle[order]
    touched, starts = np.unique(piece, return_index=True)
    for index, group in zip(touched, np.split(obstacle, starts[1:]), strict=True):
        left[index] = shapely.difference(pieces[index], shapely.union_all(obstacles[group]))
    return left


def smooth_noise(xy_m: Floats, wavelength_m: float, rng: np.random.Generator) -> Floats:
    """Draw a field of smooth random values.

    Parameters
    ----------
    xy_m : numpy.ndarray
        Points [m], shape (n, 2).
    wavelength_m : float
        Distance over which the field changes [m].
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    numpy.ndarray
        Values with mean about 0 and spread about 1, shape (n,).
    """
    waves = 24
    heading = rng.uniform(0, 2 * np.pi, waves)
    number = 2 * np.pi / (wavelength_m * rng.uniform(0.6, 1.8, waves))
    phase = rng.uniform(0, 2 * np.pi, waves)
    k = np.stack([np.cos(heading), np.sin(heading)]) * number
    return cast("Floats", np.cos(xy_m @ k + phase).sum(axis=1) * np.sqrt(2 / waves))


def _half_turn(angle_rad: float) -> float:
    while angle_rad <= -np.pi / 2:
        angle_rad += np.pi
    while angle_rad > np.pi / 2:
        angle_rad -= np.pi
    return angle_rad

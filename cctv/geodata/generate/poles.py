"""Street-light poles along lit streets, every 34-42 m, on alternating sides."""

import numpy as np
import shapely

from cctv.geodata.generate.frame import Street
from cctv.geodata.generate.shapes import Floats

SPACING_M = (34.0, 42.0)
_FROM_END_M = 12.0
_FROM_EDGE_M = 0.4


def make_poles(streets: list[Street], boundary: shapely.Polygon, rng: np.random.Generator) -> tuple[Floats, np.ndarray]:
    """Set poles along the edge of every lit street inside the city.

    Parameters
    ----------
    streets : list of Street
        All streets.
    boundary : shapely.Polygon
        The city [m].
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    tuple of numpy.ndarray
        Positions [m], shape (n, 2); index of the street of each, shape (n,).
    """
    positions: list[Floats] = [np.empty((0, 2))]
    owners: list[np.ndarray] = [np.empty(0, dtype=np.int64)]
    for index, street in enumerate(streets):
        at = _distances(street.line.length, rng) if street.lit else np.empty(0)
        if len(at):
            positions.append(_beside(street, at))
            owners.append(np.full(len(at), index))
    xy, owner = np.concatenate(positions), np.concatenate(owners)
    keep = shapely.contains_xy(boundary, xy) & ~_in_other_street(xy, owner, streets)
    return xy[keep], owner[keep]


def _distances(length_m: float, rng: np.random.Generator) -> Floats:
    most = int(length_m / SPACING_M[0]) + 1
    at = _FROM_END_M + np.concatenate([[0.0], np.cumsum(rng.uniform(*SPACING_M, most))])
    return at[at < length_m - _FROM_END_M]


def _beside(street: Street, at: Floats) -> Floats:
    """Move points of the axis to the edge, left and right in turn."""
    here = shapely.get_coordinates(shapely.line_interpolate_point(street.line, at))
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(street.line, at + 0.5))
    step = (ahead - here) / np.linalg.norm(ahead - here, axis=1, keepdims=True)
    side = np.where(np.arange(len(at)) % 2 == 0, 1.0, -1.0)[:, None]
    return here + side * np.stack([-step[:, 1], step[:, 0]], axis=1) * (street.width_m / 2 - _FROM_EDGE_M)


def _in_other_street(xy: Floats, owner: np.ndarray, streets: list[Street]) -> np.ndarray:
    """Find poles that would stand on the carriageway of a crossing street."""
    inner = np.array([shapely.buffer(s.line, max(s.width_m / 2 - 1.0, 0.5)) for s in streets])
    pole, street = shapely.STRtree(inner).query(shapely.points(xy), predicate="intersects")
    found = np.zeros(len(xy), dtype=bool)
    found[pole[street != owner[pole]]] = True
    return found

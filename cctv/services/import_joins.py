"""New cameras beside a pole that the register has: they join that point instead of making a second one beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz
from scipy.spatial import cKDTree

from cctv.geodata.lonlat import to_metres
from cctv.importers.cameras.coordinates import LEAST_ERROR_M
from cctv.importers.cameras.rows import CameraRow
from cctv.registry.models import Point

#: So near it is the same pole whatever it is called; so near if it has the same name [m].
SAME_POLE_M, SAME_NAME_M = 10.0, 25.0
_ALIKE = 88
_UNSURE = ("guess", "unknown")


@dataclass(frozen=True)
class Join:
    """The point of the register that a new camera joins, and why.

    Attributes
    ----------
    point_id, name : str
        The point.
    metres : float
        Distance between both positions [m].
    is_named_alike : bool
        Whether the name decided, because they are further apart than one pole is wide.
    """

    point_id: str
    name: str
    metres: float
    is_named_alike: bool


def find_joins(rows: Sequence[CameraRow], points: Sequence[Point]) -> dict[str, Join]:
    """Find the point beside which each row stands.

    Parameters
    ----------
    rows : sequence of CameraRow
        Understood rows; repaired and rounded positions join nothing.
    points : sequence of Point
        Points of the register; guessed and unknown positions are joined by nothing.

    Returns
    -------
    dict of str to Join
        By row key; of several points the nearest one that fits.
    """
    known = [point for point in points if point.lon is not None and _is_sure(point)]
    wanted = [row for row in rows if row.spot is not None and row.spot.error_m <= LEAST_ERROR_M]
    if not known or not wanted:
        return {}
    tree = cKDTree(_metres([(point.lon, point.lat) for point in known]))
    places = _metres([(row.spot.lon, row.spot.lat) for row in wanted if row.spot is not None])
    found: dict[str, Join] = {}
    near: list[list[int]] = np.asarray(tree.query_ball_point(places, SAME_NAME_M)).tolist()
    for row, place, nths in zip(wanted, places, near, strict=True):
        fits = [join for nth in nths if (join := _join(row, known[nth], place, tree.data[nth])) is not None]
        if fits:
            found[row.key] = min(fits, key=lambda join: (join.metres, join.point_id))
    return found


def _join(row: CameraRow, point: Point, here: np.ndarray, there: np.ndarray) -> Join | None:
    metres = float(np.hypot(*(here - there)))
    if metres <= SAME_POLE_M:
        return Join(point.point_id, point.name, metres, is_named_alike=False)
    names = (row.text("point_name").lower(), point.name.lower())
    if all(names) and fuzz.token_set_ratio(*names) >= _ALIKE:
        return Join(point.point_id, point.name, metres, is_named_alike=True)
    return None


def _is_sure(point: Point) -> bool:
    return point.position_certainty not in _UNSURE and (point.est_error_m or 0.0) <= SAME_NAME_M


def _metres(degrees: Sequence[tuple[float | None, float | None]]) -> np.ndarray:
    lonlat = np.array(degrees, np.float64)
    return np.column_stack(to_metres(lonlat[:, 0], lonlat[:, 1]))

"""Pins put together where there are too many for a browser: squares of the map with what they hold."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cctv.geodata.lonlat import Floats, to_lonlat, to_metres
from cctv.services.mapdata import PointOnMap, PointStatus

#: So many pins are drawn one by one; above that they are put together into about as many squares as `SQUARES`.
MOST_PINS, SQUARES = 1_500, 400
_FIRST_SIDE_M = 25.0
#: More than there are rows of squares between the equator and the pole.
_ROWS = 2**24


@dataclass(frozen=True)
class Cluster:
    """The points of one square.

    Attributes
    ----------
    cluster_id : str
        Side, column and row of the square; the same square always has the same id.
    lon, lat : float
        Mean of the points, EPSG:4326 [deg].
    points, cameras, cameras_on : int
        How many.
    """

    cluster_id: str
    lon: float
    lat: float
    points: int
    cameras: int
    cameras_on: int

    @property
    def status(self) -> PointStatus:
        """All cameras on; some of them not; none of them."""
        return "on" if self.cameras_on == self.cameras else "trouble" if self.cameras_on else "off"


@dataclass(frozen=True)
class Pins:
    """What a map of many points draws.

    Attributes
    ----------
    single : tuple of PointOnMap
        Drawn one by one.
    clusters : tuple of Cluster
        Drawn as squares with a number.
    """

    single: tuple[PointOnMap, ...]
    clusters: tuple[Cluster, ...] = ()


def pins(points: Sequence[PointOnMap], opened: str = "") -> Pins:
    """Put points together, if there are too many to be drawn one by one.

    Parameters
    ----------
    points : sequence of PointOnMap
        Points to draw; those without a position are left out.
    opened : str
        Square whose points are wanted one by one; if even they are too many, its own smaller squares.

    Returns
    -------
    Pins
        Every placed point once: by itself or in one square.
    """
    placed = [item for item in points if item.is_placed]
    if len(placed) <= MOST_PINS:
        return Pins(tuple(placed))
    x_m, y_m = to_metres([item.point.lon or 0.0 for item in placed], [item.point.lat or 0.0 for item in placed])
    inside = _inside(opened, x_m, y_m)
    chosen = [item for item, is_in in zip(placed, inside, strict=True) if is_in]
    rest = _squares(placed, x_m, y_m, ~inside)
    if len(chosen) <= MOST_PINS:
        return Pins(tuple(chosen), rest)
    return Pins((), (*rest, *_squares(placed, x_m, y_m, inside)))


def centre(cluster_id: str) -> tuple[float, float] | None:
    """Give the middle of a square.

    Parameters
    ----------
    cluster_id : str
        As in :class:`Cluster`.

    Returns
    -------
    tuple of float or None
        Longitude and latitude [deg]; None if it is not the id of a square.
    """
    square = _parsed(cluster_id)
    if square is None:
        return None
    side_m, column, row = square
    lon, lat = to_lonlat((column + 0.5) * side_m, (row + 0.5) * side_m)
    return float(lon), float(lat)


def _squares(placed: list[PointOnMap], x_m: Floats, y_m: Floats, wanted: NDArray[np.bool_]) -> tuple[Cluster, ...]:
    rows = np.flatnonzero(wanted)
    if not len(rows):
        return ()
    side_m = _FIRST_SIDE_M
    while True:
        cell = np.floor(x_m[rows] / side_m) * _ROWS + np.floor(y_m[rows] / side_m)
        if len(np.unique(cell)) <= SQUARES:
            break
        side_m *= 2
    members: dict[int, list[int]] = defaultdict(list)
    for key, at in zip(cell.astype(np.int64).tolist(), rows.tolist(), strict=True):
        members[key].append(at)
    return tuple(
        _cluster(f"{side_m:g}:{key // _ROWS}:{key % _ROWS}", [placed[at] for at in found])
        for key, found in sorted(members.items())
    )


def _cluster(cluster_id: str, items: list[PointOnMap]) -> Cluster:
    cameras = [camera for item in items for camera in item.cameras]
    return Cluster(
        cluster_id, _mean(item.point.lon for item in items), _mean(item.point.lat for item in items),
        len(items), len(cameras), sum(camera.status == "on" for camera in cameras),
    )  # fmt: skip


def _mean(values: Iterable[float | None]) -> float:
    return float(np.mean([value for value in values if value is not None]))


def _inside(opened: str, x_m: Floats, y_m: Floats) -> NDArray[np.bool_]:
    square = _parsed(opened)
    if square is None:
        return np.zeros(len(x_m), np.bool_)
    side_m, column, row = square
    return (np.floor(x_m / side_m) == column) & (np.floor(y_m / side_m) == row)


def _parsed(cluster_id: str) -> tuple[float, int, int] | None:
    side, _, place = cluster_id.partition(":")
    column, _, row = place.partition(":")
    try:
        return float(side), int(column), int(row)
    except ValueError:
        return None

"""Which cameras truly see a place, ranked; which could be turned to it; which come next along the streets."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from cctv.geodata.lonlat import to_lonlat, to_metres
from cctv.permissions import Permission
from cctv.registry import camera_health
from cctv.registry.access_log import log_access
from cctv.registry.models import Account, Camera, Point
from cctv.services import accounts, situation
from cctv.services.explaining import level_at
from cctv.services.runtime import Runtime
from cctv.services.situation import Situation
from coverage.levels import Scale
from coverage.optics import DEFAULT_TARGET_HEIGHT_M, FULL_TURN_DEG, HALF_TURN_DEG
from coverage.sight_lines import line_of_sight
from coverage.street_network import StreetNetwork

ACTION = "cari_kamera"
SCALE: Scale = "iec-2025"
#: How far along the streets the next cameras are looked for [m].
ROUTE_M = 600.0
MOST_NEIGHBOURS = 12
COMPASS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")
Sight = Literal["seen", "possible", "turn"]


@dataclass(frozen=True)
class Sighting:
    """One camera and a place.

    Attributes
    ----------
    camera, point : Camera, Point
        As the register has them.
    sight : {"seen", "possible", "turn"}
        Sees it between the buildings; may see it, as its position, direction or lens is not certain; a PTZ camera that
        would see it if somebody turned it there.
    distance_m : float
        From the camera to the place [m].
    level : str
        Best level of picture quality reached at the place; empty if none or not known.
    px_per_m : float
        Pixel density there; NaN if it is not known [px/m].
    works : bool
        Whether the register says that it works, and it answered the last time it was asked.
    reason : str or None
        What was wrong when it was asked last, empty if it answered; None if it was never asked.
    asked_at : datetime or None
        When that was, aware.
    """

    camera: Camera
    point: Point
    sight: Sight
    distance_m: float
    level: str
    px_per_m: float
    works: bool
    reason: str | None
    asked_at: datetime | None


@dataclass(frozen=True)
class Neighbour:
    """The next camera on a way out.

    Attributes
    ----------
    camera, point : Camera, Point
        As the register has them.
    along_m : float
        Way along the streets from the place to the first spot that the camera sees [m].
    direction : str
        Direction of that spot from the place, one of ``COMPASS``.
    street : str
        Street of that spot; empty if it has no name.
    is_certain : bool
        Whether its view is known well enough.
    works : bool
        As in :class:`Sighting`.
    """

    camera: Camera
    point: Point
    along_m: float
    direction: str
    street: str
    is_certain: bool
    works: bool


@dataclass(frozen=True)
class Sighted:
    """What watches a place.

    Attributes
    ----------
    lon, lat : float
        The place that was looked at, EPSG:4326 [deg].
    moved_m : float
        How far it was moved, because what was asked for lies inside a building; 0 if it was not [m].
    cameras : list of Sighting
        That see it or may see it, best first.
    turnable : list of Sighting
        PTZ cameras that could be turned to it, nearest first.
    neighbours : list of Neighbour
        Cameras that see a street around it but not the place, nearest along the streets first.
    is_synthetic : bool
        Whether buildings or streets are made up.
    """

    lon: float
    lat: float
    moved_m: float
    cameras: list[Sighting]
    turnable: list[Sighting]
    neighbours: list[Neighbour]
    is_synthetic: bool


_networks: dict[str, StreetNetwork] = {}
_lock = Lock()


def who_sees(runtime: Runtime, account: Account, lon: float, lat: float, *, route_m: float = ROUTE_M) -> Sighted:
    """Find the cameras that watch a place.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who asks; an account of one agency finds its own cameras.
    lon, lat : float
        The place, EPSG:4326 [deg].
    route_m : float
        How far along the streets the next cameras are looked for [m].

    Returns
    -------
    Sighted
        Ranked: working before not working, certain before possible, then the finer picture, then the nearer camera.

    Raises
    ------
    AccessError
        If the role may not handle incidents.
    GeodataError
        If the city layers cannot be read.
    CoverageError
        If a camera or a layer cannot be used.
    """
    accounts.require(account, Permission.HANDLE_INCIDENTS)
    found = situation.current(runtime)
    x_m, y_m = (float(value) for value in to_metres(lon, lat))
    network = _network(runtime)
    place, moved_m = _before_a_building(found, network, (x_m, y_m))
    log_access(runtime.registry, account.username, ACTION, f"{lon:.5f} {lat:.5f}")
    allowed = np.array([account.agency_id in (None, "", one.agency_id) for _, one in found.cameras], np.bool_)
    inside = allowed & shapely.contains_xy(found.watching.area, *place)
    states = _last_answers(runtime)
    cameras = [_sighting(found, int(row), place, states) for row in np.flatnonzero(inside)]
    direct = [one for one in cameras if one.sight != "turn"]
    turnable = [one for one in cameras if one.sight == "turn"]
    turnable += [_sighting(found, row, place, states) for row in _turnable(found, allowed & ~inside, place)]
    shown_lon, shown_lat = to_lonlat(*place) if moved_m else (lon, lat)
    return Sighted(
        float(shown_lon), float(shown_lat), moved_m, sorted(direct, key=_rank),
        sorted(turnable, key=lambda one: (not one.works, one.distance_m, one.camera.camera_id)),
        _neighbours(runtime, found, network, allowed & ~inside, place, route_m, states), found.is_synthetic,
    )  # fmt: skip


def _rank(one: Sighting) -> tuple[bool, bool, float, float, str]:
    density = 0.0 if np.isnan(one.px_per_m) else one.px_per_m
    return not one.works, one.sight != "seen", -density, one.distance_m, one.camera.camera_id


def _network(runtime: Runtime) -> StreetNetwork:
    key = runtime.city.manifest.fingerprint
    with _lock:
        if key not in _networks:
            _networks.clear()
            _networks[key] = StreetNetwork.from_lines(np.asarray(runtime.city.streets.geometry.array, dtype=object))
        return _networks[key]


def _before_a_building(
    found: Situation, network: StreetNetwork, place: tuple[float, float]
) -> tuple[tuple[float, float], float]:
    """Move a place inside a building to the nearest street: no camera looks through walls."""
    if not len(found.base.obstacles.tree.query(shapely.Point(place), predicate="within")) or not len(network.xy_m):
        return place, 0.0
    row, away_m = network.nearest(place)
    return (float(network.xy_m[row, 0]), float(network.xy_m[row, 1])), away_m


def _last_answers(runtime: Runtime) -> dict[str, tuple[str, datetime]]:
    counted = camera_health.counts(runtime.registry, {"day": datetime.now(UTC) - timedelta(days=1)})
    return {
        str(camera_id): (str(reason), last_poll)
        for camera_id, reason, last_poll in zip(
            counted["camera_id"], counted["reason"], counted["last_poll"], strict=True
        )
    }


def _sighting(
    found: Situation, row: int, place: tuple[float, float], states: dict[str, tuple[str, datetime]]
) -> Sighting:
    item, camera = found.cameras[row]
    watching = found.watching
    east, north = place[0] - float(watching.observers.x_m[row]), place[1] - float(watching.observers.y_m[row])
    distance, bearing = float(np.hypot(east, north)), float(np.rad2deg(np.arctan2(east, north)))
    off_axis = (bearing - float(watching.observers.azimuth_deg[row]) + HALF_TURN_DEG) % FULL_TURN_DEG - HALF_TURN_DEG
    certain = bool(watching.is_certain[row])
    sees = bool(shapely.contains_xy(watching.area[row], *place))
    sight: Sight = "seen" if sees and certain else "possible" if sees and camera.camera_type != "ptz" else "turn"
    level, density = level_at(watching, row, distance, off_axis, SCALE) if sight == "seen" else ("", float("nan"))
    reason, asked_at = states.get(camera.camera_id, (None, None))
    works = bool(found.is_alive[row]) and not reason
    return Sighting(camera, item.point, sight, distance, level, density, works, reason, asked_at)


def _turnable(found: Situation, allowed: NDArray[np.bool_], place: tuple[float, float]) -> list[int]:
    """Rows of PTZ cameras in range with nothing between them and the place."""
    seen = found.watching.observers
    is_ptz = np.array([camera.camera_type == "ptz" for _, camera in found.cameras], np.bool_)
    near = np.hypot(seen.x_m - place[0], seen.y_m - place[1]) <= seen.range_m
    rows = np.flatnonzero(allowed & is_ptz & near)
    eyes = np.column_stack([seen.x_m[rows], seen.y_m[rows], seen.height_m[rows]])
    target = np.tile([*place, DEFAULT_TARGET_HEIGHT_M], (len(rows), 1))
    return [int(row) for row in rows[line_of_sight(found.base.obstacles, eyes, target)]]


def _neighbours(
    runtime: Runtime, found: Situation, network: StreetNetwork, allowed: NDArray[np.bool_],
    place: tuple[float, float], route_m: float, states: dict[str, tuple[str, datetime]],
) -> list[Neighbour]:  # fmt: skip
    reach = network.reach(place, route_m)
    rows = np.flatnonzero(allowed)
    if not len(reach.node) or not len(rows):
        return []
    spots = shapely.STRtree(np.asarray(shapely.points(network.xy_m[reach.node]), dtype=object))
    pair = spots.query(found.watching.area[rows], predicate="contains")
    first = np.full(len(rows), len(reach.node))
    np.minimum.at(first, pair[0], pair[1])  # nodes are in the order of the way, so the least one is met first
    order = [k for k in np.lexsort((rows, first)) if first[k] < len(reach.node)]
    names = runtime.city.streets["name"].astype(str).to_numpy()

    def listed() -> Iterator[Neighbour]:
        for k in order:
            node = int(reach.node[first[k]])
            item, camera = found.cameras[rows[k]]
            works = bool(found.is_alive[rows[k]]) and not states.get(camera.camera_id, ("", None))[0]
            yield Neighbour(
                camera, item.point, float(reach.along_m[first[k]]), compass(network.xy_m[node] - place),
                str(names[network.street[node]]), bool(found.watching.is_certain[rows[k]]), works,
            )  # fmt: skip

    return sorted(listed(), key=lambda one: (not one.works, one.along_m, one.camera.camera_id))[:MOST_NEIGHBOURS]


def compass(way_m: NDArray[np.float64]) -> str:
    """Name the direction of a way.

    Parameters
    ----------
    way_m : ndarray of float, shape (2,)
        East and north [m].

    Returns
    -------
    str
        One of ``COMPASS``.
    """
    bearing = float(np.rad2deg(np.arctan2(way_m[0], way_m[1])))
    return COMPASS[round(bearing / (FULL_TURN_DEG / len(COMPASS))) % len(COMPASS)]

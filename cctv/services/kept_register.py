"""Points with their cameras, kept in memory: after a change only the records that changed are read again."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Literal
from weakref import WeakKeyDictionary

from cctv.registry import Registry
from cctv.registry import cameras as camera_store
from cctv.registry import points as point_store
from cctv.registry.history import changes_since, newest_change
from cctv.registry.models import Camera, Point

PointStatus = Literal["on", "trouble", "off"]
ENTITIES = ("point", "camera", "agency")
#: After more changes than this, or of an owner, everything is read again.
MOST_CHANGES = 2_000


@dataclass(frozen=True)
class PointOnMap:
    """A point with its cameras.

    Attributes
    ----------
    point : Point
        Position, certainty, source.
    cameras : tuple of Camera
        Cameras of the point that are not removed, by id.
    """

    point: Point
    cameras: tuple[Camera, ...]

    @property
    def status(self) -> PointStatus:
        """All cameras on; some of them not; none of them."""
        n_on = sum(camera.status == "on" for camera in self.cameras)
        if n_on == len(self.cameras):
            return "on"
        return "trouble" if n_on or any(c.status in ("trouble", "maintenance") for c in self.cameras) else "off"

    @property
    def is_placed(self) -> bool:
        """Whether anybody has said where it is."""
        return self.point.lon is not None and self.point.lat is not None

    @property
    def is_guess(self) -> bool:
        """Whether the position is a guess, good for a marker and for no number."""
        return self.point.position_certainty == "guess"


class Register:
    """All points with their cameras at one moment.

    Parameters
    ----------
    points, cameras : iterable
        As they stand.
    """

    def __init__(self, points: Iterable[Point], cameras: Iterable[Camera]) -> None:
        self._points = {point.point_id: point for point in points}
        self._cameras = {camera.camera_id: camera for camera in cameras if camera.status != "removed"}
        self._on_point: dict[str, set[str]] = defaultdict(set)
        for camera in self._cameras.values():
            self._on_point[camera.point_id].add(camera.camera_id)
        self._joined = {key: item for key in sorted(self._points) if (item := self._item(key)) is not None}

    def joined(self) -> list[PointOnMap]:
        """Give the points that carry cameras.

        Returns
        -------
        list of PointOnMap
            By id of the point; removed cameras are left out.
        """
        return list(self._joined.values())

    def take_over(
        self, point_ids: set[str], points: Iterable[Point], camera_ids: set[str], cameras: Iterable[Camera]
    ) -> None:
        """Replace some records by what they are now.

        Parameters
        ----------
        point_ids : set of str
            Points that changed.
        points : iterable of Point
            Those of them that are still there.
        camera_ids : set of str
            Cameras that changed.
        cameras : iterable of Camera
            Those of them that are still there.
        """
        touched = set(point_ids)
        for key in point_ids:
            self._points.pop(key, None)
        self._points |= {point.point_id: point for point in points}
        for key in camera_ids:
            before = self._cameras.pop(key, None)
            if before is not None:
                self._on_point[before.point_id].discard(key)
                touched.add(before.point_id)
        for camera in cameras:
            if camera.status != "removed":
                self._cameras[camera.camera_id] = camera
                self._on_point[camera.point_id].add(camera.camera_id)
                touched.add(camera.point_id)
        now = {key: item for key in touched if (item := self._item(key)) is not None}
        is_longer = any(key not in self._joined for key in now)
        for key in touched - set(now):
            self._joined.pop(key, None)
        self._joined |= now
        if is_longer:
            self._joined = dict(sorted(self._joined.items()))

    def _item(self, key: str) -> PointOnMap | None:
        ids = sorted(self._on_point.get(key, ()))
        if key not in self._points or not ids:
            return None
        return PointOnMap(self._points[key], tuple(self._cameras[camera_id] for camera_id in ids))


_kept: WeakKeyDictionary[Registry, tuple[int, Register]] = WeakKeyDictionary()
_lock = Lock()


def kept_points(registry: Registry) -> list[PointOnMap]:
    """Give the points that carry cameras as they are now.

    Parameters
    ----------
    registry : Registry
        Open register.

    Returns
    -------
    list of PointOnMap
        By id of the point; the records are shared by all visits and never change, new ones take their place.
    """
    with _lock:
        version = newest_change(registry, ENTITIES)  # read first: what is written meanwhile is read again next time
        before, register = _kept.get(registry, (-1, None))
        if register is None:
            register = _read(registry)
        elif before != version:
            register = _brought_up(registry, register, before)
        _kept[registry] = (version, register)
        return register.joined()


def _read(registry: Registry) -> Register:
    return Register(point_store.list_points(registry), camera_store.list_cameras(registry))


def _brought_up(registry: Registry, register: Register, before: int) -> Register:
    changed = changes_since(registry, ENTITIES, before)
    if len(changed) > MOST_CHANGES or any(entity == "agency" for entity, _ in changed):
        return _read(registry)
    points = {key for entity, key in changed if entity == "point"}
    cameras = {key for entity, key in changed if entity == "camera"}
    register.take_over(
        points, point_store.get_points(registry, sorted(points)),
        cameras, camera_store.get_cameras(registry, sorted(cameras)),
    )  # fmt: skip
    return register

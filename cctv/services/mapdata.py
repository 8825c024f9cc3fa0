"""What the map shows: points with their cameras, filtered; and the points that nobody has placed yet."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from cctv.registry import cameras as camera_store
from cctv.registry import points as point_store
from cctv.registry.as_of import register_as_of
from cctv.registry.models import Camera, Point
from cctv.services.runtime import Runtime

PointStatus = Literal["on", "trouble", "off"]


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


@dataclass(frozen=True)
class Filters:
    """What a person wants to see; an empty choice means everything.

    Attributes
    ----------
    text : str
        Words that must all occur in name, street, kelurahan, owner or id.
    owners : frozenset of str
        Agency ids.
    statuses : frozenset of str
        Camera statuses.
    kelurahan : frozenset of str
        Names of kelurahan.
    camera_types : frozenset of str
        Camera types.
    """

    text: str = ""
    owners: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    kelurahan: frozenset[str] = frozenset()
    camera_types: frozenset[str] = frozenset()

    def keeps(self, point: Point, camera: Camera) -> bool:
        """Tell whether a camera stays in the picture.

        Parameters
        ----------
        point : Point
            Point of the camera.
        camera : Camera
            The camera.

        Returns
        -------
        bool
            True if it meets every choice.
        """
        words = f"{point.name} {point.street} {point.kelurahan} {camera.name} {camera.agency_name} {camera.camera_id}"
        return (
            all(word in words.lower() for word in self.text.lower().split())
            and (not self.owners or camera.agency_id in self.owners)
            and (not self.statuses or camera.status in self.statuses)
            and (not self.kelurahan or point.kelurahan in self.kelurahan)
            and (not self.camera_types or camera.camera_type in self.camera_types)
        )


@dataclass(frozen=True)
class Choices:
    """Values that the filters offer, in the order of the screen."""

    owners: dict[str, str]
    kelurahan: tuple[str, ...]
    statuses: tuple[str, ...]
    camera_types: tuple[str, ...]


@dataclass(frozen=True)
class Counts:
    """How many there are; every number counts the register, nothing is estimated."""

    points: int
    cameras: int
    cameras_on: int
    points_unplaced: int
    cameras_synthetic: int
    points_guessed: int
    points_outside: int


def all_points(runtime: Runtime) -> list[PointOnMap]:
    """Give every point of the register that has cameras, placed or not.

    Parameters
    ----------
    runtime : Runtime
        Open process.

    Returns
    -------
    list of PointOnMap
        By id of the point; removed cameras are left out.
    """
    return _joined(point_store.list_points(runtime.registry), camera_store.list_cameras(runtime.registry))


def points_as_of(runtime: Runtime, moment: datetime) -> list[PointOnMap]:
    """Give every point that had cameras at a moment of the past.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    moment : datetime
        With its time zone.

    Returns
    -------
    list of PointOnMap
        By id of the point; cameras that were removed by then are left out.
    """
    past = register_as_of(runtime.registry, moment)
    return _joined(past.points, past.cameras)


def _joined(points: Iterable[Point], cameras: Iterable[Camera]) -> list[PointOnMap]:
    by_point: dict[str, list[Camera]] = defaultdict(list)
    for camera in cameras:
        if camera.status != "removed":
            by_point[camera.point_id].append(camera)
    return [
        PointOnMap(point, tuple(sorted(by_point[point.point_id], key=lambda c: c.camera_id)))
        for point in sorted(points, key=lambda p: p.point_id)
        if by_point[point.point_id]
    ]


def filtered(points: Iterable[PointOnMap], filters: Filters) -> list[PointOnMap]:
    """Keep the points, and of each the cameras, that meet the filters.

    Parameters
    ----------
    points : iterable of PointOnMap
        Points with cameras.
    filters : Filters
        What a person wants to see.

    Returns
    -------
    list of PointOnMap
        Points with at least one camera left.
    """
    kept = [PointOnMap(item.point, tuple(c for c in item.cameras if filters.keeps(item.point, c))) for item in points]
    return [item for item in kept if item.cameras]


def choices(points: Iterable[PointOnMap]) -> Choices:
    """List what can be filtered by.

    Parameters
    ----------
    points : iterable of PointOnMap
        All points.

    Returns
    -------
    Choices
        Values that occur.
    """
    found = list(points)
    cameras = [camera for item in found for camera in item.cameras]
    owners = {camera.agency_id: camera.agency_name for camera in cameras}
    return Choices(
        owners=dict(sorted(owners.items(), key=lambda pair: pair[1])),
        kelurahan=tuple(sorted({item.point.kelurahan for item in found if item.point.kelurahan})),
        statuses=tuple(s for s in ("on", "trouble", "maintenance", "off") if any(c.status == s for c in cameras)),
        camera_types=tuple(sorted({camera.camera_type for camera in cameras})),
    )


def counts(points: Iterable[PointOnMap]) -> Counts:
    """Count points and cameras.

    Parameters
    ----------
    points : iterable of PointOnMap
        Points with cameras.

    Returns
    -------
    Counts
        Exact counts of what is in the register.
    """
    found = list(points)
    cameras = [camera for item in found for camera in item.cameras]
    status = Counter(camera.status for camera in cameras)
    return Counts(
        points=len(found),
        cameras=len(cameras),
        cameras_on=status["on"],
        points_unplaced=sum(not item.is_placed for item in found),
        cameras_synthetic=sum(camera.kind == "synthetic" for camera in cameras),
        points_guessed=sum(item.is_guess for item in found),
        points_outside=sum(item.point.is_outside_city for item in found),
    )


def find_camera(points: Iterable[PointOnMap], camera_id: str) -> tuple[PointOnMap, Camera] | None:
    """Find the point that a camera stands on.

    Parameters
    ----------
    points : iterable of PointOnMap
        Points with cameras.
    camera_id : str
        For example from the address ``?camera=K-0001``.

    Returns
    -------
    tuple of PointOnMap and Camera, or None
        None if there is no such camera.
    """
    for item in points:
        for camera in item.cameras:
            if camera.camera_id == camera_id:
                return item, camera
    return None


def made_up_layers(runtime: Runtime) -> dict[str, tuple[str, ...]]:
    """Name the layers of the map that are not surveyed, for the permanent note on the screen.

    Parameters
    ----------
    runtime : Runtime
        Open process.

    Returns
    -------
    dict of str to tuple of str
        ``synthetic`` and ``schematic`` to layer names by the manifest; empty once all are real.
    """
    shown = ("buildings", "streets_minor", "public_spaces", "streets_named")
    layers = runtime.city.manifest.layers
    return {
        kind: tuple(name for name in shown if name in layers and layers[name].kind == kind)
        for kind in ("synthetic", "schematic")
    }

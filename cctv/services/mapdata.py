"""What the map shows: points with their cameras, filtered; and the points that nobody has placed yet."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cctv.registry.as_of import register_as_of
from cctv.registry.models import Camera, Point
from cctv.services.kept_register import PointOnMap, PointStatus, Register, kept_points
from cctv.services.runtime import Runtime

__all__ = ["PointOnMap", "PointStatus"]


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
        return (
            (not self.owners or camera.agency_id in self.owners)
            and (not self.statuses or camera.status in self.statuses)
            and (not self.kelurahan or point.kelurahan in self.kelurahan)
            and (not self.camera_types or camera.camera_type in self.camera_types)
            and (not self.text or self._names(point, camera))
        )

    def _names(self, point: Point, camera: Camera) -> bool:
        found = f"{point.name} {point.street} {point.kelurahan} {camera.name} {camera.agency_name} {camera.camera_id}"
        return all(word in found.lower() for word in self.text.lower().split())


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
    return kept_points(runtime.registry)


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
    return Register(past.points, past.cameras).joined()


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
    if filters == Filters():
        return list(points)
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

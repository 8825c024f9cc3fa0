"""Where a camera stands and where it looks: the point and the camera change together or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass

from cctv.registry.cameras import change_camera
from cctv.registry.connection import Registry
from cctv.registry.points import change_point
from cctv.registry.store import writing


@dataclass(frozen=True)
class RecordEdit:
    """What changes in one record.

    Attributes
    ----------
    record_id : str
        Id of the point or camera.
    version : int
        Version that the person saw.
    changes : mapping
        Field to new value; nothing is written if it is empty.
    """

    record_id: str
    version: int
    changes: Mapping[str, object]


def save_stance(registry: Registry, actor: str, point: RecordEdit, camera: RecordEdit, reason: str) -> None:
    """Move a point and aim a camera on it, in one transaction.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    point, camera : RecordEdit
        What changes.
    reason : str
        Why.

    Raises
    ------
    ValidationError
        Lists every value that is not acceptable.
    StaleEditError
        If somebody else changed one of the two in the meantime; then neither is written.
    NotFoundError
        If one of the two is not there.
    """
    with writing(registry, actor) as writer:
        if point.changes:
            change_point(writer, point.record_id, point.version, point.changes, reason)
        if camera.changes:
            change_camera(registry, writer, camera.record_id, camera.version, camera.changes, reason)

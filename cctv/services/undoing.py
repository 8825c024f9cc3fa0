"""Taking back one's own change: the records get the values they had before, as a new change with its own reason."""

from cctv.errors import AccessError, RegistryError
from cctv.registry import as_of, history
from cctv.registry.models import Account, Change
from cctv.registry.together import Edits, RecordEdit, save_together
from cctv.services import editing
from cctv.services.runtime import Runtime

ENTITIES = ("point", "camera")
STREAM = "stream_secret"


def can_undo(runtime: Runtime, account: Account, change: Change) -> bool:
    """Tell whether a person may take a change back, with everything that was changed together with it.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who asks.
    change : Change
        The change.

    Returns
    -------
    bool
        True for one's own change of points and cameras that nothing has followed. The history does not hold stream
        addresses: a change from one to another cannot be taken back.
    """
    if change.actor != account.username or not _is_ours(change):
        return False
    together, is_newest = history.made_together(runtime.registry, change)
    return is_newest and all(map(_is_ours, together))


def undo(runtime: Runtime, account: Account, change: Change, reason: str) -> None:
    """Take back one's own change and what was changed together with it; a camera that was added is withdrawn.

    A point that was added stays, because the history of its cameras needs the place.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who takes it back.
    change : Change
        The change as it was shown.
    reason : str
        Stands in the history of the new change.

    Raises
    ------
    AccessError
        If the role or the agency does not allow it, or it is somebody else's change.
    RegistryError
        ``undo_too_late`` if a record was changed again, or the change cannot be taken back.
    StaleEditError
        If somebody changes a record at this very moment.
    ValidationError
        If the old values are no longer acceptable.
    """
    if change.actor != account.username:
        raise AccessError("undo_other", f"change {change.change_id} is of {change.actor}", {"actor": change.actor})
    if not can_undo(runtime, account, change):
        raise RegistryError("undo_too_late", f"change {change.change_id} is not the newest, or not to be taken back")
    together, _ = history.made_together(runtime.registry, change)
    cameras = [_back(found, reason) for found in together if found.entity == "camera"]
    points = [_back(found, reason) for found in together if found.entity == "point" and found.op != "create"]
    editing.require_editor_of_all(runtime, account, [edit.record_id for edit in cameras])
    for point in points:
        editing.require_editor_of_point(runtime, account, point.record_id)
    save_together(runtime.registry, account.username, Edits(points=points, cameras=cameras), reason)


def _back(change: Change, reason: str) -> RecordEdit:
    version = int(str(change.after["version"]))
    if change.op == "create":
        return RecordEdit(change.entity_id, version, {"status": "removed", "status_reason": reason})
    before = as_of.typed({name: change.before.get(name) for name in _changed(change) if name != STREAM})
    if STREAM in _changed(change):
        before["stream_address"] = ""
    return RecordEdit(change.entity_id, version, before)


def _is_ours(change: Change) -> bool:
    return change.entity in ENTITIES and (change.op == "create" or bool(_changed(change)))


def _changed(change: Change) -> list[str]:
    """Name the fields with their values before; of a stream address the history tells only that there was none."""
    before = change.before
    names = [name for name, value in change.after.items() if name != "version" and before.get(name) != value]
    return [name for name in names if name != STREAM or before.get(STREAM) == ""]

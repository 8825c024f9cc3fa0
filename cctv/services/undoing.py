"""Taking back one's own change: the record gets the values it had before, as a new change with its own reason."""

from cctv.errors import AccessError, RegistryError
from cctv.registry import as_of, cameras, history, points
from cctv.registry.models import Account, Change
from cctv.services import editing
from cctv.services.runtime import Runtime

ENTITIES = ("point", "camera")


def can_undo(account: Account, change: Change, newest: Change) -> bool:
    """Tell whether a person may take a change back.

    Parameters
    ----------
    account : Account
        Who asks.
    change : Change
        The change.
    newest : Change
        Newest change of the same record.

    Returns
    -------
    bool
        True for one's own change of a point or camera that nothing has followed. The history does not hold stream
        addresses: a change of one alone cannot be taken back.
    """
    is_own = change.actor == account.username and change.entity in ENTITIES and change.op != "create"
    return is_own and bool(_changed(change)) and change.change_id == newest.change_id


def undo(runtime: Runtime, account: Account, change: Change, reason: str) -> None:
    """Take back one's own change.

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
        ``undo_too_late`` if the record was changed again, or the change cannot be taken back.
    StaleEditError
        If somebody changes the record at this very moment.
    ValidationError
        If the old values are no longer acceptable.
    """
    if change.actor != account.username:
        raise AccessError("undo_other", f"change {change.change_id} is of {change.actor}", {"actor": change.actor})
    newest = history.changes(runtime.registry, change.entity, change.entity_id, limit=1)[0]
    if not can_undo(account, change, newest):
        raise RegistryError("undo_too_late", f"change {change.change_id}, newest {newest.change_id}")
    before = as_of.typed({name: change.before.get(name) for name in _changed(change)})
    version, registry = int(str(change.after["version"])), runtime.registry
    if change.entity == "camera":
        editing.require_editor_of(runtime, account, change.entity_id)
        cameras.update_camera(registry, account.username, change.entity_id, version, before, reason)
    else:
        editing.require_editor_of_point(runtime, account, change.entity_id)
        points.update_point(registry, account.username, change.entity_id, version, before, reason)


def _changed(change: Change) -> list[str]:
    hidden = {"version", "stream_secret"}
    return [name for name, value in change.after.items() if name not in hidden and change.before.get(name) != value]

"""Many cameras changed at once: what would change and what is refused, row by row; then one transaction, one undo."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cctv.errors import Problem, StaleEditError, ValidationError, raise_if_any
from cctv.permissions import Permission
from cctv.registry import cameras as camera_store
from cctv.registry.models import Account, Camera
from cctv.registry.together import Edits, RecordEdit, camera_problems, save_together
from cctv.services import accounts
from cctv.services.editing import PURPOSES
from cctv.services.runtime import Runtime

#: Fields that make sense for many cameras at once.
FIELDS = (
    "status", "status_reason", "agency_id", "camera_type", "model", "height_m", "tilt_deg", "hfov_deg", "vfov_deg",
    "range_m", "resolution_px", "infrared_range_m", "purpose", "installed_on",
)  # fmt: skip
_TRIES = 3


@dataclass(frozen=True)
class BulkRow:
    """What would become of one camera.

    Attributes
    ----------
    camera : Camera
        As it is.
    changes : dict
        Field to new value, where it differs.
    problems : tuple of Problem
        Why it is refused; empty if it is not.
    """

    camera: Camera
    changes: dict[str, object]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Preview:
    """What a change of many cameras would do.

    Attributes
    ----------
    changed, refused : tuple of BulkRow
        By id of the camera.
    same : int
        Cameras that have these values already.
    """

    changed: tuple[BulkRow, ...]
    refused: tuple[BulkRow, ...]
    same: int


def preview(runtime: Runtime, account: Account, cameras: Sequence[Camera], changes: Mapping[str, object]) -> Preview:
    """Say what a change would do; nothing is written.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who would change them.
    cameras : sequence of Camera
        The cameras, as they were found.
    changes : mapping
        Field to new value, the same for all.

    Returns
    -------
    Preview
        Every camera, under one of three headings.

    Raises
    ------
    AccessError
        If the role does not allow it.
    ValidationError
        If a field is not one that is changed in bulk.
    """
    accounts.require(account, Permission.EDIT_REGISTER)
    odd = [Problem("unknown_field", "", name) for name in changes if name not in FIELDS]
    raise_if_any(odd, ValidationError, code="invalid", message="bulk edit")
    wanted = [
        BulkRow(camera, {name: value for name, value in changes.items() if getattr(camera, name) != value})
        for camera in cameras
    ]
    differing = [row for row in wanted if row.changes]
    with runtime.registry.cursor() as cursor:
        wrong = camera_problems(cursor, [(vars(row.camera), row.changes) for row in differing])
    judged = [
        BulkRow(row.camera, row.changes, (*wrong.get(row.camera.camera_id, ()), *_ours(account, row)))
        for row in differing
    ]
    return Preview(
        tuple(row for row in judged if not row.problems), tuple(row for row in judged if row.problems),
        len(wanted) - len(differing),
    )  # fmt: skip


def save(runtime: Runtime, account: Account, shown: Preview, reason: str) -> Preview:
    """Change the cameras of a preview in one transaction; those that somebody else changed since are refused.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who changes them.
    shown : Preview
        What the person has seen.
    reason : str
        Why; must not be empty, it stands in the history of each.

    Returns
    -------
    Preview
        What was changed, and what was refused after all.

    Raises
    ------
    AccessError
        If the role does not allow it.
    ValidationError
        If there is no reason.
    StaleEditError
        If others keep changing the same cameras at this very moment; then nothing was written.
    """
    accounts.require(account, Permission.EDIT_REGISTER)
    odd = [] if reason.strip() else [Problem("required", "", "reason")]
    raise_if_any(odd, ValidationError, code="invalid", message="bulk edit")
    for left in reversed(range(_TRIES)):
        ids = [row.camera.camera_id for row in shown.changed]
        now = {camera.camera_id: camera for camera in camera_store.get_cameras(runtime.registry, ids)}
        fresh = [row for row in shown.changed if now.get(row.camera.camera_id) == row.camera]
        stale = [_stale(row) for row in shown.changed if now.get(row.camera.camera_id) != row.camera]
        allowed = [row for row in fresh if not list(_ours(account, row))]
        edits = [RecordEdit(row.camera.camera_id, row.camera.version, row.changes) for row in allowed]
        try:
            save_together(runtime.registry, account.username, Edits(cameras=edits), reason)
        except StaleEditError:
            if not left:
                raise
        else:
            return Preview(tuple(allowed), (*shown.refused, *stale), shown.same)
    return shown


def _ours(account: Account, row: BulkRow) -> list[Problem]:
    """Say what the register would take and we do not: a purpose off the list, a camera or an owner of others."""
    camera, changes = row.camera, row.changes
    found: list[Problem] = []
    purpose = changes.get("purpose", "")
    if purpose not in ("", *PURPOSES):
        found.append(Problem("choice", camera.camera_id, "purpose", str(purpose), ", ".join(PURPOSES)))
    owners = {camera.agency_id, str(changes.get("agency_id", camera.agency_id))}
    if account.agency_id and owners != {account.agency_id}:
        found.append(Problem("other_agency", camera.camera_id, "agency_id", camera.agency_name))
    return found


def _stale(row: BulkRow) -> BulkRow:
    return BulkRow(row.camera, row.changes, (Problem("changed_meanwhile", row.camera.camera_id, "version"),))

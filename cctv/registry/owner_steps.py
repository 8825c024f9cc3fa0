"""How far an owner has come: the steps it may take, each with day, name and remark, and the way back.

recorded -> letter_sent -> agreed -> technical_check -> integrated
                        -> declined                  (may be invited again, or agree after all)
agreed, technical_check, integrated -> withdrawn     (its cameras leave every view in the same transaction)
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, get_args

from cctv.errors import AccessError, Problem, RegistryError, ValidationError, raise_if_any
from cctv.registry import owners
from cctv.registry.as_of import typed
from cctv.registry.cameras import change_camera
from cctv.registry.connection import Registry
from cctv.registry.owner_links import close_links
from cctv.registry.owners import Consent, OwnerState
from cctv.registry.self_registration import refuse_waiting
from cctv.registry.store import Row, Table, Writer, existing, rows, writing

TABLE = Table("owner_step", "step_id")
STATES: tuple[OwnerState, ...] = get_args(OwnerState)
NEXT: dict[OwnerState, tuple[OwnerState, ...]] = {
    "recorded": ("letter_sent",),
    "letter_sent": ("agreed", "declined", "letter_sent"),
    "agreed": ("technical_check", "agreed", "withdrawn"),
    "declined": ("agreed", "letter_sent"),
    "technical_check": ("integrated", "agreed", "withdrawn"),
    "integrated": ("agreed", "technical_check", "withdrawn"),
    "withdrawn": ("agreed", "letter_sent"),
}
#: An owner in one of these has said yes, and has not taken it back.
CONSENTED: frozenset[OwnerState] = frozenset({"agreed", "technical_check", "integrated"})
NEEDS_NOTE: frozenset[OwnerState] = frozenset({"declined", "withdrawn"})
LONGEST_NOTE = 500


@dataclass(frozen=True)
class NewStep:
    """A step to be taken; ``consent`` counts with ``agreed`` alone, elsewhere it follows from the state."""

    to_state: OwnerState
    happened_on: date
    note: str = ""
    consent: Consent = "none"


@dataclass(frozen=True)
class OwnerStep:
    """A step that was taken.

    Attributes
    ----------
    from_state, from_on, from_consent : str, date, str
        How it stood before.
    to_state, happened_on, consent : str, date, str
        How it stood after, and since which day.
    cameras : tuple of dict
        What a withdrawal removed: ``camera_id`` with the status before.
    recorded_by, recorded_at : str, datetime
        Who wrote it down, when.
    undone_by, undone_at : str, datetime or None
        Who took it back; empty if it stands.
    """

    step_id: str
    owner_id: str
    from_state: OwnerState
    from_on: date
    from_consent: Consent
    to_state: OwnerState
    happened_on: date
    consent: Consent
    note: str
    cameras: tuple[Row, ...]
    recorded_by: str
    recorded_at: datetime
    undone_by: str
    undone_at: datetime | None
    version: int

    @property
    def stands(self) -> bool:
        """Whether nobody has taken it back."""
        return self.undone_at is None


def list_steps(registry: Registry, owner_id: str | None = None) -> list[OwnerStep]:
    """List steps, those that were taken back, too.

    Parameters
    ----------
    registry : Registry
        Open register.
    owner_id : str, optional
        Only of this owner.

    Returns
    -------
    list of OwnerStep
        In the order they were written down.
    """
    sql = "select * from owner_step where (?::varchar is null or owner_id = ?) order by step_id"
    with registry.cursor() as cursor:
        return [_step(row) for row in rows(cursor, sql, [owner_id, owner_id])]


def take_step(registry: Registry, actor: str, owner_id: str, version: int, step: NewStep, *, today: date) -> OwnerStep:
    """Take a step of an owner; a withdrawal removes its cameras and closes its links at once.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    owner_id : str
        Which owner.
    version : int
        Version that the person saw.
    step : NewStep
        Where to, when, why.
    today : date
        No later day is taken.

    Returns
    -------
    OwnerStep
        The step as it was written.

    Raises
    ------
    ValidationError
        Lists everything that stands in the way.
    StaleEditError
        If somebody else changed the owner in the meantime.
    NotFoundError
        If there is no such owner.
    """
    with writing(registry, actor) as writer:
        return add_step(registry, writer, owner_id, version, step, today=today)


def add_step(
    registry: Registry, writer: Writer, owner_id: str, version: int | None, step: NewStep, *, today: date
) -> OwnerStep:  # fmt: skip
    """Take a step inside a transaction that writes other records too.

    Parameters
    ----------
    registry : Registry
        Open register.
    writer : Writer
        Open transaction.
    owner_id : str
        Which owner.
    version : int or None
        Version that the person saw; None where nobody edits side by side.
    step : NewStep
        Where to, when, why.
    today : date
        No later day is taken.

    Returns
    -------
    OwnerStep
        The step as it was written.

    Raises
    ------
    ValidationError
        Lists everything that stands in the way.
    StaleEditError
        If somebody else changed the owner in the meantime.
    NotFoundError
        If there is no such owner.
    """
    before = existing(writer.cursor, owners.TABLE, owner_id)
    consent = step.consent if step.to_state == "agreed" else before["consent"]
    if step.to_state not in CONSENTED:
        consent = "none"
    reason = f"{step.to_state}: {step.note}".rstrip(": ")
    changes: Row = {"state": step.to_state, "state_on": step.happened_on, "consent": consent}
    writer.update(owners.TABLE, owner_id, version, changes, reason)  # first: a stale edit is said before all else
    standing = _cameras(writer, owner_id)
    found = list(_problems(step, before, standing, today))
    raise_if_any(found, ValidationError, code="invalid", message=f"step of {owner_id}")
    removed: list[Row] = []
    if step.to_state == "withdrawn":
        removed = _remove_cameras(registry, writer, standing, step.note)
        close_links(writer, owner_id, reason)
        refuse_waiting(writer, owner_id, reason)
    values: Row = {
        "step_id": _next_id(writer), "owner_id": owner_id, "from_state": before["state"],
        "from_on": before["state_on"], "from_consent": before["consent"], "to_state": step.to_state,
        "happened_on": step.happened_on, "consent": consent, "note": step.note,
        "cameras": json.dumps(removed, default=_plain),
        "recorded_by": writer.actor, "recorded_at": datetime.now(UTC), "undone_by": "", "undone_at": None,
    }  # fmt: skip
    writer.create(TABLE, values, reason)
    return _step({**values, "version": 1})


def undo_step(registry: Registry, actor: str, step_id: str, reason: str) -> None:
    """Take one's own last step back; cameras that a withdrawal removed come back with the status they had.

    Links that the withdrawal closed stay closed: a new letter has a new one.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Who takes it back.
    step_id : str
        Which step.
    reason : str
        Why; must not be empty.

    Raises
    ------
    ValidationError
        If there is no reason.
    AccessError
        If it is somebody else's step.
    RegistryError
        ``undo_too_late`` if it is not the last one that stands.
    NotFoundError
        If there is no such step.
    """
    missing = [] if reason.strip() else [Problem("required", step_id, "reason")]
    raise_if_any(missing, ValidationError, code="invalid", message=step_id)
    with writing(registry, actor) as writer:
        row = existing(writer.cursor, TABLE, step_id)
        step = _step(row)
        if step.recorded_by != actor:
            raise AccessError("undo_other", f"{step_id} is of {step.recorded_by}", {"actor": step.recorded_by})
        sql = "select max(step_id) as last from owner_step where owner_id = ? and undone_at is null"
        if rows(writer.cursor, sql, [step.owner_id])[0]["last"] != step_id:
            raise RegistryError("undo_too_late", f"{step_id} is not the last step of {step.owner_id}")
        before: Row = {"state": step.from_state, "state_on": step.from_on, "consent": step.from_consent}
        writer.update(owners.TABLE, step.owner_id, None, before, reason)
        for camera in step.cameras:
            _restore_camera(registry, writer, camera, reason)
        undone: Row = {"undone_by": actor, "undone_at": datetime.now(UTC)}
        writer.update(TABLE, step_id, step.version, undone, reason)


def _problems(step: NewStep, before: Row, standing: list[Row], today: date) -> Iterator[Problem]:
    where, state = str(before["owner_id"]), str(before["state"])
    since = before["state_on"]
    if step.to_state not in NEXT[state]:  # type: ignore[index]
        yield Problem("owner_step", where, "state", step.to_state, state)
    if step.happened_on > today:
        yield Problem("future_day", where, "happened_on", str(step.happened_on), str(today))
    if isinstance(since, date) and step.happened_on < since:
        yield Problem("step_too_early", where, "happened_on", str(step.happened_on), str(since))
    if step.to_state in NEEDS_NOTE and not step.note.strip():
        yield Problem("required", where, "note")
    if len(step.note) > LONGEST_NOTE:
        yield Problem("too_long", where, "note", str(len(step.note)), str(LONGEST_NOTE))
    if step.to_state == "agreed" and step.consent == "none":
        yield Problem("required", where, "consent")
    if step.to_state == "integrated" and not standing:
        yield Problem("owner_no_camera", where, "state")
    elif (
        step.to_state == "integrated" and before["consent"] == "live" and not any(c["stream_secret"] for c in standing)
    ):
        yield Problem("owner_no_stream", where, "state")


def _cameras(writer: Writer, owner_id: str) -> list[Row]:
    sql = "select * from camera where agency_id = ? and status <> 'removed' order by camera_id"
    return rows(writer.cursor, sql, [owner_id])


def _remove_cameras(registry: Registry, writer: Writer, standing: list[Row], note: str) -> list[Row]:
    removed: list[Row] = []
    for camera in standing:
        key, version = str(camera["camera_id"]), int(str(camera["version"]))
        removed.append({name: camera[name] for name in ("camera_id", "status", "status_reason", "status_since")})
        change_camera(registry, writer, key, version, {"status": "removed", "status_reason": note}, note)
    return removed


def _restore_camera(registry: Registry, writer: Writer, camera: Row, reason: str) -> None:
    key = str(camera["camera_id"])
    now = rows(writer.cursor, "select version, status from camera where camera_id = ?", [key])
    if now and now[0]["status"] == "removed":
        before = {name: camera[name] for name in ("status", "status_reason", "status_since")}
        change_camera(registry, writer, key, int(str(now[0]["version"])), typed(before), reason)


def _next_id(writer: Writer) -> str:
    top = rows(writer.cursor, "select count(*) as n from owner_step")[0]["n"]
    return f"L-{int(str(top)) + 1:06d}"


def _step(row: Mapping[str, Any]) -> OwnerStep:
    fields: dict[str, Any] = dict(row)
    fields["cameras"] = tuple(json.loads(str(row["cameras"])))
    return OwnerStep(**fields)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)

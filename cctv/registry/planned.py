"""Planned cameras: what became of accepted points, from the signed plan to a camera of the register that is on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, get_args

import duckdb

from cctv.errors import Problem, ValidationError, raise_if_any
from cctv.registry import cameras, checks
from cctv.registry.connection import Registry
from cctv.registry.store import Row, Table, Writer, existing, find, rows, writing

TABLE = Table("planned_camera", "plan_point_id")
PlannedState = Literal["planned", "tendered", "installed", "alive"]
STATES: tuple[PlannedState, ...] = get_args(PlannedState)
RULES: dict[str, checks.Rule] = {
    "state": checks.Choice(STATES),
    "camera_id": checks.TEXT,
    "actual_idr": checks.Range(0, 10**12, "Rp", whole=True),
    "note": checks.TEXT,
}
#: From here on there is a camera in the register.
STANDING = ("installed", "alive")


@dataclass(frozen=True)
class PlannedCamera:
    """One accepted point on its way; ``actual_idr`` is None until it is known."""

    plan_point_id: str
    plan_id: str
    state: PlannedState
    state_since: datetime
    camera_id: str
    actual_idr: int | None
    note: str
    version: int


def list_planned(registry: Registry, plan_id: str | None = None) -> list[PlannedCamera]:
    """List planned cameras.

    Parameters
    ----------
    registry : Registry
        Open register.
    plan_id : str, optional
        Only of this plan.

    Returns
    -------
    list of PlannedCamera
        By point.
    """
    sql = "select * from planned_camera where (?::varchar is null or plan_id = ?) order by plan_point_id"
    with registry.cursor() as cursor:
        return [_planned(row) for row in rows(cursor, sql, [plan_id, plan_id])]


def add_planned(writer: Writer, plan_id: str, reason: str) -> None:
    """Put the accepted points of a plan on their way, inside the transaction that signs it.

    Parameters
    ----------
    writer : Writer
        Open transaction.
    plan_id : str
        Which plan.
    reason : str
        Why.
    """
    sql = "select plan_point_id from plan_point where plan_id = ? and decision = 'accepted' order by rank"
    for row in rows(writer.cursor, sql, [plan_id]):
        writer.create(TABLE, {
            "plan_point_id": row["plan_point_id"], "plan_id": plan_id, "state": "planned",
            "state_since": datetime.now(UTC), "camera_id": "", "actual_idr": None, "note": "",
        }, reason)  # fmt: skip


def move_planned(
    registry: Registry, actor: str, plan_point_id: str, version: int, changes: Mapping[str, object], reason: str
) -> None:
    """Take a planned camera further, or correct what is known of it.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    plan_point_id : str
        Which point.
    version : int
        Version that the person saw.
    changes : mapping
        ``state``, ``camera_id``, ``actual_idr``, ``note``.
    reason : str
        Why.

    Raises
    ------
    ValidationError
        If a value is not acceptable, a state is skipped, or the camera it needs is not in the register or not on.
    StaleEditError
        If somebody else changed it in the meantime.
    NotFoundError
        If there is no such planned camera.
    """
    with writing(registry, actor) as writer:
        before = existing(writer.cursor, TABLE, plan_point_id)
        found = list(checks.problems(RULES, plan_point_id, changes))
        found = found or _step_problems(writer.cursor, before, {**before, **changes})
        raise_if_any(found, ValidationError, code="invalid", message=f"planned camera {plan_point_id}")
        is_moved = changes.get("state", before["state"]) != before["state"]
        since = {"state_since": datetime.now(UTC)} if is_moved else {}
        writer.update(TABLE, plan_point_id, version, {**changes, **since}, reason)


def _step_problems(cursor: duckdb.DuckDBPyConnection, before: Row, after: Row) -> list[Problem]:
    where, state, camera_id = str(after["plan_point_id"]), str(after["state"]), str(after["camera_id"])
    step = [str(word) for word in STATES].index(state) - [str(word) for word in STATES].index(str(before["state"]))
    found = [Problem("state_skipped", where, "state", state, str(before["state"]))] if step > 1 else []
    camera = find(cursor, cameras.TABLE, camera_id) if camera_id else None
    if camera_id and camera is None:
        found.append(Problem("reference", where, "camera_id", camera_id))
    elif state in STANDING and camera is None:
        found.append(Problem("camera_needed", where, "camera_id", "", state))
    elif state == "alive" and camera is not None and camera["status"] != "on":
        found.append(Problem("camera_not_on", where, "camera_id", camera_id, str(camera["status"])))
    return found


def _planned(row: Mapping[str, Any]) -> PlannedCamera:
    return PlannedCamera(**row)

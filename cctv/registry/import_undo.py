"""The way back of an import: what it made is withdrawn, what it changed gets its earlier facts; nothing is deleted."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import duckdb

from cctv.errors import NotFoundError, Problem, ValidationError, raise_if_any
from cctv.registry import cameras
from cctv.registry.connection import Registry
from cctv.registry.import_records import TABLE, WRITTEN
from cctv.registry.store import Row, Writer, find, rows, writing


@dataclass(frozen=True)
class RolledBack:
    """What a way back did: records taken back, and those that stay because somebody edited them since."""

    undone: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def roll_back(registry: Registry, actor: str, import_id: str, reason: str, *, keep_edits: bool = False) -> RolledBack:
    """Take a whole import back: its cameras are withdrawn, updated ones get their earlier facts; nothing is deleted.

    Points it made stay, because the history of the withdrawn cameras needs the place.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on every change.
    import_id : str
        Which import.
    reason : str
        Why; must not be empty.
    keep_edits : bool
        Leave what somebody edited since as it is, instead of refusing.

    Returns
    -------
    RolledBack
        What was taken back and what stays.

    Raises
    ------
    ValidationError
        If there is no reason, the import was taken back already, or something was edited since and is not to be kept.
    NotFoundError
        If there is no such import.
    """
    with writing(registry, actor) as writer:
        record = find(writer.cursor, TABLE, import_id)
        if record is None:
            raise NotFoundError("not_found", f"import {import_id}", {"entity": "import", "id": import_id})
        found = [] if reason.strip() else [Problem("required", import_id, "reason")]
        if record["state"] != "done":
            found.append(Problem("import_back_already", import_id, "state", str(record["state"])))
        items = rows(writer.cursor, "select * from import_item where import_id = ? order by entity, entity_id",
                     [import_id])  # fmt: skip
        edited = _edited_since(writer.cursor, items)
        if not keep_edits:
            found += list(edited.values())
        raise_if_any(found, ValidationError, code="import_edited_since" if edited else "invalid", message=import_id)
        undone = [str(item["entity_id"]) for item in items
                  if str(item["entity_id"]) not in edited and _undone(writer, item, reason)]  # fmt: skip
        writer.update(TABLE, import_id, None, {"state": "rolled_back"}, reason)
    return RolledBack(tuple(undone), tuple(sorted(edited)))


def _undone(writer: Writer, item: Row, reason: str) -> bool:
    if item["entity"] == "point":
        return False
    key = str(item["entity_id"])
    if item["op"] == "create":
        changes: Row = {"status": "removed", "status_reason": reason, "status_since": datetime.now(UTC)}
    else:
        changes = _typed(json.loads(str(item["before"])))
    writer.update(cameras.TABLE, key, None, changes, reason)
    return True


def _edited_since(cursor: duckdb.DuckDBPyConnection, items: Sequence[Row]) -> dict[str, Problem]:
    """Find what has another version than the import left: who changed it last, and when."""
    edited: dict[str, Problem] = {}
    for item in items:
        entity, key = str(item["entity"]), str(item["entity_id"])
        now = find(cursor, WRITTEN[entity], key)
        if now is not None and now["version"] != item["version_after"]:
            sql = "select actor from history where entity = ? and entity_id = ? order by change_id desc limit 1"
            last = rows(cursor, sql, [entity, key])
            edited[key] = Problem("edited_since", key, entity, str(last[0]["actor"]) if last else "")
    return edited


def _typed(row: Row) -> Row:
    """Give moments and days their type back."""
    for name in ("installed_on", "as_of"):
        if row.get(name):
            row[name] = date.fromisoformat(str(row[name]))
    if row.get("status_since"):
        row["status_since"] = datetime.fromisoformat(str(row["status_since"]))
    return row

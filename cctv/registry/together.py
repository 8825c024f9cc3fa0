"""Points and cameras that are made and changed together: one transaction, one moment in the history, or nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import duckdb

from cctv.errors import NotFoundError, Problem, StaleEditError, ValidationError, raise_if_any
from cctv.registry import agencies, cameras, checks, points
from cctv.registry.bulk import update_many
from cctv.registry.connection import Registry
from cctv.registry.store import Row, Table, Writer, next_ids, rows, writing


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
        Field to new value; nothing is written if it is empty. A whole number as ``point_id`` is the place of a new
        point.
    """

    record_id: str
    version: int
    changes: Mapping[str, object]


@dataclass(frozen=True)
class Edits:
    """What is written together.

    Attributes
    ----------
    new_points, new_cameras : sequence of mapping
        All fields but id and version; a whole number as ``point_id`` of a camera is the place of a new point.
    points, cameras : sequence of RecordEdit
        What changes in records that exist, each record at most once.
    """

    new_points: Sequence[Mapping[str, object]] = ()
    new_cameras: Sequence[Mapping[str, object]] = ()
    points: Sequence[RecordEdit] = ()
    cameras: Sequence[RecordEdit] = ()


@dataclass(frozen=True)
class Made:
    """Ids of the new records, in the order in which they were given."""

    points: tuple[str, ...] = ()
    cameras: tuple[str, ...] = field(default=())


def save_together(registry: Registry, actor: str, edits: Edits, reason: str) -> Made:
    """Make and change points and cameras in one transaction.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on every change.
    edits : Edits
        What to write.
    reason : str
        Why.

    Returns
    -------
    Made
        Ids of what is new.

    Raises
    ------
    ValidationError
        Lists every value that is not acceptable, of all records.
    StaleEditError
        If somebody else changed one of the records in the meantime; then nothing is written.
    NotFoundError
        If one of them is not there.
    """
    with writing(registry, actor) as writer:
        cursor = writer.cursor
        point_ids = next_ids(cursor, points.TABLE, "T", 3, len(edits.new_points))
        camera_ids = next_ids(cursor, cameras.TABLE, "K", 4, len(edits.new_cameras))
        new_points = [{"point_id": key, **new} for key, new in zip(point_ids, edits.new_points, strict=True)]
        raise_if_any(_new_point_problems(new_points), ValidationError, code="invalid", message="new points")
        for row in new_points:
            writer.create(points.TABLE, row, reason)
        _change_points(writer, [edit for edit in edits.points if edit.changes], reason)
        new_cameras = [
            {"camera_id": key, **_on_point(new, point_ids)}
            for key, new in zip(camera_ids, edits.new_cameras, strict=True)
        ]
        raise_if_any(_new_camera_problems(cursor, new_cameras), ValidationError, code="invalid", message="new cameras")
        for row in new_cameras:
            writer.create(cameras.TABLE, cameras.stored_columns(registry, row), reason)
        changed = [
            RecordEdit(edit.record_id, edit.version, _on_point(edit.changes, point_ids))
            for edit in edits.cameras
            if edit.changes
        ]
        _change_cameras(registry, writer, changed, reason)
    return Made(tuple(point_ids), tuple(camera_ids))


def camera_problems(cursor: duckdb.DuckDBPyConnection, wanted: Sequence[tuple[Row, Row]]) -> dict[str, list[Problem]]:
    """Say what is wrong with changes of cameras; nothing is written.

    Parameters
    ----------
    cursor : DuckDBPyConnection
        Own cursor.
    wanted : sequence of (dict, dict)
        Camera as it is, and field to new value.

    Returns
    -------
    dict of str to list of Problem
        By camera; cameras with nothing wrong are not in it.
    """
    known = {
        "point_id": _known(cursor, points.TABLE, (new.get("point_id") for _, new in wanted)),
        "agency_id": _known(cursor, agencies.TABLE, (new.get("agency_id") for _, new in wanted)),
    }
    found: dict[str, list[Problem]] = {}
    for now, new in wanted:
        key = str(now["camera_id"])
        wrong = [*checks.problems(checks.CAMERA, key, new), *checks.azimuth_problems(key, {**now, **new})]
        wrong += [
            Problem("reference", key, name, str(new[name]))
            for name, ids in known.items()
            if name in new and new[name] not in ids
        ]
        if wrong:
            found[key] = wrong
    return found


def _on_point(values: Mapping[str, object], new_points: Sequence[str]) -> Row:
    place = values.get("point_id")
    return {**values, "point_id": new_points[place]} if isinstance(place, int) else dict(values)


def _known(cursor: duckdb.DuckDBPyConnection, table: Table, ids: Iterable[object]) -> set[object]:
    wanted = sorted({str(key) for key in ids if key is not None})
    if not wanted:
        return set()
    sql = f"select {table.key} as id from {table.name} where list_contains(?, {table.key})"  # noqa: S608 - our own names
    return {row["id"] for row in rows(cursor, sql, [wanted])}


def _new_point_problems(new: Sequence[Row]) -> list[Problem]:
    found: list[Problem] = []
    for row in new:
        key, fields = str(row["point_id"]), {name: value for name, value in row.items() if name != "point_id"}
        found += [*checks.problems(checks.POINT, key, fields), *checks.missing(checks.POINT, key, fields)]
        found += checks.position_problems(key, fields)
    return found


def _new_camera_problems(cursor: duckdb.DuckDBPyConnection, new: Sequence[Row]) -> list[Problem]:
    bare = [(row, {name: value for name, value in row.items() if name != "camera_id"}) for row in new]
    found = [problem for wrong in camera_problems(cursor, bare).values() for problem in wrong]
    for row, fields in bare:
        found += checks.missing(checks.CAMERA, str(row["camera_id"]), fields)
    return found


def _change_points(writer: Writer, edits: Sequence[RecordEdit], reason: str) -> None:
    for edit in edits:
        points.change_point(writer, edit.record_id, edit.version, edit.changes, reason)


def _change_cameras(registry: Registry, writer: Writer, edits: Sequence[RecordEdit], reason: str) -> None:
    """Change many cameras in a handful of statements, however many they are."""
    if not edits:
        return
    now = _present(writer.cursor, [edit.record_id for edit in edits])
    wanted: list[tuple[Row, Row]] = []
    for edit in edits:
        before, changes = now[edit.record_id], dict(edit.changes)
        if before["version"] != edit.version:
            raise StaleEditError(
                "stale", f"camera {edit.record_id}: version {edit.version} seen, {before['version']} now",
                {
                    "entity": "camera", "id": edit.record_id, "seen": edit.version, "now": before["version"],
                    "current": cameras.get_camera(registry, edit.record_id),
                },
            )  # fmt: skip
        if changes.get("status", before["status"]) != before["status"]:
            changes.setdefault("status_since", datetime.now(UTC))
        wanted.append((before, changes))
    found = [problem for wrong in camera_problems(writer.cursor, wanted).values() for problem in wrong]
    raise_if_any(found, ValidationError, code="invalid", message=f"{len(edits)} cameras")
    stored = [(before, cameras.stored_columns(registry, changes)) for before, changes in wanted]
    update_many(writer, cameras.TABLE, stored, reason)


def _present(cursor: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> dict[str, Row]:
    found = {str(row["camera_id"]): row for row in rows(
        cursor, "select * from camera where camera_id in (select unnest(?::varchar[]))", [list(ids)]
    )}  # fmt: skip
    for key in ids:
        if key not in found:
            raise NotFoundError("not_found", f"camera {key}", {"entity": "camera", "id": key})
    return found

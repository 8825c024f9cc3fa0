"""Take a confirmed list over in one transaction: points, cameras, new facts, flags, its record and the history."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import duckdb

from cctv.errors import Problem, ValidationError, raise_if_any
from cctv.registry import agencies, cameras, checks, points
from cctv.registry.bulk import create_many, insert_many
from cctv.registry.connection import Registry
from cctv.registry.import_records import TABLE, ImportRecord, record_of
from cctv.registry.store import Row, Writer, find, next_ids, rows, writing

Flags = Mapping[str, tuple[str, ...]]
"""Column to the codes of why its value is a guess (``importing.kind.<code>``)."""


@dataclass(frozen=True)
class NewPoint:
    """A point to be made; its id is given when it is written."""

    values: Row
    flags: Flags
    line: str


@dataclass(frozen=True)
class NewCamera:
    """A camera to be made, on a new point (its place in the list) or on one of the register (its id)."""

    point: int | str
    values: Row
    flags: Flags
    line: str


@dataclass(frozen=True)
class CameraUpdate:
    """New facts about a camera of the register, with the version that was looked at."""

    camera_id: str
    version: int
    changes: Row
    line: str


@dataclass(frozen=True)
class Batch:
    """A list that a person has confirmed.

    Attributes
    ----------
    import_id : str
        Id of the record; the same id is never taken over twice.
    file_name, sha256 : str
        The file.
    owner_id : str
        Agency whose list it is; empty if each row names its own.
    as_of : date
        Day for which the list holds.
    mapping : mapping
        Header key to field.
    counts : mapping
        Outcome to number of rows; what is written is counted here.
    points, cameras, updates : sequence
        What to write.
    remember : bool
        Whether a person confirmed the columns.
    words : mapping
        Field and words of the list to what they mean, as that person confirmed it.
    """

    import_id: str
    file_name: str
    sha256: str
    owner_id: str
    as_of: date
    mapping: Mapping[str, str]
    counts: Mapping[str, int]
    points: Sequence[NewPoint] = ()
    cameras: Sequence[NewCamera] = ()
    updates: Sequence[CameraUpdate] = ()
    remember: bool = False
    words: Mapping[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])


def take_over(registry: Registry, actor: str, batch: Batch) -> ImportRecord:
    """Write a confirmed list: points, cameras, facts, flags, record and history, all or nothing.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on every change.
    batch : Batch
        What to write.

    Returns
    -------
    ImportRecord
        Its record; the earlier one if this id was taken over already.

    Raises
    ------
    ValidationError
        Lists every value that is not acceptable, by line of the file.
    StaleEditError
        If a camera that is to be updated was changed since it was looked at.
    NotFoundError
        If such a camera is not there.
    """
    with writing(registry, actor) as writer:
        return write_batch(registry, writer, batch)


def write_batch(registry: Registry, writer: Writer, batch: Batch) -> ImportRecord:
    """Write a confirmed list inside a transaction that writes other records too.

    Parameters
    ----------
    registry : Registry
        Open register.
    writer : Writer
        Open transaction.
    batch : Batch
        What to write.

    Returns
    -------
    ImportRecord
        Its record; the earlier one if this id was taken over already.

    Raises
    ------
    ValidationError
        Lists every value that is not acceptable, by line of the file.
    StaleEditError
        If a camera that is to be updated was changed since it was looked at.
    NotFoundError
        If such a camera is not there.
    """
    reason = f"impor {batch.file_name} ({batch.import_id})"
    if (known := find(writer.cursor, TABLE, batch.import_id)) is not None:
        return record_of(known)
    raise_if_any(_problems(writer.cursor, batch), ValidationError, code="invalid", message=batch.file_name)
    point_ids = next_ids(writer.cursor, points.TABLE, "T", 3, len(batch.points))
    camera_ids = next_ids(writer.cursor, cameras.TABLE, "K", 4, len(batch.cameras))
    new_points = [{"point_id": key, **new.values} for key, new in zip(point_ids, batch.points, strict=True)]
    new_cameras = [
        {
            "camera_id": key,
            "point_id": new.point if isinstance(new.point, str) else point_ids[new.point],
            **cameras.stored_columns(registry, new.values),
        }
        for key, new in zip(camera_ids, batch.cameras, strict=True)
    ]
    create_many(writer, points.TABLE, new_points, reason)
    create_many(writer, cameras.TABLE, new_cameras, reason)
    items = [_item(batch, "point", key, "create", 1, {}) for key in point_ids]
    items += [_item(batch, "camera", key, "create", 1, {}) for key in camera_ids]
    items += _updated(registry, writer, batch, reason)
    flags = [flag for key, new, row in zip(point_ids, batch.points, new_points, strict=True)
             for flag in _flags(batch, "point", key, new, row)]  # fmt: skip
    flags += [flag for key, new, row in zip(camera_ids, batch.cameras, new_cameras, strict=True)
              for flag in _flags(batch, "camera", key, new, row)]  # fmt: skip
    insert_many(writer, "import_item", items)
    insert_many(writer, "import_flag", flags)
    if batch.remember:
        _remember(writer, batch)
    writer.create(TABLE, _columns(batch, writer.actor), reason)
    written = find(writer.cursor, TABLE, batch.import_id)
    return record_of(written or {})


def _updated(registry: Registry, writer: Writer, batch: Batch, reason: str) -> list[Row]:
    items: list[Row] = []
    for update in batch.updates:
        before = find(writer.cursor, cameras.TABLE, update.camera_id) or {}
        columns = cameras.stored_columns(registry, update.changes)
        after = writer.update(cameras.TABLE, update.camera_id, update.version, columns, reason)
        if after["version"] != before["version"]:
            old = {name: before[name] for name in columns}
            items.append(_item(batch, "camera", update.camera_id, "update", int(str(after["version"])), old))
    return items


def _item(batch: Batch, entity: str, key: str, op: str, version: int, before: Row) -> Row:
    return {
        "import_id": batch.import_id, "entity": entity, "entity_id": key, "op": op, "version_after": version,
        "before": json.dumps(before, default=_plain, sort_keys=True),
    }  # fmt: skip


def _flags(batch: Batch, entity: str, key: str, new: NewPoint | NewCamera, row: Row) -> list[Row]:
    return [
        {
            "import_id": batch.import_id, "entity": entity, "entity_id": key, "field": name,
            "value": str(row[name]), "codes": list(codes), "line": new.line,
        }
        for name, codes in sorted(new.flags.items())
    ]  # fmt: skip


def _remember(writer: Writer, batch: Batch) -> None:
    now = datetime.now(UTC)
    for header, name in sorted(batch.mapping.items()):
        if header:
            writer.cursor.execute(
                "insert or replace into column_choice values (?, ?, ?, ?, ?)",
                [batch.owner_id, header, name, writer.actor, now],
            )
    for (name, raw), meaning in sorted(batch.words.items()):
        writer.cursor.execute(
            "insert or replace into value_choice values (?, ?, ?, ?, ?, ?)",
            [batch.owner_id, name, raw, meaning, writer.actor, now],
        )


def _columns(batch: Batch, actor: str) -> Row:
    return {
        "import_id": batch.import_id, "file_name": batch.file_name, "sha256": batch.sha256,
        "owner_id": batch.owner_id, "as_of": batch.as_of, "mapping": json.dumps(dict(batch.mapping), sort_keys=True),
        "counts": json.dumps(dict(batch.counts), sort_keys=True), "imported_at": datetime.now(UTC),
        "imported_by": actor, "state": "done",
    }  # fmt: skip


def _problems(cursor: duckdb.DuckDBPyConnection, batch: Batch) -> list[Problem]:
    found: list[Problem] = []
    owners = {str(row["agency_id"]) for row in rows(cursor, "select agency_id from agency")}
    for new in batch.points:
        found += [*checks.problems(checks.POINT, new.line, new.values),
                  *checks.missing(checks.POINT, new.line, new.values),
                  *checks.position_problems(new.line, new.values)]  # fmt: skip
    for camera in batch.cameras:
        whole = {**camera.values, "point_id": "T"}
        found += [*checks.problems(checks.CAMERA, camera.line, whole),
                  *checks.missing(checks.CAMERA, camera.line, whole),
                  *checks.azimuth_problems(camera.line, whole)]  # fmt: skip
        if camera.values.get("agency_id") not in owners:
            found.append(Problem("reference", camera.line, "agency_id", str(camera.values.get("agency_id"))))
        if isinstance(camera.point, str) and find(cursor, points.TABLE, camera.point) is None:
            found.append(Problem("reference", camera.line, "point_id", camera.point))
    for update in batch.updates:
        found += checks.problems(checks.CAMERA, update.line, update.changes)
        now = find(cursor, cameras.TABLE, update.camera_id)
        found += checks.azimuth_problems(update.line, {**(now or {}), **update.changes})
    if batch.owner_id and find(cursor, agencies.TABLE, batch.owner_id) is None:
        found.append(Problem("reference", batch.file_name, "agency_id", batch.owner_id))
    return found


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)

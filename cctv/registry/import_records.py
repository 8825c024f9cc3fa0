"""Import records as they are kept: lists that were taken over, guesses that still stand, columns a person confirmed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from cctv.registry import cameras, points
from cctv.registry.connection import Registry
from cctv.registry.store import Row, Table, rows

TABLE = Table("import_record", "import_id")
#: Entities that an import writes.
WRITTEN = {"point": points.TABLE, "camera": cameras.TABLE}


@dataclass(frozen=True)
class ImportRecord:
    """One list that was taken over."""

    import_id: str
    file_name: str
    sha256: str
    owner_id: str
    as_of: date
    mapping: dict[str, str]
    counts: dict[str, int]
    imported_at: datetime
    imported_by: str
    state: Literal["done", "rolled_back"]
    version: int


@dataclass(frozen=True)
class OpenFlag:
    """A guess that still stands in the register."""

    import_id: str
    entity: str
    entity_id: str
    field: str
    value: str
    codes: tuple[str, ...]
    line: str


def list_imports(registry: Registry) -> list[ImportRecord]:
    """List all lists that were taken over.

    Parameters
    ----------
    registry : Registry
        Open register.

    Returns
    -------
    list of ImportRecord
        Newest first.
    """
    with registry.cursor() as cursor:
        return [
            record_of(row) for row in rows(cursor, "select * from import_record order by imported_at desc, import_id")
        ]


def open_flags(registry: Registry, import_id: str) -> list[OpenFlag]:
    """List the guesses of an import that still stand as they were guessed.

    Parameters
    ----------
    registry : Registry
        Open register.
    import_id : str
        Which import.

    Returns
    -------
    list of OpenFlag
        By record and field; a value that somebody changed since is settled.
    """
    with registry.cursor() as cursor:
        flags = rows(
            cursor, "select * from import_flag where import_id = ? order by entity, entity_id, field", [import_id]
        )
        now: dict[tuple[str, str], Row] = {}
        for entity, table in WRITTEN.items():
            sql = f"""select t.* from {entity} t where t.{table.key} in
                      (select entity_id from import_flag where import_id = ? and entity = ?)"""  # noqa: S608
            now |= {(entity, str(row[table.key])): row for row in rows(cursor, sql, [import_id, entity])}
    return [
        OpenFlag(**{**flag, "codes": tuple(flag["codes"])})  # type: ignore[arg-type]
        for flag in flags
        if str((now.get((str(flag["entity"]), str(flag["entity_id"]))) or {}).get(str(flag["field"]))) == flag["value"]
    ]


def written_cameras(registry: Registry, import_id: str) -> tuple[str, ...]:
    """List the cameras that an import made.

    Parameters
    ----------
    registry : Registry
        Open register.
    import_id : str
        Which import.

    Returns
    -------
    tuple of str
        Ids, sorted.
    """
    sql = "select entity_id from import_item where import_id = ? and entity = 'camera' and op = 'create' order by 1"
    with registry.cursor() as cursor:
        return tuple(str(row["entity_id"]) for row in rows(cursor, sql, [import_id]))


def remembered_columns(registry: Registry, owner_id: str) -> dict[str, str]:
    """Give the columns that a person confirmed for the lists of an agency.

    Parameters
    ----------
    registry : Registry
        Open register.
    owner_id : str
        Which agency; empty for lists of several.

    Returns
    -------
    dict of str to str
        Header key to field, empty for "not taken over".
    """
    with registry.cursor() as cursor:
        found = rows(cursor, "select header, field from column_choice where owner_id = ? order by header", [owner_id])
    return {str(row["header"]): str(row["field"]) for row in found}


def remembered_words(registry: Registry, owner_id: str) -> dict[tuple[str, str], str]:
    """Give what a person confirmed the words of an agency to mean.

    Parameters
    ----------
    registry : Registry
        Open register.
    owner_id : str
        Which agency; empty for lists of several.

    Returns
    -------
    dict of (str, str) to str
        Field and words, in lower case, to meaning.
    """
    sql = "select field, raw, meaning from value_choice where owner_id = ? order by field, raw"
    with registry.cursor() as cursor:
        return {(str(row["field"]), str(row["raw"])): str(row["meaning"]) for row in rows(cursor, sql, [owner_id])}


def record_of(row: Mapping[str, Any]) -> ImportRecord:
    """Make the record out of its row.

    Parameters
    ----------
    row : mapping
        Column to value.

    Returns
    -------
    ImportRecord
        With mapping and counts as dictionaries.
    """
    read = {name: json.loads(str(row[name])) for name in ("mapping", "counts")}
    return ImportRecord(**{**row, **read})

"""Is the register sound: ids against a scan, references, and whether the history replays to what is there now."""

import json
from collections.abc import Iterator

import duckdb

from cctv.errors import Problem
from cctv.registry import (
    agencies,
    cameras,
    counts,
    envelopes,
    import_records,
    incidents,
    install_photos,
    letters,
    owner_links,
    owner_steps,
    owners,
    planned,
    plans,
    points,
    prices,
    self_registration,
    signs,
    ticket_records,
    usulan_codes,
    verified,
)  # fmt: skip
from cctv.registry.connection import Registry
from cctv.registry.store import Row, Table, as_history, rows

TABLES: tuple[Table, ...] = (
    agencies.TABLE, points.TABLE, cameras.TABLE, prices.TABLE, signs.TABLE, verified.TABLE, plans.TABLE, plans.POINTS,
    envelopes.TABLE, usulan_codes.TABLE, planned.TABLE, import_records.TABLE, counts.TABLE,
    ticket_records.TABLE, owners.TABLE, owner_steps.TABLE, owner_links.TABLE, letters.TABLE, letters.RULE,
    letters.TEMPLATE, incidents.TABLE, self_registration.TABLE, install_photos.TABLE,
)  # fmt: skip
_REFERENCES = (
    ("camera", "camera_id", "point_id", "point"),
    ("camera", "camera_id", "agency_id", "agency"),
    ("account", "username", "agency_id", "agency"),
    ("sign_check", "camera_id", "camera_id", "camera"),
    ("ticket", "ticket_id", "camera_id", "camera"),
    ("install_photo", "camera_id", "camera_id", "camera"),
    ("verified_view", "camera_id", "camera_id", "camera"),
    ("plan_point", "plan_point_id", "plan_id", "plan"),
    ("planned_camera", "plan_point_id", "plan_point_id", "plan_point"),
    ("owner_step", "step_id", "owner_id", "owner"),
    ("letter", "letter_id", "owner_id", "owner"),
    ("owner_link", "link_id", "owner_id", "owner"),
    ("self_registration", "registration_id", "owner_id", "owner"),
)


def doctor(registry: Registry) -> list[Problem]:
    """Examine the register.

    Parameters
    ----------
    registry : Registry
        Open register.

    Returns
    -------
    list of Problem
        Empty if everything is sound.
    """
    with registry.cursor() as cursor:
        found: list[Problem] = []
        for table in TABLES:
            found += _lost_ids(cursor, table)
            found += _history_problems(cursor, table)
        for table, key, column, target in _REFERENCES:
            found += _orphans(cursor, table, key, column, target)
    return found


def _lost_ids(cursor: duckdb.DuckDBPyConnection, table: Table) -> Iterator[Problem]:
    """Look every row up by its id: an index that lost rows would not find them; one that kept two finds too many."""
    for row in rows(cursor, f"select {table.key} from {table.name} order by {table.key}"):  # noqa: S608
        key = str(row[table.key])
        found = rows(cursor, f"select 1 from {table.name} where {table.key} = ?", [key])  # noqa: S608 - our own names
        if len(found) != 1:
            yield Problem("lost_id", table.name, table.key, key)


def _orphans(
    cursor: duckdb.DuckDBPyConnection, table: str, key: str, column: str, target: str
) -> Iterator[Problem]:  # fmt: skip
    sql = f"select {key}, {column} from {table} where {column} not in (select {column} from {target})"  # noqa: S608
    for row in rows(cursor, sql):
        yield Problem("reference", str(row[key]), column, str(row[column]))


def _history_problems(cursor: duckdb.DuckDBPyConnection, table: Table) -> Iterator[Problem]:
    """Compare the newest state of every id in the history with the table, in both directions."""
    sql = "select entity_id, arg_max(after, change_id)::varchar as latest from history where entity = ? group by all"
    latest = {str(row["entity_id"]): json.loads(str(row["latest"])) for row in rows(cursor, sql, [table.name])}
    removed = {key for key, state in latest.items() if not state}
    present: set[str] = set()
    for row in rows(cursor, f"select * from {table.name} order by {table.key}"):  # noqa: S608 - our own names
        key = str(row[table.key])
        present.add(key)
        if _known(latest.get(key, {})) != _known(json.loads(as_history(row, table.secret))):
            yield Problem("history", table.name, table.key, key)
    yield from (Problem("lost_row", table.name, table.key, key) for key in sorted(latest.keys() - present - removed))


def _known(state: Row) -> Row:
    """Leave out what is unknown: a column that came with a later format is not in the history of older rows."""
    return {name: value for name, value in state.items() if value is not None}

"""Many new rows of one table with their history in two statements: 10,000 cameras in a second instead of a minute."""

from collections.abc import Sequence
from datetime import UTC, datetime

from cctv.registry.store import Row, Table, Writer, as_history


def create_many(writer: Writer, table: Table, new: Sequence[Row], reason: str) -> None:
    """Insert rows with version 1, each with its line in the history.

    Parameters
    ----------
    writer : Writer
        Open transaction of a named person.
    table : Table
        Which table.
    new : sequence of dict
        All columns but the version; the same columns in each row.
    reason : str
        Why.
    """
    if not new:
        return
    whole = [{**row, "version": 1} for row in new]
    insert_many(writer, table.name, whole)
    now = datetime.now(UTC)
    lines: list[Row] = [
        {
            "changed_at": now, "actor": writer.actor, "entity": table.name, "entity_id": str(row[table.key]),
            "op": "create", "reason": reason, "before": "{}", "after": as_history(row, table.secret),
        }
        for row in whole
    ]  # fmt: skip
    insert_many(writer, "history", lines, numbered="change_id")


def insert_many(writer: Writer, table: str, new: Sequence[Row], *, numbered: str = "") -> None:
    """Insert rows column by column.

    Parameters
    ----------
    writer : Writer
        Open transaction of a named person.
    table : str
        Name of the table.
    new : sequence of dict
        The same columns in each row.
    numbered : str
        Column that takes the next number of ``history_id``.
    """
    if not new:
        return
    names = list(new[0])
    about = writer.cursor.execute(f"describe {table}").fetchall()
    kinds = {str(column[0]): str(column[1]) for column in about}
    lists = ", ".join(f"unnest(?::{kinds[name]}[]) as {name}" for name in names)
    first = f"nextval('history_id') as {numbered}, " if numbered else ""
    sql = f"insert into {table} by name select {first}* from (select {lists})"  # noqa: S608 - our own names
    writer.cursor.execute(sql, [[row[name] for row in new] for name in names])

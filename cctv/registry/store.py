"""The one way to write a register table: check, write, history row, all in one transaction and with a name on it."""

import json
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import duckdb

from cctv.errors import NotFoundError, Problem, StaleEditError
from cctv.registry.connection import Registry

Row = dict[str, object]


@dataclass(frozen=True)
class Table:
    """A table that people edit.

    Attributes
    ----------
    name : str
        Table, and entity in the history.
    key : str
        Column of the id.
    secret : frozenset of str
        Columns whose value never goes into the history.
    """

    name: str
    key: str
    secret: frozenset[str] = frozenset()


def rows(cursor: duckdb.DuckDBPyConnection, sql: str, values: list[object] | None = None) -> list[Row]:
    """Read rows as dictionaries.

    Parameters
    ----------
    cursor : DuckDBPyConnection
        Own cursor.
    sql : str
        Query.
    values : list, optional
        Values of its placeholders.

    Returns
    -------
    list of dict
        Column to value.
    """
    cursor.execute(sql, values or [])
    names = [str(column[0]) for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def find(cursor: duckdb.DuckDBPyConnection, table: Table, key: str) -> Row | None:
    """Read one row of a table.

    Parameters
    ----------
    cursor : DuckDBPyConnection
        Own cursor.
    table : Table
        Which table.
    key : str
        Id of the row.

    Returns
    -------
    dict or None
        Column to value, None if there is no such row.
    """
    found = rows(cursor, f"select * from {table.name} where {table.key} = ?", [key])  # noqa: S608 - our own names
    return found[0] if found else None


def existing(cursor: duckdb.DuckDBPyConnection, table: Table, key: str) -> Row:
    """Read one row that must be there.

    Parameters
    ----------
    cursor : DuckDBPyConnection
        Own cursor.
    table : Table
        Which table.
    key : str
        Id of the row.

    Returns
    -------
    dict
        Column to value.

    Raises
    ------
    NotFoundError
        If there is no such row.
    """
    row = find(cursor, table, key)
    if row is None:
        raise NotFoundError("not_found", f"{table.name} {key}", {"entity": table.name, "id": key})
    return row


def id_problems(cursor: duckdb.DuckDBPyConnection, table: Table, key: str) -> Iterator[Problem]:
    """Say why a new row cannot have an id.

    Parameters
    ----------
    cursor : DuckDBPyConnection
        Own cursor.
    table : Table
        Which table.
    key : str
        Id of the new row.

    Yields
    ------
    Problem
        If it is empty or taken.
    """
    if not key.strip():
        yield Problem("required", table.name, table.key)
    elif find(cursor, table, key) is not None:
        yield Problem("taken", key, table.key, key)


def next_ids(cursor: duckdb.DuckDBPyConnection, table: Table, letter: str, width: int, count: int) -> list[str]:
    """Give ids that no row has: a letter and the next numbers.

    Parameters
    ----------
    cursor : DuckDBPyConnection
        Own cursor, inside the transaction that makes the rows.
    table : Table
        Which table.
    letter : str
        First letter of its ids.
    width : int
        Digits at the least.
    count : int
        How many.

    Returns
    -------
    list of str
        For example ``K-0042``.
    """
    if not count:
        return []
    number = f"try_cast(regexp_extract({table.key}, '^{letter}-(\\d+)$', 1) as bigint)"
    top = rows(cursor, f"select max({number}) as top from {table.name}")[0]["top"]  # noqa: S608 - our own names
    start = int(str(top)) if top is not None else 0
    return [f"{letter}-{number:0{width}d}" for number in range(start + 1, start + 1 + count)]


@contextmanager
def writing(registry: Registry, actor: str) -> Generator["Writer"]:
    """Open a transaction in which a named person writes.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on every change.

    Yields
    ------
    Writer
        Writes; committed at the end, undone if anything is raised.
    """
    with registry.transaction(actor) as cursor:
        yield Writer(cursor, actor)


@dataclass
class Writer:
    """Writes rows and their history inside one transaction.

    Attributes
    ----------
    cursor : DuckDBPyConnection
        Inside the transaction.
    actor : str
        Name on every change.
    moment : datetime
        On every change: what was changed together has one moment and one name, and is found again by them.
    """

    cursor: duckdb.DuckDBPyConnection
    actor: str
    moment: datetime = field(default_factory=lambda: datetime.now(UTC))

    def create(self, table: Table, values: Mapping[str, object], reason: str) -> None:
        """Insert a row with version 1.

        Parameters
        ----------
        table : Table
            Which table.
        values : mapping
            All columns but the version.
        reason : str
            Why.
        """
        row = {**values, "version": 1}
        columns, marks = ", ".join(row), ", ".join("?" for _ in row)
        self.cursor.execute(f"insert into {table.name} ({columns}) values ({marks})", list(row.values()))  # noqa: S608
        self._remember(table, str(row[table.key]), "create", reason, {}, row)

    def update(
        self, table: Table, key: str, version: int | None, changes: Mapping[str, object], reason: str,
        *, shown: Callable[[Row], object] = dict,
    ) -> Row:  # fmt: skip
        """Change a row that still has the version the person saw; changes that change nothing write nothing.

        Parameters
        ----------
        table : Table
            Which table.
        key : str
            Id of the row.
        version : int or None
            Version that was seen; None where nobody edits side by side.
        changes : mapping
            Column to new value.
        reason : str
            Why.
        shown : callable
            Makes the record that an error shows out of the row.

        Returns
        -------
        dict
            The row as it is now.

        Raises
        ------
        NotFoundError
            If there is no such row.
        StaleEditError
            If it has another version by now: both versions and the record as it is now are in its parameters.
        """
        before = self._present(table, key, version, shown)
        if all(before[name] == value for name, value in changes.items()):
            return before
        after = {**before, **changes, "version": int(str(before["version"])) + 1}
        marks = ", ".join(f"{name} = ?" for name in (*changes, "version"))
        self.cursor.execute(
            f"update {table.name} set {marks} where {table.key} = ?",  # noqa: S608
            [*changes.values(), after["version"], key],
        )
        self._remember(table, key, op_of(before, after), reason, before, after)
        return after

    def delete(
        self, table: Table, key: str, version: int, reason: str, *, shown: Callable[[Row], object] = dict
    ) -> None:
        """Take a row out that still has the version the person saw.

        Parameters
        ----------
        table : Table
            Which table.
        key : str
            Id of the row.
        version : int
            Version that was seen.
        reason : str
            Why.
        shown : callable
            Makes the record that an error shows out of the row.

        Raises
        ------
        NotFoundError
            If there is no such row.
        StaleEditError
            If it has another version by now.
        """
        before = self._present(table, key, version, shown)
        self.cursor.execute(f"delete from {table.name} where {table.key} = ?", [key])  # noqa: S608 - our own names
        self._remember(table, key, "remove", reason, before, {})

    def _present(self, table: Table, key: str, version: int | None, shown: Callable[[Row], object]) -> Row:
        before = existing(self.cursor, table, key)
        if version is not None and before["version"] != version:
            raise StaleEditError(
                "stale", f"{table.name} {key}: version {version} seen, {before['version']} now",
                {"entity": table.name, "id": key, "seen": version, "now": before["version"], "current": shown(before)},
            )  # fmt: skip
        return before

    def _remember(self, table: Table, key: str, op: str, reason: str, before: Row, after: Row) -> None:
        self.cursor.execute(
            "insert into history values (nextval('history_id'), ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                self.moment, self.actor, table.name, key, op, reason,
                as_history(before, table.secret), as_history(after, table.secret),
            ],
        )  # fmt: skip


def op_of(before: Row, after: Row) -> str:
    """Name a change of a row: taken out of service for good is a removal.

    Parameters
    ----------
    before, after : dict
        The row.

    Returns
    -------
    str
        ``remove`` or ``update``.
    """
    return "remove" if after.get("status") == "removed" and before.get("status") != "removed" else "update"


def as_history(row: Row, secret: frozenset[str]) -> str:
    """Write a row as the history keeps it.

    Parameters
    ----------
    row : dict
        Column to value.
    secret : frozenset of str
        Columns whose value is not shown.

    Returns
    -------
    str
        JSON; moments in UTC, so that the same row always gives the same text.
    """
    shown = {name: ("***" if name in secret and value else value) for name, value in row.items()}
    return json.dumps(shown, default=_plain, ensure_ascii=False, sort_keys=True)


def loaded(text: object) -> Row:
    """Read a row as the history keeps it.

    Parameters
    ----------
    text : object
        JSON.

    Returns
    -------
    dict
        Column to value; days and moments stay text.
    """
    return dict(json.loads(str(text)))


def _plain(value: object) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)

"""What a database file holds, object by object, so that two of them can be compared."""

from pathlib import Path

import duckdb

#: Every kind of object but counters, with what must be the same in a copy.
_OBJECTS = {
    "columns": """select schema_name, table_name, column_index, column_name, data_type, is_nullable, column_default
                  from duckdb_columns() where database_name = ? and not internal""",
    "rules": """select schema_name, table_name, constraint_type, constraint_text
                from duckdb_constraints() where database_name = ?""",
    "indexes": "select schema_name, table_name, index_name, sql from duckdb_indexes() where database_name = ?",
    "views": "select schema_name, view_name, sql from duckdb_views() where database_name = ? and not internal",
}


def contents(cursor: duckdb.DuckDBPyConnection, database: str) -> dict[str, list[tuple[object, ...]]]:
    """Describe everything that a database holds but its counters.

    Parameters
    ----------
    cursor : DuckDBPyConnection
        Has the database attached.
    database : str
        Its name there.

    Returns
    -------
    dict
        Kind of object to its descriptions, sorted; ``rows`` has the number of rows of each table and a sum over them
        that does not depend on their order. Equal results mean equal contents.
    """
    found = {kind: sorted(cursor.execute(sql, [database]).fetchall(), key=str) for kind, sql in _OBJECTS.items()}
    return {**found, "rows": [(name, *_summed(cursor, database, name)) for name in _tables(cursor, database)]}


def counters(cursor: duckdb.DuckDBPyConnection, database: str) -> dict[str, int]:
    """Tell what each counter gives next; counters go on while a transaction reads, unlike all else.

    Parameters
    ----------
    cursor : DuckDBPyConnection
        Has the database attached.
    database : str
        Its name there.

    Returns
    -------
    dict
        Name to number.
    """
    sql = """select sequence_name, coalesce(last_value + increment_by, start_value)
             from duckdb_sequences() where database_name = ? order by sequence_name"""
    return dict(cursor.execute(sql, [database]).fetchall())


def current_database(cursor: duckdb.DuckDBPyConnection) -> str:
    """Name the database that a cursor is in.

    Parameters
    ----------
    cursor : DuckDBPyConnection
        Open.

    Returns
    -------
    str
        Name it is attached by.
    """
    row = cursor.execute("select current_database()").fetchone()
    return str(row[0]) if row else ""


def quoted(path: Path) -> str:
    """Write a path for the inside of an SQL text.

    Parameters
    ----------
    path : Path
        Any.

    Returns
    -------
    str
        With doubled apostrophes.
    """
    return str(path).replace("'", "''")


def _tables(cursor: duckdb.DuckDBPyConnection, database: str) -> list[str]:
    sql = "select table_name from duckdb_tables() where database_name = ? order by table_name"
    return [str(name) for (name,) in cursor.execute(sql, [database]).fetchall()]


def _summed(cursor: duckdb.DuckDBPyConnection, database: str, table: str) -> tuple[object, ...]:
    sql = f'select count(*), sum(hash(one)::hugeint) from "{database}"."{table}" one'  # noqa: S608 - our own names
    return cursor.execute(sql).fetchone() or ()

"""Numbered steps from an empty file to the present tables; each step and its record in one transaction."""

from pathlib import Path

import duckdb

from cctv.errors import RegistryError

_FOLDER = Path(__file__).parent / "migrations"


def steps() -> list[tuple[str, str]]:
    """List the migrations in order.

    Returns
    -------
    list of (str, str)
        Name and SQL text.
    """
    return [(path.stem, path.read_text(encoding="utf-8")) for path in sorted(_FOLDER.glob("*.sql"))]


def migrate(connection: duckdb.DuckDBPyConnection) -> bool:
    """Do the steps that have not been done.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Open register.

    Returns
    -------
    bool
        True if the register was empty before.

    Raises
    ------
    RegistryError
        If the register has a step that this program does not know.
    """
    connection.execute(
        "create table if not exists migration (name varchar primary key, applied_at timestamptz not null)"
    )
    done = {str(row[0]) for row in connection.execute("select name from migration").fetchall()}
    known = steps()
    unknown = done - {name for name, _ in known}
    if unknown:
        raise RegistryError("newer_format", f"unknown steps {sorted(unknown)}", {"path": "register"})
    for name, sql in known:
        if name in done:
            continue
        connection.execute("begin")
        try:
            connection.execute(sql)
            connection.execute("insert into migration values (?, now())", [name])
            connection.execute("commit")
        except BaseException:
            connection.execute("rollback")
            raise
    return not done

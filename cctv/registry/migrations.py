"""Numbered steps from an empty file to the present tables; each step and its record in one transaction."""

import shutil
from pathlib import Path

import duckdb

from cctv.errors import RegistryError

FOLDER = Path(__file__).parent / "migrations"


def steps(folder: Path = FOLDER) -> list[tuple[str, str]]:
    """List the migrations in order.

    Parameters
    ----------
    folder : Path
        Where the steps stand.

    Returns
    -------
    list of (str, str)
        Name and SQL text.
    """
    return [(path.stem, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.sql"))]


def migrate(cursor: duckdb.DuckDBPyConnection, path: Path, folder: Path = FOLDER) -> None:
    """Do the steps that have not been done; a register in use gets a copy beside it first.

    Parameters
    ----------
    cursor : DuckDBPyConnection
        Own cursor of the open register.
    path : Path
        Its file.
    folder : Path
        Where the steps stand.

    Raises
    ------
    RegistryError
        If the register has a step that this program does not know.
    """
    cursor.execute("create table if not exists migration (name varchar primary key, applied_at timestamptz not null)")
    done = {str(row[0]) for row in cursor.execute("select name from migration").fetchall()}
    known = steps(folder)
    unknown = done - {name for name, _ in known}
    if unknown:
        raise RegistryError("newer_format", f"unknown steps {sorted(unknown)}", {"path": path.name})
    pending = [step for step in known if step[0] not in done]
    if done and pending:
        # Everything into the file itself, then a plain copy: the state before the steps, should one of them be wrong.
        cursor.execute("checkpoint")
        shutil.copyfile(path, copy_before(path, pending[0][0]))
    for name, sql in pending:
        _do(cursor, name, sql)
    if pending:
        cursor.execute("checkpoint")


def copy_before(path: Path, step: str) -> Path:
    """Name the copy that is made before a step.

    Parameters
    ----------
    path : Path
        The register.
    step : str
        First step that is still to be done.

    Returns
    -------
    Path
        Beside the register.
    """
    return path.with_name(f"{path.name}.before-{step}")


def _do(cursor: duckdb.DuckDBPyConnection, name: str, sql: str) -> None:
    cursor.execute("begin")
    try:
        cursor.execute(sql)
        cursor.execute("insert into migration values (?, now())", [name])
        cursor.execute("commit")
    except duckdb.Error:
        cursor.execute("rollback")
        raise

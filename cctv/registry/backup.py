"""Copies of the register while it is in use, checked by opening them; and how one is put back."""

import shutil
from datetime import datetime
from pathlib import Path

import duckdb

from cctv.errors import RegistryError
from cctv.registry.connection import Registry


def back_up(registry: Registry, folder: Path, now: datetime) -> Path:
    """Copy the register to a dated file and check the copy.

    Parameters
    ----------
    registry : Registry
        Open register; people may go on working.
    folder : Path
        Where the copy goes.
    now : datetime
        Aware moment, for the name.

    Returns
    -------
    Path
        The copy.

    Raises
    ------
    RegistryError
        If it cannot be written or does not hold the same rows.
    """
    target = folder / f"cameras-{now:%Y%m%d-%H%M%S}.duckdb"
    part = target.with_suffix(".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        with registry.cursor() as cursor:
            name = _database(cursor)
            cursor.execute(f"attach '{_quoted(part)}' as salinan")
            try:
                cursor.execute(f'copy from database "{name}" to salinan')
                same = _counts(cursor, name) == _counts(cursor, "salinan")
            finally:
                cursor.execute("detach salinan")
    except (OSError, duckdb.Error) as error:
        part.unlink(missing_ok=True)
        raise RegistryError("backup_failed", str(error), {"path": str(target)}) from error
    if not same:
        part.unlink()
        raise RegistryError("backup_failed", "the copy does not hold the same rows", {"path": str(target)})
    part.replace(target)
    return target


def restore(backup: Path, path: Path, *, secret_key: str) -> None:
    """Put a copy in the place of the register; the present file is kept beside it.

    Parameters
    ----------
    backup : Path
        The copy.
    path : Path
        The register, closed.
    secret_key : str
        Key of the stream addresses.

    Raises
    ------
    RegistryError
        If the copy cannot be opened, or the register is in use.
    """
    if not backup.is_file():
        raise RegistryError("no_backup", f"{backup} is not a file", {"path": str(backup)})
    part = path.with_suffix(".restore")
    shutil.copyfile(backup, part)
    Registry.open(part, secret_key=secret_key, seed=False).close()
    if path.exists():
        Registry.open(path, secret_key=secret_key, seed=False).close()
        path.replace(path.with_suffix(".before-restore"))
    part.replace(path)


def _database(cursor: duckdb.DuckDBPyConnection) -> str:
    row = cursor.execute("select current_database()").fetchone()
    return str(row[0]) if row else ""


def _counts(cursor: duckdb.DuckDBPyConnection, database: str) -> dict[str, int]:
    tables = cursor.execute(
        "select table_name from duckdb_tables() where database_name = ? order by table_name", [database]
    ).fetchall()
    found: dict[str, int] = {}
    for (table,) in tables:
        row = cursor.execute(f'select count(*) from "{database}"."{table}"').fetchone()  # noqa: S608 - our own names
        found[str(table)] = int(row[0]) if row else 0
    return found


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")

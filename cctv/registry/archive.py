"""A copy of the register for other programs and later versions: one Parquet file per table, and the schema."""

import shutil
from contextlib import closing
from pathlib import Path

import duckdb

from cctv.errors import RegistryError
from cctv.registry.connection import Registry
from cctv.registry.contents import contents, counters, current_database, quoted


def write_archive(copy: Path, folder: Path) -> Path:
    """Write a closed copy of the register as Parquet, read it again, and compare.

    Parameters
    ----------
    copy : Path
        As made by :func:`cctv.registry.backup.back_up`.
    folder : Path
        Must not exist yet; it is there afterwards only if everything in it is right.

    Returns
    -------
    Path
        The folder: ``schema.sql`` and one ``.parquet`` file per table. Stream addresses and passwords stand in it as in
        the register: encrypted, and hashed.

    Raises
    ------
    RegistryError
        If it cannot be written or does not hold the same.
    """
    failed = RegistryError("backup_failed", "the archive does not hold the same", {"path": str(folder)})
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir(mode=0o700, parents=True)
        with closing(Registry.open(copy, secret_key="", seed=False)) as opened, opened.cursor() as source:
            source.execute(f"export database '{quoted(part)}' (format parquet, compression zstd)")
            (part / "load.sql").unlink()  # names this folder by its present path
            before = _all(source)
        with closing(duckdb.connect()) as again:  # noqa: TID251 - an empty one in memory, not the register
            read_archive(again, part)
            if _all(again) != before:
                raise failed
        part.replace(folder)
    except (OSError, duckdb.Error) as error:
        failed.message = str(error)
        raise failed from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return folder


def read_archive(target: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Load an archive into an empty database.

    Parameters
    ----------
    target : DuckDBPyConnection
        Open and empty.
    folder : Path
        As written by :func:`write_archive`.

    Raises
    ------
    OSError
        If the schema cannot be read.
    duckdb.Error
        If a table cannot be loaded.
    """
    target.execute((folder / "schema.sql").read_text(encoding="utf-8"))
    for path in sorted(folder.glob("*.parquet")):
        target.execute(f'insert into "{path.stem}" from read_parquet(?)', [str(path)])


def _all(database: duckdb.DuckDBPyConnection) -> tuple[object, ...]:
    name = current_database(database)
    return contents(database, name), counters(database, name)

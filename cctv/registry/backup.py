"""Copies of the register while it is in use, checked by opening them; and how one is put back."""

import shutil
from contextlib import closing
from datetime import datetime
from pathlib import Path

import duckdb

from cctv.errors import RegistryError, raise_if_any
from cctv.registry.connection import Registry
from cctv.registry.contents import contents, counters, current_database, quoted
from cctv.registry.doctor import doctor
from cctv.registry.failures import STOPPED


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
        If it cannot be written, or does not hold the same tables, rules, counters, indexes and rows.
    """
    target = folder / f"cameras-{now:%Y%m%d-%H%M%S}.duckdb"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _make(registry, target)
    except OSError as error:
        raise RegistryError("backup_failed", str(error), {"path": str(target)}) from error
    return target


def _make(registry: Registry, target: Path) -> None:
    """Give the copy its name only after it has been opened and examined."""
    part = target.with_suffix(".part")
    part.unlink(missing_ok=True)
    try:
        _copy(registry, part)
        with closing(Registry.open(part, secret_key="", seed=False)) as copy:
            found = doctor(copy)
        raise_if_any(found, RegistryError, code="backup_failed", message=f"{target}", path=str(target))
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _copy(registry: Registry, part: Path) -> None:
    """Copy in one transaction, so that rows written meanwhile are neither copied nor counted."""
    failed = RegistryError("backup_failed", "the copy does not hold the same", {"path": str(part)})
    with registry.cursor() as cursor:
        try:
            name = current_database(cursor)
            cursor.execute(f"attach '{quoted(part)}' as salinan")
            try:
                is_same = _copied(cursor, name)
            finally:
                cursor.execute("detach salinan")
        except STOPPED:
            raise
        except duckdb.Error as error:
            failed.message = str(error)
            raise failed from error
    if not is_same:
        raise failed


def _copied(cursor: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Copy, and say whether the copy holds the same; counters went on meanwhile."""
    first = counters(cursor, name)
    cursor.execute("begin")
    try:
        cursor.execute(f'copy from database "{name}" to salinan')
        is_same = contents(cursor, name) == contents(cursor, "salinan")
        cursor.execute("commit")
    except duckdb.Error:
        cursor.execute("rollback")
        raise
    copied, last = counters(cursor, "salinan"), counters(cursor, name)
    return is_same and copied.keys() == first.keys() and all(first[one] <= copied[one] <= last[one] for one in copied)


def restore(backup: Path, path: Path, *, secret_key: str) -> None:
    """Put a sound copy in the place of the register; the present file is kept beside it.

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
        If the copy cannot be opened or is not sound, or the register is in use.
    """
    if not backup.is_file():
        raise RegistryError("no_backup", f"{backup} is not a file", {"path": str(backup)})
    part = _beside(path, "restore")
    try:
        shutil.copyfile(backup, part)
        with closing(Registry.open(part, secret_key=secret_key, seed=False)) as copy:
            found = doctor(copy)
        raise_if_any(found, RegistryError, code="bad_backup", message=f"{backup}", path=str(backup))
        _put_aside(path, secret_key)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _put_aside(path: Path, secret_key: str) -> None:
    """Keep the present file, damaged or not, together with its log: a log left behind would be played into the copy."""
    if not path.exists():
        return
    try:
        Registry.open(path, secret_key=secret_key, seed=False).close()
    except RegistryError as error:
        if error.code not in ("damaged", "newer_format"):
            raise
    log = _beside(path, "wal")
    if log.exists():
        log.replace(_beside(path, "before-restore.wal"))
    path.replace(_beside(path, "before-restore"))


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(f"{path.name}.{ending}")

"""The open register: the only place that opens the DuckDB file, and how it is read and written."""

import os
import re
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock

import duckdb

from cctv.errors import RegistryError
from cctv.registry.migrations import migrate
from cctv.registry.secret import Cipher

CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "memory_limit": "1GB",
    "threads": 2,
}
SMALLEST_FREE_BYTES = 50_000_000
_HOLDER = re.compile(r"PID (\d+)")


@dataclass(eq=False)
class Registry:
    """The open register. One process holds the file; every use takes its own cursor.

    Attributes
    ----------
    path : Path
        The file.
    cipher : Cipher
        Keeps stream addresses unreadable in the file.
    """

    path: Path
    cipher: Cipher
    _root: duckdb.DuckDBPyConnection
    _writing: RLock = field(default_factory=RLock)

    @classmethod
    def open(cls, path: Path, *, secret_key: str, seed: bool = True) -> "Registry":
        """Open the register; make and fill it if there is none.

        Parameters
        ----------
        path : Path
            The file.
        secret_key : str
            Key of the stream addresses.
        seed : bool
            Whether a new register is filled from the seed text.

        Returns
        -------
        Registry
            Open, with all migrations done.

        Raises
        ------
        RegistryError
            If the file is held by another process, damaged, newer than this program, or cannot be written.
        """
        registry = cls(path, Cipher(secret_key), _connect(path))
        try:
            is_new = migrate(registry._root)
            if is_new and seed:
                from cctv.registry.seed import fill  # the seed writes through the store, which needs this module

                fill(registry)
        except BaseException:
            registry.close()
            raise
        return registry

    def close(self) -> None:
        """Write everything to the file and let it go."""
        self._root.close()

    @contextmanager
    def cursor(self) -> Generator[duckdb.DuckDBPyConnection]:
        """Read with a cursor of one's own; a shared connection gives wrong answers under threads.

        Yields
        ------
        DuckDBPyConnection
            Closed at the end.
        """
        cursor = self._root.cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    @contextmanager
    def transaction(self, actor: str) -> Generator[duckdb.DuckDBPyConnection]:
        """Write all or nothing; whatever is raised inside undoes everything.

        Parameters
        ----------
        actor : str
            Name on the change.

        Yields
        ------
        DuckDBPyConnection
            Inside a transaction, committed at the end.

        Raises
        ------
        RegistryError
            If there is no name, or the disk is full.
        """
        if not actor.strip():
            raise RegistryError("no_actor", "a write without a name")
        # One writer at a time: two optimistic writers on one row would only make one of them try again.
        with self._writing, self.cursor() as cursor:
            cursor.execute("begin")
            try:
                yield cursor
                _commit(cursor, self.path)
            except BaseException:
                _roll_back(cursor)
                raise


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    folder = path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RegistryError("read_only", f"{folder}: {error}", {"path": str(folder)}) from error
    if not os.access(folder, os.W_OK):
        raise RegistryError("read_only", f"{folder} cannot be written", {"path": str(folder)})
    if shutil.disk_usage(folder).free < SMALLEST_FREE_BYTES:
        raise RegistryError("disk_full", f"less than {SMALLEST_FREE_BYTES} bytes free", {"path": str(folder)})
    try:
        return duckdb.connect(str(path), config=CONFIG)  # noqa: TID251 - the one place that opens the register
    except duckdb.Error as error:
        raise _open_error(path, str(error)) from error


def _open_error(path: Path, text: str) -> RegistryError:
    params: dict[str, object] = {"path": path.name}
    if "lock" in text.lower():
        holder = _HOLDER.search(text)
        return RegistryError("locked", text, params | {"pid": holder[1] if holder else "?"})
    if "newer" in text.lower() or "version" in text.lower():
        return RegistryError("newer_format", text, params)
    return RegistryError("damaged", text, params)


def _commit(cursor: duckdb.DuckDBPyConnection, path: Path) -> None:
    try:
        cursor.execute("commit")
    except duckdb.IOException as error:
        raise RegistryError("disk_full", str(error), {"path": str(path.parent)}) from error


def _roll_back(cursor: duckdb.DuckDBPyConnection) -> None:
    try:
        cursor.execute("rollback")
    except duckdb.TransactionException:
        return  # a failed commit has already ended the transaction

"""The open register: the only place that opens the DuckDB file, and how it is read and written."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

import duckdb

from cctv.errors import RegistryError
from cctv.registry.failures import STOPPED, named, require_room
from cctv.registry.migrations import migrate
from cctv.registry.secret import Cipher

CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "memory_limit": "1GB",
    "threads": 2,
}


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
    _writing: Lock = field(default_factory=Lock)
    _handles: Lock = field(default_factory=Lock)
    _n_cursors: int = 0
    _is_stopped: bool = False

    @classmethod
    def open(cls, path: Path, *, secret_key: str, seed: bool = True) -> "Registry":
        """Open the register; make it if there is none, fill it if nothing was ever written to it.

        Parameters
        ----------
        path : Path
            The file.
        secret_key : str
            Key of the stream addresses.
        seed : bool
            Whether an empty register is filled from the seed text.

        Returns
        -------
        Registry
            Open, with all migrations done.

        Raises
        ------
        RegistryError
            ``in_use`` by another process, ``damaged``, ``newer_format``, ``read_only`` folder or ``disk_full``.
        """
        registry = cls(path, Cipher(secret_key), _connect(path))
        try:
            with registry.cursor() as cursor:
                migrate(cursor, path)
            if seed:
                from cctv.registry.seed import fill_if_empty  # it writes through the store, which needs this module

                fill_if_empty(registry)
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
            Closed at the end, which undoes whatever was not committed.

        Raises
        ------
        RegistryError
            If the file is damaged or full, or DuckDB stopped; the next cursor then opens the file again.
        """
        cursor = self._take()
        try:
            yield cursor
        except duckdb.Error as error:
            self._is_stopped |= isinstance(error, STOPPED)
            ours = named(error, self.path)
            if ours is None:
                raise
            raise ours from error
        finally:
            cursor.close()
            with self._handles:
                self._n_cursors -= 1

    @contextmanager
    def transaction(self, actor: str) -> Generator[duckdb.DuckDBPyConnection]:
        """Write all or nothing; whatever is raised inside undoes everything. Never open one inside another.

        One writer at a time: DuckDB would let two writers on one row begin and then fail the second one, whose edit
        would have to be tried again; waiting a few milliseconds is simpler, and no conflict can happen.

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
            ``no_actor``, ``disk_full``, or as for :meth:`cursor`.
        """
        if not actor.strip():
            raise RegistryError("no_actor", "a write without a name")
        require_room(self.path.parent)
        with self._writing, self.cursor() as cursor:
            cursor.execute("begin")
            yield cursor
            cursor.execute("commit")

    def _take(self) -> duckdb.DuckDBPyConnection:
        """Give a cursor; after a stop, open the file again as soon as nobody holds a cursor of the stopped instance."""
        with self._handles:
            if self._is_stopped and self._n_cursors == 0:
                self._root.close()
                self._root = _connect(self.path)
                self._is_stopped = False
            cursor = self._root.cursor()
            self._n_cursors += 1
            return cursor


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    folder = path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RegistryError("read_only", f"{folder}: {error}", {"path": str(folder)}) from error
    if not os.access(folder, os.W_OK):
        raise RegistryError("read_only", f"{folder} cannot be written", {"path": str(folder)})
    require_room(folder)
    try:
        return duckdb.connect(str(path), config=CONFIG)  # noqa: TID251 - the one place that opens the register
    except duckdb.Error as error:
        raise named(error, path) or RegistryError("damaged", str(error), {"path": path.name}) from error

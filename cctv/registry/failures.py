"""What an error of DuckDB means for people: in use, damaged, newer, no room, no permission, stopped."""

import re
import shutil
from pathlib import Path

import duckdb

from cctv.errors import RegistryError

#: After one of these the whole instance refuses every query until it is opened again.
STOPPED = (duckdb.FatalException, duckdb.InternalException)
SMALLEST_FREE_BYTES = 50_000_000
_HOLDER = re.compile(r"PID (\d+)")
#: Words by which DuckDB's file errors are told apart; there is no code for them. The first that fits counts.
_WORDS = (
    ("disk_full", ("No space left", "File too large", "Disk quota")),
    ("in_use", ("Could not set lock",)),
    ("read_only", ("Permission denied", "Read-only file system")),
    ("newer_format", ("newer version of DuckDB",)),
    ("damaged", ("Corrupt database file",)),
)


def named(error: duckdb.Error, path: Path) -> RegistryError | None:
    """Give an error of DuckDB one of our names.

    Parameters
    ----------
    error : duckdb.Error
        What DuckDB raised.
    path : Path
        The register.

    Returns
    -------
    RegistryError or None
        None if it says nothing about the file, but about the query: a mistake in our code.
    """
    text = str(error)
    code = next((code for code, words in _WORDS if any(word in text for word in words)), None)
    if isinstance(error, STOPPED):
        code = "interrupted"
    elif code is None and isinstance(error, duckdb.IOException | duckdb.SerializationException):
        code = "damaged"
    if code is None:
        return None
    params: dict[str, object] = {"path": str(path.parent) if code in ("disk_full", "read_only") else path.name}
    if code == "in_use":
        holder = _HOLDER.search(text)
        params["pid"] = holder[1] if holder else "?"
    return RegistryError(code, text, params)


def require_room(folder: Path) -> None:
    """Refuse to write while there is too little room: a full disk in the middle of a write stops DuckDB altogether.

    Parameters
    ----------
    folder : Path
        Folder of the register.

    Raises
    ------
    RegistryError
        ``disk_full``.
    """
    free = shutil.disk_usage(folder).free
    if free < SMALLEST_FREE_BYTES:
        raise RegistryError("disk_full", f"{free} bytes free, {SMALLEST_FREE_BYTES} needed", {"path": str(folder)})

"""What a file may be before anything opens it: known kind, bounded size, no bombs, no names that leave the folder."""

import re
import zipfile
from pathlib import Path, PurePosixPath

from cctv.errors import ImportProblemsError

LARGEST_BYTES = 25_000_000
#: A register of 10,000 cameras unpacks to about 6 MB.
LARGEST_UNPACKED_BYTES = 150_000_000
MOST_PARTS = 2_000
_CHUNK = 1 << 20
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP, _SQLITE = b"PK\x03\x04", b"SQLite format 3\x00"
#: Ending to what the file begins with; empty where text of any kind may stand.
KINDS: dict[str, bytes] = {
    ".xlsx": _ZIP, ".xlsm": _ZIP, ".ods": _ZIP, ".xls": _OLD_OFFICE, ".csv": b"", ".txt": b"", ".tsv": b"",
    ".geojson": b"", ".json": b"", ".kml": b"", ".kmz": _ZIP, ".gpx": b"", ".gpkg": _SQLITE, ".zip": _ZIP,
    ".osm": b"", ".pbf": b"",
}  # fmt: skip
_XML = {".kml": b"kml", ".gpx": b"gpx", ".osm": b"osm"}
_DECLARATION = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_FIRST_ELEMENT = re.compile(rb"<(?:\w+:)?([A-Za-z]\w*)[\s>/]")


def check_file(path: Path) -> str:
    """Refuse whatever is too big, not what its name says, or made to hurt.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    str
        Its ending in lower case, a key of ``KINDS``.

    Raises
    ------
    ImportProblemsError
        ``import_no_file``, ``import_empty_file``, ``register_suffix``, ``register_too_big``, ``register_other_kind``,
        ``register_bomb``, ``register_path``, ``register_entities`` or ``import_unreadable``.
    """
    params: dict[str, object] = {"file": path.name}
    if not path.is_file():
        raise ImportProblemsError("import_no_file", str(path), params)
    suffix, size = path.suffix.lower(), path.stat().st_size
    if suffix not in KINDS:
        raise ImportProblemsError("register_suffix", suffix, {**params, "known": ", ".join(sorted(KINDS))})
    if size == 0:
        raise ImportProblemsError("import_empty_file", "0 bytes", params)
    if size > LARGEST_BYTES:
        raise _too_big(path.name, size)
    with path.open("rb") as file:
        begins = file.read(len(KINDS[suffix]))
    if begins != KINDS[suffix]:
        raise ImportProblemsError("register_other_kind", f"{begins!r}", {**params, "suffix": suffix})
    if KINDS[suffix] == _ZIP:
        _check_archive(path)
    if suffix in _XML:
        check_xml(path.read_bytes(), _XML[suffix], path.name)
    return suffix


def check_xml(data: bytes, root: bytes, name: str) -> None:
    """Refuse XML that declares entities, hides behind another encoding, or is something else.

    Parameters
    ----------
    data : bytes
        The whole document.
    root : bytes
        Name of the first element.
    name : str
        File name, for the message.

    Raises
    ------
    ImportProblemsError
        ``register_entities`` or ``register_other_kind``.
    """
    if b"\x00" in data or _DECLARATION.search(data):
        raise ImportProblemsError("register_entities", "DOCTYPE, ENTITY or NUL", {"file": name})
    first = _FIRST_ELEMENT.search(data)
    if first is None or first.group(1).lower() != root:
        raise ImportProblemsError("register_other_kind", "other XML", {"file": name, "suffix": f".{root.decode()}"})


def read_part(path: Path, suffixes: tuple[str, ...]) -> dict[str, bytes]:
    """Read parts of a checked archive into memory; nothing is unpacked under a name from the archive.

    Parameters
    ----------
    path : Path
        Archive that :func:`check_file` accepted.
    suffixes : tuple of str
        Endings of the parts wanted.

    Returns
    -------
    dict
        Ending to content; the part nearest the root and first by name.
    """
    found: dict[str, bytes] = {}
    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist(), key=lambda name: (name.count("/"), name)):
            suffix = PurePosixPath(name).suffix.lower()
            if suffix in suffixes and suffix not in found:
                found[suffix] = archive.read(name)
    return found


def _check_archive(path: Path) -> None:
    params: dict[str, object] = {"file": path.name}
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise ImportProblemsError("register_bomb", f"{len(parts)} parts", {**params, "limit_mb": _limit_mb()})
            for part in parts:
                if _leaves_folder(part.filename):
                    raise ImportProblemsError("register_path", part.filename, {**params, "name": part.filename[:80]})
            _count_bytes(archive, parts, path.name)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as error:
        raise ImportProblemsError("import_unreadable", str(error), {**params, "reason": str(error)}) from error


def _count_bytes(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], name: str) -> None:
    """Unpack to nowhere and count: the sizes that an archive states of itself can be lies."""
    total = sum(part.file_size for part in parts)
    counted = 0
    for part in parts if total <= LARGEST_UNPACKED_BYTES else ():
        with archive.open(part) as stream:
            while total <= LARGEST_UNPACKED_BYTES and (chunk := stream.read(_CHUNK)):
                counted += len(chunk)
                total = max(total, counted)
    if total > LARGEST_UNPACKED_BYTES:
        raise ImportProblemsError("register_bomb", f"{total} bytes", {"file": name, "limit_mb": _limit_mb()})


def _leaves_folder(name: str) -> bool:
    parts = re.split(r"[\\/]", name)
    return ".." in parts or name.startswith(("/", "\\")) or ":" in parts[0] or "\x00" in name


def _too_big(name: str, size: int) -> ImportProblemsError:
    params: dict[str, object] = {"file": name, "size_mb": round(size / 1e6), "limit_mb": round(LARGEST_BYTES / 1e6)}
    return ImportProblemsError("register_too_big", f"{size} bytes", params)


def _limit_mb() -> int:
    return round(LARGEST_UNPACKED_BYTES / 1e6)

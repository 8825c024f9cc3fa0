"""The manifest of the city layers: where each comes from, what it is worth and its checksum."""

import hashlib
import json
import os
import tomllib
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Literal, cast, get_args

from cctv.errors import GeodataError, Problem, raise_if_any

MANIFEST_FILE = "manifest.toml"
Kind = Literal["real", "schematic", "synthetic"]
_HEAD = """\
# City layers of Kota Mojokerto. Written by cctv.geodata; do not edit by hand.
# kind: real = surveyed or official; schematic = drawn from indirect evidence; synthetic = made by the generator.
"""


@dataclass(frozen=True)
class LayerInfo:
    """What is known about one layer file.

    Attributes
    ----------
    file : str
        File name inside the folder of the manifest.
    source, licence, attribution : str
        Where it comes from, under which terms, and the line to show.
    as_of : str
        Date the content stands for.
    crs : str
        Coordinate reference system of the file.
    sha256 : str
        Checksum of the file, hexadecimal.
    kind : {"real", "schematic", "synthetic"}
        How far the layer can be trusted.
    note : str
        What a reader must know before using it.
    """

    file: str
    source: str
    licence: str
    attribution: str
    as_of: str
    crs: str
    sha256: str
    kind: Kind
    note: str = ""


@dataclass(frozen=True)
class Manifest:
    """All layers of one folder.

    Attributes
    ----------
    layers : dict
        Layer name to what is known about it.
    """

    layers: dict[str, LayerInfo]

    @property
    def fingerprint(self) -> str:
        """Short name of exactly this content: the same layers give the same text."""
        stand = "\n".join(f"{name} {info.sha256} {info.kind}" for name, info in sorted(self.layers.items()))
        return hashlib.sha256(stand.encode()).hexdigest()[:16]

    def synthetic_layers(self) -> list[str]:
        """Name the layers that were made by the generator.

        Returns
        -------
        list of str
            Sorted names.
        """
        return sorted(name for name, info in self.layers.items() if info.kind == "synthetic")


def read_manifest(geo_dir: Path) -> Manifest:
    """Read the manifest of a folder.

    Parameters
    ----------
    geo_dir : Path
        Folder of the city layers.

    Returns
    -------
    Manifest
        Its layers.

    Raises
    ------
    GeodataError
        ``geodata_missing`` if there is none, ``geodata_manifest`` if it cannot be read; lists every bad entry.
    """
    path = geo_dir / MANIFEST_FILE
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise GeodataError("geodata_missing", f"{path} does not exist", {"path": str(geo_dir)}) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise _unreadable(path, str(error)) from error
    raw = table.get("layers")
    if not isinstance(raw, dict):
        raise _unreadable(path, "no [layers]")
    entries = cast("dict[str, object]", raw)
    problems = [problem for name, entry in entries.items() for problem in _entry_problems(name, entry)]
    raise_if_any(problems, GeodataError, code="geodata_manifest", message=str(path), path=str(path), reason="")
    layers = {name: LayerInfo(**cast("dict[str, str]", entry)) for name, entry in entries.items()}  # pyright: ignore[reportArgumentType]  # kind was checked above
    return Manifest(layers)


def write_manifest(geo_dir: Path, manifest: Manifest) -> None:
    """Write the manifest in one step: a reader sees the old or the new one, never half of it.

    Parameters
    ----------
    geo_dir : Path
        Folder of the city layers.
    manifest : Manifest
        What to write.
    """
    parts = [_HEAD]
    for name, info in manifest.layers.items():
        lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in asdict(info).items()]
        parts.append("\n".join([f"[layers.{name}]", *lines, ""]))
    temporary = geo_dir / f".{MANIFEST_FILE}.new"
    temporary.write_text("\n".join(parts), encoding="utf-8")
    os.replace(temporary, geo_dir / MANIFEST_FILE)  # noqa: PTH105  # atomic on every platform


def checksum(path: Path) -> str:
    """Compute the checksum that the manifest keeps.

    Parameters
    ----------
    path : Path
        A layer file.

    Returns
    -------
    str
        SHA-256, hexadecimal.

    Raises
    ------
    OSError
        If the file cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unreadable(path: Path, reason: str) -> GeodataError:
    return GeodataError("geodata_manifest", f"{path}: {reason}", {"path": str(path), "reason": reason})


def _entry_problems(name: str, entry: object) -> list[Problem]:
    if not isinstance(entry, dict):
        return [Problem("geodata_entry", name, value=str(entry), expected="table")]
    values = cast("dict[str, object]", entry)
    names = [field.name for field in fields(LayerInfo)]
    problems = [
        Problem("geodata_entry", name, key, str(values.get(key, "")), "text")
        for key in names
        if not isinstance(values.get(key), str)
    ]
    problems += [
        Problem("geodata_entry", name, key, str(values[key]), ", ".join(names)) for key in values if key not in names
    ]
    if values.get("kind") not in get_args(Kind):
        problems.append(Problem("geodata_entry", name, "kind", str(values.get("kind")), " | ".join(get_args(Kind))))
    file = str(values.get("file", ""))
    if file != Path(file).name:
        problems.append(Problem("geodata_entry", name, "file", file, "name without folder"))
    return problems

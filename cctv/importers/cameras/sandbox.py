"""Read a file in a process of its own: whatever it is made of, this process only sees plain rows."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cctv.errors import ImportProblemsError
from cctv.importers.cameras.guard import check_file, check_xml, read_part
from cctv.settings import ROOT

TIMEOUT_S = 60
_SHAPEFILE = (".shp", ".shx", ".dbf", ".prj", ".cpg")
Cell = str | float | int | bool | None


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook, one layer of a map file, or a whole text file.

    Attributes
    ----------
    name : str
        Its name; empty where there is only one without a name.
    rows : list of list
        Cells; rows may differ in length.
    merged : list of tuple of int
        First row, first column, last row, last column of merged cells, from 0.
    is_hidden : bool
        Whether the workbook hides it; then it has no rows.
    """

    name: str
    rows: list[list[Cell]]
    merged: list[tuple[int, int, int, int]]
    is_hidden: bool = False


def read_sheets(path: Path) -> list[Sheet]:
    """Read all sheets or layers of a file.

    Parameters
    ----------
    path : Path
        Any kind of ``guard.KINDS``.

    Returns
    -------
    list of Sheet
        In the order of the file.

    Raises
    ------
    ImportProblemsError
        As for :func:`~cctv.importers.cameras.guard.check_file`; ``import_unreadable`` if it is damaged,
        ``register_too_much`` if it has more cells than a register can have or needs too much memory or time.
    """
    suffix = check_file(path)
    with TemporaryDirectory(prefix="cctv-impor-") as folder:
        answer = _read_apart(_prepared(path, suffix, Path(folder)), Path(folder) / "isi.json", path.name)
    if "problem" in answer:
        code = "register_too_much" if answer["problem"] == "too_much" else "import_unreadable"
        raise ImportProblemsError(code, answer["reason"], {"file": path.name, "reason": answer["reason"]})
    sheets = [
        Sheet(sheet["name"], sheet["rows"], [tuple(box) for box in sheet["merged"]], sheet.get("hidden", False))
        for sheet in answer["sheets"]
    ]
    if not any(sheet.rows for sheet in sheets):
        raise ImportProblemsError("import_empty", "no rows", {"file": path.name})
    return sheets


def _prepared(path: Path, suffix: str, folder: Path) -> Path:
    """Give the file to read: archives of map files are taken apart under names of our own."""
    if suffix not in (".kmz", ".zip"):
        return path.resolve()
    wanted = (".kml",) if suffix == ".kmz" else _SHAPEFILE
    parts = read_part(path, wanted)
    if wanted[0] not in parts:
        raise ImportProblemsError(
            "register_other_kind", f"no {wanted[0]} inside", {"file": path.name, "suffix": wanted[0]}
        )
    if suffix == ".kmz":
        check_xml(parts[".kml"], b"kml", path.name)
    for ending, content in parts.items():
        (folder / f"peta{ending}").write_bytes(content)
    return folder / f"peta{wanted[0]}"


def _read_apart(source: Path, target: Path, name: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "cctv.importers.cameras.child", str(source), str(target)]
    environment = {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "GDAL_SKIP": "OGR_VRT,HTTP,WFS,GDALG"}
    try:
        subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=TIMEOUT_S, check=True)
        return json.loads(target.read_text(encoding="utf-8"))
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError, OSError, ValueError) as error:
        params: dict[str, object] = {"file": name, "reason": type(error).__name__}
        raise ImportProblemsError("register_too_much", str(error)[:300], params) from error

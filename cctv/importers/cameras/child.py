"""Run in a process of its own: read one file into plain rows, with a limit on memory, and write them as JSON.

Office and map files are parsed by native code; a cell at the far corner of a sheet or a broken shape may take any
amount of memory there. Here it can only end this process.
"""

import csv
import html
import json
import re
import resource
import sys
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

MEMORY_BYTES = 1_500_000_000
OUTPUT_BYTES = 120_000_000
MOST_ROWS = 50_000
MOST_COLUMNS = 200
MOST_CELLS = 2_000_000
LONGEST_CELL = 5_000
LON, LAT, SHAPE = "geometri lon", "geometri lat", "geometri jenis"
_TEXT = (".csv", ".txt", ".tsv")
_OFFICE = (".xlsx", ".xlsm", ".xls", ".ods")
_PAIR_LINE = re.compile(r"^\s*([^:\d<>]{2,40}?)\s*:\s*(.+?)\s*$")


class TooMuchError(Exception):
    """More rows, columns or cells than a register can have."""


def main() -> int:
    """Read the file named on the command line and write ``sheets`` or ``problem`` to the other one.

    Returns
    -------
    int
        0, also when the file was refused.
    """
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    for kind, limit in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_FSIZE, OUTPUT_BYTES)):
        with suppress(ValueError, OSError):  # macOS knows no limit on address space; the time limit still holds there
            resource.setrlimit(kind, (limit, limit))
    try:
        answer: dict[str, Any] = {"sheets": _read(source)}
    except TooMuchError as error:
        answer = {"problem": "too_much", "reason": str(error)}
    except MemoryError:
        answer = {"problem": "too_much", "reason": "memory"}
    except Exception as error:  # noqa: BLE001 - whatever the native readers raise is a reason for a refusal
        answer = {"problem": "unreadable", "reason": str(error)[:300]}
    target.write_text(json.dumps(answer, ensure_ascii=False, default=_plain), encoding="utf-8")
    return 0


def _read(path: Path) -> list[dict[str, Any]]:
    suffix = path.suffix.lower()
    if suffix in _TEXT:
        return [{"name": "", "rows": _text_rows(path), "merged": []}]
    return _office_sheets(path) if suffix in _OFFICE else _map_layers(path)


def _text_rows(path: Path) -> list[list[object]]:
    data = path.read_bytes()
    text = _decoded(data)
    csv.field_size_limit(1_000_000)
    rows: list[list[object]] = []
    for row in csv.reader(text.splitlines(keepends=True), delimiter=_delimiter(text)):
        _require(len(rows) < MOST_ROWS and len(row) <= MOST_COLUMNS, f"{len(rows)} rows, {len(row)} columns")
        rows.append([cell[:LONGEST_CELL] for cell in row])
    return rows


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    """Choose the sign that splits most of the first lines into the same number of cells."""
    lines = [line for line in text.splitlines()[:60] if line.strip()]
    best, best_score = ",", 0.0
    for sign in (";", "\t", ",", "|"):
        counts = [len(row) for row in csv.reader(lines, delimiter=sign)]
        usual = max(set(counts), key=counts.count) if counts else 1
        score = (usual - 1 > 0) * counts.count(usual) / max(len(counts), 1) + min(usual, 20) / 1000
        if score > best_score:
            best, best_score = sign, score
    return best


def _office_sheets(path: Path) -> list[dict[str, Any]]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    sheets: list[dict[str, Any]] = []
    cells = 0
    with CalamineWorkbook.from_path(str(path)) as book:
        for about in book.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            if about.visible != SheetVisibleEnum.Visible:
                sheets.append({"name": about.name, "rows": [], "merged": [], "hidden": True})
                continue
            sheet = book.get_sheet_by_name(about.name)
            cells += sheet.total_height * sheet.total_width
            _require(
                sheet.total_height <= MOST_ROWS and sheet.total_width <= MOST_COLUMNS and cells <= MOST_CELLS,
                f"{about.name}: {sheet.total_height} rows, {sheet.total_width} columns",
            )
            merged = [[*start, *stop] for start, stop in sheet.merged_cell_ranges or []]
            rows = sheet.to_python(skip_empty_area=False)
            sheets.append({"name": about.name, "rows": rows, "merged": merged})
    return sheets


def _map_layers(path: Path) -> list[dict[str, Any]]:
    import pyogrio

    is_osm = path.suffix.lower() in (".osm", ".pbf")
    names = ["points"] if is_osm else [str(name) for name, shape in pyogrio.list_layers(path) if shape is not None]
    sheets = [_layer(path, name, is_osm=is_osm) for name in names]
    _require(sum(len(sheet["rows"]) for sheet in sheets) <= MOST_ROWS, "features")
    return [sheet for sheet in sheets if len(sheet["rows"]) > 1]


def _layer(path: Path, name: str, *, is_osm: bool) -> dict[str, Any]:
    import pyogrio
    import shapely

    where = "man_made = 'surveillance'" if is_osm else None
    table = pyogrio.read_dataframe(path, layer=name, where=where, max_features=MOST_ROWS + 1)
    shapes = table.geometry.to_crs("EPSG:4326") if table.crs is not None else table.geometry
    spots = shapely.get_coordinates(shapely.point_on_surface(shapes.to_numpy())) if len(table) else []
    is_there = [shape is not None and not shape.is_empty for shape in shapes]
    facts = [_facts(row, is_osm=is_osm) for row in table.drop(columns="geometry").to_dict("records")]
    headers = list(dict.fromkeys(key for fact in facts for key in fact))
    _require(len(headers) <= MOST_COLUMNS, f"{len(headers)} columns")
    rows: list[list[object]] = [[*headers, LON, LAT, SHAPE]]
    places = iter(spots)
    for fact, shape, there in zip(facts, shapes, is_there, strict=True):
        # Through the shortest text, so that what was typed comes back: 112.4344, not 112.43440000000001.
        lon, lat = (f"{value:.8f}".rstrip("0") for value in next(places)) if there else ("", "")
        rows.append([*(fact.get(key, "") for key in headers), lon, lat, shape.geom_type if there else ""])
    return {"name": "" if is_osm else name, "rows": rows, "merged": []}


def _facts(row: dict[Any, Any], *, is_osm: bool) -> dict[str, object]:
    """Lay the attributes out: without empty ones, OSM tags and lines "key: value" of a description as columns."""
    facts: dict[str, object] = {}
    for key, value in row.items():
        if value is None or value != value or str(value) in ("", "NaT"):  # noqa: PLR0124 - NaN differs from itself
            continue
        if is_osm and key == "other_tags":
            facts |= dict(re.findall(r'"([^"]+)"=>"((?:[^"\\]|\\.)*)"', str(value)))
        elif str(key).lower() in ("description", "desc") and (pairs := _described(str(value))):
            facts |= {name: text for name, text in pairs.items() if name not in facts}
        else:
            facts[str(key)] = value if isinstance(value, int | float | str) else str(value)
    return facts


def _described(text: str) -> dict[str, str]:
    lines = re.split(r"<br\s*/?>|</(?:p|div|tr|li)>|\n", text, flags=re.IGNORECASE)
    plain = [html.unescape(re.sub(r"<[^>]+>", " ", line)).strip() for line in lines]
    found = [_PAIR_LINE.match(line) for line in plain]
    return {match.group(1): match.group(2)[:LONGEST_CELL] for match in found if match}


def _require(is_so: bool, what: str) -> None:  # noqa: FBT001 - a condition
    if not is_so:
        raise TooMuchError(what)


def _plain(value: object) -> str:
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, datetime | date | time) else str(value)


if __name__ == "__main__":
    sys.exit(main())

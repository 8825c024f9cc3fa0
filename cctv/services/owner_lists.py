"""Lists of owners as offices keep them: every row of a workbook is taken in, or none and each reason is named."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from cctv.errors import ImportProblemsError, Problem, ValidationError, raise_if_any
from cctv.i18n import t
from cctv.importers.cameras.coordinates import Spot, read_position
from cctv.importers.cameras.sandbox import Cell, read_sheets
from cctv.importers.cameras.town import Town
from cctv.registry import owners as store
from cctv.registry.contacts import Contact
from cctv.registry.models import Account
from cctv.registry.owners import SECTORS
from cctv.registry.store import writing
from cctv.services.camera_lists import town_of
from cctv.services.owners import completed, require_editor
from cctv.services.price_list import today_here
from cctv.services.runtime import Runtime

#: Heads of a workbook, in lower case, to fields.
HEADS = {
    "nama": "name", "nama pemilik": "name", "pemilik": "name", "jenis": "sector", "alamat": "address",
    "kelurahan": "kelurahan", "koordinat": "position", "jumlah kamera": "cameras_stated", "kamera": "cameras_stated",
    "narahubung": "person", "jabatan": "role", "telepon": "phone", "hp": "phone", "surel": "email", "email": "email",
    "catatan": "note", "keterangan": "note",
}  # fmt: skip
NEEDED = ("name", "sector")
MOST_ROWS = 2_000
_SEARCHED = 20


def import_owners(runtime: Runtime, account: Account, file: Path, name: str) -> int:
    """Take a list of owners in, all rows or none.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who imports it.
    file : Path
        XLSX, XLS, ODS or CSV with the heads of ``HEADS``.
    name : str
        Name the file had; the source of every row.

    Returns
    -------
    int
        How many were taken in.

    Raises
    ------
    AccessError
        If the role does not allow it.
    ImportProblemsError
        If the file is refused or damaged, or lacks a column.
    ValidationError
        Lists every value that is not acceptable, by row; nothing is kept then.
    """
    require_editor(account, "")
    rows = read_sheets(file)[0].rows
    head, columns = _heads(rows, name)
    town, found = town_of(runtime.registry, runtime.city), list[Problem]()
    known = {owner.name.casefold(): owner.owner_id for owner in store.list_owners(runtime.registry)}
    read: list[tuple[Mapping[str, object], Contact]] = []
    for line, cells in enumerate(rows[head + 1 :], start=head + 2):
        typed = {field: _text(cells[at]) if at < len(cells) else "" for field, at in columns.items()}
        if not any(typed.values()):
            continue
        where = t("ceiling.line", n=line)
        values, contact = _understood(typed, town, where, found)
        found += [Problem(p.code, where, p.name, p.value, p.expected) for p in _problems(runtime, values, contact)]
        plain = str(values["name"]).casefold()
        if plain in known:
            found.append(Problem("taken", where, "name", str(values["name"])))
        known[plain] = where
        read.append((values, contact))
    if not 0 < len(read) <= MOST_ROWS:
        found.append(Problem("too_many", name, "name", str(len(read)), str(MOST_ROWS)))
    raise_if_any(found, ValidationError, code="invalid", message=name)
    with writing(runtime.registry, account.username) as writer:
        for values, contact in read:
            whole = completed(runtime, values)
            store.add_owner(runtime.registry, writer, whole, contact, today=today_here(), source=name)
    return len(read)


def _heads(rows: Sequence[Sequence[Cell]], name: str) -> tuple[int, dict[str, int]]:
    for at, cells in enumerate(rows[:_SEARCHED]):
        heads = [_text(cell).casefold() for cell in cells]
        columns = {HEADS[head]: column for column, head in enumerate(heads) if head in HEADS}
        if all(field in columns for field in NEEDED):
            return at, columns
    expected = "Nama, Jenis, Alamat, Kelurahan, Koordinat, Jumlah kamera, Narahubung, Jabatan, Telepon, Surel, Catatan"
    raise ImportProblemsError("owner_heads", "no row of heads", {"file": name, "expected": expected})


def _understood(
    typed: Mapping[str, str], town: Town, where: str, found: list[Problem]
) -> tuple[dict[str, object], Contact]:  # fmt: skip
    """Turn what was typed into values; what cannot be turned is left for the check to name."""
    sectors = {t(f"sector.{sector}").casefold(): sector for sector in SECTORS}
    place, count = typed.get("position", ""), typed.get("cameras_stated", "").removesuffix(".0")
    spot = read_position("", "", place, town).value if place else None
    if place and not isinstance(spot, Spot):
        found.append(Problem("form_position", where, "position", place[:60], "-7.4664, 112.4394"))
    sector = typed["sector"].casefold()
    values: dict[str, object] = {
        "name": typed["name"], "sector": sectors.get(sector, typed["sector"]), "address": typed.get("address", ""),
        "kelurahan": typed.get("kelurahan", ""), "note": typed.get("note", ""),
        "cameras_stated": None if not count else int(count) if count.isdigit() else count,
        "lon": spot.lon if isinstance(spot, Spot) else None, "lat": spot.lat if isinstance(spot, Spot) else None,
    }  # fmt: skip
    return values, Contact(*(typed.get(name, "") for name in ("person", "role", "phone", "email")))


def _problems(runtime: Runtime, values: Mapping[str, object], contact: Contact) -> list[Problem]:
    found = list(store.problems("", values, contact))
    try:
        completed(runtime, values)
    except ValidationError as error:
        found += error.problems
    return found


def _text(cell: Cell) -> str:
    return " ".join(str("" if cell is None else cell).split())

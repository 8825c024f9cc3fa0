"""Ceilings (pagu) as people keep them: typed in a table or taken from a workbook, all rows or none."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from cctv.errors import ImportProblemsError, Problem, ValidationError, raise_if_any
from cctv.i18n import t
from cctv.importers.cameras.sandbox import Cell, read_sheets
from cctv.permissions import Permission
from cctv.registry import envelopes as store
from cctv.registry.agencies import list_agencies
from cctv.registry.envelopes import FIELDS, EnvelopeEdit
from cctv.registry.models import Account
from cctv.services import accounts
from cctv.services.amounts import amount_of
from cctv.services.price_list import today_here
from cctv.services.runtime import Runtime

FUNDS = ("apbd", "papbd", "dana_kelurahan", "csr", "provinsi")
#: Heads of a workbook, in lower case, to fields.
HEADS = {
    "tahun": "year", "tahun anggaran": "year", "kelurahan": "kelurahan", "opd": "agency_id",
    "perangkat daerah": "agency_id", "sumber dana": "fund", "pagu": "amount_idr", "pagu (rp)": "amount_idr",
    "sisa dibawa": "carry_over", "sumber": "source", "dasar": "source",
}  # fmt: skip
NEEDED = ("year", "kelurahan", "amount_idr")
WHOLE_CITY = frozenset({"", "-", "kota", "seluruh kota", "semua"})
_YES = frozenset({"ya", "y", "true", "1", "yes"})
_SEARCHED = 20


def kelurahan_names(runtime: Runtime) -> list[str]:
    """List the kelurahan of the city, sorted.

    Parameters
    ----------
    runtime : Runtime
        Open process.

    Returns
    -------
    list of str
        Names as the city layers write them.
    """
    return sorted(str(name) for name in runtime.city.kelurahan["kelurahan"])


def save_ceilings(
    runtime: Runtime, account: Account, typed: Sequence[tuple[str, str, int, Mapping[str, object]]],
    gone: Sequence[tuple[str, int]], reason: str,
) -> None:  # fmt: skip
    """Save rows as people typed them.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who saves them.
    typed : sequence of (str, str, int, mapping)
        Name of the row for messages, id (empty for a new one), seen version, field to what was typed.
    gone : sequence of (str, int)
        Id and seen version of those taken out.
    reason : str
        Why; stands in the history.

    Raises
    ------
    AccessError
        If the role does not allow it.
    ValidationError
        Lists every value that is not acceptable, by row; nothing is saved then.
    StaleEditError
        If somebody else changed one in the meantime; nothing is saved then.
    """
    accounts.require(account, Permission.EDIT_PLANS)
    raise_if_any(
        [] if reason.strip() else [Problem("required", "", "reason")], ValidationError, code="invalid", message="pagu"
    )
    agencies = {a.name.casefold(): a.agency_id for a in list_agencies(runtime.registry)}
    edits = [EnvelopeEdit(where, key, version, _understood(values, agencies)) for where, key, version, values in typed]
    store.save_envelopes(
        runtime.registry, account.username, edits, gone, reason, kelurahan=kelurahan_names(runtime),
        this_year=today_here().year,
    )  # fmt: skip


def import_ceilings(runtime: Runtime, account: Account, file: Path) -> int:
    """Add the ceilings of a workbook, all rows or none.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who imports it.
    file : Path
        XLSX, XLS, ODS or CSV with the heads of ``HEADS``.

    Returns
    -------
    int
        How many were added.

    Raises
    ------
    AccessError
        If the role does not allow it.
    ImportProblemsError
        If the file is refused, damaged, or lacks a column.
    ValidationError
        Lists every value that is not acceptable, by row; nothing is saved then.
    """
    accounts.require(account, Permission.EDIT_PLANS)
    sheet = read_sheets(file)[0]
    head, columns = _heads(sheet.rows, file.name)
    typed: list[tuple[str, str, int, Mapping[str, object]]] = []
    for line, cells in enumerate(sheet.rows[head + 1 :], start=head + 2):
        values = {name: cells[at] if at < len(cells) else "" for name, at in columns.items()}
        if any(str(value or "").strip() for value in values.values()):
            typed.append((t("ceiling.line", n=line), "", 0, {"source": file.name, **values}))
    save_ceilings(runtime, account, typed, [], t("ceiling.imported_from", file=file.name))
    return len(typed)


def _heads(rows: Sequence[Sequence[Cell]], name: str) -> tuple[int, dict[str, int]]:
    for at, cells in enumerate(rows[:_SEARCHED]):
        heads = [str(cell or "").strip().casefold() for cell in cells]
        columns = {HEADS[head]: column for column, head in enumerate(heads) if head in HEADS}
        if all(field in columns for field in NEEDED):
            return at, columns
    expected = "Tahun, Kelurahan, OPD, Sumber dana, Pagu, Sisa dibawa, Sumber"
    raise ImportProblemsError("ceiling_heads", "no row of heads", {"file": name, "expected": expected})


def _understood(values: Mapping[str, object], agencies: Mapping[str, str]) -> dict[str, object]:
    """Turn what was typed into values; what cannot be turned is left for the check to name."""
    text = {name: str("" if values.get(name) is None else values.get(name)).strip() for name in FIELDS}
    funds = {t(f"fund.{fund}").casefold(): fund for fund in FUNDS}
    is_city = text["kelurahan"].casefold() in WHOLE_CITY
    agency, fund = text["agency_id"], text["fund"]
    return {
        "year": _whole(text["year"]),
        "kelurahan": "" if is_city else text["kelurahan"],
        "agency_id": "" if agency.casefold() in WHOLE_CITY else agencies.get(agency.casefold(), agency),
        "fund": "" if fund.casefold() in WHOLE_CITY else funds.get(fund.casefold(), fund),
        "amount_idr": _whole(text["amount_idr"]),
        "carry_over": text["carry_over"].casefold() in _YES,
        "source": text["source"],
    }


def _whole(text: str) -> object:
    """Read a whole number; a workbook may have kept it as ``2027.0``."""
    plain = text.removesuffix(".0")
    amount = amount_of(plain)
    return text if amount is None else amount

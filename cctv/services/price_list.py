"""The price list as planners keep it: change prices with a reason, add what is missing, look at earlier versions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cctv.errors import Problem, ValidationError
from cctv.i18n import WIB
from cctv.permissions import Permission
from cctv.registry import checks
from cctv.registry import prices as store
from cctv.registry.history import changes
from cctv.registry.models import Account, Change
from cctv.registry.seed import read_rows
from cctv.services import accounts
from cctv.services.amounts import amount_of
from cctv.services.runtime import Runtime

EARLIEST_YEAR = 2015
#: Columns of a price that people edit.
COLUMNS = ("name", "unit", "price_idr", "tkdn_percent", "is_assumption", "as_of", "source")


@dataclass(frozen=True)
class PriceEdit:
    """One changed row: item, version that the person saw, field to new value."""

    item_id: str
    version: int
    changes: Mapping[str, object]


def missing_items(runtime: Runtime) -> dict[str, str]:
    """List the components that plans need and the price list lacks.

    Parameters
    ----------
    runtime : Runtime
        Open process.

    Returns
    -------
    dict of str to str
        Item to name.
    """
    there = {price.item_id for price in store.list_prices(runtime.registry)}
    return {str(row["item_id"]): str(row["name"]) for row in read_rows("prices") if row["item_id"] not in there}


def add_defaults(runtime: Runtime, account: Account) -> None:
    """Add the default prices, called assumptions, for the components that are missing.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who adds them.

    Raises
    ------
    AccessError
        If the role does not allow it.
    """
    accounts.require(account, Permission.EDIT_PLANS)
    lacking = missing_items(runtime)
    for row in read_rows("prices"):
        if row["item_id"] in lacking:
            store.create_price(runtime.registry, account.username, row, "harga bawaan ditambahkan")


def save_prices(runtime: Runtime, account: Account, edits: Sequence[PriceEdit], reason: str, today: date) -> None:
    """Save changed prices after all of them have been checked.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who changes them.
    edits : sequence of PriceEdit
        Changed rows.
    reason : str
        Why; stands in the history of each.
    today : date
        A price of a later year is refused.

    Raises
    ------
    AccessError
        If the role does not allow it.
    ValidationError
        Lists every value that is not acceptable; nothing is saved then.
    StaleEditError
        If somebody else changed one in the meantime; nothing is saved then.
    """
    accounts.require(account, Permission.EDIT_PLANS)
    found = [] if reason.strip() else [Problem("required", "", "reason")]
    read = [(edit.item_id, edit.version, _with_amount(edit.changes)) for edit in edits]
    for item_id, _, values in read:
        found += checks.problems(checks.PRICE, item_id, values)
        found += year_problems(item_id, values.get("as_of"), today)
    if found:
        raise ValidationError("invalid", "prices", {"count": len(found)}, tuple(found))
    store.update_prices(runtime.registry, account.username, read, reason)


def year_problems(where: str, day: object, today: date) -> list[Problem]:
    """Say whether the day of a price is one that a price can have.

    Parameters
    ----------
    where : str
        Item.
    day : object
        Its day; anything else is left to the other checks.
    today : date
        The present day.

    Returns
    -------
    list of Problem
        Empty if it is acceptable; next year's list may be known already.
    """
    if not isinstance(day, date) or isinstance(day, datetime):
        return []
    if EARLIEST_YEAR <= day.year <= today.year + 1:
        return []
    return [Problem("price_year", where, "as_of", str(day.year), f"{EARLIEST_YEAR} - {today.year + 1}")]


def _with_amount(changes: Mapping[str, object]) -> dict[str, object]:
    """Put whole Rupiah in place of a typed amount; what is no amount is left for the check to name."""
    values, price = dict(changes), changes.get("price_idr")
    if isinstance(price, str) and (amount := amount_of(price)) is not None:
        values["price_idr"] = amount
    return values


def earlier_versions(runtime: Runtime, limit: int = 100) -> list[Change]:
    """List changes of prices, the newest first.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    limit : int
        How many at the most.

    Returns
    -------
    list of Change
        Creations of the first list are left out.
    """
    return [change for change in changes(runtime.registry, "price", limit=limit) if change.op != "create"]


def today_here() -> date:
    """Give the present day in Western Indonesian Time."""
    return datetime.now(WIB).date()

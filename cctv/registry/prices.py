"""The price list: read, create, change. Every price says its source, date and whether it is an assumption."""

from collections.abc import Mapping, Sequence
from typing import Any

from cctv.errors import ValidationError, raise_if_any
from cctv.registry import checks
from cctv.registry.connection import Registry
from cctv.registry.models import PriceItem
from cctv.registry.store import Table, id_problems, rows, writing

TABLE = Table("price", "item_id")


def _price(row: Mapping[str, Any]) -> PriceItem:
    return PriceItem(**row)


def list_prices(registry: Registry) -> list[PriceItem]:
    """List all prices.

    Parameters
    ----------
    registry : Registry
        Open register.

    Returns
    -------
    list of PriceItem
        By id.
    """
    with registry.cursor() as cursor:
        return [_price(row) for row in rows(cursor, "select * from price order by item_id")]


def create_price(registry: Registry, actor: str, values: Mapping[str, object], reason: str) -> None:
    """Add a price.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    values : mapping
        All fields of a price but the version.
    reason : str
        Why.

    Raises
    ------
    ValidationError
        Lists every value that is not acceptable.
    """
    item_id = str(values.get("item_id", ""))
    fields = {name: value for name, value in values.items() if name != "item_id"}
    with writing(registry, actor) as writer:
        found = [*checks.problems(checks.PRICE, item_id, fields), *checks.missing(checks.PRICE, item_id, fields)]
        found += id_problems(writer.cursor, TABLE, item_id)
        raise_if_any(found, ValidationError, code="invalid", message=f"price {item_id}")
        writer.create(TABLE, values, reason)


def update_price(
    registry: Registry, actor: str, item_id: str, version: int, changes: Mapping[str, object], reason: str
) -> PriceItem:
    """Change a price.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    item_id : str
        Which price.
    version : int
        Version that the person saw.
    changes : mapping
        Field to new value.
    reason : str
        Why.

    Returns
    -------
    PriceItem
        As it is now.

    Raises
    ------
    ValidationError
        Lists every value that is not acceptable.
    StaleEditError
        If somebody else changed it in the meantime; ``params["current"]`` is their version.
    NotFoundError
        If there is no such price.
    """
    found = checks.problems(checks.PRICE, item_id, changes)
    raise_if_any(found, ValidationError, code="invalid", message=f"price {item_id}")
    with writing(registry, actor) as writer:
        return _price(writer.update(TABLE, item_id, version, changes, reason, shown=_price))


def update_prices(
    registry: Registry, actor: str, edits: Sequence[tuple[str, int, Mapping[str, object]]], reason: str
) -> None:
    """Change several prices, all or none.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    edits : sequence of (str, int, mapping)
        Item, version that the person saw, field to new value.
    reason : str
        Why.

    Raises
    ------
    ValidationError
        Lists every value that is not acceptable.
    StaleEditError
        If somebody else changed one in the meantime.
    NotFoundError
        If there is no such price.
    """
    found = [problem for item_id, _, changes in edits for problem in checks.problems(checks.PRICE, item_id, changes)]
    raise_if_any(found, ValidationError, code="invalid", message="prices")
    with writing(registry, actor) as writer:
        for item_id, version, changes in edits:
            writer.update(TABLE, item_id, version, changes, reason, shown=_price)

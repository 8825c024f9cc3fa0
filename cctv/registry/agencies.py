"""Agencies and other owners: read, create."""

from collections.abc import Mapping
from typing import Any

from cctv.errors import ValidationError, raise_if_any
from cctv.registry import checks
from cctv.registry.connection import Registry
from cctv.registry.models import Agency
from cctv.registry.store import Table, id_problems, rows, writing

TABLE = Table("agency", "agency_id")


def _agency(row: Mapping[str, Any]) -> Agency:
    return Agency(**row)


def list_agencies(registry: Registry) -> list[Agency]:
    """List all owners.

    Parameters
    ----------
    registry : Registry
        Open register.

    Returns
    -------
    list of Agency
        By name.
    """
    with registry.cursor() as cursor:
        return [_agency(row) for row in rows(cursor, "select * from agency order by name, agency_id")]


def create_agency(registry: Registry, actor: str, values: Mapping[str, object], reason: str) -> None:
    """Add an owner.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    values : mapping
        All fields of an agency but the version.
    reason : str
        Why.

    Raises
    ------
    ValidationError
        Lists every value that is not acceptable.
    """
    agency_id = str(values.get("agency_id", ""))
    fields = {name: value for name, value in values.items() if name != "agency_id"}
    with writing(registry, actor) as writer:
        found = [*checks.problems(checks.AGENCY, agency_id, fields), *checks.missing(checks.AGENCY, agency_id, fields)]
        found += id_problems(writer.cursor, TABLE, agency_id)
        raise_if_any(found, ValidationError, code="invalid", message=f"agency {agency_id}")
        writer.create(TABLE, values, reason)

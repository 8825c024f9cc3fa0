"""The codes that a proposal must carry (kamus usulan): read, create, change, take out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cctv.errors import Problem, ValidationError, raise_if_any
from cctv.registry import checks
from cctv.registry.connection import Registry
from cctv.registry.store import Table, rows, writing

TABLE = Table("usulan_code", "code")
#: The three fields of the kamus of Kota Mojokerto (Bapperida, January 2025).
FIELDS = ("infrastruktur", "pembangunan manusia", "ekonomi")
RULES: dict[str, checks.Rule] = {
    "name": checks.NAME,
    "field": checks.Choice(FIELDS),
    "source": checks.NAME,
    "is_assumption": checks.Kind((bool,)),
}


@dataclass(frozen=True)
class UsulanCode:
    """One code of the kamus usulan."""

    code: str
    name: str
    field: str
    source: str
    is_assumption: bool
    version: int


def list_codes(registry: Registry) -> list[UsulanCode]:
    """List all codes.

    Parameters
    ----------
    registry : Registry
        Open register.

    Returns
    -------
    list of UsulanCode
        By code.
    """
    with registry.cursor() as cursor:
        return [_code(row) for row in rows(cursor, "select * from usulan_code order by code")]


def save_codes(
    registry: Registry, actor: str, edits: Sequence[tuple[str, int, Mapping[str, object]]],
    gone: Sequence[tuple[str, int]], reason: str,
) -> None:  # fmt: skip
    """Write new, changed and removed codes, all or none.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    edits : sequence of (str, int, mapping)
        Code, version that the person saw (0 for a new one), all fields.
    gone : sequence of (str, int)
        Code and seen version of those to take out.
    reason : str
        Why.

    Raises
    ------
    ValidationError
        Lists every value that is not acceptable.
    StaleEditError
        If somebody else changed one in the meantime.
    """
    with writing(registry, actor) as writer:
        there = {str(row["code"]) for row in rows(writer.cursor, "select code from usulan_code")}
        found: list[Problem] = []
        for code, version, values in edits:
            found += [*checks.problems(RULES, code, values), *checks.missing(RULES, code, values)]
            if not code.strip():
                found.append(Problem("required", "", "code"))
            elif version == 0 and code in there:
                found.append(Problem("taken", code, "code", code))
            there.add(code)
        raise_if_any(found, ValidationError, code="invalid", message="usulan codes")
        for code, version in gone:
            writer.delete(TABLE, code, version, reason)
        for code, version, values in edits:
            if version == 0:
                writer.create(TABLE, {"code": code, **values}, reason)
            else:
                writer.update(TABLE, code, version, values, reason)


def _code(row: Mapping[str, Any]) -> UsulanCode:
    return UsulanCode(**row)

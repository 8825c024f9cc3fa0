"""Private owners that are invited to join: who they are, where, how many cameras they have, and how far they have come.

An owner is an agency of the kind ``private`` with a row beside it. The contact person is personal data: encrypted in
the file, never in the history, read by one function alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal, get_args

from cctv.errors import NotFoundError, Problem, ValidationError, raise_if_any
from cctv.registry import agencies, checks
from cctv.registry.connection import Registry
from cctv.registry.contacts import Contact, hidden_contact, shown_contact
from cctv.registry.store import Row, Table, Writer, existing, find, id_problems, rows, writing

Sector = Literal[
    "mall", "shop", "market", "bank", "school", "hospital", "housing", "hotel", "office", "factory", "fuel", "worship",
    "other",
]  # fmt: skip
Consent = Literal["none", "register", "live"]
OwnerState = Literal["recorded", "letter_sent", "agreed", "declined", "technical_check", "integrated", "withdrawn"]

TABLE = Table("owner", "owner_id", secret=frozenset({"contact_secret"}))
SECTORS: tuple[Sector, ...] = get_args(Sector)
LONGEST_TEXT, LONGEST_CONTACT = 300, 120
PRIVATE = "private"
RULES: dict[str, checks.Rule] = {
    "name": checks.NAME,
    "sector": checks.Choice(SECTORS),
    "address": checks.TEXT,
    "kelurahan": checks.TEXT,
    "lon": checks.Range(*checks.LON_RANGE, "°"),
    "lat": checks.Range(*checks.LAT_RANGE, "°"),
    "cameras_stated": checks.Range(0, 10_000, "", whole=True),
    "note": checks.TEXT,
}
_SELECT = """
    select o.* exclude (contact_secret), o.contact_secret <> '' as has_contact, coalesce(a.name, o.owner_id) as name,
        coalesce(a.version, 0) as name_version,
        (select count(*) from camera c where c.agency_id = o.owner_id and c.status <> 'removed') as cameras
    from owner o left join agency a on a.agency_id = o.owner_id
"""


@dataclass(frozen=True)
class Owner:
    """A private owner.

    Attributes
    ----------
    owner_id : str
        Id of its agency.
    name_version : int
        Version of its agency, which holds the name.
    lon, lat : float or None
        Position, EPSG:4326 [deg]; None if nobody has said.
    cameras_stated : int or None
        How many cameras it says it has; None if unknown.
    cameras : int
        How many stand in the register, removed ones aside.
    consent : str
        ``none``; ``register``: its cameras may be on the map; ``live``: their pictures, too.
    state, state_on : str, date
        How far it has come, and since which day.
    has_contact : bool
        Whether a contact person is kept.
    """

    owner_id: str
    name: str
    name_version: int
    sector: Sector
    address: str
    kelurahan: str
    lon: float | None
    lat: float | None
    cameras_stated: int | None
    cameras: int
    consent: Consent
    state: OwnerState
    state_on: date
    has_contact: bool
    note: str
    version: int


def list_owners(registry: Registry) -> list[Owner]:
    """List all invited owners.

    Parameters
    ----------
    registry : Registry
        Open register.

    Returns
    -------
    list of Owner
        By name.
    """
    with registry.cursor() as cursor:
        return [_owner(row) for row in rows(cursor, f"{_SELECT} order by name, owner_id")]


def get_owner(registry: Registry, owner_id: str) -> Owner:
    """Read one owner.

    Parameters
    ----------
    registry : Registry
        Open register.
    owner_id : str
        Which owner.

    Returns
    -------
    Owner
        As it is now.

    Raises
    ------
    NotFoundError
        If there is no such owner.
    """
    with registry.cursor() as cursor:
        found = rows(cursor, f"{_SELECT} where owner_id = ?", [owner_id])
    if not found:
        raise NotFoundError("not_found", f"owner {owner_id}", {"entity": "owner", "id": owner_id})
    return _owner(found[0])


def contact_of(registry: Registry, owner_id: str) -> Contact:
    """Read the contact person; only for somebody who may see it, and logged by whoever calls.

    Parameters
    ----------
    registry : Registry
        Open register.
    owner_id : str
        Which owner.

    Returns
    -------
    Contact
        Empty if none is kept.

    Raises
    ------
    NotFoundError
        If there is no such owner.
    RegistryError
        If it was encrypted with another key.
    """
    with registry.cursor() as cursor:
        row = existing(cursor, TABLE, owner_id)
    return shown_contact(registry, str(row["contact_secret"]))


def consent_of(registry: Registry, agency_id: str) -> Consent | None:
    """Tell what the owner of cameras allows.

    Parameters
    ----------
    registry : Registry
        Open register.
    agency_id : str
        Owner of the cameras.

    Returns
    -------
    {"none", "register", "live"} or None
        None for an agency that is not in the list of private owners.
    """
    with registry.cursor() as cursor:
        row: dict[str, Any] = dict(find(cursor, TABLE, agency_id) or {})
    return row.get("consent")


def record_owner(
    registry: Registry, actor: str, values: Mapping[str, object], contact: Contact, *, today: date, source: str,
    owner_id: str = "",
) -> Owner:  # fmt: skip
    """Take an owner into the list of those that are invited.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    values : mapping
        All fields of ``RULES``.
    contact : Contact
        Whom to talk to.
    today : date
        The day it is recorded.
    source : str
        Where it is known from; stands in the history.
    owner_id : str
        A private agency that the register has already; a new one is made if it is empty.

    Returns
    -------
    Owner
        As it is now.

    Raises
    ------
    ValidationError
        Lists every value that is not acceptable.
    """
    with writing(registry, actor) as writer:
        key = add_owner(registry, writer, values, contact, today=today, source=source, owner_id=owner_id)
    return get_owner(registry, key)


def add_owner(
    registry: Registry, writer: Writer, values: Mapping[str, object], contact: Contact, *, today: date, source: str,
    owner_id: str = "",
) -> str:  # fmt: skip
    """Take an owner in inside a transaction that writes other records too.

    Parameters
    ----------
    registry : Registry
        Open register.
    writer : Writer
        Open transaction.
    values : mapping
        All fields of ``RULES``.
    contact : Contact
        Whom to talk to.
    today : date
        The day it is recorded.
    source : str
        Where it is known from.
    owner_id : str
        A private agency of the register; a new one is made if it is empty.

    Returns
    -------
    str
        Id of the owner.

    Raises
    ------
    ValidationError
        Lists every value that is not acceptable.
    """
    where = str(values.get("name", "")) or "owner"
    found = [*problems(where, values, contact), *checks.missing(RULES, where, values)]
    if not source.strip():
        found.append(Problem("required", where, "source"))
    if owner_id:
        found += id_problems(writer.cursor, TABLE, owner_id)
    raise_if_any(found, ValidationError, code="invalid", message=f"owner {where}")
    key = owner_id or next_owner_id(writer)
    columns = {name: value for name, value in values.items() if name != "name"}
    if not owner_id:
        agency = {"name": values["name"], "kind": PRIVATE, "source": source, "as_of": today, "certainty": "B"}
        writer.create(agencies.TABLE, {"agency_id": key, **agency}, source)
    writer.create(
        TABLE, {"owner_id": key, **columns, "consent": "none", "state": "recorded", "state_on": today,
                "contact_secret": hidden_contact(registry, contact)}, source,
    )  # fmt: skip
    return key


def change_owner(
    registry: Registry, actor: str, owner: Owner, values: Mapping[str, object], contact: Contact | None, reason: str
) -> Owner:  # fmt: skip
    """Change what is known of an owner; its state is changed by steps alone.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    owner : Owner
        As the person saw it.
    values : mapping
        Field of ``RULES`` to new value.
    contact : Contact or None
        New contact person; None leaves it.
    reason : str
        Why.

    Returns
    -------
    Owner
        As it is now.

    Raises
    ------
    ValidationError
        Lists every value that is not acceptable.
    StaleEditError
        If somebody else changed it in the meantime.
    NotFoundError
        If there is no such owner.
    """
    found = list(problems(owner.name, values, contact))
    raise_if_any(found, ValidationError, code="invalid", message=f"owner {owner.owner_id}")
    columns: Row = {name: value for name, value in values.items() if name != "name"}
    if contact is not None:
        columns["contact_secret"] = hidden_contact(registry, contact)
    with writing(registry, actor) as writer:
        writer.update(TABLE, owner.owner_id, owner.version, columns, reason)
        if "name" in values:
            writer.update(agencies.TABLE, owner.owner_id, owner.name_version, {"name": values["name"]}, reason)
    return get_owner(registry, owner.owner_id)


def problems(where: str, values: Mapping[str, object], contact: Contact | None) -> Iterator[Problem]:
    """Find everything that is wrong with the fields of an owner.

    Parameters
    ----------
    where : str
        Name of the owner, for the text.
    values : mapping
        Field of ``RULES`` to value; fields that are missing are not looked at.
    contact : Contact or None
        Whom to talk to.

    Yields
    ------
    Problem
        One per wrong value.
    """
    yield from checks.problems(RULES, where, values)
    if {"lon", "lat"} <= values.keys():
        yield from checks.position_problems(where, values)
    for name, value in values.items():
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            yield Problem("too_long", where, name, str(len(value)), str(LONGEST_TEXT))
    for name, value in asdict(contact or Contact()).items():
        if len(value) > LONGEST_CONTACT:
            yield Problem("too_long", where, f"contact_{name}", str(len(value)), str(LONGEST_CONTACT))


def next_owner_id(writer: Writer) -> str:
    """Give the id of the next new owner.

    Parameters
    ----------
    writer : Writer
        Open transaction.

    Returns
    -------
    str
        ``swasta-0001`` and so on.
    """
    sql = "select max(try_cast(regexp_extract(agency_id, '^swasta-(\\d+)$', 1) as integer)) as top from agency"
    top = rows(writer.cursor, sql)[0]["top"]
    return f"swasta-{int(str(top or 0)) + 1:04d}"


def _owner(row: Mapping[str, Any]) -> Owner:
    return Owner(**row)

"""Private owners as people work with them: record, change, take steps and take them back, see a contact person."""

from collections.abc import Mapping

from cctv.errors import AccessError, Problem, ValidationError, raise_if_any
from cctv.geodata import kelurahan_at
from cctv.geodata.lonlat import to_metres
from cctv.permissions import Permission
from cctv.registry import owner_steps, owners
from cctv.registry.access_log import log_access
from cctv.registry.agencies import list_agencies
from cctv.registry.contacts import Contact
from cctv.registry.models import Account, Agency
from cctv.registry.owner_links import revoke_links
from cctv.registry.owner_steps import NewStep, OwnerStep
from cctv.registry.owners import PRIVATE, Owner
from cctv.services import accounts
from cctv.services.ceilings import kelurahan_names
from cctv.services.price_list import today_here
from cctv.services.runtime import Runtime

SEEN_ACTION = "lihat_kontak_pemilik"


def owners_for(runtime: Runtime, account: Account) -> list[Owner]:
    """List the owners that a person may see.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who asks; one that is limited to an agency sees that one alone.

    Returns
    -------
    list of Owner
        By name.

    Raises
    ------
    AccessError
        If the role does not allow it.
    """
    accounts.require(account, Permission.SEE_OWNERS)
    found = owners.list_owners(runtime.registry)
    return [owner for owner in found if account.agency_id in (None, "", owner.owner_id)]


def uninvited(runtime: Runtime) -> list[Agency]:
    """List private agencies of the register that are not in the list of owners yet.

    Parameters
    ----------
    runtime : Runtime
        Open process.

    Returns
    -------
    list of Agency
        By name.
    """
    known = {owner.owner_id for owner in owners.list_owners(runtime.registry)}
    found = list_agencies(runtime.registry)
    return [agency for agency in found if agency.kind == PRIVATE and agency.agency_id not in known]


def record(
    runtime: Runtime, account: Account, values: Mapping[str, object], contact: Contact, *, source: str,
    owner_id: str = "",
) -> Owner:  # fmt: skip
    """Take an owner into the list.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who records it.
    values : mapping
        Name, sector, address, kelurahan, position, number of cameras, remark.
    contact : Contact
        Whom to talk to.
    source : str
        Where it is known from.
    owner_id : str
        A private agency of the register; empty for a new one.

    Returns
    -------
    Owner
        As it is now.

    Raises
    ------
    AccessError
        If the role does not allow it.
    ValidationError
        Lists every value that is not acceptable.
    """
    require_editor(account, owner_id)
    checked = completed(runtime, values)
    return owners.record_owner(
        runtime.registry, account.username, checked, contact, today=today_here(), source=source, owner_id=owner_id
    )


def change(
    runtime: Runtime, account: Account, owner: Owner, values: Mapping[str, object], contact: Contact | None,
    reason: str,
) -> Owner:  # fmt: skip
    """Change what is known of an owner.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who changes it.
    owner : Owner
        As the person saw it.
    values : mapping
        Field to new value.
    contact : Contact or None
        New contact person; None leaves it.
    reason : str
        Why; stands in the history.

    Returns
    -------
    Owner
        As it is now.

    Raises
    ------
    AccessError
        If the role does not allow it.
    ValidationError
        Lists every value that is not acceptable.
    StaleEditError
        If somebody else changed it in the meantime.
    """
    require_editor(account, owner.owner_id)
    missing = [] if reason.strip() else [Problem("required", owner.name, "reason")]
    raise_if_any(missing, ValidationError, code="invalid", message=owner.owner_id)
    changes = {name: value for name, value in completed(runtime, values).items() if value != getattr(owner, name)}
    return owners.change_owner(runtime.registry, account.username, owner, changes, contact, reason)


def take_step(runtime: Runtime, account: Account, owner: Owner, step: NewStep) -> OwnerStep:
    """Take a step of an owner; a withdrawal takes its cameras out of every view at once.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who writes it down.
    owner : Owner
        As the person saw it.
    step : NewStep
        Where to, when, why.

    Returns
    -------
    OwnerStep
        The step.

    Raises
    ------
    AccessError
        If the role does not allow it.
    ValidationError
        Lists everything that stands in the way.
    StaleEditError
        If somebody else changed it in the meantime.
    """
    require_editor(account, owner.owner_id)
    return owner_steps.take_step(
        runtime.registry, account.username, owner.owner_id, owner.version, step, today=today_here()
    )


def undo_step(runtime: Runtime, account: Account, step: OwnerStep, reason: str) -> None:
    """Take one's own last step back.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who takes it back.
    step : OwnerStep
        The step.
    reason : str
        Why.

    Raises
    ------
    AccessError
        If the role does not allow it, or it is somebody else's step.
    RegistryError
        ``undo_too_late`` if it is not the last one that stands.
    ValidationError
        If there is no reason.
    """
    require_editor(account, step.owner_id)
    owner_steps.undo_step(runtime.registry, account.username, step.step_id, reason)


def contact_for(runtime: Runtime, account: Account, owner: Owner) -> Contact:
    """Show the contact person to somebody who needs it; who looked is logged.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who asks.
    owner : Owner
        Of whom.

    Returns
    -------
    Contact
        Empty if none is kept.

    Raises
    ------
    AccessError
        If the role does not allow it.
    """
    accounts.require(account, Permission.SEE_CONTACTS)
    _require_own(account, owner.owner_id)
    log_access(runtime.registry, account.username, SEEN_ACTION, owner.owner_id)
    return owners.contact_of(runtime.registry, owner.owner_id)


def close_links(runtime: Runtime, account: Account, owner: Owner, reason: str) -> int:
    """Close every open link of an owner to the self-registration form.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who closes them.
    owner : Owner
        Whose.
    reason : str
        Why.

    Returns
    -------
    int
        How many were open.

    Raises
    ------
    AccessError
        If the role does not allow it.
    """
    require_editor(account, owner.owner_id)
    return revoke_links(runtime.registry, account.username, owner.owner_id, reason)


def completed(runtime: Runtime, values: Mapping[str, object]) -> dict[str, object]:
    """Fill the kelurahan in from the position, and refuse one that does not exist or lies elsewhere.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    values : mapping
        Field to value.

    Returns
    -------
    dict
        The same, with the kelurahan of the position.

    Raises
    ------
    ValidationError
        If the kelurahan is unknown, or is not the one in which the position lies.
    """
    whole, where = dict(values), str(values.get("name", ""))
    named = str(values.get("kelurahan") or "")
    names = kelurahan_names(runtime)
    found: list[Problem] = []
    if named and named not in names:
        found.append(Problem("kelurahan_unknown", where, "kelurahan", named, ", ".join(names)))
    lon, lat = values.get("lon"), values.get("lat")
    if isinstance(lon, float) and isinstance(lat, float):
        x_m, y_m = to_metres(lon, lat)
        there = kelurahan_at(runtime.city, float(x_m), float(y_m)) or ""
        if named and there and named != there:
            found.append(Problem("kelurahan_elsewhere", where, "kelurahan", named, there))
        whole["kelurahan"] = named or there
    raise_if_any(found, ValidationError, code="invalid", message=f"owner {where}")
    return whole


def require_editor(account: Account, owner_id: str) -> None:
    """Refuse a person who may not change an owner.

    Parameters
    ----------
    account : Account
        Who acts.
    owner_id : str
        Which owner; empty for a new one.

    Raises
    ------
    AccessError
        If the role or the agency does not allow it.
    """
    accounts.require(account, Permission.EDIT_OWNERS)
    _require_own(account, owner_id)


def _require_own(account: Account, owner_id: str) -> None:
    if account.agency_id and account.agency_id != owner_id:
        raise AccessError("other_agency", f"{account.username} is limited to {account.agency_id}", {"agency": owner_id})

"""Take a camera list of an agency over: preview, commit in one transaction, report, the way back."""

import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from cctv.errors import AccessError
from cctv.geodata import CityLayers
from cctv.importers.cameras.columns import header_key
from cctv.importers.cameras.rows import CameraRow
from cctv.permissions import Permission
from cctv.registry import Registry, imports
from cctv.registry import cameras as camera_store
from cctv.registry.import_records import ImportRecord, list_imports
from cctv.registry.import_undo import RolledBack, roll_back
from cctv.registry.imports import Batch
from cctv.registry.models import Account
from cctv.registry.points import list_points
from cctv.services import accounts
from cctv.services.camera_lists import ListCheck, check_list, repeats
from cctv.services.import_confirm import to_remember
from cctv.services.import_joins import Join, find_joins
from cctv.services.import_plan import Choice, Plan, make_plan, usual_choices
from cctv.services.runtime import Runtime


@dataclass(frozen=True)
class Preview:
    """A list before it is taken over; nothing of it is in the register.

    Attributes
    ----------
    check : ListCheck
        Columns, rows and duplicates.
    file_name, sha256 : str
        The file.
    owner : str
        Agency whose list it is, empty if each row names its own.
    choices : dict
        Row key to what becomes of it if nobody decides otherwise.
    joins : dict
        Row key to the point of the register beside which the camera stands.
    """

    check: ListCheck
    file_name: str
    sha256: str
    owner: str
    choices: dict[str, Choice]
    joins: dict[str, Join]


def preview(
    registry: Registry, city: CityLayers, file: Path, owner: str = "", *,
    name: str = "", fields: Sequence[str] | None = None,
) -> Preview:  # fmt: skip
    """Read a list and say what would become of it.

    Parameters
    ----------
    registry : Registry
        Open register.
    city : CityLayers
        City layers.
    file : Path
        The list.
    owner : str
        Agency id for rows without an owner.
    name : str
        Name the file had where it came from.
    fields : sequence of str, optional
        What a person says each column holds.

    Returns
    -------
    Preview
        With a choice for each row.

    Raises
    ------
    ImportProblemsError
        As for :func:`~cctv.services.camera_lists.check_list`.
    """
    check = check_list(registry, city, file, owner or None, fields)
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return Preview(check, name or file.name, digest, owner, _usual(registry, check), _joins(registry, check))


def preview_upload(
    runtime: Runtime, name: str, data: bytes, owner: str = "", fields: Sequence[str] | None = None
) -> Preview:
    """Read a list that came through the browser; the file is gone afterwards.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    name : str
        Name the file has on the sender's side; never used as a path.
    data : bytes
        Its content.
    owner : str
        Agency id for rows without an owner.
    fields : sequence of str, optional
        What a person says each column holds.

    Returns
    -------
    Preview
        With a choice for each row.

    Raises
    ------
    ImportProblemsError
        As for :func:`preview`.
    """
    plain = re.sub(r"[^\w .()-]", "_", name.replace("\\", "/").rsplit("/", 1)[-1])[-100:].lstrip(".") or "daftar"
    with TemporaryDirectory(prefix="cctv-unggah-") as folder:
        file = Path(folder) / plain
        file.write_bytes(data)
        return preview(runtime.registry, runtime.city, file, owner, fields=fields)


def with_rows(registry: Registry, found: Preview, rows: Sequence[CameraRow]) -> Preview:
    """Give the preview with rows that a person corrected.

    Parameters
    ----------
    registry : Registry
        Open register.
    found : Preview
        As read.
    rows : sequence of CameraRow
        All rows, with the same keys.

    Returns
    -------
    Preview
        Duplicates are looked for again.
    """
    check = replace(found.check, rows=tuple(rows), pairs=repeats(registry, rows))
    return replace(found, check=check, choices=_usual(registry, check), joins=_joins(registry, check))


def plan_of(registry: Registry, city: CityLayers, found: Preview, choices: Mapping[str, Choice], as_of: date) -> Plan:
    """Lay out what would be written.

    Parameters
    ----------
    registry : Registry
        Open register.
    city : CityLayers
        City layers.
    found : Preview
        Confirmed list.
    choices : mapping
        Row key to choice; a row without one is new.
    as_of : date
        Day for which the list holds.

    Returns
    -------
    Plan
        With the number of rows per outcome.
    """
    cameras = {camera.camera_id: camera for camera in camera_store.list_cameras(registry)}
    whose = f" milik {found.owner}" if found.owner else ""
    source = f"daftar{whose}: {found.file_name}"
    plan = make_plan(
        found.check.rows, found.check.pairs, choices, cameras, city, found.joins, source=source, as_of=as_of
    )
    plan.counts["left_out"] = len(found.check.table.left_out)
    return plan


def commit(
    registry: Registry, city: CityLayers, actor: str, found: Preview, *, as_of: date,
    choices: Mapping[str, Choice] | None = None, import_id: str = "", remember: bool = False,
) -> ImportRecord:  # fmt: skip
    """Write a confirmed list in one transaction.

    Parameters
    ----------
    registry : Registry
        Open register.
    city : CityLayers
        City layers.
    actor : str
        Name on every change.
    found : Preview
        Confirmed list.
    as_of : date
        Day for which the list holds.
    choices : mapping, optional
        Row key to choice; those of the preview by default.
    import_id : str
        Id of the record; made if empty. The same id is never taken over twice.
    remember : bool
        Whether a person confirmed the columns.

    Returns
    -------
    ImportRecord
        With the number of rows per outcome.

    Raises
    ------
    RegistryError
        As for :func:`~cctv.registry.imports.take_over`.
    """
    plan = plan_of(registry, city, found, found.choices if choices is None else choices, as_of)
    headers = [header_key(header) for header in found.check.table.headers]
    mapping = {key: column.field for key, column in zip(headers, found.check.columns, strict=True) if key}
    batch = Batch(
        import_id or new_id(), found.file_name, found.sha256, found.owner, as_of, mapping, plan.counts,
        plan.points, plan.cameras, plan.updates, remember, to_remember(found.check.rows) if remember else {},
    )  # fmt: skip
    return imports.take_over(registry, actor, batch)


def commit_as(
    registry: Registry, city: CityLayers, account: Account, found: Preview, *, as_of: date,
    choices: Mapping[str, Choice],
) -> ImportRecord:  # fmt: skip
    """Write a list that a signed-in person confirmed, columns included.

    Parameters
    ----------
    registry : Registry
        Open register.
    city : CityLayers
        City layers.
    account : Account
        Who confirmed it.
    found : Preview
        Confirmed list.
    as_of : date
        Day for which the list holds.
    choices : mapping
        Row key to choice.

    Returns
    -------
    ImportRecord
        With the number of rows per outcome.

    Raises
    ------
    AccessError
        If the role does not allow it, or a row belongs to another agency than the account.
    RegistryError
        As for :func:`~cctv.registry.imports.take_over`.
    """
    accounts.require(account, Permission.EDIT_REGISTER)
    _require_own(registry, account, found, choices)
    return commit(registry, city, account.username, found, as_of=as_of, choices=choices, remember=True)


def roll_back_as(
    registry: Registry, account: Account, import_id: str, reason: str, *, keep_edits: bool = False
) -> RolledBack:
    """Take an import back for a signed-in person.

    Parameters
    ----------
    registry : Registry
        Open register.
    account : Account
        Who wants it.
    import_id : str
        Which import.
    reason : str
        Why.
    keep_edits : bool
        Leave what somebody edited since, instead of refusing.

    Returns
    -------
    RolledBack
        What was taken back and what stays.

    Raises
    ------
    AccessError
        If the role does not allow it, or the import is another person's and the account is limited to an agency.
    RegistryError
        As for :func:`~cctv.registry.imports.roll_back`.
    """
    accounts.require(account, Permission.EDIT_REGISTER)
    if account.agency_id:
        mine = {record.import_id for record in list_imports(registry) if record.imported_by == account.username}
        if import_id not in mine:
            raise AccessError("other_agency", f"{account.username} takes back own imports only", {"agency": import_id})
    return roll_back(registry, account.username, import_id, reason, keep_edits=keep_edits)


def new_id() -> str:
    """Make the id of an import.

    Returns
    -------
    str
        Short and random.
    """
    return f"impor-{secrets.token_hex(5)}"


def _joins(registry: Registry, check: ListCheck) -> dict[str, Join]:
    return find_joins(check.rows, list_points(registry))


def _usual(registry: Registry, check: ListCheck) -> dict[str, Choice]:
    known = frozenset(camera.camera_id for camera in camera_store.list_cameras(registry))
    return usual_choices(check.rows, check.pairs, known)


def _require_own(registry: Registry, account: Account, found: Preview, choices: Mapping[str, Choice]) -> None:
    if not account.agency_id:
        return
    owners = {camera.camera_id: camera.agency_id for camera in camera_store.list_cameras(registry)}
    touched = {row.text("agency_id") for row in found.check.rows
               if row.state != "problem" and choices.get(row.key, "new") != "skip"}  # fmt: skip
    touched |= {owners[pair.second] for pair in found.check.pairs
                if pair.second in owners and choices.get(pair.first) == "update"}  # fmt: skip
    others = sorted(touched - {account.agency_id})
    if others:
        raise AccessError(
            "other_agency", f"{account.username} edits {account.agency_id} only", {"agency": ", ".join(others)}
        )

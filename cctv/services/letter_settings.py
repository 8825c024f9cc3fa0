"""How letters to private owners are made: number, signer, legal basis, days, and the templates an admin may replace."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from cctv.errors import NotFoundError, Problem, ValidationError, raise_if_any
from cctv.i18n import t
from cctv.permissions import Permission
from cctv.registry import letters as store
from cctv.registry.letters import LetterRule, TemplateId
from cctv.registry.models import Account
from cctv.reports.letter_template import DEFAULTS, check_template
from cctv.services import accounts
from cctv.services.plan_files import DOCX
from cctv.services.reporting import ReportFile
from cctv.services.runtime import Runtime


def save_rule(runtime: Runtime, account: Account, rule: LetterRule, values: Mapping[str, object], reason: str) -> None:
    """Change how letters are made.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who changes it.
    rule : LetterRule
        As the person saw it.
    values : mapping
        All fields but the version.
    reason : str
        Why.

    Raises
    ------
    AccessError
        If the role does not allow it.
    ValidationError
        Lists every value that is not acceptable.
    StaleEditError
        If somebody else changed it in the meantime.
    """
    accounts.require(account, Permission.SET_LETTERS)
    address = str(values.get("public_address", ""))
    parts = urlsplit(address)
    found = [] if reason.strip() else [Problem("required", "", "reason")]
    if address and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment):
        found.append(Problem("public_address", "", "public_address", address, "https://cctv.contoh.go.id"))
    raise_if_any(found, ValidationError, code="invalid", message="letter rule")
    store.save_rule(runtime.registry, account.username, rule.version, values, reason)


def put_template(
    runtime: Runtime, account: Account, template_id: TemplateId, docx: bytes | None, name: str
) -> None:  # fmt: skip
    """Put a template in place once it is checked, or go back to the one that comes along.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who puts it there.
    template_id : {"surat", "formulir"}
        Which.
    docx : bytes or None
        As uploaded; None goes back.
    name : str
        Name the file had.

    Raises
    ------
    AccessError
        If the role does not allow it.
    ImportProblemsError
        If it cannot be used, with everything that is missing or wrong; the present one stays.
    """
    accounts.require(account, Permission.SET_LETTERS)
    if docx is not None:
        check_template(docx, template_id)
    store.save_template(
        runtime.registry, account.username, template_id, docx, name[-100:], t("letters.template_reason")
    )


def template_file(runtime: Runtime, account: Account, template_id: str) -> ReportFile:
    """Give the template in force, to be edited in an office program.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who takes it.
    template_id : str
        Which.

    Returns
    -------
    ReportFile
        DOCX.

    Raises
    ------
    AccessError
        If the role does not allow it.
    NotFoundError
        If there is no such template.
    """
    accounts.require(account, Permission.SET_LETTERS)
    if template_id not in DEFAULTS:
        raise NotFoundError("unknown_report", f"no template {template_id!r}", {"name": template_id})
    known: TemplateId = "surat" if template_id == "surat" else "formulir"
    return ReportFile(f"templat-{known}.docx", DOCX, template_in_force(runtime, known))


def template_in_force(runtime: Runtime, template_id: TemplateId) -> bytes:
    """Read the template that letters are made from.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    template_id : {"surat", "formulir"}
        Which.

    Returns
    -------
    bytes
        DOCX: the one an admin put in place, else the one that comes along.
    """
    own = store.template_of(runtime.registry, template_id)
    return own[0] if own else DEFAULTS[template_id].read_bytes()

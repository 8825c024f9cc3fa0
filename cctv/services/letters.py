"""Circular letters to private owners: numbers and links for many at once, and the files to send."""

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date

from cctv.errors import NotFoundError, Problem, ValidationError, raise_if_any
from cctv.i18n import day, number, t
from cctv.permissions import Permission
from cctv.registry import letters as store
from cctv.registry.access_log import log_access
from cctv.registry.letters import Letter, TemplateId
from cctv.registry.models import Account
from cctv.registry.owner_steps import NewStep, add_step
from cctv.registry.owners import get_owner
from cctv.registry.store import writing
from cctv.reports.docx_pdf import docx_pdf
from cctv.reports.letter_template import fill_template
from cctv.services import accounts
from cctv.services.letter_content import filling_of
from cctv.services.letter_settings import template_in_force
from cctv.services.owners import require_editor
from cctv.services.plan_files import DOCX
from cctv.services.price_list import today_here
from cctv.services.reporting import ReportFile
from cctv.services.runtime import Runtime

ACTION = "unduh_surat"
MOST_LETTERS = 100
PDF, ZIP = "application/pdf", "application/zip"
#: Files of a letter: name to template and whether it is a PDF.
FILES: dict[str, tuple[TemplateId, bool]] = {
    "surat.docx": ("surat", False), "surat.pdf": ("surat", True),
    "formulir.docx": ("formulir", False), "formulir.pdf": ("formulir", True),
}  # fmt: skip


def issue(runtime: Runtime, account: Account, owner_ids: Sequence[str], issued_on: date) -> list[Letter]:
    """Give a number and a link to a letter for each owner, all or none.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who issues them.
    owner_ids : sequence of str
        For whom.
    issued_on : date
        Date of the letters.

    Returns
    -------
    list of Letter
        In the order of the owners.

    Raises
    ------
    AccessError
        If the role does not allow it.
    ValidationError
        If an owner is not there or named twice, nobody or too many are named, or the day lies ahead.
    """
    for owner_id in owner_ids:
        require_editor(account, owner_id)
    accounts.require(account, Permission.EDIT_OWNERS)
    today = today_here()
    found = [] if issued_on <= today else [Problem("future_day", "", "issued_on", day(issued_on), day(today))]
    if len(owner_ids) > MOST_LETTERS:
        found.append(Problem("too_many", "", "owner_id", number(len(owner_ids)), number(MOST_LETTERS)))
    raise_if_any(found, ValidationError, code="invalid", message="letters")
    key = runtime.settings.secret_key
    return store.issue_letters(
        runtime.registry, account.username, owner_ids, issued_on, key, t("letters.issued_reason")
    )


def letter_file(runtime: Runtime, account: Account, letter_id: str, name: str, base: str) -> ReportFile:
    """Make one file of a letter; the access is logged.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who takes it.
    letter_id : str
        Which letter.
    name : str
        Key of ``FILES``.
    base : str
        Address the app was opened at, for the link, unless the rule has another one.

    Returns
    -------
    ReportFile
        DOCX or PDF.

    Raises
    ------
    AccessError
        If the role does not allow it.
    NotFoundError
        If there is no such letter or file.
    RegistryError
        ``link_closed`` if its link works no more: a new letter is needed.
    """
    accounts.require(account, Permission.EDIT_OWNERS)
    if name not in FILES:
        raise NotFoundError("unknown_report", f"no file {name!r}", {"name": name})
    letter = _letters(runtime, account, [letter_id])[0]
    log_access(runtime.registry, account.username, ACTION, f"{letter.letter_id} {name}", letter.letter_number)
    is_pdf = FILES[name][1]
    body = _written(runtime, letter, base)(name)
    return ReportFile(f"{letter.letter_id}-{name}", PDF if is_pdf else DOCX, body)


def letters_zip(runtime: Runtime, account: Account, letter_ids: Sequence[str], base: str) -> ReportFile:
    """Make all files of many letters as one ZIP; the access is logged.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who takes it.
    letter_ids : sequence of str
        Which letters.
    base : str
        Address the app was opened at.

    Returns
    -------
    ReportFile
        A folder per letter with its four files, and a list of all (CSV).

    Raises
    ------
    AccessError
        If the role does not allow it.
    NotFoundError
        If one of the letters is not there.
    ValidationError
        If none or too many are asked for.
    RegistryError
        ``link_closed`` if the link of one works no more.
    """
    accounts.require(account, Permission.EDIT_OWNERS)
    if not 0 < len(letter_ids) <= MOST_LETTERS:
        problem = Problem("too_many", "", "letter_id", number(len(letter_ids)), number(MOST_LETTERS))
        raise_if_any([problem], ValidationError, code="invalid", message="letters")
    letters = _letters(runtime, account, letter_ids)
    log_access(runtime.registry, account.username, ACTION, " ".join(letter.letter_id for letter in letters), "zip")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("daftar-surat.csv", _index(runtime, letters))
        for letter in letters:
            write = _written(runtime, letter, base)
            for name in FILES:
                archive.writestr(f"{letter.letter_id}-{letter.owner_id}/{name}", write(name))
    return ReportFile(f"surat-edaran-{today_here():%Y%m%d}.zip", ZIP, out.getvalue())


def mark_sent(runtime: Runtime, account: Account, letter_ids: Sequence[str], sent_on: date) -> None:
    """Note that letters were sent: a step of each owner, all or none.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who notes it.
    letter_ids : sequence of str
        Which letters.
    sent_on : date
        When they were sent.

    Raises
    ------
    AccessError
        If the role does not allow it.
    NotFoundError
        If one of the letters is not there.
    ValidationError
        If the day lies ahead, or an owner cannot be written to in its present state.
    """
    letters, registry = _letters(runtime, account, letter_ids), runtime.registry
    with writing(registry, account.username) as writer:
        for letter in letters:
            step = NewStep("letter_sent", sent_on, t("letters.sent_note", number=letter.letter_number))
            add_step(registry, writer, letter.owner_id, None, step, today=today_here())


def _letters(runtime: Runtime, account: Account, letter_ids: Sequence[str]) -> list[Letter]:
    by_id = {letter.letter_id: letter for letter in store.list_letters(runtime.registry)}
    missing = [key for key in letter_ids if key not in by_id]
    if missing:
        raise NotFoundError("not_found", f"letter {missing[0]}", {"entity": "letter", "id": missing[0]})
    found = [by_id[key] for key in dict.fromkeys(letter_ids)]
    for letter in found:
        require_editor(account, letter.owner_id)
    return found


def _written(runtime: Runtime, letter: Letter, base: str) -> Callable[[str], bytes]:
    """Prepare what all files of a letter have in common; the answer writes one of them."""
    filling = filling_of(runtime, letter, base)
    made: dict[TemplateId, bytes] = {}

    def write(name: str) -> bytes:
        template_id, is_pdf = FILES[name]
        if template_id not in made:
            title = f"{t(f'letters.title_{template_id}')} {letter.letter_number}"
            made[template_id] = fill_template(template_in_force(runtime, template_id), filling, title)
        return docx_pdf(made[template_id]) if is_pdf else made[template_id]

    return write


def _index(runtime: Runtime, letters: Sequence[Letter]) -> bytes:
    """List the letters without their links: the list is passed around."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(["surat", "nomor", "tanggal", "pemilik", "alamat", "kelurahan"])
    for letter in letters:
        owner = get_owner(runtime.registry, letter.owner_id)
        cells = (
            letter.letter_id,
            letter.letter_number,
            day(letter.issued_on),
            owner.name,
            owner.address,
            owner.kelurahan,
        )
        writer.writerow([f"'{cell}" if cell[:1] in "=+-@" and len(cell) > 1 else cell for cell in cells])
    return out.getvalue().encode("utf-8-sig")

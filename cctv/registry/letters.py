"""Circular letters: their rule (number, signer, legal basis, days), the templates, and which owner got which number."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, get_args

from cctv.errors import Problem, ValidationError, raise_if_any
from cctv.registry import checks
from cctv.registry.connection import Registry
from cctv.registry.owner_links import create_link
from cctv.registry.store import Table, find, rows, writing

TemplateId = Literal["surat", "formulir"]
RULE, TEMPLATE, TABLE = (
    Table("letter_rule", "rule_id"),
    Table("letter_template", "template_id", secret=frozenset({"docx"})),
    Table("letter", "letter_id"),
)
RULE_ID, TEMPLATES = "surat", get_args(TemplateId)
_DAYS = checks.Range(1, 365, "", optional=False, whole=True)
RULES: dict[str, checks.Rule] = {
    **dict.fromkeys(("number_pattern", "sender", "signer", "signer_title", "legal_basis"), checks.NAME),
    **dict.fromkeys(("signer_nip", "public_address"), checks.TEXT),
    **dict.fromkeys(("reply_days", "check_days", "link_days"), _DAYS),
}
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
PLACES = ("urut", "bulan", "tahun")


@dataclass(frozen=True)
class LetterRule:
    """How letters are made; version 0 are the assumptions that come along, to be replaced by the city.

    Attributes
    ----------
    number_pattern : str
        Number of a letter, with ``{urut}`` (from 1 every year), ``{bulan}`` (Roman), ``{tahun}``.
    public_address : str
        Where owners reach the app; empty is the address the app was opened at.
    reply_days : int
        After so many days without an answer to a letter, or without a check after a yes, it is due.
    check_days : int
        After so many days a technical check that has not ended is due.
    link_days : int
        How long the link in a letter works.
    """

    number_pattern: str = "{urut}/CCTV/{bulan}/{tahun}"
    sender: str = "Dinas Komunikasi dan Informatika Kota Mojokerto"
    signer: str = "(nama penanda tangan)"
    signer_title: str = "(jabatan penanda tangan)"
    signer_nip: str = ""
    legal_basis: str = (
        "Undang-Undang Nomor 27 Tahun 2022 tentang Pelindungan Data Pribadi, pasal 17.\n"
        "(dasar hukum lain diisi oleh Pemerintah Kota)"
    )
    public_address: str = ""
    reply_days: int = 14
    check_days: int = 30
    link_days: int = 60
    version: int = 0


@dataclass(frozen=True)
class Letter:
    """One letter to one owner."""

    letter_id: str
    owner_id: str
    letter_number: str
    issued_on: date
    sequence: int
    link_id: str
    version: int


def letter_rule(registry: Registry) -> LetterRule:
    """Give the rule in force.

    Parameters
    ----------
    registry : Registry
        Open register.

    Returns
    -------
    LetterRule
        The assumptions that come along until somebody has saved another.
    """
    with registry.cursor() as cursor:
        row = find(cursor, RULE, RULE_ID)
    return _rule(row) if row else LetterRule()


def save_rule(registry: Registry, actor: str, version: int, values: Mapping[str, object], reason: str) -> None:
    """Change the rule.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    version : int
        Version that the person saw.
    values : mapping
        All fields of ``RULES``.
    reason : str
        Why.

    Raises
    ------
    ValidationError
        Lists every value that is not acceptable.
    StaleEditError
        If somebody else changed it in the meantime.
    """
    found = [*checks.problems(RULES, "surat", values), *checks.missing(RULES, "surat", values)]
    found += _pattern_problems(str(values.get("number_pattern", "")))
    raise_if_any(found, ValidationError, code="invalid", message="letter rule")
    with writing(registry, actor) as writer:
        if find(writer.cursor, RULE, RULE_ID) is None:
            writer.create(RULE, {"rule_id": RULE_ID, **values}, reason)
        else:
            writer.update(RULE, RULE_ID, version, values, reason, shown=_rule)


def template_of(registry: Registry, template_id: TemplateId) -> tuple[bytes, str, int] | None:
    """Give a template that somebody has put in place of the one that comes along.

    Parameters
    ----------
    registry : Registry
        Open register.
    template_id : {"surat", "formulir"}
        Which.

    Returns
    -------
    tuple of bytes, str and int, or None
        DOCX, name of the file, version; None if the one that comes along is in force.
    """
    with registry.cursor() as cursor:
        row = find(cursor, TEMPLATE, template_id)
    if row is None:
        return None
    fields: dict[str, Any] = dict(row)
    return bytes(fields["docx"]), str(fields["file_name"]), int(fields["version"])


def save_template(
    registry: Registry, actor: str, template_id: TemplateId, docx: bytes | None, file_name: str, reason: str
) -> None:  # fmt: skip
    """Put a checked template in place, or go back to the one that comes along.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    template_id : {"surat", "formulir"}
        Which.
    docx : bytes or None
        The template; None goes back.
    file_name : str
        Name the file had.
    reason : str
        Why.
    """
    with writing(registry, actor) as writer:
        before = find(writer.cursor, TEMPLATE, template_id)
        if docx is None:
            if before is not None:
                writer.delete(TEMPLATE, template_id, int(str(before["version"])), reason)
        elif before is None:
            writer.create(TEMPLATE, {"template_id": template_id, "docx": docx, "file_name": file_name}, reason)
        else:
            writer.update(TEMPLATE, template_id, None, {"docx": docx, "file_name": file_name}, reason)


def issue_letters(
    registry: Registry, actor: str, owner_ids: Sequence[str], issued_on: date, secret_key: str, reason: str
) -> list[Letter]:  # fmt: skip
    """Give a number and a link to a letter for each owner, all or none.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    owner_ids : sequence of str
        For whom; each once.
    issued_on : date
        Date of the letters.
    secret_key : str
        Key of the links, from the settings.
    reason : str
        Why.

    Returns
    -------
    list of Letter
        In the order of the owners.

    Raises
    ------
    ValidationError
        If an owner is not there or named twice, or nobody is named.
    """
    rule = letter_rule(registry)
    with writing(registry, actor) as writer:
        known = {str(row["owner_id"]) for row in rows(writer.cursor, "select owner_id from owner")}
        found = [Problem("reference", key, "owner_id", key) for key in owner_ids if key not in known]
        found += [
            Problem("taken", key, "owner_id", key) for key in sorted({k for k in owner_ids if owner_ids.count(k) > 1})
        ]
        found += [] if owner_ids else [Problem("required", "", "owner_id")]
        raise_if_any(found, ValidationError, code="invalid", message="letters")
        sql = "select count(*) as n, max(sequence) filter (year(issued_on) = ?) as top from letter"
        counted = rows(writer.cursor, sql, [issued_on.year])[0]
        count, top = int(str(counted["n"])), int(str(counted["top"] or 0))
        expires_on = issued_on + timedelta(days=rule.link_days)
        made: list[Letter] = []
        for step, owner_id in enumerate(owner_ids, start=1):
            link_id = create_link(writer, owner_id, expires_on, secret_key, reason)
            number = written_number(rule.number_pattern, top + step, issued_on)
            letter = Letter(f"S-{count + step:05d}", owner_id, number, issued_on, top + step, link_id, 1)
            writer.create(TABLE, {k: v for k, v in vars(letter).items() if k != "version"}, reason)
            made.append(letter)
    return made


def list_letters(registry: Registry, owner_id: str | None = None) -> list[Letter]:
    """List letters.

    Parameters
    ----------
    registry : Registry
        Open register.
    owner_id : str, optional
        Only to this owner.

    Returns
    -------
    list of Letter
        Newest first.
    """
    sql = "select * from letter where (?::varchar is null or owner_id = ?) order by letter_id desc"
    with registry.cursor() as cursor:
        return [_letter(row) for row in rows(cursor, sql, [owner_id, owner_id])]


def written_number(pattern: str, sequence: int, issued_on: date) -> str:
    """Write the number of a letter.

    Parameters
    ----------
    pattern : str
        With ``{urut}``, ``{bulan}`` and ``{tahun}``.
    sequence : int
        Which letter of the year, from 1.
    issued_on : date
        Date of the letter.

    Returns
    -------
    str
        For example ``12/CCTV/XI/2026``.
    """
    words = {"urut": str(sequence), "bulan": ROMAN[issued_on.month - 1], "tahun": str(issued_on.year)}
    for name, word in words.items():
        pattern = pattern.replace(f"{{{name}}}", word)
    return pattern


def _pattern_problems(pattern: str) -> list[Problem]:
    # without the year two letters of different years would have one number
    if {"{urut}", "{tahun}"} <= set(re.findall(r"\{\w+\}", pattern)) and "{" not in written_number(
        pattern, 1, date(2026, 1, 1)
    ):
        return []
    expected = ", ".join(f"{{{name}}}" for name in PLACES)
    return [Problem("number_pattern", "surat", "number_pattern", pattern, expected)]


def _rule(row: Mapping[str, Any]) -> LetterRule:
    return LetterRule(**{name: value for name, value in row.items() if name != "rule_id"})


def _letter(row: Mapping[str, Any]) -> Letter:
    return Letter(**row)

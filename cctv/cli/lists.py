"""``import-check``: what a camera list of an agency holds, before anybody takes it over."""

from argparse import Namespace
from collections import Counter
from pathlib import Path

from cctv.cli.output import say
from cctv.cli.parsing import Parser
from cctv.cli.register import opened_register
from cctv.geodata import load_city
from cctv.i18n import number, t
from cctv.importers.cameras.duplicates import Pair
from cctv.importers.cameras.rows import CameraRow
from cctv.importers.cameras.words import masked
from cctv.services.camera_lists import ListCheck, check_list
from cctv.settings import get_settings

_MOST_SHOWN = 20


def add_arguments(parser: Parser) -> None:
    """Add the arguments of ``import-check``.

    Parameters
    ----------
    parser : Parser
        Parser of the command.
    """
    parser.values.add_argument("file", type=Path, metavar=t("cli.file"), help=t("cli.import_check.file"))
    parser.options.add_argument("--owner", metavar=t("cli.text"), help=t("cli.import_check.owner"))


def check(arguments: Namespace) -> int:
    """Read a list and print what it seems to hold; the register is not changed.

    Parameters
    ----------
    arguments : Namespace
        ``file``, ``owner``.

    Returns
    -------
    int
        0 if every row can be used, 1 if some cannot.

    Raises
    ------
    ImportProblemsError
        If the file is refused, damaged, or holds no table.
    RegistryError
        If the register cannot be opened.
    """
    city = load_city(get_settings().geo_dir)
    with opened_register() as registry:
        found = check_list(registry, city, arguments.file, arguments.owner)
    _show_columns(found)
    _show_left_out(found)
    for row in [row for row in found.rows if row.state == "problem"][:_MOST_SHOWN]:
        _show_row(row)
    guesses = Counter(
        note.code
        for row in found.rows
        for value in row.values.values()
        if value.state == "guess"
        for note in value.notes
    )
    say(t("cli.import_check.guesses"))
    for code, n in sorted(guesses.items(), key=lambda item: (-item[1], item[0])):
        say(f"  {number(n):>6}  {t(f'importing.kind.{code}')}")
    for pair in found.pairs[:_MOST_SHOWN]:
        _show_pair(pair)
    counts = {state: number(found.count(state)) for state in ("read", "guess", "problem")}
    say(t("cli.import_check.result", n=number(len(found.rows)), twins=number(len(found.pairs)), **counts))
    return int(found.count("problem") > 0)


def _show_columns(found: ListCheck) -> None:
    say(t("cli.import_check.columns"))
    for header, column in zip(found.table.headers, found.columns, strict=True):
        field = t(f"importing.field.{column.field}") if column.field else t("cli.import_check.not_taken")
        say(f"  {masked(header)} → {field} ({column.score} %)" if column.field else f"  {masked(header)} → {field}")


def _show_left_out(found: ListCheck) -> None:
    for left in found.table.left_out[:_MOST_SHOWN]:
        place = _place(left.sheet, left.line)
        say(f"  {place}: {t(f'importing.left_out.{left.code}')}: {masked(left.text)}")
    if len(found.table.left_out) > _MOST_SHOWN:
        say("  " + t("cli.more_problems", n=len(found.table.left_out) - _MOST_SHOWN))


def _show_row(row: CameraRow) -> None:
    for value in row.values.values():
        if value.state == "problem":
            reasons = ", ".join(t(f"importing.kind.{note.code}") for note in value.notes)
            say(f"  {_place(row.sheet, row.line)}: {reasons}: {masked(value.raw) or '-'}")


def _show_pair(pair: Pair) -> None:
    reasons = ", ".join(t(f"importing.twin.{note.code}", **note.params) for note in pair.reasons)
    say(f"  {pair.first} = {pair.second}: {t(f'importing.twin.{pair.verdict}')} ({reasons})")


def _place(sheet: str, line: int) -> str:
    where = t("importing.line", line=line)
    return f"{sheet}, {where}" if sheet else where

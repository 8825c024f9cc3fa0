"""``import`` and ``import-undo``: take a camera list over, and take it back."""

import getpass
import re
from argparse import Namespace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from cctv.cli.output import say
from cctv.cli.parsing import Parser
from cctv.cli.register import opened_register
from cctv.errors import RegistryError
from cctv.geodata import load_city
from cctv.i18n import WIB, number, t
from cctv.registry import Registry, import_undo
from cctv.services import geoportal, importing, inbox
from cctv.settings import get_settings

OUTCOMES = ("new", "update", "skip", "problem", "left_out", "guess", "outside", "unplaced", "joined")


def add_arguments(parser: Parser) -> None:
    """Add the arguments of ``import``.

    Parameters
    ----------
    parser : Parser
        Parser of the command.
    """
    parser.values.add_argument("file", metavar=t("cli.file"), help=t("cli.import.file"))
    parser.options.add_argument("--layer", metavar=t("cli.text"), default="", help=t("cli.import.layer"))
    parser.options.add_argument("--owner", metavar=t("cli.text"), default="", help=t("cli.import_check.owner"))
    parser.options.add_argument("--as-of", type=date.fromisoformat, metavar="YYYY-MM-DD", help=t("cli.import.as_of"))
    parser.options.add_argument("--dry-run", action="store_true", help=t("cli.import.dry_run"))


def take_over(arguments: Namespace) -> int:
    """Take a list over in one transaction; while the app holds the register, leave it in the app's inbox.

    Parameters
    ----------
    arguments : Namespace
        ``file`` (or an address of a geoportal), ``layer``, ``owner``, ``as_of``, ``dry_run``.

    Returns
    -------
    int
        0 if every row was used, 1 if some have a problem and were left out.

    Raises
    ------
    ImportProblemsError
        If the file is refused, damaged, or holds no table, or the geoportal may not be asked or does not answer.
    RegistryError
        If the register cannot be opened or a value is not acceptable; nothing is written then.
    """
    as_of: date = arguments.as_of or datetime.now(WIB).date()
    if not re.match(r"https?://", arguments.file):
        return _list_taken(Path(arguments.file), arguments, as_of)
    found = geoportal.fetch(get_settings(), None, _actor(), arguments.file, arguments.layer)
    say(
        t("cli.import.fetched", n=number(len(found.layer.features)), source=found.layer.source, pages=found.layer.pages)
    )
    if found.layer.has_lat_first:
        say(t("importing.geoportal.lat_first"))
    with TemporaryDirectory(prefix="cctv-geoportal-") as folder:
        file = Path(folder) / found.name
        file.write_bytes(found.data)
        return _list_taken(file, arguments, as_of)


def _list_taken(file: Path, arguments: Namespace, as_of: date) -> int:
    try:
        with opened_register() as registry:
            return _taken(registry, file, arguments, as_of)
    except RegistryError as error:
        if error.code != "in_use" or arguments.dry_run:
            raise
    job = inbox.hand_in(get_settings().database, file, owner=arguments.owner, as_of=as_of, actor=_actor())
    say(t("cli.import.queued", id=job.job_id))
    return 0


def add_undo_arguments(parser: Parser) -> None:
    """Add the arguments of ``import-undo``.

    Parameters
    ----------
    parser : Parser
        Parser of the command.
    """
    parser.values.add_argument("import_id", metavar=t("cli.text"), help=t("cli.import_undo.id"))
    parser.options.add_argument("--reason", metavar=t("cli.text"), required=True, help=t("cli.import_undo.reason"))
    parser.options.add_argument("--keep-edits", action="store_true", help=t("cli.import_undo.keep_edits"))


def undo(arguments: Namespace) -> int:
    """Take a whole import back.

    Parameters
    ----------
    arguments : Namespace
        ``import_id``, ``reason``, ``keep_edits``.

    Returns
    -------
    int
        0.

    Raises
    ------
    RegistryError
        If the register is in use, there is no such import, or something was edited since.
    """
    with opened_register() as registry:
        done = import_undo.roll_back(
            registry, _actor(), arguments.import_id, arguments.reason, keep_edits=arguments.keep_edits
        )
    say(t("cli.import_undo.done", n=number(len(done.undone)), kept=", ".join(done.kept) or "-"))
    return 0


def _taken(registry: Registry, file: Path, arguments: Namespace, as_of: date) -> int:
    city = load_city(get_settings().geo_dir)
    found = importing.preview(registry, city, file, arguments.owner)
    if arguments.dry_run:
        counts = importing.plan_of(registry, city, found, found.choices, as_of).counts
        say(t("cli.import.dry"))
    else:
        record = importing.commit(registry, city, _actor(), found, as_of=as_of)
        counts = record.counts
        say(t("cli.import.done", id=record.import_id))
    for name in OUTCOMES:
        say(f"  {number(counts.get(name, 0)):>6}  {t(f'importing.outcome.{name}')}")
    if counts["problem"]:
        say(t("cli.import.look", file=file.name))
    return int(counts["problem"] > 0)


def _actor() -> str:
    return f"terminal:{getpass.getuser()}"

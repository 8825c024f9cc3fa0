"""``doctor``, ``backup``, ``restore`` and ``demo``: the register and the health of the installation."""

import shutil
import sys
from argparse import Namespace
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from cctv.cli.output import say, show_problems
from cctv.cli.parsing import Parser
from cctv.errors import Problem
from cctv.geodata import check_city
from cctv.i18n import number, t
from cctv.registry import Registry
from cctv.registry import backup as copies
from cctv.registry import doctor as examination
from cctv.registry.accounts import DEMO_ACCOUNTS
from cctv.services.basemap import GLYPH_DIR
from cctv.settings import Settings, get_settings

_LEAST_FREE_BYTES = 500_000_000
_YES = ("y", "ya", "yes")


def add_no_arguments(parser: Parser) -> None:
    """Leave a command without arguments.

    Parameters
    ----------
    parser : Parser
        Parser of the command; not changed.
    """
    del parser


@contextmanager
def opened_register() -> Generator[Registry]:
    """Open the register for one command.

    Yields
    ------
    Registry
        Closed at the end.

    Raises
    ------
    RegistryError
        If the running app holds it, or it cannot be opened.
    """
    settings = get_settings()
    registry = Registry.open(settings.database, secret_key=settings.secret_key)
    try:
        yield registry
    finally:
        registry.close()


def doctor(_arguments: Namespace) -> int:
    """Examine the whole installation.

    Parameters
    ----------
    _arguments : Namespace
        Not looked at.

    Returns
    -------
    int
        0 if everything is sound, 1 if something was found.

    Raises
    ------
    RegistryError
        If the register cannot be opened.
    """
    settings = get_settings()
    with opened_register() as registry:
        findings = {
            "settings": _place_problems(settings),
            "geodata": check_city(settings.geo_dir),
            "register": examination.doctor(registry),
        }
    say(t("cli.doctor.python", version=".".join(map(str, sys.version_info[:3]))))
    for name, problems in findings.items():
        verdict = t("cli.doctor.found", n=len(problems)) if problems else t("cli.doctor.sound")
        say(f"{t(f'cli.doctor.{name}')}: {verdict}")
        show_problems(problems)
    return int(any(findings.values()))


def add_backup_arguments(parser: Parser) -> None:
    """Add the arguments of ``backup``.

    Parameters
    ----------
    parser : Parser
        Parser of the command.
    """
    parser.values.add_argument(
        "folder", type=Path, nargs="?", default=Path("cadangan"), metavar=t("cli.folder"), help=t("cli.backup.folder")
    )


def backup(arguments: Namespace) -> int:
    """Write a checked copy of the register.

    Parameters
    ----------
    arguments : Namespace
        ``folder``.

    Returns
    -------
    int
        0.

    Raises
    ------
    RegistryError
        If the register is in use or the copy cannot be written.
    """
    with opened_register() as registry:
        copy = copies.back_up(registry, arguments.folder, datetime.now(UTC))
    say(t("cli.backup.done", path=copy, size=number(copy.stat().st_size / 1e6, 1)))
    return 0


def add_restore_arguments(parser: Parser) -> None:
    """Add the arguments of ``restore``.

    Parameters
    ----------
    parser : Parser
        Parser of the command.
    """
    parser.values.add_argument("file", type=Path, metavar=t("cli.file"), help=t("cli.restore.file"))
    parser.options.add_argument("--yes", action="store_true", help=t("cli.restore.yes"))


def restore(arguments: Namespace) -> int:
    """Put a copy in the place of the register, after asking.

    Parameters
    ----------
    arguments : Namespace
        ``file``, ``yes``.

    Returns
    -------
    int
        0 if done, 1 if the person said no.

    Raises
    ------
    RegistryError
        If the copy cannot be opened or the register is in use.
    """
    settings = get_settings()
    if not arguments.yes and input(t("cli.restore.ask", path=settings.database)).strip().lower() not in _YES:
        say(t("cli.restore.refused"))
        return 1
    copies.restore(arguments.file, settings.database, secret_key=settings.secret_key)
    say(t("cli.restore.done", path=settings.database))
    return 0


def demo(_arguments: Namespace) -> int:
    """Print the demo accounts.

    Parameters
    ----------
    _arguments : Namespace
        Not looked at.

    Returns
    -------
    int
        0 in demo mode, 1 in production, which has none.
    """
    settings = get_settings()
    if not settings.is_demo:
        say(t("cli.demo.none"))
        return 1
    show_demo_accounts(settings)
    return 0


def show_demo_accounts(settings: Settings) -> None:
    """Print names, roles and the common password of the demo accounts.

    Parameters
    ----------
    settings : Settings
        Hold the password.
    """
    say(t("cli.demo.accounts", password=settings.demo_password))
    for username, _, role in DEMO_ACCOUNTS:
        say(f"  {username:10} {t(f'role.{role}')}")


def _place_problems(settings: Settings) -> list[Problem]:
    """Look for what an installation can lack: room on the disk, letters of the map."""
    problems: list[Problem] = []
    free = shutil.disk_usage(settings.database.parent).free
    if free < _LEAST_FREE_BYTES:
        mb = f"{_LEAST_FREE_BYTES // 10**6} MB"
        problems.append(Problem("little_room", str(settings.database.parent), "", f"{free // 10**6} MB", mb))
    if not any(GLYPH_DIR.glob("*/0-255.pbf")):
        problems.append(Problem("no_glyphs", str(GLYPH_DIR)))
    return problems

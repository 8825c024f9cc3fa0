"""``export``: the register as a file, without secrets, logged with a purpose."""

import getpass
from argparse import Namespace
from pathlib import Path

from cctv.cli.output import say
from cctv.cli.parsing import Parser
from cctv.cli.register import opened_register
from cctv.i18n import number, t
from cctv.services.register_export import FORMS, write_register


def add_arguments(parser: Parser) -> None:
    """Add the arguments of ``export``.

    Parameters
    ----------
    parser : Parser
        Parser of the command.
    """
    parser.values.add_argument("form", choices=list(FORMS), metavar="|".join(FORMS), help=t("cli.export.form"))
    parser.values.add_argument("file", type=Path, metavar=t("cli.file"), help=t("cli.export.file"))
    parser.options.add_argument("--purpose", metavar=t("cli.text"), required=True, help=t("cli.export.purpose"))


def export(arguments: Namespace) -> int:
    """Write the register to a file.

    Parameters
    ----------
    arguments : Namespace
        ``form``, ``file``, ``purpose``.

    Returns
    -------
    int
        0.

    Raises
    ------
    RegistryError
        If the running app holds the register, or it cannot be opened.
    CctvError
        If the purpose is empty or too long.
    """
    with opened_register() as registry:
        made = write_register(registry, f"terminal:{getpass.getuser()}", arguments.form, arguments.purpose)
    arguments.file.write_bytes(made.body)
    say(t("cli.export.done", path=arguments.file, size=number(len(made.body) / 1000)))
    return 0

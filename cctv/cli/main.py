"""All commands and what they are called: parse, run, and turn every refusal into a sentence and an exit code."""

import argparse
from collections.abc import Callable, Sequence

from cctv.cli import city, counts, coverage, exporting, importing, lists, register, serving, users
from cctv.cli.output import say, show_error, show_system_error
from cctv.cli.parsing import Parser
from cctv.errors import CctvError
from cctv.i18n import t
from coverage.errors import CoverageError

FAILED, INTERRUPTED = 1, 130
PROG = "python -m cctv"
Command = Callable[[argparse.Namespace], int]
Setup = Callable[[Parser], None]

#: Name to the function that adds its arguments and the one that runs it; the help stands in ``cli.toml``.
COMMANDS: dict[str, tuple[Setup, Command]] = {
    "serve": (serving.add_arguments, serving.serve),
    "import-osm": (city.add_import_arguments, city.import_osm),
    "import": (importing.add_arguments, importing.take_over),
    "import-undo": (importing.add_undo_arguments, importing.undo),
    "export": (exporting.add_arguments, exporting.export),
    "import-check": (lists.add_arguments, lists.check),
    "import-counts": (counts.add_arguments, counts.import_counts),
    "geodata build": (city.add_build_arguments, city.build),
    "geodata check": (city.add_check_arguments, city.check),
    "doctor": (register.add_no_arguments, register.doctor),
    "backup": (register.add_backup_arguments, register.backup),
    "restore": (register.add_restore_arguments, register.restore),
    "record-shares": (register.add_no_arguments, coverage.record_shares),
    "user add": (users.add_add_arguments, users.add),
    "user passwd": (users.add_passwd_arguments, users.change_password),
    "user list": (register.add_no_arguments, users.show_list),
    "demo": (register.add_no_arguments, register.demo),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : sequence of str, optional
        Words after ``python -m cctv``; those of the process by default.

    Returns
    -------
    int
        0 done, 1 refused or something found, 2 wrong command, 130 stopped with Ctrl+C.
    """
    parsed = build_parser().parse_args(arguments)
    try:
        return parsed.run(parsed)
    except (CctvError, CoverageError) as error:
        show_error(error)
    except OSError as error:
        show_system_error(error)
    except KeyboardInterrupt:
        say(t("cli.interrupted"))
        return INTERRUPTED
    return FAILED


def build_parser() -> Parser:
    """Make the parser of all commands.

    Returns
    -------
    Parser
        Its namespace holds ``run``, the function of the command.
    """
    parser = Parser(PROG, t("cli.about"))
    commands = _commands_of(parser)
    groups: dict[str, argparse._SubParsersAction[Parser]] = {}  # pyright: ignore[reportPrivateUsage]  # has no public name
    for words, (add_arguments, run) in COMMANDS.items():
        group, _, name = words.rpartition(" ")
        if group and group not in groups:
            groups[group] = _commands_of(_added(commands, group, group))
        child = _added(groups[group] if group else commands, name, words)
        add_arguments(child)
        child.set_defaults(run=run)
    return parser


def _commands_of(parser: Parser) -> "argparse._SubParsersAction[Parser]":  # pyright: ignore[reportPrivateUsage]
    return parser.add_subparsers(title=t("cli.commands"), metavar=t("cli.command"), required=True, dest="command")


def _added(commands: "argparse._SubParsersAction[Parser]", name: str, words: str) -> Parser:  # pyright: ignore[reportPrivateUsage]
    about = t(f"cli.about_{words.replace(' ', '_').replace('-', '_')}")
    child: Parser = commands.add_parser(name, prog=f"{PROG} {words}", about=about, help=about)
    return child

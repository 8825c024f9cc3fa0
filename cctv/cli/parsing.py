"""An argument parser that speaks the language of the screens instead of argparse's English."""

import argparse
import re
from typing import NoReturn

from cctv.i18n import t

USAGE_ERROR = 2
_MESSAGES = (
    (re.compile(r"the following arguments are required: (?P<names>.+)"), "missing"),
    (re.compile(r"unrecognized arguments: (?P<names>.+)"), "unrecognized"),
    (re.compile(r"argument (?P<names>.+): invalid choice: (?P<value>.+) \(choose from (?P<choices>.+)\)"), "choice"),
    (re.compile(r"argument (?P<names>.+): expected (?:one|at least one) argument"), "no_value"),
    (re.compile(r"argument (?P<names>.+): invalid (?:\S+) value: (?P<value>.+)"), "bad_value"),
)


class _Help(argparse.HelpFormatter):
    def add_usage(self, usage, actions, groups, prefix=None) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
        super().add_usage(usage, actions, groups, t("cli.usage") if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """Parser of one command; ``-h`` and mistakes in plain words.

    Parameters
    ----------
    prog : str
        Name of the command as it is typed.
    about : str
        What it does.
    """

    def __init__(self, prog: str, about: str) -> None:
        super().__init__(prog=prog, description=about, add_help=False, formatter_class=_Help, allow_abbrev=False)
        self.values = self.add_argument_group(t("cli.arguments"))
        self.options = self.add_argument_group(t("cli.options"))
        self.options.add_argument("-h", "--help", action="help", help=t("cli.help"))

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command and end.

        Parameters
        ----------
        message : str
            What argparse says.
        """
        found = ((pattern.fullmatch(message), name) for pattern, name in _MESSAGES)
        text = next(
            (t(f"cli.wrong.{name}", **match.groupdict()) for match, name in found if match), t("cli.wrong.other")
        )
        self.exit(USAGE_ERROR, f"{text}\n{t('cli.wrong.hint', command=self.prog)}\n")

"""``user add``, ``user passwd`` and ``user list``: accounts, for the first administrator and for emergencies."""

import getpass
import sys
from argparse import Namespace

from cctv.cli.output import say
from cctv.cli.parsing import Parser
from cctv.cli.register import opened_register
from cctv.errors import Problem, ValidationError
from cctv.i18n import t
from cctv.permissions import Role
from cctv.registry import accounts

ACTOR = "baris perintah"


def add_add_arguments(parser: Parser) -> None:
    """Add the arguments of ``user add``.

    Parameters
    ----------
    parser : Parser
        Parser of the command.
    """
    parser.values.add_argument("username", metavar=t("cli.username"), help=t("cli.user.username"))
    parser.options.add_argument("--name", metavar=t("cli.text"), help=t("cli.user.name"))
    parser.options.add_argument("--role", required=True, choices=[str(role) for role in Role], help=t("cli.user.role"))
    parser.options.add_argument("--agency", metavar=t("cli.text"), help=t("cli.user.agency"))
    _add_password_argument(parser)


def add(arguments: Namespace) -> int:
    """Create an account.

    Parameters
    ----------
    arguments : Namespace
        ``username``, ``name``, ``role``, ``agency``, ``password_stdin``.

    Returns
    -------
    int
        0.

    Raises
    ------
    ValidationError
        If the name is taken or the password is too short.
    RegistryError
        If the register is in use.
    """
    with opened_register() as registry:
        account = accounts.create_account(
            registry, ACTOR, username=arguments.username, display_name=arguments.name or arguments.username,
            role=Role(arguments.role), password=_password(from_stdin=arguments.password_stdin),
            agency_id=arguments.agency,
        )  # fmt: skip
    say(t("cli.user.added", username=account.username, role=t(f"role.{account.role}")))
    return 0


def add_passwd_arguments(parser: Parser) -> None:
    """Add the arguments of ``user passwd``.

    Parameters
    ----------
    parser : Parser
        Parser of the command.
    """
    parser.values.add_argument("username", metavar=t("cli.username"), help=t("cli.user.username"))
    _add_password_argument(parser)


def change_password(arguments: Namespace) -> int:
    """Give an account a new password; its sessions end.

    Parameters
    ----------
    arguments : Namespace
        ``username``, ``password_stdin``.

    Returns
    -------
    int
        0.

    Raises
    ------
    NotFoundError
        If there is no such account.
    ValidationError
        If the password is too short.
    RegistryError
        If the register is in use.
    """
    with opened_register() as registry:
        password = _password(from_stdin=arguments.password_stdin)
        accounts.set_password(registry, ACTOR, arguments.username, password)
    say(t("cli.user.changed", username=arguments.username))
    return 0


def show_list(_arguments: Namespace) -> int:
    """Print all accounts.

    Parameters
    ----------
    _arguments : Namespace
        Not looked at.

    Returns
    -------
    int
        0.

    Raises
    ------
    RegistryError
        If the register is in use.
    """
    with opened_register() as registry:
        found = accounts.list_accounts(registry)
    for account in sorted(found, key=lambda account: account.username):
        state = "" if account.active else f" ({t('cli.user.inactive')})"
        agency = account.agency_id or t("cli.user.all_agencies")
        say(f"{account.username:16} {t(f'role.{account.role}'):24} {agency:16} {account.display_name}{state}")
    say(t("cli.user.count", n=len(found)))
    return 0


def _add_password_argument(parser: Parser) -> None:
    parser.options.add_argument("--password-stdin", action="store_true", help=t("cli.user.password_stdin"))


def _password(*, from_stdin: bool) -> str:
    """Read a password twice from the terminal, or once from a pipe."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass(t("cli.user.ask_password"))
    if getpass.getpass(t("cli.user.ask_again")) != password:
        problem = Problem("passwords_differ", name="password")
        raise ValidationError("invalid", "two different passwords", {}, (problem,))
    return password

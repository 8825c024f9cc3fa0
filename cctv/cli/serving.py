"""``serve``: check what can go wrong, say where the app will be, and become the server."""

import errno
import os
import socket
import sys
from argparse import Namespace

from cctv.cli.output import say, step
from cctv.cli.parsing import Parser
from cctv.cli.register import show_demo_accounts
from cctv.errors import SettingsError
from cctv.geodata import load_city
from cctv.i18n import t
from cctv.services.runtime import open_runtime
from cctv.settings import ROOT, Settings, get_settings

OLDEST_PYTHON = (3, 11)
_STEPS = 4
_BIND_CODES = {
    errno.EADDRINUSE: "port_in_use",
    errno.EACCES: "port_not_allowed",
    errno.EADDRNOTAVAIL: "host_not_here",
}


def add_arguments(parser: Parser) -> None:
    """Add the options of ``serve``.

    Parameters
    ----------
    parser : Parser
        Parser of the command.
    """
    parser.options.add_argument("--check", action="store_true", help=t("cli.serve.check"))


def serve(arguments: Namespace) -> int:
    """Check everything, then replace this process by the server, which gets all signals itself.

    Parameters
    ----------
    arguments : Namespace
        ``check``: stop after the checks.

    Returns
    -------
    int
        0 after ``--check``; otherwise the server ends the process.

    Raises
    ------
    SettingsError
        If Python is too old, a setting cannot be used or the port is taken.
    GeodataError
        If the city layers cannot be read.
    RegistryError
        If the register is locked, damaged or cannot be written.
    """
    step(1, _STEPS, t("cli.serve.step_settings"))
    check_python(sys.version_info[:2])
    settings = get_settings()
    step(2, _STEPS, t("cli.serve.step_port", host=settings.host, port=settings.port))
    check_port(settings.host, settings.port)
    step(3, _STEPS, t("cli.serve.step_city"))
    load_city(settings.geo_dir)
    step(4, _STEPS, t("cli.serve.step_register", path=settings.database.name))
    open_runtime(settings).registry.close()
    _announce(settings)
    if not arguments.check:
        _become_server(settings)
    return 0


def check_python(version: tuple[int, ...]) -> None:
    """Refuse a Python that is too old.

    Parameters
    ----------
    version : tuple of int
        Major and minor version.

    Raises
    ------
    SettingsError
        ``python_too_old``.
    """
    if version < OLDEST_PYTHON:
        raise SettingsError("python_too_old", str(version), {"version": ".".join(map(str, version))})


def check_port(host: str, port: int) -> None:
    """Refuse an address that cannot be listened on.

    Parameters
    ----------
    host : str
        Address of this machine.
    port : int
        Port.

    Raises
    ------
    SettingsError
        ``port_in_use``, ``port_not_allowed`` or ``host_not_here``.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        code = _BIND_CODES.get(error.errno or 0, "host_not_here")
        raise SettingsError(code, f"{host}:{port}: {error}", {"host": host, "port": port}) from error


def _announce(settings: Settings) -> None:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    say()
    say(t("cli.serve.address", url=f"http://{host}:{settings.port}"))
    if settings.is_demo:
        show_demo_accounts(settings)
        if not settings.is_loopback:
            say(t("cli.serve.open_demo"))
    else:
        say(t("cli.serve.production"))
    say(t("cli.serve.stop"))
    say()


def _become_server(settings: Settings) -> None:
    command = [
        sys.executable, "-m", "streamlit", "run", "app.py",
        f"--server.address={settings.host}", f"--server.port={settings.port}",
    ]  # fmt: skip
    os.chdir(ROOT)
    os.execv(sys.executable, command)  # noqa: S606 - a fixed program, no shell

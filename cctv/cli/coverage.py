"""``record-shares``: compute the shares of today and keep them for the chart over time."""

from argparse import Namespace

from cctv.cli.output import say
from cctv.i18n import number, percent, t
from cctv.services import situation
from cctv.services.runtime import close_runtime, get_runtime
from cctv.services.share_history import remember_day


def record_shares(_arguments: Namespace) -> int:
    """Compute the present situation and keep its shares.

    Parameters
    ----------
    _arguments : Namespace
        Not looked at.

    Returns
    -------
    int
        0; a day that was kept already stays as it is.

    Raises
    ------
    RegistryError
        If the running app holds the register; it then keeps the shares itself.
    GeodataError
        If the city layers cannot be read.
    CoverageError
        If a camera or a layer cannot be used.
    """
    runtime = get_runtime()
    try:
        found = situation.current(runtime)
        remember_day(runtime, found)
        share = found.alive.covered_area_share
        interval = {"low": percent(share.low), "high": percent(share.high)}
        mark = {"version": found.method_version, "mark": found.fingerprint}
        say(t("cli.shares.done", n=number(len(found.watching.camera_id)), **interval, **mark))
    finally:
        close_runtime()
    return 0

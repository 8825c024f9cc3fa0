"""Whether cameras answer: asked in rounds, counted in the register, shown per camera, owner and hour."""

import logging
import threading
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd

from cctv.errors import CctvError
from cctv.permissions import Permission
from cctv.registry import camera_health as store
from cctv.registry.camera_health import Poll
from cctv.registry.cameras import list_cameras, stream_addresses
from cctv.registry.forgetting import Keeping, forget
from cctv.registry.models import Account
from cctv.services import accounts, alerts
from cctv.services.runtime import Runtime
from cctv.services.silence import ROUND_PERIOD_S

log = logging.getLogger(__name__)

#: Spans that uptime is told for [h].
SPANS_H = {"day": 24, "week": 24 * 7, "month": 24 * 30}
_WORKING, _OFF, _REMOVED = "on", "off", "removed"


@dataclass(frozen=True)
class Health:
    """What is known of the cameras that somebody may see.

    Attributes
    ----------
    cameras : DataFrame
        One row per camera: ``camera_id``, ``name``, ``owner``, ``status`` in the register, ``reason`` at the last poll
        (empty if it answered, NaN if it was never asked), ``last_poll``, and the share of polls that were answered in
        ``day``, ``week`` and ``month`` (0 to 1, NaN if none was made).
    owners : DataFrame
        One row per owner: ``owner``, ``cameras``, ``answering``, and the same shares over all polls of its cameras.
    hours : DataFrame
        ``camera_id``, ``name``, ``owner``, ``hour`` (aware), ``polls``, ``answered`` and their ``share``, of the last
        24 hours.
    first_poll : datetime or None
        Hour of the oldest poll that is kept.
    """

    cameras: pd.DataFrame
    owners: pd.DataFrame
    hours: pd.DataFrame
    first_poll: datetime | None

    @property
    def answering(self) -> int:
        """How many cameras answered the last time."""
        return int((self.cameras["reason"] == "").sum())

    @property
    def contradicted(self) -> pd.DataFrame:
        """Cameras that the register calls on and that did not answer, or calls off and that did."""
        status, reason = self.cameras["status"], self.cameras["reason"]
        silent = (status == _WORKING) & reason.notna() & (reason != "")
        return self.cameras[silent | ((status == _OFF) & (reason == ""))]


def make_round(runtime: Runtime, now: datetime | None = None) -> int:
    """Ask every camera once and count the answers.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    now : datetime, optional
        Moment of the round, aware; the present one by default.

    Returns
    -------
    int
        How many were asked; 0 while snapd is not there: that says nothing about the cameras.

    Raises
    ------
    RegistryError
        If the register cannot be read or written.
    """
    addresses = stream_addresses(runtime.registry)
    answers = runtime.pictures.poll({camera_id: address for camera_id, address in addresses.items() if address})
    if answers is None:
        return 0
    at = now or datetime.now(UTC)
    counted = store.add_round(runtime.registry, [Poll(camera_id, reason) for camera_id, reason in answers.items()], at)
    if store.speaks_of_cameras(answers.values()):
        alerts.after_round(runtime, answers, at)
    return counted


def keep_asking(runtime: Runtime, ending: threading.Event) -> None:
    """Make rounds until it is over; a round that fails is logged, the next one is made.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    ending : Event
        Set when the app stops.
    """
    forgotten: date | None = None
    while True:
        try:
            make_round(runtime)
            if forgotten != datetime.now(UTC).date():  # once a day
                forgotten = datetime.now(UTC).date()
                forget_old(runtime)
        except CctvError as error:
            log.warning("a round over the cameras failed: %s", error.code)
        if ending.wait(ROUND_PERIOD_S):
            return


def forget_old(runtime: Runtime, now: datetime | None = None) -> None:
    """Delete pictures, alerts and lines about pictures looked at that are older than the settings say.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    now : datetime, optional
        The present moment by default, aware.

    Raises
    ------
    RegistryError
        If the register cannot be written.
    """
    settings = runtime.settings
    keeping = Keeping(settings.keep_pictures_days, settings.keep_alerts_days, settings.keep_views_days)
    forget(runtime.registry, keeping, now or datetime.now(UTC))


def health(runtime: Runtime, account: Account, now: datetime | None = None) -> Health:
    """Tell how the cameras are that a person may see.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    account : Account
        Who asks; an account of one agency sees its own cameras.
    now : datetime, optional
        The present moment by default, aware.

    Returns
    -------
    Health
        Tables.

    Raises
    ------
    AccessError
        If the role may not see the register.
    """
    accounts.require(account, Permission.SEE_REGISTER)
    now = now or datetime.now(UTC)
    starts = {span: now - timedelta(hours=hours) for span, hours in SPANS_H.items()}
    counted = store.counts(runtime.registry, starts)
    cameras = pd.DataFrame(
        [(one.camera_id, one.name, one.agency_name, one.status) for one in list_cameras(runtime.registry)
         if one.status != _REMOVED and account.agency_id in (None, "", one.agency_id)],
        columns=["camera_id", "name", "owner", "status"],
    ).merge(counted, on="camera_id", how="left")  # fmt: skip
    for span in SPANS_H:
        polls = cameras[f"{span}_polls"].astype(float)
        cameras[span] = cameras[f"{span}_answered"].astype(float) / polls.where(polls > 0, np.nan)
    hours = store.hours_since(runtime.registry, starts["day"]).merge(cameras[["camera_id", "name", "owner"]])
    hours["share"] = hours["answered"].astype(float) / hours["polls"].astype(float)
    first = cameras["first_hour"].dropna()
    return Health(cameras, _owners(cameras), hours, None if first.empty else min(first))


def _owners(cameras: pd.DataFrame) -> pd.DataFrame:
    answering = cameras.assign(cameras=1, answering=(cameras["reason"] == "").astype(int))
    numbers = ["cameras", "answering", *(f"{span}_{what}" for span in SPANS_H for what in ("polls", "answered"))]
    owners = answering.groupby("owner", as_index=False)[numbers].sum()
    for span in SPANS_H:
        polls = owners[f"{span}_polls"].astype(float)
        owners[span] = owners[f"{span}_answered"] / polls.where(polls > 0, np.nan)
    return owners[["owner", "cameras", "answering", *SPANS_H]].sort_values("owner", ignore_index=True)

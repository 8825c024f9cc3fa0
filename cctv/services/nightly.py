"""A checked copy of the register every night, with an archive other programs can read; old ones are cleared away.

A machine that is off at night makes its copy in the morning, some minutes after it was started. What there is can be
read from the folder alone; only a failure is remembered, in the running process.
"""

import logging
import re
import shutil
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cctv.errors import CctvError, RegistryError
from cctv.i18n import WIB
from cctv.permissions import Permission
from cctv.registry.access_log import log_access
from cctv.registry.archive import write_archive
from cctv.registry.backup import back_up
from cctv.registry.models import Account
from cctv.services import accounts
from cctv.services.runtime import Runtime

log = logging.getLogger(__name__)

FIRST_AFTER_S = 600.0
_EVERY_S = 60.0
#: A failed copy is tried again after so long.
RETRY = timedelta(minutes=30)
#: Copies older than this are worth a warning: one night may be missed, two may not.
OLD = timedelta(hours=50)
#: The first copy of each month is kept for a year beyond the newest ones.
MONTHS_KEPT = 12
_one_at_a_time = threading.Lock()
_NAME = re.compile(r"cameras-(\d{8}-\d{6})\.duckdb")


@dataclass(frozen=True)
class Copy:
    """A copy that is there.

    Attributes
    ----------
    path : Path
        The DuckDB file; it was opened and examined before it got this name.
    made_at : datetime
        Aware.
    size_bytes : int
        Of the file.
    has_archive : bool
        Whether the Parquet archive lies beside it.
    """

    path: Path
    made_at: datetime
    size_bytes: int
    has_archive: bool


@dataclass(frozen=True)
class Copies:
    """What the administrator wants to know.

    Attributes
    ----------
    folder : Path
        Where copies lie.
    kept : list of Copy
        Newest first.
    is_old : bool
        Whether the newest is older than it may be.
    failure : CctvError or None
        Why the last try of this process failed.
    """

    folder: Path
    kept: list[Copy]
    is_old: bool
    failure: CctvError | None


def copies_in(folder: Path) -> list[Copy]:
    """List the copies of a folder.

    Parameters
    ----------
    folder : Path
        May not exist.

    Returns
    -------
    list of Copy
        Newest first.
    """
    found: list[Copy] = []
    for path in folder.glob("cameras-*.duckdb"):
        name = _NAME.fullmatch(path.name)
        if name is not None and path.is_file():
            made_at = datetime.strptime(name[1], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
            found.append(Copy(path, made_at, path.stat().st_size, archive_of(path).is_dir()))
    return sorted(found, key=lambda copy: copy.made_at, reverse=True)


def archive_of(copy: Path) -> Path:
    """Name the archive of a copy.

    Parameters
    ----------
    copy : Path
        The DuckDB file.

    Returns
    -------
    Path
        A folder beside it.
    """
    return copy.with_name(f"{copy.stem}-parquet")


def last_night(now: datetime, hour: int) -> datetime:
    """Give the newest moment at which a copy should have been made.

    Parameters
    ----------
    now : datetime
        Aware.
    hour : int
        Hour of the night in Western Indonesian Time, 0 to 23.

    Returns
    -------
    datetime
        Not after ``now``.
    """
    local = now.astimezone(WIB)
    today = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    return today if today <= local else today - timedelta(days=1)


def is_due(runtime: Runtime, now: datetime) -> bool:
    """Say whether the copy of the last night is missing.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    now : datetime
        Aware.

    Returns
    -------
    bool
        False if nightly copies are switched off.
    """
    settings = runtime.settings
    if not settings.backup_keep:
        return False
    kept = copies_in(settings.backup_dir)
    return not kept or kept[0].made_at < last_night(now, settings.backup_hour)


def make_copy(runtime: Runtime, now: datetime) -> Copy:
    """Make a copy and its archive, then clear away the old ones.

    Parameters
    ----------
    runtime : Runtime
        The running process; people go on working.
    now : datetime
        Aware.

    Returns
    -------
    Copy
        The new one.

    Raises
    ------
    RegistryError
        If it cannot be written or is not sound; the old ones are all still there then.
    """
    settings = runtime.settings
    with _one_at_a_time:
        try:
            path = back_up(runtime.registry, settings.backup_dir, now.astimezone(UTC))
            path.chmod(0o600)
            write_archive(path, archive_of(path))
            _clear(settings.backup_dir, settings.backup_keep)
        except OSError as error:
            runtime.backup_failure = RegistryError("backup_failed", str(error), {"path": str(settings.backup_dir)})
            raise runtime.backup_failure from error
        except RegistryError as error:
            runtime.backup_failure = error
            raise
        runtime.backup_failure = None
    return copies_in(settings.backup_dir)[0]


def kept_of(copies: list[Copy], newest: int) -> set[Path]:
    """Choose what stays: the newest ones, and the first of each of the last months.

    Parameters
    ----------
    copies : list of Copy
        Newest first.
    newest : int
        How many of the newest stay, at least 1.

    Returns
    -------
    set of Path
        Their files.
    """
    firsts = {copy.made_at.astimezone(WIB).strftime("%Y-%m"): copy for copy in copies}
    months = sorted(firsts, reverse=True)[:MONTHS_KEPT]
    return {copy.path for copy in [*copies[:newest], *(firsts[month] for month in months)]}


def _clear(folder: Path, newest: int) -> None:
    copies = copies_in(folder)
    kept = kept_of(copies, max(newest, 1))
    for copy in copies:
        if copy.path not in kept:
            copy.path.unlink(missing_ok=True)
            shutil.rmtree(archive_of(copy.path), ignore_errors=True)
    for left in folder.glob("cameras-*.part*"):  # of a copy during which the app was killed
        shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)


def keep_copying(runtime: Runtime, ending: threading.Event) -> None:
    """Make the copy of each night until it is over; one that fails is tried again later and shown meanwhile.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    ending : Event
        Set when the app stops.
    """
    not_before = datetime.now(UTC)
    wait_s = FIRST_AFTER_S
    while not ending.wait(wait_s):
        wait_s = _EVERY_S
        now = datetime.now(UTC)
        if now < not_before or not is_due(runtime, now):
            continue
        try:
            log.info("copy of the register: %s", make_copy(runtime, now).path.name)
        except RegistryError as error:
            log.warning("no copy of the register: %s", error)
            not_before = now + RETRY


def copies(runtime: Runtime, account: Account, now: datetime | None = None) -> Copies:
    """Tell the administrator what copies there are.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    account : Account
        Who asks.
    now : datetime, optional
        Aware; the present moment by default.

    Returns
    -------
    Copies
        From the folder as it is.

    Raises
    ------
    AccessError
        If the person is not an administrator.
    """
    accounts.require(account, Permission.MANAGE_ACCOUNTS)
    folder = runtime.settings.backup_dir
    kept = copies_in(folder)
    is_old = bool(kept) and (now or datetime.now(UTC)) - kept[0].made_at > OLD
    return Copies(folder, kept, is_old, runtime.backup_failure)


def copy_now(runtime: Runtime, account: Account) -> Copy:
    """Make a copy because the administrator wants one.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    account : Account
        Who asks; the copy is logged.

    Returns
    -------
    Copy
        The new one.

    Raises
    ------
    AccessError
        If the person is not an administrator.
    RegistryError
        If it cannot be written or is not sound.
    """
    accounts.require(account, Permission.MANAGE_ACCOUNTS)
    copy = make_copy(runtime, datetime.now(UTC))
    log_access(runtime.registry, account.username, "buat_cadangan", copy.path.name)
    return copy

"""The start of a shift: what changed since the last one of this person or post, looked at one by one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from cctv.i18n import number, t
from cctv.permissions import Permission
from cctv.registry import alerts as alert_store
from cctv.registry import shifts as store
from cctv.registry.access_log import log_access
from cctv.registry.alerts import ACTOR, Alert
from cctv.registry.cameras import list_cameras
from cctv.registry.history import changes
from cctv.registry.models import Account, Camera, Change
from cctv.registry.shifts import Shift
from cctv.services import accounts
from cctv.services.knowledge import is_stale
from cctv.services.runtime import Runtime

ItemKind = Literal["alert", "stale", "edited"]
#: Without an earlier shift, what changed in so long is listed.
FIRST_TIME = timedelta(hours=24)
MOST_CHANGES = 2000


@dataclass(frozen=True)
class Item:
    """One thing to look at.

    Attributes
    ----------
    key : str
        Names it, so that it is looked at once.
    kind : {"alert", "stale", "edited"}
        Something noticed, a line of the register that grew too old, or one that somebody changed.
    camera : Camera
        Which camera.
    at : datetime
        When, aware.
    words : str
        What, in words.
    alert : Alert or None
        The alert, if it is one.
    is_checked : bool
        Whether it was looked at in this shift.
    """

    key: str
    kind: ItemKind
    camera: Camera
    at: datetime
    words: str
    alert: Alert | None
    is_checked: bool


@dataclass(frozen=True)
class Handover:
    """What a shift begins with.

    Attributes
    ----------
    shift : Shift
        The present one.
    before : Shift or None
        The one before, of the same person or post.
    since : datetime
        Changes after this moment are listed, aware.
    items : list of Item
        Alerts first, then the newest first.
    """

    shift: Shift
    before: Shift | None
    since: datetime
    items: list[Item]


def current_shift(runtime: Runtime, account: Account) -> Shift | None:
    """Give the newest shift of a person.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    account : Account
        Who.

    Returns
    -------
    Shift or None
        None if they never took over a post.

    Raises
    ------
    AccessError
        If the role does not keep watch.
    """
    accounts.require(account, Permission.KEEP_WATCH)
    return next(iter(store.last_shifts(runtime.registry, account.username, 1)), None)


def posts(runtime: Runtime, account: Account) -> list[str]:
    """List the posts that can be taken over.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    account : Account
        Who asks.

    Returns
    -------
    list of str
        Those that were taken over before, by name.

    Raises
    ------
    AccessError
        If the role does not keep watch.
    """
    accounts.require(account, Permission.KEEP_WATCH)
    return store.posts(runtime.registry)


def take_over(runtime: Runtime, account: Account, post: str) -> Shift:
    """Begin a shift.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    account : Account
        Who.
    post : str
        Which post.

    Returns
    -------
    Shift
        Beginning now.

    Raises
    ------
    AccessError
        If the role does not keep watch.
    ValidationError
        If the name of the post cannot be used.
    """
    accounts.require(account, Permission.KEEP_WATCH)
    shift = store.start_shift(runtime.registry, account.username, post)
    log_access(runtime.registry, account.username, "mulai_piket", shift.post)
    return shift


def handover(runtime: Runtime, account: Account, shift: Shift) -> Handover:
    """List what changed since the shift before.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    account : Account
        Who; an account of one agency has its own cameras.
    shift : Shift
        The present shift.

    Returns
    -------
    Handover
        Everything to look at; what nobody has decided on stays listed however old it is.

    Raises
    ------
    AccessError
        If the role does not keep watch.
    """
    accounts.require(account, Permission.KEEP_WATCH)
    before = store.shift_before(runtime.registry, shift)
    since = before.started_at if before else shift.started_at - FIRST_TIME
    cameras = {
        one.camera_id: one for one in list_cameras(runtime.registry)
        if one.status != "removed" and account.agency_id in (None, "", one.agency_id)
    }  # fmt: skip
    done = store.checked_items(runtime.registry, shift)
    found = [
        *_alerts(runtime, cameras, since, done), *_stale(cameras, since, done), *_edited(runtime, cameras, since, done),
    ]  # fmt: skip
    order = {"alert": 0, "stale": 1, "edited": 2}
    items = sorted(found, key=lambda item: (item.is_checked, order[item.kind], -item.at.timestamp(), item.key))
    return Handover(shift, before, since, items)


def check(runtime: Runtime, account: Account, shift: Shift, item: Item) -> None:
    """Write down that a thing was looked at.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    account : Account
        Who looked; their own shift.
    shift : Shift
        The present shift.
    item : Item
        What was looked at.

    Raises
    ------
    AccessError
        If the role does not keep watch.
    """
    accounts.require(account, Permission.KEEP_WATCH)
    store.check_item(runtime.registry, shift, item.key, f"{item.camera.camera_id}: {item.words}")


def alert_words(alert: Alert) -> str:
    """Say what an alert is about.

    Parameters
    ----------
    alert : Alert
        The alert.

    Returns
    -------
    str
        In words, with the reason where there is one.
    """
    words = t(f"shift.kind_{alert.kind}")
    return f"{words}: {t(f'picture.reason.{alert.reason}')}" if alert.reason else words


def _alerts(runtime: Runtime, cameras: Mapping[str, Camera], since: datetime, done: set[str]) -> Iterator[Item]:
    for alert in alert_store.alerts_since(runtime.registry, since):
        if alert.camera_id in cameras:
            key = f"alert:{alert.alert_id}"
            is_checked = key in done or bool(alert.decision)
            yield Item(key, "alert", cameras[alert.camera_id], alert.raised_at, alert_words(alert), alert, is_checked)


def _stale(cameras: Mapping[str, Camera], since: datetime, done: set[str]) -> Iterator[Item]:
    """Lines of the register that have grown too old since then."""
    now = datetime.now(UTC)
    for camera in cameras.values():
        if camera.status == "on" and is_stale(camera, now.date()) and not is_stale(camera, since.date()):
            key = f"stale:{camera.camera_id}:{camera.version}"
            yield Item(key, "stale", camera, now, t("shift.kind_stale"), None, key in done)


def _edited(runtime: Runtime, cameras: Mapping[str, Camera], since: datetime, done: set[str]) -> Iterator[Item]:
    """List what people changed since then; changes of one person for one reason are one thing to look at."""
    together: dict[tuple[str, str], list[Change]] = {}
    for change in changes(runtime.registry, "camera", limit=MOST_CHANGES):
        if change.changed_at >= since and change.actor != ACTOR and change.entity_id in cameras:
            together.setdefault((change.actor, change.reason), []).append(change)
    for (actor, reason), made in together.items():
        newest, n_others = made[0], len({change.entity_id for change in made}) - 1
        key = f"edited:{newest.change_id}"
        others = t("shift.others", n=number(n_others)) if n_others else ""
        words = t("shift.kind_edited", who=actor, reason=f": {reason}" if reason else "") + others
        yield Item(key, "edited", cameras[newest.entity_id], newest.changed_at, words, None, key in done)

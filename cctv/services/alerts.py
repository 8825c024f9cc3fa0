"""Alerts about cameras: raised when something persists over rounds, ended when it is over, decided by people."""

import threading
from collections import defaultdict, deque
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from cctv.errors import AccessError
from cctv.permissions import Permission, allows
from cctv.registry import alerts as store
from cctv.registry.access_log import log_access
from cctv.registry.alerts import Alert, Decision, NewAlert
from cctv.registry.cameras import get_camera, list_cameras
from cctv.registry.models import Account
from cctv.services import accounts
from cctv.services.runtime import Runtime

#: A camera is dead if it left so many of its last rounds unanswered, the newest one included.
DEAD_AFTER, OF_LAST = 3, 5
#: And alive again once it answered so many in a row.
BACK_AFTER = 2
_WORKING = "on"

_last: dict[str, dict[str, deque[str]]] = defaultdict(dict)
_lock = threading.Lock()


def after_round(runtime: Runtime, answers: Mapping[str, str], at: datetime) -> list[Alert]:
    """Look at the answers of a round together with those before.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    answers : mapping
        Camera to what was wrong; empty if it answered.
    at : datetime
        Moment of the round, aware.

    Returns
    -------
    list of Alert
        Alerts that it raised; a camera that the register does not call on raises none.

    Raises
    ------
    RegistryError
        If the register cannot be read or written.
    """
    dead = {one.camera_id: one for one in store.going_on(runtime.registry) if one.kind == "dead"}
    working = {one.camera_id for one in list_cameras(runtime.registry) if one.status == _WORKING}
    new: list[NewAlert] = []
    over: list[int] = []
    with _lock:
        seen = _last[str(runtime.registry.path)]
        for camera_id, reason in sorted(answers.items()):
            last = seen.setdefault(camera_id, deque(maxlen=OF_LAST))
            last.append(reason)
            silent = sum(bool(one) for one in last)
            if camera_id in dead and camera_id not in working:
                over.append(dead[camera_id].alert_id)  # the register knows by now
            elif camera_id in dead:
                if len(last) >= BACK_AFTER and not any(list(last)[-BACK_AFTER:]):
                    over.append(dead[camera_id].alert_id)
                    new.append(NewAlert(camera_id, "back"))
            elif reason and silent >= DEAD_AFTER and camera_id in working:
                new.append(NewAlert(camera_id, "dead", reason))
    store.end_alerts(runtime.registry, over, at)
    return raise_and_tell(runtime, new, at)


def raise_and_tell(runtime: Runtime, new: list[NewAlert], at: datetime) -> list[Alert]:
    """Raise alerts and send them to the receiver that is set.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    new : list of NewAlert
        What was noticed.
    at : datetime
        When, aware.

    Returns
    -------
    list of Alert
        With their ids.
    """
    raised = store.raise_alerts(runtime.registry, new, at)
    if raised and runtime.webhook.is_on:
        names = {one.camera_id: one.name for one in list_cameras(runtime.registry)}
        for alert in raised:
            runtime.webhook.send({
                "event": "alert", "alert_id": alert.alert_id, "camera_id": alert.camera_id,
                "camera_name": names.get(alert.camera_id, ""), "kind": alert.kind, "reason": alert.reason,
                "raised_at": alert.raised_at.isoformat(),
            })  # fmt: skip
    return raised


def count_for(runtime: Runtime, account: Account) -> int:
    """Count the alerts that wait for a decision.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    account : Account
        Who looks; an account of one agency has those of its own cameras.

    Returns
    -------
    int
        0 for a role that does not keep watch.
    """
    if not allows(account.role, Permission.KEEP_WATCH):
        return 0
    waiting = store.undecided(runtime.registry)
    if account.agency_id in (None, ""):
        return len(waiting)
    own = own_cameras(runtime, account)
    return sum(one.camera_id in own for one in waiting)


def tally(runtime: Runtime, account: Account) -> dict[str, tuple[int, int, int]]:
    """Count what people found on alerts: the only measure of the checks in the field.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    account : Account
        Who asks.

    Returns
    -------
    dict of str to tuple of int
        Kind to how many were true, not so, and not decided, of all cameras.

    Raises
    ------
    AccessError
        If the role does not keep watch.
    """
    accounts.require(account, Permission.KEEP_WATCH)
    return store.tally(runtime.registry)


def own_cameras(runtime: Runtime, account: Account) -> set[str]:
    """List the cameras whose alerts concern a person.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    account : Account
        Who; an account of one agency has its own.

    Returns
    -------
    set of str
        Ids.
    """
    return {one.camera_id for one in list_cameras(runtime.registry) if account.agency_id in (None, "", one.agency_id)}


def decide(runtime: Runtime, account: Account, alert_id: int, decision: Decision) -> Alert:
    """Write down whether an alert was true; kept, so that the thresholds can be judged by it.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    account : Account
        Who looked.
    alert_id : int
        Which alert.
    decision : {"confirmed", "refused"}
        What they found.

    Returns
    -------
    Alert
        As it is now.

    Raises
    ------
    AccessError
        If the role does not keep watch.
    NotFoundError
        If there is no such alert.
    StaleEditError
        If somebody else has decided already.
    """
    accounts.require(account, Permission.KEEP_WATCH)
    decided = store.decide(runtime.registry, account.username, alert_id, decision)
    log_access(runtime.registry, account.username, "putuskan_peringatan", str(alert_id), decision)
    return decided


def picture(runtime: Runtime, account: Account, alert_id: int, which: Literal["reference", "picture"]) -> bytes:
    """Give a picture of an alert to a person who may see the camera.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    account : Account
        Who asks.
    alert_id : int
        Which alert.
    which : {"reference", "picture"}
        How the camera used to look, or what was noticed.

    Returns
    -------
    bytes
        JPEG file.

    Raises
    ------
    AccessError
        If the role does not keep watch, or the camera belongs to another agency than the account is limited to.
    NotFoundError
        If there is no such picture.
    """
    accounts.require(account, Permission.KEEP_WATCH)
    camera_id, jpeg = store.alert_picture(runtime.registry, alert_id, which)
    camera = get_camera(runtime.registry, camera_id)
    if account.agency_id and camera.agency_id != account.agency_id:
        raise AccessError("other_agency", f"{account.username}: alert {alert_id}", {"agency": camera.agency_name})
    log_access(runtime.registry, account.username, "lihat_gambar", camera_id, f"peringatan {alert_id}")
    return jpeg

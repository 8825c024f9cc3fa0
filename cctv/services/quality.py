"""Sweeps over the pictures of all cameras: each is compared with its own reference; what persists becomes an alert."""

import logging
import threading
import zlib
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime

import cv2
import numpy as np

from cctv.errors import CctvError, SnapshotError
from cctv.live.jpeg import decode, encode
from cctv.live.pictures import PictureAnswer
from cctv.live.quality import (
    HEIGHT,
    WIDTH,
    Fault,
    Grey,
    Light,
    Reference,
    fault_of,
    grey_of,
    light_of,
    measure,
    reference_of,
)
from cctv.permissions import Permission
from cctv.registry import alerts as alert_store
from cctv.registry import picture_references as store
from cctv.registry.access_log import log_access
from cctv.registry.alerts import NewAlert
from cctv.registry.cameras import list_cameras, stream_addresses
from cctv.registry.models import Account, Camera
from cctv.registry.picture_references import KeptReference
from cctv.services import accounts
from cctv.services.alerts import raise_and_tell
from cctv.services.runtime import Runtime

log = logging.getLogger(__name__)

#: A fault is raised once it was found in so many of the last sweeps, the newest included; over after so many good ones.
RAISED_AFTER, OF_LAST, OVER_AFTER = 3, 5, 2
#: Pictures that make a reference.
REFERENCE_OF = 7
#: The first sweep begins so long after the start, when people do not wait for the first screens any more [s].
FIRST_AFTER_S = 60.0
#: A video that has just been opened is asked again so often, after so long [s].
TRIES, TRY_AGAIN_S = 3, 1.0
_BEGINNING = ("connecting", "slow")
_SHOWS_NOW = ("fresh", "cached")
_WORKING = "on"
_PICTURED = ("black", "frozen", "blurred", "covered", "moved")


class Streak:
    """Faults of the last sweeps of one camera."""

    def __init__(self) -> None:
        self._last: deque[str] = deque(maxlen=OF_LAST)

    def add(self, fault: str) -> str:
        """Take over what a sweep found.

        Parameters
        ----------
        fault : str
            Fault, empty if the picture is good.

        Returns
        -------
        str
            The commonest fault, if there was one often enough: a cloth may look now covered, now blurred. Else empty.
        """
        self._last.append(fault)
        faults = [one for one in self._last if one]
        return Counter(faults).most_common(1)[0][0] if fault and len(faults) >= RAISED_AFTER else ""

    @property
    def is_over(self) -> bool:
        """Whether the last sweeps were good."""
        newest = list(self._last)[-OVER_AFTER:]
        return len(newest) == OVER_AFTER and not any(newest)


@dataclass
class _Watched:
    """What is remembered of one camera between sweeps."""

    stance: str
    references: dict[Light, Reference] = field(default_factory=dict[Light, Reference])
    learning: dict[Light, list[Grey]] = field(default_factory=dict[Light, list[Grey]])
    before: Grey | None = None
    before_at: datetime | None = None
    streak: Streak = field(default_factory=Streak)


class Sweeper:
    """Checks pictures one after another; used by one thread.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._cameras: dict[str, _Watched] = {}
        self._kept: dict[tuple[str, Light], KeptReference] = {}

    def sweep(self, ending: threading.Event, period_s: float) -> int:
        """Check every working camera once, spread evenly over a period.

        Parameters
        ----------
        ending : Event
            Ends it early.
        period_s : float
            How long the whole sweep is to take at least [s].

        Returns
        -------
        int
            How many pictures were checked.

        Raises
        ------
        RegistryError
            If the register cannot be read or written.
        """
        self._kept = {(one.camera_id, one.light): one for one in store.references(self._runtime.registry)}
        addresses = stream_addresses(self._runtime.registry)
        working = [one for one in list_cameras(self._runtime.registry)
                   if one.status == _WORKING and addresses.get(one.camera_id)]  # fmt: skip
        checked = 0
        for camera in working:
            answer = self._picture(camera.camera_id, addresses[camera.camera_id], ending)
            if answer.state in _SHOWS_NOW and answer.taken_at is not None:
                self.look(camera, answer.jpeg, answer.taken_at)
                checked += 1
            if ending.wait(period_s / max(len(working), 1)):
                break
        return checked

    def _picture(self, camera_id: str, address: str, ending: threading.Event) -> PictureAnswer:
        """Ask for a picture; a video that nobody watches takes a moment to begin."""
        answer = self._runtime.pictures.get(camera_id, address, width=WIDTH, brief=True)
        for _ in range(TRIES):
            if answer.reason not in _BEGINNING or ending.wait(TRY_AGAIN_S):
                break
            answer = self._runtime.pictures.get(camera_id, address, width=WIDTH, brief=True)
        return answer

    def look(self, camera: Camera, jpeg: bytes, taken_at: datetime) -> Fault:
        """Check one picture, learn from it while there is no reference, raise and end alerts.

        Parameters
        ----------
        camera : Camera
            Which camera.
        jpeg : bytes
            Its picture.
        taken_at : datetime
            When it was taken, aware; the same picture twice is looked at once.

        Returns
        -------
        str
            Fault of this picture; empty if it is good, was looked at before or nothing is known to compare it with.

        Raises
        ------
        RegistryError
            If the register cannot be written.
        """
        watched = self._watched(camera)
        if watched.before_at is not None and taken_at <= watched.before_at:
            return ""
        try:
            picture = decode(jpeg)
        except SnapshotError:
            return ""
        grey, light = grey_of(picture), light_of(picture)
        before, watched.before, watched.before_at = watched.before, grey, taken_at
        reference = self._reference(camera, watched, light)
        if reference is None:
            self._learn(camera, watched, light, grey)
            return ""
        fault = fault_of(measure(reference, grey, before))
        self._tell(camera, watched, fault, reference, jpeg, taken_at)
        return fault

    def _watched(self, camera: Camera) -> _Watched:
        stance = stance_of(camera)
        watched = self._cameras.get(camera.camera_id)
        if watched is None or watched.stance != stance:
            watched = self._cameras[camera.camera_id] = _Watched(stance)
        return watched

    def _reference(self, camera: Camera, watched: _Watched, light: Light) -> Reference | None:
        """Give the reference, made once from what is kept of the same stance; a forgotten one is forgotten here too."""
        kept = self._kept.get((camera.camera_id, light))
        if kept is None or kept.stance != watched.stance:
            watched.references.pop(light, None)
            return None
        if light not in watched.references:
            watched.references[light] = reference_of(_unpacked(kept))
        return watched.references[light]

    def _learn(self, camera: Camera, watched: _Watched, light: Light, grey: Grey) -> None:
        learning = watched.learning.setdefault(light, [])
        learning.append(grey)
        if len(learning) < REFERENCE_OF:
            return
        packed = zlib.compress(np.stack(learning).tobytes(), 1)
        kept = KeptReference(camera.camera_id, light, watched.stance, datetime.now(UTC), len(learning), packed)
        store.keep_reference(self._runtime.registry, kept)
        self._kept[camera.camera_id, light] = kept
        watched.learning.pop(light)

    def _tell(
        self, camera: Camera, watched: _Watched, fault: Fault, reference: Reference, jpeg: bytes, at: datetime
    ) -> None:
        raised = watched.streak.add(fault)
        if not raised and not watched.streak.is_over:
            return
        registry = self._runtime.registry
        going_on = [one for one in alert_store.going_on(registry)
                    if one.camera_id == camera.camera_id and one.kind in _PICTURED]  # fmt: skip
        if watched.streak.is_over:
            alert_store.end_alerts(registry, [one.alert_id for one in going_on], at)
        elif not going_on and raised in ("black", "frozen", "blurred", "covered", "moved"):
            shown = encode(np.asarray(cv2.cvtColor(reference.grey, cv2.COLOR_GRAY2BGR), np.uint8))
            raise_and_tell(self._runtime, [NewAlert(camera.camera_id, raised, "", shown, jpeg)], at)


def keep_sweeping(runtime: Runtime, ending: threading.Event) -> None:
    """Sweep until it is over; a sweep that fails is logged, the next one is made.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    ending : Event
        Set when the app stops.
    """
    period_s = runtime.settings.picture_check_s
    if not period_s or ending.wait(FIRST_AFTER_S):
        return
    sweeper = Sweeper(runtime)
    while not ending.is_set():
        try:
            if not sweeper.sweep(ending, period_s):
                ending.wait(period_s)
        except CctvError as error:
            log.warning("a sweep over the pictures failed: %s", error.code)
            ending.wait(period_s)


def learn_anew(runtime: Runtime, account: Account, camera_id: str) -> None:
    """Forget how a camera looked, because it looks elsewhere on purpose.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    account : Account
        Who decides it.
    camera_id : str
        Which camera.

    Raises
    ------
    AccessError
        If the role does not keep watch.
    """
    accounts.require(account, Permission.KEEP_WATCH)
    store.forget_reference(runtime.registry, account.username, camera_id)
    log_access(runtime.registry, account.username, "acuan_baru", camera_id)


def stance_of(camera: Camera) -> str:
    """Write down how a camera stands; another line in the register makes its reference worthless.

    Parameters
    ----------
    camera : Camera
        The camera.

    Returns
    -------
    str
        Point, direction, tilt and lens.
    """
    return f"{camera.point_id} {camera.azimuth_deg} {camera.tilt_deg} {camera.hfov_deg} {camera.resolution_px}"


def _unpacked(kept: KeptReference) -> list[Grey]:
    stack = np.frombuffer(zlib.decompress(kept.pictures), np.uint8).reshape(kept.made_of, HEIGHT, WIDTH)
    return list(stack)

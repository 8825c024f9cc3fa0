"""Show a person a camera moving: allowed and logged as a still is, a few at a time, for a limited time."""

import threading
import time
from collections import Counter
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from cctv.errors import SnapshotError
from cctv.live.pictures import PictureAnswer
from cctv.registry.cameras import stream_address
from cctv.registry.models import Account
from cctv.services import accounts, liveview
from cctv.services.runtime import Runtime

#: A browser opens six connections to one host; the rest of the screen needs some of them too.
MOST_PER_PERSON = 4
#: Without a new picture for so long, the last one is shown for what it is: old.
STILL_AFTER_S = 2.5
CHECK_EVERY_S = 5.0
_LOOK_AGAIN_S = 0.5

_watching: Counter[str] = Counter()
_lock = threading.Lock()


class Viewing:
    """One person who watches one camera; a place among the viewers is taken while it is entered.

    Parameters
    ----------
    runtime : Runtime
        The running process.
    account : Account
        Who watches.
    cookie : str
        Their session; looked at again and again.
    camera_id : str
        Which camera.

    Raises
    ------
    AccessError
        If the role may not see pictures, or the camera belongs to another agency than the account is limited to.
    NotFoundError
        If there is no such camera.
    RegistryError
        If the address was encrypted with another key, or the access cannot be logged.
    """

    def __init__(self, runtime: Runtime, account: Account, cookie: str, camera_id: str) -> None:
        self._camera = liveview.require_camera(runtime, account, camera_id)
        liveview.log_viewing(runtime, account.username, liveview.MOVING, camera_id)
        self._address = stream_address(runtime.registry, camera_id)
        self._runtime, self._cookie, self._username = runtime, cookie, account.username
        self._started = self._checked = time.monotonic()
        self._shown_at: datetime | None = None
        self._told = 0.0

    def __enter__(self) -> Self:
        most = self._runtime.settings.moving_viewers
        with _lock:
            if _watching.total() >= most or _watching[self._username] >= MOST_PER_PERSON:
                raise SnapshotError(
                    "moving_crowded", f"{_watching.total()} viewers, at most {most}",
                    {"most": most, "own": MOST_PER_PERSON},
                )  # fmt: skip
            _watching[self._username] += 1
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with _lock:
            _watching[self._username] -= 1
            if not _watching[self._username]:
                del _watching[self._username]

    def next_picture(self) -> PictureAnswer | None:
        """Wait up to about a second for something to show.

        Returns
        -------
        PictureAnswer or None
            A new picture; where the camera sends no more, the last one as a still would show it, grey and with its age;
            None if there is nothing to say yet.

        Raises
        ------
        SnapshotError
            ``moving_ended`` after the longest time, ``moving_signed_out`` when the session is over.
        AccessError, NotFoundError
            If the person may not see the camera any more.
        """
        self._check()
        shot = self._runtime.pictures.next_shot(self._address, self._shown_at)
        if shot.taken_at is not None:
            self._shown_at, self._told = shot.taken_at, time.monotonic()
            return PictureAnswer("fresh", shot.jpeg, shot.taken_at, _age_s(shot.taken_at))
        if shot.reason:
            time.sleep(_LOOK_AGAIN_S)  # it is known at once that nothing comes
        is_old = self._shown_at is None or _age_s(self._shown_at) > STILL_AFTER_S
        if not is_old or time.monotonic() - self._told < 1:
            return None
        self._told = time.monotonic()
        return liveview.newest(self._runtime, self._camera, self._address, self._runtime.settings.moving_width)

    def _check(self) -> None:
        now, limit_s = time.monotonic(), self._runtime.settings.moving_s
        if now - self._started > limit_s:
            raise SnapshotError("moving_ended", f"after {limit_s} s", {"minutes": round(limit_s / 60)})
        if now - self._checked > CHECK_EVERY_S:
            self._checked = now
            account = accounts.account_of(self._cookie)
            if account is None:
                raise SnapshotError("moving_signed_out", "the session is over")
            liveview.require_camera(self._runtime, account, self._camera.camera_id)


def n_watching() -> int:
    """Tell how many moving pictures are shown.

    Returns
    -------
    int
        Viewers of all cameras.
    """
    with _lock:
        return _watching.total()


def _age_s(moment: datetime) -> float:
    return (datetime.now(UTC) - moment).total_seconds()

"""What is kept of each camera: its newest picture in several widths, or why there is none and when to try again."""

import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cctv.errors import SnapshotError
from cctv.live import notices
from cctv.live.decoding import Decoders
from cctv.live.media import Kind

#: Nobody waits longer than this for a decoder to make an existing picture narrower.
BUSY_S = 0.05
FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 60.0
KEPT_WIDTH = 1280
_MOST_WIDTHS = 4


@dataclass
class Frame:
    """A picture as it came, and as it was made for people."""

    kind: Kind
    source: bytes
    taken_at: datetime
    by_width: dict[int, bytes]
    grey: tuple[tuple[int, str, int], bytes] = ((0, "", 0), b"")
    lock: threading.Lock = field(default_factory=threading.Lock)
    grey_lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def age_s(self) -> float:
        """How old it is [s]."""
        return (datetime.now(UTC) - self.taken_at).total_seconds()

    @property
    def n_bytes(self) -> int:
        """What it takes of the memory."""
        return len(self.source) + sum(map(len, tuple(self.by_width.values())))

    def at_width(self, width: int, decoders: Decoders) -> bytes:
        """Give it as wide as wanted, or as it was made for somebody else if no decoder is free in time.

        Parameters
        ----------
        width : int
            Width wanted [px].
        decoders : Decoders
            Make it narrower.

        Returns
        -------
        bytes
            JPEG file.
        """
        made = self.by_width.get(width)
        if made is not None or not self.lock.acquire(timeout=BUSY_S):
            return made or self.by_width[max(self.by_width)]
        try:
            if width not in self.by_width:
                made = decoders.render(self.kind, self.source, width, wait_s=BUSY_S)
                self.by_width = {**dict(list(self.by_width.items())[1 - _MOST_WIDTHS :]), width: made}
            return self.by_width[width]
        except SnapshotError:
            return self.by_width[max(self.by_width)]
        finally:
            self.lock.release()

    def greyed(self, width: int, reason: str) -> bytes:
        """Give it grey with its age in whole seconds, the same to everybody; our own JPEG, so no decoder is needed.

        Parameters
        ----------
        width : int
            Width wanted [px].
        reason : str
            Code of what is wrong with the camera.

        Returns
        -------
        bytes
            JPEG file.
        """
        age_s = self.age_s
        key = (width, reason, int(age_s))
        with self.grey_lock:
            if self.grey[0] != key:
                made = self.by_width.get(width) or self.by_width[max(self.by_width)]
                self.grey = (key, notices.grey_jpeg(made, width, age_s, reason))
            return self.grey[1]


@dataclass
class Failure:
    """What is wrong with a camera, since when, and when it may be asked again."""

    reason: str
    since: datetime
    tries: int = 1
    retry_at: float = 0.0  # monotonic [s]

    @property
    def is_open(self) -> bool:
        """Whether the camera is left alone: always after a refused login, else until the pause is over."""
        return self.reason == "login_refused" or time.monotonic() < self.retry_at


@dataclass
class Kept:
    """Everything that is kept of one camera."""

    address: str
    lock: threading.Lock = field(default_factory=threading.Lock)
    width: int = KEPT_WIDTH
    asked: float = 0.0  # monotonic [s], by a person
    frame: Frame | None = None
    failure: Failure | None = None
    flight: Future[None] | None = None


def next_failure(last: Failure | None, reason: str) -> Failure:
    """Note a failure; the pauses after it grow.

    Parameters
    ----------
    last : Failure or None
        The one before, if no picture came since.
    reason : str
        Code of what is wrong.

    Returns
    -------
    Failure
        With the moment of the next try.
    """
    now = datetime.now(UTC)
    failure = Failure(reason, now) if last is None else Failure(reason, last.since, last.tries + 1)
    pause_s = min(FIRST_PAUSE_S * 2 ** min(failure.tries - 1, 10), LONGEST_PAUSE_S)
    failure.retry_at = time.monotonic() + pause_s
    return failure

"""What the app itself keeps: the last good picture of each camera, for the moments in which snapd cannot answer."""

import threading
from collections import OrderedDict
from datetime import UTC, datetime
from functools import lru_cache

from cctv.live import notices
from cctv.live.jpeg import encode
from cctv.live.pictures import STALE_S, PictureAnswer

MOST_BYTES = 48_000_000
#: Pictures are drawn one after the other, each once a second for everybody; nobody waits longer than this.
DRAW_S = 0.06
_GOOD = ("fresh", "cached")


class LastPictures:
    """Keeps one picture per camera, the newest; safe to use from any thread.

    Parameters
    ----------
    most_bytes : int
        All together; the ones that nobody asked for longest go first.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[tuple[str, str], PictureAnswer] = OrderedDict()
        self._n_bytes = 0
        self._lock, self._drawing = threading.Lock(), threading.Lock()

    def keep(self, camera_id: str, address: str, answer: PictureAnswer) -> None:
        """Remember a good picture.

        Parameters
        ----------
        camera_id, address : str
            Of which camera; another address may show another place.
        answer : PictureAnswer
            What snapd gave; anything but a good picture is passed over.
        """
        if answer.state not in _GOOD:
            return
        with self._lock:
            before = self._kept.pop((camera_id, address), None)
            self._n_bytes += len(answer.jpeg) - (len(before.jpeg) if before else 0)
            self._kept[camera_id, address] = answer
            while self._n_bytes > self._most_bytes and len(self._kept) > 1:
                self._n_bytes -= len(self._kept.popitem(last=False)[1].jpeg)

    def instead(self, camera_id: str, address: str, width: int, name: str, reason: str) -> PictureAnswer:
        """Answer in the place of snapd.

        Parameters
        ----------
        camera_id, address : str
            Which camera.
        width : int
            Width wanted [px].
        name : str
            For the card.
        reason : str
            Why snapd does not answer itself.

        Returns
        -------
        PictureAnswer
            The last good picture: as it is while it is not stale, as snapd would do it, then grey and with its age; a
            card if there is none, or if too many others are being drawn.
        """
        with self._lock:
            kept = self._kept.get((camera_id, address))
        age_s = (datetime.now(UTC) - kept.taken_at).total_seconds() if kept and kept.taken_at else None
        if kept and age_s is not None and age_s < STALE_S:
            return PictureAnswer("cached", kept.jpeg, kept.taken_at, age_s)
        if not self._drawing.acquire(timeout=DRAW_S):
            return PictureAnswer("never", _card(width, "", reason), reason=reason)
        try:
            if kept is None or age_s is None:
                return PictureAnswer("never", _card(width, name, reason), reason=reason)
            jpeg = _grey(kept.jpeg, width, int(age_s), reason)
            return PictureAnswer("last_good", jpeg, kept.taken_at, age_s, reason)
        finally:
            self._drawing.release()


@lru_cache(maxsize=256)
def _card(width: int, name: str, reason: str) -> bytes:
    return encode(notices.no_picture(width, name, reason, None))


@lru_cache(maxsize=128)
def _grey(jpeg: bytes, width: int, age_s: int, reason: str) -> bytes:
    return notices.grey_jpeg(jpeg, width, age_s, reason)

"""How often something may be asked from outside: a sliding window per key, in memory, bounded."""

from collections import OrderedDict, deque
from collections.abc import Callable
from threading import Lock
from time import monotonic

MOST_KEYS = 5_000


class RequestLimit:
    """At most so many requests per key within a window.

    Parameters
    ----------
    most : int
        Requests within the window.
    window_s : float
        Length of the window [s].
    clock : callable
        Present moment [s]; never goes back.
    """

    def __init__(self, most: int, window_s: float, clock: Callable[[], float] = monotonic) -> None:
        self.most, self.window_s, self.clock = most, window_s, clock
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def allows(self, key: str) -> bool:
        """Count a request, and say whether it is within the limit; one that is not does not count.

        Parameters
        ----------
        key : str
            Who asks.

        Returns
        -------
        bool
            False if there were too many. With more keys than can be kept, the longest silent are forgotten.
        """
        now = self.clock()
        with self._lock:
            times = self._seen.setdefault(key, deque())
            self._seen.move_to_end(key)
            while len(self._seen) > MOST_KEYS:
                self._seen.popitem(last=False)
            while times and now - times[0] >= self.window_s:
                times.popleft()
            if len(times) >= self.most:
                return False
            times.append(now)
            return True

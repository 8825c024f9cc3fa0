"""One call for everybody who asks the same at the same moment."""

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")


class Shared(Generic[T]):
    """Calls that are under way; safe to use from any thread."""

    def __init__(self) -> None:
        self._running: dict[Hashable, Future[T]] = {}
        self._lock = threading.Lock()

    def do(self, key: Hashable, work: Callable[[], T]) -> T:
        """Call a function, or wait for the same call of somebody else.

        Parameters
        ----------
        key : hashable
            Equal for calls that give the same.
        work : callable
            What to call; it has to end by itself.

        Returns
        -------
        object
            What it returns; what it raises is raised to everybody.
        """
        own: Future[T] = Future()
        with self._lock:
            running = self._running.setdefault(key, own)
        if running is not own:
            return running.result()
        try:
            own.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised below, to everybody who waits
            own.set_exception(error)
        finally:
            with self._lock:
                del self._running[key]
        return own.result()

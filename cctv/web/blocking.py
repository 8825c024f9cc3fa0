"""Run blocking work beside the event loop, so that one slow camera or query holds up nobody else."""

from collections.abc import Callable
from functools import cache, partial
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread

P = ParamSpec("P")
R = TypeVar("R")

#: Threads for sign-in checks and map content; apart from the pictures, so that waiting cameras never block the guard.
THREADS = 16
#: Threads that may wait for cameras at the same time.
PICTURE_THREADS = 24
#: Threads of moving pictures; how many people may watch is a setting, and each of them holds one.
WATCHING_THREADS = 256


@cache
def _limiter(n_threads: int) -> CapacityLimiter:
    return CapacityLimiter(n_threads)


async def run_blocking(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a function in a worker thread.

    Parameters
    ----------
    function : callable
        Blocking function.
    *args, **kwargs
        Its arguments.

    Returns
    -------
    object
        What it returns.
    """
    return await to_thread.run_sync(partial(function, *args, **kwargs), limiter=_limiter(THREADS))


async def run_waiting(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a function that may wait seconds for a camera, in threads of its own.

    Parameters
    ----------
    function : callable
        Blocking function.
    *args, **kwargs
        Its arguments.

    Returns
    -------
    object
        What it returns.
    """
    return await to_thread.run_sync(partial(function, *args, **kwargs), limiter=_limiter(PICTURE_THREADS))


async def run_watching(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a function that waits for the next picture of a moving one, in threads of its own.

    Parameters
    ----------
    function : callable
        Blocking function.
    *args, **kwargs
        Its arguments.

    Returns
    -------
    object
        What it returns.
    """
    return await to_thread.run_sync(partial(function, *args, **kwargs), limiter=_limiter(WATCHING_THREADS))

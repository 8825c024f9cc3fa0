"""One job over many cameras: in this process, in a pool of processes, or on a cluster; always the same results."""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from importlib import import_module
from importlib.util import find_spec
from multiprocessing import get_context
from typing import Any, TypeVar

import numpy as np

from coverage.errors import DistributionError
from coverage.observers import Observers

TILE = 1_000
"""Cameras per tile; results do not depend on it."""

MOST_RESTARTS = 5
"""So often the pool is started anew after a worker died."""

_RETRIES = 3

Result = TypeVar("Result")
Job = Callable[[Observers], Result]

_job: Job[Any] | None = None  # of a worker process: sent once, not with every tile


def distribute(
    job: Job[Result], observers: Observers, *, workers: int = 1, scheduler: str | None = None, tile: int = TILE
) -> list[Result]:
    """Run a job on cameras, tile by tile.

    Parameters
    ----------
    job : callable
        Takes `Observers`, for example ``functools.partial(visible_polygons, obstacles)``. For more than one process it
        must be picklable.
    observers : Observers
        All cameras.
    workers : int
        Processes on this machine; 1 runs in this one.
    scheduler : str, optional
        Address of a dask.distributed scheduler, ``tcp://host:8786``; ``workers`` is then left to the cluster.
    tile : int
        Cameras per tile.

    Returns
    -------
    list
        Results of the tiles, in the order of the cameras.

    Raises
    ------
    DistributionError
        If a number is below 1 (``distribute_invalid``), workers die again and again (``workers_died``), or a scheduler
        is named and cannot be reached (``scheduler_unreachable``) or dask.distributed is not installed
        (``dask_missing``).

    Notes
    -----
    The answer of a camera does not depend on its company, so neither do the results on workers or tiles, bit for bit. A
    tile whose worker dies is done again by another one; those that are done are kept.

    Examples
    --------
    >>> from coverage.obstacles import Obstacles
    >>> from coverage.viewshed import visible_areas_m2
    >>> field = Obstacles.from_arrays([], [])
    >>> two = Observers([670_000.0, 670_900.0], [9_173_000.0] * 2, [6.0] * 2, [0.0] * 2, [90.0] * 2, [20.0] * 2)
    >>> [len(part) for part in distribute(lambda some: visible_areas_m2(field, some), two, tile=1)]
    [1, 1]
    """
    for name, value in (("workers", workers), ("tile", tile)):
        if value < 1:
            raise DistributionError(
                "distribute_invalid", f"{name}={value}, expected >= 1", {"name": name, "value": value}
            )
    tiles = [
        observers.take(np.arange(first, min(first + tile, len(observers)))) for first in range(0, len(observers), tile)
    ]
    if scheduler is not None:
        return _on_cluster(job, tiles, scheduler)
    if workers == 1:
        return [job(part) for part in tiles]
    return _in_pool(job, tiles, workers)


def _in_pool(job: Job[Result], tiles: Sequence[Observers], workers: int) -> list[Result]:
    done: dict[int, Result] = {}
    for _ in range(1 + MOST_RESTARTS):
        waiting = [place for place in range(len(tiles)) if place not in done]
        if not waiting:
            break
        with ProcessPoolExecutor(workers, get_context("spawn"), _receive, (job,)) as pool:
            running = {place: pool.submit(_run, tiles[place]) for place in waiting}
            for place, future in running.items():
                try:
                    done[place] = future.result()
                except BrokenProcessPool:
                    continue  # a worker died; what was done before is kept, the rest goes to the next pool
    if len(done) < len(tiles):
        raise DistributionError("workers_died", f"workers died {1 + MOST_RESTARTS} times", {"count": 1 + MOST_RESTARTS})
    return [done[place] for place in range(len(tiles))]


def _receive(job: Job[Any]) -> None:
    global _job  # noqa: PLW0603 - one job per worker process
    _job = job


def _run(tile: Observers) -> Any:  # noqa: ANN401 - whatever the job gives
    if _job is None:
        raise DistributionError("workers_died", "a worker has no job", {"count": 0})
    return _job(tile)


def _on_cluster(job: Job[Result], tiles: Sequence[Observers], scheduler: str) -> list[Result]:
    if find_spec("distributed") is None:
        raise DistributionError("dask_missing", "dask.distributed is not installed", {"scheduler": scheduler})
    try:
        client = import_module("distributed").Client(scheduler)
    except (OSError, ValueError) as error:
        raise DistributionError("scheduler_unreachable", f"{scheduler}: {error}", {"scheduler": scheduler}) from error
    try:
        [everywhere] = client.scatter([job], broadcast=True)
        futures = client.map(_apply, [everywhere] * len(tiles), tiles, retries=_RETRIES, pure=False)
        return client.gather(futures)
    finally:
        client.close()


def _apply(job: Job[Result], tile: Observers) -> Result:
    return job(tile)

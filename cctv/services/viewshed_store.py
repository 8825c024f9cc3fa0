"""Viewsheds that are computed once: a camera is computed again only when it or a building within its range changes."""

import logging
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array

from cctv.errors import RegistryError
from cctv.registry import Registry, computed
from coverage.distribute import TILE, distribute
from coverage.errors import DistributionError
from coverage.grid import Grid
from coverage.observers import Observers
from coverage.obstacles import Obstacles
from coverage.result_keys import viewshed_keys
from coverage.viewshed import visible_cells, visible_polygons

Result = TypeVar("Result")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class ViewshedStore:
    """Viewsheds out of the register, computed where they are not there.

    Attributes
    ----------
    registry : Registry
        Open register.
    obstacles : Obstacles
        Buildings.
    grid : Grid
        Cells that are counted.
    workers : int
        Processes that share the work of more than a thousand cameras.
    scheduler : str
        Address of a cluster that does so instead; empty for none.
    """

    registry: Registry
    obstacles: Obstacles
    grid: Grid
    workers: int = 1
    scheduler: str = ""

    def polygons(self, observers: Observers) -> NDArray[np.object_]:
        """Give what cameras see.

        Parameters
        ----------
        observers : Observers
            Cameras, all above the target plane.

        Returns
        -------
        ndarray of Polygon or MultiPolygon, shape (n,)
            As `coverage.viewshed.visible_polygons`, byte for byte.

        Raises
        ------
        InvalidObserverError
            As `coverage.viewshed.visible_polygons`.
        """
        keys = viewshed_keys(self.obstacles, observers)
        found = self._found("viewshed", keys, observers, self._areas)
        return np.asarray(shapely.from_wkb([found[key] for key in keys]), dtype=object)

    def cells(self, observers: Observers) -> csr_array:
        """Give which cells cameras see.

        Parameters
        ----------
        observers : Observers
            Cameras, all above the target plane.

        Returns
        -------
        csr_array of bool, shape (n, grid.n_cells)
            As `coverage.viewshed.visible_cells`.

        Raises
        ------
        InvalidObserverError
            As `coverage.viewshed.visible_polygons`.
        """
        keys = [f"{key} {self.grid}" for key in viewshed_keys(self.obstacles, observers)]
        found = self._found("cells", keys, observers, self._cells)
        rows = [np.frombuffer(found[key], np.int32) for key in keys]
        column = np.concatenate([np.empty(0, np.int32), *rows])
        first = np.cumsum([0, *(len(row) for row in rows)]).astype(np.int32)
        return csr_array((np.ones(len(column), np.bool_), column, first), shape=(len(keys), self.grid.n_cells))

    def _areas(self, observers: Observers) -> list[bytes]:
        return list(shapely.to_wkb(np.concatenate(self._spread(partial(visible_polygons, self.obstacles), observers))))

    def _cells(self, observers: Observers) -> list[bytes]:
        parts = self._spread(partial(visible_cells, self.obstacles, grid=self.grid), observers)
        rows = [row for covers in parts for row in np.split(covers.indices, covers.indptr[1:-1])]
        return [row.astype(np.int32).tobytes() for row in rows]

    def _spread(self, job: Callable[[Observers], Result], observers: Observers) -> list[Result]:
        """Compute very many cameras in several places, if that is set up and works."""
        if len(observers) <= TILE:
            return [job(observers)]
        try:
            return distribute(job, observers, workers=self.workers, scheduler=self.scheduler or None)
        except DistributionError as error:
            _log.warning("computed here instead: %s", error)
            return distribute(job, observers)

    def _found(
        self, kind: str, keys: list[str], observers: Observers, compute: Callable[[Observers], list[bytes]]
    ) -> dict[str, bytes]:
        """Read what is kept, compute the rest and keep it; a register that cannot be used costs time only."""
        found = self._kept(kind, keys)
        missing = [i for i, key in enumerate(keys) if key not in found]
        if missing:
            new = {keys[i]: value for i, value in zip(missing, compute(observers.take(missing)), strict=True)}
            found |= new
            try:
                computed.keep(self.registry, kind, {key: zlib.compress(new[key], 1) for key in new}, keys)
            except RegistryError as error:
                _log.warning("viewsheds were not kept: %s", error)
        return found

    def _kept(self, kind: str, keys: list[str]) -> dict[str, bytes]:
        try:
            packed = computed.fetch(self.registry, kind, keys)
        except RegistryError as error:
            _log.warning("kept viewsheds were not read: %s", error)
            return {}
        kept: dict[str, bytes] = {}
        for key, value in packed.items():
            try:
                kept[key] = zlib.decompress(value)  # its checksum tells a damaged one
            except zlib.error:
                _log.warning("a kept viewshed is damaged and is computed again: %s", key)
        return kept

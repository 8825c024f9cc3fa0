"""Viewsheds that are computed once: a camera is computed again only when it or a building within its range changes."""

import logging
import zlib
from dataclasses import dataclass
from functools import partial

import numpy as np
import shapely
from numpy.typing import NDArray

from cctv.errors import RegistryError
from cctv.registry import Registry, computed
from coverage.distribute import TILE, distribute
from coverage.errors import DistributionError
from coverage.observers import Observers
from coverage.obstacles import Obstacles
from coverage.result_keys import viewshed_keys
from coverage.viewshed import visible_polygons

_KIND = "viewshed"

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
    workers : int
        Processes that share the work of more than a thousand cameras.
    scheduler : str
        Address of a cluster that does so instead; empty for none.
    """

    registry: Registry
    obstacles: Obstacles
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
        found = self._found(keys, observers)
        return np.asarray(shapely.from_wkb([found[key] for key in keys]), dtype=object)

    def _computed(self, observers: Observers) -> list[bytes]:
        """Compute viewsheds; those of very many cameras in several places, if that is set up and works."""
        job = partial(visible_polygons, self.obstacles)
        is_large = len(observers) > TILE
        workers, scheduler = (self.workers, self.scheduler or None) if is_large else (1, None)
        try:
            parts = distribute(job, observers, workers=workers, scheduler=scheduler)
        except DistributionError as error:
            _log.warning("computed here instead: %s", error)
            parts = distribute(job, observers)
        return list(shapely.to_wkb(np.concatenate(parts)))

    def _found(self, keys: list[str], observers: Observers) -> dict[str, bytes]:
        """Read what is kept, compute the rest and keep it; a register that cannot be used costs time only."""
        found = self._kept(keys)
        missing = [i for i, key in enumerate(keys) if key not in found]
        if missing:
            new = {keys[i]: value for i, value in zip(missing, self._computed(observers.take(missing)), strict=True)}
            found |= new
            try:
                computed.keep(self.registry, _KIND, {key: zlib.compress(new[key], 1) for key in new}, keys)
            except RegistryError as error:
                _log.warning("viewsheds were not kept: %s", error)
        return found

    def _kept(self, keys: list[str]) -> dict[str, bytes]:
        try:
            packed = computed.fetch(self.registry, _KIND, keys)
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

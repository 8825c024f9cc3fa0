"""Where new cameras could stand, what each would see of public space, and what it costs at today's prices."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from threading import RLock

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from cctv.geodata.lonlat import to_metres
from cctv.registry import points as point_store
from cctv.registry import prices as price_store
from cctv.services import situation
from cctv.services.runtime import Runtime
from cctv.services.situation import Base
from coverage.candidates import CameraModel, Candidates, candidate_sites, candidates_at
from coverage.viewshed import visible_cells

#: Assumed models of new cameras; the range is where a 4 MP camera still gives "Outline" (40 px/m, IEC 62676-4:2025).
MODELS = (
    CameraModel("fixed", hfov_deg=86.0, vfov_deg=55.0, range_m=36.0, height_m=6.0, tilt_deg=20.0),
    CameraModel("dome", hfov_deg=360.0, vfov_deg=float("nan"), range_m=20.0, height_m=6.0, tilt_deg=float("nan")),
)
LEVEL = "Outline, IEC 62676-4:2025, 40 px/m"
ROAD_CLASSES = ("primary", "secondary", "local")
SPACING_M, MOST_SITES = 60.0, 900
BATCH = 1_000

Progress = Callable[[float], object]


@dataclass(frozen=True, eq=False)
class CandidateSet:
    """All candidates and what each sees.

    Attributes
    ----------
    candidates : Candidates
        Possible cameras with their cost.
    covers : csr_array of bool, shape (n, len(demand))
        Cells of public space that each sees.
    """

    candidates: Candidates
    covers: csr_array

    @cached_property
    def rows_at(self) -> dict[str, tuple[int, ...]]:
        """Candidates of each point, by its id."""
        rows: dict[str, list[int]] = {}
        for row, pole_id in enumerate(self.candidates.pole_id.tolist()):
            rows.setdefault(pole_id, []).append(row)
        return {pole_id: tuple(own) for pole_id, own in rows.items()}


_sets: dict[str, tuple[gpd.GeoDataFrame, csr_array]] = {}
_computing = RLock()


def is_ready(runtime: Runtime) -> bool:
    """Tell whether the candidates are computed already.

    Parameters
    ----------
    runtime : Runtime
        Open process.

    Returns
    -------
    bool
        False while the first visitor would have to wait.
    """
    return runtime.city.manifest.fingerprint in _sets


def candidate_set(runtime: Runtime, progress: Progress | None = None) -> CandidateSet:
    """Give all candidates with their present cost; what they see is computed once per version of the city layers.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    progress : callable, optional
        Called with the share that is done.

    Returns
    -------
    CandidateSet
        Shared by all sessions.

    Raises
    ------
    CoverageError
        If the price list lacks an item, or a layer cannot be used.
    """
    ground = situation.base(runtime)
    key = runtime.city.manifest.fingerprint
    with _computing:
        if key not in _sets:
            sites = _sites(runtime, ground)
            found = _covers(candidates_at(sites, MODELS, _prices(runtime), np.empty((0, 2))), ground, progress)
            _sets.clear()
            _sets[key] = (sites, found)
    return _priced(runtime, situation.fingerprint(runtime), key)


@lru_cache(maxsize=2)
def _priced(runtime: Runtime, _fingerprint: str, key: str) -> CandidateSet:
    sites, covers = _sets[key]
    return CandidateSet(candidates_at(sites, MODELS, _prices(runtime), _network(runtime)), covers)


def _sites(runtime: Runtime, ground: Base) -> gpd.GeoDataFrame:
    city = runtime.city
    streets = city.streets[city.streets["road_class"].isin(ROAD_CLASSES)]
    junctions = city.public_spaces[city.public_spaces["space_class"] == "junction"]
    return candidate_sites(city.poles, junctions, streets, ground.obstacles, spacing_m=SPACING_M, most=MOST_SITES)


def _covers(candidates: Candidates, ground: Base, progress: Progress | None) -> csr_array:
    observers = candidates.observers(MODELS)
    place = np.full(ground.demand.grid.n_cells, -1, np.int64)
    place[ground.demand.cell] = np.arange(len(ground.demand))
    columns, counts = [np.empty(0, np.int64)], [np.zeros(1, np.int64)]
    for first in range(0, len(candidates), BATCH):
        batch = observers.take(np.arange(first, min(first + BATCH, len(candidates))))
        cells = visible_cells(ground.obstacles, batch, ground.demand.grid)
        column = place[cells.indices]
        is_public = column >= 0
        row = np.repeat(np.arange(len(batch)), np.diff(cells.indptr))
        columns.append(column[is_public])
        counts.append(np.bincount(row[is_public], minlength=len(batch)))
        if progress is not None:
            progress(min(1.0, (first + BATCH) / len(candidates)))
    column, starts = np.concatenate(columns), np.cumsum(np.concatenate(counts))
    shape = (len(candidates), len(ground.demand))
    return csr_array((np.ones(len(column), np.bool_), column, starts), shape=shape)


def _prices(runtime: Runtime) -> dict[str, int]:
    return {item.item_id: item.price_idr for item in price_store.list_prices(runtime.registry)}


def _network(runtime: Runtime) -> NDArray[np.float64]:
    """Take every placed point as a node of the network: an assumption, said so on the screen."""
    placed = [p for p in point_store.list_points(runtime.registry) if p.lon is not None and p.lat is not None]
    x_m, y_m = to_metres([p.lon or 0.0 for p in placed], [p.lat or 0.0 for p in placed])
    return np.column_stack([x_m, y_m])

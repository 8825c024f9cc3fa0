"""Where new cameras could stand, what each would see of public space, and what it costs at today's prices."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from threading import RLock

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from cctv.geodata.lonlat import to_metres
from cctv.registry import points as point_store
from cctv.registry import prices as price_store
from cctv.services import situation
from cctv.services.candidate_cache import keep_seen, read_seen
from cctv.services.candidate_cover import (
    DIRECTIONS,
    LEVEL,
    MODELS,
    POOLS,
    PoolName,
    Progress,
    Seen,
    directions_of,
    public_cells,
    sites_of,
)
from cctv.services.runtime import Runtime
from coverage import METHOD_VERSION
from coverage.candidates import Candidates, candidates_at

__all__ = ["LEVEL", "MODELS", "POOLS", "CandidateSet", "PoolName", "Progress", "candidate_set", "is_ready"]


@dataclass(frozen=True, eq=False)
class CandidateSet:
    """All candidates and what each sees.

    Attributes
    ----------
    candidates : Candidates
        Possible cameras with their cost.
    covers : csr_array of bool, shape (n, len(demand))
        Cells of public space that each sees.
    pool : {"quick", "full"}
        How many points were looked at.
    """

    candidates: Candidates
    covers: csr_array
    pool: PoolName

    @cached_property
    def rows_at(self) -> dict[str, tuple[int, ...]]:
        """Candidates of each point, by its id."""
        rows: dict[str, list[int]] = {}
        for row, pole_id in enumerate(self.candidates.pole_id.tolist()):
            rows.setdefault(pole_id, []).append(row)
        return {pole_id: tuple(own) for pole_id, own in rows.items()}


_seen: dict[tuple[str, PoolName], Seen] = {}
_computing: dict[PoolName, RLock] = {name: RLock() for name in POOLS}


def is_ready(runtime: Runtime, pool: PoolName = "full") -> bool:
    """Tell whether the candidates are computed already.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    pool : {"quick", "full"}
        How many points are looked at.

    Returns
    -------
    bool
        False while the first visitor would have to wait.
    """
    return (_key(runtime, pool), pool) in _seen


def candidate_set(runtime: Runtime, progress: Progress | None = None, *, pool: PoolName = "full") -> CandidateSet:
    """Give all candidates with their present cost; what they see is computed once per version of the city layers.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    progress : callable, optional
        Called with the share that is done.
    pool : {"quick", "full"}
        How many points are looked at.

    Returns
    -------
    CandidateSet
        Shared by all sessions.

    Raises
    ------
    CoverageError
        If the price list lacks an item, or a layer cannot be used.
    """
    key = _key(runtime, pool)
    with _computing[pool]:
        if (key, pool) not in _seen:
            found = _found(runtime, key, pool, progress)
            for old in [old for old in list(_seen) if old[1] == pool]:
                del _seen[old]
            _seen[key, pool] = found
    return _priced(runtime, situation.fingerprint(runtime), key, pool)


@lru_cache(maxsize=4)
def _priced(runtime: Runtime, _fingerprint: str, key: str, pool: PoolName) -> CandidateSet:
    seen = _seen[key, pool]
    candidates = candidates_at(seen.sites, seen.azimuths_deg, MODELS, _prices(runtime), _network(runtime))
    return CandidateSet(candidates, seen.covers, pool)


@lru_cache(maxsize=8)
def _key_of(runtime: Runtime, _fingerprint: str, pool: PoolName) -> str:
    """Name everything that the points and what they see rest on."""
    parts: list[object] = [METHOD_VERSION, runtime.city.manifest.fingerprint, POOLS[pool], DIRECTIONS, MODELS]
    if POOLS[pool].is_every_source:
        parts += [_placed(runtime)]
    return sha256(repr(parts).encode()).hexdigest()[:20]


def _key(runtime: Runtime, pool: PoolName) -> str:
    return _key_of(runtime, situation.fingerprint(runtime), pool)


def _found(runtime: Runtime, key: str, pool: PoolName, progress: Progress | None) -> Seen:
    """Read what all candidates see, or compute and keep it."""
    ground = situation.base(runtime)
    found = read_seen(runtime.cache_dir, key, len(ground.demand))
    if found is not None:
        return found
    placed = _placed(runtime)
    sites = sites_of(runtime.city, ground, POOLS[pool], _network(runtime), [f"T-{one[0]}" for one in placed])
    azimuths = directions_of(sites, ground)
    candidates = candidates_at(sites, azimuths, MODELS, _prices(runtime), np.empty((0, 2)))
    found = Seen(sites, azimuths, public_cells(ground, candidates.observers(MODELS), progress))
    keep_seen(runtime.cache_dir, key, found)
    return found


def _prices(runtime: Runtime) -> dict[str, int]:
    return {item.item_id: item.price_idr for item in price_store.list_prices(runtime.registry)}


def _placed(runtime: Runtime) -> list[tuple[str, float, float]]:
    points = point_store.list_points(runtime.registry)
    return [(p.point_id, p.lon, p.lat) for p in points if p.lon is not None and p.lat is not None]


def _network(runtime: Runtime) -> NDArray[np.float64]:
    """Take every placed point as a node of the network: an assumption, said so on the screen."""
    placed = _placed(runtime)
    return np.column_stack(to_metres([lon for _, lon, _ in placed], [lat for _, _, lat in placed]))

"""Why a candidate is in a plan or not: who sees part of it already, and what would have to change."""

from dataclasses import dataclass

import numpy as np

from cctv.services import situation
from cctv.services.new_cameras import PoolName, candidate_set
from cctv.services.runtime import Runtime


@dataclass(frozen=True)
class Watcher:
    """A camera that sees part of what a candidate would see.

    Attributes
    ----------
    camera_id, name : str
        The camera, and the name of its point.
    certain, possible : float
        Share of the public space of the candidate that it sees for certain, and at the most.
    """

    camera_id: str
    name: str
    certain: float
    possible: float


def watchers_of(runtime: Runtime, candidate: int, pool: PoolName = "full") -> tuple[Watcher, ...]:
    """Tell which cameras that work see part of what a candidate would see.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    candidate : int
        Row of the candidate.
    pool : {"quick", "full"}
        Candidates that it is a row of.

    Returns
    -------
    tuple of Watcher
        Those that see most come first, then by id.
    """
    found, covers = situation.current(runtime), candidate_set(runtime, pool=pool).covers
    cells = covers.indices[covers.indptr[candidate] : covers.indptr[candidate + 1]]
    inside = np.zeros(covers.shape[1], np.bool_)
    inside[cells] = True
    n = len(found.cameras)
    sure, may = found.sightings.sure, found.sightings.may
    certain = np.bincount(sure.camera[inside[sure.row]], minlength=n) * found.is_alive
    pairs = [np.stack([views.camera, views.row])[:, inside[views.row]] for views in (sure, may)]
    either = np.unique(np.concatenate(pairs, axis=1), axis=1)
    possible = np.bincount(either[0], minlength=n) * found.is_alive
    order = sorted(np.flatnonzero(possible).tolist(), key=lambda i: (-int(possible[i]), found.cameras[i][1].camera_id))
    size = max(len(cells), 1)
    return tuple(
        Watcher(found.cameras[i][1].camera_id, found.cameras[i][0].point.name, float(certain[i]) / size,
                float(possible[i]) / size)
        for i in order
    )  # fmt: skip

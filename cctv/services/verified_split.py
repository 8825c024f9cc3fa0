"""How much of what is certainly watched a person has seen, and how much is computed."""

from dataclasses import dataclass

import numpy as np
import shapely

from cctv.i18n import percent, t
from cctv.registry.verified import list_verified_views
from cctv.services import situation
from cctv.services.runtime import Runtime
from cctv.services.situation import Situation
from coverage.shares import Share


@dataclass(frozen=True)
class Split:
    """Parts of a share.

    Attributes
    ----------
    verified : float
        Seen by a person in the picture of a camera that is on, as a share of all.
    estimated : float
        The rest of what is certain.
    """

    verified: float
    estimated: float


@dataclass(frozen=True)
class VerifiedSplit:
    """Every share of the city with its two parts.

    Attributes
    ----------
    area, corridor, demand : Split
        Of area, street length, weighted demand.
    n_cameras : int
        Cameras that are on and verified.
    n_stale : int
        Cameras that have changed since somebody verified them.
    """

    area: Split
    corridor: Split
    demand: Split
    n_cameras: int
    n_stale: int

    @property
    def words(self) -> str:
        """All parts in one sentence for people."""
        parts = {"area": self.area, "corridor": self.corridor, "demand": self.demand}
        seen = {name: percent(split.verified, 2) for name, split in parts.items()}
        rest = {f"{name}_rest": percent(split.estimated, 2) for name, split in parts.items()}
        return t("view.split", n=self.n_cameras, stale=self.n_stale, **seen, **rest)


def verified_split(runtime: Runtime, found: Situation) -> VerifiedSplit:
    """Split the certain ends of the shares of the city.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    found : Situation
        Present situation.

    Returns
    -------
    VerifiedSplit
        A place that one camera shows verified and another one computed counts as verified.
    """
    ground, watching = situation.base(runtime), found.watching
    areas = watching.area[found.is_alive & watching.is_verified]
    demand = ground.demand
    cells = demand.grid.cells_in(shapely.union_all(areas)) if len(areas) else np.empty(0, np.int64)
    seen = np.isin(demand.cell, cells)
    corridors = ground.corridors
    metres = float(corridors.seen_length_m(areas).sum()) if len(areas) else 0.0
    present = set(watching.camera_id)
    stale = set(list_verified_views(runtime.registry)) & present - {
        camera_id for camera_id, held in zip(watching.camera_id, watching.is_verified, strict=True) if held
    }
    return VerifiedSplit(
        area=_split(found.alive.covered_area_share, float(seen.mean())),
        corridor=_split(found.alive.covered_corridor_share, metres / max(float(corridors.length_m.sum()), 1e-9)),
        demand=_split(found.alive.covered_demand_share, float(demand.weight[seen].sum() / demand.weight.sum())),
        n_cameras=len(areas),
        n_stale=len(stale),
    )


def _split(share: Share | None, verified: float) -> Split:
    return Split(verified, max(0.0, (share.low if share is not None else verified) - verified))

"""How much of what is certainly watched a person has seen, and how much is computed."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cctv.i18n import percent, t
from cctv.registry.verified import list_verified_views
from cctv.services.questions import Answer
from cctv.services.runtime import Runtime
from cctv.services.situation import Situation
from coverage.conditions import ANY, limits_of
from coverage.counted import Counted
from coverage.public_space import Grouping
from coverage.shares import Share

Floats = NDArray[np.float64]


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
    watching = found.watching
    chosen = found.is_alive & watching.is_verified
    counted = Counted(found.base.public, found.sightings, chosen, limits_of(found.sightings, ANY))
    area, corridor, demand = (float(part[0]) for part in _seen(counted, found.base.public.groupings["city"]))
    present = set(watching.camera_id)
    stale = set(list_verified_views(runtime.registry)) & present - {
        camera_id for camera_id, held in zip(watching.camera_id, watching.is_verified, strict=True) if held
    }
    return VerifiedSplit(
        area=_split(found.alive.covered_area_share, area),
        corridor=_split(found.alive.covered_corridor_share, corridor),
        demand=_split(found.alive.covered_demand_share, demand),
        n_cameras=int(chosen.sum()),
        n_stale=len(stale),
    )


def split_by_kelurahan(answer: Answer) -> pd.DataFrame:
    """Split the certain ends of the shares of each kelurahan.

    Parameters
    ----------
    answer : Answer
        Cameras that count, under the conditions of the question.

    Returns
    -------
    DataFrame
        ``district``, and for area and corridor the columns ``*_verified`` (seen by a person, as a share of all) and
        ``*_estimated`` (the rest of what is certain); NaN where there is nothing to watch.
    """
    found = answer.situation
    counted = answer.counted(answer.chosen & found.watching.is_verified)
    grouping = found.base.public.groupings["district"]
    area, corridor, _ = _seen(counted, grouping)
    verified = pd.DataFrame({"district": grouping.label, "area_verified": area, "corridor_verified": corridor})
    table = answer.state.by_district.merge(verified, on="district")
    for name in ("area", "corridor"):
        table[f"{name}_estimated"] = (table[f"{name}_low"] - table[f"{name}_verified"]).clip(lower=0.0)
    return table[["district", "area_verified", "area_estimated", "corridor_verified", "corridor_estimated"]]


def _seen(counted: Counted, grouping: Grouping) -> tuple[Floats, Floats, Floats]:
    """Give what is seen for certain of area, street length and weight, as shares of each part."""
    demand = counted.public.demand
    parts = (
        (counted.cells(grouping).low, grouping.cells),
        (counted.streets(grouping).low, grouping.corridor_m),
        (counted.cells(grouping, demand.weight).low, grouping.weight),
    )
    with np.errstate(invalid="ignore"):
        area, corridor, weight = (low / whole for low, whole in parts)
    return area, corridor, weight


def _split(share: Share | None, verified: float) -> Split:
    part = float(np.nan_to_num(verified))
    return Split(part, max(0.0, (share.low if share is not None else part) - part))

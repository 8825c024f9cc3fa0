"""The points where a camera could stand, as a plan and some wishes leave them: chosen, forced, forbidden or neither."""

from typing import Literal, get_args

import geopandas as gpd
import numpy as np
import shapely

from cctv.errors import CctvError
from cctv.i18n import t
from cctv.services.new_cameras import CandidateSet
from cctv.services.wishes import Wishes
from coverage.crs import PROJECTED_CRS
from coverage.siting import SitingPlan

PointState = Literal["wajib", "dipilih", "jangan", "lain"]
STATES: tuple[PointState, ...] = get_args(PointState)
#: Letter on the map for a point that carries no rank.
FORBIDDEN = "x"


def state_of(found: CandidateSet, plan: SitingPlan, wishes: Wishes, pole_id: str) -> PointState:
    """Tell how a point stands.

    Parameters
    ----------
    found : CandidateSet
        All candidates.
    plan : SitingPlan
        The plan.
    wishes : Wishes
        What was wished of it.
    pole_id : str
        The point.

    Returns
    -------
    {"wajib", "dipilih", "jangan", "lain"}
        Forced, chosen, forbidden, neither.
    """
    rows = set(found.rows_at.get(pole_id, ()))
    if rows & set(wishes.must_include):
        return "wajib"
    if rows & set(plan.chosen.tolist()):
        return "dipilih"
    return "jangan" if rows and rows <= set(wishes.excluded) else "lain"


def points_layer(found: CandidateSet, plan: SitingPlan, wishes: Wishes, part: str) -> gpd.GeoDataFrame:
    """List the points of one state for the map.

    Parameters
    ----------
    found : CandidateSet
        All candidates.
    plan : SitingPlan
        The plan.
    wishes : Wishes
        What was wished of it.
    part : {"wajib", "dipilih", "jangan", "lain", "semua"}
        Which points.

    Returns
    -------
    GeoDataFrame
        ``id``, ``name`` (street), ``state``, ``note`` (the same in words) and ``mark`` (rank, or a letter); points,
        EPSG:32749 [m].

    Raises
    ------
    CctvError
        If there is no such state.
    """
    if part not in (*STATES, "semua"):
        raise CctvError("bad_query", f"bagian={part!r}, expected {(*STATES, 'semua')}")
    every = list(found.rows_at)
    state = np.full(len(every), "lain", dtype="<U8")
    place = {pole_id: at for at, pole_id in enumerate(every)}
    pole_of = found.candidates.pole_id
    rank = {place[str(pole_of[row])]: number for number, row in enumerate(plan.order.tolist(), start=1)}
    for name, rows in (("jangan", wishes.excluded), ("dipilih", plan.chosen.tolist()), ("wajib", wishes.must_include)):
        state[[place[str(pole_of[row])] for row in rows]] = name
    wanted = np.flatnonzero((state == part) | (part == "semua"))
    wanted = wanted[np.argsort(state[wanted] != "lain", kind="stable")].tolist()  # drawn last, so clicked first
    first = [found.rows_at[every[at]][0] for at in wanted]
    return gpd.GeoDataFrame(
        {
            "id": [every[at] for at in wanted],
            "name": [name or t("planning.unnamed") for name in found.candidates.street[first].tolist()],
            "state": state[wanted],
            "note": [t(f"wishes.state_{name}") for name in state[wanted].tolist()],
            "mark": [str(rank.get(at, FORBIDDEN if state[at] == "jangan" else "")) for at in wanted],
        },
        geometry=shapely.points(found.candidates.x_m[first], found.candidates.y_m[first]),
        crs=PROJECTED_CRS,
    )

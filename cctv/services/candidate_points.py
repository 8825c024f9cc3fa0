"""The points where a camera could stand, as a plan and some wishes leave them: chosen, forced, forbidden or neither."""

from collections.abc import Sequence
from typing import Literal

import geopandas as gpd
import numpy as np
import shapely

from cctv.geodata.lonlat import to_metres
from cctv.i18n import t
from cctv.services.new_cameras import CandidateSet
from cctv.services.wishes import Wishes
from coverage.crs import PROJECTED_CRS
from coverage.siting import SitingPlan

PointState = Literal["wajib", "dipilih", "jangan", "lain"]
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


def nearest_point(found: CandidateSet, lon: float, lat: float) -> tuple[str, float]:
    """Find the point that stands nearest to a place.

    Parameters
    ----------
    found : CandidateSet
        All candidates.
    lon, lat : float
        The place, EPSG:4326 [deg].

    Returns
    -------
    (str, float)
        Id of the point, and how far it is [m].
    """
    x_m, y_m = to_metres(lon, lat)
    apart = np.hypot(found.candidates.x_m - float(x_m), found.candidates.y_m - float(y_m))
    row = int(apart.argmin())
    return str(found.candidates.pole_id[row]), float(apart[row])


def every_point(found: CandidateSet) -> gpd.GeoDataFrame:
    """List all points for the map, whatever the plan is: asked for once.

    Parameters
    ----------
    found : CandidateSet
        All candidates.

    Returns
    -------
    GeoDataFrame
        ``id``, ``name`` (street), ``note``; points, EPSG:32749 [m].
    """
    other: list[PointState] = ["lain"] * len(found.rows_at)
    return _frame(found, list(found.rows_at), other).drop(columns=["state"])


def marked_points(found: CandidateSet, plan: SitingPlan, wishes: Wishes) -> gpd.GeoDataFrame:
    """List the points that a plan has or must not have, for the map.

    Parameters
    ----------
    found : CandidateSet
        All candidates.
    plan : SitingPlan
        The plan.
    wishes : Wishes
        What was wished of it.

    Returns
    -------
    GeoDataFrame
        ``id``, ``name`` (street), ``state``, ``note`` (the same in words) and ``mark`` (rank, or a letter); points,
        EPSG:32749 [m].
    """
    pole_of = found.candidates.pole_id
    chosen = {str(pole_of[row]): str(rank) for rank, row in enumerate(plan.order.tolist(), start=1)}
    forbidden = dict.fromkeys((str(pole_of[row]) for row in wishes.excluded), FORBIDDEN)
    marks = forbidden | chosen
    states: list[PointState] = [state_of(found, plan, wishes, pole_id) for pole_id in marks]
    return _frame(found, list(marks), states).assign(mark=list(marks.values()))


def _frame(found: CandidateSet, pole_ids: Sequence[str], states: list[PointState]) -> gpd.GeoDataFrame:
    first = [found.rows_at[pole_id][0] for pole_id in pole_ids]
    columns = {
        "id": pole_ids,
        "name": [name or t("planning.unnamed") for name in found.candidates.street[first].tolist()],
        "state": states,
        "note": [t(f"wishes.state_{name}") for name in states],
    }
    at = shapely.points(found.candidates.x_m[first], found.candidates.y_m[first])
    return gpd.GeoDataFrame(columns, geometry=at, crs=PROJECTED_CRS)

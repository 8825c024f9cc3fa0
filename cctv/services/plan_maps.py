"""What the points of a kept plan would see, as a map layer: for those who plan, and logged."""

import geopandas as gpd

from cctv.permissions import Permission
from cctv.registry.access_log import log_access
from cctv.registry.models import Account
from cctv.registry.plans import get_plan
from cctv.services import accounts
from cctv.services.maplayers import to_geojson
from cctv.services.plan_from_ranking import areas_of
from cctv.services.runtime import Runtime
from coverage.crs import PROJECTED_CRS


def plan_layer(runtime: Runtime, account: Account, plan_id: str) -> bytes:
    """Write the layer for a person who may see it.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who asks.
    plan_id : str
        Which plan.

    Returns
    -------
    bytes
        GeoJSON with ``rank``, EPSG:4326.

    Raises
    ------
    AccessError
        If the role does not allow it.
    NotFoundError
        If there is no such plan.
    """
    accounts.require(account, Permission.PLAN)
    plan = get_plan(runtime.registry, plan_id)
    log_access(runtime.registry, account.username, "lihat_lapisan", "rencana", plan_id)
    _, areas = areas_of(runtime, plan.points)
    frame = gpd.GeoDataFrame({"rank": [point.rank for point in plan.points]}, geometry=areas, crs=PROJECTED_CRS)
    return to_geojson(frame)

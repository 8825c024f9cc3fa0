"""Cameras that people put where no candidate is: may they stand there, what they cost, what they newly see."""

import math
from collections.abc import Sequence
from dataclasses import replace

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from cctv.errors import Problem, ValidationError, raise_if_any
from cctv.geodata.layers import kelurahan_of
from cctv.geodata.lonlat import to_metres
from cctv.registry.plan_models import KeptPrice, PlanPoint, Spot
from cctv.registry.points import list_points
from cctv.services import planning, situation
from cctv.services.new_cameras import MODELS
from cctv.services.plan_from_ranking import areas_of, point_of
from cctv.services.runtime import Runtime
from coverage.candidates import COST_PARTS, candidates_at
from coverage.demand import Demand

#: A camera hangs on a pole that stands already, if one is this near [m]; else a new one is paid for.
POLE_REACH_M = 8.0


def placed_points(
    runtime: Runtime, prices: tuple[KeptPrice, ...], spots: tuple[Spot, ...], seen: NDArray[np.bool_] | None = None
) -> tuple[PlanPoint, ...]:  # fmt: skip
    """Turn cameras that people have placed into points with gain and cost.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    prices : tuple of KeptPrice
        The price list.
    spots : tuple of Spot
        The cameras; each gains what those before it do not see.
    seen : ndarray of bool, shape (len(demand),), optional
        Cells that do not count as gained, beside those that a camera sees or may see.

    Returns
    -------
    tuple of PlanPoint
        Ranked from 1.

    Raises
    ------
    ValidationError
        Lists the cameras that cannot stand where they are, and the prices that are missing.
    """
    xy, areas = areas_of(runtime, spots)
    raise_if_any(_standing_problems(runtime, xy), ValidationError, code="invalid", message="placed points")
    demand = situation.base(runtime).demand
    covered = planning.problem_of(runtime).covered | (False if seen is None else seen)  # a copy
    rows = _cost_rows(runtime, prices, spots, xy)
    points: list[PlanPoint] = []
    for number, (spot, row) in enumerate(zip(spots, rows, strict=True), start=1):
        fresh = _rows(demand, areas[number - 1])
        fresh = fresh[~covered[fresh]]
        covered[fresh] = True
        gain = {"gain_weight": int(demand.weight[fresh].sum()), "gain_m2": len(fresh) * demand.cell_area_m2}
        azimuth = math.nan if spot.azimuth_deg is None else spot.azimuth_deg
        point = point_of({**row, **gain, "rank": number, "azimuth_deg": azimuth}, prices)
        points.append(replace(point, lon=spot.lon, lat=spot.lat))
    return tuple(points)


def seen_by(runtime: Runtime, spots: Sequence[Spot | PlanPoint]) -> NDArray[np.bool_]:
    """Tell which cells of public space some cameras see.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    spots : sequence of Spot or PlanPoint
        The cameras.

    Returns
    -------
    ndarray of bool, shape (len(demand),)
        True where one of them does.
    """
    demand = situation.base(runtime).demand
    seen = np.zeros(len(demand), np.bool_)
    for area in areas_of(runtime, spots)[1]:
        seen[_rows(demand, area)] = True
    return seen


def _rows(demand: Demand, area: BaseGeometry) -> NDArray[np.int64]:
    """Give the cells of public space that have their centre in an area, as rows of the demand."""
    cells = demand.grid.cells_in(area)
    rows = np.minimum(np.searchsorted(demand.cell, cells), len(demand) - 1)
    return rows[demand.cell[rows] == cells]


def _standing_problems(runtime: Runtime, xy: NDArray[np.float64]) -> list[Problem]:
    city, spots = runtime.city, np.asarray(shapely.points(xy), dtype=object)
    tree = situation.base(runtime).obstacles.tree
    blocked = set(tree.query(spots, predicate="intersects")[0].tolist())
    return [
        Problem("hand_outside" if not shapely.contains(city.boundary, spot) else "hand_in_building", str(number + 1))
        for number, spot in enumerate(spots)
        if not shapely.contains(city.boundary, spot) or number in blocked
    ]


def _cost_rows(
    runtime: Runtime, prices: tuple[KeptPrice, ...], spots: tuple[Spot, ...], xy: NDArray[np.float64]
) -> list[dict[str, object]]:  # fmt: skip
    """Compose the cost of each camera as that of candidates is; a new pole where none stands near."""
    if not spots:
        return []
    known = {price.item_id: price.price_idr for price in prices}
    city, places = runtime.city, shapely.points(xy)
    named = city.streets[city.streets["name"] != ""]
    street = named["name"].to_numpy()[shapely.STRtree(np.asarray(named.geometry.array, dtype=object)).nearest(places)]
    poles = shapely.STRtree(np.asarray(city.poles.geometry.array, dtype=object))
    has_pole = np.isin(np.arange(len(spots)), poles.query(places, predicate="dwithin", distance=POLE_REACH_M)[0])
    source = np.where(has_pole, "pole", "hand")
    sites = gpd.GeoDataFrame(
        {"pole_id": [str(k) for k in range(len(spots))], "street": street, "source": source}, geometry=places,
        crs=city.streets.crs,
    )  # fmt: skip
    found = candidates_at(sites, np.zeros((len(spots), 1)), MODELS, known, _network(runtime))
    where = kelurahan_of(city.kelurahan, xy)
    rows: list[dict[str, object]] = []
    for number, spot in enumerate(spots):
        row = int(np.flatnonzero((found.pole_id == str(number)) & (found.model == spot.model))[0])
        parts = dict(zip(COST_PARTS, found.cost_parts_idr[row].tolist(), strict=True))
        rows.append({
            **{f"cost_{name}_idr": amount for name, amount in parts.items()}, "cost_idr": sum(parts.values()),
            "street": str(street[number]), "kelurahan": str(where[number]), "lon": spot.lon, "lat": spot.lat,
            "model": spot.model, "fibre_m": float(found.fibre_m[row]),
        })  # fmt: skip
    return rows


def _network(runtime: Runtime) -> NDArray[np.float64]:
    """Take every placed point as a node of the network, as the candidates do."""
    placed = [p for p in list_points(runtime.registry) if p.lon is not None and p.lat is not None]
    return np.column_stack(to_metres([p.lon or 0.0 for p in placed], [p.lat or 0.0 for p in placed]))

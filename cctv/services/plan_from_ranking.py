"""The one place that knows what a ranking looks like: turns it into points, prices and marks that a plan keeps."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cctv.geodata.lonlat import to_metres
from cctv.i18n import t
from cctv.registry import prices as price_store
from cctv.registry.history import newest_change
from cctv.registry.plan_models import CostLine, KeptPrice, PlanPoint, RunMark, Spot
from cctv.services import planning, situation
from cctv.services.planning import Ranking
from cctv.services.runtime import Runtime
from coverage.candidates import Candidates
from coverage.observers import Observers
from coverage.viewshed import visible_polygons

WATCHED = ("point", "camera", "agency", "verified_view")
#: Two places are the same within this [m].
SAME_M = 0.2
_PREFIX, _SUFFIX = "cost_", "_idr"
#: Item of the price list and unit of volume for each part; the camera's item depends on its model.
_ITEMS = {
    "pole": "pole_existing", "panel": "panel", "fibre": "fibre_m", "pln": "pln", "installation": "installation",
    "licence": "licence", "sign": "sign", "pole_new": "pole_7m",
}  # fmt: skip


def kept_prices(runtime: Runtime) -> tuple[KeptPrice, ...]:
    """Copy the price list as it is now.

    Parameters
    ----------
    runtime : Runtime
        Open process.

    Returns
    -------
    tuple of KeptPrice
        By id.
    """
    return tuple(
        KeptPrice(p.item_id, p.name, p.unit, p.price_idr, p.source, p.as_of.isoformat(), p.is_assumption,
                  p.tkdn_percent)
        for p in price_store.list_prices(runtime.registry)
    )  # fmt: skip


def run_mark(runtime: Runtime, ranking: Ranking) -> RunMark:
    """Name the run and what it rests on.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    ranking : Ranking
        Result of the run.

    Returns
    -------
    RunMark
        Everything needed to say later what changed since.
    """
    plan = ranking.plan
    return RunMark(
        fingerprint=plan.fingerprint, seed=plan.seed, method_version=ranking.method_version, value=int(plan.value),
        upper_bound=int(plan.upper_bound), gap=float(plan.gap), spend_idr=int(plan.spend_idr),
        budget_idr=int(plan.budget_idr), seen_before=ranking.seen_before, seen_after=ranking.seen_after,
        area_before=ranking.area_before, area_after=ranking.area_after, level=ranking.level,
        is_synthetic=ranking.is_synthetic, computed_at=ranking.computed_at.isoformat(),
        layers={name: layer.sha256 for name, layer in sorted(runtime.city.manifest.layers.items())},
        register_change=newest_change(runtime.registry, WATCHED),
    )  # fmt: skip


def points_of(ranking: Ranking, prices: tuple[KeptPrice, ...]) -> tuple[PlanPoint, ...]:
    """Turn the rows of a ranking into points with lines of cost.

    Parameters
    ----------
    ranking : Ranking
        Result of a run.
    prices : tuple of KeptPrice
        The price list of that run.

    Returns
    -------
    tuple of PlanPoint
        By rank; the lines of each sum to its cost to the Rupiah.
    """
    return tuple(point_of(row, prices) for row in ranking.rows.to_dict("records"))


def areas_of(runtime: Runtime, points: Sequence[PlanPoint | Spot]) -> tuple[NDArray[np.float64], NDArray[np.object_]]:
    """Say where points stand and what they see, with the models of new cameras that rankings use.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    points : sequence of PlanPoint or Spot
        Which points.

    Returns
    -------
    (ndarray of float64, shape (n, 2), ndarray of Polygon or MultiPolygon, shape (n,))
        EPSG:32749 [m].
    """
    if not points:
        return np.empty((0, 2)), np.empty(0, dtype=object)
    observers = observers_of(points)
    xy = np.column_stack([observers.x_m, observers.y_m])
    return xy, visible_polygons(situation.base(runtime).obstacles, observers)


def observers_of(points: Sequence[PlanPoint | Spot]) -> Observers:
    """Give the cameras of points, with the models of new cameras that rankings use.

    Parameters
    ----------
    points : sequence of PlanPoint or Spot
        Which points, at least one.

    Returns
    -------
    Observers
        In their order, EPSG:32749 [m].
    """
    x_m, y_m = to_metres([point.lon for point in points], [point.lat for point in points])
    by_id = {model.model_id: model for model in planning.MODELS}
    models = [by_id[point.model] for point in points]
    return Observers(
        x_m, y_m, [model.height_m for model in models],
        [math.nan if point.azimuth_deg is None else point.azimuth_deg for point in points],
        [model.hfov_deg for model in models], [model.range_m for model in models],
        [model.tilt_deg for model in models], [model.vfov_deg for model in models],
    )  # fmt: skip


def candidate_of(candidates: Candidates, spot: PlanPoint | Spot) -> int | None:
    """Find a camera among the candidates.

    Parameters
    ----------
    candidates : Candidates
        Possible cameras.
    spot : PlanPoint or Spot
        Which one.

    Returns
    -------
    int or None
        Its row; None if it is none of them.
    """
    camera = observers_of([spot])
    is_same = np.hypot(candidates.x_m - camera.x_m[0], candidates.y_m - camera.y_m[0]) < SAME_M
    is_same &= candidates.model == spot.model
    if spot.azimuth_deg is not None:
        is_same &= candidates.azimuth_deg == spot.azimuth_deg
    found = np.flatnonzero(is_same).tolist()
    return found[0] if found else None


def point_of(row: Mapping[Any, Any], prices: tuple[KeptPrice, ...]) -> PlanPoint:
    """Turn a row of a ranking into a point with lines of cost.

    Parameters
    ----------
    row : mapping
        As in `Ranking.rows`.
    prices : tuple of KeptPrice
        The price list.

    Returns
    -------
    PlanPoint
        Without id; its lines sum to its cost to the Rupiah.
    """
    azimuth = float(row["azimuth_deg"])
    return PlanPoint(
        plan_point_id="", plan_id="", rank=int(row["rank"]), street=str(row["street"]),
        kelurahan=str(row["kelurahan"]), lon=round(float(row["lon"]), 7), lat=round(float(row["lat"]), 7),
        azimuth_deg=None if math.isnan(azimuth) else azimuth, model=str(row["model"]),
        fibre_m=float(row["fibre_m"]), gain_m2=float(row["gain_m2"]), gain_weight=int(row["gain_weight"]),
        lines=_lines(row, {price.item_id: price for price in prices}),
    )  # fmt: skip


def _lines(row: Mapping[Any, Any], prices: Mapping[str, KeptPrice]) -> tuple[CostLine, ...]:
    parts = [str(name) for name in row if str(name).startswith(_PREFIX) and name != "cost_idr"]
    lines = [_line(name[len(_PREFIX) : -len(_SUFFIX)], int(row[name]), row, prices) for name in parts]
    lines = [line for line in lines if line.amount_idr]
    rest = int(row["cost_idr"]) - sum(line.amount_idr for line in lines)
    return tuple([*lines, _lump("rest", rest)] if rest else lines)


def _line(part: str, amount_idr: int, row: Mapping[Any, Any], prices: Mapping[str, KeptPrice]) -> CostLine:
    """Write a part as volume times price; as one sum where the price list does not explain the amount."""
    item_id = f"camera_{row['model']}" if part == "camera" else _ITEMS.get(part, "")
    price = prices.get(item_id)
    if price is None or not price.price_idr or amount_idr % price.price_idr:
        return _lump(part, amount_idr)
    return CostLine(part, item_id, price.name, price.unit, amount_idr // price.price_idr, price.price_idr)


def _lump(part: str, amount_idr: int) -> CostLine:
    return CostLine(part, "", t(f"cost.{part}"), "ls", 1, amount_idr)

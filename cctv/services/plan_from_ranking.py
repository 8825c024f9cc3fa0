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
from cctv.registry.plan_models import CostLine, KeptPrice, PlanPoint, RunMark
from cctv.services import planning, situation
from cctv.services.planning import Progress, Ranking
from cctv.services.runtime import Runtime
from coverage.candidates import NEW_POLE, STANDING
from coverage.observers import Observers
from coverage.viewshed import visible_polygons

WATCHED = ("point", "camera", "agency", "verified_view")
_PREFIX, _SUFFIX = "cost_", "_idr"
#: Item of the price list and unit of volume for each part; the camera's item depends on its model.
_ITEMS = {
    "pole": "pole_existing", "panel": "panel", "fibre": "fibre_m", "pln": "pln", "installation": "installation",
    "licence": "licence", "sign": "sign",
}  # fmt: skip


def rank(runtime: Runtime, budget_idr: int, progress: Progress | None = None) -> Ranking:
    """Rank points for an amount without tax, as the screen Usulan does.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    budget_idr : int
        Money without tax [Rp].
    progress : callable, optional
        Called with the share that is done.

    Returns
    -------
    Ranking
        Same register, city layers and budget, same ranking.
    """
    return planning.rank(runtime, budget_idr, progress)


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
    by_id = {price.item_id: price for price in prices}
    return tuple(_point(row, by_id) for row in ranking.rows.to_dict("records"))


def areas_of(runtime: Runtime, points: Sequence[PlanPoint]) -> tuple[NDArray[np.float64], NDArray[np.object_]]:
    """Say where points stand and what they see, with the models of new cameras that rankings use.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    points : sequence of PlanPoint
        Which points.

    Returns
    -------
    (ndarray of float64, shape (n, 2), ndarray of Polygon or MultiPolygon, shape (n,))
        EPSG:32749 [m].
    """
    x_m, y_m = to_metres([point.lon for point in points], [point.lat for point in points])
    xy = np.column_stack([x_m, y_m])
    if not points:
        return xy, np.empty(0, dtype=object)
    by_id = {model.model_id: model for model in planning.MODELS}
    models = [by_id[point.model] for point in points]
    observers = Observers(
        x_m, y_m, [model.height_m for model in models],
        [math.nan if point.azimuth_deg is None else point.azimuth_deg for point in points],
        [model.hfov_deg for model in models], [model.range_m for model in models],
        [model.tilt_deg for model in models], [model.vfov_deg for model in models],
    )  # fmt: skip
    return xy, visible_polygons(situation.base(runtime).obstacles, observers)


def _point(row: Mapping[Any, Any], prices: Mapping[str, KeptPrice]) -> PlanPoint:
    azimuth = float(row["azimuth_deg"])
    return PlanPoint(
        plan_point_id="", plan_id="", rank=int(row["rank"]), street=str(row["street"]),
        kelurahan=str(row["kelurahan"]), lon=round(float(row["lon"]), 7), lat=round(float(row["lat"]), 7),
        azimuth_deg=None if math.isnan(azimuth) else azimuth, model=str(row["model"]),
        fibre_m=float(row["fibre_m"]), gain_m2=float(row["gain_m2"]), gain_weight=int(row["gain_weight"]),
        lines=_lines(row, prices),
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
    if part == "pole" and row["source"] not in STANDING:
        item_id = NEW_POLE
    price = prices.get(item_id)
    if price is None or not price.price_idr or amount_idr % price.price_idr:
        return _lump(part, amount_idr)
    return CostLine(part, item_id, price.name, price.unit, amount_idr // price.price_idr, price.price_idr)


def _lump(part: str, amount_idr: int) -> CostLine:
    return CostLine(part, "", t(f"cost.{part}"), "ls", 1, amount_idr)

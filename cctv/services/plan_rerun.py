"""Run a kept plan again: the identical answer, or exactly what changed since."""

from dataclasses import dataclass

from cctv.registry.history import changes_since
from cctv.registry.plan_models import KeptPrice, Plan, PlanPoint
from cctv.services.plan_by_hand import choose
from cctv.services.plan_from_ranking import WATCHED, kept_prices
from cctv.services.planning import Progress
from cctv.services.runtime import Runtime
from coverage import METHOD_VERSION


@dataclass(frozen=True)
class PriceChange:
    """A price that is another one now; None where the item is new or gone."""

    item_id: str
    before_idr: int | None
    now_idr: int | None


@dataclass(frozen=True)
class Rerun:
    """What running a plan again gave.

    Attributes
    ----------
    is_identical : bool
        Same points in the same order with the same cost and the same gain.
    prices : tuple of PriceChange
        Prices that changed, by item.
    records : tuple of (str, str)
        Kind and id of points, cameras, agencies and verified views that changed.
    layers : tuple of str
        City layers that changed.
    method : tuple of (str, str) or None
        Version of the calculation before and now, if it changed.
    gone, new : tuple of PlanPoint
        Points of the plan that are no longer chosen, and points that are chosen now.
    spend_idr : int
        Cost of the new choice without tax [Rp].
    """

    is_identical: bool
    prices: tuple[PriceChange, ...]
    records: tuple[tuple[str, str], ...]
    layers: tuple[str, ...]
    method: tuple[str, str] | None
    gone: tuple[PlanPoint, ...]
    new: tuple[PlanPoint, ...]
    spend_idr: int

    @property
    def has_cause(self) -> bool:
        """Whether anything the run rests on changed."""
        return bool(self.prices or self.records or self.layers or self.method)


def rerun(runtime: Runtime, plan: Plan, progress: Progress | None = None) -> Rerun:
    """Run a plan again with the money of its run.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    plan : Plan
        Which plan.
    progress : callable, optional
        Called with the share that is done.

    Returns
    -------
    Rerun
        Whether the answer is the same, and what changed since.

    Raises
    ------
    CoverageError
        If a layer or the price list cannot be used any more.
    """
    prices = kept_prices(runtime)
    points, _ = choose(runtime, plan.run.budget_idr, prices, plan.run.hand, progress)
    before, now = {place_of(p): p for p in plan.points}, {place_of(p): p for p in points}
    layers = {name: layer.sha256 for name, layer in runtime.city.manifest.layers.items()}
    old = plan.run.layers
    return Rerun(
        is_identical=[_answer(p) for p in plan.points] == [_answer(p) for p in points],
        prices=price_changes(plan.prices, prices),
        records=tuple(changes_since(runtime.registry, WATCHED, plan.run.register_change)),
        layers=tuple(sorted(name for name in layers | old if layers.get(name) != old.get(name))),
        method=None if plan.run.method_version == METHOD_VERSION else (plan.run.method_version, METHOD_VERSION),
        gone=tuple(p for key, p in before.items() if key not in now),
        new=tuple(p for key, p in now.items() if key not in before),
        spend_idr=sum(point.net_idr for point in points),
    )


def place_of(point: PlanPoint) -> tuple[float, float, float | None, str]:
    """Name what makes two points the same: they stand, look and are equipped alike.

    Parameters
    ----------
    point : PlanPoint
        Which point.

    Returns
    -------
    tuple
        Longitude, latitude [deg], azimuth [deg] and model.
    """
    return point.lon, point.lat, point.azimuth_deg, point.model


def _answer(point: PlanPoint) -> tuple[object, ...]:
    return *place_of(point), point.net_idr, point.gain_weight


def price_changes(before: tuple[KeptPrice, ...], now: tuple[KeptPrice, ...]) -> tuple[PriceChange, ...]:
    """Compare two price lists.

    Parameters
    ----------
    before, now : tuple of KeptPrice
        The lists.

    Returns
    -------
    tuple of PriceChange
        Items whose price differs, or that only one of them has.
    """
    old, new = ({price.item_id: price.price_idr for price in prices} for prices in (before, now))
    return tuple(
        PriceChange(item, old.get(item), new.get(item)) for item in sorted(old | new) if old.get(item) != new.get(item)
    )

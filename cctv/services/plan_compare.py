"""Two or three kept plans side by side: numbers, money per kelurahan, which points differ and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from cctv.i18n import rupiah, t
from cctv.registry.plan_models import Plan, PlanPoint
from cctv.services.plan_rerun import place_of, price_changes


@dataclass(frozen=True)
class PointInPlans:
    """A point and its rank in each plan, None where a plan does not have it."""

    point: PlanPoint
    ranks: tuple[int | None, ...]

    @property
    def is_shared(self) -> bool:
        """Whether all plans have it."""
        return None not in self.ranks


@dataclass(frozen=True)
class Comparison:
    """Plans side by side.

    Attributes
    ----------
    plans : tuple of Plan
        In the order they were chosen.
    kelurahan : tuple of (str, tuple of int)
        Money with tax per plan [Rp], by kelurahan.
    points : tuple of PointInPlans
        Those that not all plans have first.
    causes : tuple of str
        Why they differ from the first plan, in words.
    """

    plans: tuple[Plan, ...]
    kelurahan: tuple[tuple[str, tuple[int, ...]], ...]
    points: tuple[PointInPlans, ...]
    causes: tuple[str, ...]


def compare(plans: Sequence[Plan]) -> Comparison:
    """Lay plans side by side.

    Parameters
    ----------
    plans : sequence of Plan
        Two or three.

    Returns
    -------
    Comparison
        Every point of any of them once.
    """
    names = sorted({point.kelurahan for plan in plans for point in plan.points})
    money = tuple((name, tuple(_money(plan, name) for plan in plans)) for name in names)
    ranks = [{place_of(point): point.rank for point in plan.points} for plan in plans]
    found = {place_of(point): point for plan in reversed(plans) for point in plan.points}
    points = [PointInPlans(point, tuple(of.get(key) for of in ranks)) for key, point in found.items()]
    points.sort(key=lambda item: (item.is_shared, min(rank for rank in item.ranks if rank), item.point.lon))
    causes = [cause for other in plans[1:] for cause in _causes(plans[0], other)]
    return Comparison(tuple(plans), money, tuple(points), tuple(causes))


def _money(plan: Plan, kelurahan: str) -> int:
    return sum(plan.rules.total_idr(point.net_idr) for point in plan.proposed if point.kelurahan == kelurahan)


def _causes(one: Plan, two: Plan) -> list[str]:
    pair = f"{one.plan_id} – {two.plan_id}"  # noqa: RUF001 - a dash between two names
    causes: list[str] = []
    if one.budget_idr != two.budget_idr:
        causes.append(t("compare.pagu", pair=pair, one=rupiah(one.budget_idr), two=rupiah(two.budget_idr)))
    if one.rules != two.rules:
        causes.append(t("compare.rules", pair=pair))
    items = [change.item_id for change in price_changes(one.prices, two.prices)]
    if items:
        causes.append(t("compare.prices", pair=pair, items=", ".join(items)))
    if one.run.hand != two.run.hand:
        causes.append(t("compare.hand", pair=pair))
    if one.run.register_change != two.run.register_change:
        causes.append(t("compare.register", pair=pair))
    if one.run.layers != two.run.layers:
        causes.append(t("compare.layers", pair=pair))
    if one.run.method_version != two.run.method_version:
        causes.append(t("compare.method", pair=pair, one=one.run.method_version, two=two.run.method_version))
    return causes or [t("compare.same", pair=pair)]

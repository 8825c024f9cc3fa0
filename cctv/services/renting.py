"""Buying against renting the points of a plan, summed over one to five years, at the prices the plan was made with."""

from dataclasses import dataclass

from cctv.registry.plan_models import Plan

YEARS = 5
MONTHS = 12
NEEDED = ("maintenance_year", "link_month", "rent_month")


@dataclass(frozen=True)
class BuyOrRent:
    """What both ways cost from the first to the fifth year, with tax [Rp].

    Attributes
    ----------
    buy_idr, rent_idr : tuple of int
        Sums up to the end of each year.
    missing : tuple of str
        Items that the price list of the plan lacks; then the sums are empty.
    """

    buy_idr: tuple[int, ...]
    rent_idr: tuple[int, ...]
    missing: tuple[str, ...]

    @property
    def years_rent_is_cheaper(self) -> int:
        """How many years renting stays below buying, counted from the first."""
        cheaper = [rent < buy for buy, rent in zip(self.buy_idr, self.rent_idr, strict=True)]
        return cheaper.index(False) if False in cheaper else len(cheaper)


def buy_or_rent(plan: Plan) -> BuyOrRent:
    """Compare the two for the proposed points of a plan.

    Parameters
    ----------
    plan : Plan
        Which plan; its kept prices are used.

    Returns
    -------
    BuyOrRent
        Buying is the first outlay, then per year maintenance and twelve months of data link for each point; renting is
        twelve months of rent for each point. No depreciation, no inflation.
    """
    price = {item.item_id: item.price_idr for item in plan.prices}
    missing = tuple(item for item in NEEDED if item not in price)
    if missing:
        return BuyOrRent((), (), missing)
    n, tax = len(plan.proposed), plan.rules.tax_idr
    upkeep = n * (price["maintenance_year"] + MONTHS * price["link_month"])
    rent = n * MONTHS * price["rent_month"]
    years = range(1, YEARS + 1)
    return BuyOrRent(
        tuple(plan.total_idr + year * upkeep + tax(year * upkeep) for year in years),
        tuple(year * rent + tax(year * rent) for year in years),
        (),
    )

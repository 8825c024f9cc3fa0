"""What the city would refuse a plan for: codes, ceilings, land, sums that do not recompute, too short a calendar.

Points that were refused or postponed are not looked at.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from cctv.errors import Problem, ValidationError, raise_if_any
from cctv.i18n import day, rupiah, t
from cctv.registry.envelopes import Balance, balances, spent_of
from cctv.registry.plan_models import PROPOSED, Plan, PlanPoint
from cctv.registry.usulan_codes import list_codes
from cctv.services.price_list import today_here
from cctv.services.procurement import Calendar, calendar
from cctv.services.runtime import Runtime


def check_plan(runtime: Runtime, plan: Plan) -> list[Problem]:
    """List everything the city would refuse a plan for.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    plan : Plan
        Which plan.

    Returns
    -------
    list of Problem
        Empty if it can go out.
    """
    codes = {code.code for code in list_codes(runtime.registry)}
    left = balances(runtime.registry, plan.year, without_plan=plan.plan_id)
    return list(plan_problems(plan, codes, left, calendar(), today_here()))


def require_acceptable(runtime: Runtime, plan: Plan) -> None:
    """Refuse a plan that the city would refuse.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    plan : Plan
        Which plan.

    Raises
    ------
    ValidationError
        Lists every reason.
    """
    raise_if_any(check_plan(runtime, plan), ValidationError, code="plan_refused", message=plan.plan_id)


def plan_problems(
    plan: Plan, codes: Collection[str], left: Sequence[Balance], times: Calendar, today: date
) -> Iterator[Problem]:  # fmt: skip
    """Find every reason for a refusal.

    Parameters
    ----------
    plan : Plan
        Which plan.
    codes : collection of str
        Codes of the kamus usulan.
    left : sequence of Balance
        Ceilings of its year, with what other plans have committed.
    times : Calendar
        Times of tender and installation.
    today : date
        The present day.

    Yields
    ------
    Problem
        One per reason; ``where`` is the point, source or ceiling.
    """
    points = plan.proposed
    if not points:
        yield Problem("plan_empty", plan.plan_id)
    for point in points:
        yield from _point_problems(point, codes)
        yield from _sum_problems(plan, point)
    spent = sum(point.net_idr for point in plan.points)
    if spent != plan.run.spend_idr:
        yield Problem("plan_sum", plan.plan_id, "", rupiah(spent), rupiah(plan.run.spend_idr))
    if plan.total_idr > plan.budget_idr:
        yield Problem("over_pagu", plan.plan_id, "", rupiah(plan.total_idr), rupiah(plan.budget_idr))
    for balance in left:
        wanted = spent_of(balance.envelope, plan, PROPOSED)
        if wanted > balance.left_idr:
            yield Problem("over_pagu", _ceiling_name(balance), "", rupiah(wanted), rupiah(balance.left_idr))
    yield from _calendar_problems(plan, points, times, today)


def _point_problems(point: PlanPoint, codes: Collection[str]) -> Iterator[Problem]:
    where = t("plan.point_n", n=point.rank)
    if not point.usulan_code:
        yield Problem("code_missing", where)
    elif point.usulan_code not in codes:
        yield Problem("code_unknown", where, "", point.usulan_code)
    if not point.agency_id:
        yield Problem("agency_missing", where)
    if not point.fund:
        yield Problem("fund_missing", where)
    if point.land_status == "unknown":
        yield Problem("land_unknown", where)
    elif point.land_status == "not_permitted":
        yield Problem("land_not_permitted", where)


def _sum_problems(plan: Plan, point: PlanPoint) -> Iterator[Problem]:
    """Compare the unit prices of the lines with the price list the plan was made with."""
    kept = {price.item_id: price.price_idr for price in plan.prices}
    where = t("plan.point_n", n=point.rank)
    for line in point.lines:
        if line.item_id and kept.get(line.item_id) != line.unit_price_idr:
            price = kept.get(line.item_id)
            expected = "-" if price is None else rupiah(price)
            yield Problem("line_price", where, line.name, rupiah(line.unit_price_idr), expected)
        if line.quantity <= 0 or line.unit_price_idr < 0:
            yield Problem("line_quantity", where, line.name, f"{line.quantity} x {rupiah(line.unit_price_idr)}")


def _calendar_problems(
    plan: Plan, points: Sequence[PlanPoint], times: Calendar, today: date
) -> Iterator[Problem]:  # fmt: skip
    if plan.year < today.year:
        yield Problem("plan_year_past", plan.plan_id, "", str(plan.year), str(today.year))
        return
    for fund in sorted({point.fund for point in points if point.fund}):
        mine = [point for point in points if point.fund == fund]
        value = sum(plan.rules.total_idr(point.net_idr) for point in mine)
        ready = times.finish(fund, plan.year, value, len(mine), today)
        if ready > times.latest(plan.year):
            yield Problem("calendar", t(f"fund.{fund}"), "", day(ready), day(times.latest(plan.year)))


def _ceiling_name(balance: Balance) -> str:
    envelope = balance.envelope
    parts = (envelope.kelurahan, envelope.agency_id, t(f"fund.{envelope.fund}") if envelope.fund else "")
    return f"pagu {' · '.join(part for part in parts if part) or t('ceiling.whole_city')}"

"""What the budget workbook of a kept plan says, gathered from the register."""

from datetime import datetime
from hashlib import sha256

from cctv.i18n import moment, number, percent, t
from cctv.registry.agencies import list_agencies
from cctv.registry.envelopes import balances
from cctv.registry.plan_models import KeptPrice, Plan, PlanPoint, to_text
from cctv.registry.plans import get_plan
from cctv.reports.rab_content import RabLine, RabPagu, RabPoint, RabPrice, RabReport
from cctv.services.plan_checks import check_plan
from cctv.services.runtime import Runtime


def rab_report(runtime: Runtime, plan: Plan) -> RabReport:
    """Gather what the workbook says.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    plan : Plan
        Which plan, kept; refused and postponed points may have been left out of it.

    Returns
    -------
    RabReport
        In the language in use; its state is that of the plan as it is kept.
    """
    agencies = {agency.agency_id: agency.name for agency in list_agencies(runtime.registry)}
    n_refused = len(check_plan(runtime, get_plan(runtime.registry, plan.plan_id)))
    state = t("plan.draft_mark", n=n_refused) if n_refused else t(f"plan.state_{plan.state}")
    return RabReport(
        title=plan.name, plan_id=plan.plan_id, state=state, year=plan.year,
        pagu_idr=plan.budget_idr, tax_bp=plan.rules.tax_bp, step_idr=plan.rules.step_idr, way=plan.rules.way,
        points=[_point(plan, point, agencies) for point in plan.points],
        prices=[RabPrice(p.item_id, p.name, p.unit, p.price_idr, p.source, p.as_of, p.tkdn_percent, p.is_assumption)
                for p in plan.prices],
        pagu=_pagu(runtime, plan, agencies), marks=_marks(plan), cautions=cautions(plan),
    )  # fmt: skip


def price_mark(prices: tuple[KeptPrice, ...]) -> str:
    """Name a version of the price list.

    Parameters
    ----------
    prices : tuple of KeptPrice
        The list.

    Returns
    -------
    str
        Changes with any value of it.
    """
    return sha256(to_text(prices).encode()).hexdigest()[:12]


def cautions(plan: Plan) -> list[str]:
    """Say what the numbers of a plan rest on.

    Parameters
    ----------
    plan : Plan
        Which plan.

    Returns
    -------
    list of str
        Sentences.
    """
    assumed = sum(price.is_assumption for price in plan.prices)
    made_up = [t("rab.caution_synthetic")] if plan.run.is_synthetic else []
    dear = [t("rab.caution_prices", n=assumed, all=len(plan.prices))] if assumed else []
    is_whole = sum(point.net_idr for point in plan.points) == plan.run.spend_idr
    fewer = [] if is_whole else [t("rab.caution_fewer")]
    hand = plan.run.hand
    n = {"forced": len(hand.forced), "forbidden": len(hand.forbidden), "placed": len(hand.placed)}
    wished = [t("rab.caution_hand", **n)] if any(n.values()) else []
    return [*made_up, *fewer, *wished, *dear, t("rab.caution_fibre"), t("rab.caution_crime")]


def direction_of(point: PlanPoint) -> str:
    """Name model and direction of a point.

    Parameters
    ----------
    point : PlanPoint
        Which point.

    Returns
    -------
    str
        As in ``kamera tetap 4 MP, 21°``.
    """
    model = t(f"model.{point.model}")
    return model if point.azimuth_deg is None else f"{model}, {number(point.azimuth_deg)}°"


def _point(plan: Plan, point: PlanPoint, agencies: dict[str, str]) -> RabPoint:
    unset = t("plan.unset")
    return RabPoint(
        rank=point.rank, usulan_code=point.usulan_code or unset, kelurahan=point.kelurahan or unset,
        place=point.street or t("planning.unnamed"), coordinates=f"{point.lat:.6f}, {point.lon:.6f}",
        direction=direction_of(point), agency=agencies.get(point.agency_id, point.agency_id) or unset,
        fund=t(f"fund.{point.fund}") if point.fund else unset, land=t(f"land.{point.land_status}"),
        fibre_m=point.fibre_m, reason=t("rab.reason_text", m2=number(point.gain_m2)),
        decision=t(f"decision.{point.decision}"), decision_note=point.decision_note,
        decided=f"{point.decided_by}, {moment(point.decided_at)}" if point.decided_at else "",
        lines=[RabLine(line.item_id, line.name, line.unit, line.quantity, line.unit_price_idr) for line in point.lines],
        net_idr=point.net_idr, tax_idr=plan.rules.tax_idr(point.net_idr), total_idr=plan.rules.total_idr(point.net_idr),
    )  # fmt: skip


def _pagu(runtime: Runtime, plan: Plan, agencies: dict[str, str]) -> list[RabPagu]:
    """Take what other plans have left of each ceiling."""
    return [
        RabPagu(b.envelope.kelurahan, agencies.get(b.envelope.agency_id, ""),
                t(f"fund.{b.envelope.fund}") if b.envelope.fund else "",
                b.left_idr)
        for b in balances(runtime.registry, plan.year, without_plan=plan.plan_id)
    ]  # fmt: skip


def _marks(plan: Plan) -> list[tuple[str, str]]:
    run = plan.run
    assumed = sum(price.is_assumption for price in plan.prices)
    return [
        (t("rab.fingerprint"), run.fingerprint),
        (t("rab.seed"), str(run.seed)),
        (t("rab.method"), run.method_version),
        (t("rab.bound"), t("rab.bound_text", value=number(run.value), bound=number(run.upper_bound),
                           gap=percent(run.gap))),
        (t("rab.computed"), moment(datetime.fromisoformat(run.computed_at))),
        (t("rab.shares"), t("rab.shares_text", before=percent(run.seen_before), after=percent(run.seen_after),
                            level=run.level)),
        (t("rab.price_list"), t("rab.price_list_text", n=len(plan.prices), assumed=assumed,
                                mark=price_mark(plan.prices))),
    ]  # fmt: skip

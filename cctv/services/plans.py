"""Kept plans: make one from a ranking, copy, change, decide, sign off, put aside. Who may do what is checked here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cctv.errors import CctvError
from cctv.permissions import Permission
from cctv.registry import planned as planned_store
from cctv.registry import plans as store
from cctv.registry import usulan_codes
from cctv.registry.models import Account
from cctv.registry.plan_models import BASIS, Hand, MoneyRules, Plan, PlanPoint
from cctv.registry.planned import PlannedCamera
from cctv.registry.plans import DECISION, NewPlan
from cctv.services import accounts
from cctv.services.plan_by_hand import NO_HAND, choose
from cctv.services.plan_from_ranking import kept_prices
from cctv.services.planning import Progress
from cctv.services.runtime import Runtime

#: How often a run is repeated with less money until tax and rounding fit into the pagu as well.
MOST_ROUNDS = 6


def make_plan(
    runtime: Runtime, account: Account, *, name: str, year: int, pagu_idr: int, rules: MoneyRules,
    progress: Progress | None = None, hand: Hand = NO_HAND, like: Plan | None = None,
) -> Plan:  # fmt: skip
    """Rank points for a pagu with tax, and keep them as a draft.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who makes it.
    name : str
        Name of the plan.
    year : int
        Budget year.
    pagu_idr : int
        Money with tax [Rp]; the total of the plan never exceeds it.
    rules : MoneyRules
        Tax and rounding.
    progress : callable, optional
        Called with the share of the candidates that is computed.
    hand : Hand
        Points that are forced, forbidden or placed by people.
    like : Plan, optional
        Plan that this one is made from: points it has as well keep code, agency, fund and land, but no decision.

    Returns
    -------
    Plan
        The draft.

    Raises
    ------
    AccessError
        If the role does not allow it.
    ValidationError
        Lists every value that is not acceptable.
    CoverageError
        If the pagu or a layer cannot be used.
    """
    accounts.require(account, Permission.EDIT_PLANS)
    store.plan_values(name, year, pagu_idr, rules)  # before the long work
    prices = kept_prices(runtime)
    net = pagu_idr * BASIS // (BASIS + rules.tax_bp)
    for _ in range(MOST_ROUNDS):
        points, run = choose(runtime, net, prices, hand, progress)
        over = sum(rules.total_idr(point.net_idr) for point in points) - pagu_idr
        if over <= 0:
            break
        net = sum(point.net_idr for point in points) - over
    else:
        raise CctvError("plan_never_fits", f"no plan within {pagu_idr} after {MOST_ROUNDS} rounds")
    filled = {} if like is None else {point.spot: point for point in like.points}
    points = tuple(_filled_in(point, filled.get(point.spot)) for point in points)
    new = NewPlan(name, year, pagu_idr, rules, prices, run, points, "" if like is None else like.plan_id)
    return store.create_plan(runtime.registry, account.username, new, "dibuat dari usulan titik")


def copy_plan(runtime: Runtime, account: Account, plan_id: str, name: str) -> Plan:
    """Copy a plan as a new draft: same points, prices and run; nothing is decided in it.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who copies it.
    plan_id : str
        Which plan.
    name : str
        Name of the copy.

    Returns
    -------
    Plan
        The copy.

    Raises
    ------
    AccessError
        If the role does not allow it.
    ValidationError
        If the name is empty.
    NotFoundError
        If there is no such plan.
    """
    accounts.require(account, Permission.EDIT_PLANS)
    plan = store.get_plan(runtime.registry, plan_id)
    new = NewPlan(name, plan.year, plan.budget_idr, plan.rules, plan.prices, plan.run,
                  tuple(map(_undecided, plan.points)), plan.plan_id)  # fmt: skip
    return store.create_plan(runtime.registry, account.username, new, f"salinan {plan_id}")


def change_plan(runtime: Runtime, account: Account, plan: Plan, changes: Mapping[str, object], reason: str) -> None:
    """Change name, year, pagu, tax or rounding of a draft.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who changes it.
    plan : Plan
        As the person saw it.
    changes : mapping
        Field to new value.
    reason : str
        Why.

    Raises
    ------
    AccessError
        If the role does not allow it.
    ValidationError
        Lists every value that is not acceptable.
    StaleEditError
        If somebody else changed it in the meantime.
    """
    accounts.require(account, Permission.EDIT_PLANS)
    store.change_plan(runtime.registry, account.username, plan.plan_id, plan.version, changes, reason)


def save_table(
    runtime: Runtime, account: Account, plan_id: str, edits: Sequence[tuple[str, int, Mapping[str, object]]]
) -> None:
    """Save decisions, and code, agency, fund and land of points of a draft, all or none.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who changes them; decisions are recorded by whoever plans, the rest by planners.
    plan_id : str
        Which plan.
    edits : sequence of (str, int, mapping)
        Id of a point, version that the person saw, field to new value.

    Raises
    ------
    AccessError
        If the role does not allow it.
    ValidationError
        Lists every value that is not acceptable, or says that the plan is no draft.
    StaleEditError
        If somebody else changed a point in the meantime.
    """
    fields = {name for _, _, changes in edits for name in changes}
    accounts.require(account, Permission.EDIT_PLANS if fields - DECISION else Permission.PLAN)
    reason = "keputusan rapat" if fields & DECISION else "melengkapi usulan"
    store.change_points(runtime.registry, account.username, plan_id, edits, reason)


def save_codes(
    runtime: Runtime, account: Account, edits: Sequence[tuple[str, int, Mapping[str, object]]],
    gone: Sequence[tuple[str, int]],
) -> None:  # fmt: skip
    """Save the codes that proposals must carry, all or none.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who saves them.
    edits : sequence of (str, int, mapping)
        Code, seen version (0 for a new one), all fields.
    gone : sequence of (str, int)
        Code and seen version of those taken out.

    Raises
    ------
    AccessError
        If the role does not allow it.
    ValidationError
        Lists every value that is not acceptable.
    StaleEditError
        If somebody else changed one in the meantime.
    """
    accounts.require(account, Permission.EDIT_PLANS)
    usulan_codes.save_codes(runtime.registry, account.username, edits, gone, "kamus usulan")


def sign_plan(runtime: Runtime, account: Account, plan: Plan, reason: str) -> None:
    """Sign a plan off.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who signs.
    plan : Plan
        As the person saw it.
    reason : str
        Why; stands in the history.

    Raises
    ------
    AccessError
        If the role does not allow it.
    ValidationError
        If it is no draft, or a point is not decided yet.
    StaleEditError
        If somebody else changed it in the meantime.
    """
    accounts.require(account, Permission.SIGN_PLANS)
    store.sign_plan(runtime.registry, account.username, plan.plan_id, plan.version, reason)


def archive_plan(runtime: Runtime, account: Account, plan: Plan, reason: str) -> None:
    """Put a plan aside.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who does it.
    plan : Plan
        As the person saw it.
    reason : str
        Why; stands in the history.

    Raises
    ------
    AccessError
        If the role does not allow it.
    StaleEditError
        If somebody else changed it in the meantime.
    """
    accounts.require(account, Permission.EDIT_PLANS)
    store.archive_plan(runtime.registry, account.username, plan.plan_id, plan.version, reason)


def _filled_in(point: PlanPoint, known: PlanPoint | None) -> PlanPoint:
    if known is None:
        return point
    return replace(point, usulan_code=known.usulan_code, agency_id=known.agency_id, fund=known.fund,
                   land_status=known.land_status)  # fmt: skip


def _undecided(point: PlanPoint) -> PlanPoint:
    return replace(point, decision="open", decision_note="", decided_by="", decided_at=None)


def move_planned(
    runtime: Runtime, account: Account, seen: PlannedCamera, changes: Mapping[str, object], reason: str
) -> None:
    """Take a planned camera further: tendered, installed, alive.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who records it.
    seen : PlannedCamera
        As the person saw it.
    changes : mapping
        ``state``, ``camera_id``, ``actual_idr``, ``note``.
    reason : str
        Why; stands in the history.

    Raises
    ------
    AccessError
        If the role does not allow it.
    ValidationError
        If a state is skipped, or the camera it needs is not in the register or not on.
    StaleEditError
        If somebody else changed it in the meantime.
    """
    accounts.require(account, Permission.EDIT_PLANS)
    planned_store.move_planned(runtime.registry, account.username, seen.plan_point_id, seen.version, changes, reason)

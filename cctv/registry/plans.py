"""Plans that people keep: create, read, change, decide, sign off; every change with history and version."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, get_args

import duckdb

from cctv.errors import Problem, ValidationError, raise_if_any
from cctv.registry import checks
from cctv.registry.connection import Registry
from cctv.registry.plan_models import (
    CostLine,
    Decision,
    Fund,
    KeptPrice,
    LandStatus,
    MoneyRules,
    Plan,
    PlanPoint,
    RoundWay,
    RunMark,
    run_from,
    to_text,
)
from cctv.registry.planned import add_planned
from cctv.registry.store import Table, existing, rows, writing

TABLE = Table("plan", "plan_id")
POINTS = Table("plan_point", "plan_point_id")
YEARS = (2020, 2100)
PLAN_RULES: dict[str, checks.Rule] = {
    "name": checks.NAME,
    "year": checks.Range(*YEARS, "", optional=False, whole=True),
    "budget_idr": checks.Range(0, 10**13, "Rp", optional=False, whole=True),
    "tax_bp": checks.Range(0, 5000, "", optional=False, whole=True),
    "round_step_idr": checks.Range(1, 1_000_000, "Rp", optional=False, whole=True),
    "round_way": checks.Choice(get_args(RoundWay)),
}
POINT_RULES: dict[str, checks.Rule] = {
    "usulan_code": checks.TEXT,
    "agency_id": checks.TEXT,
    "fund": checks.Choice(get_args(Fund)),
    "land_status": checks.Choice(get_args(LandStatus)),
    "decision": checks.Choice(get_args(Decision)),
    "decision_note": checks.TEXT,
}
#: Fields that say what was decided about a point.
DECISION = frozenset({"decision", "decision_note"})


@dataclass(frozen=True)
class NewPlan:
    """What a plan is made from; ``plan_id`` of the points is not looked at."""

    name: str
    year: int
    budget_idr: int
    rules: MoneyRules
    prices: tuple[KeptPrice, ...]
    run: RunMark
    points: tuple[PlanPoint, ...]
    copy_of: str = ""


def list_plans(registry: Registry) -> list[Plan]:
    """List all plans, the newest first.

    Parameters
    ----------
    registry : Registry
        Open register.

    Returns
    -------
    list of Plan
        With their points.
    """
    with registry.cursor() as cursor:
        points = rows(cursor, "select * from plan_point order by plan_id, rank")
        of: dict[str, list[PlanPoint]] = {}
        for row in points:
            of.setdefault(str(row["plan_id"]), []).append(_point(row))
        found = rows(cursor, "select * from plan order by plan_id desc")
    return [_plan(row, of.get(str(row["plan_id"]), [])) for row in found]


def get_plan(registry: Registry, plan_id: str) -> Plan:
    """Read one plan.

    Parameters
    ----------
    registry : Registry
        Open register.
    plan_id : str
        Which plan.

    Returns
    -------
    Plan
        With its points.

    Raises
    ------
    NotFoundError
        If there is no such plan.
    """
    with registry.cursor() as cursor:
        row = existing(cursor, TABLE, plan_id)
        points = rows(cursor, "select * from plan_point where plan_id = ? order by rank", [plan_id])
    return _plan(row, [_point(point) for point in points])


def create_plan(registry: Registry, actor: str, new: NewPlan, reason: str) -> Plan:
    """Keep a plan with all its points, or nothing.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    new : NewPlan
        What to keep.
    reason : str
        Why.

    Returns
    -------
    Plan
        With its new id.

    Raises
    ------
    ValidationError
        Lists every value that is not acceptable.
    """
    values = plan_values(new.name, new.year, new.budget_idr, new.rules)
    with writing(registry, actor) as writer:
        plan_id = _next_id(writer.cursor)
        writer.create(TABLE, {
            "plan_id": plan_id, **values, "state": "draft", "created_at": datetime.now(UTC), "created_by": actor,
            "signed_at": None, "signed_by": "", "copy_of": new.copy_of, "prices": to_text(new.prices),
            "run": to_text(new.run),
        }, reason)  # fmt: skip
        for point in new.points:
            writer.create(POINTS, _row(point, plan_id), reason)
    return get_plan(registry, plan_id)


def plan_values(name: str, year: int, budget_idr: int, rules: MoneyRules) -> dict[str, object]:
    """Check what a person says about a new plan.

    Parameters
    ----------
    name : str
        Name of the plan.
    year : int
        Budget year.
    budget_idr : int
        Pagu with tax [Rp].
    rules : MoneyRules
        Tax and rounding.

    Returns
    -------
    dict
        Column to value.

    Raises
    ------
    ValidationError
        Lists every value that is not acceptable.
    """
    values: dict[str, object] = {
        "name": " ".join(name.split()), "year": year, "budget_idr": budget_idr, "tax_bp": rules.tax_bp,
        "round_step_idr": rules.step_idr, "round_way": rules.way,
    }  # fmt: skip
    raise_if_any(checks.problems(PLAN_RULES, "", values), ValidationError, code="invalid", message="plan")
    return values


def change_plan(
    registry: Registry, actor: str, plan_id: str, version: int, changes: Mapping[str, object], reason: str
) -> None:
    """Change name, year, pagu, tax or rounding of a draft.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    plan_id : str
        Which plan.
    version : int
        Version that the person saw.
    changes : mapping
        Field to new value.
    reason : str
        Why.

    Raises
    ------
    ValidationError
        Lists every value that is not acceptable, or says that the plan is no draft.
    StaleEditError
        If somebody else changed it in the meantime.
    NotFoundError
        If there is no such plan.
    """
    with writing(registry, actor) as writer:
        found = [*checks.problems(PLAN_RULES, plan_id, changes), *_not_draft(writer.cursor, plan_id)]
        raise_if_any(found, ValidationError, code="invalid", message=f"plan {plan_id}")
        writer.update(TABLE, plan_id, version, changes, reason, shown=_shown)


def change_points(
    registry: Registry, actor: str, plan_id: str, edits: Sequence[tuple[str, int, Mapping[str, object]]], reason: str
) -> None:
    """Change points of a draft, all or none: code, agency, fund, land, decision.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change, and on a decision.
    plan_id : str
        Which plan.
    edits : sequence of (str, int, mapping)
        Id of a point, version that the person saw, field to new value.
    reason : str
        Why.

    Raises
    ------
    ValidationError
        Lists every value that is not acceptable, or says that the plan is no draft.
    StaleEditError
        If somebody else changed a point in the meantime; nothing is written then.
    NotFoundError
        If there is no such plan or point.
    """
    with writing(registry, actor) as writer:
        found = list(_not_draft(writer.cursor, plan_id))
        for key, _, changes in edits:
            found += checks.problems(POINT_RULES, key, changes)
        raise_if_any(found, ValidationError, code="invalid", message=f"points of {plan_id}")
        for key, version, changes in edits:
            decided = {"decided_by": actor, "decided_at": datetime.now(UTC)} if DECISION & set(changes) else {}
            writer.update(POINTS, key, version, {**changes, **decided}, reason, shown=_shown)


def sign_plan(registry: Registry, actor: str, plan_id: str, version: int, reason: str) -> None:
    """Sign a draft off; neither plan nor points change any more, accepted points become planned cameras.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Who signs.
    plan_id : str
        Which plan.
    version : int
        Version that the person saw.
    reason : str
        Why.

    Raises
    ------
    ValidationError
        If it is no draft, or a point is not decided yet.
    StaleEditError
        If somebody else changed it in the meantime.
    NotFoundError
        If there is no such plan.
    """
    with writing(registry, actor) as writer:
        open_points = rows(
            writer.cursor, "select rank, street from plan_point where plan_id = ? and decision = 'open' order by rank",
            [plan_id],
        )  # fmt: skip
        found = [*_not_draft(writer.cursor, plan_id)]
        found += [Problem("undecided", plan_id, "decision", f"{row['rank']} ({row['street']})") for row in open_points]
        raise_if_any(found, ValidationError, code="invalid", message=f"plan {plan_id}")
        signed = {"state": "signed", "signed_at": datetime.now(UTC), "signed_by": actor}
        writer.update(TABLE, plan_id, version, signed, reason, shown=_shown)
        add_planned(writer, plan_id, reason)


def archive_plan(registry: Registry, actor: str, plan_id: str, version: int, reason: str) -> None:
    """Put a plan aside; nothing of it is lost.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    plan_id : str
        Which plan.
    version : int
        Version that the person saw.
    reason : str
        Why.

    Raises
    ------
    StaleEditError
        If somebody else changed it in the meantime.
    NotFoundError
        If there is no such plan.
    """
    with writing(registry, actor) as writer:
        writer.update(TABLE, plan_id, version, {"state": "archived"}, reason, shown=_shown)


def _not_draft(cursor: duckdb.DuckDBPyConnection, plan_id: str) -> list[Problem]:
    row = existing(cursor, TABLE, plan_id)
    return [] if row["state"] == "draft" else [Problem("not_draft", plan_id, "state", str(row["state"]))]


def _next_id(cursor: duckdb.DuckDBPyConnection) -> str:
    row = cursor.execute("select coalesce(max(substr(plan_id, 3)::integer), 0) + 1 from plan").fetchone()
    return f"R-{row[0] if row else 1:04d}"


def _row(point: PlanPoint, plan_id: str) -> dict[str, object]:
    fields: dict[str, object] = {name: value for name, value in vars(point).items() if name != "version"}
    return {
        **fields, "plan_point_id": f"{plan_id}/{point.rank:03d}", "plan_id": plan_id, "lines": to_text(point.lines),
    }  # fmt: skip


def _point(row: Mapping[str, Any]) -> PlanPoint:
    fields: dict[str, Any] = {**row, "lines": tuple(CostLine(**line) for line in json.loads(row["lines"]))}
    return PlanPoint(**fields)


def _plan(row: Mapping[str, Any], points: Sequence[PlanPoint]) -> Plan:
    kept = {name: row[name] for name in (
        "plan_id", "name", "year", "budget_idr", "state", "created_at", "created_by", "signed_at", "signed_by",
        "copy_of", "version",
    )}  # fmt: skip
    return Plan(
        **kept,
        rules=MoneyRules(row["tax_bp"], row["round_step_idr"], row["round_way"]),
        prices=tuple(KeptPrice(**price) for price in json.loads(row["prices"])),
        run=run_from(str(row["run"])),
        points=tuple(points),
    )


def _shown(row: Mapping[str, Any]) -> object:
    return dict(row)

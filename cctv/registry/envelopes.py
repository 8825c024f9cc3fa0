"""Ceilings (pagu) per year, kelurahan, agency and source: what there is, what is carried over, what is left.

A point counts against every ceiling that fits it: one for its kelurahan, one for the agency, one for the whole city.
All amounts are with tax.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from cctv.errors import Problem, ValidationError, raise_if_any
from cctv.registry import checks
from cctv.registry.connection import Registry
from cctv.registry.plan_models import Fund, Plan, PlanPoint
from cctv.registry.plans import YEARS, list_plans
from cctv.registry.store import Table, rows, writing

TABLE = Table("envelope", "envelope_id")
#: Less than this is taken for an amount in millions, written by mistake [Rp].
SMALLEST_IDR = 1_000_000
LAST_YEAR = 4
RULES: dict[str, checks.Rule] = {
    "year": checks.Range(*YEARS, "", optional=False, whole=True),
    "kelurahan": checks.TEXT,
    "agency_id": checks.TEXT,
    "fund": checks.Choice(get_args(Fund)),
    "amount_idr": checks.Range(0, 10**13, "Rp", optional=False, whole=True),
    "carry_over": checks.Kind((bool,)),
    "source": checks.NAME,
}
FIELDS = tuple(RULES)


@dataclass(frozen=True)
class Envelope:
    """A ceiling; an empty kelurahan, agency or source stands for all of them."""

    envelope_id: str
    year: int
    kelurahan: str
    agency_id: str
    fund: Fund
    amount_idr: int
    carry_over: bool
    source: str
    version: int

    @property
    def aim(self) -> tuple[int, str, str, str]:
        """What the money is for; two ceilings must not have the same."""
        return self.year, self.kelurahan, self.agency_id, self.fund

    def fits(self, point: PlanPoint) -> bool:
        """Tell whether a point is paid out of it, the year aside.

        Parameters
        ----------
        point : PlanPoint
            Which point.

        Returns
        -------
        bool
            True if whatever the ceiling names is the same in the point.
        """
        asked = ((self.kelurahan, point.kelurahan), (self.agency_id, point.agency_id), (self.fund, point.fund))
        return all(wanted in ("", has) for wanted, has in asked)


@dataclass(frozen=True)
class Balance:
    """A ceiling and what has become of it [Rp].

    Attributes
    ----------
    envelope : Envelope
        The ceiling.
    carried_idr : int
        Left over from the year before, if its rule carries it over.
    committed_idr : int
        Accepted points of plans that are signed off.
    """

    envelope: Envelope
    carried_idr: int
    committed_idr: int

    @property
    def left_idr(self) -> int:
        """What is left; below 0 if more is committed than there is."""
        return self.envelope.amount_idr + self.carried_idr - self.committed_idr


@dataclass(frozen=True)
class Limits:
    """What a ranking for a year may still spend, with tax [Rp].

    Attributes
    ----------
    total_idr : int or None
        Left of the ceiling of the whole city; None if there is none.
    kelurahan_idr : dict of str to int
        Left per kelurahan that has ceilings of its own; never below 0.
    """

    total_idr: int | None
    kelurahan_idr: dict[str, int]


@dataclass(frozen=True)
class EnvelopeEdit:
    """One row to write: ``envelope_id`` is empty for a new one; ``where`` names the row in messages."""

    where: str
    envelope_id: str
    version: int
    values: Mapping[str, object]


def list_envelopes(registry: Registry, year: int | None = None) -> list[Envelope]:
    """List ceilings.

    Parameters
    ----------
    registry : Registry
        Open register.
    year : int, optional
        Only of this year.

    Returns
    -------
    list of Envelope
        By year, kelurahan, agency, source.
    """
    sql = """
        select * from envelope where (?::integer is null or year = ?)
        order by year, kelurahan, agency_id, fund, envelope_id
    """
    with registry.cursor() as cursor:
        return [_envelope(row) for row in rows(cursor, sql, [year, year])]


def balances(registry: Registry, year: int, *, without_plan: str = "") -> list[Balance]:
    """Say what is left of each ceiling of a year.

    Parameters
    ----------
    registry : Registry
        Open register.
    year : int
        Which year.
    without_plan : str
        Id of a plan whose own points are not counted.

    Returns
    -------
    list of Balance
        As :func:`list_envelopes` orders them.
    """
    everything = list_envelopes(registry)
    plans = [plan for plan in list_plans(registry) if plan.signed_at is not None and plan.plan_id != without_plan]
    by_aim = {envelope.aim: envelope for envelope in everything}

    def balance(envelope: Envelope) -> Balance:
        before = by_aim.get((envelope.year - 1, *envelope.aim[1:]))
        carried = max(balance(before).left_idr, 0) if before is not None and before.carry_over else 0
        committed = sum(spent_of(envelope, plan) for plan in plans if plan.year == envelope.year)
        return Balance(envelope, carried, committed)

    return [balance(envelope) for envelope in everything if envelope.year == year]


def spent_of(envelope: Envelope, plan: Plan, decisions: Collection[str] = ("accepted",)) -> int:
    """Add up the points of a plan that a ceiling pays.

    Parameters
    ----------
    envelope : Envelope
        The ceiling.
    plan : Plan
        The plan; its year is not looked at.
    decisions : collection of str
        Which points count.

    Returns
    -------
    int
        With tax and rounding [Rp].
    """
    return sum(
        plan.rules.total_idr(point.net_idr)
        for point in plan.points
        if point.decision in decisions and envelope.fits(point)
    )


def limits(registry: Registry, year: int) -> Limits:
    """Give what a ranking may still spend in a year.

    Parameters
    ----------
    registry : Registry
        Open register.
    year : int
        Which year.

    Returns
    -------
    Limits
        With tax; divide by 1 + PPN for amounts without.
    """
    found = balances(registry, year)
    total = [balance.left_idr for balance in found if balance.envelope.aim[1:] == ("", "", "")]
    kelurahan: dict[str, int] = {}
    for balance in found:
        name = balance.envelope.kelurahan
        if name:
            kelurahan[name] = kelurahan.get(name, 0) + max(balance.left_idr, 0)
    return Limits(max(total[0], 0) if total else None, kelurahan)


def save_envelopes(
    registry: Registry, actor: str, edits: Sequence[EnvelopeEdit], gone: Sequence[tuple[str, int]], reason: str,
    *, kelurahan: Collection[str], this_year: int,
) -> None:  # fmt: skip
    """Write new, changed and removed ceilings, all or none.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    edits : sequence of EnvelopeEdit
        New and changed rows with all their fields.
    gone : sequence of (str, int)
        Id and seen version of those to take out.
    reason : str
        Why.
    kelurahan : collection of str
        Names that exist.
    this_year : int
        Earlier years are refused, and more than four years ahead.

    Raises
    ------
    ValidationError
        Lists every value that is not acceptable, by row.
    StaleEditError
        If somebody else changed one in the meantime.
    """
    with writing(registry, actor) as writer:
        known = {str(row["agency_id"]) for row in rows(writer.cursor, "select agency_id from agency")}
        replaced = {edit.envelope_id for edit in edits} | {key for key, _ in gone}
        others = [_envelope(row) for row in rows(writer.cursor, "select * from envelope order by envelope_id")]
        taken = {other.aim: other.envelope_id for other in others if other.envelope_id not in replaced}
        found = [p for edit in edits for p in _problems(edit, kelurahan, known, this_year)]
        found += _repeated(edits, taken)
        raise_if_any(found, ValidationError, code="invalid", message="envelopes")
        for key, version in gone:
            writer.delete(TABLE, key, version, reason, shown=_envelope)
        number = _last_number(others)
        for edit in edits:
            if edit.envelope_id:
                writer.update(TABLE, edit.envelope_id, edit.version, edit.values, reason, shown=_envelope)
            else:
                number += 1
                writer.create(TABLE, {"envelope_id": f"P-{number:04d}", **edit.values}, reason)


def _problems(
    edit: EnvelopeEdit, kelurahan: Collection[str], agency_ids: Collection[str], this_year: int
) -> Iterable[Problem]:  # fmt: skip
    yield from checks.problems(RULES, edit.where, edit.values)
    yield from checks.missing(RULES, edit.where, edit.values)
    amount, year, name, agency = (edit.values.get(key) for key in ("amount_idr", "year", "kelurahan", "agency_id"))
    if isinstance(amount, int) and 0 < amount < SMALLEST_IDR:
        yield Problem("pagu_in_millions", edit.where, "amount_idr", str(amount), str(amount * SMALLEST_IDR))
    if isinstance(year, int) and year < this_year:
        yield Problem("year_past", edit.where, "year", str(year), f"{this_year} - {this_year + LAST_YEAR}")
    elif isinstance(year, int) and year > this_year + LAST_YEAR:
        yield Problem("year_far", edit.where, "year", str(year), f"{this_year} - {this_year + LAST_YEAR}")
    if name and name not in kelurahan:
        yield Problem("kelurahan_unknown", edit.where, "kelurahan", str(name), ", ".join(sorted(kelurahan)))
    if agency and agency not in agency_ids:
        yield Problem("reference", edit.where, "agency_id", str(agency))


def _repeated(edits: Sequence[EnvelopeEdit], taken: Mapping[tuple[Any, ...], str]) -> Iterable[Problem]:
    seen: dict[tuple[Any, ...], str] = dict(taken)
    for edit in edits:
        aim = tuple(edit.values.get(name) for name in ("year", "kelurahan", "agency_id", "fund"))
        if aim in seen:
            yield Problem("pagu_twice", edit.where, "amount_idr", seen[aim])
        seen.setdefault(aim, edit.where)


def _last_number(others: Sequence[Envelope]) -> int:
    return max((int(other.envelope_id.removeprefix("P-")) for other in others), default=0)


def _envelope(row: Mapping[str, Any]) -> Envelope:
    return Envelope(**row)

"""Kept plans as the other parts see them: points with lines of cost, rules of money, marks of the run."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

PlanState = Literal["draft", "signed", "archived"]
RoundWay = Literal["nearest", "up", "down"]
Fund = Literal["", "apbd", "papbd", "dana_kelurahan", "csr", "provinsi"]
LandStatus = Literal["unknown", "city", "permitted", "not_permitted"]
Decision = Literal["open", "accepted", "postponed", "refused"]

#: Decisions with which a point still counts.
PROPOSED: tuple[Decision, ...] = ("open", "accepted")
#: A basis point of tax is a ten-thousandth: 1100 is 11 %.
BASIS = 10_000


@dataclass(frozen=True)
class CostLine:
    """One component of a point.

    Attributes
    ----------
    part : str
        Part of the cost, as in the ranking.
    item_id : str
        Item of the price list; empty where the amount came as one sum.
    name, unit : str
        As in the price list.
    quantity : int
        Volume in ``unit``.
    unit_price_idr : int
        Without tax [Rp].
    """

    part: str
    item_id: str
    name: str
    unit: str
    quantity: int
    unit_price_idr: int

    @property
    def amount_idr(self) -> int:
        """Volume times unit price [Rp]."""
        return self.quantity * self.unit_price_idr


@dataclass(frozen=True)
class MoneyRules:
    """Tax and rounding; both are applied per point, so that every sum over points agrees.

    Attributes
    ----------
    tax_bp : int
        PPN in ten-thousandths: 1100 is 11 %.
    step_idr : int
        The total of a point is a multiple of this [Rp].
    way : {"nearest", "up", "down"}
        How it is rounded.
    """

    tax_bp: int = 1100
    step_idr: int = 1000
    way: RoundWay = "up"

    def tax_idr(self, net_idr: int) -> int:
        """Give the tax on an amount, halves up.

        Parameters
        ----------
        net_idr : int
            Amount without tax, 0 or more [Rp].

        Returns
        -------
        int
            Whole Rupiah.
        """
        return (net_idr * self.tax_bp * 2 + BASIS) // (2 * BASIS)

    def total_idr(self, net_idr: int) -> int:
        """Give the amount with tax, rounded by the rule [Rp].

        Parameters
        ----------
        net_idr : int
            Amount without tax, 0 or more [Rp].

        Returns
        -------
        int
            A multiple of ``step_idr``.
        """
        gross, step = net_idr + self.tax_idr(net_idr), self.step_idr
        add = {"nearest": step // 2 if step % 2 == 0 else (step - 1) // 2, "up": step - 1, "down": 0}[self.way]
        return (gross + add) // step * step


@dataclass(frozen=True)
class KeptPrice:
    """A price as it was when the plan was made."""

    item_id: str
    name: str
    unit: str
    price_idr: int
    source: str
    as_of: str
    is_assumption: bool
    tkdn_percent: float | None = None


@dataclass(frozen=True)
class Spot:
    """A camera at a place; ``lon`` and ``lat`` in degrees, EPSG:4326; no azimuth for one that sees all round."""

    lon: float
    lat: float
    azimuth_deg: float | None
    model: str


@dataclass(frozen=True)
class Hand:
    """What people want of a plan before it is computed.

    Attributes
    ----------
    forced : tuple of Spot
        Candidates that are chosen whatever they are worth.
    forbidden : tuple of Spot
        Candidates whose pole is never used.
    placed : tuple of Spot
        Cameras that people have put where no candidate is; always part of the plan, ranked first.
    """

    forced: tuple[Spot, ...] = ()
    forbidden: tuple[Spot, ...] = ()
    placed: tuple[Spot, ...] = ()


@dataclass(frozen=True)
class RunMark:
    """What names a run of the ranking, and what it proved.

    Attributes
    ----------
    fingerprint : str
        Of the problem; changes with any input.
    seed : int
        Start of the random numbers.
    method_version : str
        Of the calculation.
    value, upper_bound : int
        Weight newly seen, and what no choice can exceed.
    gap : float
        How far the choice is from the bound, 0 to 1.
    spend_idr, budget_idr : int
        Cost without tax, and money without tax that the run was given [Rp].
    seen_before, seen_after, area_before, area_after : float
        Shares of weighted demand and of area, 0 to 1.
    level : str
        Level and edition of the standard.
    is_synthetic : bool
        Whether it rests on made-up city layers.
    computed_at : str
        When, ISO 8601.
    layers : dict of str to str
        Checksum of each city layer.
    register_change : int
        Newest change of points, cameras, agencies or verified views.
    hand : Hand
        What people wanted of it.
    """

    fingerprint: str
    seed: int
    method_version: str
    value: int
    upper_bound: int
    gap: float
    spend_idr: int
    budget_idr: int
    seen_before: float
    seen_after: float
    area_before: float
    area_after: float
    level: str
    is_synthetic: bool
    computed_at: str
    layers: dict[str, str] = field(default_factory=dict[str, str])
    register_change: int = 0
    hand: Hand = Hand()


@dataclass(frozen=True)
class PlanPoint:
    """One point of a plan; ``lon`` and ``lat`` in degrees, EPSG:4326."""

    plan_point_id: str
    plan_id: str
    rank: int
    street: str
    kelurahan: str
    lon: float
    lat: float
    azimuth_deg: float | None
    model: str
    fibre_m: float
    gain_m2: float
    gain_weight: int
    lines: tuple[CostLine, ...]
    usulan_code: str = ""
    agency_id: str = ""
    fund: Fund = ""
    land_status: LandStatus = "unknown"
    decision: Decision = "open"
    decision_note: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None
    version: int = 1

    @property
    def spot(self) -> Spot:
        """Where it stands, where it looks, and what it is: two points alike in this are the same."""
        return Spot(self.lon, self.lat, self.azimuth_deg, self.model)

    @property
    def net_idr(self) -> int:
        """Sum of its lines, without tax [Rp]."""
        return sum(line.amount_idr for line in self.lines)

    @property
    def place(self) -> str:
        """Street, or the kelurahan where the street has no name."""
        return self.street or self.kelurahan


@dataclass(frozen=True)
class Plan:
    """A kept plan with its points in the order of the ranking."""

    plan_id: str
    name: str
    year: int
    budget_idr: int
    state: PlanState
    created_at: datetime
    created_by: str
    signed_at: datetime | None
    signed_by: str
    copy_of: str
    rules: MoneyRules
    prices: tuple[KeptPrice, ...]
    run: RunMark
    points: tuple[PlanPoint, ...]
    version: int

    @property
    def proposed(self) -> tuple[PlanPoint, ...]:
        """Points that are neither refused nor postponed."""
        return tuple(point for point in self.points if point.decision in PROPOSED)

    @property
    def total_idr(self) -> int:
        """Total of the proposed points with tax and rounding [Rp]."""
        return sum(self.rules.total_idr(point.net_idr) for point in self.proposed)

    @property
    def net_idr(self) -> int:
        """Total of the proposed points without tax [Rp]."""
        return sum(point.net_idr for point in self.proposed)


def to_text(value: object) -> str:
    """Write records as JSON text, the same text for the same records.

    Parameters
    ----------
    value : dataclass instance or sequence of them
        What to write.

    Returns
    -------
    str
        JSON.
    """
    plain: Any = [asdict(item) for item in value] if isinstance(value, tuple) else asdict(value)  # type: ignore[call-overload]
    return json.dumps(plain, ensure_ascii=False, sort_keys=True)


def run_from(text: str) -> RunMark:
    """Read the marks of a run.

    Parameters
    ----------
    text : str
        JSON, as `to_text` wrote it; one from before people could place points is read as well.

    Returns
    -------
    RunMark
        The marks.
    """
    plain = json.loads(text)
    hand = {name: tuple(Spot(**spot) for spot in spots) for name, spots in plain.pop("hand", {}).items()}
    return RunMark(**plain, hand=Hand(**hand))

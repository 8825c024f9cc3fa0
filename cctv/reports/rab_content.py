"""What a budget workbook (RAB) is made of: points with components, prices, rules of money, pagu, marks of the run."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class RabPrice:
    """One line of the price list that was used.

    Attributes
    ----------
    item_id, name, unit : str
        Item, its name and the unit of volume.
    price_idr : int
        Without tax [Rp].
    source, as_of : str
        Where it comes from and the day it stands for.
    tkdn_percent : float or None
        Share made in the country; None is unknown.
    is_assumption : bool
        Whether nobody has confirmed it.
    """

    item_id: str
    name: str
    unit: str
    price_idr: int
    source: str
    as_of: str
    tkdn_percent: float | None
    is_assumption: bool


@dataclass(frozen=True)
class RabLine:
    """One component of a point; without ``item_id`` the price stands in the line itself."""

    item_id: str
    name: str
    unit: str
    quantity: int
    price_idr: int


@dataclass(frozen=True)
class RabPoint:
    """One point; words as people read them, amounts as we computed them [Rp]; ``decided`` is who decided and when."""

    rank: int
    usulan_code: str
    kelurahan: str
    place: str
    coordinates: str
    direction: str
    agency: str
    fund: str
    land: str
    fibre_m: float
    reason: str
    decision: str
    decision_note: str
    decided: str
    lines: Sequence[RabLine]
    net_idr: int
    tax_idr: int
    total_idr: int


@dataclass(frozen=True)
class RabPagu:
    """A ceiling that sums are compared with; an empty field stands for all."""

    kelurahan: str
    agency: str
    fund: str
    amount_idr: int


@dataclass(frozen=True)
class RabReport:
    """Everything the workbook says.

    Attributes
    ----------
    title, plan_id, state : str
        Name of the plan, its id and state.
    year : int
        Budget year.
    pagu_idr : int
        Ceiling of the plan with tax [Rp].
    tax_bp, step_idr : int
        PPN in ten-thousandths; the total of a point is a multiple of ``step_idr`` [Rp].
    way : {"nearest", "up", "down"}
        How it is rounded.
    points, prices, pagu : sequences
        Points by rank, prices by item, ceilings.
    marks : sequence of (str, str)
        Run: fingerprint, seed, method, bound, gap, data.
    cautions : sequence of str
        What the numbers rest on.
    """

    title: str
    plan_id: str
    state: str
    year: int
    pagu_idr: int
    tax_bp: int
    step_idr: int
    way: str
    points: Sequence[RabPoint]
    prices: Sequence[RabPrice]
    pagu: Sequence[RabPagu]
    marks: Sequence[tuple[str, str]]
    cautions: Sequence[str]

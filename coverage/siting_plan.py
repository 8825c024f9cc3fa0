"""A plan: the chosen points, what is proved about them, and why each stands where it does; as text and back."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

import numpy as np

from coverage.ceilings import Payment
from coverage.errors import InvalidDemandError
from coverage.packed_rows import Ints, Singles

ReasonCode = Literal["must_include", "best_per_rupiah"]
NoteCode = Literal["nothing_affordable", "nothing_left_to_see", "all_reachable_seen", "price_of_equity"]
FORMAT = 1


@dataclass(frozen=True)
class Reason:
    """Why a candidate stands where it does in the ranking.

    Attributes
    ----------
    code : {"must_include", "best_per_rupiah"}
        Rule that ranked it.
    new_cells : int
        Cells that nobody saw before it.
    seen_weight : int
        Weight of all cells it sees, as far as existing cameras leave any.
    new_weight : int
        What it adds to those before it, less its penalty.
    alone_weight : int
        What would be lost if it alone were left out of the plan.
    """

    code: ReasonCode
    new_cells: int
    seen_weight: int
    new_weight: int
    alone_weight: int = 0


@dataclass(frozen=True)
class Note:
    """Something about the whole plan that a person should be told.

    Attributes
    ----------
    code : {"nothing_affordable", "nothing_left_to_see", "all_reachable_seen", "price_of_equity"}
        What it is.
    amount_idr : int
        Cost of the cheapest useful candidate, or money that is left over [Rp].
    weight : int
        Weight that is given up for the floors of the districts.
    """

    code: NoteCode
    amount_idr: int = 0
    weight: int = 0


@dataclass(frozen=True, eq=False)
class Memory:
    """What a plan remembers for the next, similar problem; not part of its text.

    Attributes
    ----------
    price : ndarray of float32, shape (number of cells,)
        Price of each cell.
    per_idr : ndarray of float64, shape (number of candidates,)
        Price of a Rupiah spent on each candidate.
    """

    price: Singles
    per_idr: np.ndarray


@dataclass(frozen=True, eq=False)
class SitingPlan:
    """A choice of candidates and what is proved about it.

    Attributes
    ----------
    chosen : ndarray of int64, shape (k,)
        Candidates, ascending.
    value : int
        Weight that they newly see, less penalties.
    spend_idr : int
        Their cost [Rp].
    budget_idr : int
        Money that was given [Rp].
    upper_bound : int
        No choice within the budget sees more weight than this.
    gap : float
        (upper_bound - value) / upper_bound; 0 if the bound is 0.
    order : ndarray of int64, shape (k,)
        The same candidates by marginal gain per Rupiah; those that must be included come first.
    marginal_gain : ndarray of int64, shape (k,)
        Weight that each adds to those before it in ``order``; they sum to ``value``.
    reason : tuple of Reason, length k
        Why each one, in the order of ``order``.
    notes : tuple of Note
        What a person should be told about the whole plan.
    greedy_value : int
        What taking the best per Rupiah one after the other would see.
    is_proved : bool
        Whether it is certain that no choice sees more.
    presolve : dict of str to int
        How many candidates and cells were left out before solving, and why.
    seed : int
        Start of the random numbers.
    moves : int
        Moves of the search.
    fingerprint : str
        Changes with any input.
    elapsed_s : float
        Time it took [s].
    payment : tuple of Payment
        When and from which source each one is paid, in the order of ``order``; empty if there are no ceilings.
    memory : Memory, optional
        What helps to solve a similar problem quickly.
    """

    chosen: Ints
    value: int
    spend_idr: int
    budget_idr: int
    upper_bound: int
    gap: float
    order: Ints
    marginal_gain: Ints
    reason: tuple[Reason, ...]
    notes: tuple[Note, ...]
    greedy_value: int
    is_proved: bool
    presolve: dict[str, int]
    seed: int
    moves: int
    fingerprint: str
    elapsed_s: float
    payment: tuple[Payment, ...] = ()
    memory: Memory | None = field(default=None, repr=False)

    def to_json(self) -> str:
        """Write the plan as text.

        Returns
        -------
        str
            JSON; everything but ``memory``.
        """
        parts = {name: value for name, value in vars(self).items() if name != "memory"}
        for name in ("chosen", "order", "marginal_gain"):
            parts[name] = parts[name].tolist()
        for name in ("reason", "notes", "payment"):
            parts[name] = [asdict(item) for item in parts[name]]
        return json.dumps({"format": FORMAT, **parts}, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "SitingPlan":
        """Read a plan from text.

        Parameters
        ----------
        text : str
            As written by :meth:`to_json`.

        Returns
        -------
        SitingPlan
            Equal to the one that was written, without ``memory``.

        Raises
        ------
        InvalidDemandError
            If the text is no plan of this format.
        """
        try:
            parts: dict[str, Any] = json.loads(text)
            if parts.pop("format") != FORMAT:
                raise InvalidDemandError("plan_format", f"the plan is not of format {FORMAT}")
            for name in ("chosen", "order", "marginal_gain"):
                parts[name] = np.array(parts[name], np.int64)
            parts["reason"] = tuple(Reason(**item) for item in parts["reason"])
            parts["notes"] = tuple(Note(**item) for item in parts["notes"])
            parts["payment"] = tuple(Payment(**item) for item in parts.get("payment", ()))
            plan = cls(**parts)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            if isinstance(error, InvalidDemandError):
                raise
            raise InvalidDemandError("plan_format", f"the text is no plan: {error}") from error
        known = {*get_args(ReasonCode)}, {*get_args(NoteCode)}
        if not ({r.code for r in plan.reason} <= known[0] and {n.code for n in plan.notes} <= known[1]):
            raise InvalidDemandError("plan_format", "the plan has a reason or a note that is not known")
        return plan

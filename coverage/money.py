"""The money of a plan: a total, and envelopes that pay for parts of it."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from coverage.packed_rows import Bools, Ints
from coverage.presolve import Reduced


@dataclass(frozen=True)
class Envelopes:
    """Money that may only be spent on some of the candidates, below a total for all of them.

    Attributes
    ----------
    budget_idr : dict of str to int
        Money of each envelope [Rp], by its name: a kelurahan, an agency, a source of funds.
    name : tuple of str, length n
        Envelope that pays each candidate.
    """

    budget_idr: dict[str, int]
    name: tuple[str, ...]

    @property
    def order(self) -> tuple[str, ...]:
        """Names of the envelopes in a fixed order."""
        return tuple(sorted(self.budget_idr))

    def numbers(self) -> Ints:
        """Give the envelope of each candidate as a number.

        Returns
        -------
        ndarray of int64, shape (n,)
            Place of its name in ``order``.
        """
        return np.searchsorted(np.array(self.order), np.array(self.name)).astype(np.int64)


@dataclass(frozen=True)
class Money:
    """What may be spent.

    Attributes
    ----------
    total_idr : int
        On everything [Rp].
    envelope_idr : tuple of int
        On the candidates of each envelope [Rp]; empty if there is only the total.
    """

    total_idr: int
    envelope_idr: tuple[int, ...] = ()

    def affordable(self, problem: Reduced) -> Bools:
        """Mark the candidates that could be paid with nothing else bought.

        Parameters
        ----------
        problem : Reduced
            Candidates.

        Returns
        -------
        ndarray of bool, shape (n,)
            Whether the total and the envelope of each reach for it.
        """
        fits = problem.cost_idr <= self.total_idr
        if self.envelope_idr:
            fits &= problem.cost_idr <= np.array(self.envelope_idr, np.int64)[problem.envelope]
        return fits

    def after(self, problem: Reduced, rows: Ints) -> "Money":
        """Give what is left once some candidates are paid.

        Parameters
        ----------
        problem : Reduced
            Candidates.
        rows : ndarray of int64
            Those that are bought.

        Returns
        -------
        Money
            Rest of the total and of each envelope; below 0 where it does not reach.
        """
        cost = problem.cost_idr[rows]
        rest = list(self.envelope_idr)
        for envelope, price in zip(problem.envelope[rows].tolist(), cost.tolist(), strict=True):
            if rest:
                rest[envelope] -= price
        return Money(self.total_idr - int(cost.sum()), tuple(rest))

    def can_pay(self, problem: Reduced, rows: Ints) -> bool:
        """Tell whether the total and every envelope reach for a set of candidates.

        Parameters
        ----------
        problem : Reduced
            Candidates.
        rows : ndarray of int64
            Those to buy.

        Returns
        -------
        bool
            Whether nothing would fall below 0.
        """
        left = self.after(problem, rows)
        return min(left.total_idr, *left.envelope_idr, 0) == 0


@dataclass(frozen=True)
class Cut:
    """A plane above the best value, as a function of the money.

    Attributes
    ----------
    per_idr : Fraction
        Weight that one more Rupiah of the total is worth at most.
    per_envelope_idr : tuple of Fraction
        The same for each envelope.
    at_zero : Fraction
        Height of the plane without money.
    """

    per_idr: Fraction
    at_zero: Fraction
    per_envelope_idr: tuple[Fraction, ...] = ()

    def at(self, money: Money) -> int:
        """Give the largest whole value that is still possible.

        Parameters
        ----------
        money : Money
            What may be spent.

        Returns
        -------
        int
            Upper bound on the weight that can be seen.
        """
        return int(self.height(money))

    def height(self, money: Money) -> Fraction:
        """Give the height of the plane before it is rounded down.

        Parameters
        ----------
        money : Money
            What may be spent.

        Returns
        -------
        Fraction
            Upper bound on the weight that can be seen.
        """
        envelopes = sum((a * b for a, b in zip(self.per_envelope_idr, money.envelope_idr, strict=False)), Fraction(0))
        return self.per_idr * money.total_idr + envelopes + self.at_zero

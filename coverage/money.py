"""The money of a plan: a total, limits below it, and envelopes that pay for parts of it."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from coverage.ceilings import Ceiling
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

    def as_ceilings(self, n_years: int) -> tuple[Ceiling, ...]:
        """Put the envelopes as ceilings that may be spent in any of some years.

        Parameters
        ----------
        n_years : int
            How many years.

        Returns
        -------
        tuple of Ceiling
            All the money is there from the first year on.
        """
        name = np.array(self.name)
        rest = (0,) * (n_years - 1)
        return tuple(Ceiling(own, (self.budget_idr[own], *rest), name == own, carries_over=True) for own in self.order)


@dataclass(frozen=True)
class Money:
    """What may be spent.

    Attributes
    ----------
    total_idr : int
        On everything [Rp].
    limit_idr : tuple of int
        On the candidates that count against each limit [Rp]; empty if there is only the total.
    loose_idr : tuple of int
        What could be left of each limit at most, in whichever way mandatory candidates are paid [Rp]: what a bound must
        reckon with. The same as ``limit_idr`` if empty.
    """

    total_idr: int
    limit_idr: tuple[int, ...] = ()
    loose_idr: tuple[int, ...] = ()

    @property
    def bound_idr(self) -> tuple[int, ...]:
        """What a bound must reckon with of each limit [Rp]."""
        return self.loose_idr or self.limit_idr

    def affordable(self, problem: Reduced) -> Bools:
        """Mark the candidates that could be paid with nothing else bought.

        Parameters
        ----------
        problem : Reduced
            Candidates.

        Returns
        -------
        ndarray of bool, shape (n,)
            Whether the total and the limits of one way to pay reach for each.
        """
        return self._reaches(problem, self.limit_idr)

    def thinkable(self, problem: Reduced) -> Bools:
        """Mark the candidates that a bound must reckon with.

        Parameters
        ----------
        problem : Reduced
            Candidates.

        Returns
        -------
        ndarray of bool, shape (n,)
            At least those that are affordable.
        """
        return self._reaches(problem, self.bound_idr)

    def _reaches(self, problem: Reduced, left_idr: tuple[int, ...]) -> Bools:
        fits = problem.cost_idr <= self.total_idr
        return fits & (problem.cost_idr <= problem.payers.room(left_idr)[problem.payer]) if left_idr else fits

    def after(self, problem: Reduced, rows: Ints) -> "Money":
        """Give what is left once some candidates are paid.

        Parameters
        ----------
        problem : Reduced
            Candidates.
        rows : ndarray of int64
            Those that are bought, one after the other, each in the way that has most room.

        Returns
        -------
        Money
            Rest of the total and of each limit; below 0 where it does not reach.
        """
        cost = problem.cost_idr[rows]
        total = self.total_idr - int(cost.sum())
        if not self.limit_idr:
            return Money(total)
        rest = list(self.limit_idr)
        for payer, price in zip(problem.payer[rows].tolist(), cost.tolist(), strict=True):
            for limit in problem.payers.limits_of[payer][problem.payers.way(payer, rest)]:
                rest[limit] -= price
        return Money(total, tuple(rest))

    def can_pay(self, problem: Reduced, rows: Ints) -> bool:
        """Tell whether the total and every limit reach for a set of candidates, paid dearest first.

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
        if not self.affordable(problem)[rows].all():
            return False
        left = self.after(problem, rows[np.argsort(-problem.cost_idr[rows], kind="stable")])
        return min(left.total_idr, *left.limit_idr, 0) == 0


@dataclass(frozen=True)
class Cut:
    """A plane above the best value, as a function of the money.

    Attributes
    ----------
    per_idr : Fraction
        Weight that one more Rupiah of the total is worth at most.
    per_limit_idr : tuple of Fraction
        The same for each limit.
    at_zero : Fraction
        Height of the plane without money.
    """

    per_idr: Fraction
    at_zero: Fraction
    per_limit_idr: tuple[Fraction, ...] = ()

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
        limits = sum((a * b for a, b in zip(self.per_limit_idr, money.bound_idr, strict=False)), Fraction(0))
        return self.per_idr * money.total_idr + limits + self.at_zero

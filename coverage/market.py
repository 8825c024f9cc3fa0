"""The part of the bound that chooses candidates at a price of a Rupiah, within the limits of poles."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coverage.money import Money
from coverage.packed_rows import Bools, Ints
from coverage.presolve import Reduced

Floats = NDArray[np.float64]

MOST_TANGENTS = 30


@dataclass(frozen=True, eq=False)
class Choice:
    """What would be bought at some prices if every candidate were judged alone.

    Attributes
    ----------
    rows : ndarray of int64
        The best ones of each pole with a surplus above 0.
    total : float
        Their surplus: worth less cost at the price of a Rupiah.
    spend_idr : float
        Their cost [Rp].
    """

    rows: Ints
    total: float
    spend_idr: float


class Market:
    """The part of the bound that chooses candidates within the limits of poles and the total, given other prices.

    Parameters
    ----------
    problem : Reduced
        Candidates.
    money : Money
        What may be spent.
    usable : ndarray of bool, shape (n,)
        Candidates that can be bought at all.
    """

    def __init__(self, problem: Reduced, money: Money, usable: Bools) -> None:
        self.problem, self.money, self.usable = problem, money, usable
        self.cost = problem.cost_idr.astype(np.float64)
        self.penalty = problem.penalty.astype(np.float64)
        self.limit_price: Floats = np.zeros(len(money.limit_idr))
        self.price, self.drift = 0.0, 0.01
        self._one_each = bool((problem.pole_limit == 1).all())

    def choose(self, worth: Floats, price: float, among: Ints | None = None) -> Choice:
        """Buy at a price of a Rupiah of the total.

        Parameters
        ----------
        worth : ndarray of float64, shape (k,)
            What the candidates to choose from are worth, before they are paid.
        price : float
            Price of a Rupiah.
        among : ndarray of int64, shape (k,), optional
            Candidates to choose from; all by default.

        Returns
        -------
        Choice
            The best of each pole.
        """
        rows = np.arange(self.problem.n_candidates) if among is None else among
        surplus = worth - price * self.cost[rows]
        winner = self._one_per_pole(surplus, rows) if self._one_each else self._several_per_pole(surplus, rows)
        chosen = rows[winner]
        return Choice(chosen, float(surplus[winner].sum()), float(self.cost[chosen].sum()))

    def _one_per_pole(self, surplus: Floats, rows: Ints) -> Ints:
        winner = np.flatnonzero(surplus > 0)
        pole = self.problem.pole[rows[winner]]
        first = np.flatnonzero(np.diff(pole, prepend=-1))
        if not len(first):
            return winner
        highest = np.maximum.reduceat(surplus[winner], first)
        ties = np.flatnonzero(surplus[winner] >= np.repeat(highest, np.diff(np.append(first, len(winner)))))
        return winner[ties[np.diff(pole[ties], prepend=-1) != 0]]

    def _several_per_pole(self, surplus: Floats, rows: Ints) -> Ints:
        winner = np.flatnonzero(surplus > 0)
        winner = winner[np.lexsort((-surplus[winner], self.problem.pole[rows[winner]]))]
        pole = self.problem.pole[rows[winner]]
        starts = np.flatnonzero(np.diff(pole, prepend=-1))
        place = np.arange(len(winner)) - np.repeat(starts, np.diff(np.append(starts, len(winner))))
        return winner[place < self.problem.pole_limit[pole]]

    def net_worth(self, worth: Floats) -> Floats:
        """Take penalties and the prices of limits off, and leave out what cannot be paid.

        Parameters
        ----------
        worth : ndarray of float64, shape (n,)
            Price of all the cells that each candidate sees.

        Returns
        -------
        ndarray of float64, shape (n,)
            Minus infinity for what cannot be paid.
        """
        net = worth - self.penalty
        if len(self.limit_price):
            net -= self.problem.payers.price(self.limit_price)[self.problem.payer] * self.cost
        return np.where(self.usable, net, -np.inf)

    def clear(self, worth: Floats) -> float:
        """Find the lowest bound over the price of the total.

        Parameters
        ----------
        worth : ndarray of float64, shape (n,)
            Price of all the cells that each candidate sees.

        Returns
        -------
        float
            Bound without the part of the cells; ``price`` is then the price of the total.

        Notes
        -----
        In the price of the total the bound is convex and made of straight pieces: the next price to try is where the
        tangents of both sides meet, and the search ends when the bound lies on them.
        """
        net = self.net_worth(worth)
        budget = float(self.money.total_idr)
        fixed = sum(p * q for p, q in zip(self.limit_price.tolist(), self.money.bound_idr, strict=True))
        low, dear, among = self._below(net, budget)
        if dear.spend_idr <= budget:
            self.price = 0.0
            return dear.total + fixed
        high, cheap = self._meet(net[among], among, low, dear)
        if self.price > 0:
            self.drift = float(np.clip(2 * abs(high / self.price - 1), 1e-5, 0.05))
        self.price = high
        return high * budget + cheap.total + fixed

    def _below(self, net: Floats, budget: float) -> tuple[float, Choice, Ints]:
        """Find a price at which too much is bought, or 0; and the candidates that are worth more than it."""
        guess = self.price * (1 - self.drift)  # the price hardly moves from round to round
        if guess > 0:
            near = np.flatnonzero(net > guess * self.cost)
            dear = self.choose(net[near], guess, near)
            if dear.spend_idr > budget:
                return guess, dear, near
        among = np.flatnonzero(net > 0)
        return 0.0, self.choose(net[among], 0.0, among), among

    def _meet(self, net: Floats, among: Ints, low: float, dear: Choice) -> tuple[float, Choice]:
        """Narrow the price from a too low one; give it, and what is bought just above it."""
        high = float((net / self.cost[among]).max()) * (1 + 1e-9)
        cheap = Choice(np.empty(0, np.int64), 0.0, 0.0)
        guess = self.price * (1 + self.drift)
        for _ in range(MOST_TANGENTS):
            step = dear.spend_idr - cheap.spend_idr
            meet = (dear.total + dear.spend_idr * low - cheap.total - cheap.spend_idr * high) / step
            is_guess = low < guess < high
            price, guess = (guess if is_guess else meet), 0.0
            if not low < price < high:
                break
            found = self.choose(net, price, among)
            side = dear if found.spend_idr > self.money.total_idr else cheap
            if side is dear:
                low, dear = price, found
            else:
                high, cheap = price, found
            if not is_guess and found.spend_idr == side.spend_idr:
                break
        return high, cheap

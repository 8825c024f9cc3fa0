"""Certified upper bound on what any choice within the budget can see: Lagrangian prices, evaluated in whole numbers.

For any prices 0 <= y_j <= w_j of the cells and any price lam >= 0 of a Rupiah,

    optimum <= lam B + sum_j (w_j - y_j) + sum over poles g of max(0, max_{i on g} (sum_{j seen by i} y_j - lam c_i))

The prices are searched in floats, then rounded to multiples of a power of two, and the formula is evaluated again in
whole numbers: rounding the prices keeps the bound valid, and whole numbers cannot end below the truth.
"""

from dataclasses import dataclass
from fractions import Fraction
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from coverage.presolve import Bools, Ints, Reduced, concatenate_rows, row_sums

Floats = NDArray[np.float64]

PATIENCE = 20
SHRINK = 0.7
AVERAGING = 0.9
SMALLEST_STEP = 2e-4
START_SHARE_SEEN = 0.7  # price of a cell that the incumbent sees, as a share of its weight
NEAR = 1.02
PRICE_PRECISION = 1e-7
ABOVE = 1 + 1e-9  # so that nothing is bought at the highest price, whatever the division rounded
MOST_PRICE_BITS = 20
WHOLE_NUMBER_BITS = 60


@dataclass(frozen=True)
class Cut:
    """A straight line above the best value, as a function of the budget.

    Attributes
    ----------
    per_idr : Fraction
        Weight that one more Rupiah is worth at most.
    at_zero : Fraction
        Height of the line at budget 0.
    """

    per_idr: Fraction
    at_zero: Fraction

    def at(self, budget_idr: int) -> int:
        """Give the largest whole value that is still possible.

        Parameters
        ----------
        budget_idr : int
            Money [Rp].

        Returns
        -------
        int
            Upper bound on the weight that can be seen.
        """
        return int(self.per_idr * budget_idr + self.at_zero)


class _Poles:
    """The part of the bound that chooses at most one candidate per pole."""

    def __init__(self, problem: Reduced, usable: Bools) -> None:
        self.problem = problem
        self.cost = problem.cost_idr.astype(np.float64)
        self.first = np.flatnonzero(np.diff(problem.pole, prepend=-1))
        self.usable = usable
        self.last_price = 0.0

    def best(self, worth: Floats, price: float) -> tuple[Floats, Ints]:
        """Give the surplus of each pole and the candidates chosen at this price of a Rupiah."""
        surplus = np.where(self.usable, worth - price * self.cost, -np.inf)
        highest = np.maximum.reduceat(surplus, self.first)
        winner = np.flatnonzero((surplus >= highest[self.problem.pole]) & (surplus > 0))
        one_each = np.flatnonzero(np.diff(self.problem.pole[winner], prepend=-1))
        return np.maximum(highest, 0.0), winner[one_each]

    def price(self, worth: Floats, budget_idr: int) -> tuple[float, float]:
        """Bracket the price of a Rupiah at which the chosen candidates just cost the budget."""
        if self.spend(worth, 0.0) <= budget_idr:
            return 0.0, 0.0
        low, high = 0.0, float((worth[self.usable] / self.cost[self.usable]).max()) * ABOVE
        for factor in (1 / NEAR, NEAR):  # the price hardly moves between rounds: try next to the last one first
            guess = self.last_price * factor
            if low < guess < high:
                low, high = (guess, high) if self.spend(worth, guess) > budget_idr else (low, guess)
        while high - low > PRICE_PRECISION * high:
            middle = (low + high) / 2
            low, high = (middle, high) if self.spend(worth, middle) > budget_idr else (low, middle)
        self.last_price = high
        return low, high

    def spend(self, worth: Floats, price: float) -> float:
        """Add up the cost of the candidates chosen at this price of a Rupiah [Rp]."""
        return float(self.cost[self.best(worth, price)[1]].sum())


def certified_cut(
    problem: Reduced,
    budget_idr: int,
    *,
    value: int,
    seen: Bools,
    gap_target: float,
    max_rounds: int,
    deadline_s: float,
    holds_to_idr: int | None = None,
) -> Cut:
    """Search prices for one budget and give the line that they prove.

    Parameters
    ----------
    problem : Reduced
        Candidates and cells.
    budget_idr : int
        Money [Rp] at which the line is to be low.
    value : int
        Weight that a known choice within the budget sees.
    seen : ndarray of bool, shape (m,)
        Cells that this choice sees.
    gap_target : float
        Stop once (bound - value) / bound is no larger.
    max_rounds : int
        Stop after so many rounds.
    deadline_s : float
        Stop at this moment of the monotonic clock [s]; the line is then valid but higher.
    holds_to_idr : int, optional
        Largest budget that the line must hold for [Rp]; ``budget_idr`` by default.

    Returns
    -------
    Cut
        Valid for all budgets up to the largest one.

    Notes
    -----
    Deflected subgradient with Polyak steps towards the known value, averaged directions, and a restart from the best
    prices after some rounds without progress.

    References
    ----------
    Lorena and Pereira (2002), A Lagrangean/surrogate heuristic for the maximal covering location problem using
    Hillsman's edition, International Journal of Industrial Engineering 9(1).
    """
    everything = Cut(Fraction(0), Fraction(int(problem.weight.sum())))
    usable = problem.cost_idr <= (budget_idr if holds_to_idr is None else holds_to_idr)
    if not usable.any():
        return Cut(Fraction(0), Fraction(0))
    if everything.at(budget_idr) <= value:
        return everything
    search = _PriceSearch(problem, budget_idr, _Poles(problem, usable), seen)
    search.run(value, gap_target, max_rounds, deadline_s)
    cut = _exact_cut(problem, usable, search.best_prices, search.best_lam)
    return everything if cut is None else min(cut, everything, key=lambda line: line.at(budget_idr))


class _PriceSearch:
    """State of the search for good prices."""

    def __init__(self, problem: Reduced, budget_idr: int, poles: _Poles, seen: Bools) -> None:
        self.problem, self.budget_idr, self.poles = problem, budget_idr, poles
        self.weight = problem.weight.astype(np.float64)
        self.prices = np.where(seen, START_SHARE_SEEN * self.weight, self.weight)
        self.best_prices, self.best_lam, self.best = self.prices, 0.0, float(np.inf)

    def run(self, value: int, gap_target: float, max_rounds: int, deadline_s: float) -> None:
        """Improve the prices until the gap is small, the steps are, or the rounds are used up."""
        step, idle = 1.0, 0
        direction = np.zeros_like(self.weight)
        for _ in range(max_rounds):
            bound, lam, slope = self._evaluate()
            idle = 0 if bound < self.best * (1 - 1e-5) else idle + 1
            if bound < self.best:
                self.best, self.best_lam, self.best_prices = bound, lam, self.prices
            if self.best - value <= gap_target * self.best or self.best < value + 1 or monotonic() > deadline_s:
                return
            if idle >= PATIENCE:
                step, idle, self.prices = step * SHRINK, 0, self.best_prices
                direction[:] = 0
            direction = AVERAGING * direction + (1 - AVERAGING) * slope
            free = ~((self.prices >= self.weight) & (direction < 0)) & ~((self.prices <= 0) & (direction > 0))
            move = np.where(free, direction, 0.0)
            length = float(move @ move)
            if step < SMALLEST_STEP or length == 0:
                return
            self.prices = np.clip(self.prices - step * (bound - value) / length * move, 0.0, self.weight)

    def _evaluate(self) -> tuple[float, float, Floats]:
        """Give the bound at the present prices, the price of a Rupiah, and the slope in the prices of the cells."""
        worth: Floats = self.problem.matrix @ self.prices
        low, high = self.poles.price(worth, self.budget_idr)
        surplus, cheap = self.poles.best(worth, high)
        bound = high * self.budget_idr + float((self.weight - self.prices).sum() + surplus.sum())
        count = self._count(cheap)
        if high > 0:
            dear = self.poles.best(worth, low)[1]
            spend_cheap, spend_dear = (float(self.poles.cost[rows].sum()) for rows in (cheap, dear))
            share = (self.budget_idr - spend_cheap) / (spend_dear - spend_cheap)
            count = (1 - share) * count + share * self._count(dear)
        return bound, high, count - 1.0

    def _count(self, rows: Ints) -> Floats:
        entries, _ = concatenate_rows(self.problem.indptr, self.problem.indices, rows)
        return np.bincount(entries, minlength=self.problem.n_cells).astype(np.float64)


def _exact_cut(problem: Reduced, usable: Bools, prices: Floats, lam: float) -> Cut | None:
    """Evaluate the formula in whole numbers at rounded prices; None if they would not fit in 64 bits."""
    dearest = int(problem.cost_idr[usable].max())
    largest = max(int(problem.weight.sum()), int(lam * dearest) + 1)
    spare_bits = WHOLE_NUMBER_BITS - largest.bit_length()
    if spare_bits < 0:
        return None
    unit = 1 << min(spare_bits, MOST_PRICE_BITS)
    fine = 1 << max(0, spare_bits - MOST_PRICE_BITS)
    whole_weight = problem.weight * unit
    whole_prices = np.clip(np.rint(prices * unit).astype(np.int64), 0, whole_weight)
    whole_lam = round(Fraction(lam) * unit * fine)
    worth = row_sums(whole_prices[problem.indices], problem.indptr)
    surplus = np.where(usable, worth * fine - whole_lam * np.minimum(problem.cost_idr, dearest), -1)
    highest = np.maximum.reduceat(surplus, np.flatnonzero(np.diff(problem.pole, prepend=-1)))
    # Python's own whole numbers from here on: a sum of 60-bit numbers does not fit in 64 bits
    per_pole = sum(highest[highest > 0].tolist())
    unpriced = int((whole_weight - whole_prices).sum()) * fine
    return Cut(Fraction(whole_lam, unit * fine), Fraction(unpriced + per_pole, unit * fine))

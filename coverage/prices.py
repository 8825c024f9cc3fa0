"""Search for the prices of cells and of a Rupiah that make the bound of :mod:`coverage.bounds` low."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coverage.market import Market
from coverage.money import Money
from coverage.packed_rows import Bools, Ints, Singles, concatenate_rows
from coverage.presolve import Reduced

Floats = NDArray[np.float64]

PATIENCE = 7
SHRINK = 0.7
AVERAGING = 0.9
SMALLEST_STEP = 2e-4
START_SHARE_SEEN = 0.7  # price of a cell that the incumbent sees, as a share of its weight
REMEMBERED = 0.97  # how slowly the mean of the choices forgets


@dataclass(frozen=True, eq=False)
class Prices:
    """Prices that prove a bound.

    Attributes
    ----------
    cell : ndarray of float32, shape (m,)
        Price of a view of each cell, between 0 and its weight.
    idr : float
        Price of a Rupiah of the total.
    envelope_idr : ndarray of float64
        Price of a Rupiah of each envelope.
    """

    cell: Singles
    idr: float
    envelope_idr: Floats


class PriceSearch:
    """Deflected subgradient with Polyak steps towards the known value, and a restart from the best prices when stuck.

    Parameters
    ----------
    problem : Reduced
        Candidates and cells.
    money : Money
        At which the bound is to be low.
    usable : ndarray of bool, shape (n,)
        Candidates that can be bought at all.
    start : ndarray of float32, shape (m,)
        Prices of the cells to start from.
    step : float
        Share of the full Polyak step to start with.
    price : float
        Guess of the price of a Rupiah.
    """

    def __init__(
        self, problem: Reduced, money: Money, usable: Bools, start: Singles, *, step: float = 1.0, price: float = 0.0
    ) -> None:
        self.problem, self.money = problem, money
        self.market = Market(problem, money, usable)
        self.market.price = price
        self.layers = problem.layers.astype(np.float32)
        self.ceiling = self.layers[0]
        self.cell: Singles = start
        self.best = Prices(start, 0.0, np.zeros(len(money.envelope_idr)))
        self.bound = float(np.inf)
        self.mean_choice: Floats = np.zeros(problem.n_candidates)
        self.rounds = 0
        self.is_done = False
        self._step, self._idle = step, 0
        self._direction = np.zeros_like(start)

    def run(self, value: float, gap_target: float, most_rounds: int, should_stop: Callable[[], bool]) -> None:
        """Improve the prices until the gap or the steps are small, the rounds are used up, or it is told to stop.

        Parameters
        ----------
        value : float
            Weight that a known choice sees: what the steps aim at.
        gap_target : float
            Stop once (bound - value) / bound is no larger.
        most_rounds : int
            How many rounds at the most.
        should_stop : callable
            Asked once a round.
        """
        for _ in range(most_rounds):
            bound, slope = self._evaluate()
            self._idle = 0 if bound < self.bound * (1 - 1e-5) else self._idle + 1
            if bound < self.bound:
                self.bound = bound
                self.best = Prices(self.cell, self.market.price, self.market.envelope_price)
            if self.bound - value <= gap_target * self.bound or self.bound < value + 1 or should_stop():
                return
            direction = self._direction
            if self._idle >= PATIENCE:
                self._step, self._idle, self.cell = self._step * SHRINK, 0, self.best.cell
                direction[:] = 0
            direction *= AVERAGING
            direction += (1 - AVERAGING) * slope
            stuck = ((self.cell >= self.ceiling) & (direction < 0)) | ((self.cell <= 0) & (direction > 0))
            free = np.where(stuck, np.float32(0), direction)
            move = free * self.ceiling  # cells of more weight have farther to go
            length = float(free @ move)
            if self._step < SMALLEST_STEP or length == 0:
                self.is_done = True
                return
            self.cell = np.clip(self.cell - np.float32(self._step * (bound - value) / length) * move, 0, self.ceiling)

    def _evaluate(self) -> tuple[float, Singles]:
        """Give the bound at the present prices and its slope in the prices of the cells."""
        self.rounds += 1
        worth = (self.problem.matrix @ self.cell).astype(np.float64)
        height, cheap, dear, share = self.market.clear(worth)
        over = [np.maximum(layer - self.cell, 0) for layer in self.layers]
        bound = height + float(sum(part.sum(dtype=np.float64) for part in over))
        slope = (1 - share) * self._count(cheap.rows)
        if share:
            slope += share * self._count(dear.rows)
        slope -= sum((part > 0).astype(np.float32) for part in over[1:]) + np.float32(1)
        self.mean_choice *= REMEMBERED
        self.mean_choice[cheap.rows] += (1 - REMEMBERED) * (1 - share)
        self.mean_choice[dear.rows] += (1 - REMEMBERED) * share
        return bound, slope.astype(np.float32)

    def _count(self, rows: Ints) -> Singles:
        problem = self.problem
        entries, _ = concatenate_rows(problem.indptr, problem.indices, rows)
        share = None if problem.share is None else concatenate_rows(problem.indptr, problem.share, rows)[0]
        return np.bincount(entries, share, problem.n_cells).astype(np.float32)


def start_prices(problem: Reduced, rows: Ints) -> Singles:
    """Give prices to start from: the weight of each cell, less where a known choice sees it.

    Parameters
    ----------
    problem : Reduced
        Candidates and cells.
    rows : ndarray of int64
        Known choice.

    Returns
    -------
    ndarray of float32, shape (m,)
        Prices.
    """
    seen = np.zeros(problem.n_cells, np.bool_)
    seen[concatenate_rows(problem.indptr, problem.indices, rows)[0]] = True
    return np.where(seen, START_SHARE_SEEN * problem.weight, problem.weight).astype(np.float32)

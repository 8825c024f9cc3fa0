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

EAGERNESS = 0.3  # how much larger the steps of the choice are than those of the prices, in their natural units
ROUNDS_PER_LOOK, LOOKS_PER_CHECK = 5, 4
TOLERANCE = 1e-4  # prices are good enough when a fractional choice comes this close to the bound that they prove
START_SHARE_SEEN = 0.7  # price of a cell that the incumbent sees, as a share of its weight
POLE_SHARE = 0.2  # natural unit of the price of a place on a pole, as a share of what a candidate sees


@dataclass(frozen=True, eq=False)
class Prices:
    """Prices that prove a bound.

    Attributes
    ----------
    cell : ndarray of float32, shape (m,)
        Price of a view of each cell, between 0 and its weight.
    idr : float
        Price of a Rupiah of the total.
    limit_idr : ndarray of float64
        Price of a Rupiah of each limit.
    """

    cell: Singles
    idr: float
    limit_idr: Floats


class PriceSearch:
    """Primal-dual search: a fractional choice that follows the prices, and prices that follow the choice.

    Parameters
    ----------
    problem : Reduced
        Candidates and cells.
    money : Money
        At which the bound is to be low.
    usable : ndarray of bool, shape (n,)
        Candidates that can be bought at all.
    start : Prices
        Prices to start from; a price of the total of 0 is taken for not known.
    choice : ndarray of float32, shape (number of ways, n), optional
        Fractional choice to start from, by way to pay; nothing by default.

    Notes
    -----
    The hybrid gradient method of Chambolle and Pock with diagonal preconditioning [1]_ on the linear relaxation. The
    prices prove a bound in every round, whatever the choice is. Between them lies the value of the relaxation: when a
    fractional choice that keeps all limits comes close to the bound, no prices could prove much more.

    References
    ----------
    .. [1] Pock and Chambolle (2011), Diagonal preconditioning for first order primal-dual algorithms in convex
       optimization, doi:10.1109/ICCV.2011.6126441.
    """

    def __init__(
        self, problem: Reduced, money: Money, usable: Bools, start: Prices, choice: Singles | None = None
    ) -> None:
        self.problem, self.money = problem, money
        self.market = Market(problem, money, usable)
        self.layers = problem.layers.astype(np.float32)
        self.ceiling = self.layers[0]
        self.cell: Singles = start.cell
        self.best = start
        self.bound, self.fractional = float(np.inf), 0.0
        self.rounds = 0
        self.is_done = False
        self._sees, self._seen_by = problem.matrix, problem.matrix.T.tocsr()
        self._penalty = problem.penalty.astype(np.float32)
        self._mean_cost = float(problem.cost_idr.mean())
        self._cost = (problem.cost_idr / self._mean_cost).astype(np.float32)
        self._left = money.total_idr / self._mean_cost
        self._left_of = np.array(money.bound_idr, np.float64) / self._mean_cost
        self._room = problem.pole_limit.astype(np.float32)
        self._set_steps(usable, start)
        shape = (problem.payers.n_ways, problem.n_candidates)
        self.choice: Singles = np.zeros(shape, np.float32) if choice is None else choice * (self._step > 0)

    def _set_steps(self, usable: Bools, start: Prices) -> None:
        """Set the step of each number to the inverse of what all others can do to it, in natural units."""
        problem, payers = self.problem, self.problem.payers
        worth = self._sees @ self.ceiling
        typical = max(float(np.median(worth)), 1.0)
        idr = start.idr * self._mean_cost if start.idr > 0 else typical / 2
        place = POLE_SHARE * typical
        n_limits = payers.uses.sum(axis=2)[problem.payer].T
        reach = worth + self._cost * np.float32(idr) * (1 + n_limits).astype(np.float32) + np.float32(place)
        is_open = payers.exists[problem.payer].T & usable
        self._step = np.where(is_open, EAGERNESS / reach, 0).astype(np.float32)
        n_ways, n_poles = payers.n_ways, len(problem.pole_limit)
        n_viewers = np.asarray(self._seen_by.sum(axis=1)).ravel().astype(np.float32)
        self._cell_step = self.ceiling / (n_ways * EAGERNESS * np.maximum(n_viewers, np.float32(1e-6)))
        cost_of = np.bincount(problem.payer, self._cost, len(payers.uses))
        self._idr_step = idr / (n_ways * EAGERNESS * float(cost_of.sum()))
        self._limit_step = idr / (EAGERNESS * np.maximum(np.einsum("g,gwl->l", cost_of, payers.uses), 1e-6))
        n_on_pole = np.bincount(problem.pole, minlength=n_poles)
        self._pole_step = (place / (n_ways * EAGERNESS * np.maximum(n_on_pole, 1))).astype(np.float32)
        self._idr = idr
        self._limit: Floats = start.limit_idr * self._mean_cost
        self._pole = np.zeros(n_poles, np.float32)

    @property
    def mean_choice(self) -> Floats:
        """How much of each candidate the fractional choice has, shape (n,)."""
        return self.choice.sum(axis=0).astype(np.float64)

    def run(self, value: float, gap_target: float, most_rounds: int, should_stop: Callable[[], bool]) -> None:
        """Improve the prices until the gap is small, nothing is left to gain, or it is told to stop.

        Parameters
        ----------
        value : float
            Weight that a known choice sees.
        gap_target : float
            Stop once (bound - value) / bound is no larger.
        most_rounds : int
            How many rounds at the most.
        should_stop : callable
            Asked now and then.
        """
        for turn in range(most_rounds + 1):
            worth = self._sees @ self.cell
            if turn % ROUNDS_PER_LOOK == 0:
                self._look(worth)
                if turn % (ROUNDS_PER_LOOK * LOOKS_PER_CHECK) == 0:
                    self.fractional = max(self.fractional, self._value_of_choice())
                self.is_done = self.bound - self.fractional <= TOLERANCE * self.bound
                is_close = self.bound - value <= gap_target * self.bound or self.bound < value + 1
                if self.is_done or is_close or should_stop():
                    return
            self._step_on(worth)

    def _look(self, worth: Singles) -> None:
        """Evaluate the bound at the present prices."""
        self.market.limit_price = self._limit / self._mean_cost
        height = self.market.clear(worth.astype(np.float64))
        bound = height + sum(float(np.maximum(layer - self.cell, 0).sum(dtype=np.float64)) for layer in self.layers)
        if bound < self.bound:
            self.bound = bound
            self.best = Prices(self.cell, self.market.price, self.market.limit_price)

    def _step_on(self, worth: Singles) -> None:
        """Let the choice follow the prices, then the prices follow where the choice is heading."""
        self.rounds += 1
        problem, payers = self.problem, self.problem.payers
        pull = worth - self._penalty - self._pole[problem.pole] - self._cost * np.float32(self._idr)
        if payers.n_limits:
            way_price = payers.way_price(self._limit).astype(np.float32)[problem.payer].T
            pull = pull - self._cost * np.minimum(way_price, np.float32(1e15))
        choice: Singles = np.clip(self.choice + self._step * pull, 0, 1).astype(np.float32, copy=False)
        ahead = 2 * choice - self.choice
        self.choice = choice
        whole = ahead.sum(axis=0)
        low = self.cell - self._cell_step * (self._seen_by @ whole)
        cell = low
        for depth, layer in enumerate(
            self.layers, 1
        ):  # the step back that fits the views that are still worth something
            cell = np.maximum(cell, np.minimum(layer, low + depth * self._cell_step))
        self.cell = np.clip(cell, 0, self.ceiling)
        spend = self._cost @ whole
        self._idr = max(0.0, self._idr + self._idr_step * (float(spend) - self._left))
        if payers.n_limits:
            self._limit = np.maximum(0, self._limit + self._limit_step * (self._load(ahead) - self._left_of))
        crowd = np.bincount(problem.pole, whole, len(self._room)).astype(np.float32)
        self._pole = np.maximum(0, self._pole + self._pole_step * (crowd - self._room))

    def _load(self, choice: Singles) -> Floats:
        """Give what a fractional choice takes of each limit."""
        problem, payers = self.problem, self.problem.payers
        spend = [np.bincount(problem.payer, self._cost * part, len(payers.uses)) for part in choice]
        return np.einsum("wg,gwl->l", np.array(spend), payers.uses)

    def _value_of_choice(self) -> float:
        """Cut the fractional choice down until it keeps all limits, and give what it sees."""
        problem, payers = self.problem, self.problem.payers
        choice = self.choice
        if payers.n_limits:
            share = np.minimum(self._left_of / np.maximum(self._load(choice), 1e-9), 1.0)
            shares = np.where(payers.uses, share, 1.0).min(axis=2)
            choice = choice * shares[problem.payer].T.astype(np.float32)
        whole = choice.sum(axis=0)
        crowd = np.bincount(problem.pole, whole, len(self._room)) / self._room
        whole = np.minimum(whole / np.maximum(crowd, 1)[problem.pole], 1)
        whole *= min(1.0, self._left / max(float(self._cost @ whole), 1e-9))
        views = self._seen_by @ whole.astype(np.float32)
        seen = sum(
            float((layer * np.clip(views - depth, 0, 1)).sum(dtype=np.float64))
            for depth, layer in enumerate(self.layers)
        )
        return seen - float(self._penalty @ whole)


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

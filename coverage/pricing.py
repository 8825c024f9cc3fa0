"""Prices that certify a bound for all candidates, found mostly in a small part of the problem."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from coverage.bounds import exact_cut
from coverage.bundles import bundle
from coverage.greedy import Picks, greedy
from coverage.kernel import Kernel, kernel_of
from coverage.market import Market
from coverage.money import Cut, Money
from coverage.packed_rows import Bools, Ints, Singles
from coverage.presolve import Reduced
from coverage.prices import Prices, PriceSearch, start_prices

Floats = NDArray[np.float64]
Stop = Callable[[], bool]

SMALL = 3_000  # with no more candidates the whole problem is the kernel
FIRST_PER_PICK, NEXT_PER_PICK = 16, 2  # promising candidates per chosen one
LEAST_KERNEL = 1_500
BUNDLE_ROUNDS, ROUNDS = 150, 100
MOST_TURNS = 16
STALLED = 4e-4  # a turn that lowers the bound by less than this share is the last one
GUIDES = (0.003, 0.01, 0.03, 0.1, 0.3)


@dataclass(frozen=True, eq=False)
class Priced:
    """Prices for the whole problem, and what was learnt on the way.

    Attributes
    ----------
    prices : Prices
        Best prices found.
    cut : Cut or None
        Certified plane; None if the numbers are too large for one.
    lowering : ndarray of int64, shape (n,)
        How far the plane falls at least if a candidate had to be chosen.
    picks : Picks
        Best choice found by greedy guided by the prices, in the whole problem's numbers.
    rounds : int
        Rounds of the price search.
    """

    prices: Prices
    cut: Cut | None
    lowering: Ints
    picks: Picks
    rounds: int


def can_matter(problem: Reduced, money: Money, priced: Priced, value: int) -> Bools:
    """Mark the candidates that can be part of a choice of at least a value.

    Parameters
    ----------
    problem : Reduced
        Candidates and cells.
    money : Money
        What may be spent.
    priced : Priced
        Prices for it.
    value : int
        Weight.

    Returns
    -------
    ndarray of bool, shape (n,)
        False where having to choose the candidate would bring the bound below the value.
    """
    rest = np.iinfo(np.int64).max if priced.cut is None else priced.cut.at(money) - value
    return money.thinkable(problem) & (priced.lowering <= rest)


def promising(problem: Reduced, money: Money, priced: Priced, value: int, most: int) -> Kernel:
    """Keep the candidates that can be part of a choice of at least a value, at most so many.

    Parameters
    ----------
    problem : Reduced
        Candidates and cells.
    money : Money
        What may be spent.
    priced : Priced
        Prices for it.
    value : int
        Weight.
    most : int
        How many candidates at the most, those of the known choice of ``priced`` apart.

    Returns
    -------
    Kernel
        Nothing better is lost unless ``most`` cut it off.
    """
    keep = can_matter(problem, money, priced, value)
    if keep.sum() > most:
        keep &= priced.lowering <= np.partition(priced.lowering[keep], most)[most]
    keep[list(priced.picks.rows)] = True
    return kernel_of(problem, keep)


class Pricing:
    """The search for prices over bundles, then over a growing kernel.

    Parameters
    ----------
    problem : Reduced
        Candidates and cells.
    money : Money
        At which the bound is to be low.
    usable : ndarray of bool, shape (n,)
        Candidates that can be paid at all; the plane holds for all money that pays no others.
    picks : Picks
        Known choice.
    should_stop : callable
        Asked once a round.
    """

    def __init__(self, problem: Reduced, money: Money, usable: Bools, picks: Picks, should_stop: Stop) -> None:
        self.problem, self.money, self.usable, self.should_stop = problem, money, usable, should_stop
        self.picks = picks
        self.market = Market(problem, money, usable)
        self.weight = problem.weight.astype(np.float32)
        self.latest = Prices(start_prices(problem, picks.array), 0.0, np.zeros(len(money.limit_idr)))
        self.best, self.bound = self.latest, float(np.inf)
        self.keep = np.zeros(problem.n_candidates, np.bool_)
        self.keep[picks.array] = True
        self.rounds = 0
        self.choice: Singles = np.zeros((problem.payers.n_ways, problem.n_candidates), np.float32)

    @property
    def mean_choice(self) -> Floats:
        """How much of each candidate the fractional choice has, shape (n,)."""
        return self.choice.sum(axis=0).astype(np.float64)

    def run(self, gap_target: float, start: Singles | None = None) -> None:
        """Improve the prices until the gap is small or nothing more is gained.

        Parameters
        ----------
        gap_target : float
            Stop once (bound - value) / bound is no larger.
        start : ndarray of float32, shape (m,), optional
            Prices to start from, if good ones are known.
        """
        problem = self.problem
        if start is not None:
            self.latest = Prices(np.minimum(start, self.weight), 0.0, self.latest.limit_idr)
        if problem.n_candidates <= SMALL:
            self.keep[:] = True
        elif start is None:
            self._bundle_turn()
        slack = self._evaluate()
        if self._is_close(gap_target):
            return
        grow = max(FIRST_PER_PICK * len(self.picks.rows), LEAST_KERNEL)
        search: PriceSearch | None = None
        kernel = Kernel(problem, np.empty(0, np.int64), np.empty(0, np.int64))
        for _ in range(MOST_TURNS):
            if search is None or grow:
                self._grow(slack, grow)
                kernel = kernel_of(problem, self.keep)
                search = self._search_in(kernel)
            before = search.bound
            slack = self._kernel_turn(kernel, search, gap_target)
            if self._is_close(gap_target) or self.should_stop():
                return
            n_violated = int(((slack <= 0) & ~self.keep).sum())
            grow = NEXT_PER_PICK * len(self.picks.rows) + 2 * n_violated if n_violated else 0
            if not n_violated and (search.is_done or search.bound > before * (1 - STALLED)):
                return

    def _is_close(self, gap_target: float) -> bool:
        return self.bound - self.picks.value <= gap_target * self.bound

    def _grow(self, slack: Floats, count: int) -> None:
        """Take the most promising candidates that it does not have yet into the kernel."""
        missing = np.flatnonzero(~self.keep)
        count = min(count, len(missing))
        if count:
            self.keep[missing[np.argpartition(slack[missing], count - 1)[:count]]] = True

    def _bundle_turn(self) -> None:
        bundled, group = bundle(self.problem)
        cell = np.bincount(group, self.latest.cell, bundled.n_cells).astype(np.float32)
        search = PriceSearch(bundled, self.money, self.usable, replace(self.latest, cell=cell))
        search.run(self.picks.value, 0.0, BUNDLE_ROUNDS, self.should_stop)
        self.rounds += search.rounds
        self.choice = search.choice
        self.latest = replace(
            search.best, cell=(self.weight * (search.best.cell / search.ceiling)[group]).astype(np.float32)
        )

    def _search_in(self, kernel: Kernel) -> PriceSearch:
        """Start a search for prices in a kernel from the present ones."""
        part, has = kernel.problem, kernel.group >= 0
        cell = np.bincount(kernel.group[has], self.latest.cell[has], part.n_cells).astype(np.float32)
        start = replace(self.latest, cell=cell)
        return PriceSearch(part, self.money, self.usable[kernel.rows], start, self.choice[:, kernel.rows])

    def _kernel_turn(self, kernel: Kernel, search: PriceSearch, gap_target: float) -> Floats:
        """Search on, lift the prices to the whole problem, and give what each candidate lacks there."""
        before = search.rounds
        search.run(self.picks.value, gap_target / 2, ROUNDS, self.should_stop)
        self.rounds += search.rounds - before
        self.choice[:] = 0
        self.choice[:, kernel.rows] = search.choice
        self._try_guides(kernel, search.mean_choice)
        has = kernel.group >= 0
        ratio = search.best.cell / np.maximum(search.ceiling, 1)
        cell = self.weight.copy()  # what no candidate of the kernel sees is worth its full weight
        cell[has] = (self.weight[has] * ratio[kernel.group[has]]).astype(np.float32)
        self.latest = replace(search.best, cell=cell)
        return self._evaluate()

    def _try_guides(self, kernel: Kernel, mean_choice: Floats) -> None:
        """Run the greedy with a lean towards what the price search chose on average."""
        part = kernel.problem
        for guide in GUIDES:
            found = greedy(part, self.money, effort=part.cost_idr / (guide + mean_choice))
            if (found.value, -found.spend_idr) > (self.picks.value, -self.picks.spend_idr):
                rows = tuple(kernel.rows[list(found.rows)].tolist())
                self.picks = Picks(rows, found.gains, found.spend_idr)

    def _evaluate(self) -> Floats:
        """Evaluate the bound for all candidates; give how far each is below the best of its pole."""
        problem, cell = self.problem, self.latest.cell
        worth = (problem.matrix @ cell).astype(np.float64)
        self.market.price, self.market.limit_price = self.latest.idr, self.latest.limit_idr
        bound = self.market.clear(worth)
        bound += sum(float(np.maximum(layer - cell, 0).sum(dtype=np.float64)) for layer in problem.layers)
        if bound < self.bound:
            self.bound = bound
            self.best = Prices(cell, self.market.price, self.market.limit_price)
        surplus = self.market.net_worth(worth) - self.market.price * self.market.cost
        highest = np.maximum.reduceat(surplus, problem.first_of_pole)
        return np.maximum(highest, 0.0)[problem.pole] - surplus

    def result(self) -> Priced:
        """Certify the best prices.

        Returns
        -------
        Priced
            With the plane in whole numbers.
        """
        found = exact_cut(self.problem, self.usable, self.best)
        cut, lowering = (None, np.zeros(self.problem.n_candidates, np.int64)) if found is None else found
        return Priced(self.best, cut, lowering, self.picks, self.rounds)

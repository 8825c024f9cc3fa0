"""Many searches instead of one: fresh starts, and starts that two good choices have in common."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from coverage.greedy import Picks, greedy
from coverage.money import Money
from coverage.packed_rows import Ints
from coverage.presolve import Reduced
from coverage.search import Found, RuinRecreate

Floats = NDArray[np.float64]

LEAST_MOVES, MOVES_PER_CHOSEN = 1_500, 80
N_ELITE = 6
HEATS = (0.002, 0.008, 0.03)  # losses taken at first, as shares of what one chosen candidate is worth on average
FRESH_SHARE = 0.25
GUIDES = (0.01, 0.03, 0.1, 0.3)
LIKING = 4.0


class EliteSearch:
    """Good choices, and the searches that make better ones of them.

    Parameters
    ----------
    problem : Reduced
        Candidates and cells, best a kernel.
    money : Money
        What may be spent.
    mean_choice : ndarray of float64, shape (n,)
        How often the search for prices chose each candidate.
    seed : int
        Same seed, same moves.
    """

    def __init__(self, problem: Reduced, money: Money, mean_choice: Floats, seed: int) -> None:
        self.problem, self.money, self.mean_choice = problem, money, mean_choice
        self.random = np.random.default_rng(seed)
        self.search = RuinRecreate(problem, money, seed)
        self.elite: list[Found] = []
        self.moves = 0

    @property
    def best(self) -> Found:
        """Best choice so far."""
        return self.elite[0]

    def run(
        self, start: Ints, *, progress: Callable[[int], float], target: float, report: Callable[[Found], None]
    ) -> Found:
        """Search until the progress is 1 or the target is reached.

        Parameters
        ----------
        start : ndarray of int64
            Known choice.
        progress : callable
            Given the number of moves so far, tells how far the whole search is, 0 to 1.
        target : float
            Stop when this value is reached.
        report : callable
            Given each better choice.

        Returns
        -------
        Found
            Best choice met.
        """
        cost = self.problem.cost_idr
        known = Found(np.sort(start), self.problem.value_of(start), int(cost[start].sum()))
        if not self.elite or known.beats(self.best):
            self.elite.insert(0, known)
        while progress(self.moves) < 1 and self.best.value < target:
            length = max(LEAST_MOVES, MOVES_PER_CHOSEN * len(self.best.rows))
            first = self.moves

            def share(moves: int, first: int = first, length: int = length) -> float:
                return 1.0 if progress(first + moves) >= 1 else moves / length

            heat = HEATS[int(self.random.integers(len(HEATS)))] / max(len(self.best.rows), 1)
            found = self.search.run(self._next_start(), heat=heat, progress=share, target=target)
            self.moves += max(found.moves, 1)
            if self._welcome(found):
                report(found)
        return self.best

    def _next_start(self) -> Ints:
        draw = self.random.random()
        if self.moves == 0 or (len(self.elite) > 1 and draw < FRESH_SHARE):
            return self.best.rows
        if len(self.elite) < N_ELITE or draw < 2 * FRESH_SHARE:
            return self._fresh()
        one, other = self.random.choice(len(self.elite), 2, replace=False)
        return self._between(self.elite[one].rows, self.elite[other].rows)

    def _fresh(self) -> Ints:
        """Make a choice that leans towards what the search for prices chose."""
        guide = GUIDES[int(self.random.integers(len(GUIDES)))]
        noise = np.exp(0.3 * self.random.standard_normal(len(self.mean_choice)))
        return greedy(
            self.problem, self.money, effort=self.problem.cost_idr / ((guide + self.mean_choice) * noise)
        ).array

    def _between(self, one: Ints, other: Ints) -> Ints:
        """Keep what two choices have in common, and prefer what either has."""
        common = np.intersect1d(one, other)
        liking = np.ones(self.problem.n_candidates)
        liking[one] = liking[other] = LIKING
        liking[common] = LIKING**4
        noise = np.exp(0.2 * self.random.standard_normal(len(liking)))
        picks: Picks = greedy(self.problem, self.money, effort=self.problem.cost_idr / (liking * noise))
        return picks.array

    def _welcome(self, found: Found) -> bool:
        """Take a choice among the elite, if it is good and new; tell whether it is the best."""
        found.rows = np.sort(found.rows)
        is_best = found.beats(self.best)
        if any(np.array_equal(found.rows, known.rows) for known in self.elite):
            return False
        self.elite.append(found)
        self.elite.sort(key=lambda known: (-known.value, known.spend_idr))
        del self.elite[N_ELITE:]
        return is_best

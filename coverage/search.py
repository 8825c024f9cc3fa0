"""Ruin and recreate: take a few neighbouring cameras away, choose anew for the money, keep what is better."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from coverage.money import Money
from coverage.packed_rows import Ints
from coverage.placement import Neighbourhoods, Placement
from coverage.presolve import Reduced

Floats = NDArray[np.float64]

MOST_REMOVED = 6
COST_EXPONENTS = (0.0, 0.5, 0.8, 1.0, 1.2)
NOISES = (0.0, 0.02, 0.05, 0.1, 0.15)
N_BANK = 8


@dataclass
class Found:
    """Best choice of a search.

    Attributes
    ----------
    rows : ndarray of int64
        Candidates.
    value : int
        What they see.
    spend_idr : int
        Their cost [Rp].
    moves : int
        Moves that were tried.
    """

    rows: Ints
    value: int
    spend_idr: int
    moves: int = field(default=0)

    def beats(self, other: "Found") -> bool:
        """Tell whether this one sees more, or as much for less money.

        Parameters
        ----------
        other : Found
            Another choice.

        Returns
        -------
        bool
            Whether it is better.
        """
        return (self.value, -self.spend_idr) > (other.value, -other.spend_idr)


class RuinRecreate:
    """The search; one instance may be run several times.

    Parameters
    ----------
    problem : Reduced
        Candidates and cells, best a kernel.
    money : Money
        What may be spent.
    seed : int
        Same seed, same moves.
    """

    def __init__(self, problem: Reduced, money: Money, seed: int) -> None:
        self.problem, self.money = problem, money
        self.neighbourhoods = Neighbourhoods(problem)
        self.random = np.random.default_rng(seed)
        overlap = problem.matrix @ problem.matrix.T
        self._near = csr_array(overlap)
        self._related: dict[int, NDArray[np.float32]] = {}
        cost = problem.cost_idr.astype(np.float64)
        cost /= cost.mean()
        self._appeal = [
            np.maximum(1 + noise * self.random.standard_normal(len(cost)), 0.01) / cost**power
            for power in COST_EXPONENTS
            for noise in NOISES
            for _ in range(N_BANK)
        ]

    def related(self, row: int) -> NDArray[np.float32]:
        """Tell how much each candidate has to do with one: shared cells, and shared neighbours.

        Parameters
        ----------
        row : int
            Candidate.

        Returns
        -------
        ndarray of float32, shape (n,)
            0 for those that have nothing to do with it.
        """
        found = self._related.get(row)
        if found is None:
            mine = self._near[[row]]
            found = (mine @ self._near).toarray()[0] * np.float32(0.05) + mine.toarray()[0]
            self._related[row] = found
        return found

    def run(self, start: Ints, *, heat: float, progress: Callable[[int], float], target: float = np.inf) -> Found:
        """Search from a choice until the progress is 1.

        Parameters
        ----------
        start : ndarray of int64
            Choice to start from.
        heat : float
            Losses of this share of the value are taken at first; the readiness falls to none.
        progress : callable
            Given the number of moves so far, tells how far the run is, 0 to 1.
        target : float
            Stop when this value is reached.

        Returns
        -------
        Found
            Best choice met.
        """
        state = Placement(self.neighbourhoods, self.money, start)
        state.fill(self._appeal[3 * len(NOISES) * N_BANK])
        best = Found(np.array(state.chosen, np.int64), round(state.value), state.spend_idr)
        current, moves = state.value, 0
        random = self.random
        while state.chosen and (share := progress(moves)) < 1 and best.value < target:
            moves += 1
            saved = state.snapshot()
            self._move(state)
            readiness = heat * best.value * (1 - share) * random.exponential() if heat else 0.0
            if state.value >= current - readiness:
                current = state.value
                met = Found(np.empty(0, np.int64), round(current), state.spend_idr)
                if met.beats(best):
                    best = Found(np.array(state.chosen, np.int64), met.value, met.spend_idr)
            else:
                state.restore(saved)
        best.moves = moves
        return best

    def _move(self, state: Placement) -> None:
        random = self.random
        rows = np.array(state.chosen)
        centre = int(rows[int(random.random() * len(rows))])
        n_out = 1 + int(random.random() * MOST_REMOVED)
        closeness = self.related(centre)[rows] * (0.6 + 0.8 * random.random(len(rows), np.float32))
        out = rows[np.argpartition(-closeness, n_out - 1)[:n_out]] if n_out < len(rows) else rows
        for row in out.tolist():
            state.remove(row)
        state.fill(self._appeal[int(random.random() * len(self._appeal))])

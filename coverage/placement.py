"""A choice of candidates that can be changed back and forth, with the exact gain of every candidate at every moment."""

import numpy as np
from numpy.typing import NDArray

from coverage.money import Money
from coverage.packed_rows import Bools, Ints, concatenate_rows, gathered_sums
from coverage.presolve import Reduced

Floats = NDArray[np.float64]
Local = tuple[Ints, NDArray[np.floating], Floats, Ints]

Saved = tuple[Floats, Ints, list[int], float, list[int], dict[int, int]]

EXACT_IN_SINGLE = 2**24  # whole numbers up to here are exact in single precision
MOST_LOCAL_ENTRIES = 60_000_000


class Neighbourhoods:
    """Around each candidate, a small dense matrix that tells which of its neighbours see which of its cells.

    Parameters
    ----------
    problem : Reduced
        Candidates and cells.

    Notes
    -----
    One product with it brings all gains up to date. The matrices are made when they are first needed, and kept.
    """

    def __init__(self, problem: Reduced) -> None:
        self.problem = problem
        self.single = int(problem.layers.sum()) < EXACT_IN_SINGLE
        self.worth: Floats = (gathered_sums(problem.weight, problem.indptr, problem.indices) - problem.penalty).astype(
            np.float64
        )
        self._locals: dict[int, Local] = {}
        self._n_entries = 0
        self._number = np.empty(problem.n_candidates, np.int64)
        self._layers = np.concatenate([problem.layers, np.zeros((1, problem.n_cells), np.int64)]).astype(np.float64)

    def local(self, row: int) -> Local:
        """Give what has to do with a candidate; made once.

        Parameters
        ----------
        row : int
            Candidate.

        Returns
        -------
        tuple
            Its cells, which neighbour sees which of them, their weights view by view, and the neighbours.
        """
        found = self._locals.get(row)
        if found is None:
            if self._n_entries > MOST_LOCAL_ENTRIES:
                self._locals.clear()
                self._n_entries = 0
            cells = self.problem.cells_of(row).astype(np.int64)
            viewers, length = concatenate_rows(*self.problem.seen_by, cells)
            near = np.unique(viewers).astype(np.int64)
            self._number[near] = np.arange(len(near))
            sees = np.zeros((len(cells), len(near)), np.float32 if self.single else np.float64)
            sees[np.repeat(np.arange(len(cells)), length), self._number[viewers]] = 1
            found = (cells, sees, self._layers[:, cells], near)
            self._locals[row] = found
            self._n_entries += sees.size
        return found


class Placement:
    """A choice and what follows from it.

    Parameters
    ----------
    near : Neighbourhoods
        Candidates and cells, and what they have to do with each other.
    money : Money
        What may be spent.
    rows : ndarray of int64
        Candidates chosen at the start; they must be affordable.
    """

    def __init__(self, near: "Neighbourhoods", money: Money, rows: Ints) -> None:
        problem = near.problem
        self.problem, self.money = problem, money
        self._near = near
        self._single = near.single
        self._cost = problem.cost_idr.tolist()
        self._penalty = problem.penalty.tolist()
        self._pole = problem.pole.tolist()
        self._payer = problem.payer.tolist()
        self._span = np.append(problem.first_of_pole, problem.n_candidates).tolist()
        self.views = np.zeros(problem.n_cells, np.int64)
        self.gain: Floats = near.worth.copy()
        self.open: Bools = np.ones(problem.n_candidates, np.bool_)
        self.room = problem.pole_limit.tolist()
        self.chosen: list[int] = []
        self.value = 0.0
        self.left_idr = money.total_idr
        self.left_limit = list(money.limit_idr)
        self.way: dict[int, int] = {}
        for row in (
            rows[np.argsort(-problem.cost_idr[rows], kind="stable")].tolist() if self.left_limit else rows.tolist()
        ):
            if not self.left_limit or self.affordable()[row]:  # in another order, the ways to pay may not suffice
                self.add(row)

    def add(self, row: int) -> None:
        """Choose a candidate.

        Parameters
        ----------
        row : int
            Candidate that is not chosen.
        """
        cells, sees, layers, near = self._near.local(row)
        views = self.views[cells]
        lost = self._weights(layers, views)
        self.value += float(self.gain[row])
        self.gain[near] -= lost @ sees
        self.views[cells] = views + 1
        self.chosen.append(row)
        self._account(row, -1)

    def remove(self, row: int) -> None:
        """Take a chosen candidate away again.

        Parameters
        ----------
        row : int
            Candidate that is chosen.
        """
        cells, sees, layers, near = self._near.local(row)
        views = self.views[cells] - 1
        won = self._weights(layers, views)
        self.gain[near] += won @ sees
        self.views[cells] = views
        self.value -= float(self.gain[row])
        self.chosen.remove(row)
        self._account(row, 1)

    def _weights(self, layers: Floats, views: Ints) -> Floats | NDArray[np.float32]:
        """Give what one more view of some cells is worth."""
        if len(layers) == 2:  # noqa: PLR2004 - one view and the layer of zeros
            weights = layers[0] * (views == 0)
        else:
            weights = layers[np.minimum(views, len(layers) - 1), np.arange(len(views))]
        return weights.astype(np.float32) if self._single else weights

    def _account(self, row: int, sign: int) -> None:
        pole = self._pole[row]
        self.left_idr += sign * self._cost[row]
        if self.left_limit:
            self._charge(row, sign)
        had_room = self.room[pole] > 0
        self.room[pole] += sign
        if had_room != (self.room[pole] > 0):
            self.open[self._span[pole] : self._span[pole + 1]] = self.room[pole] > 0
        self.open[row] = sign > 0 and self.room[pole] > 0

    def _charge(self, row: int, sign: int) -> None:
        payers, payer = self.problem.payers, self._payer[row]
        way = self.way.pop(row) if sign > 0 else payers.way(payer, self.left_limit)
        if sign < 0:
            self.way[row] = way
        for limit in payers.limits_of[payer][way]:
            self.left_limit[limit] += sign * self._cost[row]

    def affordable(self) -> Bools:
        """Mark the candidates that can still be chosen.

        Returns
        -------
        ndarray of bool, shape (n,)
            Whether pole, limits and total have room for each.
        """
        fits = self.open & (self.problem.cost_idr <= self.left_idr)
        if self.left_limit:
            fits &= self.problem.cost_idr <= self.problem.payers.room(self.left_limit)[self.problem.payer]
        return fits

    def fill(self, appeal: Floats) -> None:
        """Choose the affordable candidate with the most gain times appeal until none is left.

        Parameters
        ----------
        appeal : ndarray of float64, shape (n,)
            What each unit of gain is worth, by candidate.
        """
        fits = self.affordable()
        while True:
            score = self.gain * appeal
            score *= fits
            row = int(score.argmax())
            if score[row] <= 0:
                return
            self.add(row)
            fits &= self.affordable()

    def snapshot(self) -> Saved:
        """Remember the choice, to come back to it.

        Returns
        -------
        tuple
            For :meth:`restore`.
        """
        return (
            self.gain.copy(),
            self.views.copy(),
            self.chosen.copy(),
            self.value,
            self.left_limit.copy(),
            self.way.copy(),
        )

    def restore(self, saved: Saved) -> None:
        """Come back to a remembered choice.

        Parameters
        ----------
        saved : tuple
            From :meth:`snapshot`.
        """
        gain, views, chosen, value, left_limit, way = saved
        for row in set(self.chosen) - set(chosen):
            self._account(row, 1)
        for row in set(chosen) - set(self.chosen):
            self._account(row, -1)
        self.gain, self.views, self.chosen, self.value = gain.copy(), views.copy(), chosen.copy(), value
        self.left_limit, self.way = left_limit.copy(), way.copy()
        self.open[chosen] = False

    @property
    def spend_idr(self) -> int:
        """Cost of the choice [Rp]."""
        return self.money.total_idr - self.left_idr

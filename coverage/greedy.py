"""Greedy choice of candidates with the exact gain of every candidate at every step."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from coverage.presolve import Ints, Reduced, concatenate_rows, row_sums

Rule = Literal["ratio", "gain"]


class Gains:
    """Weight that each candidate would add now; kept exact while candidates are taken.

    Parameters
    ----------
    problem : Reduced
        Candidates and cells.
    start : Gains, optional
        State to copy instead of counting from nothing.
    """

    def __init__(self, problem: Reduced, start: "Gains | None" = None) -> None:
        self._problem = problem
        if start is None:
            self.left: Ints = problem.weight.copy()
            self.gain: Ints = row_sums(self.left[problem.indices], problem.indptr)
        else:
            self.left = start.left.copy()
            self.gain = start.gain.copy()

    def take(self, row: int) -> int:
        """Take a candidate and bring all gains up to date.

        Parameters
        ----------
        row : int
            Candidate.

        Returns
        -------
        int
            Weight that it added.

        Notes
        -----
        Each cell is cleared once, so all updates together cost one pass over the cover matrix.
        """
        added = int(self.gain[row])
        cells = self._problem.cells_of(row)
        cells = cells[self.left[cells] > 0]
        viewers, n_viewers = concatenate_rows(*self._problem.seen_by, cells)
        lost = np.repeat(self.left[cells], n_viewers)
        # sums stay far below 2**53, so the floats of bincount are exact
        self.gain -= np.bincount(viewers, lost, self._problem.n_candidates).astype(np.int64)
        self.left[cells] = 0
        return added


@dataclass(frozen=True)
class Picks:
    """Candidates in the order they were taken.

    Attributes
    ----------
    rows : tuple of int
        Candidates, numbered as in the reduced problem.
    gains : tuple of int
        Weight that each added when it was taken.
    spend_idr : int
        Cost of all of them [Rp].
    """

    rows: tuple[int, ...]
    gains: tuple[int, ...]
    spend_idr: int

    @property
    def value(self) -> int:
        """Weight of all cells that they see."""
        return sum(self.gains)


def greedy(
    problem: Reduced,
    budget_idr: int,
    *,
    rule: Rule = "ratio",
    first: int | None = None,
    among: NDArray[np.bool_] | None = None,
    start: Gains | None = None,
) -> Picks:
    """Take the best affordable candidate again and again, at most one per pole.

    Parameters
    ----------
    problem : Reduced
        Candidates and cells.
    budget_idr : int
        Money [Rp].
    rule : {"ratio", "gain"}
        Best by weight per Rupiah, or by weight alone.
    first : int, optional
        Candidate to take before all others; must be affordable.
    among : ndarray of bool, shape (n,), optional
        Candidates that may be taken; all by default.
    start : Gains, optional
        Gains before anything is taken, if they are known already.

    Returns
    -------
    Picks
        Ties go to the first in canonical order.

    Notes
    -----
    By ratio, more money never lowers the value: where two budgets first part, the larger one takes a candidate that the
    smaller one cannot pay, and the smaller one can afterwards only spend less than that at no better ratio.
    """
    gains = Gains(problem, start)
    cost = problem.cost_idr
    divisor = cost.astype(np.float64) if rule == "ratio" else np.ones(len(cost))
    may = np.ones(problem.n_candidates, np.bool_) if among is None else among.copy()
    left = budget_idr
    rows: list[int] = []
    added: list[int] = []
    while True:
        may &= cost <= left
        if first is not None and not rows:
            best = first
        else:
            score = np.where(may, gains.gain / divisor, 0.0)
            best = int(score.argmax()) if len(score) else 0
            if not len(score) or score[best] <= 0:
                return Picks(tuple(rows), tuple(added), budget_idr - left)
        rows.append(best)
        added.append(gains.take(best))
        left -= int(cost[best])
        may[problem.pole == problem.pole[best]] = False


def best_single(problem: Reduced, budget_idr: int, start: Gains) -> Picks:
    """Take the one affordable candidate that sees the most weight.

    Parameters
    ----------
    problem : Reduced
        Candidates and cells.
    budget_idr : int
        Money [Rp].
    start : Gains
        Gains before anything is taken.

    Returns
    -------
    Picks
        One candidate; none if nothing can be paid.
    """
    gain = np.where(problem.cost_idr <= budget_idr, start.gain, 0)
    if not gain.any():
        return Picks((), (), 0)
    row = int(gain.argmax())
    return Picks((row,), (int(gain[row]),), int(problem.cost_idr[row]))


def greedy_with_starts(problem: Reduced, budget_idr: int, *, n_classes: int, n_best: int) -> Picks:
    """Run the greedy by ratio from nothing and from several first candidates, and keep the best.

    Parameters
    ----------
    problem : Reduced
        Candidates and cells.
    budget_idr : int
        Money [Rp].
    n_classes : int
        First candidates to try: the one with the most weight of each of so many classes of cost.
    n_best : int
        More first candidates to try: so many with the most weight of all.

    Returns
    -------
    Picks
        Most value, then least money; never below the best single candidate.

    Notes
    -----
    The first candidates do not depend on the budget, so more money never lowers the value here either. The better of
    ratio greedy and best single candidate is at least 0.5 (1 - 1/e) of the optimum where poles do not matter [1]_; what
    a plan is really worth is told by its certified bound.

    References
    ----------
    .. [1] Khuller, Moss and Naor (1999), The budgeted maximum coverage problem, doi:10.1016/S0020-0190(99)00031-9.
    """
    start = Gains(problem)
    best = greedy(problem, budget_idr, start=start)
    rivals = [best_single(problem, budget_idr, start)]
    by_cost = np.argsort(problem.cost_idr, kind="stable")
    groups = [group for group in np.array_split(by_cost, n_classes) if len(group)]
    firsts = {int(group[start.gain[group].argmax()]): None for group in groups}
    firsts |= {int(row): None for row in np.argsort(-start.gain, kind="stable")[:n_best]}
    affordable = [row for row in firsts if problem.cost_idr[row] <= budget_idr]
    rivals += [greedy(problem, budget_idr, first=row, start=start) for row in affordable]
    for rival in rivals:
        if (rival.value, -rival.spend_idr) > (best.value, -best.spend_idr):
            best = rival
    return best

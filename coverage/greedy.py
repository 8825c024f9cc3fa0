"""Greedy choice of candidates with the exact gain of every candidate at every step."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coverage.money import Money
from coverage.packed_rows import Bools, Ints, concatenate_rows, gathered_sums
from coverage.presolve import Reduced

Floats = NDArray[np.float64]


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
            self.views: Ints = np.zeros(problem.n_cells, np.int64)
            self.left: Ints = problem.weight.copy()
            self.gain: Ints = gathered_sums(self.left, problem.indptr, problem.indices) - problem.penalty
        else:
            self.views, self.left, self.gain = start.views.copy(), start.left.copy(), start.gain.copy()

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
        Each view of a cell is cleared once, so all updates together cost one pass over the cover matrix per view.
        """
        problem = self._problem
        added = int(self.gain[row])
        cells = problem.cells_of(row).astype(np.int64)
        cells = cells[self.left[cells] > 0]
        self.views[cells] += 1
        rest = next_weights(problem.layers, cells, self.views[cells])
        viewers, n_viewers = concatenate_rows(*problem.seen_by, cells)
        lost = np.repeat(self.left[cells] - rest, n_viewers)
        # sums stay far below 2**53, so the floats of bincount are exact
        self.gain -= np.bincount(viewers, lost, problem.n_candidates).astype(np.int64)
        self.left[cells] = rest
        return added


def next_weights(layers: Ints, cells: Ints | NDArray[np.int32], views: Ints) -> Ints:
    """Give what one more view of each of some cells is worth.

    Parameters
    ----------
    layers : ndarray of int64, shape (k, m)
        Weight of each view of each cell.
    cells : ndarray of int
        Cells.
    views : ndarray of int64
        How often each is seen already.

    Returns
    -------
    ndarray of int64
        Weights; 0 from view k + 1 on.
    """
    depth = len(layers)
    return np.where(views < depth, layers[np.minimum(views, depth - 1), cells], 0)


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

    @property
    def array(self) -> Ints:
        """The candidates as an array."""
        return np.array(self.rows, np.int64)


def greedy(
    problem: Reduced,
    money: Money,
    *,
    effort: Floats | None = None,
    first: int | None = None,
    among: Bools | None = None,
    start: Gains | None = None,
) -> Picks:
    """Take the affordable candidate with the most gain per unit of effort again and again, within the limits of poles.

    Parameters
    ----------
    problem : Reduced
        Candidates and cells.
    money : Money
        What may be spent.
    effort : ndarray of float64, shape (n,), optional
        The cost by default: the most weight per Rupiah first.
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
    With one total, by ratio, more money never lowers the value: where two budgets first part, the larger one takes a
    candidate that the smaller one cannot pay, and the smaller one can afterwards only spend less than that at no better
    ratio.
    """
    gains = Gains(problem, start)
    divisor = problem.cost_idr.astype(np.float64) if effort is None else effort
    may = np.ones(problem.n_candidates, np.bool_) if among is None else among.copy()
    room = problem.pole_limit.copy()
    left = money
    rows: list[int] = []
    added: list[int] = []
    while True:
        may &= left.affordable(problem)
        if first is not None and not rows:
            best = first
        else:
            score = np.where(may, gains.gain / divisor, 0.0)
            best = int(score.argmax()) if len(score) else 0
            if not len(score) or score[best] <= 0:
                return Picks(tuple(rows), tuple(added), money.total_idr - left.total_idr)
        rows.append(best)
        added.append(gains.take(best))
        left = left.after(problem, np.array([best]))
        may[best] = False
        pole = int(problem.pole[best])
        room[pole] -= 1
        if not room[pole]:
            may[problem.first_of_pole[pole] : np.searchsorted(problem.pole, pole, side="right")] = False


def best_single(problem: Reduced, money: Money, start: Gains) -> Picks:
    """Take the one affordable candidate that sees the most weight.

    Parameters
    ----------
    problem : Reduced
        Candidates and cells.
    money : Money
        What may be spent.
    start : Gains
        Gains before anything is taken.

    Returns
    -------
    Picks
        One candidate; none if nothing can be paid.
    """
    gain = np.where(money.affordable(problem), start.gain, 0)
    if not (gain > 0).any():
        return Picks((), (), 0)
    row = int(gain.argmax())
    return Picks((row,), (int(gain[row]),), int(problem.cost_idr[row]))


def best_greedy(problem: Reduced, money: Money, start: Gains) -> Picks:
    """Take the better of the greedy by ratio, the greedy by weight alone and the best single candidate.

    Parameters
    ----------
    problem : Reduced
        Candidates and cells.
    money : Money
        What may be spent.
    start : Gains
        Gains before anything is taken.

    Returns
    -------
    Picks
        Most value, then least money.

    Notes
    -----
    The better of ratio greedy and best single candidate is at least 0.5 (1 - 1/e) of the optimum where poles do not
    matter [1]_; what a plan is really worth is told by its certified bound.

    References
    ----------
    .. [1] Khuller, Moss and Naor (1999), The budgeted maximum coverage problem, doi:10.1016/S0020-0190(99)00031-9.
    """
    ways = (
        greedy(problem, money, start=start),
        greedy(problem, money, effort=np.ones(problem.n_candidates), start=start),
        best_single(problem, money, start),
    )
    return max(ways, key=lambda picks: (picks.value, -picks.spend_idr))

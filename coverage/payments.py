"""Which way to pay each chosen candidate, so that all limits are kept; and as early as the money is there."""

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array, vstack

from coverage.packed_rows import Ints
from coverage.payers import Payers

MOST_SECONDS = 5.0


def ways_to_pay(payer: Ints, cost_idr: Ints, payers: Payers, limit_idr: tuple[int, ...]) -> Ints | None:
    """Find a way to pay each of some candidates.

    Parameters
    ----------
    payer : ndarray of int64, shape (k,)
        Who pays each.
    cost_idr : ndarray of int64, shape (k,)
        Cost of each [Rp].
    payers : Payers
        Ways to pay.
    limit_idr : tuple of int
        Limits [Rp].

    Returns
    -------
    ndarray of int64, shape (k,), or None
        A way for each, found dearest first, or by the solver HiGHS where that does not do; None if there are none.
    """
    left = list(limit_idr)
    ways = np.zeros(len(payer), np.int64)
    for row in np.argsort(-cost_idr, kind="stable").tolist():
        if not payers.ways_of[payer[row]]:
            return None
        ways[row] = payers.way(int(payer[row]), left)
        for limit in payers.limits_of[payer[row]][ways[row]]:
            left[limit] -= int(cost_idr[row])
    if min(left, default=0) >= 0:
        return ways
    return _solved(payer, cost_idr, payers, limit_idr) if payers.n_ways > 1 else None


def as_early_as_possible(
    payer: Ints, cost_idr: Ints, ways: Ints, payers: Payers, limit_idr: tuple[int, ...], year_of_way: list[int]
) -> Ints:
    """Bring payments forward while the limits allow it, the first candidates first.

    Parameters
    ----------
    payer : ndarray of int64, shape (k,)
        Who pays each, best candidates first.
    cost_idr : ndarray of int64, shape (k,)
        Cost of each [Rp].
    ways : ndarray of int64, shape (k,)
        A way for each that keeps all limits.
    payers : Payers
        Ways to pay.
    limit_idr : tuple of int
        Limits [Rp].
    year_of_way : list of int
        Year of each way.

    Returns
    -------
    ndarray of int64, shape (k,)
        Ways that keep all limits. If paying one after the other in the first year that has room leaves one unpaid, the
        given ways are brought forward one by one instead.
    """
    early = ways.copy()
    left = np.array(limit_idr, dtype=object)
    uses = payers.uses[payer]
    for row in range(len(ways)):
        fits = _fitting(payers, int(payer[row]), int(cost_idr[row]), left)
        if not fits:
            break
        early[row] = min(fits, key=lambda way: year_of_way[way])
        left = left - uses[row, early[row]] * int(cost_idr[row])
    else:
        return early
    early = ways.copy()
    left = np.array(limit_idr, dtype=object) - (cost_idr @ uses[np.arange(len(ways)), ways])
    for row in range(len(ways)):
        left = left + uses[row, early[row]] * int(cost_idr[row])
        fits = _fitting(payers, int(payer[row]), int(cost_idr[row]), left)
        early[row] = min(fits, key=lambda way: year_of_way[way])
        left = left - uses[row, early[row]] * int(cost_idr[row])
    return early


def _fitting(payers: Payers, payer: int, cost_idr: int, left: NDArray[np.object_]) -> list[int]:
    limits = payers.limits_of[payer]
    return [way for way in payers.ways_of[payer] if all(left[one] >= cost_idr for one in limits[way])]


def _solved(payer: Ints, cost_idr: Ints, payers: Payers, limit_idr: tuple[int, ...]) -> Ints | None:
    """Let HiGHS deal the candidates out among the ways."""
    n, n_ways = len(payer), payers.n_ways
    row, way = np.divmod(np.arange(n * n_ways), n_ways)
    unit = float(cost_idr.max())
    column, limit = np.nonzero(payers.uses[payer[row], way])
    paid = coo_array((cost_idr[row[column]] / unit, (limit, column)), shape=(payers.n_limits, n * n_ways))
    once = coo_array((np.ones(n * n_ways), (row, np.arange(n * n_ways))), shape=(n, n_ways * n))
    matrix = csr_array(vstack([paid, once])).tocsc()
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = n * n_ways, payers.n_limits + n
    lp.col_cost_ = np.zeros(n * n_ways)
    lp.col_lower_, lp.col_upper_ = np.zeros(n * n_ways), payers.exists[payer[row], way].astype(np.float64)
    lp.row_lower_ = np.concatenate([np.full(payers.n_limits, -np.inf), np.ones(n)])
    lp.row_upper_ = np.concatenate([np.array(limit_idr) / unit, np.ones(n)])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    lp.integrality_ = [highspy.HighsVarType.kInteger] * (n * n_ways)
    solver = highspy.Highs()
    solver.silent()
    for name, value in {"threads": 1, "random_seed": 1, "time_limit": MOST_SECONDS}.items():
        solver.setOptionValue(name, value)
    solver.passModel(lp)
    solver.run()
    if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    ways = np.array(solver.getSolution().col_value).reshape(n, n_ways).argmax(axis=1).astype(np.int64)
    load = cost_idr @ payers.uses[payer, ways]
    return ways if (load <= np.array(limit_idr)).all() else None

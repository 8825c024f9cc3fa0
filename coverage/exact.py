"""Proof of the best choice by the mixed-integer solver HiGHS, for problems that have become small."""

from dataclasses import dataclass
from math import floor as rounded_down

import highspy
import numpy as np
from scipy.sparse import block_array, coo_array, csr_array, eye_array, kron

from coverage.money import Money
from coverage.packed_rows import Ints
from coverage.payments import ways_to_pay
from coverage.presolve import Reduced
from coverage.search import Found

TOLERANCE = 1e-6
MOST_WEIGHT = 2**40


@dataclass(frozen=True)
class Proof:
    """What the solver found out.

    Attributes
    ----------
    found : Found or None
        Best choice it knows; None if none was found in the time.
    bound : int
        No choice sees more.
    is_done : bool
        Whether it finished, so that its choice is the best one.
    """

    found: Found | None
    bound: int
    is_done: bool


def prove(
    problem: Reduced,
    money: Money,
    start: Ints,
    *,
    time_limit_s: float,
    most_nodes: int | None = None,
    floor: tuple[Ints, Ints] | None = None,
) -> Proof:
    """Solve a small problem to proof, or as far as the time reaches.

    Parameters
    ----------
    problem : Reduced
        Candidates and cells, best a kernel.
    money : Money
        What may be spent.
    start : ndarray of int64
        Known choice.
    time_limit_s : float
        Stop after this time [s].
    most_nodes : int, optional
        Stop after so many nodes of the search tree; makes the answer independent of the clock.
    floor : tuple of ndarray of int64, optional
        Weight of each cell that counts for the floors, and the least weight to be seen in each district.

    Returns
    -------
    Proof
        Values recounted in whole numbers; the bound is rounded down only after a millionth of it is added.

    Notes
    -----
    Maximise sum_jl w_jl z_jl - sum_i p_i x_i with sum_l z_jl <= sum of x_i over the candidates that see cell j, the
    money and the limits of the poles; x_i is 0 or 1 and z_jl lies between 0 and 1. One thread, fixed seed.
    """
    model = _model(problem, money, floor)
    solver = highspy.Highs()
    solver.silent()
    options: dict[str, bool | int | float] = {
        "threads": 1, "random_seed": 1, "time_limit": max(time_limit_s, 0.01),
        "mip_rel_gap": 0.0, "mip_abs_gap": 0.999 if not problem.layers.max(initial=0) > MOST_WEIGHT else 0.0,
    }  # fmt: skip
    if most_nodes is not None:
        options["mip_max_nodes"] = most_nodes
    for name, value in options.items():
        solver.setOptionValue(name, value)
    solver.passModel(model)
    solver.setSolution(len(start), start.astype(np.int32), np.ones(len(start)))
    solver.run()
    status = solver.getModelStatus()
    info = solver.getInfo()
    if status == highspy.HighsModelStatus.kInfeasible:
        return Proof(None, -1, is_done=True)
    bound = -float(info.mip_dual_bound)
    whole_bound = (
        rounded_down(bound + TOLERANCE * max(1.0, abs(bound))) if np.isfinite(bound) else int(problem.layers.sum())
    )
    found = None
    if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
        values = np.array(solver.getSolution().col_value[: problem.n_candidates])
        rows = np.flatnonzero(values > 0.5)  # noqa: PLR2004 - x is 0 or 1 up to the tolerance of the solver
        if _can_pay(problem, money, rows):
            found = Found(rows, problem.value_of(rows), int(problem.cost_idr[rows].sum()))
    is_done = status == highspy.HighsModelStatus.kOptimal and found is not None
    return Proof(found, whole_bound, is_done=is_done)


def _can_pay(problem: Reduced, money: Money, rows: Ints) -> bool:
    cost = problem.cost_idr[rows]
    ways = ways_to_pay(problem.payer[rows], cost, problem.payers, money.limit_idr)
    return int(cost.sum()) <= money.total_idr and ways is not None


def _model(problem: Reduced, money: Money, floor: tuple[Ints, Ints] | None) -> highspy.HighsLp:
    """Write the problem down as the solver wants it."""
    n, (k, m) = problem.n_candidates, problem.layers.shape
    seen = csr_array((-np.ones(len(problem.indices)), problem.indices, problem.indptr), shape=(n, m)).T
    views = block_array([[eye_array(m)] * k])
    blocks = [[csr_array(seen), views]]
    upper = [np.zeros(m)]
    poles = coo_array((np.ones(n), (problem.pole, np.arange(n))), shape=(len(problem.pole_limit), n))
    crowded = np.flatnonzero(np.bincount(problem.pole) > problem.pole_limit)
    if len(crowded):
        blocks.append([csr_array(poles)[crowded], None])
        upper.append(problem.pole_limit[crowded].astype(np.float64))
    unit = float(max(problem.cost_idr.max(), 1))
    blocks.append([csr_array(problem.cost_idr[None] / unit), None])
    upper.append(np.array([money.total_idr / unit]))
    payers, n_columns = problem.payers, n + k * m
    has_ways = payers.n_ways > 1
    if payers.n_limits:
        column, limit = np.nonzero(payers.uses[problem.payer].reshape(n * payers.n_ways, -1))
        paid = coo_array(
            (problem.cost_idr[column // payers.n_ways] / unit, (limit, column)),
            shape=(payers.n_limits, n * payers.n_ways),
        )
        blocks.append([None, None, csr_array(paid)] if has_ways else [csr_array(paid), None])
        upper.append(np.array(money.bound_idr) / unit)
    if has_ways:  # a candidate is chosen if it is paid in one of the ways
        one_way = kron(eye_array(n), np.ones((1, payers.n_ways)))
        blocks.append([eye_array(n), None, csr_array(-one_way)])
        upper.append(np.zeros(n))
        n_columns += n * payers.n_ways
    if floor is not None:
        first, least = floor
        counted = coo_array((-first.astype(np.float64), (problem.district, np.arange(m))), shape=(len(least), k * m))
        blocks.append([None, csr_array(counted)])
        upper.append(-least.astype(np.float64))
    if has_ways:
        blocks = [[*row, None] if len(row) == 2 else row for row in blocks]  # noqa: PLR2004 - candidates and views
    matrix = block_array(blocks, format="csc")
    bounds = np.concatenate(upper)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = n_columns, len(bounds)
    ways = payers.exists[problem.payer].ravel() if has_ways else np.empty(0)
    can_be_paid = np.asarray(payers.exists.any(axis=1))[problem.payer]
    lp.col_cost_ = np.concatenate([problem.penalty, -problem.layers.ravel(), 0 * ways]).astype(np.float64)
    lp.col_lower_ = np.zeros(n_columns)
    lp.col_upper_ = np.concatenate([can_be_paid, np.ones(k * m), ways]).astype(np.float64)
    lp.row_lower_, lp.row_upper_ = np.full(len(bounds), -np.inf), bounds
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = matrix.indptr
    lp.a_matrix_.index_ = matrix.indices
    lp.a_matrix_.value_ = matrix.data.astype(np.float64)
    lp.integrality_ = [highspy.HighsVarType.kInteger] * n + [highspy.HighsVarType.kContinuous] * (k * m)
    lp.integrality_ = lp.integrality_ + [highspy.HighsVarType.kInteger] * len(ways)
    return lp

"""What a user could pick instead of our siting engine; a peer that is not installed is named as missing."""

import importlib
import time
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from coverage.exact import prove
from coverage.money import Money
from coverage.presolve import Reduced


@dataclass(frozen=True)
class Result:
    """What a peer gave: seconds, value (None if it has no choice), bound (None if it states none), remark."""

    seconds: float
    value: int | None
    bound: int | None = None
    remark: str = ""


def python_sets(problem: Reduced, budget_idr: int, time_limit_s: float) -> Result:
    """Recompute every gain with sets in every round, as first written by most."""
    started = time.perf_counter()
    cells = [set(problem.cells_of(row).tolist()) for row in range(problem.n_candidates)]
    weight, cost, pole = problem.weight.tolist(), problem.cost_idr.tolist(), problem.pole.tolist()
    seen: set[int] = set()
    used: set[int] = set()
    left, value, picks = budget_idr, 0, 0
    while time.perf_counter() - started < time_limit_s:
        best, best_row, best_gain = 0.0, -1, 0
        for row in range(problem.n_candidates):
            if cost[row] > left or pole[row] in used:
                continue
            gain = sum(weight[cell] for cell in cells[row] - seen)
            if gain / cost[row] > best:
                best, best_row, best_gain = gain / cost[row], row, gain
        if best_row < 0:
            return Result(time.perf_counter() - started, value, remark=f"{picks} picks")
        picks, value, left = picks + 1, value + best_gain, left - cost[best_row]
        used.add(pole[best_row])
        seen |= cells[best_row]
    return Result(time.perf_counter() - started, value, remark=f"stopped after {picks} picks")


def matrix_rounds(problem: Reduced, budget_idr: int) -> Result:
    """One product of scipy's sparse matrix with the weights that are left in every round."""
    matrix: csr_array = problem.matrix.astype(np.float64)
    started = time.perf_counter()
    left_weight = problem.weight.astype(np.float64)
    may, left, value = np.ones(problem.n_candidates, bool), budget_idr, 0
    while True:
        gain = matrix @ left_weight
        score = np.where(may & (problem.cost_idr <= left), gain / problem.cost_idr, 0)
        row = int(score.argmax())
        if score[row] <= 0:
            return Result(time.perf_counter() - started, value)
        value += round(gain[row])
        left -= int(problem.cost_idr[row])
        may[problem.pole == problem.pole[row]] = False
        left_weight[problem.cells_of(row)] = 0


def highs(problem: Reduced, budget_idr: int, time_limit_s: float) -> Result:
    """HiGHS on the whole problem, cells as they are."""
    started = time.perf_counter()
    proof = prove(problem, Money(budget_idr), np.empty(0, np.int64), time_limit_s=time_limit_s)
    value = None if proof.found is None else proof.found.value
    return Result(time.perf_counter() - started, value, proof.bound, "proved" if proof.is_done else "")


def optional(name: str) -> ModuleType | None:
    """Import a peer if it is there."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def cp_sat(problem: Reduced, budget_idr: int, time_limit_s: float) -> Result | None:
    """CP-SAT of OR-Tools, two workers; None if it is missing."""
    module: Any = optional("ortools.sat.python.cp_model")
    if module is None:
        return None
    started = time.perf_counter()
    model = module.CpModel()
    pick = [model.new_bool_var("") for _ in range(problem.n_candidates)]
    seen = [model.new_bool_var("") for _ in range(problem.n_cells)]
    starts, viewers = problem.seen_by
    for cell, var in enumerate(seen):
        model.add_bool_or([pick[row] for row in viewers[starts[cell] : starts[cell + 1]].tolist()] + [var.negated()])
    for rows in np.split(np.arange(problem.n_candidates), problem.first_of_pole[1:]):
        model.add_at_most_one([pick[row] for row in rows.tolist()])
    million = problem.cost_idr // 1_000_000
    model.add(sum(int(c) * x for c, x in zip(million, pick, strict=True)) <= budget_idr // 1_000_000)
    model.maximize(sum(int(w) * x for w, x in zip(problem.weight, seen, strict=True)))
    solver = module.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers = time_limit_s, 2
    status = solver.solve(model)
    has = status in (module.OPTIMAL, module.FEASIBLE)
    value = round(solver.objective_value) if has else None
    return Result(time.perf_counter() - started, value, round(solver.best_objective_bound), solver.status_name(status))


def cbc(problem: Reduced, budget_idr: int, time_limit_s: float) -> Result | None:
    """CBC through PuLP; None if it is missing. Its status is looked at: ``value()`` alone may be that of the LP."""
    pulp: Any = optional("pulp")
    if pulp is None:
        return None
    started = time.perf_counter()
    model = pulp.LpProblem("siting", pulp.LpMaximize)
    pick = [pulp.LpVariable(f"x{row}", cat="Binary") for row in range(problem.n_candidates)]
    seen = [pulp.LpVariable(f"z{cell}", 0, 1) for cell in range(problem.n_cells)]
    model += pulp.lpSum(int(w) * z for w, z in zip(problem.weight, seen, strict=True))
    starts, viewers = problem.seen_by
    for cell, var in enumerate(seen):
        model += var <= pulp.lpSum(pick[row] for row in viewers[starts[cell] : starts[cell + 1]].tolist())
    for rows in np.split(np.arange(problem.n_candidates), problem.first_of_pole[1:]):
        model += pulp.lpSum(pick[row] for row in rows.tolist()) <= 1
    million = (problem.cost_idr // 1_000_000).tolist()
    model += pulp.lpSum(c * x for c, x in zip(million, pick, strict=True)) <= budget_idr // 1_000_000
    model.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=time_limit_s))
    chosen = np.flatnonzero([(x.value() or 0) > 0.5 for x in pick])
    fits = model.sol_status in (1, 2) and int(problem.cost_idr[chosen].sum()) <= budget_idr
    value = problem.value_of(chosen) if fits else None
    return Result(time.perf_counter() - started, value, remark=pulp.LpStatus[model.status])

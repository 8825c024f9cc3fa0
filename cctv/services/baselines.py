"""What simpler ways of choosing points would see for the same money, so that a plan can be judged."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from coverage.siting import SitingProblem

RANDOM_DRAWS = 20


@dataclass(frozen=True)
class Baseline:
    """One simpler way.

    Attributes
    ----------
    name : {"random", "busiest", "greedy"}
        Points drawn by lot (mean of 20 draws), the points that see most taken one after another, or the best per Rupiah
        taken one after another.
    value : int
        Weight that it newly sees.
    """

    name: Literal["random", "busiest", "greedy"]
    value: int


def baselines(problem: SitingProblem, budget_idr: int) -> tuple[Baseline, ...]:
    """Choose by lot, and by what each point sees alone.

    Parameters
    ----------
    problem : SitingProblem
        Candidates, what they see and cost, what it is worth.
    budget_idr : int
        Money [Rp].

    Returns
    -------
    tuple of Baseline
        The draws are seeded: same problem, same values.
    """
    draws = [
        _value(problem, np.random.default_rng(seed).permutation(problem.n_candidates), budget_idr)
        for seed in range(RANDOM_DRAWS)
    ]
    worth = problem.covers @ np.where(problem.open_cell, problem.demand_weight, 0)
    busiest = np.lexsort((np.arange(problem.n_candidates), -worth))
    return (
        Baseline("random", round(sum(draws) / RANDOM_DRAWS)),
        Baseline("busiest", _value(problem, busiest, budget_idr)),
    )


def _value(problem: SitingProblem, order: Iterable[int], budget_idr: int) -> int:
    """Take candidates in order while the money lasts, one per pole."""
    left, value = budget_idr, 0
    used: set[int] = set()
    open_cell = problem.open_cell.copy()
    for row in map(int, order):
        if problem.pole[row] in used or problem.cost_idr[row] > left:
            continue
        cells = problem.cells_of(row)
        new = cells[open_cell[cells]]
        value += int(problem.demand_weight[new].sum())
        open_cell[new] = False
        left -= int(problem.cost_idr[row])
        used.add(int(problem.pole[row]))
        if left < int(problem.cost_idr.min()):
            break
    return value

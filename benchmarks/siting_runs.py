"""Measured runs of the siting engine; what they found, for `benchmarks.siting` and `benchmarks.siting_targets`."""

import time
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.siting_instances import MILLION, ceilings, published, published_choices
from coverage.greedy import Gains, greedy
from coverage.money import Money
from coverage.siting import SitingPlan, SitingProblem, budget_curve, solve

CURVE_POINTS, CURVE_S, SINGLE_S = 20, 3.0, 2.0


@dataclass(frozen=True)
class Run:
    """One plan, and how it came about: seconds after the start."""

    plan: SitingPlan
    greedy_value: int
    bound_at_s: float
    seconds: float
    steps: tuple[tuple[float, int], ...]

    def over_greedy(self, after_bound_s: float | None = None) -> float:
        """How much more than the greedy it sees; some time after the bound was there, or at the end."""
        if after_bound_s is None:
            return self.plan.value / self.greedy_value - 1
        last = self.bound_at_s + after_bound_s
        return max((value for at, value in self.steps if at <= last), default=0) / self.greedy_value - 1


def timed(problem: SitingProblem, budget_idr: int, seconds: float, gap_target: float = 0.0) -> Run:
    """Solve by the clock."""
    reduced = problem.reduced
    base = greedy(reduced, Money(budget_idr)).value
    steps: list[tuple[float, int]] = []
    bound_at: list[float] = []
    started = time.perf_counter()

    def note(stage: str, _share: float, value: int, _bound: int) -> bool:
        steps.append((time.perf_counter() - started, value))
        if stage == "bound":
            bound_at.append(steps[-1][0])
        return True

    plan = solve(problem, budget_idr=budget_idr, time_limit_s=seconds, gap_target=gap_target, report=note)
    return Run(plan, base, (bound_at or [0.0])[0], time.perf_counter() - started, tuple(steps))


def ranking_seconds(problem: SitingProblem, budget_idr: int) -> tuple[float, int]:
    """Time of a greedy ranking from nothing, and how many it picks; the transpose is made before."""
    greedy(problem.reduced, Money(budget_idr), start=Gains(problem.reduced))
    started = time.perf_counter()
    picks = greedy(problem.reduced, Money(budget_idr), start=Gains(problem.reduced))
    return time.perf_counter() - started, len(picks.rows)


@dataclass(frozen=True)
class CurveRun:
    """A budget curve beside single runs."""

    seconds: float
    share_of_single_runs: float
    worst_loss: float
    widest_gap: float
    is_sound: bool
    knee_idr: int


def curve(problem: SitingProblem, most_idr: int) -> CurveRun:
    """Compute a curve, then each of its points alone."""
    budgets = [most_idr * step // CURVE_POINTS for step in range(1, CURVE_POINTS + 1)]
    started = time.perf_counter()
    found = budget_curve(problem, budgets, time_limit_s=CURVE_S, gap_target=0)
    whole = time.perf_counter() - started
    each, losses = 0.0, []
    for budget, value in zip(budgets, found.value.tolist(), strict=True):
        started = time.perf_counter()
        alone = solve(problem, budget_idr=budget, time_limit_s=SINGLE_S, gap_target=0).value
        each += time.perf_counter() - started
        losses.append(1 - value / alone)
    sound = bool((np.diff(found.value) >= 0).all() and (found.value <= found.upper_envelope).all())
    gap = float((1 - found.value / found.upper_envelope).max())
    return CurveRun(whole, whole / each, max(losses), gap, sound, int(found.budget_idr[found.knee]))


@dataclass(frozen=True)
class WarmRun:
    """A plan after one change, beside the one before."""

    change: str
    share_of_cold: float
    gap: float
    cold_gap: float


def warm(problem: SitingProblem, budget_idr: int) -> list[WarmRun]:
    """Change one cost, one weight, one exclusion, and solve from the old plan to the gap of a cold run."""
    cold = solve(problem, budget_idr=budget_idr, time_limit_s=10.0, gap_target=0)
    rng = np.random.default_rng(1)
    cost, weight = problem.cost_idr.copy(), problem.demand_weight.copy()
    cost[int(cold.order[0])] += 5 * MILLION
    weight[int(rng.integers(len(weight)))] += 5
    changes = {
        "cost": {"cost_idr": cost},
        "weight": {"demand_weight": weight},
        "exclusion": {"excluded": (int(cold.order[3]),)},
    }
    runs: list[WarmRun] = []
    for name, change in changes.items():
        changed = replace(problem, **change)
        started = time.perf_counter()
        plan = solve(changed, budget_idr=budget_idr, time_limit_s=10.0, gap_target=cold.gap * 1.1, warm=cold)
        runs.append(WarmRun(name, (time.perf_counter() - started) / cold.elapsed_s, plan.gap, cold.gap))
    return runs


def with_ceilings(problem: SitingProblem, *, carries_over: bool, seconds: float) -> Run:
    """Solve for 18 kelurahan, two agencies and the city, each with money of three years."""
    rich = replace(problem, ceilings=ceilings(problem, carries_over=carries_over))
    total = sum(rich.ceilings[-1].amount_idr)
    return timed(rich, total, seconds)


@dataclass(frozen=True)
class PublishedRun:
    """A published instance: shares by which value and bound are above the best value known."""

    name: str
    points: int
    value: float
    bound: float
    is_proved: bool
    seconds: float


def published_runs(name: str, best: dict[int, int], seconds: float) -> list[PublishedRun] | None:
    """Solve the instances of a name; None if they are absent."""
    problem = published(name)
    if problem is None:
        return None
    runs: list[PublishedRun] = []
    choices = published_choices(name)
    for count, known in best.items():
        if count in choices and problem.demand_weight[_seen(problem, choices[count])].sum() != known:
            raise ValueError(f"{name} p={count}: the published choice does not recount to its value")
        plan = solve(problem, budget_idr=count, time_limit_s=seconds, gap_target=0)
        runs.append(
            PublishedRun(
                name, count, plan.value / known - 1, plan.upper_bound / known - 1, plan.is_proved, plan.elapsed_s
            )
        )
    return runs


def _seen(problem: SitingProblem, rows: list[int]) -> np.ndarray:
    seen = np.zeros(problem.n_cells, bool)
    for row in rows:
        seen[problem.cells_of(row)] = True
    return seen

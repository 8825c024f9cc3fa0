"""The siting engine beside what a user could pick instead: ``python -m benchmarks.siting [size ...]``."""

import importlib.util
import resource
import sys
import time

import numpy as np

from benchmarks import siting_peers as peers
from benchmarks import siting_runs as runs
from benchmarks.siting_instances import BEST_KNOWN, MILLION, SIZES, SJC, city
from coverage.siting import SitingProblem, solve

BUDGETS = {"tiny": (100, 300), "small": (500, 1_000, 2_000), "medium": (500, 1_000, 5_000, 10_000),
           "large": (2_000, 10_000)}  # fmt: skip
TIMES_S = (10.0, 30.0)
PEER_TIME_S = 60.0


def main() -> None:
    """Print one table per size, then the published instances."""
    wanted = sys.argv[1:] or [*SIZES, "published", "sjc"]
    for name in ("ortools", "pulp", "spopt"):
        if importlib.util.find_spec(name) is None:
            print(f"missing peer: {name}")
    for name in wanted:
        if name in SIZES:
            _size(name)
    if "sjc" in wanted:
        _published(SJC, 5.0)
    if "published" in wanted:
        _published(BEST_KNOWN, 10.0)


def _size(name: str) -> None:
    started = time.perf_counter()
    problem = city(name)
    made = time.perf_counter()
    reduced = problem.reduced
    print(
        f"\n{name}: {problem.n_candidates} candidates, {problem.n_cells} cells; {reduced.n_candidates} and "
        f"{reduced.n_cells} left; made in {made - started:.1f} s, reduced in "
        f"{time.perf_counter() - made:.1f} s"
    )
    _ranking(problem, BUDGETS[name][-1] // 2 * MILLION, with_sets=name in ("tiny", "small", "medium"))
    for budget in BUDGETS[name]:
        for seconds in TIMES_S:
            _timed(problem, budget, seconds)
    if name in ("tiny", "small"):
        _peers(problem, BUDGETS[name][0])
    if name in ("small", "medium"):
        _curve(problem, BUDGETS[name][-1])
        _warm(problem, BUDGETS[name][-2])
        _ceilings(problem)
    print(f"  most memory so far {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _ranking(problem: SitingProblem, budget_idr: int, *, with_sets: bool) -> None:
    ours, n_picks = runs.ranking_seconds(problem, budget_idr)
    product = peers.matrix_rounds(problem.reduced, budget_idr)
    print(f"  ranking, {n_picks} picks: ours {ours:.3f} s; scipy product a round {product.seconds / ours:.1f} x ours")
    if with_sets:
        sets = peers.python_sets(problem.reduced, budget_idr, PEER_TIME_S)
        print(f"  python sets {sets.seconds / ours:.0f} x ours, {sets.remark}")


def _timed(problem: SitingProblem, budget: int, seconds: float) -> None:
    run = runs.timed(problem, budget * MILLION, seconds)
    words = ", ".join(f"{s} s after the bound {run.over_greedy(s):+.2%}" for s in (1, 5))
    print(
        f"  {budget} M, {seconds:.0f} s: {run.plan.value} = {run.over_greedy():+.2%} over greedy ({words}); bound at "
        f"{run.bound_at_s:.1f} s; gap {run.plan.gap:.3%}{', proved' if run.plan.is_proved else ''}; {run.plan.moves} "
        f"moves, {run.seconds:.1f} s"
    )


def _peers(problem: SitingProblem, budget: int) -> None:
    ours = solve(problem, budget_idr=budget * MILLION, time_limit_s=2.0, gap_target=0).value
    for name, run in (("HiGHS", peers.highs), ("CP-SAT", peers.cp_sat), ("CBC", peers.cbc)):
        found = run(problem.reduced, budget * MILLION, PEER_TIME_S)
        if found is None:
            print(f"  {name}: missing")
        elif found.value is None:
            print(f"  {name}: {found.seconds:.0f} s, no choice {found.remark}")
        else:
            bound = "" if found.bound is None else f", bound {found.bound}"
            print(
                f"  {name}: {found.seconds:.0f} s, {found.value}{bound} {found.remark}; "
                f"ours after 2 s {ours / found.value:.3f} x"
            )


def _curve(problem: SitingProblem, most: int) -> None:
    run = runs.curve(problem, most * MILLION)
    print(
        f"  curve of {runs.CURVE_POINTS}: {run.seconds:.1f} s = {run.share_of_single_runs:.3f} x of single runs of "
        f"{runs.SINGLE_S:.0f} s; worst loss {run.worst_loss:.2%}, widest gap {run.widest_gap:.2%}, "
        f"knee at {run.knee_idr / MILLION:.0f} M"
    )


def _warm(problem: SitingProblem, budget: int) -> None:
    for run in runs.warm(problem, budget * MILLION):
        print(f"  changed {run.change}: {run.share_of_cold:.3f} x cold, gap {run.gap:.3%} (cold {run.cold_gap:.3%})")


def _ceilings(problem: SitingProblem) -> None:
    for carries_over in (True, False):
        run = runs.with_ceilings(problem, carries_over=carries_over, seconds=15.0)
        years = np.bincount([payment.year for payment in run.plan.payment])
        print(
            f"  21 ceilings of 3 years, {'carried over' if carries_over else 'each year alone'}: {run.plan.value}, gap "
            f"{run.plan.gap:.3%}, {run.seconds:.1f} s, points a year {years.tolist()}"
        )


def _published(names: dict[str, dict[int, int]], seconds: float) -> None:
    print(f"\npublished instances, up to {seconds:.0f} s each")
    for name, best in names.items():
        found = runs.published_runs(name, best, seconds)
        if found is None:
            print(f"  {name}: the shared folder of published instances is absent")
            continue
        for run in found:
            print(
                f"  {name} p={run.points}: {run.value:+.4%} of best known, bound {run.bound:+.3%}, "
                f"proved: {run.is_proved}, {run.seconds:.1f} s"
            )


if __name__ == "__main__":
    main()

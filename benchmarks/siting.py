"""The siting engine beside what a user could pick instead: ``python -m benchmarks.siting [size ...]``."""

import importlib.util
import resource
import sys
import time
from dataclasses import replace

import numpy as np

from benchmarks import siting_peers as peers
from benchmarks.siting_instances import BEST_KNOWN, MILLION, SIZES, SJC, city, published, published_choices
from coverage.greedy import Gains, greedy
from coverage.money import Money
from coverage.siting import SitingPlan, SitingProblem, budget_curve, solve

BUDGETS = {"tiny": (100, 300), "small": (500, 1_000, 2_000), "medium": (500, 1_000, 5_000, 10_000),
           "large": (2_000, 10_000)}  # fmt: skip
TIMES_S = (10.0, 30.0)
PEER_TIME_S = 60.0
CURVE_POINTS = 20


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
        _sjc()
    if "published" in wanted:
        _published()


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
    print(f"  most memory so far {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _ranking(problem: SitingProblem, budget_idr: int, *, with_sets: bool) -> None:
    reduced, money = problem.reduced, Money(budget_idr)
    gains = Gains(reduced)
    greedy(reduced, money, start=gains)  # the transpose is made once
    started = time.perf_counter()
    picks = greedy(reduced, money, start=Gains(reduced))
    ours = time.perf_counter() - started
    product = peers.matrix_rounds(reduced, budget_idr)
    print(
        f"  ranking, {len(picks.rows)} picks: ours {ours:.3f} s; "
        f"scipy product a round {product.seconds / ours:.1f} x ours"
    )
    if with_sets:
        sets = peers.python_sets(reduced, budget_idr, PEER_TIME_S)
        print(f"  python sets {sets.seconds / ours:.0f} x ours, {sets.remark}")


def _timed(problem: SitingProblem, budget: int, seconds: float) -> SitingPlan:
    started = time.perf_counter()
    trace: list[tuple[float, str, int]] = []

    def note(stage: str, _share: float, value: int, _bound: int) -> bool:
        trace.append((time.perf_counter() - started, stage, value))
        return True

    plan = solve(problem, budget_idr=budget * MILLION, time_limit_s=seconds, gap_target=0, report=note)
    base = greedy(problem.reduced, Money(budget * MILLION)).value
    bound_at = next((at for at, stage, _ in trace if stage == "bound"), 0.0)
    after = [max((v for at, _, v in trace if at <= bound_at + s), default=0) for s in (1, 5)]
    words = ", ".join(f"{s} s after the bound {value / base - 1:+.2%}" for s, value in zip((1, 5), after, strict=True))
    print(
        f"  {budget} M, {seconds:.0f} s: {plan.value} = {plan.value / base - 1:+.2%} over greedy ({words}); "
        f"bound at {bound_at:.1f} s; gap {plan.gap:.3%}{', proved' if plan.is_proved else ''}; {plan.moves} "
        f"moves, {time.perf_counter() - started:.1f} s"
    )
    return plan


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
    budgets = [most * MILLION * step // CURVE_POINTS for step in range(1, CURVE_POINTS + 1)]
    started = time.perf_counter()
    curve = budget_curve(problem, budgets, time_limit_s=3.0, gap_target=0)
    whole = time.perf_counter() - started
    each, losses = 0.0, []
    for budget, value in zip(budgets, curve.value.tolist(), strict=True):
        started = time.perf_counter()
        alone = solve(problem, budget_idr=budget, time_limit_s=2.0, gap_target=0).value
        each += time.perf_counter() - started
        losses.append(1 - value / alone)
    gap = max(1 - curve.value / curve.upper_envelope)
    print(
        f"  curve of {CURVE_POINTS}: {whole:.1f} s = {whole / each:.3f} x of single runs of 2 s; worst loss "
        f"{max(losses):.2%}, widest gap {gap:.2%}, knee at {curve.budget_idr[curve.knee] / MILLION:.0f} M"
    )


def _warm(problem: SitingProblem, budget: int) -> None:
    money = budget * MILLION
    cold = solve(problem, budget_idr=money, time_limit_s=10.0, gap_target=0)
    target = cold.gap * 1.1
    rng = np.random.default_rng(1)
    cost, weight = problem.cost_idr.copy(), problem.demand_weight.copy()
    cost[int(cold.order[0])] += 5 * MILLION
    weight[int(rng.integers(len(weight)))] += 5
    changes = {
        "cost": {"cost_idr": cost},
        "weight": {"demand_weight": weight},
        "exclusion": {"excluded": (int(cold.order[3]),)},
    }
    for name, change in changes.items():
        changed = replace(problem, **change)
        started = time.perf_counter()
        plan = solve(changed, budget_idr=money, time_limit_s=10.0, gap_target=target, warm=cold)
        seconds = time.perf_counter() - started
        print(
            f"  changed {name}: {seconds:.2f} s = {seconds / cold.elapsed_s:.3f} x cold, "
            f"gap {plan.gap:.3%} (cold {cold.gap:.3%})"
        )


def _sjc() -> None:
    print("\nSJC (Lorena and Pereira 2002)")
    for name, best in SJC.items():
        problem = published(name)
        if problem is None:
            print(f"  {name}: the shared folder of published instances is absent")
            continue
        for count, known in best.items():
            plan = solve(problem, budget_idr=count, time_limit_s=5.0, gap_target=0)
            print(f"  {name} p={count}: {plan.value} of {known}, proved: {plan.is_proved}, {plan.elapsed_s:.2f} s")


def _published() -> None:
    print("\npublished city instances (Maximo, Cordeau and Nascimento 2023), 10 s each")
    offs, tops = [], []
    for name, best in BEST_KNOWN.items():
        problem = published(name)
        if problem is None:
            print(f"  {name}: the shared folder of published instances is absent")
            continue
        choices = published_choices(name)
        for count, known in best.items():
            rows = np.array(choices[count])
            seen = np.zeros(problem.n_cells, bool)
            for row in rows.tolist():
                seen[problem.cells_of(row)] = True
            if int(problem.demand_weight[seen].sum()) != known:
                print(f"  {name} p={count}: the published choice does not recount to its value")
            plan = solve(problem, budget_idr=count, time_limit_s=10.0, gap_target=0)
            offs.append(plan.value / known - 1)
            tops.append(plan.upper_bound / known - 1)
            print(
                f"  {name} p={count}: {offs[-1]:+.4%} of best known, bound {tops[-1]:+.3%}, "
                f"proved: {plan.is_proved}, {plan.elapsed_s:.1f} s"
            )
    if offs:
        print(
            f"  mean {np.mean(offs):+.4%}, worst {min(offs):+.4%}, "
            f"{sum(off >= 0 for off in offs)} of {len(offs)} reached; "
            f"bound mean {np.mean(tops):+.3%}, lowest {min(tops):+.4%}"
        )


if __name__ == "__main__":
    main()

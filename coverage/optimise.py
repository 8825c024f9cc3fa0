"""From a reduced problem to the best choice that is found and the bound that is proved: the order of work."""

from dataclasses import dataclass

import numpy as np

from coverage.bounds import trivial_cut
from coverage.effort import Effort
from coverage.elite import EliteSearch
from coverage.exact import prove
from coverage.greedy import Gains, Picks, best_greedy, next_weights
from coverage.kernel import Kernel, kernel_of
from coverage.money import Cut, Money
from coverage.packed_rows import Bools, Ints, Singles, concatenate_rows
from coverage.presolve import Reduced
from coverage.pricing import Priced, Pricing, can_matter, promising
from coverage.search import Found

SEARCH_SLICES = (0.15, 0.5, 0.7, 1.0)
LEAST_SEARCH_KERNEL, SEARCH_KERNEL_PER_PICK = 1_000, 12
EXACT_CANDIDATES, EXACT_CELLS = 400, 6_000
EXACT_NODES = 2_000
TINY_CANDIDATES = 60
EXACT_SHARE, LEAST_EXACT_S, NO_LIMIT_S = 0.8, 0.2, 3600.0


@dataclass(frozen=True, eq=False)
class Outcome:
    """Best choice and what is proved about it, in numbers of the reduced problem.

    Attributes
    ----------
    rows : ndarray of int64
        Candidates, ascending.
    value : int
        What they see, less penalties.
    bound : int
        No choice sees more.
    cut : Cut
        Plane that holds for other budgets, too.
    greedy_value : int
        What the greedy alone sees.
    prices : ndarray of float32, shape (m,)
        Prices of the cells.
    per_idr : ndarray of float64, shape (n,)
        Price of a Rupiah spent on each candidate.
    is_proved : bool
        Whether the choice is the best one.
    moves : int
        Moves of the search.
    pool : ndarray of int64
        Promising candidates, ascending.
    """

    rows: Ints
    value: int
    bound: int
    cut: Cut
    greedy_value: int
    prices: Singles
    per_idr: np.ndarray
    is_proved: bool
    moves: int
    pool: Ints


@dataclass(frozen=True, eq=False)
class Warm:
    """What is known from a similar problem.

    Attributes
    ----------
    rows : ndarray of int64
        Choice that is allowed here, too.
    prices : ndarray of float32, shape (m,), optional
        Prices of the cells.
    """

    rows: Ints
    prices: Singles | None = None


def optimise(
    problem: Reduced, money: Money, effort: Effort, *, seed: int, warm: Warm | None = None, usable: Bools | None = None
) -> Outcome:
    """Choose candidates for some money.

    Parameters
    ----------
    problem : Reduced
        Candidates and cells.
    money : Money
        What may be spent.
    effort : Effort
        How long to work.
    seed : int
        Same seed and a fixed number of moves, same answer.
    warm : Warm, optional
        Choice and prices to start from.
    usable : ndarray of bool, shape (n,), optional
        Candidates that the plane must hold for; those that this money pays by default.

    Returns
    -------
    Outcome
        Never worse than the greedy or the choice to start from.
    """
    thinkable = money.thinkable(problem)
    usable = thinkable if usable is None else usable
    if not thinkable.any():
        return _nothing(problem)
    start = best_greedy(problem, money, Gains(problem))
    known = _better(problem, start, warm)
    effort.tell("greedy", 1.0, known.value, int(problem.layers.sum()))
    pricing = Pricing(problem, money, usable, known, lambda: effort.is_over(effort.pricing_share))
    pricing.run(effort.gap_target, None if warm is None else warm.prices)
    priced = pricing.result()
    top = min(int(problem.layers.sum()), 2**62 if priced.cut is None else priced.cut.at(money))
    best = Found(np.sort(priced.picks.array), priced.picks.value, priced.picks.spend_idr)
    effort.tell("bound", 1.0, best.value, top)
    best, bound, is_proved, moves, pool = _search(problem, money, effort, (priced, pricing.mean_choice, top), seed)
    best = _thrifty(problem, best)
    per_idr = priced.prices.idr + problem.payers.price(priced.prices.limit_idr)[problem.payer]
    return Outcome(
        rows=np.sort(best.rows), value=best.value, bound=max(bound, best.value),
        cut=trivial_cut(problem) if priced.cut is None else priced.cut,
        greedy_value=start.value, prices=priced.prices.cell, per_idr=per_idr,
        is_proved=is_proved or best.value >= bound, moves=moves, pool=pool,
    )  # fmt: skip


def _nothing(problem: Reduced) -> Outcome:
    zero = np.zeros(problem.n_cells, np.float32)
    nobody = np.zeros(problem.n_candidates)
    return Outcome(
        np.empty(0, np.int64),
        0,
        0,
        trivial_cut(problem),
        0,
        zero,
        nobody,
        is_proved=True,
        moves=0,
        pool=np.empty(0, np.int64),
    )


def _better(problem: Reduced, start: Picks, warm: Warm | None) -> Picks:
    if warm is None or problem.value_of(warm.rows) <= start.value:
        return start
    return Picks(tuple(warm.rows.tolist()), (problem.value_of(warm.rows),), int(problem.cost_idr[warm.rows].sum()))


def _search(
    problem: Reduced, money: Money, effort: Effort, known: tuple[Priced, np.ndarray, int], seed: int
) -> tuple[Found, int, bool, int, Ints]:
    """Search in the kernel, and prove as soon as few enough candidates can still matter."""
    priced, mean_choice, bound = known
    best = Found(np.sort(priced.picks.array), priced.picks.value, priced.picks.spend_idr)
    most = max(LEAST_SEARCH_KERNEL, SEARCH_KERNEL_PER_PICK * len(best.rows))
    kernel = promising(problem, money, priced, best.value, most)
    if best.value >= bound or not kernel.problem.n_candidates:
        return best, best.value, True, 0, kernel.rows
    elite = EliteSearch(kernel.problem, money, mean_choice[kernel.rows], seed)
    is_proved = False
    for end in (0.0, *SEARCH_SLICES):
        if is_proved or effort.is_close(best.value, bound):
            break
        if end:
            best = _slice(kernel, elite, effort, best, bound, end)
            if best.value >= bound or effort.is_stopped:
                is_proved = best.value >= bound
                break
        keep = can_matter(problem, money, priced, best.value + 1)
        if keep.sum() > (EXACT_CANDIDATES if end else TINY_CANDIDATES):
            continue
        found, top, is_proved = _finish(kernel_of(problem, keep), money, effort, is_last=end == SEARCH_SLICES[-1])
        best = found if found is not None and found.beats(best) else best
        bound = min(bound, max(top, best.value))
        if is_proved or effort.is_over():
            break
    return best, bound, is_proved, elite.moves, kernel.rows


def _finish(kernel: Kernel, money: Money, effort: Effort, *, is_last: bool) -> tuple[Found | None, int, bool]:
    """Let the solver choose among the few candidates that can still matter."""
    part = kernel.problem
    if not part.n_candidates:
        return None, 0, True
    if part.n_cells > EXACT_CELLS:
        return None, int(part.layers.sum()), False
    share = 1.0 if is_last else EXACT_SHARE
    left_s = max(share * effort.left_s, LEAST_EXACT_S) if effort.most_moves is None else NO_LIMIT_S
    nodes = None if effort.most_moves is None else EXACT_NODES
    proof = prove(part, money, np.empty(0, np.int64), time_limit_s=left_s, most_nodes=nodes)
    found = proof.found
    lifted = None if found is None else Found(kernel.rows[found.rows], found.value, found.spend_idr)
    return lifted, proof.bound, proof.is_done


def _slice(kernel: Kernel, elite: EliteSearch, effort: Effort, best: Found, bound: int, end: float) -> Found:
    """Run the search up to a share of the effort."""

    def progress(moves: int) -> float:
        if effort.is_stopped:
            return 1.0
        if effort.most_moves is None:
            return effort.elapsed_s / max(end * effort.time_limit_s, 1e-9)
        return moves / max(end * effort.most_moves, 1e-9)

    def report(found: Found) -> None:
        effort.tell("search", min(1.0, end * progress(elite.moves)), found.value, bound)

    target = bound if effort.gap_target <= 0 else bound * (1 - effort.gap_target)
    found = elite.run(kernel.place_of(best.rows), progress=progress, target=target, report=report)
    lifted = Found(np.sort(kernel.rows[found.rows]), found.value, found.spend_idr)
    return lifted if lifted.beats(best) else best


def _thrifty(problem: Reduced, best: Found) -> Found:
    """Give back candidates that the others make superfluous, dearest first."""
    views = np.bincount(concatenate_rows(problem.indptr, problem.indices, best.rows)[0], minlength=problem.n_cells)
    kept: list[int] = []
    for row in best.rows[np.argsort(-problem.cost_idr[best.rows], kind="stable")].tolist():
        cells = problem.cells_of(row)
        if next_weights(problem.layers, cells, views[cells] - 1).sum() > problem.penalty[row]:
            kept.append(row)
        else:
            views[cells] -= 1
    rows = np.array(sorted(kept), np.int64)
    return Found(rows, problem.value_of(rows), int(problem.cost_idr[rows].sum()), best.moves)

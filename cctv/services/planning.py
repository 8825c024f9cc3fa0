"""Which new camera points see the most for the money: at once from the budget curve, and refined with a certificate."""

from collections import OrderedDict
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cctv.services import situation
from cctv.services.new_cameras import MODELS, CandidateSet, Progress, candidate_set, is_ready
from cctv.services.purses import kelurahan_of_candidates
from cctv.services.rankings import Ranking, described
from cctv.services.runtime import Runtime
from cctv.services.wishes import NO_WISHES, Wishes
from coverage.curve_plan import plan_from_curve
from coverage.effort import Report
from coverage.repaired_plan import repaired_plan
from coverage.siting import BudgetCurve, SitingProblem, budget_curve, solve

__all__ = ["MODELS", "NO_WISHES", "CandidateSet", "Progress", "Ranking", "Wishes", "candidate_set", "is_ready"]

MILLION = 1_000_000
#: Budgets of the slider and of the curve [million Rp].
LOWEST, HIGHEST, STEP = 50, 2_000, 25
BUDGETS_IDR = tuple(million * MILLION for million in range(LOWEST, HIGHEST + 1, STEP))
MOVES, GAP_TARGET = 3_000, 0.002  # moves, not seconds: the same answer on every machine
CURVE_MOVES = 2_000
MOST_KEPT = 32


_rankings: OrderedDict[tuple[str, Wishes, int], Ranking] = OrderedDict()
_curves: OrderedDict[tuple[str, Wishes, int], BudgetCurve] = OrderedDict()


def rank(
    runtime: Runtime, budget_idr: int, progress: Progress | None = None, *, wishes: Wishes = NO_WISHES,
    report: Report | None = None,
) -> Ranking:  # fmt: skip
    """Choose points for a budget as well as can be proved.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    budget_idr : int
        Money [Rp].
    progress : callable, optional
        Called with the share of the candidates that is computed.
    wishes : Wishes
        Points that are forced or forbidden.
    report : callable, optional
        As for `coverage.siting.solve`; returns False to stop.

    Returns
    -------
    Ranking
        Same register, city layers, wishes and budget, same ranking, unless it was stopped.

    Raises
    ------
    CoverageError
        If the budget, a wish or a layer cannot be used.
    """
    candidate_set(runtime, progress, pool=wishes.pool)
    key = (situation.fingerprint(runtime), wishes, budget_idr)
    if key in _rankings:
        return _rankings[key]
    stops: list[bool] = []

    def told(stage: str, share: float, value: int, bound: int) -> bool:
        goes_on = report is None or report(stage, share, value, bound)
        if not goes_on:
            stops.append(True)
        return goes_on

    problem = problem_of(runtime, wishes)
    plan = solve(problem, budget_idr=budget_idr, most_moves=MOVES, gap_target=GAP_TARGET, report=told)
    found = described(runtime, problem, plan, wishes.pool, with_random=True)
    if not stops:
        _rankings[key] = found
        while len(_rankings) > MOST_KEPT:
            _rankings.popitem(last=False)
    return found


def known(runtime: Runtime, budget_idr: int, wishes: Wishes = NO_WISHES) -> Ranking | None:
    """Give the refined ranking if somebody has had it computed already.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    budget_idr : int
        Money [Rp].
    wishes : Wishes
        Points that are forced or forbidden.

    Returns
    -------
    Ranking or None
        None if nobody has.
    """
    return _rankings.get((situation.fingerprint(runtime), wishes, budget_idr))


def sketch(runtime: Runtime, budget_idr: int, wishes: Wishes = NO_WISHES) -> Ranking:
    """Choose points for a budget at once, from the curve; wishes whose own curve is not drawn yet change that plan.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    budget_idr : int
        Money [Rp], at most the largest budget of the slider.
    wishes : Wishes
        Points that are forced or forbidden.

    Returns
    -------
    Ranking
        With the bound of the curve; its baseline is the best per Rupiah alone.

    Raises
    ------
    CoverageError
        If the budget, a wish or a layer cannot be used.
    """
    source = wishes if is_drawn(runtime, wishes) else wishes.free
    return _sketch(runtime, situation.fingerprint(runtime), budget_idr, wishes, source)


def shown(runtime: Runtime, budget_idr: int, wishes: Wishes = NO_WISHES) -> Ranking:
    """Give what the screen shows for a budget: the refined ranking if there is one, else the one of the curve.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    budget_idr : int
        Money [Rp].
    wishes : Wishes
        Points that are forced or forbidden.

    Returns
    -------
    Ranking
        Refined at once where the curve does not reach.

    Raises
    ------
    CoverageError
        If the budget, a wish or a layer cannot be used.
    """
    found = known(runtime, budget_idr, wishes)
    if found is not None:
        return found
    if budget_idr <= BUDGETS_IDR[-1]:
        return sketch(runtime, budget_idr, wishes)
    return rank(runtime, budget_idr, wishes=wishes)


def curve(
    runtime: Runtime, most_idr: int = BUDGETS_IDR[-1], wishes: Wishes = NO_WISHES, tell: Report | None = None
) -> BudgetCurve:
    """Tell what each of several budgets buys, up to a largest one.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    most_idr : int
        Largest budget [Rp].
    wishes : Wishes
        Points that are forced or forbidden.
    tell : callable, optional
        Told the stage, how far it is, the best value and the bound; cannot stop it.

    Returns
    -------
    BudgetCurve
        With the certified upper envelope.

    Raises
    ------
    CoverageError
        If the budget, a wish or a layer cannot be used.
    """
    key = (situation.fingerprint(runtime), wishes, most_idr)
    if key not in _curves:
        problem = problem_of(runtime, wishes)
        forced_idr = int(problem.cost_idr[list(wishes.must_include)].sum())
        budgets = [budget for budget in BUDGETS_IDR if forced_idr <= budget < most_idr]
        _curves[key] = budget_curve(
            problem, [*budgets, most_idr], most_moves=CURVE_MOVES, gap_target=GAP_TARGET, report=_unstoppable(tell)
        )
        while len(_curves) > MOST_KEPT:
            _curves.popitem(last=False)
    return _curves[key]


def _unstoppable(tell: Report | None) -> Report | None:
    """Never let a curve end early: it is kept for everybody."""
    return None if tell is None else lambda stage, share, value, bound: tell(stage, share, value, bound) or True


def is_drawn(runtime: Runtime, wishes: Wishes = NO_WISHES) -> bool:
    """Tell whether the curve of the slider is computed already.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    wishes : Wishes
        Points that are forced or forbidden.

    Returns
    -------
    bool
        False while the first visitor would have to wait.
    """
    return (situation.fingerprint(runtime), wishes, BUDGETS_IDR[-1]) in _curves


def problem_of(runtime: Runtime, wishes: Wishes = NO_WISHES) -> SitingProblem:
    """Give the problem that is solved: what no camera that works sees or may see is worth seeing.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    wishes : Wishes
        Points that are forced or forbidden.

    Returns
    -------
    SitingProblem
        The same object while nothing changes.

    Raises
    ------
    CoverageError
        If a wish or a layer cannot be used; names the fewest wishes that exclude each other.
    """
    return _problem_of(runtime, situation.fingerprint(runtime), wishes)


# The runtime is the same object for the whole process; the fingerprint makes old answers go.
@lru_cache(maxsize=8)
def _problem_of(runtime: Runtime, _fingerprint: str, wishes: Wishes) -> SitingProblem:
    ground, found = situation.base(runtime), candidate_set(runtime, pool=wishes.pool)
    purse = wishes.purse
    return SitingProblem(
        found.covers, ground.demand.weight, found.candidates.cost_idr, found.candidates.pole_id,
        already_covered=_seen(runtime), must_include=wishes.must_include, excluded=wishes.excluded,
        envelopes=None if purse is None else purse.envelopes(kelurahan_of_candidates(runtime, found.candidates)),
    )  # fmt: skip


@lru_cache(maxsize=MOST_KEPT)
def _sketch(runtime: Runtime, _fingerprint: str, budget_idr: int, wishes: Wishes, source: Wishes) -> Ranking:
    """Take the plan of the curve for some wishes, and change it where it was drawn without them."""
    problem = problem_of(runtime, wishes)
    plan = plan_from_curve(problem_of(runtime, source), curve(runtime, wishes=source), budget_idr)
    if source != wishes:
        plan = repaired_plan(problem, plan)
    return described(runtime, problem, plan, wishes.pool, with_random=False)


def _seen(runtime: Runtime) -> NDArray[np.bool_]:
    """Count a cell as seen if a camera that is on sees or may see it: a new point beside a real camera helps nobody."""
    alive = situation.current(runtime).alive
    return alive.n_certain + alive.n_possible > 0

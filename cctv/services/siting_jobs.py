"""What the screen Usulan computes in the background: budget curve, refined plan, how firmly each point stands."""

from collections.abc import Hashable

import numpy as np

from cctv.services import planning, situation
from cctv.services.background import Job, Lane
from cctv.services.planning import Ranking, Wishes
from cctv.services.runtime import Runtime
from coverage.siting import BudgetCurve
from coverage.stability import Stability, stability

N_DRAWS = 100

_curves, _plans, _draws = Lane("curves"), Lane("siting"), Lane("stability")


def drawn_curve(runtime: Runtime, wishes: Wishes) -> Job:
    """Compute candidates and curve in the background.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    wishes : Wishes
        Points that are forced or forbidden.

    Returns
    -------
    Job
        Its result is the curve.
    """

    def work(job: Job) -> BudgetCurve:
        planning.candidate_set(runtime, lambda share: job.tell("candidates", share), pool=wishes.pool)
        return planning.curve(runtime, wishes=wishes, tell=job.tell)

    return _curves.ask(_curve_key(runtime, wishes), work)


def curve_again(runtime: Runtime, wishes: Wishes) -> None:
    """Let a curve that has failed be computed again.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    wishes : Wishes
        Points that are forced or forbidden.
    """
    _curves.forget(_curve_key(runtime, wishes))


def refined(runtime: Runtime, budget_idr: int, wishes: Wishes) -> Job:
    """Compute the refined plan in the background.

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
    Job
        Its result is the ranking.
    """

    def work(job: Job) -> Ranking:
        return planning.rank(runtime, budget_idr, wishes=wishes, report=job.tell)

    return _plans.ask(_key(runtime, budget_idr, wishes), work)


def firmness(runtime: Runtime, ranking: Ranking, wishes: Wishes) -> Job:
    """Solve again with other weights and costs in the background.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    ranking : Ranking
        Refined plan.
    wishes : Wishes
        Points that are forced or forbidden.

    Returns
    -------
    Job
        Its result is the stability of the plan.
    """

    def work(job: Job) -> Stability:
        kinds = situation.base(runtime).demand.space_class
        return stability(
            planning.problem_of(runtime, wishes), ranking.plan, n_draws=N_DRAWS,
            kind_of_cell=np.unique(kinds, return_inverse=True)[1].astype(np.int64),
            report=lambda share: job.tell("stability", share),
        )  # fmt: skip

    return _draws.ask(ranking.plan.fingerprint, work)


def again(runtime: Runtime, budget_idr: int, wishes: Wishes) -> None:
    """Let a plan that was stopped or has failed be computed again.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    budget_idr : int
        Money [Rp].
    wishes : Wishes
        Points that are forced or forbidden.
    """
    _plans.forget(_key(runtime, budget_idr, wishes))


def firmness_again(ranking: Ranking) -> None:
    """Let the draws for a plan be done again.

    Parameters
    ----------
    ranking : Ranking
        Refined plan.
    """
    _draws.forget(ranking.plan.fingerprint)


def _curve_key(runtime: Runtime, wishes: Wishes) -> Hashable:
    return ("curve", situation.fingerprint(runtime), wishes)


def _key(runtime: Runtime, budget_idr: int, wishes: Wishes) -> Hashable:
    return ("plan", situation.fingerprint(runtime), wishes, budget_idr)

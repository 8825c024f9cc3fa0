"""Points that people force, forbid or place: what one would bring at once, and a plan computed around them."""

from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from cctv.errors import Problem, ValidationError, raise_if_any
from cctv.i18n import rupiah
from cctv.registry.plan_models import Hand, KeptPrice, Plan, PlanPoint, RunMark, Spot, to_text
from cctv.services import planning, situation
from cctv.services.new_cameras import candidate_set
from cctv.services.placed_points import placed_points, seen_by
from cctv.services.plan_from_ranking import candidate_of, points_of, run_mark
from cctv.services.planning import Progress, Wishes
from cctv.services.rankings import Ranking, described
from cctv.services.runtime import Runtime
from coverage.candidates import Candidates
from coverage.siting import SitingProblem, solve

NO_HAND = Hand()


@dataclass(frozen=True)
class Effect:
    """What a camera would bring beside the others of a plan.

    Attributes
    ----------
    point : PlanPoint
        The camera with its cost; ``gain_m2`` and ``gain_weight`` are what no camera and no other point sees.
    total_idr : int
        Its cost with tax and rounding [Rp].
    """

    point: PlanPoint
    total_idr: int


def effect(runtime: Runtime, plan: Plan, spot: Spot, others: tuple[Spot, ...]) -> Effect:
    """Tell at once what a camera would bring.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    plan : Plan
        Its prices and rules are used.
    spot : Spot
        The camera.
    others : tuple of Spot
        The other cameras of the plan.

    Returns
    -------
    Effect
        Gain and cost.

    Raises
    ------
    ValidationError
        If no camera can stand there, or the price list lacks what it needs.
    """
    (point,) = placed_points(runtime, plan.prices, (spot,), seen_by(runtime, others))
    return Effect(point, plan.rules.total_idr(point.net_idr))


def choose(
    runtime: Runtime, net_idr: int, prices: tuple[KeptPrice, ...], hand: Hand = NO_HAND,
    progress: Progress | None = None,
) -> tuple[tuple[PlanPoint, ...], RunMark]:  # fmt: skip
    """Choose points for an amount without tax, around what people want.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    net_idr : int
        Money without tax [Rp].
    prices : tuple of KeptPrice
        The price list as it is now.
    hand : Hand
        What people want.
    progress : callable, optional
        Called with the share of the candidates that is computed.

    Returns
    -------
    (tuple of PlanPoint, RunMark)
        Placed points first; the same wishes, register and city layers give the same points. The proof of the mark
        holds among plans that fulfil the wishes.

    Raises
    ------
    ValidationError
        If a wish cannot be fulfilled; lists them all.
    CoverageError
        If the money does not reach for the wishes, or a layer cannot be used.
    """
    wishes = _wishes(candidate_set(runtime, progress).candidates, hand)
    if not hand.placed:
        ranking = planning.rank(runtime, net_idr, progress, wishes=wishes)
        return points_of(ranking, prices), replace(run_mark(runtime, ranking), hand=hand)
    placed = placed_points(runtime, prices, hand.placed)
    cost = sum(point.net_idr for point in placed)
    if cost >= net_idr:
        over = Problem("hand_over_pagu", "", "", rupiah(cost), rupiah(net_idr))
        raise ValidationError("invalid", "placed points", problems=(over,))
    ranking = _rest(runtime, net_idr - cost, wishes, seen_by(runtime, hand.placed))
    later = [replace(point, rank=point.rank + len(placed)) for point in points_of(ranking, prices)]
    points = (*placed, *later)
    return points, _mark(runtime, ranking, placed, points, hand)


def _wishes(candidates: Candidates, hand: Hand) -> Wishes:
    forced = {spot: candidate_of(candidates, spot) for spot in hand.forced}
    problems = [
        Problem("hand_unknown", "", "", f"{spot.lat}, {spot.lon}") for spot, row in forced.items() if row is None
    ]
    raise_if_any(problems, ValidationError, code="invalid", message="forced points")
    poles = [candidates.pole_id[row] for spot in hand.forbidden if (row := candidate_of(candidates, spot)) is not None]
    excluded = np.flatnonzero(np.isin(candidates.pole_id, poles)).tolist()
    return Wishes(tuple(sorted(row for row in forced.values() if row is not None)), tuple(excluded))


def _rest(runtime: Runtime, net_idr: int, wishes: Wishes, seen: NDArray[np.bool_]) -> Ranking:
    """Spend what the placed points leave on candidates that see what they do not."""
    whole = planning.problem_of(runtime, wishes)
    problem = SitingProblem(
        whole.covers, whole.demand_weight, whole.cost_idr, whole.pole_id, already_covered=whole.covered | seen,
        must_include=wishes.must_include, excluded=wishes.excluded,
    )  # fmt: skip
    plan = solve(problem, budget_idr=net_idr, most_moves=planning.MOVES, gap_target=planning.GAP_TARGET)
    return described(runtime, problem, plan, wishes.pool, with_random=False)


def _mark(
    runtime: Runtime, ranking: Ranking, placed: tuple[PlanPoint, ...], points: tuple[PlanPoint, ...], hand: Hand
) -> RunMark:  # fmt: skip
    mark, state = run_mark(runtime, ranking), situation.current(runtime).alive
    weight = situation.base(runtime).demand.weight
    fresh = seen_by(runtime, points) & (state.n_certain == 0)
    own, cost = sum(point.gain_weight for point in placed), sum(point.net_idr for point in placed)
    value, bound = mark.value + own, mark.upper_bound + own
    return replace(
        mark, value=value, upper_bound=bound, gap=(bound - value) / bound if bound else 0.0,
        spend_idr=mark.spend_idr + cost, budget_idr=mark.budget_idr + cost, hand=hand,
        seen_after=min(1.0, mark.seen_before + float(weight[fresh].sum() / weight.sum())),
        area_after=min(1.0, mark.area_before + float(fresh.mean())),
        fingerprint=sha256(f"{mark.fingerprint} {to_text(hand)}".encode()).hexdigest()[: len(mark.fingerprint)],
    )  # fmt: skip

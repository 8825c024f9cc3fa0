"""District floors: a least share of every district, as a price on the districts that are short of it."""

from dataclasses import dataclass, replace
from math import floor

import numpy as np

from coverage.effort import Effort
from coverage.errors import InfeasibleBudgetError
from coverage.exact import prove
from coverage.greedy import Gains, greedy
from coverage.money import Money
from coverage.optimise import EXACT_CANDIDATES, EXACT_CELLS, Outcome, Warm, optimise
from coverage.packed_rows import Ints, concatenate_rows
from coverage.presolve import Reduced
from coverage.siting_problem import SitingProblem

UNIT = 64  # surcharges of districts are whole multiples of 1 / UNIT of the weight
MOST_TURNS = 10
HALVINGS = 24


@dataclass(frozen=True, eq=False)
class Need:
    """What must still be seen in each district.

    Attributes
    ----------
    first : ndarray of int64, shape (number of cells of the reduced problem,)
        Weight of each cell that nobody sees yet; further views do not count.
    weight : ndarray of int64, shape (number of districts,)
        Least weight; 0 where existing and mandatory cameras are enough.
    """

    first: Ints
    weight: Ints

    @classmethod
    def of(cls, problem: SitingProblem, share: float) -> "Need":
        """Give what a share asks for.

        Parameters
        ----------
        problem : SitingProblem
            With districts.
        share : float
            Share of the weight of first views in every district.

        Returns
        -------
        Need
            What existing and mandatory cameras see counts.
        """
        number, count, reduced = problem.district_number, len(problem.district_names), problem.reduced
        total = np.bincount(number, problem.demand_weight, count)
        seen = np.bincount(number, np.where(problem.mandatory_views > 0, problem.demand_weight, 0), count)
        first = np.where(problem.mandatory_views[reduced.cell] == 0, reduced.weight, 0)
        return cls(first, np.maximum(np.ceil(share * total - seen - 1e-9), 0).astype(np.int64))

    def seen(self, reduced: Reduced, rows: Ints) -> Ints:
        """Count what a choice sees for the first time in each district.

        Parameters
        ----------
        reduced : Reduced
            The reduced problem.
        rows : ndarray of int64
            Candidates.

        Returns
        -------
        ndarray of int64, shape (number of districts,)
            Weight.
        """
        cells = np.unique(concatenate_rows(reduced.indptr, reduced.indices, rows)[0])
        return np.bincount(reduced.district[cells], self.first[cells], len(self.weight)).astype(np.int64)

    def is_met(self, reduced: Reduced, rows: Ints) -> bool:
        """Tell whether a choice is enough in every district.

        Parameters
        ----------
        reduced : Reduced
            The reduced problem.
        rows : ndarray of int64
            Candidates.

        Returns
        -------
        bool
            Whether no district is short.
        """
        return bool((self.seen(reduced, rows) >= self.weight).all())


def optimise_with_floors(problem: SitingProblem, money: Money, effort: Effort, *, seed: int) -> tuple[Outcome, int]:
    """Choose candidates so that every district sees its share.

    Parameters
    ----------
    problem : SitingProblem
        With districts and a floor.
    money : Money
        What may be spent.
    effort : Effort
        How long to work.
    seed : int
        Start of the random numbers.

    Returns
    -------
    outcome : Outcome
        Best choice that meets the floors.
    price_of_equity : int
        How much less it sees than the best choice found without floors.

    Raises
    ------
    InfeasibleBudgetError
        If no choice that meets the floors was found; tells the largest floor for which one was.

    Notes
    -----
    For any surcharges mu_d >= 0 on first views, a bound with the weights w (1 + mu_d) less sum_d mu_d F_d is a bound
    with floors F_d.
    The surcharges rise where a district is short and fall where it has more than enough.
    """
    reduced, need = problem.reduced, Need.of(problem, problem.district_floor or 0.0)
    free = optimise(reduced, money, _share(effort, MOST_TURNS // 2), seed=seed)
    if need.is_met(reduced, free.rows):
        return free, 0
    if reduced.n_candidates <= EXACT_CANDIDATES and reduced.n_cells <= EXACT_CELLS:
        exact = _exact(reduced, money, need, free, effort) if reduced.n_candidates else None
        if exact is None:
            raise _infeasible(problem, money)
        return exact, free.value - exact.value
    best, bound = _surcharges(reduced, money, need, free, effort, seed)
    if best is None:
        raise _infeasible(problem, money)
    value = reduced.value_of(best)
    outcome = replace(free, rows=np.sort(best), value=value, bound=max(bound, value), is_proved=bound <= value)
    return outcome, free.value - value


def _surcharges(
    reduced: Reduced, money: Money, need: Need, free: Outcome, effort: Effort, seed: int
) -> tuple[Ints | None, int]:
    least = need.weight
    surcharge = np.zeros(len(least), np.int64)
    rows, bound = free.rows, free.bound
    best = _repair(reduced, money, need)
    for turn in range(MOST_TURNS):
        seen = need.seen(reduced, rows)
        short = np.where(least > 0, (least - seen) / np.maximum(least, 1), 0.0)
        step = 2.0 * UNIT / (1 + turn / 3)
        surcharge = np.maximum(surcharge + np.rint(step * np.clip(short, -0.5, 1.0)).astype(np.int64), 0)
        surcharge[(short > 0) & (surcharge == 0)] = 1
        layers = reduced.layers * UNIT
        layers[0] += need.first * surcharge[reduced.district]
        scaled = replace(reduced, layers=layers, penalty=reduced.penalty * UNIT)
        part = _share(effort, MOST_TURNS - turn)
        outcome = optimise(scaled, money, part, seed=seed + turn, warm=Warm(rows))
        rows = outcome.rows
        bound = min(bound, (outcome.bound - int((surcharge * least).sum())) // UNIT)
        is_enough = need.is_met(reduced, rows)
        if is_enough and (best is None or reduced.value_of(rows) > reduced.value_of(best)):
            best = rows
        if effort.is_over():
            break
    return best, bound


def _share(effort: Effort, n_left: int) -> Effort:
    moves = None if effort.most_moves is None else max(effort.most_moves // MOST_TURNS, 1)
    return Effort(max(effort.left_s, 0.1) / max(n_left, 1), moves, effort.gap_target, effort.report)


def _repair(reduced: Reduced, money: Money, need: Need) -> Ints | None:
    """Serve the districts that are short first, then everybody; None if the money does not reach."""
    rows = np.empty(0, np.int64)
    is_short = need.weight > 0
    while is_short.any():
        layers = (need.first * is_short[reduced.district])[None]
        start = Gains(replace(reduced, layers=layers, penalty=np.zeros_like(reduced.penalty)))
        for row in rows.tolist():
            start.take(row)
        left = money.after(reduced, rows)
        score = np.where(_free(reduced, rows) & left.affordable(reduced), start.gain / reduced.cost_idr, 0.0)
        if not len(score) or score.max() <= 0:
            return None
        rows = np.append(rows, int(score.argmax()))
        is_short = need.seen(reduced, rows) < need.weight
    start = Gains(reduced)
    for row in rows.tolist():
        start.take(row)
    rest = greedy(replace_limits(reduced, rows), money.after(reduced, rows), among=_free(reduced, rows), start=start)
    return np.concatenate([rows, rest.array])


def replace_limits(reduced: Reduced, rows: Ints) -> Reduced:
    """Take what some candidates use of their poles off the limits.

    Parameters
    ----------
    reduced : Reduced
        Problem.
    rows : ndarray of int64
        Candidates that are chosen.

    Returns
    -------
    Reduced
        The same problem with less room on some poles.
    """
    room = reduced.pole_limit.copy()
    np.subtract.at(room, reduced.pole[rows], 1)
    return replace(reduced, pole_limit=room)


def _free(reduced: Reduced, rows: Ints) -> np.ndarray:
    free = (replace_limits(reduced, rows).pole_limit > 0)[reduced.pole]
    free[rows] = False
    return free


def _exact(reduced: Reduced, money: Money, need: Need, free: Outcome, effort: Effort) -> Outcome | None:
    proof = prove(
        reduced, money, np.empty(0, np.int64), time_limit_s=max(effort.left_s, 1.0), floor=(need.first, need.weight)
    )
    if proof.found is None:
        return None
    found = proof.found
    bound = min(free.bound, max(proof.bound, found.value))
    return replace(free, rows=np.sort(found.rows), value=found.value, bound=bound, is_proved=proof.is_done)


def _infeasible(problem: SitingProblem, money: Money) -> InfeasibleBudgetError:
    low, high = 0.0, problem.district_floor or 0.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if _repair(problem.reduced, money, Need.of(problem, middle)) is None:
            high = middle
        else:
            low = middle
    return InfeasibleBudgetError(
        "floor_infeasible",
        f"no choice was found that sees {problem.district_floor:.1%} of every district; the largest share is {low:.1%}",
        {"floor": round(100 * (problem.district_floor or 0.0), 1), "largest": floor(1000 * (low + 1e-6)) / 10},
    )

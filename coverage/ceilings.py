"""Ceilings: money of several years for some of the candidates, put as limits that each way to pay uses."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from coverage.packed_rows import Bools, Ints
from coverage.payers import Payers


@dataclass(frozen=True, eq=False)
class Ceiling:
    """Money that may only be spent on some of the candidates: of a kelurahan, of an agency, of a source of funds.

    Attributes
    ----------
    name : str
        What it is called; no two ceilings of a problem are called the same.
    amount_idr : tuple of int
        Money of each year [Rp], as many years as all other ceilings have.
    pays : ndarray of bool, shape (n,)
        Candidates that count against it.
    carries_over : bool
        Whether what is left of a year may be spent in the next.
    source : str
        Source of funds. A candidate is paid from one source, and only ceilings of that source and those without one
        count; it must be paid by a ceiling of the source. Empty: counts whatever the source.
    """

    name: str
    amount_idr: tuple[int, ...]
    pays: Bools
    carries_over: bool = False
    source: str = ""


@dataclass(frozen=True)
class Payment:
    """When and from which source a candidate is paid.

    Attributes
    ----------
    year : int
        Year, counted from 0.
    source : str
        Source of funds; empty if there is no choice.
    """

    year: int
    source: str


@dataclass(frozen=True, eq=False)
class Purse:
    """All limits below the total, and who uses them.

    Attributes
    ----------
    payer : ndarray of int64, shape (n,)
        Who pays each candidate.
    payers : Payers
        Ways to pay that no other way is always as good as.
    every_payers : Payers
        All ways to pay.
    ways : tuple of Payment
        What each way of ``every_payers`` is.
    limit_idr : tuple of int
        Limits [Rp].
    limit_name : tuple of str
        Ceiling of each.
    """

    payer: Ints
    payers: Payers
    every_payers: Payers
    ways: tuple[Payment, ...]
    limit_idr: tuple[int, ...]
    limit_name: tuple[str, ...]


def purse_of(n_candidates: int, ceilings: Sequence[Ceiling]) -> Purse:
    """Put ceilings as limits.

    Parameters
    ----------
    n_candidates : int
        How many candidates there are.
    ceilings : sequence of Ceiling
        Checked already.

    Returns
    -------
    Purse
        With one payer and no limit if there are no ceilings.

    Notes
    -----
    If a ceiling is carried over, what is spent up to the end of a year may not exceed what there was by then; if not,
    what is spent in a year may not exceed what there is in it. So each ceiling has a limit a year, and a purchase uses
    that of its year and, if carried over, those of all later years. A later year then has at least the room of an
    earlier one: where everything is carried over, one way to pay is left to decide, and years are dealt out at last.
    """
    if not ceilings:
        alone = Payers.single()
        return Purse(np.zeros(n_candidates, np.int64), alone, alone, (Payment(0, ""),), (), ())
    n_years = len(ceilings[0].amount_idr)
    sources = sorted({ceiling.source for ceiling in ceilings} - {""}) or [""]
    ways = tuple(Payment(year, source) for year, source in product(range(n_years), sources))
    groups, payer = np.unique(np.stack([c.pays for c in ceilings], axis=1), axis=0, return_inverse=True)
    uses = np.zeros((len(groups), len(ways), len(ceilings) * n_years), np.bool_)
    limits: list[int] = []
    for number, ceiling in enumerate(ceilings):
        yearly = np.array(ceiling.amount_idr, dtype=object)
        limits += (np.cumsum(yearly) if ceiling.carries_over else yearly).tolist()
        for place, way in enumerate(ways):
            if ceiling.source in ("", way.source):
                first = number * n_years + way.year
                last = (number + 1) * n_years if ceiling.carries_over else first + 1
                uses[groups[:, number], place, first:last] = True
    exists = np.stack([_has_source(groups, ceilings, way.source) for way in ways], axis=1)
    every = Payers(uses, exists)
    names = tuple(ceiling.name for ceiling in ceilings for _ in range(n_years))
    return Purse(payer.astype(np.int64), _undominated(every), every, ways, tuple(limits), names)


def _has_source(groups: Bools, ceilings: Sequence[Ceiling], source: str) -> Bools:
    """Tell which groups of candidates some ceiling of a source pays."""
    if not source:
        return np.ones(len(groups), np.bool_)
    own = [number for number, ceiling in enumerate(ceilings) if ceiling.source == source]
    return np.asarray(groups[:, own].any(axis=1))


def _undominated(every: Payers) -> Payers:
    """Leave out ways that use all the limits that another one uses, and put the others first."""
    kept: list[list[NDArray[np.bool_]]] = []
    for ways, exists in zip(every.uses, every.exists, strict=True):
        own: list[NDArray[np.bool_]] = []
        for way in [ways[place] for place in np.flatnonzero(exists)[::-1]]:
            if not any((other <= way).all() for other in own):
                own = [other for other in own if not (way <= other).all()] + [way]
        kept.append(own)
    n_ways = max(1, *(len(own) for own in kept))
    uses = np.zeros((len(kept), n_ways, every.n_limits), np.bool_)
    exists = np.zeros((len(kept), n_ways), np.bool_)
    for payer, own in enumerate(kept):
        for place, way in enumerate(own):
            uses[payer, place], exists[payer, place] = way, True
    return Payers(uses, exists)

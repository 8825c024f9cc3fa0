"""What people want of every plan: points that must or must not be in it, whose money pays; as marks, rows, a query."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from cctv.errors import CctvError
from cctv.services.new_cameras import CandidateSet, PoolName
from cctv.services.purses import Purse, purse_of, read_paid_from
from cctv.services.runtime import Runtime

Kind = Literal["must", "not"]
#: More rows than this in an address are taken for a mistake.
MOST_ROWS, MOST_DIGITS = 4_000, 7


@dataclass(frozen=True)
class Wishes:
    """What a person wants of every plan.

    Attributes
    ----------
    must_include, excluded : tuple of int
        Candidates that are chosen whatever they are worth, and that are never chosen; ascending.
    purse : Purse or None
        Ceilings that no plan exceeds; None asks none.
    pool : {"full", "quick"}
        Candidates that rows are numbers of.
    """

    must_include: tuple[int, ...] = ()
    excluded: tuple[int, ...] = ()
    purse: Purse | None = None
    pool: PoolName = "full"

    @property
    def free(self) -> "Wishes":
        """No wishes, from the same candidates."""
        return Wishes(pool=self.pool)

    def query(self) -> dict[str, str]:
        """Write the wishes as a query.

        Returns
        -------
        dict of str to str
            What :func:`read_wishes` reads; empty without wishes.
        """
        parts = {"wajib": self.must_include, "jangan": self.excluded}
        money = {} if self.purse is None else self.purse.paid_from.query()
        rows = {name: ",".join(map(str, rows)) for name, rows in parts.items() if rows}
        return {**rows, **money, **({} if self.pool == "full" else {"calon": self.pool})}


NO_WISHES = Wishes()


@dataclass(frozen=True)
class Mark:
    """What a person said about one point; it outlives a new order of the candidates.

    Attributes
    ----------
    pole_id : str
        The point.
    kind : {"must", "not"}
        That a camera must stand there, or that none must.
    model, azimuth_deg : str and float or None
        Which camera it is about.
    """

    pole_id: str
    kind: Kind
    model: str = ""
    azimuth_deg: float | None = None


def marked(marks: Sequence[Mark], new: Mark) -> tuple[Mark, ...]:
    """Add what a person says about a point; it takes the place of what was said before.

    Parameters
    ----------
    marks : sequence of Mark
        So far.
    new : Mark
        What is said now.

    Returns
    -------
    tuple of Mark
        In the order in which they were made.
    """
    return (*(mark for mark in marks if mark.pole_id != new.pole_id), new)


def mark_of(found: CandidateSet, row: int, kind: Kind) -> Mark:
    """Say about the point of a candidate that this camera must stand there, or that none must.

    Parameters
    ----------
    found : CandidateSet
        All candidates.
    row : int
        The candidate.
    kind : {"must", "not"}
        What is said.

    Returns
    -------
    Mark
        With model and direction.
    """
    azimuth = float(found.candidates.azimuth_deg[row])
    return Mark(
        str(found.candidates.pole_id[row]), kind, str(found.candidates.model[row]),
        None if math.isnan(azimuth) else azimuth,
    )  # fmt: skip


def wishes_of(found: CandidateSet, marks: Sequence[Mark], purse: Purse | None = None) -> Wishes:
    """Turn marks into rows of the candidates.

    Parameters
    ----------
    found : CandidateSet
        All candidates.
    marks : sequence of Mark
        What was said; about points that exist no longer nothing is wished.
    purse : Purse, optional
        Ceilings that no plan exceeds.

    Returns
    -------
    Wishes
        "Not" forbids every camera of the point.
    """
    must: list[int] = []
    excluded: list[int] = []
    for mark in marks:
        rows = found.rows_at.get(mark.pole_id, ())
        if mark.kind == "not":
            excluded += rows
        else:
            must += [row for row in rows if mark_of(found, row, "must") == mark]
    return Wishes(tuple(sorted(must)), tuple(sorted(excluded)), purse, found.pool)


def read_wishes(runtime: Runtime, query: Mapping[str, str]) -> Wishes:
    """Read wishes from a query.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    query : mapping
        ``wajib`` and ``jangan``: rows of candidates with commas between them; ``calon``: which candidates (all but for
        "quick"); whose money is spent (`cctv.services.purses`).

    Returns
    -------
    Wishes
        No wishes where nothing is said.

    Raises
    ------
    CctvError
        If a row is no whole number, there are too many, or the year is none.
    """
    asked = read_paid_from(query)
    purse = None if asked is None else purse_of(runtime, asked)
    pool = "quick" if query.get("calon") == "quick" else "full"
    return Wishes(_rows(query, "wajib"), _rows(query, "jangan"), purse, pool)


def _rows(query: Mapping[str, str], name: str) -> tuple[int, ...]:
    text = query.get(name, "")
    parts = text.split(",") if text else []
    if len(parts) > MOST_ROWS or not all(map(_is_row, parts)):
        raise CctvError("bad_query", f"{name}={text[:80]!r}, expected rows of candidates with commas between them")
    return tuple(sorted({int(part) for part in parts}))


def _is_row(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS

"""Which money a ranking may spend: what is left of the ceilings of a year, for an agency and a source of funds."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cctv.errors import CctvError
from cctv.geodata.layers import kelurahan_of
from cctv.registry import envelopes
from cctv.registry.plan_models import BASIS
from cctv.services.runtime import Runtime
from coverage.candidates import Candidates
from coverage.siting import Envelopes, SitingPlan

#: Ceilings are written with tax, rankings without: PPN in ten-thousandths, an assumption that the screen names.
TAX_BP = 1_100
#: Name of the envelope of everything without a ceiling of its own, and money that is more than any budget [Rp].
ELSEWHERE, PLENTY_IDR = "", 10**13
YEAR_DIGITS = 4


@dataclass(frozen=True)
class PaidFrom:
    """Whose money a person wants to spend.

    Attributes
    ----------
    year : int
        Of the ceilings.
    agency_id, fund : str
        Agency and source that pay every point; empty where that is open.
    """

    year: int
    agency_id: str = ""
    fund: str = ""

    def query(self) -> dict[str, str]:
        """Write it as a query.

        Returns
        -------
        dict of str to str
            What :func:`read_paid_from` reads.
        """
        return {"tahun": str(self.year), "opd": self.agency_id, "sumber": self.fund}


@dataclass(frozen=True)
class Purse:
    """What may be spent, without tax [Rp].

    Attributes
    ----------
    paid_from : PaidFrom
        Whose money it is.
    total_idr : int or None
        In the whole city; None if no ceiling says.
    limits_idr : tuple of (str, int)
        In each kelurahan that has a ceiling, by name.
    """

    paid_from: PaidFrom
    total_idr: int | None = None
    limits_idr: tuple[tuple[str, int], ...] = ()

    @property
    def kelurahan_idr(self) -> dict[str, int]:
        """What may be spent in each kelurahan that has a ceiling."""
        return dict(self.limits_idr)

    @property
    def is_open(self) -> bool:
        """Whether no ceiling says anything."""
        return self.total_idr is None and not self.limits_idr

    def envelopes(self, kelurahan: np.ndarray) -> Envelopes | None:
        """Bind money to candidates.

        Parameters
        ----------
        kelurahan : ndarray of str, shape (n,)
            Where each candidate stands.

        Returns
        -------
        Envelopes or None
            None if no kelurahan has a ceiling.
        """
        limits = self.kelurahan_idr
        if not limits:
            return None
        own = tuple(name if name in limits else ELSEWHERE for name in kelurahan.tolist())
        return Envelopes({ELSEWHERE: PLENTY_IDR, **limits}, own)


def read_paid_from(query: Mapping[str, str]) -> PaidFrom | None:
    """Read whose money is spent from a query.

    Parameters
    ----------
    query : mapping
        ``tahun``, ``opd``, ``sumber``.

    Returns
    -------
    PaidFrom or None
        None where no year is named.

    Raises
    ------
    CctvError
        If the year is none.
    """
    year = query.get("tahun", "")
    if not year:
        return None
    if not (year.isascii() and year.isdecimal() and len(year) == YEAR_DIGITS):
        raise CctvError("bad_query", f"tahun={year[:20]!r}, expected a year")
    return PaidFrom(int(year), query.get("opd", ""), query.get("sumber", ""))


def purse_of(runtime: Runtime, asked: PaidFrom) -> Purse:
    """Say what a ranking may spend now.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    asked : PaidFrom
        Whose money.

    Returns
    -------
    Purse
        Without tax.

    Notes
    -----
    Ceilings that differ only in what is left open (agency, source) are added up; of those that name the agency or the
    source and those that hold for all, the lower one counts, because a point counts against every ceiling that fits it.
    """
    if not asked.agency_id and not asked.fund:
        found = envelopes.limits(runtime.registry, asked.year)
        return _purse(asked, found.total_idr, found.kelurahan_idr)
    groups: dict[str, dict[tuple[str, str], int]] = {}
    for balance in envelopes.balances(runtime.registry, asked.year):
        one = balance.envelope
        wanted = (one.agency_id if asked.agency_id else "", one.fund if asked.fund else "")
        if wanted[0] in ("", asked.agency_id) and wanted[1] in ("", asked.fund):
            sums = groups.setdefault(one.kelurahan, {})
            sums[wanted] = sums.get(wanted, 0) + max(balance.left_idr, 0)
    lowest = {name: min(sums.values()) for name, sums in groups.items()}
    return _purse(asked, lowest.pop("", None), lowest)


def _purse(asked: PaidFrom, total_idr: int | None, kelurahan_idr: Mapping[str, int]) -> Purse:
    """Take the tax off."""
    total = None if total_idr is None else _without_tax(total_idr)
    return Purse(asked, total, tuple(sorted((name, _without_tax(money)) for name, money in kelurahan_idr.items())))


def left_after(runtime: Runtime, purse: Purse, candidates: Candidates, plan: SitingPlan) -> pd.DataFrame:
    """Say what a plan leaves of each ceiling.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    purse : Purse
        What might be spent.
    candidates : Candidates
        All candidates.
    plan : SitingPlan
        The plan.

    Returns
    -------
    DataFrame
        ``kelurahan`` (empty for the whole city, which comes first), ``limit_idr``, ``spent_idr``, ``left_idr``, without
        tax [Rp].
    """
    where = kelurahan_of_candidates(runtime, candidates)[plan.chosen]
    cost = candidates.cost_idr[plan.chosen]
    city = [] if purse.total_idr is None else [("", purse.total_idr, int(cost.sum()))]
    own = [(name, limit, int(cost[where == name].sum())) for name, limit in purse.limits_idr]
    frame = pd.DataFrame([*city, *own], columns=["kelurahan", "limit_idr", "spent_idr"])
    return frame.assign(left_idr=frame["limit_idr"] - frame["spent_idr"])


def kelurahan_of_candidates(runtime: Runtime, candidates: Candidates) -> np.ndarray:
    """Tell in which kelurahan each candidate stands.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    candidates : Candidates
        All candidates.

    Returns
    -------
    ndarray of str, shape (n,)
        Names; empty outside the city.
    """
    return kelurahan_of(runtime.city.kelurahan, np.column_stack([candidates.x_m, candidates.y_m]))


def _without_tax(gross_idr: int) -> int:
    return gross_idr * BASIS // (BASIS + TAX_BP)

"""Shares over time: the first result of a day is kept, so that a chart can show what became of them."""

import logging
from datetime import UTC, date, datetime
from typing import Literal, Protocol

import numpy as np

from cctv.errors import RegistryError
from cctv.i18n import WIB
from cctv.registry import share_history
from cctv.registry.share_history import CITY, Measure, ShareOfDay
from cctv.services.runtime import Runtime
from coverage.shares import CoverageState, Share

log = logging.getLogger(__name__)
#: Days that this process has kept already, so that a screen asks the register once a day.
_kept: set[tuple[str, date, str]] = set()


class Result(Protocol):
    """What is kept of a situation."""

    @property
    def alive(self) -> CoverageState:
        """Shares with the cameras that are on."""
        ...

    @property
    def designed(self) -> CoverageState:
        """Shares with all cameras."""
        ...

    @property
    def series(self) -> str:
        """Method and weights; names a line."""
        ...

    @property
    def computed_at(self) -> datetime:
        """When it was computed."""
        ...

    @property
    def fingerprint(self) -> str:
        """Mark of its data."""
        ...

    @property
    def is_synthetic(self) -> bool:
        """Whether the city layers are made up."""
        ...


def remember_day(runtime: Runtime, found: Result, *, now: datetime | None = None) -> int:
    """Keep the shares of today if this is the first result of the day with this method and these weights.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    found : Result
        Present situation.
    now : datetime, optional
        Names the day, aware; the present moment by default.

    Returns
    -------
    int
        How many shares were added; 0 if the day was kept already, or the register cannot be written: a line of the
        history is not worth a blank screen, so that is logged only.
    """
    on_day = (now or datetime.now(UTC)).astimezone(WIB).date()
    key = (str(runtime.registry.path), on_day, found.series)
    if key in _kept:
        return 0
    try:
        n_added = share_history.add_shares(runtime.registry, _shares_of_day(found, on_day))
    except RegistryError as error:
        log.warning("shares of %s not kept: %s", on_day, error)
        return 0
    _kept.add(key)
    return n_added


def shares_over_time(runtime: Runtime, scope: str = CITY) -> list[ShareOfDay]:
    """Read the shares of all days.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    scope : str
        Kelurahan; empty for the city.

    Returns
    -------
    list of ShareOfDay
        By day.
    """
    return share_history.list_shares(runtime.registry, scope)


def _shares_of_day(found: Result, on_day: date) -> list[ShareOfDay]:
    states: tuple[tuple[Literal["alive", "designed"], CoverageState], ...] = (
        ("alive", found.alive), ("designed", found.designed),
    )  # fmt: skip
    return [
        ShareOfDay(
            on_day, found.series, cameras, scope, measure, share.low,
            min(1.0, share.high),  # sums of lengths may end a rounding error above the whole
            found.is_synthetic, found.fingerprint, found.computed_at,
        )
        for cameras, state in states
        for scope, measure, share in _shares(state)
    ]  # fmt: skip


def _shares(state: CoverageState) -> list[tuple[str, Measure, Share]]:
    city: list[tuple[str, Measure, Share | None]] = [
        (CITY, "area", state.covered_area_share), (CITY, "corridor", state.covered_corridor_share),
        (CITY, "demand", state.covered_demand_share), (CITY, "twice", state.k_coverage[2]),
    ]  # fmt: skip
    found: list[tuple[str, Measure, Share]] = [
        (scope, measure, share) for scope, measure, share in city if share is not None
    ]
    measures: tuple[Measure, ...] = ("area", "corridor", "demand")
    for row in state.by_district.to_dict("records"):
        for measure in measures:
            low, high = float(row.get(f"{measure}_low", np.nan)), float(row.get(f"{measure}_high", np.nan))
            if row["district"] and np.isfinite(low):
                found.append((str(row["district"]), measure, Share(low, low, high)))
    return found

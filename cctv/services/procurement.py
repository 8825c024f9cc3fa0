"""Can tender and installation be finished within the year? Times per step stand in ``procurement.toml``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Way:
    """A way of buying: up to which value of the package [Rp], and how many days it takes."""

    name: str
    most_idr: int
    days: int


@dataclass(frozen=True)
class Calendar:
    """Times of all steps, and where they come from.

    Attributes
    ----------
    source : str
        Where the figures come from.
    last_day : tuple of int
        Month and day of the last handover that is paid within the year.
    preparing_days, first_days, days_per_point : int
        Papers; start of installing; each point [d].
    start : mapping of str to tuple of int
        Source of money to month and day on which it can be spent.
    ways : tuple of Way
        By value, the smallest first.
    """

    source: str
    last_day: tuple[int, int]
    preparing_days: int
    start: Mapping[str, tuple[int, int]]
    ways: tuple[Way, ...]
    first_days: int
    days_per_point: int

    def finish(self, fund: str, year: int, value_idr: int, n_points: int, today: date) -> date:
        """Say when a package is ready at the earliest.

        Parameters
        ----------
        fund : str
            Source of the money.
        year : int
            Budget year.
        value_idr : int
            Value of the package with tax [Rp].
        n_points : int
            Points in it.
        today : date
            Nothing begins earlier.

        Returns
        -------
        date
            Day of the handover.
        """
        begins = max(date(year, *self.start[fund]), today)
        way = next((way for way in self.ways if value_idr <= way.most_idr), self.ways[-1])
        days = self.preparing_days + way.days + self.first_days + self.days_per_point * n_points
        return begins + timedelta(days)

    def latest(self, year: int) -> date:
        """Give the last day of a year on which work can be handed over.

        Parameters
        ----------
        year : int
            Budget year.

        Returns
        -------
        date
            That day.
        """
        return date(year, *self.last_day)


@cache
def calendar() -> Calendar:
    """Read the times.

    Returns
    -------
    Calendar
        As the file says.
    """
    text = tomllib.loads(Path(__file__).with_name("procurement.toml").read_text(encoding="utf-8"))
    installing = text["installing"]
    return Calendar(
        source=text["source"],
        last_day=tuple(text["last_day"]),
        preparing_days=text["preparing_days"],
        start={fund: tuple(day) for fund, day in text["start"].items()},
        ways=tuple(Way(**way) for way in text["way"]),
        first_days=installing["first_days"],
        days_per_point=installing["days_per_point"],
    )

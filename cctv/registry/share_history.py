"""Shares per day: added once per day and version of the method, never changed afterwards."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime
from typing import Any, Literal

from cctv.registry.connection import Registry
from cctv.registry.store import rows

Measure = Literal["area", "corridor", "demand", "twice"]
#: Scope of the whole city; other scopes are names of kelurahan.
CITY = ""
ACTOR = "sistem"


@dataclass(frozen=True)
class ShareOfDay:
    """One share of one day.

    Attributes
    ----------
    on_day : date
        Day in Western Indonesian Time.
    method_version : str
        Version of the calculation.
    cameras : {"alive", "designed"}
        With the cameras that were on, or with all of them.
    scope : str
        Kelurahan; empty for the city.
    measure : {"area", "corridor", "demand", "twice"}
        Share of area, of street length, of weighted demand, of area seen at least twice.
    low, high : float
        What was certain, and at most; 0 to 1.
    is_synthetic : bool
        Whether the city layers were made up.
    fingerprint : str
        Of the data it was computed from.
    computed_at : datetime
        When.
    """

    on_day: date
    method_version: str
    cameras: Literal["alive", "designed"]
    scope: str
    measure: Measure
    low: float
    high: float
    is_synthetic: bool
    fingerprint: str
    computed_at: datetime


def _share(row: dict[str, Any]) -> ShareOfDay:
    return ShareOfDay(**row)


def add_shares(registry: Registry, shares: Sequence[ShareOfDay]) -> int:
    """Keep the shares of a day, all or none; a day that is kept already with this method stays as it is.

    Parameters
    ----------
    registry : Registry
        Open register.
    shares : sequence of ShareOfDay
        Of one day and one version of the method.

    Returns
    -------
    int
        How many were added.
    """
    if not shares or has_day(registry, shares[0].on_day, shares[0].method_version):
        return 0
    with registry.transaction(ACTOR) as cursor:
        for share in shares:
            cursor.execute(
                "insert into share_day values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
                list(astuple(share)),
            )
    return len(shares)


def has_day(registry: Registry, on_day: date, method_version: str) -> bool:
    """Tell whether a day is kept.

    Parameters
    ----------
    registry : Registry
        Open register.
    on_day : date
        The day.
    method_version : str
        Version of the calculation.

    Returns
    -------
    bool
        True if it is.
    """
    sql = "select 1 from share_day where on_day = ? and method_version = ? limit 1"
    with registry.cursor() as cursor:
        return bool(rows(cursor, sql, [on_day, method_version]))


def list_shares(registry: Registry, scope: str = CITY) -> list[ShareOfDay]:
    """List the shares of all days.

    Parameters
    ----------
    registry : Registry
        Open register.
    scope : str
        Kelurahan; empty for the city.

    Returns
    -------
    list of ShareOfDay
        By day, method version, cameras and measure.
    """
    sql = "select * from share_day where scope = ? order by on_day, computed_at, method_version, cameras, measure"
    with registry.cursor() as cursor:
        return [_share(row) for row in rows(cursor, sql, [scope])]

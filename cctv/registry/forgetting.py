"""Forgetting what is older than the city wants to keep it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cctv.registry.alerts import ACTOR, forget_alerts
from cctv.registry.connection import Registry
from cctv.registry.incident_pictures import forget_pictures

#: Lines of the access log about pictures; sign-ins, layers and exports are kept.
VIEWS = ("lihat_gambar",)


@dataclass(frozen=True)
class Keeping:
    """How long things are kept [days].

    Attributes
    ----------
    pictures : int
        Pictures of alerts, and of incidents after they were closed.
    alerts : int
        Alerts that are over.
    views : int
        Lines about pictures looked at.
    """

    pictures: int
    alerts: int
    views: int


def forget(registry: Registry, keeping: Keeping, now: datetime) -> None:
    """Delete what is too old.

    Parameters
    ----------
    registry : Registry
        Open register.
    keeping : Keeping
        How long things are kept.
    now : datetime
        The present moment, aware.
    """
    pictures, alerts, views = (now - timedelta(days=days) for days in (keeping.pictures, keeping.alerts, keeping.views))
    forget_alerts(registry, pictures, alerts)
    forget_pictures(registry, ACTOR, pictures)
    with registry.transaction(ACTOR) as cursor:
        sql = "delete from access_log where list_contains(?, action) and happened_at < ?"
        cursor.execute(sql, [list(VIEWS), views])

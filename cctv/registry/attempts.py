"""Lock-out: failed sign-ins are counted per name, existing or not, before the password is looked at."""

from datetime import datetime, timedelta

from cctv.errors import AccessError
from cctv.registry.connection import Registry
from cctv.registry.secret import hashed
from cctv.registry.store import rows

MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
_ACTOR = "masuk"


def count_attempt(registry: Registry, username: str, now: datetime) -> datetime | None:
    """Count an attempt as failed until it is forgiven, so that many guesses at once count as many.

    Parameters
    ----------
    registry : Registry
        Open register.
    username : str
        As typed.
    now : datetime
        Aware moment.

    Returns
    -------
    datetime or None
        Until when the name is locked if this attempt fails; None if more attempts are left.

    Raises
    ------
    AccessError
        ``locked``, with ``until`` in its parameters.
    """
    with registry.transaction(_ACTOR) as cursor:
        cursor.execute("delete from sign_in_attempt where greatest(last_at + ?, locked_until) <= ?", [LOCKED_FOR, now])
        found = rows(cursor, "select * from sign_in_attempt where name_hash = ?", [hashed(username)])
        locked_until = found[0]["locked_until"] if found else None
        if isinstance(locked_until, datetime):
            raise AccessError("locked", f"until {locked_until:%H:%M}", {"until": locked_until})
        failures = int(str(found[0]["failures"])) + 1 if found else 1
        until = now + LOCKED_FOR if failures >= MOST_FAILURES else None
        cursor.execute(
            "insert or replace into sign_in_attempt values (?, ?, ?, ?)", [hashed(username), failures, until, now]
        )
    return until


def forgive_attempts(registry: Registry, username: str) -> None:
    """Forget the failed attempts of a name: it signed in, or got a new password.

    Parameters
    ----------
    registry : Registry
        Open register.
    username : str
        As typed.
    """
    with registry.transaction(_ACTOR) as cursor:
        cursor.execute("delete from sign_in_attempt where name_hash = ?", [hashed(username)])

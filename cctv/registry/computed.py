"""Results kept between starts, by a key that names everything they depend on; losing them costs time, nothing else."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from cctv.registry.connection import Registry

MOST_SPARE = 5_000
"""So many results of a kind that nobody asked for last time may stay."""

_ACTOR = "computed"


def fetch(registry: Registry, kind: str, keys: Sequence[str]) -> dict[str, bytes]:
    """Read results.

    Parameters
    ----------
    registry : Registry
        Open register.
    kind : str
        What kind of result.
    keys : sequence of str
        What is asked for.

    Returns
    -------
    dict of str to bytes
        Those that are kept.

    Raises
    ------
    RegistryError
        As `Registry.cursor`.
    """
    with registry.cursor() as cursor:
        cursor.execute(
            "select key, value from computed where kind = ? and key in (select unnest(?::varchar[]))",
            [kind, list(keys)],
        )
        return {str(key): bytes(value) for key, value in cursor.fetchall()}


def keep(registry: Registry, kind: str, results: Mapping[str, bytes], in_use: Sequence[str]) -> None:
    """Keep results, and let go of the oldest of those that are not in use.

    Parameters
    ----------
    registry : Registry
        Open register.
    kind : str
        What kind of result.
    results : mapping of str to bytes
        New results by key; a key that is kept already gets the new value.
    in_use : sequence of str
        Keys that stay whatever their age.

    Raises
    ------
    RegistryError
        As `Registry.transaction`.
    """
    with registry.transaction(_ACTOR) as cursor:
        cursor.execute(
            "insert or replace into computed select ?, unnest(?::varchar[]), unnest(?::blob[]), ?",
            [kind, list(results), list(results.values()), datetime.now(UTC)],
        )
        cursor.execute(
            "delete from computed where kind = $kind and key in (select key from computed where kind = $kind and key "
            "not in (select unnest($used::varchar[])) order by made_at desc, key limit all offset $spare)",
            {"kind": kind, "used": list(in_use), "spare": MOST_SPARE},
        )

"""The history: who changed what, when, why, before and after; and the number that says whether anything changed."""

from typing import Any

from cctv.registry.connection import Registry
from cctv.registry.models import Change
from cctv.registry.store import loaded, rows


def _change(row: dict[str, Any]) -> Change:
    fields = {name: value for name, value in row.items() if name != "newest"}
    fields |= {name: loaded(row[name]) for name in ("before", "after")}
    return Change(**fields)


def changes(
    registry: Registry, entity: str | None = None, entity_id: str | None = None, limit: int = 200, *,
    actor: str | None = None,
) -> list[Change]:  # fmt: skip
    """List changes, the newest first.

    Parameters
    ----------
    registry : Registry
        Open register.
    entity : str, optional
        Only of this kind of record.
    entity_id : str, optional
        Only of this record.
    limit : int
        How many at the most.
    actor : str, optional
        Only by this person.

    Returns
    -------
    list of Change
        Newest first.
    """
    wanted = {"entity": entity, "entity_id": entity_id, "actor": actor}
    given = {name: value for name, value in wanted.items() if value is not None}
    where = " and ".join(["true", *(f"{name} = ?" for name in given)])
    sql = f"select * from history where {where} order by change_id desc limit ?"  # noqa: S608 - our own names
    with registry.cursor() as cursor:
        return [_change(row) for row in rows(cursor, sql, [*given.values(), limit])]


def made_together(registry: Registry, change: Change) -> tuple[list[Change], bool]:
    """List the changes of the transaction that a change belongs to.

    Parameters
    ----------
    registry : Registry
        Open register.
    change : Change
        One of them.

    Returns
    -------
    list of Change
        All of them, the oldest first: they share the moment and the name.
    bool
        Whether each is still the newest of its record.
    """
    sql = """
        with together as (select * from history where changed_at = ? and actor = ?),
            newest as (
                select entity, entity_id, max(change_id) as newest from history
                where (entity, entity_id) in (select (entity, entity_id) from together) group by all
            )
        select together.*, newest.newest from together join newest using (entity, entity_id) order by change_id
    """
    with registry.cursor() as cursor:
        found = rows(cursor, sql, [change.changed_at, change.actor])
    return [_change(row) for row in found], all(row["newest"] == row["change_id"] for row in found)


def data_version(registry: Registry) -> int:
    """Give a number that grows with every change of points, cameras, agencies, prices, verified views or counts.

    Parameters
    ----------
    registry : Registry
        Open register.

    Returns
    -------
    int
        Id of the newest change; accounts and sessions do not count.
    """
    return newest_change(registry, ("point", "camera", "agency", "price", "verified_view", "count_set"))


def account_version(registry: Registry) -> int:
    """Give a number that grows with every change of an account.

    Parameters
    ----------
    registry : Registry
        Open register.

    Returns
    -------
    int
        Id of the newest change.
    """
    return newest_change(registry, ("account",))


def newest_change(registry: Registry, entities: tuple[str, ...]) -> int:
    """Give the id of the newest change of some kinds of record.

    Parameters
    ----------
    registry : Registry
        Open register.
    entities : tuple of str
        Kinds of record.

    Returns
    -------
    int
        0 if there is none.
    """
    sql = "select coalesce(max(change_id), 0) from history where list_contains(?, entity)"
    with registry.cursor() as cursor:
        row = cursor.execute(sql, [list(entities)]).fetchone()
    return int(row[0]) if row else 0


def changes_since(registry: Registry, entities: tuple[str, ...], change_id: int) -> list[tuple[str, str]]:
    """List the records of some kinds that changed after a change.

    Parameters
    ----------
    registry : Registry
        Open register.
    entities : tuple of str
        Kinds of record.
    change_id : int
        Changes after this one count.

    Returns
    -------
    list of (str, str)
        Kind and id, each once, sorted.
    """
    sql = "select distinct entity, entity_id from history where list_contains(?, entity) and change_id > ? order by all"
    with registry.cursor() as cursor:
        return [(str(row["entity"]), str(row["entity_id"])) for row in rows(cursor, sql, [list(entities), change_id])]

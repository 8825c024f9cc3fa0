"""The history: who changed what, when, why, before and after; and the number that says whether anything changed."""

from typing import Any

from cctv.registry.connection import Registry
from cctv.registry.models import Change
from cctv.registry.store import loaded, rows


def _change(row: dict[str, Any]) -> Change:
    fields = dict(row)
    fields |= {name: loaded(row[name]) for name in ("before", "after")}
    return Change(**fields)


def changes(
    registry: Registry, entity: str | None = None, entity_id: str | None = None, limit: int = 200
) -> list[Change]:
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

    Returns
    -------
    list of Change
        Newest first.
    """
    sql = """
        select * from history
        where (?::varchar is null or entity = ?) and (?::varchar is null or entity_id = ?)
        order by change_id desc limit ?
    """
    with registry.cursor() as cursor:
        return [_change(row) for row in rows(cursor, sql, [entity, entity, entity_id, entity_id, limit])]


def data_version(registry: Registry) -> int:
    """Give a number that grows with every change of points, cameras, agencies, prices or verified views.

    Parameters
    ----------
    registry : Registry
        Open register.

    Returns
    -------
    int
        Id of the newest change; accounts and sessions do not count.
    """
    return _newest(registry, ("point", "camera", "agency", "price", "verified_view"))


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
    return _newest(registry, ("account",))


def _newest(registry: Registry, entities: tuple[str, ...]) -> int:
    sql = "select coalesce(max(change_id), 0) from history where list_contains(?, entity)"
    with registry.cursor() as cursor:
        row = cursor.execute(sql, [list(entities)]).fetchone()
    return int(row[0]) if row else 0

"""Points (titik): read, create, change, remove."""

from collections.abc import Mapping, Sequence
from typing import Any

from cctv.errors import Problem, ValidationError, raise_if_any
from cctv.registry import checks
from cctv.registry.connection import Registry
from cctv.registry.models import Point
from cctv.registry.store import Table, Writer, existing, find, id_problems, rows, writing

TABLE = Table("point", "point_id")


def _point(row: Mapping[str, Any]) -> Point:
    return Point(**row)


def list_points(registry: Registry) -> list[Point]:
    """List all points.

    Parameters
    ----------
    registry : Registry
        Open register.

    Returns
    -------
    list of Point
        By id.
    """
    with registry.cursor() as cursor:
        return [_point(row) for row in rows(cursor, "select * from point order by point_id")]


def get_points(registry: Registry, point_ids: Sequence[str]) -> list[Point]:
    """Read some points.

    Parameters
    ----------
    registry : Registry
        Open register.
    point_ids : sequence of str
        Which.

    Returns
    -------
    list of Point
        By id; those that are not in the register are left out.
    """
    sql = "select * from point where point_id in (select unnest(?::varchar[])) order by point_id"
    with registry.cursor() as cursor:
        return [_point(row) for row in rows(cursor, sql, [list(point_ids)])]


def get_point(registry: Registry, point_id: str) -> Point:
    """Read one point.

    Parameters
    ----------
    registry : Registry
        Open register.
    point_id : str
        Which point.

    Returns
    -------
    Point
        As it is now.

    Raises
    ------
    NotFoundError
        If there is no such point.
    """
    with registry.cursor() as cursor:
        row = existing(cursor, TABLE, point_id)
    return _point(row)


def create_point(registry: Registry, actor: str, values: Mapping[str, object], reason: str) -> Point:
    """Add a point.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    values : mapping
        All fields of a point but the version.
    reason : str
        Why.

    Returns
    -------
    Point
        As it is now.

    Raises
    ------
    ValidationError
        Lists every value that is not acceptable.
    """
    point_id = str(values.get("point_id", ""))
    fields = {name: value for name, value in values.items() if name != "point_id"}
    with writing(registry, actor) as writer:
        found = [*checks.problems(checks.POINT, point_id, fields), *checks.missing(checks.POINT, point_id, fields)]
        found += [*checks.position_problems(point_id, fields), *id_problems(writer.cursor, TABLE, point_id)]
        raise_if_any(found, ValidationError, code="invalid", message=f"point {point_id}")
        writer.create(TABLE, values, reason)
    return get_point(registry, point_id)


def update_point(
    registry: Registry, actor: str, point_id: str, version: int, changes: Mapping[str, object], reason: str
) -> Point:
    """Change a point.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    point_id : str
        Which point.
    version : int
        Version that the person saw.
    changes : mapping
        Field to new value.
    reason : str
        Why.

    Returns
    -------
    Point
        As it is now.

    Raises
    ------
    ValidationError
        Lists every value that is not acceptable.
    StaleEditError
        If somebody else changed it in the meantime; ``params["current"]`` is their version.
    NotFoundError
        If there is no such point.
    """
    with writing(registry, actor) as writer:
        return change_point(writer, point_id, version, changes, reason)


def change_point(writer: Writer, point_id: str, version: int, changes: Mapping[str, object], reason: str) -> Point:
    """Change a point inside a transaction that changes other records too.

    Parameters
    ----------
    writer : Writer
        Open transaction.
    point_id : str
        Which point.
    version : int
        Version that the person saw.
    changes : mapping
        Field to new value.
    reason : str
        Why.

    Returns
    -------
    Point
        As it is now.

    Raises
    ------
    ValidationError
        Lists every value that is not acceptable.
    StaleEditError
        If somebody else changed it in the meantime; ``params["current"]`` is their version.
    NotFoundError
        If there is no such point.
    """
    found = list(checks.problems(checks.POINT, point_id, changes))
    found += checks.position_problems(point_id, {**(find(writer.cursor, TABLE, point_id) or {}), **changes})
    raise_if_any(found, ValidationError, code="invalid", message=f"point {point_id}")
    return _point(writer.update(TABLE, point_id, version, changes, reason, shown=_point))


def remove_point(registry: Registry, actor: str, point_id: str, version: int, reason: str) -> None:
    """Take out a point that never carried a camera; what it was stays in the history.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    point_id : str
        Which point.
    version : int
        Version that the person saw.
    reason : str
        Why; must not be empty.

    Raises
    ------
    ValidationError
        If there is no reason, or a camera stands on it, removed ones too: their history needs the place.
    StaleEditError
        If somebody else changed it in the meantime.
    NotFoundError
        If there is no such point.
    """
    with writing(registry, actor) as writer:
        found = [] if reason.strip() else [Problem("required", point_id, "reason")]
        standing = rows(writer.cursor, "select camera_id from camera where point_id = ? order by 1", [point_id])
        found += [Problem("has_camera", point_id, "camera_id", str(row["camera_id"])) for row in standing]
        raise_if_any(found, ValidationError, code="invalid", message=f"point {point_id}")
        writer.delete(TABLE, point_id, version, reason, shown=_point)

"""Points (titik): read, create, change."""

from collections.abc import Mapping
from typing import Any

from cctv.errors import NotFoundError, Problem, ValidationError, raise_if_any
from cctv.registry import checks
from cctv.registry.connection import Registry
from cctv.registry.models import Point
from cctv.registry.store import Table, find, rows, writing

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
        row = find(cursor, TABLE, point_id)
    if row is None:
        raise NotFoundError("not_found", f"point {point_id}", {"entity": "point", "id": point_id})
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
    _check(point_id, {name: value for name, value in values.items() if name != "point_id"}, needed=checks.POINT)
    with writing(registry, actor) as writer:
        if find(writer.cursor, TABLE, point_id) is not None:
            raise_if_any([Problem("taken", point_id, "point_id", point_id)], ValidationError,
                         code="invalid", message=f"point {point_id} exists")  # fmt: skip
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
        If somebody else changed it in the meantime.
    NotFoundError
        If there is no such point.
    """
    _check(point_id, changes)
    with writing(registry, actor) as writer:
        before = find(writer.cursor, TABLE, point_id) or {}
        _check(point_id, {name: changes.get(name, before.get(name)) for name in ("lon", "lat")})
        return _point(writer.update(TABLE, point_id, version, changes, reason))


def _check(point_id: str, values: Mapping[str, object], *, needed: Mapping[str, object] | None = None) -> None:
    found = list(checks.problems(checks.POINT, point_id, values))
    found += [Problem("required", point_id, name) for name in needed or {} if name not in values]
    if "lon" in values and "lat" in values and (values["lon"] is None) != (values["lat"] is None):
        found.append(Problem("half_position", point_id, "lon, lat", f"{values['lon']}, {values['lat']}"))
    raise_if_any(found, ValidationError, code="invalid", message=f"point {point_id}")

"""Cameras by what a person looks for, a page at a time: the register may hold 100,000 of them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from cctv.registry.connection import Registry
from cctv.registry.models import Camera, Point
from cctv.registry.store import rows

_POINT = tuple(column.name for column in fields(Point))
_LIVE = "c.status <> 'removed'"
_JOINED = f"from camera c join point p using (point_id) left join agency a using (agency_id) where {_LIVE}"
_TEXT = "lower(concat_ws(' ', p.name, p.street, p.kelurahan, c.name, coalesce(a.name, c.agency_id), c.camera_id))"
_CAMERA = """
    c.* exclude (stream_secret), c.stream_secret <> '' as has_stream, coalesce(a.name, c.agency_id) as agency_name
"""


@dataclass(frozen=True)
class Search:
    """What a person looks for; an empty choice means everything. Cameras that are removed are never found.

    Attributes
    ----------
    text : str
        Words that must all occur in name, street, kelurahan, owner or id.
    owners, statuses, kelurahan, camera_types : tuple of str
        Agency ids, statuses, names of kelurahan, types; any of them.
    """

    text: str = ""
    owners: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    kelurahan: tuple[str, ...] = ()
    camera_types: tuple[str, ...] = ()

    @property
    def query(self) -> tuple[str, list[object]]:
        """Tables and condition in SQL, and the values of its placeholders; only the tables that are looked into."""
        words = self.text.lower().split()
        lists = {
            "c.agency_id": self.owners, "c.status": self.statuses, "p.kelurahan": self.kelurahan,
            "c.camera_type": self.camera_types,
        }  # fmt: skip
        chosen = {column: list(values) for column, values in lists.items() if values}
        conditions = [f"contains({_TEXT}, ?)"] * len(words) + [f"list_contains(?, {column})" for column in chosen]
        tables = _JOINED if words or self.kelurahan else f"from camera c where {_LIVE}"
        return "".join([tables, *(f" and {condition}" for condition in conditions)]), [*words, *chosen.values()]


@dataclass(frozen=True)
class Found:
    """One camera with its point."""

    point: Point
    camera: Camera


@dataclass(frozen=True)
class Offered:
    """What can be looked for: owners by id with their names, kelurahan, statuses and types that occur."""

    owners: dict[str, str]
    kelurahan: tuple[str, ...]
    statuses: tuple[str, ...]
    camera_types: tuple[str, ...]


def count_cameras(registry: Registry, search: Search) -> int:
    """Count the cameras that a search finds.

    Parameters
    ----------
    registry : Registry
        Open register.
    search : Search
        What to look for.

    Returns
    -------
    int
        How many.
    """
    found, values = search.query
    with registry.cursor() as cursor:
        return int(str(rows(cursor, f"select count(*) as n {found}", values)[0]["n"]))


def camera_page(registry: Registry, search: Search, *, first: int = 0, most: int | None = None) -> list[Found]:
    """Read a page of cameras.

    Parameters
    ----------
    registry : Registry
        Open register.
    search : Search
        What to look for.
    first : int
        How many to leave out before the page.
    most : int, optional
        Length of the page; all that are found by default.

    Returns
    -------
    list of Found
        By id of the camera.
    """
    found, values = search.query
    points = ", ".join(f"p.{name} as p_{name}" for name in _POINT)
    # The page is cut before points and owners are joined to it.
    sql = f"""
        select {_CAMERA}, {points}
        from (select c.* {found} order by c.camera_id limit ? offset ?) as c
            join point p using (point_id) left join agency a using (agency_id)
        order by c.camera_id
    """  # noqa: S608 - our own names
    with registry.cursor() as cursor:
        return [_found(row) for row in rows(cursor, sql, [*values, most, first])]


def offered(registry: Registry) -> Offered:
    """List what can be looked for.

    Parameters
    ----------
    registry : Registry
        Open register.

    Returns
    -------
    Offered
        Values that occur, sorted.
    """
    sql = f"""
        select list(distinct (c.agency_id, coalesce(a.name, c.agency_id))) as owners,
            list(distinct p.kelurahan) as kelurahan, list(distinct c.status) as statuses,
            list(distinct c.camera_type) as camera_types
        {_JOINED}
    """
    with registry.cursor() as cursor:
        row: dict[str, Any] = rows(cursor, sql)[0]
    owners = sorted(row["owners"] or [], key=lambda pair: (pair[1], pair[0]))
    return Offered(
        dict(owners),
        *(tuple(sorted(filter(None, row[name] or []))) for name in ("kelurahan", "statuses", "camera_types")),
    )


def _found(row: dict[str, Any]) -> Found:
    point = {name: row[f"p_{name}"] for name in _POINT}
    camera = {name: value for name, value in row.items() if not name.startswith("p_")}
    return Found(Point(**point), Camera(**camera))


def positions_within(
    registry: Registry, west: float, south: float, east: float, north: float
) -> Sequence[tuple[str, float, float]]:
    """List the points in a box.

    Parameters
    ----------
    registry : Registry
        Open register.
    west, south, east, north : float
        The box, EPSG:4326 [deg].

    Returns
    -------
    sequence of (str, float, float)
        Id, longitude and latitude [deg], by id.
    """
    sql = "select point_id, lon, lat from point where lon between ? and ? and lat between ? and ? order by point_id"
    with registry.cursor() as cursor:
        return cursor.execute(sql, [west, east, south, north]).fetchall()

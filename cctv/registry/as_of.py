"""The whole register as it stood at a moment of the past, read from the history."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from cctv.registry.connection import Registry
from cctv.registry.models import Camera, Point
from cctv.registry.store import Row, loaded, rows

DAYS = frozenset({"as_of", "installed_on"})
MOMENTS = frozenset({"status_since"})
_LATEST = """
    select entity, entity_id, arg_max(after, change_id) as after from history
    where changed_at <= ? and entity in ('point', 'camera', 'agency') group by all order by entity, entity_id
"""


@dataclass(frozen=True)
class PastRegister:
    """Points and cameras as they stood at a moment.

    Attributes
    ----------
    points : tuple of Point
        By id.
    cameras : tuple of Camera
        By id; removed ones too, with the name their owner had then.
    """

    points: tuple[Point, ...]
    cameras: tuple[Camera, ...]


def register_as_of(registry: Registry, moment: datetime) -> PastRegister:
    """Read the register as it stood.

    Parameters
    ----------
    registry : Registry
        Open register.
    moment : datetime
        With its time zone; changes up to and including it count.

    Returns
    -------
    PastRegister
        Empty before the first change. A column that did not exist then has its default.
    """
    with registry.cursor() as cursor:
        found = rows(cursor, _LATEST, [moment])
    kept = {(str(row["entity"]), str(row["entity_id"])): loaded(row["after"]) for row in found}
    agencies = {key: str(row["name"]) for (entity, key), row in kept.items() if entity == "agency" and row}
    return PastRegister(
        tuple(_record(Point, row) for (entity, _), row in kept.items() if entity == "point" and row),
        tuple(_camera(row, agencies) for (entity, _), row in kept.items() if entity == "camera" and row),
    )


def typed(row: Mapping[str, object]) -> Row:
    """Turn a row of the history back into values of the register.

    Parameters
    ----------
    row : mapping
        As the history keeps it: days and moments are text there.

    Returns
    -------
    dict
        Column to value.
    """
    return {name: _value(name, value) for name, value in row.items()}


def _value(name: str, value: object) -> object:
    if value is not None and name in DAYS:
        return date.fromisoformat(str(value))
    return datetime.fromisoformat(str(value)) if value is not None and name in MOMENTS else value


def _record(kind: type[Any], row: Row) -> Any:  # noqa: ANN401 - a point or a camera
    names = {field.name for field in fields(kind)}
    return kind(**{name: value for name, value in typed(row).items() if name in names})


def _camera(row: Row, agencies: Mapping[str, str]) -> Camera:
    owner = str(row["agency_id"])
    shown = {"has_stream": row["stream_secret"] != "", "agency_name": agencies.get(owner, owner)}
    return _record(Camera, {**row, **shown})

"""Walls of pictures: the layouts that a role has saved."""

import json
from dataclasses import dataclass

from cctv.errors import Problem, ValidationError, raise_if_any
from cctv.permissions import Role
from cctv.registry.connection import Registry
from cctv.registry.store import Row, Table, find, rows, writing

TABLE = Table("wall_layout", "layout_id")
SIZES = (1, 4, 9, 16)
LONGEST_NAME = 60
MOST_CAMERAS = 64
REASON = "tata letak dinding"


@dataclass(frozen=True)
class WallLayout:
    """One saved wall.

    Attributes
    ----------
    name : str
        What the role calls it.
    size : {1, 4, 9, 16}
        Pictures at a time.
    camera_ids : tuple of str
        Cameras in the order they are shown.
    """

    name: str
    size: int
    camera_ids: tuple[str, ...]


def list_layouts(registry: Registry, role: Role) -> list[WallLayout]:
    """List the walls of a role.

    Parameters
    ----------
    registry : Registry
        Open register.
    role : Role
        Whose.

    Returns
    -------
    list of WallLayout
        By name.
    """
    with registry.cursor() as cursor:
        found = rows(cursor, "select * from wall_layout where role = ? order by name", [role.value])
    return [_layout(row) for row in found]


def save_layout(registry: Registry, actor: str, role: Role, layout: WallLayout) -> None:
    """Keep a wall; one of the same name and role is replaced.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    role : Role
        Whose.
    layout : WallLayout
        What to keep.

    Raises
    ------
    ValidationError
        Lists every value that is not acceptable.
    """
    key = _key(role, layout.name)
    raise_if_any(_problems(key, layout), ValidationError, code="invalid", message=f"wall {key}")
    values: Row = {"size": layout.size, "camera_ids": json.dumps(layout.camera_ids)}
    with writing(registry, actor) as writer:
        if find(writer.cursor, TABLE, key) is None:
            writer.create(TABLE, {"layout_id": key, "role": role.value, "name": layout.name, **values}, REASON)
        else:
            writer.update(TABLE, key, None, values, REASON)


def delete_layout(registry: Registry, actor: str, role: Role, name: str) -> None:
    """Take a wall away.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    role : Role
        Whose.
    name : str
        Which.

    Raises
    ------
    NotFoundError
        If there is none of that name.
    """
    key = _key(role, name)
    with writing(registry, actor) as writer:
        before = find(writer.cursor, TABLE, key)
        writer.delete(TABLE, key, int(str(before["version"])) if before else 0, REASON)


def _problems(key: str, layout: WallLayout) -> list[Problem]:
    found: list[Problem] = []
    if not layout.name.strip():
        found.append(Problem("required", key, "name", layout.name))
    if len(layout.name) > LONGEST_NAME:
        found.append(Problem("too_long", key, "name", str(len(layout.name)), str(LONGEST_NAME)))
    if layout.size not in SIZES:
        found.append(Problem("choice", key, "size", str(layout.size), ", ".join(map(str, SIZES))))
    if not 0 < len(layout.camera_ids) <= MOST_CAMERAS:
        found.append(Problem("choice", key, "camera_ids", str(len(layout.camera_ids)), f"1-{MOST_CAMERAS}"))
    return found


def _key(role: Role, name: str) -> str:
    return f"{role.value}/{name}"


def _layout(row: Row) -> WallLayout:
    return WallLayout(str(row["name"]), int(str(row["size"])), tuple(json.loads(str(row["camera_ids"]))))

"""Sets of counts at points: added and removed as a whole, switched on and off, each with its history."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cctv.errors import ValidationError, raise_if_any
from cctv.registry.connection import Registry
from cctv.registry.store import Table, id_problems, rows, writing

TABLE = Table("count_set", "set_id")
Factor = Literal["exposure", "incident"]
Kind = Literal["measured", "estimated", "synthetic"]
POINT_COLUMNS = ("row_no", "x_m", "y_m", "amount", "on_day", "is_inside")


@dataclass(frozen=True)
class CountSet:
    """What is known of a set.

    Attributes
    ----------
    set_id : str
        Id.
    factor : {"exposure", "incident"}
        What it weighs.
    title, source : str
        What was counted, and by whom.
    as_of : date
        Date of the data; ages are taken from it.
    kind : {"measured", "estimated", "synthetic"}
        How it came about.
    n_points, n_outside, n_refused : int
        Points kept; how many of them lie outside the city and do not count; rows of the file that were left out.
    file_name, file_sha256 : str
        The file it was read from.
    added_at, added_by : datetime, str
        When, by whom.
    is_on : bool
        Whether it weighs the demand; at most one set per factor does.
    version : int
        Version of the row.
    """

    set_id: str
    factor: Factor
    title: str
    source: str
    as_of: date
    kind: Kind
    n_points: int
    n_outside: int
    n_refused: int
    file_name: str
    file_sha256: str
    added_at: datetime
    added_by: str
    is_on: bool
    version: int = 1


def _set(row: dict[str, Any]) -> CountSet:
    return CountSet(**row)


def list_sets(registry: Registry) -> list[CountSet]:
    """List all sets.

    Parameters
    ----------
    registry : Registry
        Open register.

    Returns
    -------
    list of CountSet
        By factor, the newest first.
    """
    with registry.cursor() as cursor:
        return [_set(row) for row in rows(cursor, "select * from count_set order by factor, added_at desc, set_id")]


def add_set(registry: Registry, actor: str, values: CountSet, points: pd.DataFrame, reason: str) -> None:
    """Keep a set, all of it or nothing.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    values : CountSet
        What is known of it; switched off.
    points : DataFrame
        Columns ``row_no``, ``x_m``, ``y_m`` (EPSG:32749 [m]), ``amount``, ``on_day``, ``is_inside``.
    reason : str
        Why.

    Raises
    ------
    ValidationError
        If the id is empty or taken.
    """
    kept = {name: value for name, value in vars(values).items() if name != "version"}
    with writing(registry, actor) as writer:
        problems = id_problems(writer.cursor, TABLE, values.set_id)
        raise_if_any(problems, ValidationError, code="invalid", message=f"count set {values.set_id}")
        writer.create(TABLE, kept, reason)
        writer.cursor.register("new_points", points[list(POINT_COLUMNS)])
        writer.cursor.execute("insert into count_point select ?, * from new_points", [values.set_id])
        writer.cursor.unregister("new_points")


def points_of(registry: Registry, set_id: str) -> dict[str, NDArray[Any]]:
    """Read the points of a set.

    Parameters
    ----------
    registry : Registry
        Open register.
    set_id : str
        Which set.

    Returns
    -------
    dict of str to ndarray, shape (n,)
        Columns as in :func:`add_set`, in the order of the file; ``on_day`` as ``datetime64[D]``.
    """
    with registry.cursor() as cursor:
        sql = "select row_no, x_m, y_m, amount, on_day, is_inside from count_point where set_id = ? order by row_no"
        found = cursor.execute(sql, [set_id]).fetchnumpy()
    columns: dict[str, NDArray[Any]] = {name: np.asarray(column) for name, column in found.items()}
    return columns | {"on_day": columns["on_day"].astype("datetime64[D]")}


def switch_set(registry: Registry, actor: str, chosen: CountSet, *, is_on: bool, reason: str) -> None:
    """Let a set weigh the demand, in place of another one of its factor; or stop it.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    chosen : CountSet
        The set as the person saw it.
    is_on : bool
        Whether it is to count.
    reason : str
        Why.

    Raises
    ------
    StaleEditError
        If somebody changed it in the meantime.
    NotFoundError
        If it is gone.
    """
    others = "select * from count_set where factor = ? and is_on and set_id <> ?"
    with writing(registry, actor) as writer:
        writer.update(TABLE, chosen.set_id, chosen.version, {"is_on": is_on}, reason)
        for row in rows(writer.cursor, others, [chosen.factor, chosen.set_id]) if is_on else ():
            writer.update(TABLE, str(row["set_id"]), None, {"is_on": False}, reason)


def remove_set(registry: Registry, actor: str, chosen: CountSet, reason: str) -> None:
    """Take a set out with all its points; the history keeps what is known of it.

    Parameters
    ----------
    registry : Registry
        Open register.
    actor : str
        Name on the change.
    chosen : CountSet
        The set as the person saw it.
    reason : str
        Why.

    Raises
    ------
    StaleEditError
        If somebody changed it in the meantime.
    NotFoundError
        If it is gone.
    """
    with writing(registry, actor) as writer:
        writer.delete(TABLE, chosen.set_id, chosen.version, reason)
        writer.cursor.execute("delete from count_point where set_id = ?", [chosen.set_id])

"""The scales of picture quality, read from ``data/levels.toml``: which pixel density is good enough for what."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast

from coverage.errors import InvalidObserverError

Scale = Literal["iec-2025", "iec-2014"]
SCALES: tuple[Scale, ...] = ("iec-2025", "iec-2014")
_FILE = Path(__file__).parent / "data" / "levels.toml"


@dataclass(frozen=True)
class Level:
    """One level of a scale.

    Attributes
    ----------
    key : str
        Stable name, key of the text people read.
    px_per_m : float
        Least pixel density [px/m].
    """

    key: str
    px_per_m: float


@dataclass(frozen=True)
class LevelScale:
    """A scale as its standard defines it.

    Attributes
    ----------
    key : str
        ``iec-2025`` or ``iec-2014``.
    edition : str
        Standard and year, shown wherever a level is shown.
    published : str
        When the edition came out.
    source : str
        Where the figures were read.
    certainty : str
        How sure the figures are.
    levels : tuple of Level
        From the coarsest to the finest.
    """

    key: str
    edition: str
    published: str
    source: str
    certainty: str
    levels: tuple[Level, ...]


def level_scale(scale: Scale) -> LevelScale:
    """Give one scale.

    Parameters
    ----------
    scale : {"iec-2025", "iec-2014"}
        Which edition.

    Returns
    -------
    LevelScale
        Its levels, edition and source.

    Raises
    ------
    InvalidObserverError
        If there is no such scale (``scale_unknown``).

    Examples
    --------
    >>> level_scale("iec-2025").levels[0]
    Level(key='overview', px_per_m=20.0)
    """
    scales = _scales()
    if scale not in scales:
        known = ", ".join(scales)
        raise InvalidObserverError(
            "scale_unknown", f"scale={scale!r}, expected {known}", {"value": scale, "known": known}
        )
    return scales[scale]


@cache
def _scales() -> dict[str, LevelScale]:
    tables = cast("dict[str, dict[str, object]]", tomllib.loads(_FILE.read_text(encoding="utf-8")))
    return {key: _scale(key, table) for key, table in tables.items()}


def _scale(key: str, table: dict[str, object]) -> LevelScale:
    rows = cast("list[dict[str, object]]", table["levels"])
    return LevelScale(
        key,
        str(table["edition"]),
        str(table["published"]),
        str(table["source"]),
        str(table["certainty"]),
        tuple(Level(str(row["key"]), float(cast("float", row["px_per_m"]))) for row in rows),
    )

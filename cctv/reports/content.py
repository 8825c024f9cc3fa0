"""What a report on coverage is made of: figures, rows, map layers, sources, and who takes it out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from cctv.i18n import moment, percent, t


@dataclass(frozen=True)
class Stamp:
    """Who takes a report out, when and for what; it stands on everything that leaves.

    Attributes
    ----------
    username : str
        Name of the account.
    taken_at : datetime
        When, aware.
    reason : str
        For what.
    """

    username: str
    taken_at: datetime
    reason: str

    @property
    def text(self) -> str:
        """One line with name and time."""
        return t("sheet.stamp", who=self.username, when=moment(self.taken_at))

    @property
    def columns(self) -> dict[str, str]:
        """Columns that mark every row of a table that leaves."""
        return {
            "diunduh_oleh": self.username,
            "diunduh_pada": moment(self.taken_at),
            "keperluan": self.reason,
        }


@dataclass(frozen=True)
class Interval:
    """A share between its two ends, 0 to 1; NaN where there is nothing to watch.

    Attributes
    ----------
    low : float
        What is certain.
    high : float
        With all that is possible.
    """

    low: float
    high: float

    @property
    def text(self) -> str:
        """Both ends in words, a dash where there is nothing to watch."""
        if not np.isfinite(self.low):
            return t("sheet.nothing")
        return t("sheet.interval", low=percent(self.low), high=percent(self.high))


@dataclass(frozen=True)
class Figure:
    """One key figure.

    Attributes
    ----------
    label, meaning : str
        Its full name, and one sentence that says what it means.
    alive, designed : Interval
        With the cameras that are on; with all of them.
    """

    label: str
    meaning: str
    alive: Interval
    designed: Interval


@dataclass(frozen=True)
class DistrictRow:
    """One kelurahan.

    Attributes
    ----------
    name : str
        Kelurahan.
    area_m2, corridor_m : float
        Public space [m2] and streets [m].
    area, corridor, designed : Interval
        Share of area and of street length with the cameras that are on, of area with all of them.
    """

    name: str
    area_m2: float
    corridor_m: float
    area: Interval
    corridor: Interval
    designed: Interval


@dataclass(frozen=True)
class Source:
    """Where one layer comes from.

    Attributes
    ----------
    layer, source, as_of, kind : str
        Name of the layer, its source, date, and whether it is real, schematic or synthetic (words of the screen).
    """

    layer: str
    source: str
    as_of: str
    kind: str


@dataclass(frozen=True, eq=False)
class Ground:
    """Layers of the map, EPSG:32749 [m].

    Attributes
    ----------
    boundary, kelurahan, streets, water : GeoDataFrame
        The city; ``kelurahan`` has a column of that name, ``streets`` has ``road_class``.
    seen, possible : ndarray of Polygon or MultiPolygon
        What cameras that are on see for certain; what others that are on may see.
    cameras_xy_m : ndarray of float64, shape (n, 2)
        Points with cameras [m].
    cameras_on : ndarray of bool, shape (n,)
        Whether the camera is on.
    """

    boundary: gpd.GeoDataFrame
    kelurahan: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    water: gpd.GeoDataFrame
    seen: NDArray[np.object_]
    possible: NDArray[np.object_]
    cameras_xy_m: NDArray[np.float64]
    cameras_on: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class CoverageReport:
    """Everything the coverage sheet, table and map files say.

    Attributes
    ----------
    figures : sequence of Figure
        Key figures of the city.
    districts : sequence of DistrictRow
        By name.
    gaps : GeoDataFrame
        Ranked gaps: ``gap_id``, ``name``, ``space_class``, ``kelurahan``, ``area_m2``, ``corridor_m``, ``weight``,
        EPSG:32749.
    ground : Ground
        The map.
    sources : sequence of Source
        By layer.
    cautions : sequence of str
        What the numbers rest on: synthetic layers, uncertain cameras.
    is_synthetic : bool
        Whether the numbers rest on made-up layers.
    computed_at : datetime
        When.
    method_version, fingerprint : str
        Of the calculation and its data.
    """

    figures: Sequence[Figure]
    districts: Sequence[DistrictRow]
    gaps: gpd.GeoDataFrame
    ground: Ground
    sources: Sequence[Source]
    cautions: Sequence[str]
    is_synthetic: bool
    computed_at: datetime
    method_version: str
    fingerprint: str

    @property
    def marks(self) -> Mapping[str, str]:
        """Columns that say what kind of numbers these are."""
        return {
            "sifat_angka": t("sheet.kind_synthetic" if self.is_synthetic else "sheet.kind_estimated"),
            "metode": self.method_version,
            "sidik": self.fingerprint,
            "dihitung_pada": moment(self.computed_at),
        }

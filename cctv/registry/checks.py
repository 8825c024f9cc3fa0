"""What a value of the register must look like; every validator lists all problems at once."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import get_args

from cctv.errors import Problem
from cctv.registry.models import (
    AgencyKind,
    AzimuthSource,
    CameraType,
    Certainty,
    Mount,
    PointKind,
    PositionCertainty,
    Status,
)

#: Indonesia in degrees; a position outside is a slip of the pen, one outside the city alone is kept.
LON_RANGE, LAT_RANGE = (94.0, 142.0), (-12.0, 7.0)
#: Fields that came with a later format of the register: a new record may leave them out, then they are unknown.
LATER_FIELDS = frozenset({"infrared_range_m", "tkdn_percent"})


@dataclass(frozen=True)
class Range:
    """Numbers between two limits; ``open_low`` leaves the lower limit out, ``open_high`` the upper one.

    ``whole`` takes whole numbers only: the table would round the others without a word.
    """

    low: float
    high: float
    unit: str
    open_low: bool = False
    open_high: bool = False
    optional: bool = True
    whole: bool = False

    def problem(self, where: str, name: str, value: object) -> Problem | None:
        """Say what is wrong with a value.

        Parameters
        ----------
        where, name : str
            Record and field.
        value : object
            The value.

        Returns
        -------
        Problem or None
            None if it is acceptable.
        """
        expected = f"{self.low:g} - {self.high:g} {self.unit}".strip()
        if value is None:
            return None if self.optional else Problem("required", where, name, "", expected)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return Problem("not_number", where, name, str(value), expected)
        if self.whole and value != int(value):
            return Problem("not_whole", where, name, str(value), expected)
        too_low = value <= self.low if self.open_low else value < self.low
        too_high = value >= self.high if self.open_high else value > self.high
        return Problem("out_of_range", where, name, str(value), expected) if too_low or too_high else None


@dataclass(frozen=True)
class Choice:
    """One of a few words."""

    options: Sequence[str]

    def problem(self, where: str, name: str, value: object) -> Problem | None:
        """Say what is wrong with a value.

        Parameters
        ----------
        where, name : str
            Record and field.
        value : object
            The value.

        Returns
        -------
        Problem or None
            None if it is acceptable.
        """
        return None if value in self.options else Problem("choice", where, name, str(value), ", ".join(self.options))


@dataclass(frozen=True)
class Kind:
    """A value of a type: text, moment (with a time zone), day (without a time), yes or no."""

    types: tuple[type, ...]
    required: bool = False
    optional: bool = False

    def problem(self, where: str, name: str, value: object) -> Problem | None:
        """Say what is wrong with a value.

        Parameters
        ----------
        where, name : str
            Record and field.
        value : object
            The value.

        Returns
        -------
        Problem or None
            None if it is acceptable.
        """
        if value is None and self.optional:
            return None
        is_day_with_time = isinstance(value, datetime) and datetime not in self.types
        is_nowhere = isinstance(value, datetime) and value.tzinfo is None
        if not isinstance(value, self.types) or is_day_with_time or is_nowhere:
            return Problem("wrong_type", where, name, str(value), self.types[0].__name__)
        return Problem("required", where, name, "", "") if self.required and not str(value).strip() else None


Rule = Range | Choice | Kind
TEXT, NAME = Kind((str,)), Kind((str,), required=True)
MOMENT, DAY = Kind((datetime,), optional=True), Kind((date,), optional=True)
YES_NO = Kind((bool,), optional=True)

POINT: dict[str, Rule] = {
    "name": NAME,
    "lon": Range(*LON_RANGE, "°"),
    "lat": Range(*LAT_RANGE, "°"),
    "position_certainty": Choice(get_args(PositionCertainty)),
    "est_error_m": Range(0, 100_000, "m", open_high=True),
    "mount": Choice(get_args(Mount)),
    "kelurahan": TEXT,
    "street": TEXT,
    "kind": Choice(get_args(PointKind)),
    "source": NAME,
    "as_of": Kind((date,)),
    "note": TEXT,
}
CAMERA: dict[str, Rule] = {
    "point_id": NAME,
    "name": NAME,
    "agency_id": NAME,
    "model": TEXT,
    "camera_type": Choice(get_args(CameraType)),
    "height_m": Range(0, 100, "m", open_low=True),
    "azimuth_deg": Range(0, 360, "°", open_high=True),
    "azimuth_source": Choice(get_args(AzimuthSource)),
    "azimuth_words": TEXT,
    "tilt_deg": Range(-30, 90, "°"),
    "hfov_deg": Range(0, 360, "°", open_low=True),
    "vfov_deg": Range(0, 180, "°", open_low=True, open_high=True),
    "range_m": Range(0, 2000, "m", open_low=True),
    "resolution_px": Range(0, 20_000, "px", open_low=True, whole=True),
    "infrared_range_m": Range(0, 2000, "m"),
    "status": Choice(get_args(Status)),
    "status_since": MOMENT,
    "status_reason": TEXT,
    "stream_address": TEXT,
    "purpose": TEXT,
    "sign": YES_NO,
    "installed_on": DAY,
    "kind": Choice(("real", "synthetic")),
    "certainty": Choice(get_args(Certainty)),
    "source": NAME,
    "as_of": Kind((date,)),
}
AGENCY: dict[str, Rule] = {
    "name": NAME,
    "kind": Choice(get_args(AgencyKind)),
    "source": NAME,
    "as_of": Kind((date,)),
    "certainty": Choice(get_args(Certainty)),
}
PRICE: dict[str, Rule] = {
    "name": NAME,
    "unit": TEXT,
    "price_idr": Range(0, 1_000_000_000_000, "Rp", optional=False, whole=True),
    "source": NAME,
    "as_of": Kind((date,)),
    "is_assumption": Kind((bool,)),
    "note": TEXT,
    "tkdn_percent": Range(0, 100, "%"),
}


def problems(rules: Mapping[str, Rule], where: str, values: Mapping[str, object]) -> Iterator[Problem]:
    """Find everything that is wrong with some values.

    Parameters
    ----------
    rules : mapping
        Field to rule.
    where : str
        Record, for the text.
    values : mapping
        Field to value; fields that are missing are not looked at.

    Yields
    ------
    Problem
        One per wrong value; swapped coordinates are named as such.
    """
    if is_swapped(values.get("lon"), values.get("lat")):
        yield Problem("swapped", where, "lon, lat", f"{values['lon']}, {values['lat']}", "112.43, -7.47")
        values = {name: value for name, value in values.items() if name not in ("lon", "lat")}
    for name, value in values.items():
        rule = rules.get(name)
        found = Problem("unknown_field", where, name, str(value)) if rule is None else rule.problem(where, name, value)
        if found is not None:
            yield found


def missing(rules: Mapping[str, Rule], where: str, values: Mapping[str, object]) -> Iterator[Problem]:
    """Find the fields that a new record lacks.

    Parameters
    ----------
    rules : mapping
        Field to rule.
    where : str
        Record, for the text.
    values : mapping
        Field to value.

    Yields
    ------
    Problem
        One per field that is not there.
    """
    yield from (Problem("required", where, name) for name in rules if name not in values and name not in LATER_FIELDS)


def is_swapped(lon: object, lat: object) -> bool:
    """Tell whether longitude and latitude have changed places.

    Parameters
    ----------
    lon, lat : object
        As given.

    Returns
    -------
    bool
        True if they would be in Indonesia the other way round only.
    """
    if not isinstance(lon, int | float) or not isinstance(lat, int | float):
        return False
    straight = LON_RANGE[0] <= lon <= LON_RANGE[1] and LAT_RANGE[0] <= lat <= LAT_RANGE[1]
    crossed = LON_RANGE[0] <= lat <= LON_RANGE[1] and LAT_RANGE[0] <= lon <= LAT_RANGE[1]
    return crossed and not straight


def position_problems(where: str, values: Mapping[str, object]) -> Iterator[Problem]:
    """Find half a position.

    Parameters
    ----------
    where : str
        Record, for the text.
    values : mapping
        All fields of a point.

    Yields
    ------
    Problem
        If one of the two coordinates is missing.
    """
    lon, lat = values.get("lon"), values.get("lat")
    if (lon is None) != (lat is None):
        yield Problem("half_position", where, "lon, lat", f"{lon}, {lat}")


def azimuth_problems(where: str, values: Mapping[str, object]) -> Iterator[Problem]:
    """Find a direction without provenance, or provenance without a direction.

    Parameters
    ----------
    where : str
        Record, for the text.
    values : mapping
        All fields of a camera.

    Yields
    ------
    Problem
        If the two do not fit each other.
    """
    known, source = values.get("azimuth_deg") is not None, values.get("azimuth_source")
    if known and source == "unknown":
        yield Problem("azimuth_without_source", where, "azimuth_source", "unknown", "measured, aimed, words")
    if not known and source in ("measured", "aimed"):
        yield Problem("source_without_azimuth", where, "azimuth_deg", "", "0 - 360 °")

"""Corrections in the preview: what a person typed becomes a value that was read, checked like every other."""

import math
from collections.abc import Mapping, Sequence
from typing import get_args

from cctv.errors import ImportProblemsError, Problem, raise_if_any
from cctv.geodata import CityLayers
from cctv.importers.cameras.coordinates import LAT_RANGE, LEAST_ERROR_M, LON_RANGE, Spot
from cctv.importers.cameras.rows import CameraRow
from cctv.importers.cameras.values import Value, confirmed, problem, read
from cctv.importers.cameras.words import masked, read_text
from cctv.registry.models import Status
from cctv.services.place_doubts import with_place_doubts

#: What can be corrected in place.
EDITABLE = ("point_name", "name", "agency_id", "lon", "lat", "azimuth_deg", "status", "kelurahan")
#: Typed into this column: the guesses of the row are right.
CONFIRM = "right"
STATUSES = tuple(get_args(Status))


def corrected(
    rows: Sequence[CameraRow], edits: Mapping[str, Mapping[str, object]], city: CityLayers, owners: Sequence[str]
) -> list[CameraRow]:
    """Put corrections into the rows.

    Parameters
    ----------
    rows : sequence of CameraRow
        As understood.
    edits : mapping
        Row key to field of ``EDITABLE`` to what was typed, None empties the field; ``CONFIRM`` to True says that
        the guesses of the row are right.
    city : CityLayers
        Doubts about corrected positions.
    owners : sequence of str
        Agencies of the register.

    Returns
    -------
    list of CameraRow
        All rows; what was typed counts as read.

    Raises
    ------
    ImportProblemsError
        ``import_edit`` lists every value that is not acceptable.
    """
    found: list[Problem] = []
    changed = {row.key: _changed(row, edits[row.key], owners, found) for row in rows if edits.get(row.key)}
    raise_if_any(found, ImportProblemsError, code="import_edit", message="corrections")
    moved = [row for row in changed.values() if {"lon", "lat", "kelurahan", "point_name"} & edits[row.key].keys()]
    doubted = changed | {row.key: row for row in with_place_doubts(moved, city)}
    return [doubted.get(row.key, row) for row in rows]


def _changed(
    row: CameraRow, edits: Mapping[str, object], owners: Sequence[str], found: list[Problem]
) -> CameraRow:  # fmt: skip
    values: dict[str, Value] = {}
    if edits.get(CONFIRM):
        values |= {name: confirmed(value) for name, value in row.values.items() if value.state == "guess"}
    for name in ("point_name", "name", "kelurahan"):
        if name in edits:
            text = read_text(str(edits[name] or ""))
            values[name] = text if text.value or name == "kelurahan" else problem("", "name_missing")
    if "agency_id" in edits:
        owner = str(edits["agency_id"] or "")
        values["agency_id"] = read(owner, owner) if owner in owners else problem(masked(owner), "owner_missing")
    if "status" in edits:
        status = edits["status"]
        if status not in STATUSES:
            found.append(Problem("choice", row.key, "status", str(status), ", ".join(STATUSES)))
        values["status"] = read(status, str(status))
    if "azimuth_deg" in edits:
        azimuth = _number(row, "azimuth_deg", edits["azimuth_deg"], (0.0, 359.999), found)
        values["azimuth_deg"] = Value() if azimuth is None else read(azimuth, azimuth)
    if "lon" in edits or "lat" in edits:
        values["position"] = _position(row, edits, found)
    return row.with_values(values)


def _position(row: CameraRow, edits: Mapping[str, object], found: list[Problem]) -> Value:
    spot = row.spot
    lon = _number(row, "lon", edits.get("lon", spot.lon if spot else None), LON_RANGE, found)
    lat = _number(row, "lat", edits.get("lat", spot.lat if spot else None), LAT_RANGE, found)
    if lon is None and lat is None:
        return Value()
    if lon is None or lat is None:
        return problem("", "half_position")
    return read(Spot(lon, lat, LEAST_ERROR_M), f"{lat}, {lon}")


def _number(
    row: CameraRow, name: str, value: object, limits: tuple[float, float], found: list[Problem]
) -> float | None:  # fmt: skip
    if value is None:
        return None
    if not isinstance(value, int | float) or not math.isfinite(value) or not limits[0] <= value <= limits[1]:
        found.append(Problem("out_of_range", row.key, name, str(value), f"{limits[0]:g} - {limits[1]:g}"))
        return None
    return float(value)

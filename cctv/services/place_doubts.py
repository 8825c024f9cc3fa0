"""Positions that disagree with the street or the kelurahan that the same row names.

Two digits swapped inside the city move a camera by a kilometre and leave a position that looks fine. Only the other
words of the row can tell: where they speak against the position, it becomes a guess that a person should look at.
"""

import re
from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from cctv.geodata import CityLayers
from cctv.geodata.layers import kelurahan_of
from cctv.geodata.lonlat import to_metres
from cctv.importers.cameras.rows import CameraRow
from cctv.importers.cameras.values import noted

#: A camera on a named street stands at most so far from it, besides the errors of both [m].
NEAR_STREET_M = 250.0
#: A position may lie so far over the edge of the kelurahan that is named, besides its own error [m].
OVER_EDGE_M = 100.0
_ON_STREET = re.compile(r"\b(?:jl|jln|jalan|simpang|sp|pertigaan|perempatan|persimpangan)\b", re.IGNORECASE)
_WAY = re.compile(r"^(?:jl|jalan|jln)\.?\s+", re.IGNORECASE)


def with_place_doubts(rows: Sequence[CameraRow], city: CityLayers) -> list[CameraRow]:
    """Mark positions that disagree with the words of their row, and those outside the city.

    Parameters
    ----------
    rows : sequence of CameraRow
        Understood rows.
    city : CityLayers
        Streets by name, kelurahan.

    Returns
    -------
    list of CameraRow
        The same rows; a doubtful position is a guess with the note ``outside_city``, ``kelurahan_differs`` or
        ``street_far``.
    """
    spots = [(at, row.spot) for at, row in enumerate(rows) if row.spot is not None]
    checked = list(rows)
    if not spots:
        return checked
    degrees = np.array([[spot.lon, spot.lat] for _, spot in spots])
    x_m, y_m = to_metres(degrees[:, 0], degrees[:, 1])
    where = kelurahan_of(city.kelurahan, np.column_stack([x_m, y_m]))
    areas = {
        _plain(str(name)): area for name, area in zip(city.kelurahan["kelurahan"], city.kelurahan.geometry, strict=True)
    }
    streets = _streets(city)
    for (at, spot), x, y, inside in zip(spots, x_m, y_m, where, strict=True):
        row, place = rows[at], shapely.Point(float(x), float(y))
        named = areas.get(_plain(re.sub(r"^(?:kelurahan|kel)\b\.?", "", row.text("kelurahan").lower())))
        position = row.values["position"]
        if not inside and all(note.code != "outside_city" for note in position.notes):
            position = noted(position, "outside_city")
        if named is not None and named.distance(place) > OVER_EDGE_M + spot.error_m:
            position = noted(position, "kelurahan_differs", written=row.text("kelurahan"), found=str(inside) or "-")
        for street, error_m, line in _streets_in(row, streets):
            away = line.distance(place)
            if away > NEAR_STREET_M + error_m + spot.error_m:
                position = noted(position, "street_far", street=street, m=round(away))
        if position is not row.values["position"]:
            checked[at] = row.with_values({"position": position})
    return checked


_Street = tuple[str, float, BaseGeometry]


def _streets_in(row: CameraRow, streets: dict[str, _Street]) -> list[_Street]:
    """Find the streets a row names; a name of a place counts only where it speaks of a street or a crossing."""
    names = [row.text("street"), *(name for name in (row.text("point_name"),) if _ON_STREET.search(name))]
    plain = f" {_plain(' '.join(names))} "
    return [street for name, street in streets.items() if f" {name} " in plain]


def _streets(city: CityLayers) -> dict[str, _Street]:
    """Give named streets whose course is known well enough: those with a question mark are left out."""
    found: dict[str, _Street] = {}
    for name, parts in city.streets.groupby("name", sort=True):
        key = _plain(_WAY.sub("", str(name)))
        if key and str(name).startswith("Jl") and "?" not in str(name) and " - " not in str(name):
            found[key] = (str(name), float(parts["est_error_m"].max()), shapely.union_all(parts.geometry.to_numpy()))
    return found


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", text.lower()).split())

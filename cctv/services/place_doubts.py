"""Positions that disagree with the street or the kelurahan that the same row names.

Two digits swapped inside the city move a camera by a kilometre and leave a position that looks fine. Only the other
words of the row can tell: where they speak against the position, it becomes a guess that a person should look at.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from cctv.geodata import CityLayers
from cctv.geodata.layers import kelurahan_of
from cctv.geodata.lonlat import to_metres
from cctv.importers.cameras.coordinates import Spot
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
    places = np.asarray(shapely.points(x_m, y_m), np.object_)
    inside = kelurahan_of(city.kelurahan, np.column_stack([x_m, y_m]))
    beyond = _beyond_kelurahan(rows, spots, places, city)
    far = _far_streets(rows, spots, places, city)
    for nth, (at, _) in enumerate(spots):
        position = rows[at].values["position"]
        if not inside[nth] and all(note.code != "outside_city" for note in position.notes):
            position = noted(position, "outside_city")
        if nth in beyond:
            written = rows[at].text("kelurahan")
            position = noted(position, "kelurahan_differs", written=written, found=str(inside[nth]) or "-")
        for street, away in far.get(nth, ()):
            position = noted(position, "street_far", street=street, m=round(away))
        if position is not rows[at].values["position"]:
            checked[at] = rows[at].with_values({"position": position})
    return checked


_Spots = Sequence[tuple[int, Spot]]
_Street = tuple[str, float, BaseGeometry]


def _beyond_kelurahan(
    rows: Sequence[CameraRow], spots: _Spots, places: NDArray[np.object_], city: CityLayers
) -> set[int]:  # fmt: skip
    """Find the spots that lie too far from the kelurahan that their row names."""
    areas = {
        _plain(str(name)): area for name, area in zip(city.kelurahan["kelurahan"], city.kelurahan.geometry, strict=True)
    }
    named = [areas.get(_kelurahan_key(rows[at].text("kelurahan"))) for at, _ in spots]
    asked = np.flatnonzero([area is not None for area in named])
    away = shapely.distance(places[asked], np.array(named, np.object_)[asked])
    slack = np.array([OVER_EDGE_M + spots[nth][1].error_m for nth in asked.tolist()])
    return set(asked[away > slack].tolist())


def _far_streets(
    rows: Sequence[CameraRow], spots: _Spots, places: NDArray[np.object_], city: CityLayers
) -> dict[int, list[tuple[str, float]]]:
    """Find the spots that lie too far from a street that their row names, with the street and the distance [m]."""
    index = _by_first_word(_streets(city))
    named = [(nth, street) for nth, (at, _) in enumerate(spots) for street in _streets_in(rows[at], index)]
    nths = np.array([nth for nth, _ in named], np.intp)
    away = shapely.distance(places[nths], np.array([street[2] for _, street in named], np.object_))
    found: dict[int, list[tuple[str, float]]] = {}
    for (nth, (name, error_m, _)), metres in zip(named, away.tolist(), strict=True):
        if metres > NEAR_STREET_M + error_m + spots[nth][1].error_m:
            found.setdefault(nth, []).append((name, metres))
    return found


def _by_first_word(streets: dict[str, _Street]) -> dict[str, list[tuple[list[str], _Street]]]:
    index: dict[str, list[tuple[list[str], _Street]]] = {}
    for name, street in streets.items():
        words = name.split()
        index.setdefault(words[0], []).append((words, street))
    return index


def _streets_in(row: CameraRow, index: dict[str, list[tuple[list[str], _Street]]]) -> list[_Street]:
    """Find the streets a row names; a name of a place counts only where it speaks of a street or a crossing."""
    names = [row.text("street"), *(name for name in (row.text("point_name"),) if _ON_STREET.search(name))]
    words = _plain(" ".join(names)).split()
    found = {
        street[0]: street
        for at, word in enumerate(words)
        for wanted, street in index.get(word, ())
        if words[at : at + len(wanted)] == wanted
    }
    return [found[name] for name in sorted(found)]


def _streets(city: CityLayers) -> dict[str, _Street]:
    """Give named streets whose course is known well enough: those with a question mark are left out."""
    found: dict[str, _Street] = {}
    for name, parts in city.streets.groupby("name", sort=True):
        key = _plain(_WAY.sub("", str(name)))
        if key and str(name).startswith("Jl") and "?" not in str(name) and " - " not in str(name):
            found[key] = (str(name), float(parts["est_error_m"].max()), shapely.union_all(parts.geometry.to_numpy()))
    return found


@lru_cache(maxsize=4096)
def _kelurahan_key(text: str) -> str:
    return _plain(re.sub(r"^(?:kelurahan|kel)\b\.?", "", text.lower()))


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", text.lower()).split())

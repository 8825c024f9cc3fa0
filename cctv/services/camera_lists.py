"""Check a camera list of an agency against the city and the register: what was read, guessed, not usable, repeated."""

import gc
import math
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cctv.errors import ImportProblemsError
from cctv.geodata import CityLayers
from cctv.geodata.lonlat import LONLAT, to_metres
from cctv.importers.cameras.columns import Suggestion, suggest
from cctv.importers.cameras.duplicates import Pair, Twin, find_pairs
from cctv.importers.cameras.rows import CameraRow, understand
from cctv.importers.cameras.sandbox import read_sheets
from cctv.importers.cameras.tables import RegisterTable, lay_out
from cctv.importers.cameras.town import Owner, Place, Town
from cctv.registry import Registry
from cctv.registry import agencies as agency_store
from cctv.registry import cameras as camera_store
from cctv.registry import points as point_store
from cctv.registry.import_records import remembered_columns, remembered_words
from cctv.services.import_confirm import with_remembered
from cctv.services.place_doubts import with_place_doubts

_NAN = float("nan")
_UNKNOWN_ERROR_M = 15.0


@dataclass(frozen=True)
class ListCheck:
    """What is in a list; nothing of it is in the register.

    Attributes
    ----------
    table : RegisterTable
        Headers, records, and the rows that were left out.
    columns : tuple of Suggestion
        What each column holds.
    rows : tuple of CameraRow
        One per camera.
    pairs : tuple of Pair
        Rows that seem to be in the register already, or earlier in the list.
    """

    table: RegisterTable
    columns: tuple[Suggestion, ...]
    rows: tuple[CameraRow, ...]
    pairs: tuple[Pair, ...]

    def count(self, state: str) -> int:
        """Count the rows of a state.

        Parameters
        ----------
        state : {"read", "guess", "problem"}
            Which.

        Returns
        -------
        int
            How many.
        """
        return sum(row.state == state for row in self.rows)


def check_list(
    registry: Registry, city: CityLayers, file: Path, owner: str | None = None, fields: Sequence[str] | None = None
) -> ListCheck:
    """Read a list and say what it seems to hold; nothing is written.

    Parameters
    ----------
    registry : Registry
        Open register.
    city : CityLayers
        City layers.
    file : Path
        The list.
    owner : str, optional
        Agency id for rows without an owner; columns that a person confirmed for it earlier are suggested again.
    fields : sequence of str, optional
        What a person says each column holds, instead of the suggestion.

    Returns
    -------
    ListCheck
        Every camera with a note for every guess.

    Raises
    ------
    ImportProblemsError
        If the file is refused, damaged, or holds no table; ``register_owner`` if there is no such agency.
    """
    town = town_of(registry, city, owner)
    sheets = read_sheets(file)
    with uncollected():
        table = lay_out(sheets, file.name)
        known = remembered_columns(registry, owner or "")
        columns = suggest(table.headers, [record.cells for record in table.records], known)
        if fields is not None:
            columns = [Suggestion(field, 100, "remembered") for field in fields]
        rows = understand(table, [column.field for column in columns], town, owner)
        rows = with_place_doubts(with_remembered(rows, remembered_words(registry, owner or "")), city)
        return ListCheck(table, tuple(columns), tuple(rows), repeats(registry, rows))


@contextmanager
def uncollected() -> Generator[None]:
    """Leave the garbage collector off: reading makes hundreds of thousands of small objects and no circles.

    The collector would go through all of them, and the city, again and again: a third of the time of a long list.

    Yields
    ------
    None
        Without collections; afterwards as before.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def repeats(registry: Registry, rows: Sequence[CameraRow]) -> tuple[Pair, ...]:
    """Find the rows that seem to be in the register already, or earlier in the list.

    Parameters
    ----------
    registry : Registry
        Open register.
    rows : sequence of CameraRow
        Understood rows.

    Returns
    -------
    tuple of Pair
        By row.
    """
    return tuple(find_pairs(_twins_of_rows(rows), twins_of_register(registry)))


def town_of(registry: Registry, city: CityLayers, owner: str | None = None) -> Town:
    """Tell the importer about city and agencies.

    Parameters
    ----------
    registry : Registry
        Open register.
    city : CityLayers
        City layers.
    owner : str, optional
        Agency id that must exist.

    Returns
    -------
    Town
        Box of the city, landmarks, agencies.

    Raises
    ------
    ImportProblemsError
        ``register_owner`` if there is no such agency.
    """
    owners = tuple(Owner(agency.agency_id, agency.name) for agency in agency_store.list_agencies(registry))
    known = [agency.agency_id for agency in owners]
    if owner is not None and owner not in known:
        raise ImportProblemsError("register_owner", owner, {"owner": owner, "known": ", ".join(sorted(known))})
    spots = city.places.to_crs(LONLAT)
    degrees = zip(spots["name"], spots.geometry.x, spots.geometry.y, strict=True)
    places = tuple(Place(str(name), float(lon), float(lat)) for name, lon, lat in degrees)
    west, south, east, north = city.kelurahan.to_crs(LONLAT).total_bounds
    return Town(float(west), float(south), float(east), float(north), places, owners)


def _twins_of_rows(rows: Sequence[CameraRow]) -> list[Twin]:
    spots = [row.spot for row in rows]
    x, y = _metres([spot.lon if spot else None for spot in spots], [spot.lat if spot else None for spot in spots])
    return [
        Twin(row.key, row.text("name"), x[at], y[at], spot.error_m if spot else _UNKNOWN_ERROR_M, _azimuth(row),
             row.text("agency_id"), row.text("stream"), f"baris {row.sheet}:{row.line}")
        for at, (row, spot) in enumerate(zip(rows, spots, strict=True))
    ]  # fmt: skip


def _azimuth(row: CameraRow) -> float:
    value = row.values["azimuth_deg"].value
    return float(value) if isinstance(value, float) else _NAN


def twins_of_register(registry: Registry) -> list[Twin]:
    """Give the cameras of the register as far as duplicates go.

    Parameters
    ----------
    registry : Registry
        Open register.

    Returns
    -------
    list of Twin
        By camera id, without those that are removed.
    """
    points = {point.point_id: point for point in point_store.list_points(registry)}
    cameras = [c for c in camera_store.list_cameras(registry) if c.status != "removed"]
    places = [points[camera.point_id] for camera in cameras]
    x, y = _metres([place.lon for place in places], [place.lat for place in places])
    streams = camera_store.stream_addresses(registry)
    return [
        Twin(camera.camera_id, camera.name, x[at], y[at], place.est_error_m or _UNKNOWN_ERROR_M,
             _NAN if camera.azimuth_deg is None else camera.azimuth_deg, camera.agency_id,
             streams.get(camera.camera_id, ""), place.point_id)
        for at, (camera, place) in enumerate(zip(cameras, places, strict=True))
    ]  # fmt: skip


def _metres(lon: list[float | None], lat: list[float | None]) -> tuple[list[float], list[float]]:
    degrees = np.array([[_NAN if value is None else value for value in axis] for axis in (lon, lat)], dtype=float)
    x, y = to_metres(degrees[0], degrees[1])
    return _finite(x.tolist()), _finite(y.tolist())


def _finite(values: list[float]) -> list[float]:
    return [value if math.isfinite(value) else _NAN for value in values]

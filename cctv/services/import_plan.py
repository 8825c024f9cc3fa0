"""From understood rows and what a person decided to what is written: points, cameras, new facts, and every guess."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import numpy as np

from cctv.geodata import CityLayers
from cctv.geodata.layers import kelurahan_of
from cctv.geodata.lonlat import to_metres
from cctv.importers.cameras.duplicates import Pair
from cctv.importers.cameras.rows import CameraRow
from cctv.importers.cameras.values import Value
from cctv.registry.imports import CameraUpdate, NewCamera, NewPoint
from cctv.registry.models import Camera
from cctv.registry.store import Row
from cctv.services.import_joins import Join

Choice = Literal["new", "apart", "update", "skip"]
#: Fields of a row that become columns of a camera under the same name.
_PLAIN = ("camera_type", "model", "height_m", "hfov_deg", "range_m", "resolution_px", "purpose", "installed_on")
_TEXTS = ("model", "purpose")
#: Notes about what a person decided for the whole list; no guess remains.
_DECIDED = ("owner_of_file",)


@dataclass(frozen=True)
class Plan:
    """What would be written.

    Attributes
    ----------
    points, cameras, updates : list
        For the register.
    counts : dict
        Outcome to number of rows: ``new``, ``update``, ``skip``, ``problem``, ``left_out``, ``guess``, ``outside``,
        ``unplaced``, ``joined`` (new cameras on a point of the register).
    """

    points: list[NewPoint] = field(default_factory=list[NewPoint])
    cameras: list[NewCamera] = field(default_factory=list[NewCamera])
    updates: list[CameraUpdate] = field(default_factory=list[CameraUpdate])
    counts: dict[str, int] = field(default_factory=dict[str, int])


def usual_choices(rows: Sequence[CameraRow], pairs: Sequence[Pair], known: frozenset[str]) -> dict[str, Choice]:
    """Say what becomes of each row if nobody decides otherwise.

    Parameters
    ----------
    rows : sequence of CameraRow
        Understood rows.
    pairs : sequence of Pair
        Duplicates.
    known : frozenset of str
        Ids of the cameras of the register.

    Returns
    -------
    dict of str to str
        Row key to choice: a likely twin of the register is updated, a likely repeat inside the list is left out.
    """
    choices: dict[str, Choice] = {row.key: "new" for row in rows}
    for pair in pairs:
        if pair.verdict == "likely" and choices[pair.first] != "update":
            choices[pair.first] = "update" if pair.second in known else "skip"
    return choices


def make_plan(
    rows: Sequence[CameraRow], pairs: Sequence[Pair], choices: Mapping[str, Choice], cameras: Mapping[str, Camera],
    city: CityLayers, joins: Mapping[str, Join], *, source: str, as_of: date,
) -> Plan:  # fmt: skip
    """Lay out what a confirmed list writes.

    Parameters
    ----------
    rows : sequence of CameraRow
        Understood rows; those with a problem are never written.
    pairs : sequence of Pair
        Duplicates, for the camera that an update means.
    choices : mapping
        Row key to choice.
    cameras : mapping
        Cameras of the register by id.
    city : CityLayers
        Tells the kelurahan of each position.
    joins : mapping
        Row key to the point of the register beside which it stands; the choice ``apart`` makes a point all the same.
    source : str
        Whose list it is and which file; the line is added.
    as_of : date
        Day for which the list holds.

    Returns
    -------
    Plan
        What to write, with the number of rows per outcome.
    """
    twin = {pair.first: pair for pair in pairs if pair.second in cameras}
    possible = {pair.first for pair in pairs}
    kelurahan = dict(zip((row.key for row in rows), _kelurahan(rows, city), strict=True))
    outcomes = ("new", "update", "skip", "problem", "guess", "outside", "unplaced", "joined")
    plan = Plan(counts=dict.fromkeys(outcomes, 0))
    places: dict[tuple[object, ...], int | str] = {}
    above: tuple[object, ...] = ()
    for row in rows:
        choice = choices.get(row.key, "new")
        outcome = "problem" if row.state == "problem" else "new" if choice == "apart" else choice
        plan.counts[outcome] += 1
        above = key = _place_key(row, above)
        facts: Row = {"source": f"{source}, {_line(row)}", "as_of": as_of}
        if outcome == "update" and row.key in twin:
            before = cameras[twin[row.key].second]
            plan.updates.append(
                CameraUpdate(before.camera_id, before.version, _new_facts(row, before, facts), _line(row))
            )
        elif outcome == "new":
            join = joins.get(row.key) if choice == "new" else None
            if key not in places:
                places[key] = len(plan.points) if join is None else join.point_id
                if join is None:
                    plan.points.append(_point(row, kelurahan[row.key], facts))
            extra = {"name": ("possible_twin",)} if row.key in possible else {}
            if isinstance(places[key], str):
                extra |= {"point_id": ("joined_point",)}
                plan.counts["joined"] += 1
            plan.cameras.append(_camera(row, places[key], facts, extra))
            plan.counts["guess"] += row.state == "guess" or bool(extra)
            plan.counts["outside"] += row.spot is not None and not kelurahan[row.key]
            plan.counts["unplaced"] += row.spot is None
    return plan


def _place_key(row: CameraRow, above: tuple[object, ...]) -> tuple[object, ...]:
    """Say which rows share a point: cameras of one record, rows that go on below it, one name at one position."""
    if any(note.code == "from_above" for note in row.values["point_name"].notes) and above:
        return above
    name = " ".join(row.text("point_name").lower().split())
    if row.spot is not None:
        return name, round(row.spot.lon, 5), round(row.spot.lat, 5)
    return name, row.sheet, row.line


def _point(row: CameraRow, kelurahan: str, facts: Row) -> NewPoint:
    spot, street = row.spot, row.text("street")
    position = row.values["position"]
    is_guess = position.state == "guess"
    certainty = "unknown" if spot is None else "guess" if is_guess else "C"
    values: Row = {
        "name": row.text("point_name") or row.text("name"),
        "lon": spot.lon if spot else None, "lat": spot.lat if spot else None,
        "position_certainty": certainty, "est_error_m": spot.error_m if spot else None, "mount": "pole",
        "kelurahan": kelurahan if spot else row.text("kelurahan"), "street": street, "kind": "real",
        "note": "jenis pemasangan tidak disebut di daftar, dianggap tiang", **facts,
    }  # fmt: skip
    flags = _codes(row, {"point_name": "name", "position": "lon", "street": "street", "kelurahan": "kelurahan"})
    return NewPoint(values, {**flags, "mount": ("mount_assumed",)}, _line(row))


def _camera(row: CameraRow, place: int | str, facts: Row, extra: Mapping[str, tuple[str, ...]]) -> NewCamera:
    aim = row.values["azimuth_deg"]
    written = {name: _stored(name, row.values[name]) for name in _PLAIN}
    values: Row = {
        "name": row.text("name"), "agency_id": row.text("agency_id"), **written,
        "camera_type": written["camera_type"] or "fixed", **_aim(row), "tilt_deg": None, "vfov_deg": None,
        "infrared_range_m": None, "status": row.text("status"), "status_since": None, "status_reason": "",
        "stream_address": row.text("stream"), "sign": None, "kind": "real",
        "certainty": "C", **facts,
    }  # fmt: skip
    names = {name: name for name in ("name", "agency_id", "azimuth_deg", "status", *_PLAIN)}
    flags = _codes(row, {**names, "azimuth_words": "azimuth_words"})
    if written["camera_type"] is None:
        flags["camera_type"] = (*flags.get("camera_type", ()), "type_assumed")
    if aim.value is None and aim.state == "unknown":
        flags.pop("azimuth_deg", None)
    merged = {name: (*flags.get(name, ()), *codes) for name, codes in extra.items()}
    return NewCamera(place, values, {**flags, **merged}, _line(row))


def _new_facts(row: CameraRow, before: Camera, facts: Row) -> Row:
    """Give what the list states and the register has otherwise; a guess never replaces what is known.

    The name stays: lists shorten it, and where a list names the place alone the direction in it would be lost.
    """
    changes: Row = {}
    for name in ("status", *_PLAIN):
        value = row.values[name]
        if value.state == "read" and value.value is not None and getattr(before, name) != value.value:
            changes[name] = value.value
    aim = row.values["azimuth_deg"]
    if aim.state == "read" and aim.value is not None and before.azimuth_source in ("words", "unknown"):
        changes |= _aim(row)
    stream = row.values["stream"]
    if stream.state == "read" and stream.value and not before.has_stream:
        changes["stream_address"] = stream.value
    return {**changes, **facts} if changes else {}


def _aim(row: CameraRow) -> Row:
    aim = row.values["azimuth_deg"]
    # Confirmed or not, what was understood from words is a direction from words.
    source = "unknown" if aim.value is None else "measured" if aim.state == "read" and not aim.notes else "words"
    return {"azimuth_deg": aim.value, "azimuth_source": source, "azimuth_words": row.text("azimuth_words")}


def _stored(name: str, value: Value) -> object:
    return ("" if value.value is None else str(value.value)) if name in _TEXTS else value.value


def _codes(row: CameraRow, columns: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    found = {
        column: tuple(dict.fromkeys(note.code for note in row.values[name].notes if note.code not in _DECIDED))
        for name, column in columns.items()
        if row.values[name].state == "guess"
    }
    return {column: codes for column, codes in found.items() if codes}


def _kelurahan(rows: Sequence[CameraRow], city: CityLayers) -> list[str]:
    spots = [row.spot for row in rows]
    placed = [at for at, spot in enumerate(spots) if spot is not None]
    names = [""] * len(rows)
    if placed:
        degrees = np.array([[spot.lon, spot.lat] for spot in spots if spot is not None])
        x_m, y_m = to_metres(degrees[:, 0], degrees[:, 1])
        for at, name in zip(placed, kelurahan_of(city.kelurahan, np.column_stack([x_m, y_m])), strict=True):
            names[at] = str(name)
    return names


def _line(row: CameraRow) -> str:
    place = f"baris {row.line}" + (f" ({row.part}/{row.parts})" if row.parts > 1 else "")
    return f"{row.sheet}, {place}" if row.sheet else place

"""Records into cameras: every field understood, every guess noted, one row per camera."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from cctv.importers.cameras import directions, measures, words
from cctv.importers.cameras.coordinates import Spot, read_position
from cctv.importers.cameras.owners import read_owner
from cctv.importers.cameras.sandbox import Cell
from cctv.importers.cameras.tables import Record, RegisterTable
from cctv.importers.cameras.town import Town
from cctv.importers.cameras.values import State, Value, guess, noted, problem

#: Fields of an understood row, in the order of the preview.
ROW_FIELDS = (
    "point_name", "name", "agency_id", "position", "azimuth_deg", "azimuth_words", "status", "street", "kelurahan",
    "camera_type", "model", "height_m", "hfov_deg", "range_m", "resolution_px", "purpose", "installed_on", "stream",
)  # fmt: skip
_LIMITS = {"height_m": (0.0, 100.0), "hfov_deg": (0.0, 360.0), "range_m": (0.0, 2000.0)}
_READERS: dict[str, Callable[[Cell], Value]] = {
    "camera_type": words.read_type,
    "resolution_px": measures.read_resolution,
    "installed_on": measures.read_day,
    "stream": words.read_stream,
    **dict.fromkeys(("street", "kelurahan", "model", "purpose"), words.read_text),
    **{name: partial(measures.read_length, low=low, high=high) for name, (low, high) in _LIMITS.items()},
}
_NOT_GIVEN = Value()
_RANK: dict[State, int] = {"read": 0, "unknown": 0, "guess": 1, "problem": 2}
_DEGREES = re.compile(r"-?\d+(?:[.,]\d+)?\s*°?")
_SUSPICIOUS_ZEROS = 3


@dataclass(frozen=True)
class CameraRow:
    """One camera as the file seems to mean it.

    Attributes
    ----------
    key : str
        Sheet, line and number of the camera in its row: ``Magersari:12#2``.
    sheet, line, part : str, int, int
        Where it stands; ``part`` counts from 1.
    parts : int
        Cameras of the same record; they share one point.
    values : mapping
        ``ROW_FIELDS`` to value.
    """

    key: str
    sheet: str
    line: int
    part: int
    parts: int
    values: Mapping[str, Value]

    @property
    def state(self) -> State:
        """The worst state of its fields: ``read``, ``guess`` or ``problem``."""
        worst = max(_RANK[value.state] for value in self.values.values())
        return ("read", "guess", "problem")[worst]

    @property
    def spot(self) -> Spot | None:
        """Position, if there is one."""
        value = self.values["position"].value
        return value if isinstance(value, Spot) else None

    def text(self, name: str) -> str:
        """Give a field as text.

        Parameters
        ----------
        name : str
            Field.

        Returns
        -------
        str
            Empty if it is not known.
        """
        value = self.values[name].value
        return "" if value is None else str(value)

    def with_values(self, changes: Mapping[str, Value]) -> "CameraRow":
        """Give the row with other values.

        Parameters
        ----------
        changes : mapping
            Field to value.

        Returns
        -------
        CameraRow
            A new row.
        """
        return replace(self, values={**self.values, **changes})


def understand(
    table: RegisterTable, fields: Sequence[str], town: Town, default_owner: str | None = None
) -> list[CameraRow]:
    """Understand every record.

    Parameters
    ----------
    table : RegisterTable
        The table.
    fields : sequence of str
        Field of each column, empty for columns that are not taken over.
    town : Town
        The city and its agencies.
    default_owner : str, optional
        Agency whose list it is; used where a row names no owner.

    Returns
    -------
    list of CameraRow
        In the order of the file.
    """
    columns = {field: at for at, field in enumerate(fields) if field}
    rows: list[CameraRow] = []
    above: dict[str, Cell] = {}
    for record in table.records:
        cells: dict[str, Cell] = {field: record.cells[at] for field, at in columns.items()}
        inherits = _continues(cells, above)
        if inherits:
            cells = {**cells, **{field: above.get(field) for field in inherits}}
        rows += _cameras(record, cells, town, default_owner, inherits)
        above = cells
    return _without_zero_azimuths(rows)


def _continues(cells: Mapping[str, Cell], above: Mapping[str, Cell]) -> list[str]:
    """Find what a row leaves to the row above: it names neither place nor position, but a direction or a camera."""
    place = [name for name in ("point_name", "street", "lat", "lon", "position") if name in cells]
    if not above or not place or any(words.text_of(cells[name]) for name in place):
        return []
    if not any(words.text_of(cells.get(name)) for name in ("direction", "azimuth", "name", "stream")):
        return []
    shared = [*place, *(name for name in ("owner", "kelurahan") if not words.text_of(cells.get(name)))]
    return [name for name in shared if words.text_of(above.get(name))]


def _cameras(
    record: Record, cells: Mapping[str, Cell], town: Town, default_owner: str | None, inherits: Sequence[str]
) -> Iterator[CameraRow]:
    base = _base(cells, town, default_owner)
    if inherits:
        base["point_name"] = noted(base["point_name"], "from_above", line=record.line)
        base["position"] = noted(base["position"], "from_above", line=record.line)
    facings = _facings(cells, base)
    count = words.read_count(cells.get("count"))
    named = _named_count(base) if count.state == "unknown" else 0
    n = max(len(facings), int(str(count.value or 0)), named, 1)
    for note in count.notes:
        base["name"] = noted(base["name"], note.code, **note.params)
    for part in range(1, n + 1):
        values = {**base, **_aim(cells, facings, part, town, base)}
        if n > 1:
            values["name"] = noted(replace(base["name"], value=_numbered(base, values, part)), "one_of", n=n, part=part)
        if n > 1 and part > 1 and base["stream"].value:
            values["stream"] = guess(None, "•••", "stream_once")
        yield CameraRow(f"{record.sheet}:{record.line}#{part}", record.sheet, record.line, part, n, values)


def _base(cells: Mapping[str, Cell], town: Town, default_owner: str | None) -> dict[str, Value]:
    get = cells.get
    base = dict.fromkeys(ROW_FIELDS, _NOT_GIVEN)
    base |= {name: _left_empty(_READERS[name](cells[name])) for name in cells.keys() & _READERS.keys()}
    base["position"] = read_position(get("lat"), get("lon"), get("position"), town)
    base["agency_id"] = read_owner(words.text_of(get("owner")), town)
    base["status"] = words.read_status(words.text_of(get("status")))
    if base["status"].value is None:
        # Not known to be on: it must not count as on.
        base["status"] = guess("off", base["status"].raw, "status_unknown" if base["status"].raw else "status_missing")
    if words.text_of(get("shape")) not in ("", "Point"):
        base["position"] = noted(base["position"], "not_a_point", shape=words.text_of(get("shape")))
    if base["agency_id"].state == "unknown":
        owner = default_owner
        base["agency_id"] = guess(owner, "", "owner_of_file") if owner else problem("", "owner_missing")
    return base | _names(cells)


def _left_empty(value: Value) -> Value:
    """Make a value that cannot be read a thing to look at: the camera can do without it."""
    return replace(value, state="guess") if value.state == "problem" else value


def _names(cells: Mapping[str, Cell]) -> dict[str, Value]:
    """Find the names of point and camera; one stands for the other where only one is given."""
    point, camera = words.read_text(cells.get("point_name")), words.read_text(cells.get("name"))
    street = words.read_text(cells.get("street"))
    given = next((value for value in (point, camera, street) if value.value), None)
    bad = next((value for value in (point, camera) if value.state == "problem"), None)
    if given is None:
        nothing = bad or problem("", "name_missing")
        return {"point_name": nothing, "name": nothing}
    plain, _ = directions.direction_text(str(given.value))
    name = camera if camera.value else given
    return {
        "point_name": bad or replace(given, value=words.count_in_name(plain)[0].strip(" -,")),
        "name": bad or name,
    }


def _named_count(base: Mapping[str, Value]) -> int:
    return max(words.count_in_name(str(base[name].value or ""))[1] for name in ("point_name", "name"))


def _facings(cells: Mapping[str, Cell], base: Mapping[str, Value]) -> list[str]:
    """Give the words of each direction the row names; from the name where no column has them."""
    text = words.text_of(cells.get("direction"))
    if not text:
        names = (str(base["name"].value or ""), str(base["point_name"].raw or ""))
        text = next((found for name in names if (found := directions.direction_text(name)[1])), "")
    if not text:
        return []
    return [directions.direction_text(part)[1] or part for part in directions.split_directions(text)]


def _aim(
    cells: Mapping[str, Cell], facings: Sequence[str], part: int, town: Town, base: Mapping[str, Value]
) -> dict[str, Value]:
    number = directions.read_number(cells.get("azimuth"))
    spoken = facings[part - 1] if part <= len(facings) else ""
    kept = words.read_text(spoken)
    if number.state != "unknown":
        azimuth = number if part == 1 else guess(None, number.raw, "azimuth_of_first")
    else:
        spot = base["position"].value
        azimuth = directions.read_direction(spoken, spot if isinstance(spot, Spot) else None, town)
    is_number = _DEGREES.fullmatch(spoken.strip()) is not None
    return {"azimuth_deg": _left_empty(azimuth), "azimuth_words": _NOT_GIVEN if is_number else kept}


def _numbered(base: Mapping[str, Value], values: Mapping[str, Value], part: int) -> str:
    name, _ = words.count_in_name(str(base["name"].value or ""))
    spoken = str(values["azimuth_words"].value or "")
    plain = directions.direction_text(name)[0].strip(" -,")
    return f"{plain} arah {spoken}" if spoken else f"{plain} kamera {part}"


def _without_zero_azimuths(rows: list[CameraRow]) -> list[CameraRow]:
    """Mark azimuths of 0 where most are 0: a list that means "not known" writes 0, and 0 is north."""
    numbers = [row for row in rows if row.values["azimuth_deg"].state == "read"]
    zeros = [row for row in numbers if row.values["azimuth_deg"].value == 0]
    if len(zeros) < _SUSPICIOUS_ZEROS or 2 * len(zeros) <= len(numbers):
        return rows
    doubtful = {row.key for row in zeros}
    unknown = guess(None, "0", "azimuth_zeros")
    return [row.with_values({"azimuth_deg": unknown}) if row.key in doubtful else row for row in rows]

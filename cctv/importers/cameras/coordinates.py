"""Cells into one position: two columns, a pair in one cell, a map link, metres of a UTM zone; every repair is noted.

A position that lies in or near the city is taken as written. Only one that lies elsewhere is tried in other ways
(missing minus sign, latitude and longitude swapped, ten degrees off), and only a way that leads into the city is
taken, as a guess. A position elsewhere in Indonesia is kept, marked, and never counted for the city.
"""

import re
from dataclasses import dataclass
from functools import cache
from itertools import product
from urllib.parse import unquote

from pyproj import Transformer

from cctv.importers.cameras.angles import Angle, read_angle, tidy
from cctv.importers.cameras.sandbox import Cell
from cctv.importers.cameras.town import Town
from cctv.importers.cameras.values import Note, State, Value, problem

#: Indonesia in degrees, as in the register.
LON_RANGE, LAT_RANGE = (94.0, 142.0), (-12.0, 7.0)
_POINTLESS = frozenset(("dotted", "whole"))
ROUNDED_M, LEAST_ERROR_M, REPAIRED_ERROR_M = 50.0, 15.0, 100.0
_N = r"(-?\d{1,3}\.\d+)"
#: Most exact first: a pin, a marker, a question, the middle of the map.
_LINKS = tuple(
    re.compile(text)
    for text in (
        rf"!3d{_N}!4d{_N}", rf"[?&]mlat={_N}&mlon={_N}",
        rf"[?&](?:q|query|ll|destination|daddr|center|viewpoint|marker)=(?:loc:)?{_N},\s*\+?{_N}",
        rf"/(?:place|search|dir)/+{_N},\s*\+?{_N}", rf"^geo:{_N},{_N}", rf"@{_N},{_N}", rf"#map=\d+/{_N}/{_N}",
    )
)  # fmt: skip
_WKT = re.compile(rf"POINT\s*Z?\s*\(\s*{_N}\s+{_N}")
_ZONE = re.compile(r"\b(\d{2})\s?([C-HJ-NP-X]|SOUTH|NORTH)\b")
_METRE_NUMBER = re.compile(r"\d{1,3}(?:[.,\s]\d{3})+(?:[.,]\d{1,3})?|\d{6,7}(?:[.,]\d+)?")
_NOTHING = re.compile(r"[-–. |?0]*|(?i:belum.*|tidak ada|n/?a|kosong|null)")  # noqa: RUF001 - as typed
_CUTS = tuple(re.compile(sign) for sign in (r"[;|/]", r",\s+", r"\s+", r"(?<=[A-Z\"'°])\s*(?=[\d+-])", ","))
_EASTING, _NORTHING = (100_000.0, 900_000.0), (8_600_000.0, 10_000_000.0)


@dataclass(frozen=True, slots=True)
class Spot:
    """A position.

    Attributes
    ----------
    lon, lat : float
        EPSG:4326 [deg].
    error_m : float
        How far it may be off [m], at least what the last digit stands for.
    """

    lon: float
    lat: float
    error_m: float


def read_position(lat: Cell, lon: Cell, pair: Cell, town: Town) -> Value:
    """Read the position of a row.

    Parameters
    ----------
    lat, lon : str or number
        Cells of the two columns; empty where there are none.
    pair : str or number
        Cell with both, a map link or metres.
    town : Town
        The city.

    Returns
    -------
    Value
        A :class:`Spot`; ``unknown`` if nothing was given, ``problem`` if it cannot be understood.
    """
    raw = " | ".join(str(cell) for cell in (lat, lon, pair) if cell not in (None, ""))
    if _NOTHING.fullmatch(raw.strip()):
        return Value(raw=raw)
    first, second = read_angle(lat), read_angle(lon)
    if first is None or second is None:
        both = _from_text(" ; ".join(str(cell) for cell in (pair, lat, lon) if cell not in (None, "")), town)
        if isinstance(both, Value):
            return both
        if both is None:
            return problem(raw, "half_position" if (first is None) != (second is None) else "position_unreadable")
        return _settled(*both, town=town, raw=raw)
    return _settled(first, second, [], town=town, raw=raw)


def _from_text(text: str, town: Town) -> tuple[Angle, Angle, list[Note]] | Value | None:
    """Find two numbers in one text: a link, a point of WKT, metres, a pair of angles."""
    if re.search(r"https?://|geo:", text):
        link = unquote(text)
        match = next((found for pattern in _LINKS if (found := pattern.search(link))), None)
        if match is None:
            is_short = re.search(r"goo\.gl|maps\.app|bit\.ly|s\.id", link) is not None
            return problem(text, "short_link" if is_short else "link_without_position")
        return _both(match.group(1), match.group(2), [])
    plain = tidy(text).strip("() ")
    if wkt := _WKT.search(plain):
        return _both(wkt.group(2), wkt.group(1), [])
    metres = _metres(plain, town)
    return metres or _pair(plain)


def _pair(text: str) -> tuple[Angle, Angle, list[Note]] | None:
    """Split a pair where both halves are one angle each; a comma is tried last, because it may be a decimal sign."""
    for start, stop in (match.span() for sign in _CUTS for match in sign.finditer(text)):
        first, second = read_angle(text[:start].strip(" ,;")), read_angle(text[stop:].strip(" ,;"))
        if first is not None and second is not None and _could_be(first, second):
            return first, second, []
    return None


def _could_be(first: Angle, second: Angle) -> bool:
    """Tell a cut between two coordinates from one inside a coordinate: one is small, the other about a hundred."""
    low, high = sorted((abs(first.value), abs(second.value)))
    return low <= -LAT_RANGE[0] and LON_RANGE[0] <= high <= LON_RANGE[1] and first.axis != (second.axis or "")


def _both(lat: str, lon: str, notes: list[Note]) -> tuple[Angle, Angle, list[Note]] | None:
    first, second = read_angle(lat), read_angle(lon)
    return None if first is None or second is None else (first, second, notes)


def _metres(text: str, town: Town) -> tuple[Angle, Angle, list[Note]] | None:
    zone = _ZONE.search(text)
    rest = text.replace(zone.group(), " ", 1) if zone else text
    numbers = [_metre_value(match) for match in _METRE_NUMBER.findall(rest)]
    east = [value for value in numbers if _EASTING[0] <= value <= _EASTING[1]]
    north = [value for value in numbers if _NORTHING[0] <= value <= _NORTHING[1]]
    if len(east) != 1 or len(north) != 1:
        return None
    notes = [] if zone else [Note("utm_assumed", {"zone": town.utm})]
    if numbers.index(north[0]) < numbers.index(east[0]):
        notes.append(Note("utm_swapped"))
    # "49S" here always means zone 49 south; as a band of the military grid S would lie in Japan.
    is_north = (
        zone is not None and zone.group(2) != "S" and (zone.group(2) == "NORTH" or zone.group(2)[0] in "NPQRTUVWX")
    )
    back = _zone_transformer(int(zone.group(1)), is_north=is_north) if zone else town.to_lonlat
    lon, lat = back.transform(east[0], north[0])
    return Angle(float(lat), "lat", 1.0, "decimal"), Angle(float(lon), "lon", 1.0, "decimal"), notes


def _metre_value(text: str) -> float:
    if re.fullmatch(r"\d{6,7}(?:[.,]\d+)?", text):
        return float(text.replace(",", "."))
    groups = re.split(r"[.,\s]", text)
    is_decimal = len(groups[-1]) < 3 or (len(groups) > 1 and text[-4] == "," and "." in text[:-4])  # noqa: PLR2004
    return float("".join(groups[:-1]) + "." + groups[-1]) if is_decimal else float("".join(groups))


@cache
def _zone_transformer(zone: int, *, is_north: bool) -> Transformer:
    return Transformer.from_crs(f"EPSG:{(32600 if is_north else 32700) + zone}", "EPSG:4326", always_xy=True)


def _settled(first: Angle, second: Angle, notes: list[Note], *, town: Town, raw: str) -> Value:
    """Turn two numbers into a position, with the fewest repairs that lead into the city."""
    if max(abs(first.value), abs(second.value)) > _EASTING[0] or "dotted" in (first.style, second.style):
        metres = _metres(raw.replace("|", " "), town)
        if metres is not None:
            first, second, notes = metres
    repaired = list(notes)
    if (first.axis, second.axis) in (("lon", "lat"), ("lon", None), (None, "lat")):
        first, second = second, first
        repaired.append(Note("swapped"))
    has_lost = not _POINTLESS.isdisjoint((first.style, second.style))
    if has_lost:
        repaired.append(Note("point_restored"))
    lat, lon = _with_points(first, second, town) if has_lost else (first.value, second.value)
    found = _repaired(lat, lon, town)
    if found is None:
        return problem(raw, "outside_country", lat=round(lat, 5), lon=round(lon, 5))
    lat, lon, codes = found
    repaired += [Note(code) for code in codes]
    error = max(
        LEAST_ERROR_M,
        first.step_m / 2,
        second.step_m / 2,
        REPAIRED_ERROR_M if has_lost or len(codes) > codes.count("minus_added") else 0,
    )
    if max(first.step_m, second.step_m) > ROUNDED_M:
        repaired.append(Note("rounded", {"error_m": round(error)}))
    if not town.is_near(lon, lat):
        repaired.append(Note("outside_city"))
    state: State = "guess" if repaired else "read"
    return Value(Spot(round(lon, 8), round(lat, 8), error), state, tuple(repaired), raw)


def _with_points(first: Angle, second: Angle, town: Town) -> tuple[float, float]:
    """Give the meaning of two numbers without their decimal point that lies near the city, if there is one."""
    options = [_with_point(angle, low, high) for angle, (low, high) in ((first, LAT_RANGE), (second, LON_RANGE))]
    near = [(lat, lon) for lat, lon in product(*options) if town.is_near(lon, lat, 0.2)]
    return near[0] if near else (options[0][0], options[1][0])


def _with_point(angle: Angle, low: float, high: float) -> list[float]:
    """Give what a number can mean; one that lost its decimal point can mean several things."""
    if angle.style != "whole":
        return [angle.value]
    scaled = [angle.value / 10**power for power in range(1, 10)]
    return [value for value in scaled if low <= -abs(value) or low <= value <= high] or [angle.value]


def _repaired(lat: float, lon: float, town: Town) -> tuple[float, float, list[str]] | None:
    """Give the position with the fewest repairs that lead into the city; else as it is, if in Indonesia."""
    if town.is_near(lon, lat):
        return lat, lon, []
    ways: list[tuple[int, float, float, list[str]]] = []
    for swap, lat_sign, lon_sign, shift in product((False, True), (1, -1), (1, -1), (0, 10, -10, 100)):
        new_lat, new_lon = (lon, lat) if swap else (lat, lon)
        new_lat, new_lon = new_lat * lat_sign, new_lon * lon_sign + shift
        if town.is_near(new_lon, new_lat):
            codes = ["swapped"] * swap + ["minus_added"] * (lat_sign < 0) + ["east_west"] * (lon_sign < 0)
            codes += ["ten_degrees" if abs(shift) == 10 else "hundred_degrees"] * (shift != 0)  # noqa: PLR2004
            ways.append((len(codes), new_lat, new_lon, codes))
    if ways:
        _, new_lat, new_lon, codes = min(ways)
        return new_lat, new_lon, codes
    for new_lat, new_lon, codes in ((lat, lon, []), (-lat, lon, ["minus_added"]), (lon, lat, ["swapped"])):
        if LON_RANGE[0] <= new_lon <= LON_RANGE[1] and LAT_RANGE[0] <= new_lat <= LAT_RANGE[1]:
            return new_lat, new_lon, codes
    return None

"""Grounds and buildings of public places: at the known places, and scattered ones in every kelurahan."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import geopandas as gpd
import numpy as np
import shapely

from cctv.geodata.generate.frame import Frame
from cctv.geodata.generate.shapes import Floats, Geometries, extent, polygons_of, rectangle, rotation
from cctv.geodata.generate.subdivide import Row

_SITES = Path(__file__).with_name("sites.toml")
_SEARCH_M = 120.0
_STEP_M = 6.0
_APART_M = 170.0
_BESIDE_M = 60.0
_EARLY = 0.4
_ROW_DEPTH_M = (18.0, 60.0)
_REGULAR = 0.93
# One site for each real place: further sources of the same place lie nearer than this.
_SAME_PLACE_M = 180.0
_YARD_M = 3.0
_SOURCE_NUMBER = re.compile(r" \([st]\d\)$")


@dataclass(frozen=True)
class Site:
    """Ground of a public place.

    Attributes
    ----------
    name : str
        What people read.
    space_class : str
        Class of the open ground.
    building_class : str
        Class of its buildings.
    ground : shapely.Polygon
        The whole ground [m].
    buildings : tuple of shapely.Polygon
        Footprints on it [m].
    height_m : float
        Height of the buildings [m].
    """

    name: str
    space_class: str
    building_class: str
    ground: shapely.Polygon
    buildings: tuple[shapely.Polygon, ...]
    height_m: float


def known_sites(places: gpd.GeoDataFrame, frame: Frame) -> list[Site]:
    """Lay a ground at each known place, moved off the streets by the shortest way.

    Parameters
    ----------
    places : geopandas.GeoDataFrame
        Restated places, EPSG:32749.
    frame : Frame
        Main streets, railway, city.

    Returns
    -------
    list of Site
        Grounds that overlap neither streets nor each other.
    """
    sites: list[Site] = []
    taken = [*frame.corridors(), frame.rail_reserve]
    used: list[tuple[str, shapely.Point]] = []
    points = cast("list[shapely.Point]", list(places.geometry))
    for name, category, point in zip(places.name, places.category, points, strict=True):
        if category not in _forms() or not frame.boundary.contains(point):
            continue
        if any(other == category and point.distance(at) < _SAME_PLACE_M for other, at in used):
            continue
        form = _forms()[category]
        ground = _place(point, form["ground"], frame, taken)
        used.append((category, point))
        taken.append(ground)
        sites.append(_site(_SOURCE_NUMBER.sub("", str(name)), form, ground, _angle(ground)))
    return sites


def scattered_sites(
    kelurahan: gpd.GeoDataFrame,
    rows: list[Row],
    polygons: Geometries,
    rank: Floats,
    where: np.ndarray,
    rng: np.random.Generator,
) -> tuple[list[Site], dict[int, shapely.Polygon]]:
    """Give every kelurahan schools, mosques, offices, markets and fields, each on one end of a row of plots.

    Parameters
    ----------
    kelurahan : geopandas.GeoDataFrame
        With kelurahan and dwell_est, EPSG:32749.
    rows : list of Row
        Rows of plots.
    polygons : numpy.ndarray
        What is left of each row between its lanes [m], shape (n,).
    rank : numpy.ndarray
        How early each row is built up, small is early, shape (n,).
    where : numpy.ndarray
        Kelurahan of each row, shape (n,).
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    tuple
        The sites, and what they leave of the rows they stand on.
    """
    sites: list[Site] = []
    left: dict[int, shapely.Polygon] = {}
    centres = shapely.get_coordinates(shapely.centroid(polygons))
    for district, dwellings in zip(kelurahan.kelurahan, kelurahan.dwell_est, strict=True):
        own = np.flatnonzero(where == district)
        own = own[np.argsort(rank[own], kind="stable")][: max(20, int(len(own) * _EARLY))]
        own = [int(index) for index in rng.permutation(own)]
        for form in _forms()["scattered"].values():
            wanted = max(1, round(int(dwellings) / form["dwellings_each"]))
            hosts = [i for i in own if i not in left and _can_host(polygons[i], rows[i], form)]
            for number, index in enumerate(_spread(hosts, list(left), centres, wanted), start=1):
                ground, rest = _end_of_row(polygons[index], rows[index], form["length_m"])
                left[index] = rest
                numbered = f" {number}" if wanted > 1 else ""
                sites.append(
                    _site(f"{form['name']} {district}{numbered} (sintetis)", form, ground, rows[index].angle_rad)
                )
    return sites, left


def _place(point: shapely.Point, size: list[float], frame: Frame, taken: list[shapely.Geometry]) -> shapely.Polygon:
    """Find the nearest free position, in the direction of the nearest street."""
    nearest = min((s.line for s in frame.streets), key=point.distance)
    near = shapely.get_coordinates(shapely.intersection(nearest, shapely.buffer(point, point.distance(nearest) + 40.0)))
    step = near[-1] - near[0]
    angle = float(np.arctan2(step[1], step[0]))
    offsets = np.arange(-_SEARCH_M, _SEARCH_M + 1, _STEP_M)
    grid = np.stack(np.meshgrid(offsets, offsets), -1).reshape(-1, 2)
    grid = grid[np.lexsort((grid[:, 1], grid[:, 0], np.hypot(*grid.T)))]
    centre = np.array([point.x, point.y])
    tree = shapely.STRtree(taken)
    spots = [rectangle(centre + offset, size[0], size[1], angle) for offset in grid]
    blocked = np.unique(tree.query(shapely.buffer(np.array(spots), _YARD_M), predicate="intersects")[0])
    free = np.setdiff1d(np.flatnonzero(shapely.within(np.array(spots), frame.boundary)), blocked)
    if not len(free):
        return _place(point, [0.8 * side for side in size], frame, taken)
    return spots[free[0]]


def _site(name: str, form: dict[str, Any], ground: shapely.Polygon, angle: float) -> Site:
    buildings = _halls(ground, angle, form) if "hall" in form else ()
    return Site(name, form["space"], form.get("building", ""), ground, buildings, float(form.get("height_m", 0.0)))


def _halls(ground: shapely.Polygon, angle: float, form: dict[str, Any]) -> tuple[shapely.Polygon, ...]:
    """Stand equal buildings side by side across the ground."""
    u0, u1, v0, v1 = extent(ground, angle)
    length, width = form["hall"]
    count = form.get("halls", 1)
    inner = v1 - v0 - 2 * _YARD_M
    length, width = min(length, u1 - u0 - 2 * _YARD_M), min(width, inner / count)
    pitch = inner / count
    turn = rotation(angle)
    halls = [
        rectangle(turn @ np.array([(u0 + u1) / 2, v0 + _YARD_M + pitch * (i + 0.5)]), length, width, angle)
        for i in range(count)
    ]
    return tuple(hall for hall in halls if hall.within(ground))


def _can_host(polygon: shapely.Polygon, row: Row, form: dict[str, Any]) -> bool:
    u0, u1, v0, v1 = extent(polygon, row.angle_rad)
    fills = polygon.area > _REGULAR * (u1 - u0) * (v1 - v0)
    return bool(fills and u1 - u0 > form["length_m"] and _ROW_DEPTH_M[0] < v1 - v0 < _ROW_DEPTH_M[1])


def _spread(hosts: list[int], taken: list[int], centres: Floats, wanted: int) -> list[int]:
    """Take hosts in order, none too near to one of the same kind or next to one of another kind."""
    chosen: list[int] = []
    for host in hosts:
        if len(chosen) == wanted:
            break
        apart = np.hypot(*(centres[chosen] - centres[host]).T) > _APART_M
        clear = np.hypot(*(centres[taken] - centres[host]).T) > _BESIDE_M
        if apart.all() and clear.all():
            chosen.append(host)
    return chosen


def _end_of_row(polygon: shapely.Polygon, row: Row, length_m: float) -> tuple[shapely.Polygon, shapely.Polygon]:
    u0, _, v0, v1 = extent(polygon, row.angle_rad)
    turn = rotation(row.angle_rad)
    end = rectangle(turn @ np.array([u0 + length_m / 2, (v0 + v1) / 2]), length_m, v1 - v0 + 2.0, row.angle_rad)
    ground, rest = (
        max(polygons_of(part), key=shapely.area, default=shapely.Polygon())
        for part in (polygon.intersection(end), polygon.difference(end))
    )
    return ground, rest


def _angle(rectangle_: shapely.Polygon) -> float:
    corners = shapely.get_coordinates(rectangle_)
    return float(np.arctan2(corners[1, 1] - corners[0, 1], corners[1, 0] - corners[0, 0]))


@cache
def _forms() -> dict[str, Any]:
    return tomllib.loads(_SITES.read_text(encoding="utf-8"))

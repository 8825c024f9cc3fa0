"""Outlines to polygons: edges joined to rings, rings to valid polygons."""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from coverage.outline import Outline
from coverage.polar import Floats, Ints, expanded

_SPECK_M2 = 1e-4
"""Parts smaller than this (1 cm2) come from rounding between touching buildings. [m2]"""

_SMALLEST_RING = 3
_NOTHING = shapely.Polygon()
_DONE = -1


def polygons_of(outline: Outline, origin_m: Floats, n_cameras: int) -> NDArray[np.object_]:
    """Join edges to polygons.

    Parameters
    ----------
    outline : Outline
        Closed outlines.
    origin_m : ndarray of float, shape (n, 2)
        Place of each camera, added to all corners, EPSG:32749 [m].
    n_cameras : int
        Number of cameras.

    Returns
    -------
    ndarray of Polygon or MultiPolygon, shape (n,)
        Valid; parts under 1 cm2 are left out; an empty polygon for a camera that sees nothing.
    """
    areas = np.full(n_cameras, _NOTHING, dtype=object)
    if not len(outline.first):
        return areas
    edge, ring = _rings(outline)
    n_corners = 1 + outline.n_inner[edge]
    row, place = expanded(n_corners)
    edge, ring = edge[row], ring[row]
    corner = np.where(place == 0, outline.first[edge], outline.first_inner[edge] + place - 1)
    camera = outline.camera[edge]
    xy = np.column_stack([outline.x_m[corner], outline.y_m[corner]]) + origin_m[camera]
    kept = np.bincount(ring)[ring] >= _SMALLEST_RING
    xy, ring, camera = xy[kept], ring[kept], camera[kept]
    is_first = np.ones(len(ring), np.bool_)
    is_first[1:] = ring[1:] != ring[:-1]
    number, first = is_first.cumsum() - 1, np.flatnonzero(is_first)
    lines = np.asarray(shapely.linearrings(xy, indices=number), dtype=object)
    parts, owner = _with_holes(lines, _runs_left(xy, number, first), camera[first])
    return _gathered(areas, parts, owner)


def _rings(outline: Outline) -> tuple[Ints, Ints]:
    """Order the edges ring by ring, each ring through every corner once; give the edges and the ring of each."""
    by_first = np.argsort(outline.first, kind="stable")
    by_last = np.argsort(outline.last, kind="stable")
    # as many edges leave a corner as reach it, so the i-th arrival goes on as the i-th departure
    following = np.empty(len(by_first), np.int64)
    following[by_last] = by_first
    to_go = following.tolist()
    order: list[int] = []
    stops: list[int] = []
    for start in range(len(to_go)):
        edge, onward = start, to_go[start]
        if onward == _DONE:
            continue
        while onward != _DONE:
            order.append(edge)
            to_go[edge] = _DONE
            edge, onward = onward, to_go[onward]
        stops.append(len(order))
    sizes = np.diff([0, *stops])
    ring = np.repeat(np.arange(len(sizes)), sizes)
    return _split_at_repeats(np.array(order, np.int64), ring, outline.first, len(sizes))


def _split_at_repeats(edge: Ints, ring: Ints, first: Ints, n_rings: int) -> tuple[Ints, Ints]:
    """Take rings that pass a corner twice apart."""
    width = int(first.max()) + 1
    key = np.sort(ring * width + first[edge])
    repeated = key[1:][key[1:] == key[:-1]]
    if not len(repeated):
        return edge, ring
    repeated = np.unique(repeated // width)
    is_plain = ~np.isin(ring, repeated)
    edges, rings = [edge[is_plain]], [ring[is_plain]]
    for one in repeated:
        for loop in _loops(edge[ring == one].tolist(), first):
            edges.append(np.array(loop, np.int64))
            rings.append(np.full(len(loop), n_rings, np.int64))
            n_rings += 1
    return np.concatenate(edges), np.concatenate(rings)


def _loops(edges: list[int], first: Ints) -> list[list[int]]:
    """Take one closed walk apart into loops that pass each corner once."""
    loops: list[list[int]] = []
    walk: list[int] = []
    place: dict[int, int] = {}
    for edge in edges:
        corner = int(first[edge])
        if corner in place:
            at = place[corner]
            loops.append(walk[at:])
            for old in walk[at:]:
                place.pop(int(first[old]), None)
            del walk[at:]
        place[corner] = len(walk)
        walk.append(edge)
    return [*loops, walk]


def _runs_left(xy: Floats, ring: Ints, first: Ints) -> NDArray[np.bool_]:
    """Tell which rings run counter-clockwise: those with a positive area, even where rounding made edges cross."""
    following = np.arange(1, len(ring) + 1)
    following[np.append(first[1:], len(ring)) - 1] = first  # the last corner of each ring goes on to its first
    x, y = (xy - xy[0]).T
    return np.bincount(ring, x * y[following] - y * x[following]) > 0


def _with_holes(
    lines: NDArray[np.object_], is_shell: NDArray[np.bool_], camera: Ints
) -> tuple[NDArray[np.object_], Ints]:
    """Make polygons of the rings that run counter-clockwise, with the others as holes of the part they lie in."""
    shells, owner = np.asarray(shapely.polygons(lines[is_shell]), dtype=object), camera[is_shell]
    holes, hole_camera = lines[~is_shell], camera[~is_shell]
    if not len(holes):
        return shells, owner
    among = (np.flatnonzero(owner == of) for of in hole_camera)
    home = np.array([_home(hole, shells, rows) for hole, rows in zip(holes, among, strict=True)])
    for shell in np.unique(home[home >= 0]):
        shells[shell] = shapely.polygons(shapely.get_exterior_ring(shells[shell]), holes=list(holes[home == shell]))
    return shells, owner


def _home(hole: shapely.LinearRing, shells: NDArray[np.object_], among: Ints) -> int:
    """Find the smallest part that a hole lies in; -1 for a speck between parts."""
    if len(among) == 1:
        return int(among[0])
    filled = shapely.Polygon(hole)
    larger = among[shapely.area(shells[among]) > filled.area]  # smaller ones may be islands in the hole
    inside = filled.representative_point() if shapely.is_valid(filled) else shapely.get_point(hole, 0)
    around = larger[shapely.covers(shells[larger], inside)]
    return int(around[shapely.area(shells[around]).argmin()]) if len(around) else -1


def _gathered(areas: NDArray[np.object_], parts: NDArray[np.object_], owner: Ints) -> NDArray[np.object_]:
    """Give each camera its parts without specks, repaired where rounding made neighbouring edges cross."""
    large = shapely.area(parts) >= _SPECK_M2
    parts, owner = parts[large], owner[large]
    order = np.argsort(owner, kind="stable")
    parts, owner = parts[order], owner[order]
    n_parts = np.bincount(owner, minlength=len(areas))
    single = n_parts[owner] == 1
    areas[owner[single]] = parts[single]
    several = np.flatnonzero(n_parts > 1)
    if len(several):
        number = np.searchsorted(several, owner[~single])
        areas[several] = np.asarray(shapely.multipolygons(parts[~single], indices=number), dtype=object)
    for broken in np.flatnonzero(~shapely.is_valid(areas)):
        areas[broken] = _repaired(areas[broken])
    return areas


def _repaired(area: BaseGeometry) -> BaseGeometry:
    whole = shapely.make_valid(area, method="structure", keep_collapsed=False)
    parts = shapely.get_parts(shapely.union_all(shapely.get_parts(whole)))
    parts = parts[shapely.area(parts) >= _SPECK_M2]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(list(parts)) if len(parts) else shapely.Polygon()

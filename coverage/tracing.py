"""Outlines to polygons: edges joined to rings, rings to valid polygons."""

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from coverage.outline import Outline
from coverage.polar import Floats, Ints

_SPECK_M2 = 1e-4
"""Parts smaller than this (1 cm2) come from rounding between touching buildings. [m2]"""

_SMALLEST_RING = 3


def polygons_of(outline: Outline, origin_m: Floats, n_cameras: int) -> NDArray[np.object_]:
    """Join straight edges to polygons.

    Parameters
    ----------
    outline : Outline
        Straight edges with the inside on their left hand.
    origin_m : ndarray of float, shape (n, 2)
        Place of each camera, added to all corners, EPSG:32749 [m].
    n_cameras : int
        Number of cameras.

    Returns
    -------
    ndarray of Polygon or MultiPolygon, shape (n,)
        Valid; parts under 1 cm2 are left out; an empty polygon for a camera that sees nothing.
    """
    areas = np.full(n_cameras, shapely.Polygon(), dtype=object)
    if not len(outline.first):
        return areas
    edge, ring = _rings(outline)
    corner, camera = outline.first[edge], outline.camera[edge]
    xy = np.column_stack([outline.x_m[corner], outline.y_m[corner]]) + origin_m[camera]
    size = np.bincount(ring)
    kept = size[ring] >= _SMALLEST_RING
    number = np.cumsum(np.concatenate([[True], np.diff(ring[kept]) != 0])) - 1
    lines = np.asarray(shapely.linearrings(xy[kept], indices=number), dtype=object)
    first = np.searchsorted(number, np.arange(len(lines)))
    parts, owner = _with_holes(lines, camera[kept][first])
    return _gathered(areas, parts, owner)


def _rings(outline: Outline) -> tuple[Ints, Ints]:
    """Order the edges ring by ring, each ring through every corner once; give the edges and the ring of each."""
    n = len(outline.first)
    by_first = np.argsort(outline.first, kind="stable")
    by_last = np.argsort(outline.last, kind="stable")
    # as many edges leave a corner as reach it, so the i-th arrival goes on as the i-th departure
    following = np.empty(n, np.int64)
    following[by_last] = by_first
    graph = csr_array((np.ones(n, np.int8), following, np.arange(n + 1)), shape=(n, n))
    n_rings, label = connected_components(graph, directed=False)
    _, start = np.unique(label, return_index=True)
    # cut each ring before its first edge and hang the next ring on, so that one walk goes through all
    last = np.empty(n, np.int64)
    last[following] = np.arange(n)
    path = following.copy()
    path[last[start[:-1]]] = start[1:]
    graph = csr_array((np.ones(n, np.int8), path, np.arange(n + 1)), shape=(n, n))
    edge = breadth_first_order(graph, start[0], directed=True, return_predecessors=False).astype(np.int64)
    return _split_at_repeats(edge, label[edge].astype(np.int64), outline.first, n_rings)


def _split_at_repeats(edge: Ints, ring: Ints, first: Ints, n_rings: int) -> tuple[Ints, Ints]:
    """Take rings that pass a corner twice apart."""
    key = np.sort(ring * (int(first.max()) + 1) + first[edge])
    repeated = np.unique(key[1:][key[1:] == key[:-1]] // (int(first.max()) + 1))
    if not len(repeated):
        return edge, ring
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


def _with_holes(lines: NDArray[np.object_], camera: Ints) -> tuple[NDArray[np.object_], Ints]:
    """Make polygons of the rings that run counter-clockwise, with the others as holes of the part they lie in."""
    is_shell = shapely.is_ccw(lines)
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
    inside = shapely.Polygon(hole).representative_point() if shapely.is_valid(hole) else shapely.get_point(hole, 0)
    around = among[shapely.contains(shells[among], inside)]
    return int(around[shapely.area(shells[around]).argmin()]) if len(around) else -1


def _gathered(areas: NDArray[np.object_], parts: NDArray[np.object_], owner: Ints) -> NDArray[np.object_]:
    """Give each camera its parts, repaired where rounding made neighbouring edges cross, without specks."""
    broken = np.flatnonzero(~shapely.is_valid(parts))
    if len(broken):
        repaired, row = shapely.get_parts(
            shapely.make_valid(parts[broken], method="structure", keep_collapsed=False), return_index=True
        )
        parts = np.concatenate([np.delete(parts, broken), repaired])
        owner = np.concatenate([np.delete(owner, broken), owner[broken][row]])
    large = (shapely.area(parts) >= _SPECK_M2) & (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON)
    parts, owner = parts[large], owner[large]
    order = np.argsort(owner, kind="stable")
    parts, owner = parts[order], owner[order]
    n_parts = np.bincount(owner, minlength=len(areas))
    single = n_parts[owner] == 1
    areas[owner[single]] = parts[single]
    several = np.flatnonzero(n_parts > 1)
    if len(several):
        number = np.searchsorted(several, owner[~single])
        areas[several] = _valid_together(
            np.asarray(shapely.multipolygons(parts[~single], indices=number), dtype=object)
        )
    return areas


def _valid_together(collections: NDArray[np.object_]) -> NDArray[np.object_]:
    broken = np.flatnonzero(~shapely.is_valid(collections))
    if len(broken):
        collections[broken] = [shapely.union_all(shapely.get_parts(shapes)) for shapes in collections[broken]]
    return collections

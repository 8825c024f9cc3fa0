"""Places where a camera could stand: poles, register points, street edges, junctions, agencies, put there by hand."""

from collections.abc import Sequence
from typing import Literal, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from coverage.crs import PROJECTED_CRS, require_crs
from coverage.obstacles import Obstacles

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SiteSource = Literal["hand", "point", "pole", "junction", "agency", "street"]
#: In this order, where two places are too near to each other: what stands already comes before what must be built.
SOURCES: tuple[SiteSource, ...] = get_args(SiteSource)
ROAD_RANK = {"primary": 0, "secondary": 1, "local": 2, "lane": 3}
NEAR_JUNCTION_M, NO_STREET_M = 12.0, 60.0
KERB_M = 1.0


def spots(source: SiteSource, ids: Sequence[str], geometry: NDArray[np.object_]) -> gpd.GeoDataFrame:
    """Write places of one source.

    Parameters
    ----------
    source : {"hand", "point", "pole", "junction", "agency", "street"}
        Where they come from.
    ids : sequence of str
        Name of each place, unique over all sources.
    geometry : ndarray of Point, shape (n,)
        EPSG:32749 [m].

    Returns
    -------
    GeoDataFrame
        ``pole_id``, ``source``.
    """
    return gpd.GeoDataFrame({"pole_id": list(ids), "source": source}, geometry=geometry, crs=PROJECTED_CRS)


def street_edge_spots(streets: gpd.GeoDataFrame, step_m: float) -> gpd.GeoDataFrame:
    """Put places along the edges of streets, on alternating sides.

    Parameters
    ----------
    streets : GeoDataFrame
        ``street_id``, ``width_m`` and lines, EPSG:32749 [m].
    step_m : float
        Distance between two of them [m].

    Returns
    -------
    GeoDataFrame
        A metre beyond the edge, from half a step on; short streets get none.

    Raises
    ------
    CrsError
        If the layer is not in EPSG:32749.
    """
    require_crs(streets, name="streets")
    lines = np.array(streets.geometry.array, dtype=object)
    count = np.floor(shapely.length(lines) / step_m + 0.5).astype(np.int64)
    row = np.repeat(np.arange(len(lines)), count)
    turn = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    points = shapely.line_interpolate_point(lines[row], (turn + 0.5) * step_m)
    across = np.radians(direction_deg(lines[row], points) + np.where(turn % 2, -90.0, 90.0))
    off_m = streets["width_m"].to_numpy(np.float64)[row] / 2 + KERB_M
    xy = shapely.get_coordinates(points) + off_m[:, None] * np.column_stack([np.sin(across), np.cos(across)])
    street = streets["street_id"].astype(str).to_numpy()[row]
    ids = [f"S-{name}-{place}" for name, place in zip(street, turn.tolist(), strict=True)]
    return spots("street", ids, np.asarray(shapely.points(xy), dtype=object))


def corner_spots(source: SiteSource, places: gpd.GeoDataFrame, streets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Put one place on the edge of each area, where it is nearest to the middle of a street.

    Parameters
    ----------
    source : {"junction", "agency"}
        What the areas are.
    places : GeoDataFrame
        ``space_id`` and polygons, EPSG:32749 [m].
    streets : GeoDataFrame
        Lines, EPSG:32749 [m].

    Returns
    -------
    GeoDataFrame
        One per area.

    Raises
    ------
    CrsError
        If a layer is not in EPSG:32749.
    """
    for name, layer in (("places", places), ("streets", streets)):
        require_crs(layer, name=name)
    edges = shapely.boundary(np.array(places.geometry.array, dtype=object))
    lines = np.array(streets.geometry.array, dtype=object)
    nearest = lines[shapely.STRtree(lines).nearest(edges)] if len(edges) else edges
    on_edge = shapely.get_point(shapely.shortest_line(edges, nearest), 0)
    return spots(source, [f"{source[0].upper()}-{name}" for name in places["space_id"]], on_edge)


def candidate_sites(
    places: gpd.GeoDataFrame,
    junctions: gpd.GeoDataFrame,
    streets: gpd.GeoDataFrame,
    obstacles: Obstacles,
    *,
    spacing_m: float,
    most: int,
) -> gpd.GeoDataFrame:
    """Choose among places: main streets before lanes, near junctions first, none too near to another, spread evenly.

    Parameters
    ----------
    places : GeoDataFrame
        ``pole_id``, ``source`` and points, EPSG:32749 [m]; as made by :func:`spots`.
    junctions : GeoDataFrame
        Polygons of junctions, EPSG:32749 [m].
    streets : GeoDataFrame
        ``street_id``, ``name``, ``road_class`` and lines, EPSG:32749 [m]; a place farther than 60 m from all of them is
        kept only if it stands already or a person put it there.
    obstacles : Obstacles
        Buildings; a place inside one is no site.
    spacing_m : float
        Smallest distance between two sites [m].
    most : int
        How many sites at the most.

    Returns
    -------
    GeoDataFrame
        ``pole_id``, ``source``, ``street`` (its name), ``azimuth_deg`` of the street, and points, EPSG:32749 [m]; by
        ``pole_id``.

    Raises
    ------
    CrsError
        If a layer is not in EPSG:32749.

    Notes
    -----
    Hand-placed points and points of the register come first. Within a class of street the order is that of a fixed
    scramble of the ids, so that a limit thins the whole city out instead of cutting off a part of it.
    """
    for name, layer in (("places", places), ("junctions", junctions), ("streets", streets)):
        require_crs(layer, name=name)
    points = np.array(places.geometry.array, dtype=object)
    xy = shapely.get_coordinates(points)
    lines = np.array(streets.geometry.array, dtype=object)
    rank = np.asarray(streets["road_class"].map(ROAD_RANK), np.int64)
    nearest = _street_of(points, lines, rank)
    road = rank[nearest]
    source = places["source"].map({name: rank for rank, name in enumerate(SOURCES)}).to_numpy(np.int64)
    is_given = source <= SOURCES.index("point")
    free = ~_inside(points, obstacles) & (is_given | (shapely.distance(points, lines[nearest]) <= NO_STREET_M))
    ids = places["pole_id"].astype(str).to_numpy(np.str_)
    order = np.lexsort((_scrambled(ids), source, ~_near(points, junctions), np.where(is_given, -1, road)))
    chosen = _spaced(xy, order[free[order]], spacing_m, most)
    chosen = chosen[np.argsort(ids[chosen], kind="stable")]
    return gpd.GeoDataFrame(
        {
            "pole_id": ids[chosen],
            "source": places["source"].to_numpy(np.str_)[chosen],
            "street": streets["name"].astype(str).to_numpy(np.str_)[nearest[chosen]],
            "azimuth_deg": direction_deg(lines[nearest[chosen]], points[chosen]),
        },
        geometry=points[chosen],
        crs=PROJECTED_CRS,
    )


def direction_deg(lines: NDArray[np.object_], points: NDArray[np.object_]) -> Floats:
    """Give the direction of each line at the foot of its point.

    Parameters
    ----------
    lines : ndarray of LineString, shape (n,)
        EPSG:32749 [m].
    points : ndarray of Point, shape (n,)
        EPSG:32749 [m].

    Returns
    -------
    ndarray of float64, shape (n,)
        Clockwise from grid north [deg].
    """
    at = shapely.line_locate_point(lines, points)
    length = shapely.length(lines)
    before = shapely.get_coordinates(shapely.line_interpolate_point(lines, np.maximum(at - 1, 0)))
    after = shapely.get_coordinates(shapely.line_interpolate_point(lines, np.minimum(at + 1, length)))
    east, north = (after - before).T
    return np.degrees(np.arctan2(east, north)) % 360


def _street_of(points: NDArray[np.object_], lines: NDArray[np.object_], rank: Ints) -> Ints:
    """Give the street of each point: the most important one it stands on, else the nearest."""
    tree = shapely.STRtree(lines)
    found = tree.nearest(points).astype(np.int64)
    point, line = tree.query(points, predicate="dwithin", distance=NEAR_JUNCTION_M)
    order = np.lexsort((line, shapely.distance(points[point], lines[line]), rank[line], point))
    own, first = np.unique(point[order], return_index=True)
    found[own] = line[order][first]
    return found


def _scrambled(ids: NDArray[np.str_]) -> NDArray[np.uint64]:
    """Give a fixed number for each id that has nothing to do with where it stands."""
    return pd.util.hash_array(ids.astype(object), categorize=False)


def _near(points: NDArray[np.object_], junctions: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    near = np.zeros(len(points), np.bool_)
    if len(junctions):
        tree = shapely.STRtree(np.array(junctions.geometry.array, dtype=object))
        near[tree.query(points, predicate="dwithin", distance=NEAR_JUNCTION_M)[0]] = True
    return near


def _inside(points: NDArray[np.object_], obstacles: Obstacles) -> NDArray[np.bool_]:
    inside = np.zeros(len(points), np.bool_)
    inside[obstacles.tree.query(points, predicate="intersects")[0]] = True
    return inside


def _spaced(xy: Floats, order: Ints, spacing_m: float, most: int) -> Ints:
    """Take points in order, skipping those too near to one taken before; a lattice of that size finds them."""
    taken: dict[tuple[int, int], list[int]] = {}
    chosen: list[int] = []
    for i in order.tolist():
        col, row = (int(v) for v in xy[i] // spacing_m)
        around = (k for a in (-1, 0, 1) for b in (-1, 0, 1) for k in taken.get((col + a, row + b), ()))
        if all(np.hypot(*(xy[k] - xy[i])) >= spacing_m for k in around):
            taken.setdefault((col, row), []).append(i)
            chosen.append(i)
            if len(chosen) == most:
                break
    return np.array(chosen, np.int64)

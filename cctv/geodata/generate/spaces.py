"""Public spaces as polygons that do not overlap: junctions, school fronts, streets, public grounds, riverside."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from cctv.geodata.generate.frame import Frame, Street
from cctv.geodata.generate.shapes import Floats, Geometries, points_from, polygons_of, subtract
from cctv.geodata.generate.sites import Site
from cctv.geodata.lonlat import METRES
from cctv.geodata.storage import GRID_PER_M

RIVERSIDE_M = 14.0
_SCHOOL_REACH_M = 14.0
_SAME_JUNCTION_M = 18.0
_KNOWN_JUNCTION_M = 45.0
_LEAST_M2 = 4.0
_CROSSING_M = 6.0


@dataclass(frozen=True)
class Space:
    """One public space before it is cut at kelurahan edges."""

    space_id: str
    space_class: str
    name: str
    shape: shapely.Geometry


def make_spaces(
    frame: Frame,
    streets: list[Street],
    ids: list[str],
    names: list[str],
    sites: list[Site],
    junctions: gpd.GeoDataFrame,
    kelurahan: gpd.GeoDataFrame,
) -> gpd.GeoDataFrame:
    """Turn streets and grounds into classes of public space.

    Parameters
    ----------
    frame : Frame
        Main streets, river bank, city.
    streets : list of Street
        All streets, wide ones first.
    ids, names : list of str
        Their ids and names, same order.
    sites : list of Site
        Grounds of public places.
    junctions : geopandas.GeoDataFrame
        Known junctions, for names, EPSG:32749.
    kelurahan : geopandas.GeoDataFrame
        Polygons, EPSG:32749.

    Returns
    -------
    geopandas.GeoDataFrame
        space_id, space_class, name, kelurahan, kind, geometry; EPSG:32749.
    """
    corridors = np.array([street.corridor for street in streets])
    crossings = _junction_spaces(streets, names, corridors, junctions)
    fronts = _school_fronts(sites, corridors, crossings)
    first = np.array([space.shape for space in [*crossings, *fronts]])
    roads = _apart(subtract(corridors, first), corridors)
    spaces = [*crossings, *fronts]
    spaces += [Space(f"J-{street}", "street", name, road) for street, name, road in zip(ids, names, roads, strict=True)]
    spaces += _grounds(sites)
    bank = shapely.intersection(shapely.buffer(frame.bank, RIVERSIDE_M), frame.boundary)
    grounds = np.array([site.ground for site in sites])
    riverside = subtract(np.array([bank]), np.concatenate([corridors, grounds]))[0]
    spaces.append(Space("T-1", "riverside", "Tepi Brantas (skematis)", riverside))
    return _by_kelurahan(spaces, kelurahan)


def _junction_spaces(
    streets: list[Street], names: list[str], corridors: Geometries, known: gpd.GeoDataFrame
) -> list[Space]:
    """Make one space for each crossing of two streets that are not lanes."""
    wide = np.flatnonzero([street.width_m >= _CROSSING_M for street in streets])
    lines = np.array([streets[i].line for i in wide])
    a, b = shapely.STRtree(lines).query(lines, predicate="intersects")
    a, b = a[a < b], b[a < b]
    points = shapely.get_coordinates(shapely.centroid(shapely.intersection(lines[a], lines[b])))
    pairs = np.stack([wide[a], wide[b]], axis=1)
    order = np.lexsort((points[:, 1], points[:, 0]))
    tree = shapely.STRtree(corridors)
    located = known[~known.geometry.isna()]
    spaces: list[Space] = []
    for group in _clusters(points[order], _SAME_JUNCTION_M):
        members = order[group]
        at = shapely.Point(points[members].mean(axis=0))
        meeting = np.unique(pairs[members])
        if len({names[i].split(" (")[0] or f"#{i}" for i in meeting}) == 1:
            continue
        disc = shapely.buffer(at, max(streets[i].width_m for i in meeting) / 2 + 5.0)
        ground = shapely.union_all(corridors[np.sort(tree.query(disc, predicate="intersects"))])
        shape = shapely.intersection(disc, ground)
        shape = shapely.difference(
            shape, shapely.union_all([s.shape for s in spaces if shapely.intersects(s.shape, shape)])
        )
        spaces.append(Space(f"S-{len(spaces) + 1}", "junction", _junction_name(at, meeting, names, located), shape))
    return spaces


def _clusters(points: Floats, reach_m: float) -> list[np.ndarray]:
    """Group points, each with all not yet grouped ones within reach, from west to east."""
    located = points_from(points)
    tree = shapely.STRtree(located)
    free = np.ones(len(points), dtype=bool)
    groups: list[np.ndarray] = []
    for index, point in enumerate(located):
        if free[index]:
            near = np.sort(tree.query(point, predicate="dwithin", distance=reach_m))
            near = near[free[near]]
            free[near] = False
            groups.append(near)
    return groups


def _junction_name(at: shapely.Point, meeting: np.ndarray, names: list[str], known: gpd.GeoDataFrame) -> str:
    distance = np.asarray(shapely.distance(np.asarray(known.geometry), at))
    if len(distance) and distance.min() < _KNOWN_JUNCTION_M:
        return f"Simpang {known.name.iloc[int(distance.argmin())]}".replace("Simpang Simpang", "Simpang")
    named = sorted({names[i].removeprefix("Jl ") for i in meeting if names[i]})
    return f"Simpang {' - '.join(named)}" if named else "Simpang tanpa nama"


def _school_fronts(sites: list[Site], corridors: Geometries, crossings: list[Space]) -> list[Space]:
    """Count the street before a school, not only its yard, as school front."""
    tree = shapely.STRtree(corridors)
    spaces: list[Space] = []
    taken: list[shapely.Geometry] = [space.shape for space in crossings]
    for site in sites:
        if site.space_class != "school_front":
            continue
        reach = shapely.buffer(site.ground, _SCHOOL_REACH_M)
        roads = shapely.union_all(corridors[np.sort(tree.query(reach, predicate="intersects"))])
        street = shapely.difference(shapely.intersection(reach, roads), shapely.union_all(taken))
        yard = shapely.difference(site.ground, shapely.union_all(site.buildings))
        spaces.append(Space(f"K-{len(spaces) + 1}", "school_front", f"Muka {site.name}", shapely.union(street, yard)))
        taken.append(street)
    return spaces


def _apart(roads: Geometries, corridors: Geometries) -> Geometries:
    """Give ground that two streets share to the earlier one."""
    later, earlier = shapely.STRtree(corridors).query(corridors, predicate="intersects")
    pick = earlier < later
    order = np.lexsort((earlier[pick], later[pick]))
    later, earlier = later[pick][order], earlier[pick][order]
    result = roads.copy()
    touched, starts = np.unique(later, return_index=True)
    for index, group in zip(touched, np.split(earlier, starts[1:]), strict=True):
        result[index] = shapely.difference(roads[index], shapely.union_all(corridors[group]))
    return result


def _grounds(sites: list[Site]) -> list[Space]:
    rest = [site for site in sites if site.space_class != "school_front"]
    return [
        Space(
            f"U-{number}",
            site.space_class,
            site.name,
            shapely.difference(site.ground, shapely.union_all(site.buildings)),
        )
        for number, site in enumerate(rest, start=1)
    ]


def _by_kelurahan(spaces: list[Space], kelurahan: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Cut spaces at kelurahan edges, snap them and drop crumbs."""
    areas = np.asarray(kelurahan.geometry)
    shapes = np.array([space.shape for space in spaces])
    space, area = shapely.STRtree(areas).query(shapes, predicate="intersects")
    order = np.lexsort((area, space))
    space, area = space[order], area[order]
    whole = shapely.covers(areas[area], shapes[space])
    parts = np.where(whole, shapes[space], shapely.intersection(shapes[space], areas[area]))
    parts = shapely.set_precision(np.array([_areal(part) for part in parts]), 1 / GRID_PER_M)
    parts = np.array([_areal(part) for part in parts])
    keep = shapely.area(parts) > _LEAST_M2
    rows = [(spaces[s], str(kelurahan.kelurahan.iloc[a])) for s, a in zip(space[keep], area[keep], strict=True)]
    count: dict[str, int] = {}
    for owner, _ in rows:
        count[owner.space_id] = count.get(owner.space_id, 0) + 1
    return gpd.GeoDataFrame(
        {
            "space_id": [s.space_id if count[s.space_id] == 1 else f"{s.space_id}:{d}" for s, d in rows],
            "space_class": [s.space_class for s, _ in rows],
            "name": [s.name for s, _ in rows],
            "kelurahan": [d for _, d in rows],
            "kind": "synthetic",
        },
        geometry=parts[keep],
        crs=METRES,
    )


def _areal(shape: shapely.Geometry) -> shapely.Geometry:
    """Keep only the areas of a shape."""
    if isinstance(shape, shapely.Polygon | shapely.MultiPolygon):
        return shape
    return shapely.MultiPolygon(polygons_of(shape, 0.0))

"""The fixed frame of the synthetic city: main streets with their missing ends, bridges, railway, river."""

from dataclasses import dataclass
from typing import cast

import geopandas as gpd
import numpy as np
import shapely
from shapely.ops import polygonize, substring

from cctv.geodata.generate.shapes import Floats, Geometries, lines_of

RAIL_HALF_WIDTH_M = 6.0
RIVER_WIDTH_M = 110.0
_CHORD_M = 600.0
_MEETS_M = 6.0
_JOINT_M = 12.0
_LONGEST_LINK_M = 1600.0
_LINK_WIDTH_M = 8.0
# The two bridges stand at junctions 103 and 104; their streets end there in the schematic network.
_BRIDGE_JUNCTIONS = (103, 104)
_BRIDGE_LENGTH_M = 330.0
# The northern edge of the city is the river bank between these two corners of the outline (lon, lat of the boundary).
_BANK_WEST_M = (656_200.0, 9_175_430.0)
_BANK_EAST_M = (660_590.0, 9_176_530.0)


@dataclass(frozen=True)
class Street:
    """One street of the frame or of the generator.

    Attributes
    ----------
    line : shapely.LineString
        Axis [m], EPSG:32749.
    road_class : str
        primary, secondary, local or lane.
    width_m : float
        Between facades [m].
    lit : bool
        Whether it has street lights.
    """

    line: shapely.LineString
    road_class: str
    width_m: float
    lit: bool = True

    @property
    def corridor(self) -> shapely.Polygon:
        """Ground that belongs to the street."""
        return shapely.buffer(self.line, self.width_m / 2)


@dataclass(frozen=True)
class Frame:
    """What the generator has to respect.

    Attributes
    ----------
    boundary : shapely.Polygon
        The city [m], EPSG:32749.
    named : list of Street
        Named schematic streets, in row order of the layer.
    links : list of Street
        Unnamed continuations of their loose ends, and the bridges.
    rail : shapely.Geometry
        Railway axis.
    river : shapely.Polygon
        Synthetic band of water along the northern edge.
    bank : shapely.LineString
        The northern edge itself.
    """

    boundary: shapely.Polygon
    named: list[Street]
    links: list[Street]
    rail: shapely.Geometry
    river: shapely.Polygon
    bank: shapely.LineString

    @property
    def streets(self) -> list[Street]:
        """Named streets, then links."""
        return [*self.named, *self.links]

    @property
    def rail_reserve(self) -> shapely.Geometry:
        """Ground of the railway."""
        return shapely.buffer(self.rail, RAIL_HALF_WIDTH_M)

    def corridors(self) -> Geometries:
        """Give the ground of all streets of the frame.

        Returns
        -------
        numpy.ndarray
            Polygons, shape (n,).
        """
        return np.array([street.corridor for street in self.streets])

    def faces(self) -> list[shapely.Polygon]:
        """Give the areas between main streets, railway and city edge.

        Returns
        -------
        list of shapely.Polygon
            From west to east.
        """
        lines = [street.line for street in self.streets] + list(
            _joints([s.line for s in self.streets], [self.rail, self.boundary.exterior])
        )
        net = shapely.union_all([*lines, self.rail, self.boundary.exterior])
        faces = [face for face in polygonize(lines_of(net, 0.0)) if face.representative_point().within(self.boundary)]
        return sorted(faces, key=lambda face: face.bounds)


def make_frame(
    boundary: shapely.Polygon, streets: gpd.GeoDataFrame, railway: gpd.GeoDataFrame, junctions: gpd.GeoDataFrame
) -> Frame:
    """Build the frame from the restated layers.

    Parameters
    ----------
    boundary : shapely.Polygon
        The city, EPSG:32749.
    streets, railway, junctions : geopandas.GeoDataFrame
        Restated layers, EPSG:32749.

    Returns
    -------
    Frame
        Main streets with loose ends continued, railway, river.
    """
    named = [
        Street(cast("shapely.LineString", line), str(road_class), float(width), bool(lit))
        for line, road_class, width, lit in zip(
            streets.geometry, streets.road_class, streets.width_m, streets.lit, strict=True
        )
    ]
    rail = shapely.union_all(np.asarray(railway.geometry))
    bank = _bank(boundary)
    river = _river(bank, boundary)
    links = _links(named, rail, boundary)
    at = junctions.set_index("no").geometry
    links += [_bridge(cast("shapely.Point", at[number])) for number in _BRIDGE_JUNCTIONS if number in at.index]
    return Frame(boundary, named, links, rail, river, bank)


def _joints(lines: list[shapely.LineString], walls: list[shapely.Geometry]) -> list[shapely.LineString]:
    """Close gaps of up to a few metres where a street meets another one, for the areas only."""
    joints: list[shapely.LineString] = []
    for index, line in enumerate(lines):
        rest = shapely.union_all([*lines[:index], *lines[index + 1 :], *walls])
        xy = shapely.get_coordinates(line)
        for end, before in ((xy[0], xy[1]), (xy[-1], xy[-2])):
            if shapely.Point(end).distance(rest) < _JOINT_M:
                step = (end - before) / np.hypot(*(end - before))
                joints.append(shapely.LineString([end, end + step * _JOINT_M]))
    return joints


def _links(named: list[Street], rail: shapely.Geometry, boundary: shapely.Polygon) -> list[Street]:
    """Continue each loose end straight on to the next street, the railway or the city edge."""
    links: list[Street] = []
    for index, street in enumerate(named):
        others = [other.line for other in named[:index] + named[index + 1 :]] + [link.line for link in links]
        xy = shapely.get_coordinates(street.line)
        for end, before in ((xy[0], xy[1]), (xy[-1], xy[-2])):
            point = shapely.Point(end)
            if point.distance(shapely.union_all(others)) < _MEETS_M or not boundary.contains(point):
                continue
            links += _link(end, end - before, shapely.union_all([*others, rail, boundary.exterior]), rail)
    return links


def _link(start: Floats, heading: Floats, walls: shapely.Geometry, rail: shapely.Geometry) -> list[Street]:
    step = heading / np.hypot(*heading)
    ray = shapely.LineString([start + step, start + step * _LONGEST_LINK_M])
    hits = shapely.get_coordinates(shapely.intersection(ray, walls))
    if not len(hits):
        return []
    reach = float(np.hypot(*(hits - start).T).min())
    line = shapely.LineString([start, start + step * reach])
    kept = lines_of(shapely.difference(line, shapely.buffer(rail, RAIL_HALF_WIDTH_M + _LINK_WIDTH_M / 2)), 15.0)
    return [Street(line, "local", _LINK_WIDTH_M) for line in kept]


def _bridge(point: shapely.Point) -> Street:
    line = shapely.LineString([(point.x, point.y), (point.x, point.y + _BRIDGE_LENGTH_M)])
    return Street(line, "primary", 12.0)


def _bank(boundary: shapely.Polygon) -> shapely.LineString:
    """Take the northern edge of the city from its outline."""
    ring = shapely.LineString(boundary.exterior.coords)
    west, east = (ring.project(shapely.Point(xy)) for xy in (_BANK_WEST_M, _BANK_EAST_M))
    first, second = min(west, east), max(west, east)
    inner = cast("shapely.LineString", substring(ring, first, second))
    outer = shapely.LineString(
        [*substring(ring, second, ring.length).coords, *list(substring(ring, 0.0, first).coords)[1:]]
    )
    bank = inner if shapely.length(inner) < shapely.length(outer) else outer
    return bank if bank.coords[0][0] < bank.coords[-1][0] else shapely.reverse(bank)


def _river(bank: shapely.LineString, boundary: shapely.Polygon) -> shapely.Polygon:
    """Lay a band of water north of the bank, running on at both ends."""
    xy = shapely.get_coordinates(bank)
    inner = shapely.get_coordinates(shapely.line_interpolate_point(bank, [_CHORD_M, -_CHORD_M]))
    before, after = (end + (end - way) / _CHORD_M * 900.0 for end, way in zip(xy[[0, -1]], inner, strict=True))
    line = shapely.LineString(np.vstack([before, xy, after]))
    band = shapely.buffer(line, RIVER_WIDTH_M, single_sided=True)
    parts = shapely.get_parts(shapely.difference(shapely.simplify(band, 2.0), boundary))
    return max(parts, key=lambda part: part.area)

"""Street centre lines as corridors: their exact length inside what cameras see."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from coverage.crs import require_crs
from coverage.demand import NO_DISTRICT, Names

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Segments:
    """Straight pieces between two neighbouring corners of corridors.

    Attributes
    ----------
    corridor : ndarray of int64, shape (k,)
        Row of the corridor that the piece is part of.
    xy0, xy1 : ndarray of float64, shape (k, 2)
        Its ends, EPSG:32749 [m].
    length_m : ndarray of float64, shape (k,)
        Its length, above 0 [m].
    line : ndarray of LineString, shape (k,)
        The same as geometry.
    tree : STRtree
        Index of ``line``.
    """

    corridor: Ints
    xy0: Floats
    xy1: Floats
    length_m: Floats
    line: NDArray[np.object_]
    tree: shapely.STRtree

    def at(self, segment: Ints, share: Floats) -> Floats:
        """Give places on pieces.

        Parameters
        ----------
        segment : ndarray of int64, shape (m,)
            Which piece.
        share : ndarray of float64, shape (m,)
            How far along it, 0 to 1.

        Returns
        -------
        ndarray of float64, shape (m, 2)
            EPSG:32749 [m].
        """
        return self.xy0[segment] + share[:, None] * (self.xy1[segment] - self.xy0[segment])

    def share_of(self, segment: Ints, xy_m: Floats) -> Floats:
        """Give how far along a piece places on it are.

        Parameters
        ----------
        segment : ndarray of int64, shape (m,)
            Which piece.
        xy_m : ndarray of float64, shape (m, 2)
            Places on it, EPSG:32749 [m].

        Returns
        -------
        ndarray of float64, shape (m,)
            0 to 1.
        """
        way = self.xy1[segment] - self.xy0[segment]
        share = ((xy_m - self.xy0[segment]) * way).sum(axis=1) / (way**2).sum(axis=1)
        return np.clip(share, 0.0, 1.0)


@dataclass(frozen=True, eq=False)
class Corridors:
    """Pieces of street centre lines, each in one kelurahan.

    Attributes
    ----------
    line : ndarray of LineString or MultiLineString, shape (n,)
        Pieces, EPSG:32749 [m].
    length_m : ndarray of float64, shape (n,)
        Their length [m].
    road_class : ndarray of str, shape (n,)
        Class of the street.
    district : ndarray of str, shape (n,)
        Kelurahan; empty for a piece in none.
    """

    line: NDArray[np.object_]
    length_m: Floats
    road_class: Names
    district: Names

    @classmethod
    def none(cls) -> "Corridors":
        """Give corridors without a street.

        Returns
        -------
        Corridors
            Empty.
        """
        return cls(np.empty(0, object), np.zeros(0), np.empty(0, "<U1"), np.empty(0, "<U1"))

    @cached_property
    def segments(self) -> Segments:
        """Straight pieces of the corridors, in their order."""
        parts, row = shapely.get_parts(self.line, return_index=True)
        xy, part = shapely.get_coordinates(parts, return_index=True)
        first = np.flatnonzero(part[1:] == part[:-1])
        length = np.hypot(*(xy[first + 1] - xy[first]).T) if len(first) else np.zeros(0)
        first, length = first[length > 0], length[length > 0]
        line = np.asarray(shapely.linestrings(np.stack([xy[first], xy[first + 1]], axis=1)), dtype=object)
        corridor = row[part[first]].astype(np.int64)
        return Segments(corridor, xy[first], xy[first + 1], length, line, shapely.STRtree(line))

    def seen_length_m(self, areas: NDArray[np.object_]) -> Floats:
        """Measure how much of each piece lies in the union of some areas.

        Parameters
        ----------
        areas : ndarray of Polygon or MultiPolygon
            What cameras see, EPSG:32749 [m]; may overlap.

        Returns
        -------
        ndarray of float64, shape (n,)
            Length [m], exact for these polygons.
        """
        seen = np.zeros(len(self.line))
        parts = shapely.get_parts(shapely.union_all(areas)) if len(areas) else np.empty(0, object)
        piece, part = shapely.STRtree(parts).query(self.line, predicate="intersects")
        np.add.at(seen, piece, shapely.length(shapely.intersection(self.line[piece], parts[part])))
        return np.minimum(seen, self.length_m)  # rounding may add nanometres


def corridors_from_streets(streets: gpd.GeoDataFrame, districts: gpd.GeoDataFrame | None = None) -> Corridors:
    """Cut street centre lines at the borders of the kelurahan.

    Parameters
    ----------
    streets : GeoDataFrame
        Columns ``street_id``, ``road_class`` and lines, EPSG:32749 [m].
    districts : GeoDataFrame, optional
        Column ``kelurahan`` and polygons, EPSG:32749 [m].

    Returns
    -------
    Corridors
        By id of the street, then by name of the kelurahan. A piece along a border belongs to the
        first of its kelurahan.

    Raises
    ------
    CrsError
        If a layer is not in EPSG:32749.
    """
    require_crs(streets, name="streets")
    ordered = streets.sort_values("street_id", kind="stable")
    lines = np.array(ordered.geometry.array, dtype=object)
    road_class = np.array(ordered["road_class"].astype(str), dtype=np.str_)
    if districts is None:
        return Corridors(lines, shapely.length(lines), road_class, np.full(len(lines), NO_DISTRICT))
    require_crs(districts, name="districts")
    shapes = districts.sort_values("kelurahan", kind="stable")
    cut = list(_cut(lines, list(shapes.geometry), [*shapes["kelurahan"].astype(str)]))
    pieces = np.array([piece for _, piece, _ in cut], dtype=object)
    row = np.array([row for row, _, _ in cut], np.int64)
    names = np.array([name for _, _, name in cut], dtype=np.str_)
    return Corridors(pieces, shapely.length(pieces), road_class[row], names)


def _cut(
    lines: NDArray[np.object_], shapes: list[BaseGeometry], names: list[str]
) -> Iterator[tuple[int, BaseGeometry, str]]:
    """Cut each line at the shapes; give row, piece, name of the shape."""
    row, shape = shapely.STRtree(shapes).query(lines, predicate="intersects")
    order = np.lexsort((shape, row))
    first = np.searchsorted(row[order], np.arange(len(lines) + 1))
    for line in range(len(lines)):
        rest: BaseGeometry = lines[line]
        for index in shape[order[first[line] : first[line + 1]]].tolist():
            piece = shapely.intersection(rest, shapes[index])
            if piece.length > 0:
                yield line, piece, names[index]
                rest = shapely.difference(rest, shapes[index])
        if rest.length > 0:
            yield line, rest, NO_DISTRICT

"""What people call a gap: a named place, or a street between two others."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from coverage.crs import require_crs

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]

#: Streets that come as near as this to each other cross [m].
CROSSING_M = 15.0


@dataclass(frozen=True)
class GapName:
    """Name of a gap.

    Attributes
    ----------
    name : str
        Named place, or street; empty if no street has a name.
    between_from, between_to : str
        Streets that cross on either side; empty where there is none.
    is_near : bool
        Whether the street only passes nearby.
    """

    name: str
    between_from: str = ""
    between_to: str = ""
    is_near: bool = False


class StreetNames:
    """Streets that have a name, and where others cross them.

    Parameters
    ----------
    streets : GeoDataFrame
        Columns ``name`` and lines, EPSG:32749 [m].

    Raises
    ------
    CrsError
        If the streets are not in EPSG:32749.
    """

    def __init__(self, streets: gpd.GeoDataFrame) -> None:
        require_crs(streets, name="streets")
        names = np.array(streets["name"].astype(str), dtype=np.str_)
        lines = np.asarray(streets.geometry.array, dtype=object)
        kept = np.flatnonzero(names != "")
        order = kept[np.lexsort((shapely.length(lines[kept]), names[kept]))]
        self.names, self.lines = names[order], lines[order]
        self.tree = shapely.STRtree(self.lines)
        self._crossings = [self._crossed(row) for row in range(len(self.lines))]

    def of(self, shapes: Shapes) -> list[GapName]:
        """Name areas by the streets that they lie on.

        Parameters
        ----------
        shapes : ndarray of Polygon or MultiPolygon, shape (n,)
            Areas, EPSG:32749 [m].

        Returns
        -------
        list of GapName
            By the nearest street that has a name.
        """
        if not len(shapes) or not len(self.lines):
            return [GapName("")] * len(shapes)
        middles = shapely.centroid(shapes)
        nearest = self.tree.nearest(middles)
        is_near = shapely.distance(shapes, self.lines[nearest]) > 0
        return [
            GapName(str(self.names[street]), is_near=True) if near else self._between(int(street), middle)
            for street, near, middle in zip(nearest, is_near, middles, strict=True)
        ]

    def _between(self, street: int, middle: shapely.Point) -> GapName:
        """Find the last crossing before a place along the street, and the first one after it."""
        places, names = self._crossings[street]
        here = float(shapely.line_locate_point(self.lines[street], middle))
        after = int(np.searchsorted(places, here))
        before_name = str(names[after - 1]) if after > 0 else ""
        after_name = str(names[after]) if after < len(names) else ""
        return GapName(str(self.names[street]), before_name, "" if after_name == before_name else after_name)

    def _crossed(self, street: int) -> tuple[Floats, NDArray[np.str_]]:
        """Find where streets of other names come near, along the street [m]."""
        line = self.lines[street]
        others = self.tree.query(line, predicate="dwithin", distance=CROSSING_M)
        others = others[self.names[others] != self.names[street]]
        points = shapely.get_point(shapely.shortest_line(line, self.lines[others]), 0)
        places = shapely.line_locate_point(line, points) if len(others) else np.zeros(0)
        order = np.lexsort((self.names[others], places))
        return places[order], self.names[others][order]

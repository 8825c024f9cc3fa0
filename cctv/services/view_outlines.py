"""Outlines of what a camera sees, as they go to the map on which a person draws, and come back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from cctv.geodata.lonlat import to_lonlat

#: Details smaller than this are left out when an area is drawn [m].
DETAIL_M = 0.5
Ring = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Outlines:
    """What is seen, less what is hidden in it.

    Attributes
    ----------
    rings : sequence of rings
        Outer outlines, longitude and latitude, EPSG:4326 [deg], without the closing corner; together they are seen.
    holes : sequence of rings
        Outlines of what is hidden in them, the same way.
    """

    rings: Sequence[Ring] = ()
    holes: Sequence[Ring] = ()

    @classmethod
    def of(cls, area: shapely.Geometry) -> "Outlines":
        """Give the outlines of an area.

        Parameters
        ----------
        area : Geometry
            EPSG:32749 [m].

        Returns
        -------
        Outlines
            With its holes; details under 0.5 m are left out.
        """
        polygons = polygons_of(area)
        return cls([rings[0] for rings in polygons], [hole for rings in polygons for hole in rings[1:]])

    @classmethod
    def read(cls, drawn: Mapping[str, Sequence[Sequence[Sequence[float]]]]) -> "Outlines":
        """Read what the map sends.

        Parameters
        ----------
        drawn : mapping
            ``rings`` and ``holes``.

        Returns
        -------
        Outlines
            As they are drawn.
        """
        rings, holes = (
            [[(float(lon), float(lat)) for lon, lat in ring] for ring in drawn[name]] for name in ("rings", "holes")
        )
        return cls(rings, holes)

    def plain(self) -> dict[str, list[list[list[float]]]]:
        """Write them for the map.

        Returns
        -------
        dict
            ``rings`` and ``holes`` as plain lists.
        """
        return {
            "rings": [[list(corner) for corner in ring] for ring in self.rings],
            "holes": [[list(corner) for corner in ring] for ring in self.holes],
        }


def polygons_of(area: shapely.Geometry) -> list[list[Ring]]:
    """Give the polygons of an area for a map.

    Parameters
    ----------
    area : Geometry
        EPSG:32749 [m].

    Returns
    -------
    list of list of rings
        Of each polygon the outer ring, then its holes; longitude and latitude, EPSG:4326 [deg], without the closing
        corner. Details under 0.5 m are left out.
    """
    parts = shapely.get_parts(shapely.simplify(area, DETAIL_M))
    areal = [part for part in parts if isinstance(part, shapely.Polygon) and not part.is_empty]
    return [[_lonlat(part.exterior), *(_lonlat(hole) for hole in part.interiors)] for part in areal]


def _lonlat(ring: shapely.Geometry) -> Ring:
    lon, lat = to_lonlat(*shapely.get_coordinates(ring)[:-1].T)
    return list(zip(np.round(lon, 7).tolist(), np.round(lat, 7).tolist(), strict=True))

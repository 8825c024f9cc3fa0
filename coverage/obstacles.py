"""Buildings that block sight: checked footprints with heights, ready for the viewshed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from coverage.crs import require_crs
from coverage.errors import InvalidObstacleError, Problem, raise_if_any

ID_COLUMN = "building_id"
FINGERPRINT_BYTES = 16


@dataclass(frozen=True, eq=False)
class Obstacles:
    """Upright prisms on flat ground, sorted by id.

    Make them by :meth:`from_geodataframe` or :meth:`from_arrays`, which check every row.

    Attributes
    ----------
    polygons : ndarray of Polygon, shape (n,)
        Valid footprints with counter-clockwise shells and clockwise holes, EPSG:32749 [m].
    heights_m : ndarray of float, shape (n,)
        Height of the flat roof above ground [m].
    bases_m : ndarray of float, shape (n,)
        Height from which it blocks sight: 0 for a building, the lowest branches for the crown of a tree [m].
    ids : ndarray of str, shape (n,)
        Building ids; parts of one building share its id.
    report : tuple of Problem
        What was noticed or changed on the way in and did not prevent the use.
    """

    polygons: NDArray[np.object_]
    heights_m: NDArray[np.float64]
    bases_m: NDArray[np.float64]
    ids: NDArray[np.str_]
    report: tuple[Problem, ...] = ()

    def __len__(self) -> int:
        """Count the prisms."""
        return len(self.polygons)

    @classmethod
    def from_geodataframe(cls, buildings: gpd.GeoDataFrame, *, height_column: str = "height_m") -> "Obstacles":
        """Check a layer of buildings and take it over.

        Parameters
        ----------
        buildings : GeoDataFrame
            Footprints in EPSG:32749 [m] with a column of heights [m]. Ids are read from ``building_id`` if there is
            such a column, else from the index.
        height_column : str
            Name of the column of heights.

        Returns
        -------
        Obstacles
            All buildings, sorted by id. Multipolygons are taken apart, z coordinates dropped; both are reported.

        Raises
        ------
        CrsError
            If the layer is not in EPSG:32749.
        InvalidObstacleError
            If there is no such column (``obstacle_no_height_column``), or if any row has a missing, empty, invalid or
            non-polygonal footprint or a height that is missing, not finite or negative (``obstacle_invalid``).
        """
        require_crs(buildings, name="buildings")
        if height_column not in buildings.columns:
            raise InvalidObstacleError(
                "obstacle_no_height_column",
                f"no column {height_column!r} among the buildings",
                {"column": height_column},
            )
        ids = buildings[ID_COLUMN] if ID_COLUMN in buildings.columns else buildings.index
        heights = pd.to_numeric(buildings[height_column], errors="coerce")
        return cls.from_arrays(
            np.asarray(buildings.geometry.array, dtype=object),
            heights.to_numpy(dtype=np.float64, na_value=np.nan),
            ids=[str(value) for value in ids],
        )

    @classmethod
    def from_arrays(
        cls,
        polygons: Sequence[BaseGeometry | None] | NDArray[np.object_],
        heights_m: npt.ArrayLike,
        *,
        ids: Sequence[str] | None = None,
        bases_m: npt.ArrayLike = 0.0,
    ) -> "Obstacles":
        """Check footprints and heights and take them over.

        Parameters
        ----------
        polygons : sequence of Polygon or MultiPolygon, shape (n,)
            Footprints, EPSG:32749 [m].
        heights_m : array-like of float, shape (n,)
            Heights of the roofs above ground [m].
        ids : sequence of str, shape (n,), optional
            Building ids; positions with leading zeros if not given.
        bases_m : array-like of float, shape (n,) or (), optional
            Heights from which they block sight; 0 for buildings [m].

        Returns
        -------
        Obstacles
            All buildings, sorted by id. Multipolygons are taken apart, z coordinates dropped; both are reported.

        Raises
        ------
        InvalidObstacleError
            If they do not have one length (``obstacle_lengths``), or if any row has a missing, empty, invalid or
            non-polygonal footprint, or a height or base that is not finite or negative (``obstacle_invalid``).
        """
        shapes = np.empty(len(polygons), dtype=object)
        shapes[:] = list(polygons)
        heights = np.atleast_1d(np.asarray(heights_m, dtype=np.float64))
        bases = np.broadcast_to(np.asarray(bases_m, dtype=np.float64), heights.shape)
        names = np.array([f"{i:06d}" for i in range(len(shapes))] if ids is None else list(ids), dtype=np.str_)
        if not len(shapes) == len(heights) == len(names):
            sizes = {"polygons": len(shapes), "heights": len(heights), "ids": len(names)}
            raise InvalidObstacleError("obstacle_lengths", f"lengths differ: {sizes}", {"sizes": str(sizes)})
        raise_if_any(
            _unusable(shapes, heights, bases, names),
            InvalidObstacleError,
            code="obstacle_invalid",
            message="buildings cannot be used as obstacles",
        )
        return cls._sorted_parts(shapes, heights, bases, names, tuple(_noticed(shapes, names)))

    @classmethod
    def _sorted_parts(
        cls,
        shapes: NDArray[np.object_],
        heights: NDArray[np.float64],
        bases: NDArray[np.float64],
        names: NDArray[np.str_],
        report: tuple[Problem, ...],
    ) -> "Obstacles":
        parts, row = _flat_parts(shapes)
        order = np.argsort(names[row], kind="stable")
        ordered = names[row][order]
        tied = np.zeros(len(order) + 1, np.bool_)
        tied[1:-1] = ordered[1:] == ordered[:-1]
        among = np.flatnonzero(tied[1:] | tied[:-1])
        # Bytes break ties between rows of one id, so that the order of the rows never matters.
        order[among] = sorted(
            order[among].tolist(),
            key=lambda i: (str(names[row[i]]), shapely.to_wkb(parts[i]), heights[row[i]], bases[row[i]]),
        )
        rows = row[order]
        return cls(parts[order], heights[rows], bases[rows], names[rows], report)

    def joined(self, others: "Obstacles") -> "Obstacles":
        """Put two sets of obstacles together.

        Parameters
        ----------
        others : Obstacles
            More obstacles.

        Returns
        -------
        Obstacles
            Both, sorted by id.
        """
        return Obstacles._sorted_parts(
            np.concatenate([self.polygons, others.polygons]), np.concatenate([self.heights_m, others.heights_m]),
            np.concatenate([self.bases_m, others.bases_m]), np.concatenate([self.ids, others.ids]),
            (*self.report, *others.report),
        )  # fmt: skip

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Spatial index of the footprints."""
        return shapely.STRtree(self.polygons)

    @cached_property
    def bounds_m(self) -> NDArray[np.float64]:
        """West, south, east and north of each footprint, shape (n, 4), EPSG:32749 [m]."""
        return shapely.bounds(self.polygons)

    @cached_property
    def fingerprints(self) -> NDArray[np.object_]:
        """Bytes that change with the shape, height or base of each building, shape (n,); ids do not count."""
        heights = np.column_stack([self.heights_m, self.bases_m])
        shapes = zip(shapely.to_wkb(self.polygons), heights, strict=True)
        found = np.empty(len(self), dtype=object)
        found[:] = [blake2b(wkb + pair.tobytes(), digest_size=FINGERPRINT_BYTES).digest() for wkb, pair in shapes]
        return found

    @cached_property
    def walls(self) -> "Walls":
        """All edges of the footprints, interior on the left hand."""
        rings, owner = shapely.get_rings(self.polygons, return_index=True)
        xy, ring = shapely.get_coordinates(rings, return_index=True)
        is_edge = ring[1:] == ring[:-1]
        building = owner[ring[:-1][is_edge]]
        first = np.searchsorted(building, np.arange(len(self) + 1))
        return Walls(xy[:-1][is_edge], xy[1:][is_edge], first, np.diff(first))


@dataclass(frozen=True, eq=False)
class Walls:
    """Edges of all footprints in one array, building after building.

    Attributes
    ----------
    start_m, end_m : ndarray of float, shape (m, 2)
        Ends of each edge in ring order, EPSG:32749; the interior lies to the left [m].
    first : ndarray of int64, shape (n + 1,)
        Edges of building ``b`` are ``first[b]`` to ``first[b + 1]``.
    n_edges : ndarray of int64, shape (n,)
        Edges of each building.
    """

    start_m: NDArray[np.float64]
    end_m: NDArray[np.float64]
    first: NDArray[np.int64]
    n_edges: NDArray[np.int64]


def _flat_parts(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Take shapes apart into oriented polygons without z; those that are so already are shared, not copied."""
    flat = shapes.copy()
    has_z = shapely.has_z(flat)
    flat[has_z] = shapely.force_2d(flat[has_z])
    row = np.arange(len(flat))
    if (shapely.get_type_id(flat) == shapely.GeometryType.MULTIPOLYGON).any():
        flat, row = shapely.get_parts(flat, return_index=True)
    rings, owner = shapely.get_rings(flat, return_index=True)
    is_shell = np.ones(len(owner), np.bool_)
    is_shell[1:] = owner[1:] != owner[:-1]
    turned = np.unique(owner[shapely.is_ccw(rings) != is_shell])
    flat[turned] = shapely.orient_polygons(flat[turned])
    return flat, row


def _unusable(
    shapes: NDArray[np.object_], heights: NDArray[np.float64], bases: NDArray[np.float64], names: NDArray[np.str_]
) -> Iterator[Problem]:
    missing = shapely.is_missing(shapes)
    empty = shapely.is_empty(shapes)
    polygonal = np.isin(shapely.get_type_id(shapes), [3, 6])
    valid = shapely.is_valid(shapes)
    for i, (name, height, base) in enumerate(zip(names, heights, bases, strict=True)):
        where = str(name)
        if missing[i]:
            yield Problem("geometry_missing", where, "geometry", "", "Polygon")
        elif empty[i]:
            yield Problem("geometry_empty", where, "geometry", "", "Polygon")
        elif not polygonal[i]:
            yield Problem("geometry_not_polygon", where, "geometry", shapes[i].geom_type, "Polygon")
        elif not valid[i]:
            yield Problem("geometry_invalid", where, "geometry", shapely.is_valid_reason(shapes[i]), "Polygon")
        if not np.isfinite(height):
            yield Problem("not_finite", where, "height_m", str(height), ">= 0 m")
        elif height < 0:
            yield Problem("negative", where, "height_m", str(height), ">= 0 m")
        if not np.isfinite(base):
            yield Problem("not_finite", where, "base_m", str(base), ">= 0 m")
        elif base < 0:
            yield Problem("negative", where, "base_m", str(base), ">= 0 m")


def _noticed(shapes: NDArray[np.object_], names: NDArray[np.str_]) -> Iterator[Problem]:
    several = shapely.get_num_geometries(shapes)
    has_z = shapely.has_z(shapes)
    for i in np.flatnonzero((several > 1) | has_z):
        if several[i] > 1:
            yield Problem("multipolygon_taken_apart", str(names[i]), "geometry", str(several[i]), "1")
        if has_z[i]:
            yield Problem("z_dropped", str(names[i]), "geometry", "xyz", "xy")
    unique, count = np.unique(names, return_counts=True)
    for name, times in zip(unique[count > 1], count[count > 1], strict=True):
        yield Problem("id_repeated", str(name), ID_COLUMN, str(times), "1")

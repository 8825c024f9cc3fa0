"""The points that are looked at for new cameras, the directions worth looking in, and what each camera would see."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array

from cctv.geodata import CityLayers
from cctv.services.situation import Base
from coverage.best_azimuths import best_azimuths
from coverage.candidate_sites import candidate_sites, corner_spots, spots, street_edge_spots
from coverage.candidates import CameraModel
from coverage.crs import PROJECTED_CRS
from coverage.observers import Observers
from coverage.viewshed import visible_cells

#: Assumed models of new cameras; the range is where a 4 MP camera still gives "Outline" (40 px/m, IEC 62676-4:2025).
MODELS = (
    CameraModel("fixed", hfov_deg=86.0, vfov_deg=55.0, range_m=36.0, height_m=6.0, tilt_deg=20.0),
    CameraModel("dome", hfov_deg=360.0, vfov_deg=float("nan"), range_m=20.0, height_m=6.0, tilt_deg=float("nan")),
)
LEVEL = "Outline, IEC 62676-4:2025, 40 px/m"
DIRECTIONS = 5
BATCH = 1_000
#: Street edges are looked at this often [m].
EDGE_STEP_M = 30.0
#: Kinds of public space that an agency stands on.
AGENCY_CLASSES = ("office",)

Progress = Callable[[float], object]
PoolName = Literal["quick", "full"]


@dataclass(frozen=True)
class Pool:
    """How many points are looked at.

    Attributes
    ----------
    road_classes : tuple of str
        Classes of the streets whose poles are looked at.
    spacing_m : float
        Smallest distance between two points [m].
    most : int
        How many points at the most.
    is_every_source : bool
        Whether street edges, junctions, points of the register and offices are looked at besides poles.
    """

    road_classes: tuple[str, ...]
    spacing_m: float
    most: int
    is_every_source: bool


POOLS: dict[PoolName, Pool] = {
    "quick": Pool(("primary", "secondary", "local"), 60.0, 900, is_every_source=False),
    "full": Pool(("primary", "secondary", "local", "lane"), 30.0, 4_000, is_every_source=True),
}


@dataclass(frozen=True, eq=False)
class Seen:
    """Points with their directions, and what cameras there see: all that does not depend on prices.

    Attributes
    ----------
    sites : GeoDataFrame
        As made by `coverage.candidate_sites.candidate_sites`.
    azimuths_deg : ndarray of float64, shape (len(sites), DIRECTIONS)
        Directions of each.
    covers : csr_array of bool, shape (n, len(demand))
        Cells of public space that each camera sees; the order is that of `coverage.candidates.candidates_at`.
    """

    sites: gpd.GeoDataFrame
    azimuths_deg: NDArray[np.float64]
    covers: csr_array


def sites_of(
    city: CityLayers, ground: Base, pool: Pool, register_xy_m: NDArray[np.float64], register_ids: Sequence[str]
) -> gpd.GeoDataFrame:
    """Choose the points that are looked at.

    Parameters
    ----------
    city : CityLayers
        City layers.
    ground : Base
        Buildings.
    pool : Pool
        How many.
    register_xy_m : ndarray of float64, shape (k, 2)
        Points of the register, EPSG:32749 [m].
    register_ids : sequence of str
        Their ids.

    Returns
    -------
    GeoDataFrame
        As `coverage.candidate_sites.candidate_sites` gives them.
    """
    streets = city.streets[city.streets["road_class"].isin(pool.road_classes)]
    spaces = city.public_spaces
    junctions = spaces[spaces["space_class"] == "junction"]
    posts = city.poles[city.poles["street_id"].isin(streets["street_id"])]
    found = [spots("pole", posts["pole_id"].astype(str).tolist(), np.array(posts.geometry.array, dtype=object))]
    if pool.is_every_source:
        found += [
            spots("point", register_ids, np.asarray(shapely.points(register_xy_m), dtype=object)),
            corner_spots("junction", junctions, streets),
            corner_spots("agency", spaces[spaces["space_class"].isin(AGENCY_CLASSES)], streets),
            street_edge_spots(streets, EDGE_STEP_M),
        ]
    places = gpd.GeoDataFrame(pd.concat([one for one in found if len(one)], ignore_index=True), crs=PROJECTED_CRS)
    return candidate_sites(
        places, junctions, streets, ground.obstacles, spacing_m=pool.spacing_m, most=pool.most
    )  # fmt: skip


def directions_of(sites: gpd.GeoDataFrame, ground: Base) -> NDArray[np.float64]:
    """Choose the directions of each point from what can be seen there all round.

    Parameters
    ----------
    sites : GeoDataFrame
        Points.
    ground : Base
        Buildings and public space, weighed by its class alone.

    Returns
    -------
    ndarray of float64, shape (len(sites), DIRECTIONS)
        Best first [deg]; NaN where there is nothing more to see.
    """
    model = next(one for one in MODELS if one.hfov_deg < 360.0)  # noqa: PLR2004 - a full turn
    n, xy = len(sites), shapely.get_coordinates(np.array(sites.geometry.array, dtype=object))
    around = Observers(
        xy[:, 0], xy[:, 1], np.full(n, model.height_m), np.full(n, np.nan), np.full(n, 360.0),
        np.full(n, model.range_m),
    )  # fmt: skip
    demand = ground.plain
    seen = public_cells(ground, around, None)
    return best_azimuths(
        xy[:, 0], xy[:, 1], seen, demand.grid.centres(demand.cell), demand.weight, hfov_deg=model.hfov_deg,
        most=DIRECTIONS,
    )  # fmt: skip


def public_cells(ground: Base, observers: Observers, progress: Progress | None) -> csr_array:
    """Find the cells of public space that cameras see.

    Parameters
    ----------
    ground : Base
        Buildings and public space.
    observers : Observers
        Cameras.
    progress : callable, optional
        Called with the share that is done.

    Returns
    -------
    csr_array of bool, shape (n, len(demand))
        One row per camera.
    """
    demand, n = ground.demand, len(observers)
    place = np.full(demand.grid.n_cells, -1, np.int64)
    place[demand.cell] = np.arange(len(demand))
    columns, counts = [np.empty(0, np.int64)], [np.zeros(1, np.int64)]
    for first in range(0, n, BATCH):
        batch = observers.take(np.arange(first, min(first + BATCH, n)))
        cells = visible_cells(ground.obstacles, batch, demand.grid)
        column = place[cells.indices]
        is_public = column >= 0
        row = np.repeat(np.arange(len(batch)), np.diff(cells.indptr))
        columns.append(column[is_public])
        counts.append(np.bincount(row[is_public], minlength=len(batch)))
        if progress is not None:
            progress(min(1.0, (first + BATCH) / n))
    column, starts = np.concatenate(columns), np.cumsum(np.concatenate(counts))
    return csr_array((np.ones(len(column), np.bool_), column, starts), shape=(n, len(demand)))

"""Where a camera could be put: poles and junctions, a few directions and models each, with a cost made of parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from coverage.crs import require_crs
from coverage.errors import InvalidDemandError, Problem, raise_if_any
from coverage.observers import Observers
from coverage.obstacles import Obstacles

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Names = NDArray[np.str_]

#: Parts of a cost, in the order they are shown; each is an item of the price list times a quantity.
COST_PARTS = ("camera", "pole", "panel", "fibre", "pln", "installation", "licence", "sign")

FULL_CIRCLE_DEG = 360.0


@dataclass(frozen=True)
class CameraModel:
    """A camera that can be bought.

    Attributes
    ----------
    model_id : str
        Stable name; ``camera_<model_id>`` is its item in the price list.
    hfov_deg, vfov_deg : float
        Field of view [deg]; 360 sees all round, then ``vfov_deg`` is NaN.
    range_m : float
        Distance at which it still gives the wanted level [m].
    height_m : float
        Mounting height [m].
    tilt_deg : float
        Below horizontal [deg]; NaN for one that sees all round.
    """

    model_id: str
    hfov_deg: float
    vfov_deg: float
    range_m: float
    height_m: float
    tilt_deg: float


@dataclass(frozen=True, eq=False)
class Candidates:
    """Possible cameras, several per point.

    Attributes
    ----------
    x_m, y_m : ndarray of float64, shape (n,)
        Position, EPSG:32749 [m].
    azimuth_deg : ndarray of float64, shape (n,)
        Clockwise from grid north [deg]; NaN for one that sees all round.
    model : ndarray of str, shape (n,)
        ``model_id`` of each.
    pole_id : ndarray of str, shape (n,)
        Point of each; at most one per point is chosen.
    street : ndarray of str, shape (n,)
        Name of the street, empty if it has none.
    cost_parts_idr : ndarray of int64, shape (n, len(COST_PARTS))
        Parts of the cost [Rp].
    fibre_m : ndarray of float64, shape (n,)
        Cable to the nearest point that has a network already, straight line [m].
    """

    x_m: Floats
    y_m: Floats
    azimuth_deg: Floats
    model: Names
    pole_id: Names
    street: Names
    cost_parts_idr: Ints
    fibre_m: Floats

    def __len__(self) -> int:
        """Count the candidates."""
        return len(self.x_m)

    @property
    def cost_idr(self) -> Ints:
        """Cost of each candidate [Rp], shape (n,)."""
        return self.cost_parts_idr.sum(axis=1)

    def observers(self, models: Sequence[CameraModel]) -> Observers:
        """Turn the candidates into cameras that can be computed.

        Parameters
        ----------
        models : sequence of CameraModel
            The models they were made from.

        Returns
        -------
        Observers
            One per candidate, in the same order.
        """
        by_id = {model.model_id: model for model in models}
        rows = [by_id[str(name)] for name in self.model]
        return Observers(
            self.x_m, self.y_m, [row.height_m for row in rows], self.azimuth_deg, [row.hfov_deg for row in rows],
            [row.range_m for row in rows], [row.tilt_deg for row in rows], [row.vfov_deg for row in rows],
        )  # fmt: skip


def candidate_sites(
    poles: gpd.GeoDataFrame,
    junctions: gpd.GeoDataFrame,
    streets: gpd.GeoDataFrame,
    obstacles: Obstacles,
    *,
    spacing_m: float,
    most: int,
) -> gpd.GeoDataFrame:
    """Choose points along streets: junctions first, then poles that are not too near to another point.

    Parameters
    ----------
    poles : GeoDataFrame
        ``pole_id``, ``street_id`` and points, EPSG:32749 [m].
    junctions : GeoDataFrame
        ``space_id`` and polygons of junctions, EPSG:32749 [m].
    streets : GeoDataFrame
        ``street_id``, ``name``, ``road_class`` and lines, EPSG:32749 [m].
    obstacles : Obstacles
        Buildings; a point inside one is no site.
    spacing_m : float
        Smallest distance between two sites [m].
    most : int
        How many sites at the most; main streets come first.

    Returns
    -------
    GeoDataFrame
        ``pole_id``, ``street`` (its name), ``azimuth_deg`` of the street, and points, EPSG:32749 [m].

    Raises
    ------
    CrsError
        If a layer is not in EPSG:32749.
    """
    for name, layer in (("poles", poles), ("junctions", junctions), ("streets", streets)):
        require_crs(layer, name=name)
    rank = {"primary": 0, "secondary": 1, "local": 2, "lane": 3}
    by_id = streets.drop_duplicates("street_id").set_index("street_id")
    posts = poles[poles["street_id"].isin(by_id.index)]
    xy = shapely.get_coordinates(np.array(posts.geometry.array, dtype=object))
    near_junction = _near(xy, junctions)
    classes = by_id.loc[posts["street_id"], "road_class"].map(rank).to_numpy(np.int64)
    order = np.lexsort((posts["pole_id"].astype(str).to_numpy(), ~near_junction, classes))
    free = ~_inside(xy, obstacles)
    chosen = _spaced(xy, order[free[order]], spacing_m, most)
    picked = posts.iloc[np.sort(chosen)]
    lines = np.array(by_id.loc[picked["street_id"]].geometry.array, dtype=object)
    return gpd.GeoDataFrame(
        {
            "pole_id": picked["pole_id"].astype(str).to_numpy(),
            "street": by_id.loc[picked["street_id"], "name"].astype(str).to_numpy(),
            "azimuth_deg": _direction(lines, np.array(picked.geometry.array, dtype=object)),
        },
        geometry=np.array(picked.geometry.array, dtype=object),
        crs=poles.crs,
    )


def candidates_at(
    sites: gpd.GeoDataFrame,
    models: Sequence[CameraModel],
    prices_idr: Mapping[str, int],
    network_xy_m: Floats,
) -> Candidates:
    """Put every model on every site: along the street both ways, across it both ways, and one that sees all round.

    Parameters
    ----------
    sites : GeoDataFrame
        As made by :func:`candidate_sites`.
    models : sequence of CameraModel
        What can be bought.
    prices_idr : mapping of str to int
        Item of the price list to price [Rp].
    network_xy_m : ndarray of float, shape (k, 2)
        Points that have a network already, EPSG:32749 [m]; empty means that no cable is counted.

    Returns
    -------
    Candidates
        By site, then model, then direction.

    Raises
    ------
    InvalidDemandError
        Lists the items that the price list lacks.
    """
    needed = {"pole_existing", "panel", "fibre_m", "pln", "installation", "licence", "sign"}
    needed |= {f"camera_{model.model_id}" for model in models}
    lacking = sorted(needed - set(prices_idr))
    raise_if_any(
        (Problem("price_missing", "price list", "item", item, "a price in whole Rupiah") for item in lacking),
        InvalidDemandError, code="prices_incomplete", message="the price list lacks items",
    )  # fmt: skip
    turns = [
        (model, turn)
        for model in models
        for turn in ((np.nan,) if model.hfov_deg >= FULL_CIRCLE_DEG else (0.0, 90, 180, 270))
    ]
    n, m = len(sites), len(turns)
    xy = np.repeat(shapely.get_coordinates(np.array(sites.geometry.array, dtype=object)), m, axis=0)
    along = np.repeat(sites["azimuth_deg"].to_numpy(np.float64), m)
    fibre = _fibre_m(xy, network_xy_m)
    turn = np.tile(np.array([turn for _, turn in turns], np.float64), n)
    camera = np.array([prices_idr[f"camera_{model.model_id}"] for model, _ in turns], np.int64)
    parts = np.column_stack(
        [
            np.tile(camera, n),
            np.full(n * m, prices_idr["pole_existing"]),
            np.full(n * m, prices_idr["panel"]),
            np.ceil(fibre).astype(np.int64) * prices_idr["fibre_m"],
            *(np.full(n * m, prices_idr[item]) for item in ("pln", "installation", "licence", "sign")),
        ]
    ).astype(np.int64)
    return Candidates(
        x_m=xy[:, 0],
        y_m=xy[:, 1],
        azimuth_deg=np.asarray(np.round((along + turn) % FULL_CIRCLE_DEG, 1) % FULL_CIRCLE_DEG, np.float64),
        model=np.tile(np.array([model.model_id for model, _ in turns]), n),
        pole_id=np.repeat(sites["pole_id"].to_numpy(np.str_), m),
        street=np.repeat(sites["street"].to_numpy(np.str_), m),
        cost_parts_idr=parts,
        fibre_m=fibre,
    )


def _near(xy: Floats, junctions: gpd.GeoDataFrame, distance_m: float = 12.0) -> NDArray[np.bool_]:
    near = np.zeros(len(xy), np.bool_)
    if len(junctions):
        tree = shapely.STRtree(np.array(junctions.geometry.array, dtype=object))
        near[tree.query(shapely.points(xy), predicate="dwithin", distance=distance_m)[0]] = True
    return near


def _inside(xy: Floats, obstacles: Obstacles) -> NDArray[np.bool_]:
    inside = np.zeros(len(xy), np.bool_)
    inside[obstacles.tree.query(shapely.points(xy), predicate="intersects")[0]] = True
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


def _direction(lines: NDArray[np.object_], points: NDArray[np.object_]) -> Floats:
    """Give the direction of each line at the foot of its point, clockwise from north [deg]."""
    at = shapely.line_locate_point(lines, points)
    length = shapely.length(lines)
    before = shapely.get_coordinates(shapely.line_interpolate_point(lines, np.maximum(at - 1, 0)))
    after = shapely.get_coordinates(shapely.line_interpolate_point(lines, np.minimum(at + 1, length)))
    east, north = (after - before).T
    return np.degrees(np.arctan2(east, north)) % 360


def _fibre_m(xy: Floats, network_xy_m: Floats) -> Floats:
    if not len(network_xy_m):
        return np.zeros(len(xy))
    nearest = shapely.STRtree(np.asarray(shapely.points(network_xy_m), dtype=object)).nearest(shapely.points(xy))
    return np.hypot(*(network_xy_m[nearest] - xy).T)

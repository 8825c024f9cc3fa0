"""Cameras that could be put on sites: a few directions and models each, with a cost made of parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from coverage.errors import InvalidDemandError, Problem, raise_if_any
from coverage.observers import Observers

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Names = NDArray[np.str_]

#: Parts of a cost, in the order they are shown; each is an item of the price list times a quantity.
COST_PARTS = ("camera", "pole", "pole_new", "panel", "fibre", "pln", "installation", "licence", "sign")

FULL_CIRCLE_DEG = 360.0
#: Sources of points where something stands that can carry a camera; elsewhere a pole of this item is built.
STANDING = ("pole", "point")
NEW_POLE = "pole_7m"


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
    source : ndarray of str, shape (n,)
        Where the point comes from (`coverage.candidate_sites.SiteSource`).
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
    source: Names
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


def candidates_at(
    sites: gpd.GeoDataFrame,
    azimuths_deg: Floats,
    models: Sequence[CameraModel],
    prices_idr: Mapping[str, int],
    network_xy_m: Floats,
) -> Candidates:
    """Put every model on every site, in each of its directions; one that sees all round once.

    Parameters
    ----------
    sites : GeoDataFrame
        As made by `coverage.candidate_sites.candidate_sites`.
    azimuths_deg : ndarray of float64, shape (len(sites), k)
        Directions of each site, clockwise from grid north [deg]; NaN where a site has fewer.
    models : sequence of CameraModel
        What can be bought.
    prices_idr : mapping of str to int
        Item of the price list to price [Rp].
    network_xy_m : ndarray of float, shape (k, 2)
        Points that have a network already, EPSG:32749 [m]; empty means that no cable is counted.

    Returns
    -------
    Candidates
        By site, then model, then direction. Where nothing stands yet, the cost has a new pole.

    Raises
    ------
    InvalidDemandError
        Lists the items that the price list lacks.
    """
    needed = {"pole_existing", NEW_POLE, "panel", "fibre_m", "pln", "installation", "licence", "sign"}
    needed |= {f"camera_{model.model_id}" for model in models}
    lacking = sorted(needed - set(prices_idr))
    raise_if_any(
        (Problem("price_missing", "price list", "item", item, "a price in whole Rupiah") for item in lacking),
        InvalidDemandError, code="prices_incomplete", message="the price list lacks items",
    )  # fmt: skip
    n = len(sites)
    blocks = [
        np.full((n, 1), np.nan) if model.hfov_deg >= FULL_CIRCLE_DEG else azimuths_deg.reshape(n, -1)
        for model in models
    ]
    model_of = np.repeat(np.arange(len(models)), [block.shape[1] for block in blocks])
    is_round = np.array([model.hfov_deg >= FULL_CIRCLE_DEG for model in models], np.bool_)[model_of]
    azimuth = np.concatenate(blocks, axis=1)
    site, place = np.nonzero(np.isfinite(azimuth) | is_round)
    kind = model_of[place]
    xy = shapely.get_coordinates(np.array(sites.geometry.array, dtype=object))[site]
    fibre = _fibre_m(xy, network_xy_m)
    source = sites["source"].to_numpy(np.str_)[site]
    camera = np.array([prices_idr[f"camera_{model.model_id}"] for model in models], np.int64)[kind]
    stands = np.isin(source, STANDING)
    parts = np.column_stack(
        [
            camera,
            np.where(stands, prices_idr["pole_existing"], 0),
            np.where(stands, 0, prices_idr[NEW_POLE]),
            np.full(len(site), prices_idr["panel"]),
            np.ceil(fibre).astype(np.int64) * prices_idr["fibre_m"],
            *(np.full(len(site), prices_idr[item]) for item in ("pln", "installation", "licence", "sign")),
        ]
    ).astype(np.int64)
    return Candidates(
        x_m=xy[:, 0],
        y_m=xy[:, 1],
        azimuth_deg=azimuth[site, place],
        model=np.array([model.model_id for model in models])[kind],
        pole_id=sites["pole_id"].to_numpy(np.str_)[site],
        source=source,
        street=sites["street"].to_numpy(np.str_)[site],
        cost_parts_idr=parts,
        fibre_m=fibre,
    )


def _fibre_m(xy: Floats, network_xy_m: Floats) -> Floats:
    if not len(network_xy_m):
        return np.zeros(len(xy))
    nearest = shapely.STRtree(np.asarray(shapely.points(network_xy_m), dtype=object)).nearest(shapely.points(xy))
    return np.hypot(*(network_xy_m[nearest] - xy).T)

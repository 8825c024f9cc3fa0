"""The building stock: everything that could stand, then the choice that meets each kelurahan's dwellings."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from cctv.geodata.generate.frame import Frame, Street
from cctv.geodata.generate.houses import Houses, fill_main_street, fill_row
from cctv.geodata.generate.plots import Plots
from cctv.geodata.generate.shapes import Floats, Geometries
from cctv.geodata.generate.sites import Site
from cctv.geodata.layers import kelurahan_of
from cctv.geodata.storage import snap

# Convention: a house holds one dwelling, a shop-house half a one (every second has a family upstairs).
DWELLINGS_PER_BUILDING = {"house": 1.0, "shophouse": 0.5}
_NARROWEST_M, _WIDEST_M = 5.0, 10.0
# Share of plots that stay empty inside built-up blocks, and of a block that must be built for it to count as one.
_VACANT = (0.0, 0.22)
_LEAST_BUILT = 0.35
_FRAYED = 0.08
_LATE = 100.0
# Share of a row's outline that becomes fronts of houses: less where rows are short and main streets many.
_DENSITY_PER_HA = (44.0, 54.0)
_USABLE_EDGE = (0.68, 0.52)
_CLEAR_M = 0.03
_WALL_GAP_M2 = 1e-9


@dataclass(frozen=True)
class Stock:
    """Buildings that overlap nothing.

    Attributes
    ----------
    shapes : numpy.ndarray
        Footprints on the 1/64 m grid, shape (n,).
    heights_m : numpy.ndarray
        Heights [m], shape (n,).
    classes : numpy.ndarray
        Building classes, shape (n,).
    block : numpy.ndarray
        Block each stands in; -1 along main streets and on sites, shape (n,).
    rank : numpy.ndarray
        How early it is built; small is early, shape (n,).
    """

    shapes: Geometries
    heights_m: Floats
    classes: np.ndarray
    block: np.ndarray
    rank: Floats

    def take(self, index: np.ndarray) -> "Stock":
        """Keep some of the buildings.

        Parameters
        ----------
        index : numpy.ndarray
            Which, as indices or a mask.

        Returns
        -------
        Stock
            Those.
        """
        return Stock(
            self.shapes[index], self.heights_m[index], self.classes[index], self.block[index], self.rank[index]
        )


def build(
    plots: Plots,
    frame: Frame,
    sites: list[Site],
    cuts: list[Street],
    kelurahan: gpd.GeoDataFrame,
    rng: np.random.Generator,
) -> Stock:
    """Put up every building there is room for.

    Parameters
    ----------
    plots : Plots
        Rows of plots.
    frame : Frame
        Main streets.
    sites : list of Site
        Public places.
    cuts : list of Street
        Minor streets and lanes.
    kelurahan : geopandas.GeoDataFrame
        With dwell_est and dwell_per_ha, EPSG:32749.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    Stock
        Buildings without overlaps; earlier ones win: sites, then main streets, then rows.
    """
    houses = Houses()
    _line_main_streets(houses, frame, sites, cuts, kelurahan, rng)
    frontage = _frontage(plots, kelurahan)
    for number, (row, polygon) in enumerate(zip(plots.rows, plots.polygons, strict=True)):
        if not polygon.is_empty and polygon.geom_type == "Polygon" and plots.districts[number]:
            fill_row(houses, polygon, row, number, frontage[str(plots.districts[number])], rng)
    shapes, heights, classes, group = houses.table()
    in_row = group >= 0
    inside = np.ones(len(shapes), dtype=bool)
    # Snapping moves a corner by up to 1/128 m in x and y: keep that far from the edge of the row.
    inside[in_row] = shapely.contains(shapely.buffer(plots.polygons, -_CLEAR_M)[group[in_row]], shapes[in_row])
    inside[np.unique(shapely.STRtree(frame.corridors()).query(shapes, predicate="intersects")[0])] = False
    blocks = np.array([row.block for row in plots.rows])
    stock = Stock(
        snap(np.concatenate([np.array([b for s in sites for b in s.buildings]), shapes])),
        np.concatenate([[s.height_m for s in sites for _ in s.buildings], heights]),
        np.concatenate([[s.building_class for s in sites for _ in s.buildings], classes]),
        np.concatenate([np.full(sum(len(s.buildings) for s in sites), -1), np.where(in_row, blocks[group], -1)]),
        np.concatenate(
            [np.full(sum(len(s.buildings) for s in sites), -np.inf), np.where(in_row, plots.rank[group], -np.inf)]
        ),
    )
    n_sites = len(stock.shapes) - len(shapes)
    return _without_collisions(stock.take(np.concatenate([np.ones(n_sites, dtype=bool), inside])))


def choose(stock: Stock, kelurahan: gpd.GeoDataFrame, rng: np.random.Generator) -> Stock:
    """Keep the earliest houses of each kelurahan until its dwellings are reached.

    Parameters
    ----------
    stock : Stock
        Everything there is room for.
    kelurahan : geopandas.GeoDataFrame
        With dwell_est, EPSG:32749.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    Stock
        What stands; public buildings and main streets always do.
    """
    district = kelurahan_of(kelurahan, shapely.get_coordinates(shapely.centroid(stock.shapes)))
    dwellings = np.array([DWELLINGS_PER_BUILDING.get(str(name), 0.0) for name in stock.classes])
    in_row = stock.block >= 0
    chance = rng.random(len(stock.shapes))
    rank = stock.rank + rng.normal(0.0, _FRAYED, len(stock.shapes))
    for name, wanted in zip(kelurahan.kelurahan, kelurahan.dwell_est, strict=True):
        own = (district == name) & in_row
        room = 1.0 - wanted / max(dwellings[district == name].sum(), wanted)
        rank[own & (chance < np.clip(room, *_VACANT))] += _LATE
    chosen = _earliest(rank, district, dwellings, in_row, kelurahan)
    lonely = np.bincount(stock.block[chosen & in_row], minlength=stock.block.max() + 1) < _LEAST_BUILT * np.bincount(
        stock.block[in_row]
    )
    rank[in_row] += np.where(lonely[stock.block[in_row]], _LATE / 2, 0.0)
    return stock.take(_earliest(rank, district, dwellings, in_row, kelurahan))


def _earliest(
    rank: Floats, district: np.ndarray, dwellings: Floats, in_row: np.ndarray, kelurahan: gpd.GeoDataFrame
) -> np.ndarray:
    """Mark the buildings that make up each kelurahan's dwellings, in order of rank."""
    keep = district != ""
    for name, wanted in zip(kelurahan.kelurahan, kelurahan.dwell_est, strict=True):
        own = np.flatnonzero(district == name)
        own = own[np.argsort(rank[own], kind="stable")]
        keep[own[(np.cumsum(dwellings[own]) > wanted) & in_row[own]]] = False
    return keep


def _line_main_streets(
    houses: Houses,
    frame: Frame,
    sites: list[Site],
    cuts: list[Street],
    kelurahan: gpd.GeoDataFrame,
    rng: np.random.Generator,
) -> None:
    """Fill both sides of every main street; the denser the kelurahan, the more shop-houses."""
    ground = [
        *frame.corridors(),
        *(street.corridor for street in cuts),
        *(site.ground for site in sites),
        frame.rail_reserve,
        frame.river,
        shapely.buffer(frame.boundary.exterior, 1.0),
    ]
    density = dict(zip(kelurahan.kelurahan, kelurahan.dwell_per_ha, strict=True))
    for number, street in enumerate(frame.streets):
        obstacles = shapely.STRtree([*ground[:number], *ground[number + 1 :]])
        xy = shapely.get_coordinates(street.line)
        names = kelurahan_of(kelurahan, (xy[:-1] + xy[1:]) / 2)
        share = np.array([np.clip(density.get(str(name), 0.0) / 40.0, 0.25, 0.9) for name in names])
        share *= 1.0 if street.road_class in ("primary", "secondary") else 0.6
        fill_main_street(houses, street, obstacles, share, rng)


def _frontage(plots: Plots, kelurahan: gpd.GeoDataFrame) -> dict[str, float]:
    """Width of plots that would just give each kelurahan its dwellings, within limits."""
    running_m = shapely.length(plots.polygons)
    widths: dict[str, float] = {}
    for name, wanted, density in zip(kelurahan.kelurahan, kelurahan.dwell_est, kelurahan.dwell_per_ha, strict=True):
        usable = np.interp(density, _DENSITY_PER_HA, _USABLE_EDGE)
        width_m = usable * running_m[plots.districts == name].sum() / wanted
        widths[str(name)] = float(np.clip(width_m, _NARROWEST_M, _WIDEST_M))
    return widths


def _without_collisions(stock: Stock) -> Stock:
    """Drop every building that overlaps an earlier one that stays."""
    tree = shapely.STRtree(stock.shapes)
    later, earlier = tree.query(stock.shapes, predicate="intersects")
    pick = earlier < later
    later, earlier = later[pick], earlier[pick]
    overlap = shapely.area(shapely.intersection(stock.shapes[later], stock.shapes[earlier])) > _WALL_GAP_M2
    later, earlier = later[overlap], earlier[overlap]
    stays = np.ones(len(stock.shapes), dtype=bool)
    for one, other in sorted(zip(later.tolist(), earlier.tolist(), strict=True)):
        if stays[other]:
            stays[one] = False
    return stock.take(stays)

"""Lay out rows of plots in every block and say how early each would be built up."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from cctv.geodata.generate.frame import Frame, Street
from cctv.geodata.generate.houses import SHOP_DEPTH_M
from cctv.geodata.generate.shapes import Floats, Geometries, lines_of, polygons_of, smooth_noise, subtract
from cctv.geodata.generate.sites import Site
from cctv.geodata.generate.spaces import RIVERSIDE_M
from cctv.geodata.generate.subdivide import Cut, Row, rows_of_block
from cctv.geodata.layers import kelurahan_of

_LEAST_ROW_M2 = 160.0
_FROM_EDGE_M = 3.0
_FROM_SITE_M = 1.5
_TOWN_REACH_M = 260.0
_NOISE_M = 900.0
# Deeper plots where there is more room: distance between lanes by dwellings per hectare.
_DENSITY_PER_HA = (20.0, 30.0, 42.0, 50.0)
_ROW_DEPTH_M = (37.0, 34.0, 29.0, 25.0)


@dataclass(frozen=True)
class Plots:
    """Rows of plots.

    Attributes
    ----------
    rows : list of Row
        Block and direction of each row.
    polygons : numpy.ndarray
        What is left of each row between lanes, streets and sites [m], shape (n,).
    districts : numpy.ndarray
        Kelurahan of each row, shape (n,).
    rank : numpy.ndarray
        How early it is built up; small is early, shape (n,).
    lanes : list of Cut
        Lanes between rows, each with its block.
    """

    rows: list[Row]
    polygons: Geometries
    districts: np.ndarray
    rank: Floats
    lanes: list[Cut]


def block_rank(blocks: list[shapely.Polygon], frame: Frame, density: Floats, rng: np.random.Generator) -> Floats:
    """Rank blocks for building up: near a main street first, in smooth clusters.

    Parameters
    ----------
    blocks : list of shapely.Polygon
        Blocks [m].
    frame : Frame
        Main streets.
    density : numpy.ndarray
        Dwellings per hectare of the kelurahan of each block, shape (n,).
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    numpy.ndarray
        Small is early, shape (n,).
    """
    centres = shapely.centroid(np.array(blocks))
    axes = shapely.union_all([street.line for street in frame.streets])
    away = shapely.distance(centres, axes) / _TOWN_REACH_M
    clustering = np.interp(density, [15.0, 40.0], [0.8, 0.2])
    return away - clustering * smooth_noise(shapely.get_coordinates(centres), _NOISE_M, rng)


def make_plots(
    blocks: list[shapely.Polygon],
    cuts: list[Cut],
    rank: Floats,
    density: Floats,
    frame: Frame,
    sites: list[Site],
    kelurahan: gpd.GeoDataFrame,
    core: shapely.Geometry,
    rng: np.random.Generator,
) -> Plots:
    """Cut all blocks into rows and take streets, lanes and sites out of them.

    Parameters
    ----------
    blocks : list of shapely.Polygon
        Blocks [m].
    cuts : list of Cut
        Streets between them.
    rank : numpy.ndarray
        How early each block is built up, shape (n,).
    density : numpy.ndarray
        Dwellings per hectare of the kelurahan of each block, shape (n,).
    frame : Frame
        Main streets, railway, river, city.
    sites : list of Site
        Grounds of known places.
    kelurahan : geopandas.GeoDataFrame
        Polygons, EPSG:32749.
    core : shapely.Geometry
        Old town.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    Plots
        Rows and lanes.
    """
    rows: list[Row] = []
    lanes: list[Cut] = []
    depth_m = np.interp(density, _DENSITY_PER_HA, _ROW_DEPTH_M)
    bands = np.array(_shop_bands(frame))
    for number, (block, rest) in enumerate(zip(blocks, subtract(np.array(blocks), bands), strict=True)):
        inner = max(polygons_of(rest), key=shapely.area, default=block)
        own, between = rows_of_block(block, inner, number, core, float(depth_m[number]), rng)
        rows += own
        lanes += [Cut(lane, number, number + 1) for lane in between]
    lanes = around_sites(lanes, sites)
    blocked = [
        frame.corridors(),
        bands,
        [cut.street.corridor for cut in [*cuts, *lanes]],
        [shapely.buffer(site.ground, _FROM_SITE_M) for site in sites],
        [frame.rail_reserve, shapely.buffer(frame.bank, RIVERSIDE_M + _FROM_EDGE_M)],
        [shapely.buffer(frame.boundary.exterior, _FROM_EDGE_M)],
    ]
    left = subtract(np.array([row.polygon for row in rows]), np.concatenate([np.array(b) for b in blocked]))
    parts = [(row, part) for row, rest in zip(rows, left, strict=True) for part in polygons_of(rest, _LEAST_ROW_M2)]
    polygons = np.array([part for _, part in parts])
    centres = shapely.get_coordinates(shapely.point_on_surface(polygons))
    kept = [row for row, _ in parts]
    return Plots(kept, polygons, kelurahan_of(kelurahan, centres), rank[[row.block for row in kept]], lanes)


def around_sites(cuts: list[Cut], sites: list[Site]) -> list[Cut]:
    """Take the grounds of public places out of streets.

    Parameters
    ----------
    cuts : list of Cut
        Streets that may run across a ground.
    sites : list of Site
        The grounds.

    Returns
    -------
    list of Cut
        Pieces outside the grounds.
    """
    grounds = np.array([site.ground for site in sites])
    tree = shapely.STRtree(grounds)
    pieces: list[Cut] = []
    for cut in cuts:
        street = cut.street
        hits = np.sort(tree.query(street.corridor, predicate="intersects"))
        if not len(hits):
            pieces.append(cut)
            continue
        wide = shapely.buffer(shapely.union_all(grounds[hits]), street.width_m / 2 + 0.5)
        lines = lines_of(shapely.difference(street.line, wide), 12.0)
        pieces += [
            Cut(Street(line, street.road_class, street.width_m, street.lit), cut.first, cut.last) for line in lines
        ]
    return pieces


def _shop_bands(frame: Frame) -> list[shapely.Geometry]:
    return [shapely.buffer(s.line, s.width_m / 2 + SHOP_DEPTH_M + 2.0, cap_style="flat") for s in frame.streets]

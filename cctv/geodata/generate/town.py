"""Make the whole synthetic city in one go: streets, houses, public places, spaces, poles, water."""

import geopandas as gpd
import numpy as np
import shapely

from cctv.geodata.generate.frame import Frame, Street, make_frame
from cctv.geodata.generate.plots import around_sites, block_rank, make_plots
from cctv.geodata.generate.poles import make_poles
from cctv.geodata.generate.shapes import Floats
from cctv.geodata.generate.sites import known_sites, scattered_sites
from cctv.geodata.generate.spaces import make_spaces
from cctv.geodata.generate.stock import Stock, build, choose
from cctv.geodata.generate.subdivide import Cut, subdivide
from cctv.geodata.layers import kelurahan_of, outline
from cctv.geodata.lonlat import METRES

SEED = 3576
CORE_DWELLINGS_PER_HA = 30.0


def make_town(tables: dict[str, gpd.GeoDataFrame], seed: int = SEED) -> dict[str, gpd.GeoDataFrame]:
    """Generate all synthetic layers from the restated ones.

    Parameters
    ----------
    tables : dict
        Restated layers kelurahan, places, junctions, railway and streets_named, EPSG:32749.
    seed : int
        Same seed and tables, same city, bit for bit.

    Returns
    -------
    dict
        streets_minor, poles, buildings, public_spaces, water; EPSG:32749.
    """
    rng = np.random.default_rng(seed)
    kelurahan, named = tables["kelurahan"], tables["streets_named"]
    frame = make_frame(outline(kelurahan), named, tables["railway"], tables["junctions"])
    core = shapely.union_all(np.asarray(kelurahan.geometry[kelurahan.dwell_per_ha > CORE_DWELLINGS_PER_HA]))
    known = known_sites(tables["places"], frame)
    plan = subdivide(frame.faces(), core, rng)
    cuts = around_sites(plan.cuts, known)
    density = _density(plan.blocks, kelurahan)
    rank = block_rank(plan.blocks, frame, density, rng)
    plots = make_plots(plan.blocks, cuts, rank, density, frame, known, kelurahan, core, rng)
    scattered, rest = scattered_sites(kelurahan, plots.rows, plots.polygons, plots.rank, plots.districts, rng)
    for index, polygon in rest.items():
        plots.polygons[index] = polygon
    sites = [*known, *scattered]
    candidates = build(plots, frame, sites, [cut.street for cut in [*cuts, *plots.lanes]], kelurahan, rng)
    stock = choose(candidates, kelurahan, rng)
    built = np.union1d(stock.block[stock.block >= 0], [plots.rows[index].block for index in rest])
    minor = [*frame.links, *_opened(cuts, built), *_opened(plots.lanes, built)]
    streets, ids = [*frame.named, *minor], [*named.street_id, *(f"s{n:05d}" for n in range(1, len(minor) + 1))]
    names = [*named.name, *[""] * len(minor)]
    xy, owner = make_poles(streets, frame.boundary, rng)
    return {
        "streets_minor": _street_table(minor, ids[len(named) :]),
        "poles": _pole_table(xy, owner, ids),
        "buildings": _building_table(stock),
        "public_spaces": make_spaces(frame, streets, ids, names, sites, tables["junctions"], kelurahan),
        "water": _water_table(frame),
    }


def _density(blocks: list[shapely.Polygon], kelurahan: gpd.GeoDataFrame) -> Floats:
    """Dwellings per hectare of the kelurahan that each block lies in."""
    names = kelurahan_of(kelurahan, shapely.get_coordinates(shapely.point_on_surface(np.array(blocks))))
    known = dict(zip(kelurahan.kelurahan, kelurahan.dwell_per_ha, strict=True))
    return np.array([float(known.get(str(name), 0.0)) for name in names])


def _opened(cuts: list[Cut], built: np.ndarray) -> list[Street]:
    """Keep the streets that lead to a block with buildings; fields have none."""
    return [cut.street for cut in cuts if np.any((built >= cut.first) & (built < cut.last))]


def _street_table(streets: list[Street], ids: list[str]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "street_id": ids,
            "name": "",
            "road_class": [street.road_class for street in streets],
            "width_m": [street.width_m for street in streets],
            "lit": [street.lit for street in streets],
            "kind": "synthetic",
            "tag": "",
            "est_error_m": np.nan,
        },
        geometry=[street.line for street in streets],
        crs=METRES,
    )


def _pole_table(xy: np.ndarray, owner: np.ndarray, ids: list[str]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"pole_id": [f"P{n:05d}" for n in range(1, len(xy) + 1)], "street_id": [ids[i] for i in owner]},
        geometry=shapely.points(xy),
        crs=METRES,
    )


def _building_table(stock: Stock) -> gpd.GeoDataFrame:
    """Sort from south-west to north-east by square, so that neighbours stand together in the file."""
    centres = shapely.get_coordinates(shapely.centroid(stock.shapes))
    order = np.lexsort((centres[:, 0], centres[:, 1], centres[:, 0] // 100, centres[:, 1] // 100))
    sorted_stock = stock.take(order)
    return gpd.GeoDataFrame(
        {
            "building_id": [f"B{n:05d}" for n in range(1, len(order) + 1)],
            "height_m": np.round(sorted_stock.heights_m, 1),
            "building_class": sorted_stock.classes,
            "kind": "synthetic",
            "height_source": "synthetic",
        },
        geometry=sorted_stock.shapes,
        crs=METRES,
    )


def _water_table(frame: Frame) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"name": ["Kali Brantas (skematis)"], "kind": "synthetic"}, geometry=[frame.river], crs=METRES
    )

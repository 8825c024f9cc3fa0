"""Shares of the whole city beside what a developer would write with GeoPandas: ``python -m benchmarks.shares``.

The city layers of the product, cameras on random street corners, everything known about them unless said otherwise.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import geopandas as gpd
import numpy as np
import shapely

from benchmarks.shares_gdal import cumulative
from cctv.geodata import load_city
from cctv.geodata.layers import CityLayers
from coverage.corridors import corridors_from_streets
from coverage.crs import PROJECTED_CRS
from coverage.demand import demand_from_spaces
from coverage.gaps import GapFinder
from coverage.grid import Grid
from coverage.most_seen import Nearby
from coverage.observers import Observers
from coverage.obstacles import Obstacles
from coverage.public_space import PublicSpace
from coverage.shares import CoverageState, measure
from coverage.sightings import Knowledge, Sightings, see
from coverage.viewshed import visible_cells, visible_polygons

GEO_DIR = Path(__file__).resolve().parents[1] / "data" / "geo"
FEW, MANY = 133, 2_000
CELL_M = 2.0
TURNS = 3  # of both sides; the best counts
PARTS = (1, 3)  # of a cell: GDAL counts on the grid, and three times finer

Found = TypeVar("Found")


class City:
    """The city once per process."""

    def __init__(self) -> None:
        started = time.perf_counter()
        self.layers: CityLayers = load_city(GEO_DIR)
        loaded = time.perf_counter()
        city = self.layers
        self.obstacles = Obstacles.from_geodataframe(city.buildings)
        grid = Grid.covering(city.boundary, CELL_M)
        demand = demand_from_spaces(city.public_spaces, grid, districts=city.kelurahan)
        kecamatan = dict(zip(city.kelurahan["kelurahan"], city.kelurahan["kecamatan"], strict=True))
        self.public = PublicSpace(demand, corridors_from_streets(city.streets, city.kelurahan), kecamatan, {})
        self.nearby = Nearby(self.public)
        self.finder = GapFinder(demand, {}, city.streets)
        self.loading_s, self.base_s = loaded - started, time.perf_counter() - loaded


def main() -> None:
    """Print times, ratios and differences."""
    city = City()
    print(f"{len(city.obstacles)} buildings, {len(city.public.demand)} cells of {CELL_M:g} m: layers read in "
          f"{city.loading_s:.2f} s, public space laid on the grid in {city.base_s:.2f} s")  # fmt: skip
    for n in (FEW, MANY):
        _whole(city, n)
    _uncertain(city, FEW)
    _overlay(city, FEW)
    _overlay(city, MANY)
    _rasters(city, FEW)
    _rasters(city, MANY)


def cameras(city: City, n: int) -> Observers:
    """Put cameras beside the middles of street pieces, the same for the same number."""
    rng = np.random.default_rng(4)
    streets = city.public.corridors.segments
    segment = rng.choice(len(streets.length_m), n, replace=False)
    spot = streets.at(segment, rng.random(n)) + rng.uniform(-2, 2, (n, 2))
    hfov = np.where(rng.random(n) < 0.1, 360.0, rng.choice([60.0, 86.0, 100.0], n))
    return Observers(
        *spot.T, rng.choice([5.0, 6.0, 8.0], n), rng.uniform(0, 360, n), hfov, rng.choice([40.0, 60, 80], n)
    )


def _whole(city: City, n: int) -> None:
    """Measure all shares and gaps cold, and after one camera was turned."""
    observers, known = cameras(city, n), Knowledge.exact(n)
    started = time.perf_counter()
    sightings, _ = _state(city, observers, known, None)
    cold = time.perf_counter() - started
    azimuth = observers.azimuth_deg.copy()
    turns = []
    for camera in range(5):
        azimuth[camera] = (azimuth[camera] + 30) % 360
        turned = Observers(
            observers.x_m, observers.y_m, observers.height_m, azimuth, observers.hfov_deg, observers.range_m
        )
        started = time.perf_counter()
        sightings, _ = _state(city, turned, known, sightings)
        turns.append(time.perf_counter() - started)
    print(f"{n} cameras: all shares, intervals and gaps {cold:.2f} s cold, median {np.median(turns):.3f} s after one "
          "of them was turned")  # fmt: skip


def _state(
    city: City, observers: Observers, known: Knowledge, previous: Sightings | None
) -> tuple[Sightings, CoverageState]:
    sightings = see(city.obstacles, observers, known, city.nearby, previous=previous)
    state = measure(city.public, sightings)
    city.finder.find(state.n_certain + state.n_possible > 0)
    return sightings, state


def _uncertain(city: City, n: int) -> None:
    """Half of the cameras may stand up to 150 m away, half have a direction in words."""
    rng = np.random.default_rng(5)
    exact = Knowledge.exact(n)
    known = Knowledge(
        np.where(rng.random(n) < 0.5, 45.0, 0.0), np.where(rng.random(n) < 0.5, 150.0, 0.0), exact.is_lens_known,
        exact.resolution_px, exact.infrared_range_m,
    )  # fmt: skip
    observers = cameras(city, n)
    nearby = Nearby(city.public)  # remembers nothing
    started = time.perf_counter()
    sightings = see(city.obstacles, observers, known, nearby)
    first = time.perf_counter() - started
    seconds, state = _timed(lambda: measure(city.public, sightings), 3)
    share = state.covered_area_share
    print(f"{n} cameras, many uncertain: {first:.2f} s to see, {seconds:.3f} s to measure; area "
          f"{share.low:.4f} to {share.high:.4f}")  # fmt: skip


def _overlay(city: City, n: int) -> None:
    """Compare with overlays of the same viewsheds; both sides start from what each camera sees."""
    observers = cameras(city, n)
    sightings = see(city.obstacles, observers, Knowledge.exact(n), city.nearby)
    viewsheds = gpd.GeoDataFrame(geometry=visible_polygons(city.obstacles, observers), crs=PROJECTED_CRS)
    streets = city.layers.streets[["street_id", "geometry"]]
    space = _space(city)
    ours, state = _timed(lambda: measure(city.public, sightings), TURNS)
    theirs, (area, street) = _timed(lambda: _shares_by_overlay(space, streets, viewsheds), TURNS)
    area_off = abs(area - state.covered_area_share.value)
    street_off = abs(street - (state.covered_corridor_share or state.covered_area_share).value)
    print(f"{n} cameras, GeoPandas overlay: area by kelurahan and class, streets: {theirs:.2f} s, "
          f"{theirs / ours:.0f} x our {ours:.3f} s for everything; area share off by {area_off:.1e}, streets by "
          f"{street_off:.1e}")  # fmt: skip
    more, twice = _timed(lambda: _twice_by_overlay(space, viewsheds), TURNS)
    print(f"  with what two cameras see: {theirs + more:.2f} s, {(theirs + more) / ours:.0f} x; seen twice off by "
          f"{abs(twice - state.k_coverage[2].value):.1e}")  # fmt: skip


def _rasters(city: City, n: int) -> None:
    """Compare with a cumulative viewshed of GDAL, both from the cameras on; the same cameras, seeing all round.

    GDAL samples sight lines on a raster of heights; it gives counts per cell, no streets, no intervals, no gaps.
    """
    some = cameras(city, n)
    observers = Observers(some.x_m, some.y_m, some.height_m, some.azimuth_deg, np.full(n, 360.0), some.range_m)
    ours, state = _timed(lambda: _state(city, observers, Knowledge.exact(n), None)[1], TURNS)
    counts, _ = _timed(lambda: visible_cells(city.obstacles, observers, city.public.demand.grid).sum(axis=0), TURNS)
    for parts in PARTS:
        found = cumulative(city.obstacles, observers, city.public.demand, parts)
        if found is None:
            print("GDAL missing (Debian: python3-gdal)")
            return
        once, twice = (float((found.views >= k).mean()) for k in (1, 2))
        off, off_twice = abs(once - state.k_coverage[1].value), abs(twice - state.k_coverage[2].value)
        print(f"{n} cameras all round, GDAL {found.version} cumulative viewshed, cells of {CELL_M / parts:.2f} m: "
              f"{found.seconds:.2f} s for the counts, {found.seconds / counts:.2f} x our {counts:.2f} s for exact "
              f"counts, {found.seconds / ours:.2f} x our {ours:.2f} s with all shares and gaps; area share off by "
              f"{off:.1e}, seen twice by {off_twice:.1e}")  # fmt: skip


def _space(city: City) -> gpd.GeoDataFrame:
    """Cut public space by class and kelurahan so that nothing is counted twice; once per city, not timed."""
    spaces, taken, parts = city.layers.public_spaces, shapely.Polygon(), []
    for name, rows in sorted(spaces.groupby("space_class"), key=lambda pair: pair[1].area.sum()):
        shape = shapely.union_all(np.asarray(rows.geometry.array, dtype=object))
        parts.append((name, shapely.difference(shape, taken)))
        taken = shapely.union(taken, shape)
    frame = gpd.GeoDataFrame(
        {"space_class": [name for name, _ in parts]}, geometry=[s for _, s in parts], crs=PROJECTED_CRS
    )
    return frame.overlay(city.layers.kelurahan[["kelurahan", "geometry"]]).explode(ignore_index=True)


def _shares_by_overlay(
    space: gpd.GeoDataFrame, streets: gpd.GeoDataFrame, viewsheds: gpd.GeoDataFrame
) -> tuple[float, float]:
    """Give the shares of area and of street length as a developer would."""
    seen = viewsheds.dissolve()
    area = space.overlay(seen, how="intersection")
    tables = [
        area.geometry.area.groupby(area[name]).sum() / space.geometry.area.groupby(space[name]).sum()
        for name in ("kelurahan", "space_class")
    ]
    street = streets.overlay(seen, how="intersection", keep_geom_type=True)
    return float(area.area.sum() / space.area.sum()) if all(map(len, tables)) else np.nan, float(
        street.length.sum() / streets.length.sum()
    )


def _twice_by_overlay(space: gpd.GeoDataFrame, viewsheds: gpd.GeoDataFrame) -> float:
    """Give the share of area that two cameras or more see."""
    pairs = viewsheds.sjoin(viewsheds, predicate="intersects").reset_index()
    pairs = pairs[pairs["index"] < pairs["index_right"]]
    shapes = np.asarray(viewsheds.geometry.array, dtype=object)
    both = shapely.intersection(shapes[pairs["index"]], shapes[pairs["index_right"]])
    areal = both[shapely.area(both) > 0]
    twice = gpd.GeoDataFrame(geometry=areal, crs=PROJECTED_CRS).dissolve()
    return float(space.overlay(twice, how="intersection").area.sum() / space.area.sum())


def _timed(run: Callable[[], Found], turns: int) -> tuple[float, Found]:
    """Time a call; the best of several turns [s], and what it gave."""
    seconds = []
    for _ in range(turns - 1):
        started = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - started)
    started = time.perf_counter()
    found = run()
    return min([*seconds, time.perf_counter() - started]), found


if __name__ == "__main__":
    main()

"""How exact the viewsheds are, and what they cost in memory: ``python -m benchmarks.viewshed_exactness``."""

import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import shapely

from benchmarks.cities import Workload, workload
from coverage.grid import Grid
from coverage.observers import Observers
from coverage.obstacles import Obstacles
from coverage.viewshed import line_of_sight, visible_areas_m2, visible_cells, visible_polygons

GEO = Path(__file__).resolve().parents[1] / "data" / "geo"
TARGET_M = 1.5
CELL_M = 0.5
NEAR_EDGE_M = 0.01
CAMERAS_FOR_CELLS, CAMERAS_FOR_LINES, LINES_EACH, MANY = 500, 1_000, 200, 10_000

MEMORY_SCRIPT = """
from benchmarks.viewshed_exactness import sites_of_the_city
sites_of_the_city()
"""


def main() -> None:
    """Print wrong cells, wrong places, invalid polygons and memory."""
    mixed = workload("mixed", plots_across=3, share_built=0.85, n_cameras=MANY, all_round=False)
    _validity(mixed)
    _lines(mixed)
    _cells(mixed)
    done = subprocess.run([sys.executable, "-c", MEMORY_SCRIPT], capture_output=True, text=True, check=True)
    print(done.stdout.strip())


def _validity(load: Workload) -> None:
    areas = visible_polygons(load.obstacles, load.observers)
    closed = visible_areas_m2(load.obstacles, load.observers)
    off = np.abs(shapely.area(areas) - closed) / np.maximum(closed, 1.0)
    broken = int((~shapely.is_valid(areas)).sum())
    print(f"{len(areas)} polygons: {broken} invalid, area against the closed form off by {off.max():.1e} most")


def _lines(load: Workload) -> None:
    """Compare random places with lines of sight in three dimensions, which share no code with the sweep."""
    rng = np.random.default_rng(3)
    some = load.observers.take(np.arange(CAMERAS_FOR_LINES))
    wrong = compared = 0
    for i, area in enumerate(visible_polygons(load.obstacles, some)):
        angle, radius = rng.uniform(0, 2 * np.pi, LINES_EACH), some.range_m[i] * np.sqrt(rng.random(LINES_EACH))
        east, north = radius * np.sin(angle), radius * np.cos(angle)
        bearing = np.rad2deg(angle)
        aside = np.abs((bearing - np.nan_to_num(some.azimuth_deg[i]) + 180) % 360 - 180)
        eye = np.tile([some.x_m[i], some.y_m[i], some.height_m[i]], (LINES_EACH, 1))
        targets = np.column_stack([some.x_m[i] + east, some.y_m[i] + north, np.full(LINES_EACH, TARGET_M)])
        expected = (aside <= some.hfov_deg[i] / 2) & line_of_sight(load.obstacles, eye, targets)
        found = shapely.contains_xy(area, *targets[:, :2].T)
        clear = shapely.distance(shapely.boundary(area), shapely.points(targets[:, :2])) > NEAR_EDGE_M
        compared, wrong = compared + LINES_EACH, wrong + int((clear & (found != expected)).sum())
    print(f"{compared} places against lines of sight: {wrong} wrong farther than 1 cm from an edge")


def _cells(load: Workload) -> None:
    """Compare cells of half a metre with the polygons point by point."""
    some = load.observers.take(np.arange(CAMERAS_FOR_CELLS))
    grid = _grid(load.obstacles, CELL_M)
    covers = visible_cells(load.obstacles, some, grid)
    wrong = compared = 0
    for i, area in enumerate(visible_polygons(load.obstacles, some)):
        x, y, reach = some.x_m[i], some.y_m[i], some.range_m[i] + CELL_M
        columns = np.arange(int((x - reach - grid.x0_m) / CELL_M), int((x + reach - grid.x0_m) / CELL_M) + 1)
        rows = np.arange(int((y - reach - grid.y0_m) / CELL_M), int((y + reach - grid.y0_m) / CELL_M) + 1)
        column, row = (part.ravel() for part in np.meshgrid(columns, rows))
        centre = (grid.x0_m + (column + 0.5) * CELL_M, grid.y0_m + (row + 0.5) * CELL_M)
        seen = np.isin(row * grid.n_cols + column, covers.indices[covers.indptr[i] : covers.indptr[i + 1]])
        differs = np.flatnonzero(seen != shapely.contains_xy(area, *centre))
        places = shapely.points(centre[0][differs], centre[1][differs])
        wrong += int((shapely.distance(shapely.boundary(area), places) > NEAR_EDGE_M).sum())
        compared += len(row)
    print(f"{compared} cells of {CELL_M} m: {wrong} wrong farther than 1 cm from an edge")


def sites_of_the_city() -> None:
    """Compute 5,000 sites among the city's buildings; print the most memory that the process held."""
    import geopandas as gpd

    obstacles = Obstacles.from_geodataframe(gpd.read_parquet(GEO / "buildings.parquet"))
    before = _peak_mib()
    rng = np.random.default_rng(4)
    streets = gpd.read_parquet(GEO / "streets_minor.parquet").geometry.to_numpy()
    street = streets[rng.integers(0, len(streets), 5_000)]
    xy = shapely.get_coordinates(shapely.line_interpolate_point(street, rng.random(5_000), normalized=True))
    n = len(xy)
    sites = Observers(*xy.T, np.full(n, 6.0), np.zeros(n), np.full(n, 360.0), np.full(n, 60.0))
    covers = visible_cells(obstacles, sites, _grid(obstacles, 2.0))
    print(f"{n} sites among the city's {len(obstacles)} buildings, {covers.nnz} visible cells of 2 m: process peak "
          f"{_peak_mib():.0f} MiB, of it {before:.0f} MiB for Python, libraries and buildings")  # fmt: skip


def _grid(obstacles: Obstacles, cell_m: float) -> Grid:
    box = shapely.box(*(shapely.total_bounds(obstacles.polygons) + np.array([-150, -150, 150, 150])))
    return Grid.covering(box, cell_m)


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()

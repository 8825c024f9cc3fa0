"""Viewsheds side by side with what a user could pick instead: ``python -m benchmarks.viewshed``."""

import time
from collections.abc import Callable

import numpy as np
import shapely

from benchmarks import viewshed_peers as peers
from benchmarks.cities import Workload, workload
from coverage.grid import Grid
from coverage.observers import Observers
from coverage.viewshed import visible_areas_m2, visible_cells, visible_polygons

TURNS = 5
FEW = 40  # cameras for the slowest peer
RASTER_CAMERAS = 200
MASK_CELLS_M = (2.0, 1.0, 0.5)


def main() -> None:
    """Print one table per workload."""
    loads = (
        workload("20k, mixed", plots_across=3, share_built=0.85, n_cameras=400, all_round=False),
        workload("20k, 360 degrees", plots_across=3, share_built=0.85, n_cameras=400, all_round=True),
        workload("40k, 360 degrees", plots_across=4, share_built=0.95, n_cameras=400, all_round=True),
    )
    for load in loads:
        _prepare(load)
        print(f"\n{load.name}: {len(load.obstacles)} buildings, {len(load.observers)} cameras")
        _polygons(load)
        _masks(load)
    _rasters(loads[1])
    _many(loads[1], "20k")
    _many(loads[2], "40k")
    _single(loads[1])


def best_of(run: Callable[[], object], turns: int = TURNS) -> tuple[float, object]:
    """Time a call; the best of several turns [s], and what it gave."""
    best, result = np.inf, None
    for _ in range(turns):
        started = time.perf_counter()
        result = run()
        best = min(best, time.perf_counter() - started)
    return best, result


def _prepare(load: Workload) -> None:
    """Pay once for what every way pays once per city."""
    visible_areas_m2(load.obstacles, load.observers.take([0]))


def _polygons(load: Workload) -> None:
    n = len(load.observers)
    ours, areas = best_of(lambda: visible_polygons(load.obstacles, load.observers))
    exact = shapely.area(areas)
    closed, areas_m2 = best_of(lambda: visible_areas_m2(load.obstacles, load.observers))
    _line("ours, areas", closed / n, closed / ours, areas_m2, exact)
    _line("ours, polygons", ours / n, 1.0, exact, exact)
    floor = peers.compiled_floor(load.obstacles, load.observers)
    if floor is None:
        print("  C++ floor                    missing (needs g++ and the yardstick's source)")
    else:
        _line("C++ floor, areas", floor[0], floor[0] / (ours / n), floor[1], exact)
        print(f"  our areas take {closed / n / floor[0]:.1f} x the floor")
    rivals = {
        "Clipper2 (pyclipr)": (peers.clipper2(load.obstacles, load.observers), 3, n),
        "shapely, vectorised": (peers.shapely_union(load.obstacles, load.observers), 2, n),
        "GeoPandas, plain": (peers.geopandas_loop(load.obstacles, load.observers.take(np.arange(FEW))), 1, FEW),
    }
    for name, (run, turns, count) in rivals.items():
        if run is None:
            print(f"  {name:28} missing")
            continue
        seconds, found = best_of(run, turns)
        _line(name, seconds / count, seconds / count / (ours / n), found, exact[:count])


def _line(name: str, per_camera_s: float, ratio: float, found: object, exact: np.ndarray) -> None:
    off = np.abs(np.asarray(found) - exact) / np.maximum(exact, 1.0)
    print(f"  {name:28} {per_camera_s * 1e3:9.4f} ms/camera  {ratio:7.2f} x polygons  area off {off.mean():.1e} mean "
          f"{off.max():.1e} most")  # fmt: skip


def _masks(load: Workload) -> None:
    for cell_m in MASK_CELLS_M:
        grid = _grid(load, cell_m)
        seconds, _ = best_of(lambda: _each_batch(load, grid), 2)  # noqa: B023 - called at once
        print(f"  ours, masks {cell_m} m {'':12} {seconds / len(load.observers) * 1e3:9.4f} ms/camera")


def _grid(load: Workload, cell_m: float) -> Grid:
    box = shapely.box(*(shapely.total_bounds(load.obstacles.polygons) + np.array([-150, -150, 150, 150])))
    return Grid.covering(box, cell_m)


def _each_batch(load: Workload, grid: Grid) -> int:
    """Make masks fifty cameras at a time and let them go, as a user of rasters would."""
    n = len(load.observers)
    batches = (load.observers.take(np.arange(first, min(first + 50, n))) for first in range(0, n, 50))
    return sum(visible_cells(load.obstacles, batch, grid).nnz for batch in batches)


def _rasters(load: Workload) -> None:
    few = Workload(load.name, load.obstacles, load.observers.take(np.arange(RASTER_CAMERAS)))
    exact = visible_areas_m2(few.obstacles, few.observers)
    print(f"\nmasks of {RASTER_CAMERAS} cameras that see all round, against GDAL in its own process")
    for cell_m in (1.0, 0.5):
        grid = _grid(few, cell_m)
        seconds, _ = best_of(lambda: _each_batch(few, grid), 3)  # noqa: B023 - called at once
        found = peers.gdal_masks(few.obstacles, few.observers, cell_m)
        if found is None:
            print("  GDAL missing (Debian: python3-gdal)")
            return
        off = np.abs(np.array(found["areas"]) - exact) / exact
        cold, paged, held = (found[name] / seconds for name in ("cold", "paged", "held"))
        print(f"  {cell_m} m: GDAL {found['version']} takes {cold:.1f} x ours from a cold file, {paged:.1f} x from the "
              f"page cache, {held:.1f} x with the raster in its own cache; its ground area is off by {off.mean():.1%} "
              f"mean, {off.max():.1%} most")  # fmt: skip
    seconds = peers.gdal_command(few.obstacles, few.observers.take(np.arange(FEW)), 0.5)
    print("  gdal_viewshed missing (Debian: gdal-bin)" if seconds is None
          else f"  0.5 m, gdal_viewshed command: {seconds * 1e3:.0f} ms/camera, most of it starting")  # fmt: skip


def _many(load: Workload, name: str) -> None:
    index = np.arange(5_000) % len(load.observers)
    many = load.observers.take(index)
    grid = _grid(load, 2.0)
    seconds, _ = best_of(lambda: visible_cells(load.obstacles, many, grid), 2)
    print(f"\n{name}, 5,000 sites x 360 degrees, masks of 2 m: {seconds:.2f} s")


def _single(load: Workload) -> None:
    ones = [load.observers.take([i]) for i in range(200)]
    times = [_once(load, one) for one in ones]
    print(
        f"one dragged pin, polygon: median {np.median(times) * 1e3:.2f} ms, p95 {np.quantile(times, 0.95) * 1e3:.2f} ms"
    )


def _once(load: Workload, one: Observers) -> float:
    started = time.perf_counter()
    visible_polygons(load.obstacles, one)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()

"""A cumulative viewshed raster of GDAL: how many cameras see each cell, as a developer with a GIS would count."""

import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.viewshed_peers import TARGET_M, gdal_python, height_raster
from coverage.demand import Demand
from coverage.grid import Grid
from coverage.observers import Observers
from coverage.obstacles import Obstacles

SCRIPT = """
import json, sys, time
import numpy as np
from osgeo import gdal
gdal.UseExceptions()
gdal.SetCacheMax(2**30)
job = json.load(open(sys.argv[1]))
raster = gdal.Open(job["raster"])
band, origin = raster.GetRasterBand(1), raster.GetGeoTransform()
band.ReadAsArray()
count = np.zeros((raster.RasterYSize, raster.RasterXSize), np.uint8)
started = time.perf_counter()
for x, y, height, reach in job["cameras"]:
    seen = gdal.ViewshedGenerate(band, "MEM", "", [], x, y, height, job["target"], 255, 0, 0, -1, 0.0, gdal.GVM_Edge,
                                 reach)
    place = seen.GetGeoTransform()
    col, row = round((place[0] - origin[0]) / origin[1]), round((origin[3] - place[3]) / origin[1])
    count[row:row + seen.RasterYSize, col:col + seen.RasterXSize] += seen.ReadAsArray() == 255
seconds = time.perf_counter() - started
count.tofile(job["count"])
json.dump({"seconds": seconds, "version": gdal.__version__}, sys.stdout)
"""


@dataclass(frozen=True)
class Cumulative:
    """What GDAL counts: seconds, heights already in its memory, and how many cameras see each cell of the demand."""

    seconds: float
    version: str
    views: np.ndarray


def cumulative(obstacles: Obstacles, observers: Observers, demand: Demand, parts: int) -> Cumulative | None:
    """Count with cells so many times finer than the grid (an odd number, so that the middles agree); None without GDAL.

    The cameras see all round: GDAL knows no sector.
    """
    python = gdal_python()
    if python is None:
        return None
    coarse = demand.grid
    grid = Grid(
        coarse.x0_m, coarse.y0_m, coarse.cell_m / parts, coarse.n_cols * parts, coarse.n_rows * parts
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        raster = height_raster(obstacles, grid, Path(folder))
        cameras = np.column_stack([observers.x_m, observers.y_m, observers.height_m, observers.range_m]).tolist()
        job = {"raster": raster, "target": TARGET_M, "count": f"{folder}/count.img", "cameras": cameras}
        (Path(folder) / "job.json").write_text(json.dumps(job))
        done = subprocess.run(
            [python, "-c", SCRIPT, f"{folder}/job.json"], capture_output=True, text=True, check=True, timeout=900
        )
        count = np.fromfile(f"{folder}/count.img", np.uint8).reshape(grid.n_rows, grid.n_cols)[::-1]
    middle = grid.cell_of(coarse.centres(demand.cell))
    told = json.loads(done.stdout)
    return Cumulative(told["seconds"], told["version"], count.ravel()[middle])

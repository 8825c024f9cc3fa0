"""What a developer would pick instead of our viewshed; each gives one area per camera, in square metres."""

import json
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from shapely.affinity import scale

from coverage.grid import Grid
from coverage.observers import Observers
from coverage.obstacles import Obstacles
from tests.coverage import quad_union

TARGET_M = 1.5
Areas = Callable[[], np.ndarray]


def shapely_union(obstacles: Obstacles, observers: Observers) -> Areas:
    """Vectorised shapely: all shadow quads of a camera joined at once, cut from its sector."""

    def run() -> np.ndarray:
        regions = quad_union.open_ground(observers, target_height_m=TARGET_M)
        pieces = quad_union.shadow_pieces(obstacles, observers, regions, target_height_m=TARGET_M)
        shadows = np.array([shapely.union_all(pieces.of(i)) for i in range(len(observers))], dtype=object)
        return shapely.area(shapely.difference(regions, shadows))

    return run


def geopandas_loop(obstacles: Obstacles, observers: Observers) -> Areas:
    """Plain GeoPandas: building by building, the footprint and the quad behind each wall, joined and cut."""
    frame = gpd.GeoDataFrame({"height_m": obstacles.heights_m}, geometry=obstacles.polygons)
    frame.sindex  # noqa: B018 - built once, as a developer would

    def run() -> np.ndarray:
        return np.array([_naive_area(frame, observers, i) for i in range(len(observers))])

    return run


def _naive_area(frame: gpd.GeoDataFrame, observers: Observers, i: int) -> float:
    x, y, height, reach = (float(getattr(observers, name)[i]) for name in ("x_m", "y_m", "height_m", "range_m"))
    sector = quad_union.sector(float(observers.azimuth_deg[i]), float(observers.hfov_deg[i]), reach)
    sector = shapely.transform(sector, lambda xy: xy + np.array([x, y]))
    near = frame.iloc[frame.sindex.query(sector, predicate="intersects")]
    shadows = []
    for roof, shape in zip(near["height_m"], near.geometry, strict=True):
        if roof <= TARGET_M:
            continue
        far = 3 * reach / max(shape.distance(shapely.Point(x, y)), 1e-6)
        k = min(far, (height - TARGET_M) / (height - roof)) if roof < height else far
        stretched = scale(shape, k, k, origin=(x, y))
        walls = zip(shape.exterior.coords, shape.exterior.coords[1:], strict=False)
        ends = zip(stretched.exterior.coords, stretched.exterior.coords[1:], strict=False)
        quads = [shapely.Polygon([a, b, d, c]).buffer(0) for (a, b), (c, d) in zip(walls, ends, strict=True)]
        shadows.append(shapely.unary_union([shape, *quads]))
    return sector.difference(shapely.unary_union(shadows)).area


def clipper2(obstacles: Obstacles, observers: Observers) -> Areas | None:
    """Clipper2 through pyclipr: one shadow ring per building, one difference per camera, non-zero filling."""
    if find_spec("pyclipr") is None:
        return None
    import pyclipr

    def run() -> np.ndarray:
        rings, first = _shadow_rings(obstacles, observers)
        areas = np.zeros(len(observers))
        for i in range(len(observers)):
            sector = quad_union.sector(
                float(observers.azimuth_deg[i]), float(observers.hfov_deg[i]), float(observers.range_m[i])
            )
            clipper = pyclipr.Clipper()
            clipper.scaleFactor = 10_000
            clipper.addPath(shapely.get_coordinates(sector)[:-1][::-1], pyclipr.Subject)
            if first[i] < first[i + 1]:
                clipper.addPaths(rings[first[i] : first[i + 1]], pyclipr.Clip)
            found = clipper.execute(pyclipr.Difference, pyclipr.FillRule.NonZero)
            areas[i] = sum(_shoelace(np.asarray(path)) for path in found)
        return np.abs(areas)

    return run


def _shadow_rings(obstacles: Obstacles, observers: Observers) -> tuple[list[np.ndarray], np.ndarray]:
    """Push the walls that sight leaves through outward, and join them to the others in the order of the footprint."""
    x, y, reach = observers.x_m, observers.y_m, observers.range_m
    camera, building = obstacles.tree.query(shapely.points(x, y), predicate="dwithin", distance=reach)
    high = obstacles.heights_m[building] > TARGET_M
    camera, building = camera[high], building[high]
    walls = obstacles.walls
    n = walls.n_edges[building]
    pair = np.repeat(np.arange(len(n)), n)
    start = np.cumsum(n) - n
    row = np.arange(n.sum()) - start[pair] + walls.first[building][pair]
    place = np.column_stack([x, y])[camera][pair]
    p, q = walls.start_m[row] - place, walls.end_m[row] - place
    leaves = p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0] > 0
    along = q - p
    share = np.clip(-(p * along).sum(1) / (along**2).sum(1), 0, 1)
    distance = np.hypot(*(p + share[:, None] * along).T)
    nearest = np.minimum.reduceat(np.where(leaves, distance, np.inf), start) if len(start) else np.empty(0)
    height, roof = observers.height_m[camera], obstacles.heights_m[building]
    with np.errstate(divide="ignore", invalid="ignore"):
        k = np.where(roof < height, (height - TARGET_M) / (height - roof), np.inf)
    k = np.maximum(np.minimum(k, 1.5 * reach[camera] / np.maximum(nearest, 1e-6)), 1.0)
    push = np.where(leaves, k[pair], 1.0)[:, None]
    corners = np.stack([p * push, q * push], axis=1).reshape(-1, 2)
    rings = np.split(corners, 2 * start[1:])
    return rings, np.searchsorted(camera, np.arange(len(observers) + 1))


def _shoelace(path: np.ndarray) -> float:
    x, y = path[:, 0], path[:, 1]
    return float(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)) / 2)


GDAL_SCRIPT = """
import json, os, sys, time
from osgeo import gdal
gdal.UseExceptions()
gdal.SetCacheMax(2**30)
job = json.load(open(sys.argv[1]))
def forget_file():
    with open(job["raster"], "rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
def look(band, camera):
    x, y, height, reach = camera
    seen = gdal.ViewshedGenerate(band, "MEM", "", [], x, y, height, job["target"], 255, 0, 0, -1, 0.0, gdal.GVM_Edge,
                                 reach)
    return seen.ReadAsArray(), seen.GetGeoTransform()
def turn(raster):
    band = raster.GetRasterBand(1)
    started = time.perf_counter()
    found = [look(band, camera) for camera in job["cameras"]]
    return time.perf_counter() - started, found
def ground_area(raster, mask, place):
    origin = raster.GetGeoTransform()
    col, row = round((place[0] - origin[0]) / job["cell"]), round((origin[3] - place[3]) / job["cell"])
    heights = raster.GetRasterBand(1).ReadAsArray(col, row, mask.shape[1], mask.shape[0])
    return float(((mask == 255) & (heights == 0)).sum()) * job["cell"] ** 2
forget_file()
cold, _ = turn(gdal.Open(job["raster"]))
paged = min(turn(gdal.Open(job["raster"]))[0] for _ in range(job["turns"]))  # opened anew: its own cache is empty
raster = gdal.Open(job["raster"])
raster.ReadAsArray()
held, found = min((turn(raster) for _ in range(job["turns"])), key=lambda one: one[0])
areas = [ground_area(raster, *one) for one in found]
json.dump({"cold": cold, "paged": paged, "held": held, "areas": areas, "version": gdal.__version__}, sys.stdout)
"""


def gdal_masks(obstacles: Obstacles, observers: Observers, cell_m: float) -> dict[str, object] | None:
    """GDAL in its own process, heights as a raster: seconds for all cameras, and the areas it finds.

    ``cold``: the file has to come from the disk; ``paged``: the operating system has it; ``held``: GDAL itself has it.
    """
    python = gdal_python()
    if python is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        raster = height_raster(obstacles, _grid_around(obstacles, cell_m), Path(folder))
        cameras = np.column_stack([observers.x_m, observers.y_m, observers.height_m, observers.range_m]).tolist()
        job = {"raster": raster, "target": TARGET_M, "cell": cell_m, "turns": 3, "cameras": cameras}
        (Path(folder) / "job.json").write_text(json.dumps(job))
        done = subprocess.run(
            [python, "-c", GDAL_SCRIPT, f"{folder}/job.json"], capture_output=True, text=True, check=True, timeout=900
        )
    return json.loads(done.stdout)


def gdal_python() -> str | None:
    """Find a Python that has GDAL; None if there is none."""
    python = shutil.which("python3", path="/usr/bin:/usr/local/bin")
    if python is None or subprocess.run([python, "-c", "import osgeo"], capture_output=True, check=False).returncode:
        return None
    return python


def _grid_around(obstacles: Obstacles, cell_m: float) -> Grid:
    west, south, east, north = shapely.total_bounds(obstacles.polygons) + np.array([-150, -150, 150, 150])
    return Grid.covering(shapely.box(west, south, east, north), cell_m)


def height_raster(obstacles: Obstacles, grid: Grid, folder: Path) -> str:
    """Write heights as a flat raster with an ENVI header, which needs no library."""
    cell_m = grid.cell_m
    heights = np.zeros(grid.n_cells, np.float32)
    for shape, height in zip(obstacles.polygons, obstacles.heights_m, strict=True):
        heights[grid.cells_in(shape)] = height
    heights.reshape(grid.n_rows, grid.n_cols)[::-1].tofile(folder / "heights.img")
    top = grid.y0_m + grid.n_rows * cell_m
    (folder / "heights.hdr").write_text(
        f"ENVI\nsamples = {grid.n_cols}\nlines = {grid.n_rows}\nbands = 1\n"
        f"header offset = 0\nfile type = ENVI Standard\n"
        f"data type = 4\ninterleave = bsq\nbyte order = 0\n"
        f"map info = {{UTM, 1, 1, {grid.x0_m}, {top}, {cell_m}, {cell_m}, 49, South, WGS-84, units=Meters}}\n"
    )
    return f"{folder}/heights.img"


def gdal_command(obstacles: Obstacles, observers: Observers, cell_m: float) -> float | None:
    """The command gdal_viewshed, one process per camera: seconds per camera."""
    program = shutil.which("gdal_viewshed")
    if program is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        raster = height_raster(obstacles, _grid_around(obstacles, cell_m), Path(folder))
        started = time.perf_counter()
        for i in range(len(observers)):
            x, y, height, reach = (f"{getattr(observers, name)[i]}" for name in ("x_m", "y_m", "height_m", "range_m"))
            options = ["-q", "-ox", x, "-oy", y, "-oz", height, "-tz", f"{TARGET_M}", "-md", reach, "-cc", "0"]
            subprocess.run([program, *options, raster, f"{folder}/seen.tif"], check=True, timeout=60)
        return (time.perf_counter() - started) / len(observers)


FLOOR_SOURCE = Path(__file__).resolve().parents[2] / "shared" / "prototypes" / "viewshed" / "sweep.cpp"


def compiled_floor(obstacles: Obstacles, observers: Observers) -> tuple[float, np.ndarray] | None:
    """The same kind of sweep in C++, a yardstick: seconds per camera, and areas; shells without holes."""
    compiler = shutil.which("g++")
    if compiler is None or not FLOOR_SOURCE.exists():
        return None
    with tempfile.TemporaryDirectory() as folder:
        program, city, cameras, areas = (f"{folder}/{name}" for name in ("sweep", "city", "cameras", "areas"))
        flags = ["-O3", "-march=native", "-pthread"]
        subprocess.run([compiler, *flags, f"{FLOOR_SOURCE}", "-o", program], check=True, capture_output=True)
        rings = shapely.get_exterior_ring(obstacles.polygons)
        xy, ring = shapely.get_coordinates(rings, return_index=True)
        kept = np.append(ring[1:] == ring[:-1], False)  # the first corner is not repeated at the end
        first = np.searchsorted(ring[kept], np.arange(len(rings) + 1))
        with Path(city).open("wb") as file:
            np.array([int(kept.sum()), len(rings)], np.int64).tofile(file)
            for column in (xy[kept, 0].copy(), xy[kept, 1].copy(), obstacles.heights_m.astype(np.float64), first):
                column.tofile(file)
        bearing = (90 - observers.azimuth_deg) % 360
        columns = (observers.x_m, observers.y_m, observers.height_m, bearing, observers.hfov_deg, observers.range_m)
        np.column_stack(columns).tofile(cameras)
        done = subprocess.run(
            [program, city, cameras, areas, "5", "1"], check=True, capture_output=True, text=True, timeout=300
        )
        found = re.search(r"([0-9.]+) us/cam", done.stdout)
        return (float(found[1]) * 1e-6 if found else np.nan), np.fromfile(areas)

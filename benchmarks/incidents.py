"""From a place to the ranked list of cameras that see it, with 500 cameras: ``python -m benchmarks.incidents``.

The cameras of the seed stand a second and third time, a few metres aside and turned, until there are 500.
"""

import tempfile
import time
from pathlib import Path

import numpy as np

from cctv.geodata.lonlat import to_lonlat
from cctv.registry import points
from cctv.registry.accounts import require_account
from cctv.registry.bulk import create_many
from cctv.registry.cameras import TABLE, list_cameras
from cctv.registry.store import rows, writing
from cctv.services import situation
from cctv.services.runtime import Runtime, open_runtime
from cctv.services.sighted import who_sees
from cctv.settings import read_settings

N_CAMERAS, N_PLACES = 500, 300


def fill(runtime: Runtime) -> None:
    """Copy cameras of the seed until there are 500."""
    registry, rng = runtime.registry, np.random.default_rng(0)
    with registry.cursor() as cursor:
        seed = rows(cursor, "select * from camera order by camera_id")
        placed = rows(cursor, "select * from point where lon is not null order by point_id")
    n = N_CAMERAS - len(list_cameras(registry))
    new_points, new_cameras = [], []
    for k in range(n):
        point, camera = dict(placed[k % len(placed)]), dict(seed[k % len(seed)])
        shift = rng.normal(0, 4e-4, 2)
        point |= {"point_id": f"B-{k:04}", "lon": point["lon"] + shift[0], "lat": point["lat"] + shift[1]}
        camera |= {"camera_id": f"B-{k:04}", "point_id": point["point_id"], "azimuth_source": "measured",
                   "azimuth_deg": float(rng.uniform(0, 360))}  # fmt: skip
        new_points.append(point)
        new_cameras.append(camera)
    for row in (*new_points, *new_cameras):
        row.pop("version")
    with writing(registry, "benchmark") as writer:
        create_many(writer, points.TABLE, new_points, "benchmark")
        create_many(writer, TABLE, new_cameras, "benchmark")


def main() -> None:
    """Fill, ask at many places, print."""
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings({"CCTV_DATABASE": f"{folder}/cameras.duckdb", "CCTV_CACHE_DIR": str(Path(folder))})
        runtime = open_runtime(settings)
        fill(runtime)
        operator = require_account(runtime.registry, "operator")
        started = time.perf_counter()
        watching = situation.current(runtime).watching
        print(f"{len(watching.camera_id)} placed cameras; first situation {time.perf_counter() - started:.1f} s")
        rng, spent, seen = np.random.default_rng(1), [], []
        for row in rng.integers(0, len(watching.camera_id), N_PLACES):
            east, north = rng.normal(0, 15, 2)
            lon, lat = to_lonlat(watching.observers.x_m[row] + east, watching.observers.y_m[row] + north)
            started = time.perf_counter()
            found = who_sees(runtime, operator, float(lon), float(lat))
            spent.append(1000 * (time.perf_counter() - started))
            seen.append(len(found.cameras))
        p50, p95, top = np.percentile(spent, [50, 95, 100])
        print(
            f"list: p50 {p50:.0f} ms, p95 {p95:.0f} ms, slowest {top:.0f} ms; {np.mean(seen):.1f} cameras see a place"
        )
        runtime.registry.close()


if __name__ == "__main__":
    main()

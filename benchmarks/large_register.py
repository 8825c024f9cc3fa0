"""The register at 100,000 cameras beside the one of today: edits, searches, pages, the map, and many at once."""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from cctv.registry import Registry, cameras
from cctv.registry.camera_pages import Search, camera_page, count_cameras, offered, positions_within
from cctv.registry.together import Edits, RecordEdit, save_together
from cctv.services.clusters import pins
from cctv.services.kept_register import kept_points
from cctv.services.mapdata import Filters, filtered

KEY = "k" * 40
MANY = 100_000
#: A box of about 1/400 of the city [deg].
BOX = (112.4300, -7.4800, 112.4345, -7.4775)


def median_ms(job: Callable[[int], object], times: int = 15) -> float:
    """Time a job.

    Parameters
    ----------
    job : callable
        Gets the number of the round.
    times : int
        How many rounds.

    Returns
    -------
    float
        Median [ms].
    """
    spent = []
    for k in range(times):
        start = time.perf_counter()
        job(k)
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent)


def fill(registry: Registry, n: int) -> None:
    """Add `n` cameras: copies of the first one, a pole each, spread over the city."""
    with registry.transaction("pengisi") as cursor:
        cursor.execute(
            """
            insert into point by name
            select * exclude (k) replace (
                'X-' || k as point_id, 112.40 + (k % 317) * 0.0002 as lon, -7.50 + (k // 317) * 0.0002 as lat
            )
            from (select * from point where lon is not null order by point_id limit 1), range(?) r(k)
            """,
            [n],
        )
        cursor.execute(
            """
            insert into camera by name
            select * exclude (k) replace ('X-' || k as camera_id, 'X-' || k as point_id)
            from (select * from camera order by camera_id limit 1), range(?) r(k)
            """,
            [n],
        )


def measured(registry: Registry) -> dict[str, float]:
    """Time what people wait for [ms]."""
    camera_id = cameras.list_cameras(registry)[0].camera_id

    def edit(k: int) -> None:
        seen = cameras.get_camera(registry, camera_id)
        changes = {"resolution_px": 2_000 + (seen.version + k) % 5_000}
        cameras.update_camera(registry, "petugas", camera_id, seen.version, changes, "ukur")

    def edit_and_map(k: int) -> None:
        edit(k)
        kept_points(registry)

    def many(k: int) -> None:
        page = [found.camera for found in camera_page(registry, Search(), most=500)]
        edits = [RecordEdit(c.camera_id, c.version, {"height_m": 5.0 + k}) for c in page]
        save_together(registry, "petugas", Edits(cameras=edits), "ukur")

    points = kept_points(registry)
    last = max(0, count_cameras(registry, Search()) - 200)
    return {
        "points in a box": median_ms(lambda _: positions_within(registry, *BOX)),
        "one edit": median_ms(edit),
        "one edit, then all points for the map": median_ms(edit_and_map),
        "first page of 200": median_ms(lambda _: camera_page(registry, Search(), most=200)),
        "last page of 200": median_ms(lambda _: camera_page(registry, Search(), first=last, most=200)),
        "page of 200 by two words": median_ms(lambda _: camera_page(registry, Search("gajah utara"), most=200)),
        "count of a search": median_ms(lambda _: count_cameras(registry, Search(statuses=("on",)))),
        "choices of the filters": median_ms(lambda _: offered(registry)),
        "filter of the map by a word": median_ms(lambda _: filtered(points, Filters(text="gajah")), 3),
        "pins and squares of the map": median_ms(lambda _: pins(points), 3),
        "500 (or all) changed at once": median_ms(many, 3),
    }


def main() -> None:
    """Print each measurement for today's register and for 100,000 cameras more."""
    with tempfile.TemporaryDirectory() as folder:
        registry = Registry.open(Path(folder) / "cameras.duckdb", secret_key=KEY)
        n_small = count_cameras(registry, Search())
        small = measured(registry)
        registry.close()
        registry = Registry.open(Path(folder) / "cameras.duckdb", secret_key=KEY)  # memory starts afresh
        fill(registry, MANY)
        large = measured(registry)
        for name, spent in large.items():
            print(f"{name:40s} {n_small} cameras {small[name]:8.1f} ms, {MANY} more {spent:8.1f} ms")
        registry.close()


if __name__ == "__main__":
    main()

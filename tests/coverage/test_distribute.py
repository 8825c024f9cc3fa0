"""Spreading work: the same bytes whatever does it, nothing lost when a worker is killed."""

import os
import signal
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry import box

from coverage.distribute import distribute
from coverage.errors import DistributionError
from coverage.observers import Observers
from coverage.obstacles import Obstacles
from coverage.viewshed import visible_polygons
from tests.conftest import ORIGIN

X0, Y0 = ORIGIN
N = 60


@pytest.fixture(scope="module")
def job():
    rng = np.random.default_rng(5)
    low = rng.integers(-100, 100, (80, 2)) + np.array(ORIGIN)
    shapes = [box(x, y, x + 12, y + 9) for x, y in low]
    return partial(visible_polygons, Obstacles.from_arrays(shapes, rng.choice([3.0, 6.0, 9.0], 80)))


@pytest.fixture(scope="module")
def observers() -> Observers:
    rng = np.random.default_rng(6)
    return Observers(
        X0 + rng.uniform(-90, 90, N), Y0 + rng.uniform(-90, 90, N), np.full(N, 6.0), rng.uniform(0, 360, N),
        rng.choice([80.0, 360.0], N), rng.uniform(30, 90, N),
    )  # fmt: skip


def as_bytes(parts) -> list[bytes]:
    return shapely.to_wkb(np.concatenate(parts)).tolist()


def dying_once(mark: str, job, tile: Observers):
    """Kill this very process the first time it is asked for the tile with the first camera."""
    path = Path(mark)
    if tile.x_m[0] == tile.x_m.max() and not path.exists():
        path.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return job(tile)


def always_dying(_: Observers):
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("tile", [1, 7, 1_000])
def test_tiles_change_nothing(job, observers, tile):
    assert as_bytes(distribute(job, observers, tile=tile)) == as_bytes([job(observers)])


def test_processes_change_nothing(job, observers):
    assert as_bytes(distribute(job, observers, workers=2, tile=20)) == as_bytes([job(observers)])


def test_a_killed_worker_loses_nothing(job, observers, tmp_path):
    mark = tmp_path / "died"
    found = distribute(partial(dying_once, str(mark), job), observers, workers=2, tile=1)
    assert mark.exists()
    assert as_bytes(found) == as_bytes([job(observers)])


def test_workers_that_always_die_are_reported(observers, monkeypatch):
    monkeypatch.setattr("coverage.distribute.MOST_RESTARTS", 1)
    with pytest.raises(DistributionError) as caught:
        distribute(always_dying, observers.take([0]), workers=2)
    assert caught.value.code == "workers_died"


@pytest.mark.parametrize("wrong", [{"workers": 0}, {"tile": 0}])
def test_numbers_below_one_are_refused(job, observers, wrong):
    with pytest.raises(DistributionError) as caught:
        distribute(job, observers, **wrong)
    assert caught.value.code == "distribute_invalid"


def test_no_cameras_no_tiles(job, observers):
    assert distribute(job, observers.take(np.array([], int))) == []


def test_a_scheduler_without_its_library_is_explained(job, observers, monkeypatch):
    monkeypatch.setattr("coverage.distribute.find_spec", lambda _: None)
    with pytest.raises(DistributionError) as caught:
        distribute(job, observers, scheduler="tcp://127.0.0.1:8786")
    assert caught.value.code == "dask_missing"


@pytest.mark.skipif(find_spec("distributed") is None, reason="needs requirements-cluster.txt")
@pytest.mark.filterwarnings("ignore")
def test_a_cluster_changes_nothing(job, observers):
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as cluster:
        found = distribute(job, observers, scheduler=cluster.scheduler_address, tile=20)
    assert as_bytes(found) == as_bytes([job(observers)])

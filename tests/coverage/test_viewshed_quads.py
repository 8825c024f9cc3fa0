"""The sweep against the union of shadow quads, a form of the viewshed that shares nothing with it but the model."""

from collections.abc import Callable

import numpy as np
import pytest
import shapely

from coverage.grid import Grid
from coverage.observers import Observers
from coverage.obstacles import Obstacles
from coverage.viewshed import visible_areas_m2, visible_cells, visible_polygons
from tests.conftest import ORIGIN
from tests.coverage.quad_union import visible_by_quads

N_CAMERAS = 40


def awkward_cameras(obstacles: Obstacles, rng: np.random.Generator) -> Observers:
    """A quarter of them on corners of buildings, a quarter in line with walls, a third tilted; heights as of roofs."""
    corners = shapely.get_coordinates(obstacles.polygons)
    quarter = N_CAMERAS // 4
    places = np.concatenate(
        [
            corners[rng.integers(0, len(corners), quarter)],
            np.round(corners[rng.integers(0, len(corners), quarter)]),
            np.array(ORIGIN) + rng.integers(-100, 100, (N_CAMERAS - 2 * quarter, 2)),
        ]
    )
    tilted = np.arange(N_CAMERAS) % 3 == 1
    some = rng.choice([60.0, 110.0, 180.0, 200.0, 270.0, 360.0], N_CAMERAS)
    return Observers(
        *places.T,
        rng.choice([3.0, 3.5, 4.5, 6.0, 8.0, 12.0], N_CAMERAS),
        rng.choice([0.0, 33.3, 45.0, 90.0], N_CAMERAS),
        np.where(tilted, rng.uniform(30, 120, N_CAMERAS), some),
        rng.uniform(10, 120, N_CAMERAS),
        np.where(tilted, rng.uniform(5, 70, N_CAMERAS), np.nan),
        np.where(tilted, rng.uniform(30, 60, N_CAMERAS), np.nan),
    )


# the seeds from 9 on have walls in line with a camera that rounding turns, and rings that touch themselves
@pytest.mark.parametrize("seed", [0, 1, 2, 9, 41, 55, 58, 107])
def test_awkward_cameras_in_crowded_cities(random_city: Callable[[int, int], Obstacles], seed: int):
    rng = np.random.default_rng(seed)
    obstacles = random_city(int(rng.integers(5, 90)), seed)
    observers = awkward_cameras(obstacles, rng)
    swept, slow = visible_polygons(obstacles, observers), visible_by_quads(obstacles, observers)
    assert shapely.is_valid(swept).all()
    assert shapely.area(shapely.symmetric_difference(swept, slow)).max() < 1e-3
    assert visible_areas_m2(obstacles, observers) == pytest.approx(shapely.area(swept), abs=1e-3)


def test_each_camera_has_the_same_answer_in_any_company(random_city: Callable[[int, int], Obstacles]):
    obstacles = random_city(60, 3)
    observers = awkward_cameras(obstacles, np.random.default_rng(3))
    together = visible_polygons(obstacles, observers)
    backwards = visible_polygons(obstacles, observers.take(np.arange(N_CAMERAS)[::-1]))[::-1]
    alone = [visible_polygons(obstacles, observers.take([i]))[0] for i in range(N_CAMERAS)]
    assert shapely.to_wkb(together).tolist() == shapely.to_wkb(backwards).tolist() == shapely.to_wkb(alone).tolist()


@pytest.mark.parametrize("cell_m", [0.5, 1.0, 2.0])
def test_no_cell_off_an_edge_is_wrong(random_city: Callable[[int, int], Obstacles], cell_m: float):
    obstacles = random_city(60, 4)
    observers = awkward_cameras(obstacles, np.random.default_rng(4)).take(np.arange(0, N_CAMERAS, 5))
    grid = Grid(ORIGIN[0] - 90.3, ORIGIN[1] - 70.1, cell_m, round(150 / cell_m), round(180 / cell_m))
    centres = shapely.points(grid.centres(np.arange(grid.n_cells)))
    cells = visible_cells(obstacles, observers, grid).toarray()
    for row, area in zip(cells, visible_by_quads(obstacles, observers), strict=True):
        wrong = np.flatnonzero(row != shapely.contains(area, centres))
        assert (shapely.distance(centres[wrong], area.boundary) <= 0.01).all()

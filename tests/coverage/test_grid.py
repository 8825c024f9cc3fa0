import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon, box

from coverage.errors import GridError
from coverage.grid import Grid


def test_covering_starts_at_a_multiple_of_the_cell_and_reaches_over_the_boundary():
    grid = Grid.covering(box(101.3, 7.9, 110.1, 12.0), 2.0)
    assert grid == Grid(100.0, 6.0, 2.0, 6, 3)
    assert grid.n_cells == 18


def test_grids_of_one_cell_size_share_their_lines():
    a, b = Grid.covering(box(0.5, 0.5, 9, 9)), Grid.covering(box(-13.7, 4.2, 3, 8))
    assert (a.x0_m - b.x0_m) % 2.0 == 0
    assert (a.y0_m - b.y0_m) % 2.0 == 0


def test_ids_run_east_then_north():
    grid = Grid(10.0, 20.0, 2.0, 3, 2)
    assert grid.centres(np.arange(6)).tolist() == [[11, 21], [13, 21], [15, 21], [11, 23], [13, 23], [15, 23]]


def test_cells_in_counts_centres_and_leaves_out_those_on_the_boundary():
    grid = Grid(0.0, 0.0, 2.0, 4, 4)
    assert grid.cells_in(box(0, 0, 4, 4)).tolist() == [0, 1, 4, 5]
    assert grid.cells_in(box(1, 1, 4, 4)).tolist() == [5]
    assert grid.cells_in(box(0.9, 0.9, 1.1, 1.1)).tolist() == [0]


def test_cells_in_a_shape_with_a_hole_and_parts_beyond_the_grid():
    grid = Grid(0.0, 0.0, 1.0, 6, 6)
    ring = Polygon(box(0, 0, 5, 5).exterior, [box(1, 1, 4, 4).exterior.coords])
    shape = MultiPolygon([ring, box(5.2, 5.2, 90, 90)])
    cells = grid.cells_in(shape)
    expected = [i for i, xy in enumerate(grid.centres(np.arange(36))) if shape.contains(Point(xy))]
    assert cells.tolist() == expected
    assert cells.dtype == np.int64
    assert grid.cells_in(box(100, 100, 120, 120)).size == 0


def test_a_window_of_many_rows_is_cut_into_pieces_without_loss():
    grid = Grid(0.0, 0.0, 1.0, 2500, 1200)
    assert len(grid.cells_in(box(0, 0, 2500, 1200))) == grid.n_cells


def test_nothing_is_in_an_empty_polygon():
    assert Grid(0.0, 0.0, 1.0, 3, 3).cells_in(Polygon()).tolist() == []


eighths = st.integers(-40, 200).map(lambda n: n / 8)


@given(st.lists(st.tuples(eighths, eighths), min_size=3, max_size=7), st.sampled_from([0.5, 1.0, 2.0, 3.0]))
def test_cells_in_agrees_with_testing_every_centre(corners: list[tuple[float, float]], cell_m: float):
    shape = shapely.convex_hull(shapely.MultiPoint(corners))
    assume(shape.geom_type == "Polygon")
    grid = Grid(0.0, 0.0, cell_m, int(20 / cell_m), int(20 / cell_m))
    centres = grid.centres(np.arange(grid.n_cells))
    assert grid.cells_in(shape).tolist() == np.flatnonzero(shapely.contains_xy(shape, *centres.T)).tolist()


@given(st.integers(0, 34))
def test_the_cell_of_a_centre_is_the_cell(cell: int):
    grid = Grid(670_001.5, 9_173_000.5, 0.5, 7, 5)
    assert grid.cell_of(grid.centres(np.array([cell]))).tolist() == [cell]


def test_cell_of_gives_minus_one_outside():
    grid = Grid(0.0, 0.0, 2.0, 3, 2)
    points = np.array([[0, 0], [5.99, 3.99], [6, 0], [0, 4], [-0.01, 0], [np.nan, 1]])
    assert grid.cell_of(points).tolist() == [0, 5, -1, -1, -1, -1]


def test_all_problems_of_a_grid_are_listed():
    with pytest.raises(GridError, match="grid_invalid") as caught:
        Grid(np.nan, 0.0, -2.0, 0, 5)
    assert [p.name for p in caught.value.problems] == ["x0_m", "cell_m", "n_cols"]


@pytest.mark.parametrize("cell_m", [0.0, -1.0, np.nan, np.inf])
def test_a_bad_side_is_refused(cell_m: float):
    with pytest.raises(GridError, match="cell_m"):
        Grid.covering(box(0, 0, 1, 1), cell_m)


def test_an_empty_boundary_is_refused():
    with pytest.raises(GridError, match="geometry_empty"):
        Grid.covering(Polygon())


def test_a_cell_beyond_the_grid_is_refused():
    with pytest.raises(GridError, match="cell_outside_grid") as caught:
        Grid(0.0, 0.0, 2.0, 3, 2).centres(np.array([0, 6, -1]))
    assert [p.value for p in caught.value.problems] == ["6", "-1"]


@pytest.mark.parametrize("shape", [Point(1, 1), Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])])
def test_cells_of_something_that_is_no_valid_area_are_refused(shape: shapely.Geometry):
    with pytest.raises(GridError, match="grid_geometry"):
        Grid(0.0, 0.0, 1.0, 3, 3).cells_in(shape)

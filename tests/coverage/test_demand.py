"""Public space on the grid: closed forms, overlaps counted once, every fault of a layer named."""

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import LineString, Polygon, box

from coverage.crs import PROJECTED_CRS
from coverage.demand import DEFAULT_WEIGHTS, demand_from_spaces
from coverage.errors import CrsError, InvalidDemandError
from coverage.grid import Grid

GRID = Grid(0.0, 0.0, 2.0, 50, 50)


def spaces(*rows, crs=PROJECTED_CRS) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"space_id": [row[0] for row in rows], "space_class": [row[1] for row in rows]},
        geometry=[row[2] for row in rows],
        crs=crs,
    )


def test_a_square_has_its_cells_and_weight():
    demand = demand_from_spaces(spaces(("a", "market", box(10, 10, 30, 20))), GRID)
    assert len(demand) * demand.cell_area_m2 == 200
    assert demand.total_weight == 50 * DEFAULT_WEIGHTS["market"]
    assert (np.diff(demand.cell) > 0).all()
    assert set(demand.space_id) == {"a"}


def test_overlapping_spaces_are_counted_once_and_go_to_the_class_that_comes_first():
    demand = demand_from_spaces(spaces(("a", "street", box(0, 0, 40, 10)), ("b", "junction", box(20, 0, 30, 10))), GRID)
    assert len(demand) * demand.cell_area_m2 == 400
    assert (demand.space_class == "junction").sum() * 4 == 100


def test_the_order_of_the_spaces_does_not_matter():
    rows = [("a", "park", box(0, 0, 40, 10)), ("b", "park", box(20, 0, 30, 30)), ("c", "office", box(5, 5, 60, 60))]
    one, other = demand_from_spaces(spaces(*rows), GRID), demand_from_spaces(spaces(*rows[::-1]), GRID)
    assert (one.cell == other.cell).all()
    assert (one.space_id == other.space_id).all()
    assert (one.weight == other.weight).all()


def test_what_lies_outside_the_grid_is_not_counted():
    demand = demand_from_spaces(spaces(("a", "park", box(90, 90, 200, 200))), GRID)
    assert len(demand) * demand.cell_area_m2 == 100


def test_a_class_of_weight_nought_stays_public_space():
    demand = demand_from_spaces(spaces(("a", "park", box(0, 0, 20, 20))), GRID, {"park": 0})
    assert len(demand) == 100
    assert demand.total_weight == 0


def test_districts_split_the_cells():
    districts = gpd.GeoDataFrame({"kelurahan": ["West"]}, geometry=[box(0, 0, 20, 100)], crs=PROJECTED_CRS)
    demand = demand_from_spaces(spaces(("a", "park", box(10, 0, 30, 10))), GRID, districts=districts)
    assert (demand.district == "West").sum() == (demand.district == "").sum() == 25


def test_every_fault_is_listed_at_once():
    rows = (
        ("a", "park", box(0, 0, 9, 9)),
        ("a", "moon", box(0, 0, 9, 9)),
        ("b", "park", LineString([(0, 0), (9, 9)])),
        ("c", "park", Polygon([(0, 0), (9, 9), (9, 0), (0, 9)])),
    )
    with pytest.raises(InvalidDemandError) as caught:
        demand_from_spaces(spaces(*rows), GRID, {"park": -1})
    assert [problem.code for problem in caught.value.problems] == [
        "weight_invalid", "id_repeated", "weight_missing", "space_not_polygon", "space_not_polygon",
    ]  # fmt: skip


def test_a_missing_column_is_named():
    with pytest.raises(InvalidDemandError) as caught:
        demand_from_spaces(spaces(("a", "park", box(0, 0, 9, 9))).drop(columns="space_class"), GRID)
    assert caught.value.problems[0].name == "space_class"


@pytest.mark.parametrize("crs", [None, "EPSG:4326", "EPSG:32750"])
def test_another_crs_is_refused(crs):
    with pytest.raises(CrsError):
        demand_from_spaces(spaces(("a", "park", box(0, 0, 9, 9)), crs=crs), GRID)

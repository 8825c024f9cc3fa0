import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from coverage.errors import CrsError, InvalidObstacleError
from coverage.obstacles import Obstacles


def test_a_city_is_taken_over_sorted_by_id(tiny_city: gpd.GeoDataFrame):
    obstacles = Obstacles.from_geodataframe(tiny_city)
    assert len(obstacles) == 10
    assert obstacles.ids.tolist() == sorted(tiny_city.building_id)
    assert obstacles.report == ()
    heights = dict(zip(obstacles.ids, obstacles.heights_m, strict=True))
    assert heights == dict(zip(tiny_city.building_id, tiny_city.height_m, strict=True))


def test_the_order_of_the_rows_does_not_matter(tiny_city: gpd.GeoDataFrame):
    first = Obstacles.from_geodataframe(tiny_city)
    for seed in range(5):
        again = Obstacles.from_geodataframe(tiny_city.sample(frac=1, random_state=seed))
        assert again.ids.tolist() == first.ids.tolist()
        assert shapely.to_wkb(again.polygons).tolist() == shapely.to_wkb(first.polygons).tolist()


def test_the_given_layer_is_not_changed(tiny_city: gpd.GeoDataFrame):
    before = tiny_city.copy(deep=True)
    Obstacles.from_geodataframe(tiny_city)
    assert tiny_city.equals(before)


def test_walls_have_the_interior_on_the_left(tiny_city: gpd.GeoDataFrame):
    obstacles = Obstacles.from_geodataframe(tiny_city)
    walls = obstacles.walls
    along = walls.end_m - walls.start_m
    left = np.column_stack([-along[:, 1], along[:, 0]]) / np.hypot(*along.T)[:, None]
    building = np.repeat(np.arange(len(obstacles)), np.diff(walls.first))
    middle = (walls.start_m + walls.end_m) / 2
    assert shapely.contains_xy(obstacles.polygons[building], *(middle + 0.1 * left).T).all()
    assert not shapely.contains_xy(obstacles.polygons[building], *(middle - 0.1 * left).T).any()
    assert np.diff(walls.first).sum() == 9 * 4 + 6 + 4  # nine boxes or shells of 4, one L of 6, one courtyard of 4 more


def test_no_building_at_all_is_fine():
    empty = Obstacles.from_arrays([], [])
    assert len(empty) == 0
    assert empty.walls.first.tolist() == [0]
    assert len(empty.tree) == 0


def test_what_was_changed_is_reported():
    twice = MultiPolygon([box(0, 0, 1, 1), box(5, 5, 6, 6)])
    tall = shapely.force_3d(box(9, 9, 10, 10), 3.0)
    obstacles = Obstacles.from_arrays([twice, tall, box(2, 2, 3, 3)], [4.0, 5.0, 6.0], ids=["m", "z", "z"])
    assert obstacles.ids.tolist() == ["m", "m", "z", "z"]
    assert obstacles.heights_m.tolist() == [4.0, 4.0, 6.0, 5.0]
    assert not shapely.has_z(obstacles.polygons).any()
    assert [(p.code, p.where) for p in obstacles.report] == [
        ("multipolygon_taken_apart", "m"),
        ("z_dropped", "z"),
        ("id_repeated", "z"),
    ]


def test_ids_come_from_the_index_if_there_is_no_column(tiny_city: gpd.GeoDataFrame):
    by_index = tiny_city.set_index("building_id")
    assert Obstacles.from_geodataframe(by_index).ids.tolist() == sorted(tiny_city.building_id)


def test_every_unusable_row_is_listed():
    bow_tie = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    good = box(0, 0, 1, 1)
    shapes = [None, Polygon(), bow_tie, LineString([(0, 0), (1, 1)]), good, good, good, good]
    heights = [3.0, 3.0, 3.0, 3.0, np.nan, -2.0, np.inf, 0.0]
    with pytest.raises(InvalidObstacleError, match="obstacle_invalid") as caught:
        Obstacles.from_arrays(shapes, heights, ids=list("abcdefgh"))
    assert [(p.where, p.code) for p in caught.value.problems] == [
        ("a", "geometry_missing"),
        ("b", "geometry_empty"),
        ("c", "geometry_invalid"),
        ("d", "geometry_not_polygon"),
        ("e", "not_finite"),
        ("f", "negative"),
        ("g", "not_finite"),
    ]
    assert caught.value.params["count"] == 7


def test_a_height_in_words_is_a_missing_height(tiny_city: gpd.GeoDataFrame):
    tiny_city["height_m"] = ["tinggi", *tiny_city.height_m.astype(str)[1:]]
    with pytest.raises(InvalidObstacleError, match=r"wall height_m='nan': not_finite"):
        Obstacles.from_geodataframe(tiny_city)


def test_the_column_of_heights_must_be_there(tiny_city: gpd.GeoDataFrame):
    assert len(Obstacles.from_geodataframe(tiny_city.rename(columns={"height_m": "h"}), height_column="h")) == 10
    with pytest.raises(InvalidObstacleError, match="obstacle_no_height_column"):
        Obstacles.from_geodataframe(tiny_city, height_column="tinggi")


def test_degrees_are_refused(tiny_city: gpd.GeoDataFrame):
    with pytest.raises(CrsError, match="crs_wrong"):
        Obstacles.from_geodataframe(tiny_city.to_crs("EPSG:4326"))


def test_lengths_must_agree():
    with pytest.raises(InvalidObstacleError, match="obstacle_lengths"):
        Obstacles.from_arrays([Point(0, 0).buffer(1)], [1.0, 2.0])

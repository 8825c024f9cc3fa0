import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import shape

from cctv.geodata.mvt import EXTENT, TileFrame, encode_layer, join_layers

FRAME = TileFrame(0.0, float(EXTENT), float(EXTENT))  # one metre is one unit


def decoded(name, kind, geometries, properties=None):
    data = encode_layer(name, kind, np.array(geometries, dtype=object), properties or {}, FRAME)
    return mapbox_vector_tile.decode(join_layers([data])).get(name, {}).get("features", [])


def test_polygons_come_back_with_holes_and_area():
    outer = shapely.box(10, 10, 110, 60).difference(shapely.box(20, 20, 40, 40))
    features = decoded("b", "polygon", [outer, shapely.box(200, 200, 210, 230)], {"h": [3, 9]})
    assert [f["properties"] for f in features] == [{"h": 3}, {"h": 9}]
    assert [shape(f["geometry"]).area for f in features] == [100 * 50 - 400, 300]
    assert shape(features[0]["geometry"]).symmetric_difference(outer).area == 0


@pytest.mark.parametrize("clockwise", [False, True])
def test_outer_rings_are_wound_as_the_specification_asks(clockwise):
    polygon = shapely.orient_polygons(
        shapely.box(0, 0, 100, 100).difference(shapely.box(20, 20, 40, 40)), exterior_cw=clockwise
    )
    data = encode_layer("b", "polygon", np.array([polygon], dtype=object), {}, FRAME)
    raw = mapbox_vector_tile.decode(join_layers([data]), default_options={"y_coord_down": True})
    rings = raw["b"]["features"][0]["geometry"]["coordinates"]
    areas = [
        sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)) / 2 for ring in rings
    ]
    assert areas == [10_000, -400]  # positive outside, negative in holes, y downward


def test_lines_and_points():
    line = shapely.LineString([(0, 0), (5, 9), (100, 9)])
    assert decoded("l", "line", [line])[0]["geometry"]["coordinates"] == [[0, 0], [5, 9], [100, 9]]
    points = decoded("p", "point", shapely.points([(1, 2), (3, 4)]), {"name": ["a", "b"]})
    assert [(f["properties"]["name"], f["geometry"]["coordinates"]) for f in points] == [("a", [1, 2]), ("b", [3, 4])]


def test_equal_properties_share_one_feature():
    features = decoded("p", "point", shapely.points([(1, 2), (3, 4), (5, 6)]), {"kind": ["x", "y", "x"]})
    assert [f["geometry"]["coordinates"] for f in features] == [[[1, 2], [5, 6]], [3, 4]]


def test_values_keep_their_type():
    values = {"whole": 1, "decimal": 1.0, "truth": True, "text": "1", "negative": -7}
    feature = decoded("p", "point", [shapely.Point(1, 1)], {name: [value] for name, value in values.items()})[0]
    assert feature["properties"] == values
    assert [type(value) for value in feature["properties"].values()] == [type(value) for value in values.values()]


def test_what_rounds_to_nothing_is_left_out():
    tiny = shapely.box(5.1, 5.1, 5.2, 5.2)
    assert decoded("b", "polygon", [tiny]) == []
    assert len(decoded("b", "polygon", [tiny, shapely.box(0, 0, 4, 4)], {"h": [1, 2]})) == 1
    assert decoded("l", "line", [shapely.LineString([(1, 1), (1.1, 1.1)])]) == []


def test_a_tile_is_never_without_content():
    assert list(mapbox_vector_tile.decode(join_layers([b"", b""]))) == ["empty"]


@given(
    st.lists(
        st.tuples(st.integers(0, 3500), st.integers(0, 3500), st.integers(1, 500), st.integers(1, 500)),
        min_size=1,
        max_size=40,
    )
)
def test_any_boxes_come_back_unchanged(boxes):
    polygons = [shapely.box(x, y, x + w, y + h) for x, y, w, h in boxes]
    found = decoded("b", "polygon", polygons, {"id": list(range(len(boxes)))})
    assert {f["properties"]["id"]: shape(f["geometry"]).bounds for f in found} == {
        i: polygon.bounds for i, polygon in enumerate(polygons)
    }

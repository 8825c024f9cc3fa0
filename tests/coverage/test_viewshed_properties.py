"""What must hold for every city and every camera: properties (hypothesis), order of rows, repeated runs."""

import geopandas as gpd
import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

from coverage.observers import Observers
from coverage.obstacles import Obstacles
from coverage.viewshed import visible_polygons
from tests.coverage.quad_union import sector

ORIGIN = np.array([670_000.0, 9_173_000.0])
X0, Y0 = ORIGIN
TOLERANCE_M2 = 0.01

quarter_metres = st.integers(-160, 160).map(lambda n: n / 4)
sizes = st.integers(1, 60).map(lambda n: n / 2)
heights = st.integers(0, 30).map(lambda n: n / 2)


@st.composite
def building(draw: st.DrawFn) -> tuple[Polygon, float]:
    x, y, width, depth = draw(quarter_metres), draw(quarter_metres), draw(sizes), draw(sizes)
    shape = box(x, y, x + width, y + depth)
    kind = draw(st.sampled_from(["box", "ell", "court"]))
    if kind == "ell":
        shape = shape.difference(box(x + width / 2, y + depth / 2, x + width, y + depth))
    elif kind == "court":
        hole = box(x + width / 4, y + depth / 4, x + width * 3 / 4, y + depth * 3 / 4)
        shape = Polygon(shape.exterior, [hole.exterior.coords])
    return shape, draw(heights)


@st.composite
def camera(draw: st.DrawFn) -> dict[str, float]:
    return {
        "height_m": draw(st.sampled_from([2.0, 4.0, 4.25, 6.0, 9.5])),
        "azimuth_deg": draw(st.floats(0, 359)),
        "hfov_deg": draw(st.floats(5, 360)),
        "range_m": draw(st.floats(5, 80)),
    }


cities = st.lists(building(), max_size=8)


def obstacles_of(
    buildings: list[tuple[Polygon, float]], turn_deg: float = 0.0, at: tuple[float, float] = (0, 0)
) -> Obstacles:
    turned = [shapely.affinity.rotate(shape, -turn_deg, origin=(0, 0)) for shape, _ in buildings]
    placed = [shapely.transform(shape, lambda xy: xy + ORIGIN + at) for shape in turned]
    return Obstacles.from_arrays(placed, [height for _, height in buildings])


def seen(
    buildings: list[tuple[Polygon, float]],
    one: dict[str, float],
    turn_deg: float = 0.0,
    at: tuple[float, float] = (0, 0),
) -> BaseGeometry:
    """The visible area of a camera at the origin; the whole scene can be turned clockwise and moved."""
    turned = (one["azimuth_deg"] + turn_deg) % 360
    observer = Observers([X0 + at[0]], [Y0 + at[1]], [one["height_m"]], [turned], [one["hfov_deg"]], [one["range_m"]])
    [area] = visible_polygons(obstacles_of(buildings, turn_deg, at), observer)
    assert area.is_valid
    assert area.geom_type in {"Polygon", "MultiPolygon"}
    back = shapely.transform(area, lambda xy: xy - ORIGIN - at)
    return shapely.affinity.rotate(back, turn_deg, origin=(0, 0))


@given(cities, camera())
def test_never_outside_the_sector_and_never_in_a_building(
    buildings: list[tuple[Polygon, float]], one: dict[str, float]
):
    area = seen(buildings, one)
    open_ground = sector(one["azimuth_deg"], one["hfov_deg"], one["range_m"])
    assert area.difference(open_ground).area < TOLERANCE_M2
    for shape, height in buildings:
        if height > 1.5:
            assert area.intersection(shape).area < TOLERANCE_M2


@given(cities, building(), camera())
def test_one_more_building_never_shows_more(
    buildings: list[tuple[Polygon, float]], extra: tuple[Polygon, float], one: dict[str, float]
):
    assert seen([*buildings, extra], one).difference(seen(buildings, one)).area < TOLERANCE_M2


@given(cities, camera(), st.floats(0.1, 5))
def test_a_higher_camera_loses_no_ground(buildings: list[tuple[Polygon, float]], one: dict[str, float], rise: float):
    raised = {**one, "height_m": one["height_m"] + rise}
    assert seen(buildings, one).difference(seen(buildings, raised)).area < TOLERANCE_M2


@given(cities, camera(), st.floats(1, 40))
def test_a_longer_range_loses_no_ground(buildings: list[tuple[Polygon, float]], one: dict[str, float], more: float):
    # the chords of two arcs differ, so compare well inside the shorter range
    inner = sector(one["azimuth_deg"], 360.0, one["range_m"] - 0.02)
    short, long = seen(buildings, one), seen(buildings, {**one, "range_m": one["range_m"] + more})
    assert short.difference(long).area < TOLERANCE_M2
    assert long.intersection(inner).difference(short).area < TOLERANCE_M2


@given(cities, camera(), st.floats(0, 360))
def test_turning_everything_turns_the_answer(
    buildings: list[tuple[Polygon, float]], one: dict[str, float], turn: float
):
    assert seen(buildings, one).symmetric_difference(seen(buildings, one, turn_deg=turn)).area < TOLERANCE_M2


@given(cities, camera(), st.floats(-3000, 3000), st.floats(-3000, 3000))
def test_moving_everything_moves_the_answer(
    buildings: list[tuple[Polygon, float]], one: dict[str, float], east: float, north: float
):
    assert seen(buildings, one).symmetric_difference(seen(buildings, one, at=(east, north))).area < TOLERANCE_M2


@settings(max_examples=30)
@given(cities, camera(), st.randoms(use_true_random=False))
def test_the_order_of_buildings_does_not_matter(buildings: list[tuple[Polygon, float]], one: dict[str, float], random):
    layer = gpd.GeoDataFrame(
        {"building_id": [f"B{i}" for i in range(len(buildings))], "height_m": [height for _, height in buildings]},
        geometry=[shapely.transform(shape, lambda xy: xy + ORIGIN) for shape, _ in buildings],
        crs="EPSG:32749",
    )
    rows = list(range(len(layer)))
    random.shuffle(rows)
    observer = Observers([X0], [Y0], *([value] for value in one.values()))
    first, shuffled = (
        shapely.to_wkb(visible_polygons(Obstacles.from_geodataframe(some), observer)[0])
        for some in (layer, layer.iloc[rows])
    )
    assert first == shuffled


def test_the_same_input_gives_the_same_bytes_five_times(tiny_city: gpd.GeoDataFrame):
    rng = np.random.default_rng(2)
    x, y = rng.uniform(-50, 50, (2, 20)) + ORIGIN[:, None]
    answers = set()
    for seed in range(5):
        order = np.random.default_rng(seed).permutation(20)
        observers = Observers(x[order], y[order], [6.0] * 20, [0.0] * 20, [360.0] * 20, [50.0] * 20)
        areas = visible_polygons(Obstacles.from_geodataframe(tiny_city.sample(frac=1, random_state=seed)), observers)
        answers.add(tuple(shapely.to_wkb(areas[np.argsort(order)])))
    assert len(answers) == 1

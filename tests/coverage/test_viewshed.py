"""Closed forms, degenerate positions and the contract of the viewshed; see also the oracle and the property tests."""

import math

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import Point, Polygon, box

from coverage.errors import InvalidObserverError
from coverage.frames import RESOLUTION_M
from coverage.grid import Grid
from coverage.observers import Observers
from coverage.obstacles import Obstacles
from coverage.viewshed import line_of_sight, observers_inside, visible_areas_m2, visible_cells, visible_polygons

ORIGIN = np.array([670_000.0, 9_173_000.0])
X0, Y0 = ORIGIN


def camera(x: float = 0, y: float = 0, *, height: float = 6.0, hfov: float = 360.0, reach: float = 60.0) -> Observers:
    return Observers([X0 + x], [Y0 + y], [height], [0.0], [hfov], [reach])


def city(*buildings: tuple[Polygon, float]) -> Obstacles:
    shapes = [shapely.transform(shape, lambda xy: xy + ORIGIN) for shape, _ in buildings]
    return Obstacles.from_arrays(shapes, [height for _, height in buildings])


def seen(obstacles: Obstacles, observers: Observers, target_height_m: float = 1.5) -> Polygon:
    """The visible area of the only camera, in metres from the origin of the test."""
    [area] = visible_polygons(obstacles, observers, target_height_m=target_height_m)
    assert area.is_valid
    return shapely.transform(area, lambda xy: xy - ORIGIN)


# ---- closed forms


@pytest.mark.parametrize("hfov", [1.0, 60.0, 179.0, 180.0, 181.0, 300.0, 360.0])
@pytest.mark.parametrize("reach", [0.005, 3.0, 60.0, 500.0])
def test_an_empty_field_is_the_whole_sector(hfov: float, reach: float):
    area = visible_areas_m2(city(), camera(hfov=hfov, reach=reach))[0]
    exact = math.radians(hfov) / 2 * reach**2
    arc = math.radians(hfov) * reach
    assert exact - 0.01 * arc <= area + 1e-4 <= exact + 2e-4  # chords stay inside, by 1 cm at most


def test_the_sector_looks_where_the_azimuth_points():
    east = Observers([X0], [Y0], [6.0], [90.0], [60.0], [50.0])
    area = seen(city(), east)
    assert area.contains(Point(49, 0))
    assert area.contains(Point(20, 20 * math.tan(math.radians(29.9))))
    assert not area.contains(Point(20, 20 * math.tan(math.radians(30.1))))
    assert not area.contains(Point(0, 1))


@pytest.mark.parametrize(("half_width", "distance"), [(2.0, 10.0), (30.0, 1.0), (1.0, 0.01)])
def test_a_high_wall_hides_the_circle_behind_it(half_width: float, distance: float):
    wall = (box(-half_width, distance, half_width, distance + 0.5), 6.0)
    alpha, reach = math.atan(half_width / distance), 60.0
    hidden = alpha * reach**2 - half_width * distance  # the wedge less the triangle before the wall
    area = math.pi * reach**2 - hidden
    assert visible_areas_m2(city(wall), camera(reach=reach))[0] == pytest.approx(area, abs=0.01 * 2 * math.pi * reach)


def test_a_low_building_has_a_shadow_that_ends():
    half_width, near, depth, height = 4.0, 10.0, 3.0, 3.0
    k = (6.0 - 1.5) / (6.0 - height)
    hidden = half_width * near * (k**2 - 1) + 2 * k**2 * half_width * depth
    low = city((box(-half_width, near, half_width, near + depth), height))
    [open_area, area] = (visible_areas_m2(place, camera())[0] for place in (city(), low))
    assert open_area - area == pytest.approx(hidden, abs=1e-4)
    assert seen(low, camera()).contains(Point(0, k * (near + depth) + 0.01))
    assert not seen(low, camera()).contains(Point(0, k * (near + depth) - 0.01))


def test_a_shadow_may_end_just_before_the_range():
    area = seen(city((box(-9, 10, 9, 10.2), 3.0)), camera(reach=15.8))
    assert not area.contains(Point(0, 15.29))  # 1.5 times 10.2 m
    assert area.contains(Point(0, 15.31))


@pytest.mark.parametrize("gap", [1e-14, 1e-12, 1e-9, 1e-6])
def test_a_roof_a_hair_below_the_camera_hides_as_much_as_one_level_with_it(gap: float):
    hair, level = (seen(city((box(-5, 10, 5, 12), height)), camera()) for height in (6.0 - gap, 6.0))
    assert hair.equals(level)


def test_a_shadow_stretched_a_million_times_keeps_its_edge():
    sheet = city((box(-50, 5e-6, 50, 1e-5), 6 - 4.5e-6))  # a hair before the lens, its top a hair below it
    area = seen(sheet, camera())
    assert not area.intersects(box(-50, 0.01, 50, 9.98).intersection(Point(0, 0).buffer(59)))
    assert area.contains(box(-50, 10.02, 50, 59).intersection(Point(0, 0).buffer(59)))


@pytest.mark.parametrize("height", [0.0, 1.2, 1.5])
def test_what_is_not_above_the_target_plane_hides_nothing(height: float):
    kiosk = city((box(5, 5, 15, 15), height))
    assert seen(kiosk, camera()).equals(seen(city(), camera()))


def test_a_building_of_the_height_of_the_camera_hides_all_behind_it():
    same, higher = (city((box(-5, 10, 5, 12), height)) for height in (6.0, 60.0))
    assert seen(same, camera()).equals(seen(higher, camera()))


def test_a_building_just_outside_the_range_hides_nothing():
    assert seen(city((box(-5, 60.1, 5, 70), 9.0)), camera()).equals(seen(city(), camera()))


# ---- shapes that are easy to get wrong


def test_the_notch_of_an_l_shape_is_seen():
    ell = Polygon([(10, -10), (30, -10), (30, 10), (20, 10), (20, 0), (10, 0)])
    area = seen(city((ell, 9.0)), camera())
    assert area.contains(Point(15, 4))  # in the notch
    assert not area.contains(Point(22, 5))  # in the building
    assert not area.contains(Point(40, 0))


def test_a_courtyard_is_seen_from_within_and_not_from_outside():
    court = (Polygon(box(-20, 10, 20, 50).exterior, [box(-10, 20, 10, 40).exterior.coords]), 9.0)
    assert not seen(city(court), camera()).intersects(box(-9.9, 20.1, 9.9, 39.9))
    assert seen(city(court), camera(0, 30)).symmetric_difference(box(-10, 20, 10, 40)).area < 1e-4


def test_a_low_courtyard_is_partly_seen_over_the_roof():
    court = city((Polygon(box(-20, 10, 20, 40).exterior, [box(-10, 12, 10, 38).exterior.coords]), 3.0))
    area = seen(court, camera())
    assert area.contains(Point(0, 18.1))  # beyond 1.5 times the inner wall at 12 m
    assert not area.contains(Point(0, 17.9))


def test_duplicated_overlapping_and_touching_buildings_change_nothing():
    whole = city((box(-10, 20, 10, 30), 4.0))
    cut = city(
        (box(-10, 20, 0, 30), 4.0), (box(0, 20, 10, 30), 4.0), (box(-10, 20, 0, 30), 4.0), (box(-5, 20, 5, 30), 4.0)
    )
    assert seen(cut, camera()).symmetric_difference(seen(whole, camera())).area < 1e-4
    assert seen(cut, camera()).geom_type == "Polygon"  # no slivers between them


def test_repeated_corners_change_nothing():
    plain = Polygon([(-5, 10), (5, 10), (5, 20), (-5, 20)])
    repeated = Polygon([(-5, 10), (-5, 10), (5, 10), (5, 20), (5, 20), (5, 20), (-5, 20)])
    assert seen(city((plain, 4.0)), camera()).equals(seen(city((repeated, 4.0)), camera()))


def test_ring_direction_changes_nothing():
    plain = box(-5, 10, 5, 20)
    assert seen(city((plain, 4.0)), camera()).equals(seen(city((plain.reverse(), 4.0)), camera()))


# ---- cameras on, at and in buildings

BUILDING = box(0, 0, 12, 8)
POSITIONS = {
    "on a corner": (0, 0),
    "on a facade": (6, 0),
    "a rounding error outside": (6, -1e-9),
    "a rounding error inside": (6, 1e-9),
    "1 mm outside": (6, -1e-3),
    "0.3 m outside": (6, -0.3),
    "in line with a wall": (-6, 0),
    "in line with a wall, a rounding error off": (-6, 1e-9),
}


@pytest.mark.parametrize("turn_deg", [0.0, 7.0, 45.0])
@pytest.mark.parametrize("height", [4.0, 5.0, 5.00001, 8.0, 40.0])
@pytest.mark.parametrize("name", POSITIONS)
def test_cameras_close_to_a_building_agree_with_lines_of_sight(name: str, height: float, turn_deg: float):
    turned = shapely.affinity.rotate(BUILDING, turn_deg, origin=(0, 0))
    position = shapely.affinity.rotate(Point(POSITIONS[name]), turn_deg, origin=(0, 0))
    obstacles = city((turned, height))
    observer = camera(position.x, position.y, height=5.0, reach=40.0)
    area = seen(obstacles, observer)
    assert not observers_inside(obstacles, observer)[0]
    assert area.area > math.pi * 40**2 / 5

    targets = np.random.default_rng(1).uniform(-35, 35, (600, 2))
    targets = targets[shapely.distance(area.boundary, shapely.points(targets)) > 0.01]
    targets = targets[np.hypot(*(targets - (position.x, position.y)).T) < 39]
    eyes = np.tile([X0 + position.x, Y0 + position.y, 5.0], (len(targets), 1))
    free = line_of_sight(obstacles, eyes, np.column_stack([targets + ORIGIN, np.full(len(targets), 1.5)]))
    assert len(targets) > 300
    assert (free == shapely.contains_xy(area, *targets.T)).all()


def test_the_turned_facade_hides_half_the_circle():
    on_facade = seen(city((BUILDING, 9.0)), camera(6, 0))
    assert on_facade.area == pytest.approx(math.pi * 60**2 / 2, rel=1e-3)


@pytest.mark.parametrize(("x", "y"), [(6, 4), (6, 0.001), (0.5, 0.5)])
@pytest.mark.parametrize("height", [6.0, 9.0])
def test_a_camera_in_a_building_sees_nothing_and_is_pointed_out(x: float, y: float, height: float):
    obstacles = city((BUILDING, height))
    assert seen(obstacles, camera(x, y)).is_empty
    assert observers_inside(obstacles, camera(x, y)).tolist() == [True]


def test_a_camera_on_a_roof_sees_past_its_edge():
    obstacles = city((BUILDING, 3.0))
    observer = camera(6, 4)
    k = (6 - 1.5) / (6 - 3)
    shadow = shapely.affinity.scale(BUILDING, k, k, origin=(6, 4))
    assert not observers_inside(obstacles, observer)[0]
    assert seen(city(), observer).difference(shadow).symmetric_difference(seen(obstacles, observer)).area < 1e-3


def test_a_camera_between_two_touching_houses_sees_nothing():
    assert seen(city((box(-9, 0, 0, 9), 8.0), (box(0, 0, 9, 9), 8.0)), camera(0, 4)).is_empty


def test_observers_inside_knows_each_camera(tiny_city: gpd.GeoDataFrame):
    obstacles = Obstacles.from_geodataframe(tiny_city)
    places = {
        "open": (0, 0),
        "shop-a": (22, 35),
        "shop wall": (20, 35),
        "roof of the house": (35, 0),
        "court": (0, -40),
    }
    xy = np.array(list(places.values())) + ORIGIN
    n = len(xy)
    inside = observers_inside(obstacles, Observers(*xy.T, np.full(n, 6.0), [0.0] * n, [360.0] * n, [50.0] * n))
    assert dict(zip(places, inside.tolist(), strict=True)) == {name: name == "shop-a" for name in places}


# ---- tilted cameras


def test_a_tilted_camera_sees_its_trapezoid():
    tilted = Observers([X0], [Y0], [6.0], [90.0], [80.0], [60.0], tilt_deg=[30.0], vfov_deg=[47.0])
    area = seen(city(), tilted)
    assert area.bounds[0] == pytest.approx(3.3, abs=0.05)  # near blind zone
    assert area.bounds[2] == pytest.approx(39.5, abs=0.15)  # far edge
    assert area.contains(Point(20, 0))
    assert not area.contains(Point(2, 0))


def test_a_tilted_camera_is_blocked_by_what_stands_in_its_blind_zone():
    tilted = Observers([X0], [Y0], [6.0], [0.0], [80.0], [60.0], tilt_deg=[20.0], vfov_deg=[47.0])
    hut = city((box(-1, 1, 1, 2), 5.9))
    assert seen(city(), tilted).contains(Point(0, 15))
    assert not seen(hut, tilted).contains(Point(0, 15))


def test_a_camera_that_looks_at_the_sky_sees_no_ground():
    sky = Observers([X0], [Y0], [6.0], [0.0], [80.0], [60.0], tilt_deg=[-40.0], vfov_deg=[47.0])
    assert seen(city((box(-5, 5, 5, 9), 9.0)), sky).is_empty


def test_tilted_and_plain_cameras_can_stand_in_one_list():
    both = Observers(
        [X0, X0], [Y0, Y0], [6, 6], [0, 0], [80, 80], [60, 60], tilt_deg=[np.nan, 30], vfov_deg=[np.nan, 47]
    )
    plain, tilted = visible_areas_m2(city(), both)
    assert plain == pytest.approx(math.radians(80) / 2 * 60**2, rel=1e-3)
    assert 0 < tilted < plain


# ---- contract


def test_corners_lie_on_the_working_resolution(tiny_city: gpd.GeoDataFrame):
    """Moving a polygon to the map is then exact, so a valid one stays valid."""
    observers = Observers([X0 + 1 / 3], [Y0 + 1 / 7], [6.0], [11.0], [360.0], [77.7])
    steps = shapely.get_coordinates(visible_polygons(Obstacles.from_geodataframe(tiny_city), observers)) / RESOLUTION_M
    assert len(steps) > 100
    assert (steps == np.round(steps)).all()


def test_cameras_below_the_target_are_all_listed(tiny_city: gpd.GeoDataFrame):
    low = Observers([X0] * 3, [Y0] * 3, [1.5, 6, 1], [0] * 3, [90] * 3, [50] * 3)
    for function in (visible_polygons, visible_areas_m2):
        with pytest.raises(InvalidObserverError, match="observer_below_target") as caught:
            function(Obstacles.from_geodataframe(tiny_city), low)
        assert [p.where for p in caught.value.problems] == ["[0]", "[2]"]


def test_no_cameras_no_areas(tiny_city: gpd.GeoDataFrame):
    obstacles, nobody = Obstacles.from_geodataframe(tiny_city), Observers([], [], [], [], [], [])
    assert visible_polygons(obstacles, nobody).shape == (0,)
    assert visible_cells(obstacles, nobody, Grid(X0, Y0, 2.0, 5, 5)).shape == (0, 25)
    assert observers_inside(obstacles, nobody).shape == (0,)


def test_more_cameras_than_one_batch_give_the_same_answers(tiny_city: gpd.GeoDataFrame):
    obstacles = Obstacles.from_geodataframe(tiny_city)
    rng = np.random.default_rng(5)
    n = 230
    many = Observers(
        X0 + rng.uniform(-60, 60, n),
        Y0 + rng.uniform(-60, 60, n),
        np.full(n, 6.0),
        rng.uniform(0, 360, n),
        [70.0] * n,
        [30.0] * n,
    )
    areas = visible_areas_m2(obstacles, many)
    picked = [229, 3, 200, 199]
    assert visible_areas_m2(obstacles, many.take(picked)).tolist() == areas[picked].tolist()


def test_cells_are_those_whose_centre_is_seen(tiny_city: gpd.GeoDataFrame):
    obstacles = Obstacles.from_geodataframe(tiny_city)
    grid = Grid(X0 - 40.0, Y0 - 30.0, 2.0, 50, 30)  # smaller than what the cameras see
    two = Observers([X0, X0 + 15], [Y0, Y0 - 20], [6.0, 8.0], [0.0, 300.0], [360.0, 80.0], [60.0, 50.0])
    cells = visible_cells(obstacles, two, grid)
    centres = shapely.points(grid.centres(np.arange(grid.n_cells)))
    for row, area in enumerate(visible_polygons(obstacles, two)):
        off_edge = shapely.distance(area.boundary, centres) > 1e-6  # a centre on an edge is on neither side
        assert (cells[[row]].toarray()[0] == shapely.contains(area, centres))[off_edge].all()
    assert cells.dtype == np.bool_
    assert cells.shape == (2, 1500)
    assert cells.has_sorted_indices


def test_cells_agree_with_lines_of_sight(tiny_city: gpd.GeoDataFrame):
    obstacles = Obstacles.from_geodataframe(tiny_city)
    grid = Grid(X0 - 40.25, Y0 - 40.25, 1.0, 80, 80)
    observer = camera(0, 0)
    centres = grid.centres(np.arange(grid.n_cells))
    eyes = np.tile([X0, Y0, 6.0], (grid.n_cells, 1))
    free = line_of_sight(obstacles, eyes, np.column_stack([centres, np.full(grid.n_cells, 1.5)]))
    assert (visible_cells(obstacles, observer, grid).toarray()[0] == free).mean() > 0.999
    [area] = visible_polygons(obstacles, observer)
    clear = shapely.distance(area.boundary, shapely.points(centres)) > 0.01
    assert (visible_cells(obstacles, observer, grid).toarray()[0] == free)[clear].all()

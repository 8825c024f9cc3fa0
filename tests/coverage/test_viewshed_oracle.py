"""The visible polygons against lines of sight in three dimensions: two ways that share no code."""

from collections.abc import Callable

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from coverage.observers import Observers
from coverage.obstacles import Obstacles
from coverage.viewshed import line_of_sight, observers_inside, visible_polygons

ORIGIN = np.array([670_000.0, 9_173_000.0])
X0, Y0 = ORIGIN
TARGET_M = 1.5


def cameras(count: int, seed: int) -> Observers:
    """Half of them plain sectors or all round, half tilted; heights that equal roofs among them."""
    rng = np.random.default_rng(seed)
    is_tilted = np.arange(count) % 2 == 1
    hfov = np.where(is_tilted, rng.uniform(30, 120, count), rng.choice([60.0, 110.0, 200.0, 360.0], count))
    return Observers(
        X0 + rng.uniform(-80, 80, count),
        Y0 + rng.uniform(-80, 80, count),
        rng.choice([3.5, 4.5, 6.0, 8.0, 12.0], count),
        rng.uniform(0, 360, count),
        hfov,
        rng.uniform(30, 120, count),
        np.where(is_tilted, rng.uniform(5, 60, count), np.nan),
        np.where(is_tilted, rng.uniform(30, 60, count), np.nan),
    )


def is_pictured(one: Observers, offsets: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell by direct geometry whether the camera's picture and range hold places east and north of it."""
    azimuth = np.deg2rad(one.azimuth_deg[0])
    ahead = offsets @ [np.sin(azimuth), np.cos(azimuth)]
    aside = offsets @ [np.cos(azimuth), -np.sin(azimuth)]
    within = np.hypot(*offsets.T) <= one.range_m[0]
    if not one.is_clipped[0]:
        return within & (np.abs(np.arctan2(aside, ahead)) <= np.deg2rad(one.hfov_deg[0]) / 2)
    tilt, drop = np.deg2rad(one.tilt_deg[0]), one.height_m[0] - TARGET_M
    depth = ahead * np.cos(tilt) + drop * np.sin(tilt)
    down = drop * np.cos(tilt) - ahead * np.sin(tilt)
    return (
        within
        & (depth > 0)
        & (np.abs(aside) <= depth * np.tan(np.deg2rad(one.hfov_deg[0]) / 2))
        & (np.abs(down) <= depth * np.tan(np.deg2rad(one.vfov_deg[0]) / 2))
    )


def disagreements(obstacles: Obstacles, observers: Observers, per_camera: int, seed: int) -> tuple[int, int, int]:
    """Count the places compared, those seen, and those more than 1 cm from an edge on which the two ways differ."""
    rng = np.random.default_rng(seed)
    compared = seen = wrong = 0
    for i, area in enumerate(visible_polygons(obstacles, observers, target_height_m=TARGET_M)):
        one = observers.take([i])
        eye = np.array([one.x_m[0], one.y_m[0], one.height_m[0]])
        angle, radius = rng.uniform(0, 2 * np.pi, per_camera), one.range_m[0] * np.sqrt(rng.random(per_camera))
        offsets = np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])
        targets = np.column_stack([eye[:2] + offsets, np.full(per_camera, TARGET_M)])
        expected = is_pictured(one, offsets) & line_of_sight(obstacles, np.tile(eye, (per_camera, 1)), targets)
        found = shapely.contains_xy(area, *targets[:, :2].T)
        off_edge = np.ones(per_camera, dtype=bool)
        if not area.is_empty:
            off_edge = shapely.distance(area.boundary, shapely.points(targets[:, :2])) > 0.01
        compared, seen = compared + int(off_edge.sum()), seen + int(found.sum())
        wrong += int((off_edge & (found != expected)).sum())
    return compared, seen, wrong


@pytest.mark.parametrize("seed", [1, 2])
def test_twenty_thousand_places_of_fifty_cameras(random_city: Callable[[int, int], Obstacles], seed: int):
    obstacles, observers = random_city(60, seed), cameras(50, seed)
    compared, seen, wrong = disagreements(obstacles, observers, 400, seed)
    assert compared > 19_900
    assert seen > 1_000
    assert wrong == 0


def test_a_crowded_city_of_overlapping_buildings(random_city: Callable[[int, int], Obstacles]):
    obstacles, observers = random_city(200, 9), cameras(60, 9)
    assert observers_inside(obstacles, observers).any()
    _, seen, wrong = disagreements(obstacles, observers, 200, 9)
    assert seen > 100
    assert wrong == 0


def test_every_area_is_valid_and_of_one_kind(random_city: Callable[[int, int], Obstacles]):
    areas = np.concatenate([visible_polygons(random_city(80, seed), cameras(60, seed)) for seed in range(3, 7)])
    assert shapely.is_valid(areas).all()
    assert {area.geom_type for area in areas} == {"Polygon", "MultiPolygon"}
    parts = shapely.get_parts(areas[~shapely.is_empty(areas)])
    assert shapely.area(parts).min() >= 1e-4

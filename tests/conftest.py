"""What all tests share: the guard against the wrong ``coverage`` package, and a city small enough to draw on paper."""

import sys
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import Polygon, box

import coverage
from coverage.crs import PROJECTED_CRS
from coverage.obstacles import Obstacles

ROOT = Path(__file__).resolve().parents[1]
ORIGIN = (670_000.0, 9_173_000.0)  # a corner in the middle of the city, EPSG:32749

if ROOT not in Path(coverage.__file__).resolve().parents:
    pytest.exit(f"{coverage.__file__} is not ours: the coverage.py tool was imported first; uninstall it", returncode=4)
if "numba" in sys.modules:
    pytest.exit("numba was imported; it cannot live beside a package called coverage", returncode=4)


@pytest.fixture
def tiny_city() -> gpd.GeoDataFrame:
    """Ten buildings around ``ORIGIN``; corners below are metres east and north of it."""
    court = Polygon(
        [(-10, -50), (10, -50), (10, -30), (-10, -30)],
        holes=[[(-5, -45), (-5, -35), (5, -35), (5, -45)]],
    )
    shapes = {
        "wall": (box(-10, 20, 10, 21), 8.0),  # higher than a 6 m camera
        "house": (box(30, -5, 40, 5), 3.0),  # lower: its shadow ends
        "ell": (Polygon([(-40, 0), (-25, 0), (-25, 5), (-35, 5), (-35, 15), (-40, 15)]), 6.0),
        "court": (court, 9.0),
        "shop-a": (box(20, 30, 26, 42), 9.0),  # the two shops touch
        "shop-b": (box(26, 30, 32, 42), 6.0),
        "kiosk": (box(5, 5, 7, 7), 1.2),  # below the plane of faces: hides nothing
        "barn-a": (box(-50, -30, -40, -20), 5.0),  # the two barns overlap
        "barn-b": (box(-45, -25, -35, -15), 4.0),
        "barn-c": (box(-45, -25, -35, -15), 4.0),  # the same again
    }
    rows = [(name, height) for name, (_, height) in shapes.items()]
    placed = shapely.transform([shape for shape, _ in shapes.values()], lambda xy: xy + ORIGIN)
    return gpd.GeoDataFrame(
        {"building_id": [name for name, _ in rows], "height_m": [height for _, height in rows]},
        geometry=placed,
        crs=PROJECTED_CRS,
    )


@pytest.fixture
def random_city() -> Callable[[int, int], Obstacles]:
    """Make a city of rectangles, L-shapes and courtyards, 200 m square, with some walls touching and overlapping."""

    def build(count: int, seed: int) -> Obstacles:
        rng = np.random.default_rng(seed)
        shapes = [_random_building(rng) for _ in range(count)]
        return Obstacles.from_arrays(
            shapely.transform(shapes, lambda xy: xy + ORIGIN), rng.choice([1.2, 3.0, 4.5, 6.0, 9.0, 12.5], count)
        )

    return build


def _random_building(rng: np.random.Generator) -> Polygon:
    width, depth = rng.integers(6, 22, 2)
    plain = box(0, 0, width, depth)
    shape = (
        plain,
        plain.difference(box(width / 2, depth / 3, width, depth)),
        Polygon(plain.exterior, [box(2, 2, width - 2, depth - 2).exterior.coords]),
    )[rng.integers(0, 3)]
    turned = shapely.affinity.rotate(shape, rng.choice([0.0, 7.0, 33.0, 90.0]), origin=(0, 0))
    return shapely.affinity.translate(turned, *rng.integers(-100, 100, 2))

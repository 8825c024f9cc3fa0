"""Small map files made on the spot, shaped like OpenStreetMap extracts of a block in the city."""

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from cctv.settings import ROOT

SHARED = ROOT.parent / "shared" / "data"
LON, LAT = 112.4365, -7.4705
STEP = 0.0002  # about 22 m


def feature(geometry_type, coordinates, **tags):
    geometry = None if geometry_type is None else {"type": geometry_type, "coordinates": coordinates}
    return {"type": "Feature", "properties": tags, "geometry": geometry}


def square(column, row, *, size=STEP * 0.8, swap=False):
    x, y = LON + column * STEP, LAT + row * STEP
    ring = [(x, y), (x + size, y), (x + size, y + size), (x, y + size), (x, y)]
    return [[(b, a) if swap else (a, b) for a, b in ring]]


def block():
    """Ten houses, two streets, a park, a mosque ground, a camera with and one without direction."""
    houses = [feature("Polygon", square(i, 0), building="house", osm_id=f"{i}") for i in range(10)]
    houses[0]["properties"]["height"] = "9 m"
    houses[1]["properties"]["building:levels"] = "2"
    houses[2]["properties"]["building:levels"] = "10+"
    houses[3]["properties"]["building:levels"] = "fix me"
    west, east, y = LON - STEP, LON + 11 * STEP, LAT - STEP / 2
    roads = [
        feature("LineString", [(west, y), (east, y)], highway="residential", name="Jl Uji", osm_id="100"),
        feature("LineString", [(LON, y - 0.002), (LON, y + 0.003)], highway="primary", width="12", lit="no"),
    ]
    spaces = [
        feature("Polygon", square(12, 2), leisure="park", name="Taman Uji"),
        feature("Polygon", square(12.4, 2), amenity="place_of_worship", name="Masjid Uji"),
    ]
    cameras = [
        feature("Point", (LON, y), man_made="surveillance", direction="90"),
        feature("Point", (east, y), man_made="surveillance"),
    ]
    return [*houses, *roads, *spaces, *cameras]


@pytest.fixture
def draw():
    return SimpleNamespace(feature=feature, square=square, block=block, lon=LON, lat=LAT, step=STEP)


@pytest.fixture
def write(tmp_path):
    def writer(features, name="blok.geojson"):
        path = tmp_path / name
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
        return path

    return writer


@pytest.fixture
def geo_dir(tmp_path):
    return Path(shutil.copytree(ROOT / "data" / "geo", tmp_path / "geo"))


@pytest.fixture
def shared():
    if not SHARED.is_dir():
        pytest.skip(f"sample files are not here: {SHARED}")
    return SHARED

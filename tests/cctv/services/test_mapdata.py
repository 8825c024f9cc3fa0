"""What the map shows: filters, counts, pins, and layers only for those who may see them."""

import json

import numpy as np
import pytest
import shapely

from cctv.errors import AccessError, CctvError, NotFoundError
from cctv.permissions import Role
from cctv.registry.access_log import recent_access
from cctv.services import mapdata, maplayers, pins, situation
from cctv.services.mapdata import Filters


@pytest.fixture
def points(city_runtime):
    return mapdata.all_points(city_runtime)


def test_counts_add_up(points):
    counts = mapdata.counts(points)
    assert counts.points == len(points)
    assert counts.cameras == sum(len(item.cameras) for item in points)
    assert 0 < counts.cameras_on < counts.cameras
    assert 0 < counts.points_unplaced < counts.points
    assert counts.points_outside == sum(item.is_placed and not item.point.kelurahan for item in points) > 0
    assert 0 < counts.cameras_synthetic < counts.cameras


def test_no_filter_keeps_everything(points):
    assert mapdata.filtered(points, Filters()) == points


def test_each_choice_keeps_what_it_says_and_loses_nothing(points):
    offered = mapdata.choices(points)
    by_owner = [mapdata.filtered(points, Filters(owners=frozenset({owner}))) for owner in offered.owners]
    assert sum(len(item.cameras) for kept in by_owner for item in kept) == mapdata.counts(points).cameras
    for status in offered.statuses:
        kept = mapdata.filtered(points, Filters(statuses=frozenset({status})))
        assert {camera.status for item in kept for camera in item.cameras} == {status}


def test_all_words_must_occur(points):
    item = next(item for item in points if item.point.kelurahan)
    camera = item.cameras[0]
    text = f"{camera.camera_id.lower()} {item.point.kelurahan.upper()}"
    kept = mapdata.filtered(points, Filters(text=text))
    assert camera in [c for found in kept for c in found.cameras]
    assert mapdata.filtered(points, Filters(text=f"{text} tidakadakatainidiregister")) == []


def test_a_camera_is_found_by_its_id_only(points):
    camera = points[3].cameras[0]
    assert mapdata.find_camera(points, camera.camera_id) == (points[3], camera)
    assert mapdata.find_camera(points, "K-9999") is None


def test_every_point_has_a_pin(points):
    for item in points:
        name = pins.pin_name(item.status, len(item.cameras), is_guess=item.is_guess)
        svg = pins.pin_svg(name, "light")
        assert svg is not None
        assert f">{len(item.cameras)}<" in svg


@pytest.mark.parametrize("name", ["", "on", "on-3", "on-100-tetap", "on-x-tetap", "purple-3-tetap", "on-3-<script>"])
def test_other_pins_do_not_exist(name):
    assert pins.pin_svg(name, "light") is None


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("viewshed", {"bagian": "pasti"}),
        ("viewshed", {"bagian": "mungkin"}),
        ("viewshed", {"bagian": "tingkat"}),
        ("celah", {}),
        ("usulan", {"anggaran": "100000000"}),
    ],
)
def test_layers_are_written_for_those_who_may_see_them(city_runtime, account_of, name, query):
    planner = account_of(city_runtime, Role.PLANNER)
    features = json.loads(maplayers.layer(city_runtime, planner, name, query))["features"]
    assert features
    lon, lat = features[0]["geometry"]["coordinates"][0][0][:2]
    if isinstance(lon, list):  # the first part of several
        lon, lat = lon
    assert 112.3 < lon < 112.6
    assert -7.6 < lat < -7.3
    newest = recent_access(city_runtime.registry)[0]
    assert (newest.username, newest.action, newest.target) == (planner.username, "lihat_lapisan", name)


@pytest.mark.parametrize(
    ("role", "name"), [(Role.OPERATOR, "celah"), (Role.OPERATOR, "usulan"), (Role.EDITOR, "usulan")]
)
def test_sensitive_layers_are_refused(city_runtime, account_of, role, name):
    with pytest.raises(AccessError):
        maplayers.layer(city_runtime, account_of(city_runtime, role), name, {"anggaran": "100000000"})


def test_a_layer_that_does_not_exist_and_a_budget_that_is_no_number(city_runtime, account_of):
    admin = account_of(city_runtime, Role.ADMIN)
    with pytest.raises(NotFoundError):
        maplayers.layer(city_runtime, admin, "rahasia", {})
    with pytest.raises(CctvError):
        maplayers.layer(city_runtime, admin, "usulan", {"anggaran": "banyak"})


def test_what_is_made_up_is_named(city_runtime):
    notes = mapdata.made_up_layers(city_runtime)
    assert notes == {"synthetic": ("buildings", "streets_minor", "public_spaces"), "schematic": ("streets_named",)}


def test_levels_of_a_camera_add_up_to_its_viewshed(city_runtime, account_of):
    admin = account_of(city_runtime, Role.ADMIN)
    watching = situation.current(city_runtime).watching
    row = int(np.flatnonzero(watching.is_certain & watching.observers.is_clipped & (watching.resolution_px > 0))[0])
    camera = {"kamera": watching.camera_id[row]}
    parts = json.loads(maplayers.layer(city_runtime, admin, "viewshed", {"bagian": "tingkat", **camera}))["features"]
    assert {part["properties"]["camera_id"] for part in parts} == {camera["kamera"]}
    strengths = [part["properties"]["pekat"] for part in parts]
    assert strengths == sorted(strengths)
    assert len(parts) > 2
    [one] = json.loads(maplayers.layer(city_runtime, admin, "viewshed", {"bagian": "pasti", **camera}))["features"]
    areas = shapely.area([shapely.geometry.shape(part["geometry"]) for part in (one, *parts)])
    assert areas[1:].sum() == pytest.approx(areas[0], rel=0.02)  # corners are rounded to 0.1 m to be drawn

"""Aiming on the map: the azimuth by hand, position and direction saved together or not at all, by the right person."""

from dataclasses import replace

import numpy as np
import pytest
import shapely

from cctv.errors import AccessError, StaleEditError
from cctv.geodata.lonlat import to_lonlat, to_metres
from cctv.permissions import Role
from cctv.registry import cameras as camera_store
from cctv.registry.history import changes
from cctv.services import aiming, mapdata, situation
from cctv.services.aiming import Draft
from coverage.viewshed import line_of_sight


def placed_camera(runtime):
    item = next(i for i in mapdata.all_points(runtime) if i.is_placed and i.cameras[0].hfov_deg and not i.is_guess)
    return item, item.cameras[0]


def looking(x_m, y_m, east_m, north_m):
    lon, lat = to_lonlat(np.array([x_m, x_m + east_m]), np.array([y_m, y_m + north_m]))
    return Draft(float(lon[0]), float(lat[0]), (float(lon[1]), float(lat[1])))


@pytest.mark.parametrize(
    ("east_m", "north_m", "azimuth_deg"),
    [(0, 30, 0.0), (30, 0, 90.0), (0, -30, 180.0), (-30, 0, 270.0), (30, 30, 45.0), (-0.001, 30, 0.0)],
)
def test_the_azimuth_is_clockwise_from_grid_north_and_north_is_zero(east_m, north_m, azimuth_deg):
    assert looking(660_000, 9_173_000, east_m, north_m).azimuth_deg == azimuth_deg


def test_nothing_is_aimed_by_a_move_alone_or_by_a_click_on_the_pole():
    assert Draft(112.43, -7.47).azimuth_deg is None
    assert looking(660_000, 9_173_000, 0.3, 0.3).azimuth_deg is None


def test_a_save_moves_and_aims_together(own_runtime, account_of):
    item, camera = placed_camera(own_runtime)
    x_m, y_m = (float(v) for v in to_metres(item.point.lon, item.point.lat))
    draft = looking(x_m + 4, y_m, 0, -25)
    aiming.save(own_runtime, account_of(own_runtime, Role.EDITOR), item, camera, draft, "dicek di lapangan")
    item_now, camera_now = mapdata.find_camera(mapdata.all_points(own_runtime), camera.camera_id)
    assert (item_now.point.lon, item_now.point.lat) == (draft.lon, draft.lat)
    assert (camera_now.azimuth_deg, camera_now.azimuth_source) == (180.0, "aimed")
    newest = changes(own_runtime.registry, limit=2)
    assert {(c.entity, c.reason) for c in newest} == {(k, "dicek di lapangan") for k in ("point", "camera")}


def test_a_stale_camera_leaves_its_point_where_it_was(own_runtime, account_of):
    item, camera = placed_camera(own_runtime)
    editor = account_of(own_runtime, Role.EDITOR)
    camera_store.update_camera(
        own_runtime.registry, "orang lain", camera.camera_id, camera.version, {"name": "Baru"}, "papan diganti"
    )
    before = mapdata.all_points(own_runtime)
    x_m, y_m = (float(v) for v in to_metres(item.point.lon, item.point.lat))
    with pytest.raises(StaleEditError):
        aiming.save(own_runtime, editor, item, camera, looking(x_m + 4, y_m, 10, 10), "dicek")
    assert mapdata.all_points(own_runtime) == before


def test_others_neither_save_nor_move_what_another_agency_has_on_the_same_pole(own_runtime, account_of):
    item, camera = placed_camera(own_runtime)
    x_m, y_m = (float(v) for v in to_metres(item.point.lon, item.point.lat))
    draft = looking(x_m + 4, y_m, 0, 25)
    elsewhere = replace(account_of(own_runtime, Role.EDITOR), agency_id="lain")
    for account in (account_of(own_runtime, Role.OPERATOR), elsewhere):
        with pytest.raises(AccessError):
            aiming.save(own_runtime, account, item, camera, draft, "coba")


def test_the_area_beside_the_pin_is_what_sight_lines_say(city_runtime, account_of):
    item, camera = placed_camera(city_runtime)
    camera = replace(camera, tilt_deg=None)  # a tilted footprint is a little wider than its lens
    x_m, y_m = (float(v) for v in to_metres(item.point.lon, item.point.lat))
    draft = looking(x_m, y_m, 20, 20)
    drawn = aiming.drafted(item, camera, draft).cameras[0]
    assert (drawn.azimuth_deg, drawn.azimuth_source) == (45.0, "aimed")
    area = aiming.seen_area(city_runtime, account_of(city_runtime, Role.EDITOR), item, camera, draft)
    rng = np.random.default_rng(3)
    west, south, east, north = area.bounds
    places = rng.uniform((west, south), (east, north), (400, 2))
    seen = places[shapely.contains_xy(area.buffer(-0.05), *places.T)]
    assert len(seen) > 40
    eyes = np.tile([x_m, y_m, drawn.height_m or 5.0], (len(seen), 1))
    targets = np.column_stack([seen, np.full(len(seen), 1.5)])
    assert line_of_sight(situation.base(city_runtime).obstacles, eyes, targets).all()
    bearing_deg = np.degrees(np.arctan2(seen[:, 0] - x_m, seen[:, 1] - y_m))
    assert (np.abs(bearing_deg - 45) <= drawn.hfov_deg / 2).all()

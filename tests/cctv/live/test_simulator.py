"""The simulator process: it comes back when killed, ends with the app, and draws a clock that runs."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from cctv.i18n import WIB
from cctv.live.drawing import Painter
from cctv.live.jpeg import decode
from cctv.live.projection import Lens
from cctv.live.scene import SIGHT_M, SceneCamera, build_scene
from cctv.live.supervisor import Simulator

ROOT = Path(__file__).resolve().parents[3]
NOON = datetime(2026, 11, 23, 12, 0, 5, tzinfo=WIB)


def _until(condition, limit_s: float = 15.0) -> bool:
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def test_killed_simulator_comes_back(scene_file, pictures):
    running = Simulator(scene_file)
    source = pictures(running)
    running.start()
    try:
        assert source.get("baik", "simulasi:baik").state == "fresh"
        killed = running.health().pid
        os.kill(killed, signal.SIGKILL)
        assert _until(lambda: running.health().state == "running" and running.health().pid != killed)
        assert running.health().restarts == 1
        assert source.get("other", "simulasi:baik").state == "fresh"
    finally:
        running.stop()
    assert running.health().state == "stopped"
    assert running.base_url == ""


@pytest.mark.parametrize("how", ["input closes", "SIGTERM"])
def test_process_ends(scene_file, how):
    command = [sys.executable, "-m", "cctv.live.simulator", "--scene", str(scene_file), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert json.loads(process.stdout.readline())["port"] > 0
        if how == "SIGTERM":
            process.terminate()
        else:
            process.stdin.close()
        assert process.wait(10) == 0


def test_clock_and_traffic_move(scene_file):
    view = json.loads(scene_file.read_text())["cameras"]["baik"]
    painter = Painter()
    now, later = (decode(painter.frame(view, NOON + timedelta(seconds=s))).astype(int) for s in (0, 1))
    changed = np.abs(now - later).max(axis=2) > 60
    assert changed[:44, 600:].any()  # the clock
    assert not changed[:44, :300].any()  # the name
    assert painter.frame(view, NOON) == painter.frame(view, NOON)


def test_night_is_darker(scene_file):
    view = json.loads(scene_file.read_text())["cameras"]["baik"]
    day, night = (decode(Painter().frame(view, NOON.replace(hour=hour))).mean() for hour in (12, 1))
    assert night < 0.5 * day


def test_unknown_direction_is_written_on_the_picture(scene_file):
    view = json.loads(scene_file.read_text())["cameras"]["baik"]
    known, unknown = (
        decode(Painter().frame({**view, "azimuth_known": known}, NOON)).astype(int) for known in (True, False)
    )
    assert (np.abs(known - unknown)[60:100, 300:660].max(axis=2) > 60).any()


def test_lens_puts_places_where_they_belong():
    lens = Lens(960, 540, height_m=6.0, azimuth_deg=90.0, tilt_deg=0.0, hfov_deg=90.0)
    assert lens.spot((10.0, 0.0, 6.0)) == pytest.approx((480, 270, 48))  # due east: the middle
    assert lens.spot((10.0, -10.0, 6.0))[0] == pytest.approx(960)  # 45 degrees to the right: the edge
    assert lens.spot((-1.0, 0.0, 6.0)) is None


def test_scene_takes_what_is_near_and_says_what_is_unknown():
    x, y = 658_000.0, 9_173_000.0
    boxes = [shapely.box(x + d, y, x + d + 5, y + 5) for d in (10, SIGHT_M + 50, -2)]
    buildings = gpd.GeoDataFrame(
        {"height_m": [4.0, 5.0, 6.0], "building_class": ["house"] * 3}, geometry=boxes, crs="EPSG:32749"
    )
    line = shapely.LineString([(x - 500, y - 3), (x + 500, y - 3)])
    streets = gpd.GeoDataFrame({"width_m": [7.0]}, geometry=[line], crs="EPSG:32749")
    camera = SceneCamera("K-1", "Satu", "Contoh", x, y, position_known=False)
    view = build_scene([camera], buildings, streets)["cameras"]["K-1"]
    assert [item["height_m"] for item in view["buildings"]] == [4.0]  # not the far one, not the one it hangs on
    assert view["buildings"][0]["ring"][0] == [15.0, 0.0]
    assert (view["azimuth_known"], view["position_known"], view["tilt_deg"], view["hfov_deg"]) == (False, False, 12, 80)
    reach = max(abs(corner[0]) for corner in view["streets"][0]["line"])
    assert 100 < reach <= SIGHT_M
    with pytest.raises(ValueError, match="CRS"):
        build_scene([camera], buildings.to_crs("EPSG:4326"), streets)

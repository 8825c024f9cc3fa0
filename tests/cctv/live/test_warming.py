"""Kept ready: what people look at and point at before what is pinned, the rest by turns, nothing beyond the bounds."""

import threading
import time
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from cctv.errors import AccessError, CctvError
from cctv.live.jpeg import decode, size_of
from cctv.live.keeping import LastPictures
from cctv.live.pictures import PictureAnswer
from cctv.live.warming import REFRESH_S, Warming
from cctv.permissions import Role
from cctv.registry.access_log import recent_access
from cctv.registry.cameras import list_cameras
from cctv.registry.models import Account
from cctv.registry.walls import WallLayout, save_layout
from cctv.services import liveview, picture_file, warming

OPERATOR = Account("operator", "Operator uji", Role.OPERATOR, None, active=True, is_demo=True, version=1)
LONG_S = 40.0


class Costs:
    """Stands where the decoders do: says what a picture costs."""

    mean_s = 0.001


@pytest.fixture
def source(pictures, simulator):
    return pictures(simulator)


def _warming(source, **bounds) -> Warming:
    return Warming(source, Costs(), **{"most": 3, "share": 1.0, "warm_s": 60.0, "sweep_s": 600.0, **bounds})


def test_looked_at_goes_before_pointed_at_before_pinned(source):
    one = _warming(source)
    one.tell({"p1": "", "p2": ""}, {"r": ""})
    one.point({"t": ""})
    assert list(one.warm()) == ["t", "p1", "p2"]
    source.get("v", "")
    source.get("w", "")
    source.get("u", "", brief=True)  # a check that nobody looks at
    assert list(one.warm()) == ["w", "v", "t"]


def test_pictures_are_there_before_anybody_asks(source):
    one = _warming(source)
    one.tell({"a": "simulasi:baik"}, {"b": "simulasi:frozen", "c": "simulasi:refused"})
    ending = threading.Event()
    worker = threading.Thread(target=one.run, args=(ending,))
    worker.start()
    try:
        end = time.monotonic() + LONG_S
        while any(name not in source._cameras or source._cameras[name].frame is None for name in "ab"):
            assert time.monotonic() < end
            time.sleep(0.02)
    finally:
        ending.set()
        worker.join()
    source._patience_s = 0.0
    assert source.get("b", "simulasi:frozen").state in ("cached", "fresh", "last_good")
    assert not source.refresh("a", "simulasi:baik", 600.0)


def test_people_go_first(source, monkeypatch):
    one = _warming(source)
    one.tell({"a": "simulasi:baik"}, {})
    monkeypatch.setattr(type(source), "n_flights", 9)
    one._step()
    assert "a" not in source._cameras
    assert REFRESH_S < 6


def test_the_app_itself_has_the_last_picture(source):
    kept = LastPictures(most_bytes=100_000)
    good = source.get("baik", "simulasi:baik", width=320)
    kept.keep("k", "alamat", good)
    kept.keep("k", "alamat", PictureAnswer("never", b""))
    assert kept.instead("k", "alamat", 320, "", "slow").state == "cached"  # not stale yet
    good = replace(good, taken_at=good.taken_at - timedelta(seconds=30))
    kept.keep("k", "alamat", good)
    again = kept.instead("k", "alamat", 320, "Simpang contoh", "restarting")
    assert (again.state, again.taken_at, again.reason) == ("last_good", good.taken_at, "restarting")
    assert np.ptp(decode(again.jpeg)[2:8, 2:8].astype(int), axis=2).max() < 12  # no colour left
    assert kept.instead("k", "alamat lain", 320, "", "slow").state == "never"
    for i in range(40):
        kept.keep(f"k{i}", "", replace(good, jpeg=good.jpeg + bytes(5000)))
    assert kept._n_bytes <= 100_000
    assert kept.instead("k", "alamat", 320, "", "slow").state == "never"


def test_walls_are_pinned_and_the_rest_is_swept(house):
    cameras = [one for one in list_cameras(house.registry) if one.status == "on"][:2]
    save_layout(house.registry, "operator", Role.OPERATOR, WallLayout("pagi", 4, (cameras[0].camera_id, "K-hilang")))
    n_pinned, n_rest = warming.tell(house)
    assert (n_pinned, n_rest > 50) == (1, True)
    end = time.monotonic() + LONG_S
    while not (house.pictures.inside() or {}).get("warm"):
        assert time.monotonic() < end
    with pytest.raises(AccessError):
        warming.point_at(house, replace(OPERATOR, agency_id="bukan-pemilik"), cameras[1].camera_id)
    warming.point_at(house, OPERATOR, cameras[1].camera_id)
    assert not [line for line in recent_access(house.registry, 99) if line.target == cameras[1].camera_id]


def test_a_picture_to_take_away_is_logged_and_stamped(house):
    camera = [one for one in list_cameras(house.registry) if one.status == "on"][-1]
    with pytest.raises(CctvError, match="report_reason"):
        picture_file.picture_file(house, OPERATOR, camera.camera_id, "  ")
    end = time.monotonic() + LONG_S
    while liveview.picture(house, OPERATOR, camera.camera_id, 1920).state not in ("fresh", "cached"):
        assert time.monotonic() < end
        time.sleep(0.1)
    file = picture_file.picture_file(house, OPERATOR, camera.camera_id, "laporan  kecelakaan")
    assert file.name.startswith(f"{camera.camera_id}-20")
    assert size_of(file.body) == (960, 540)
    assert decode(file.body)[-4:].mean() < 90  # the dark band at the foot
    lines = [line for line in recent_access(house.registry, 50) if line.action == picture_file.ACTION]
    assert [(line.username, line.detail) for line in lines] == [("operator", "laporan kecelakaan")]
    off = next(one for one in list_cameras(house.registry) if one.status == "off")
    with pytest.raises(CctvError):
        picture_file.picture_file(house, OPERATOR, off.camera_id, "laporan")

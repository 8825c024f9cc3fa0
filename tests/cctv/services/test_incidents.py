"""Incidents: who sees a place against brute force, who may ask, the record, the pictures, the files."""

import io
import zipfile
from datetime import UTC, datetime, timedelta

import cv2
import numpy as np
import pytest
import shapely

from cctv.errors import AccessError, CctvError, NotFoundError, ValidationError
from cctv.geodata.lonlat import to_lonlat, to_metres
from cctv.live.jpeg import encode
from cctv.live.pictures import PictureAnswer
from cctv.permissions import Role
from cctv.registry import access_log, doctor, incident_pictures
from cctv.registry import incidents as store
from cctv.registry.camera_health import Poll, add_round
from cctv.services import incident_files, incidents, places, situation
from cctv.services.incident_files import incident_file
from cctv.services.places import Place
from cctv.services.sighted import who_sees
from coverage.optics import DEFAULT_TARGET_HEIGHT_M
from coverage.sight_lines import line_of_sight

OTHERS = [role for role in Role if role not in (Role.OPERATOR, Role.ADMIN)]
PLACE = Place("Alun-Alun", "place", 0.0, 0.0, 20.0)


@pytest.fixture
def operator(city_runtime, account_of):
    return account_of(city_runtime, Role.OPERATOR)


@pytest.fixture
def spots(city_runtime):
    """Places in front of certain cameras, and one that is in the middle of nothing."""
    watching = situation.current(city_runtime).watching
    rows = np.flatnonzero(watching.is_certain & (shapely.area(watching.area) > 50))[::7]
    middles = shapely.get_coordinates(shapely.point_on_surface(watching.area[rows]))
    return [tuple(map(float, to_lonlat(x, y))) for x, y in middles]


def test_a_place_is_seen_exactly_by_cameras_with_a_free_line_of_sight(city_runtime, operator, spots):
    found = situation.current(city_runtime)
    seen = found.watching.observers
    for lon, lat in spots:
        answer = who_sees(city_runtime, operator, lon, lat)
        assert answer.moved_m == 0
        listed = {one.camera.camera_id for one in answer.cameras if one.sight == "seen"}
        rows = [found.watching.camera_id.index(one) for one in sorted(listed)]
        assert rows
        x, y = metres(lon, lat)
        eyes = np.column_stack([seen.x_m[rows], seen.y_m[rows], seen.height_m[rows]])
        free = line_of_sight(found.base.obstacles, eyes, np.tile([x, y, DEFAULT_TARGET_HEIGHT_M], (len(rows), 1)))
        assert free.all()
        assert (np.hypot(eyes[:, 0] - x, eyes[:, 1] - y) <= seen.range_m[rows] + 1e-6).all()


def metres(lon, lat):
    return tuple(float(value) for value in to_metres(lon, lat))


def test_working_cameras_come_first_and_a_silent_one_is_named(own_runtime, account_of, spots):
    operator = account_of(own_runtime, Role.OPERATOR)
    lon, lat = next(s for s in spots if len(who_sees(own_runtime, operator, *s).cameras) > 1)
    best = who_sees(own_runtime, operator, lon, lat).cameras[0]
    assert best.works
    assert best.reason is None
    add_round(own_runtime.registry, [Poll(best.camera.camera_id, "dead")], datetime.now(UTC))
    after = who_sees(own_runtime, operator, lon, lat).cameras
    silent = next(one for one in after if one.camera.camera_id == best.camera.camera_id)
    assert (silent.works, silent.reason) == (False, "dead")
    assert [one.works for one in after] == sorted([one.works for one in after], reverse=True)


def test_ptz_cameras_are_kept_apart_and_have_a_free_line_of_sight(city_runtime, operator):
    found = situation.current(city_runtime)
    for _, camera in found.cameras:
        if camera.camera_type != "ptz":
            continue
        row = found.watching.camera_id.index(camera.camera_id)
        lon, lat = to_lonlat(found.watching.observers.x_m[row] + 20, found.watching.observers.y_m[row] + 3)
        answer = who_sees(city_runtime, operator, float(lon), float(lat))
        assert all(one.camera.camera_type == "ptz" and one.level == "" for one in answer.turnable)
        assert all(one.camera.camera_type != "ptz" or one.sight == "seen" for one in answer.cameras)
        assert not {o.camera.camera_id for o in answer.turnable} & {o.camera.camera_id for o in answer.cameras}


def test_neighbours_are_ordered_along_the_streets_and_do_not_see_the_place(city_runtime, operator, spots):
    answer = who_sees(city_runtime, operator, *spots[0])
    seen = {one.camera.camera_id for one in answer.cameras}
    working = [one.along_m for one in answer.neighbours if one.works]
    assert working == sorted(working)
    assert all(0 <= one.along_m <= 600 and one.camera.camera_id not in seen for one in answer.neighbours)


def test_a_place_inside_a_building_is_moved_to_the_street_and_says_so(city_runtime, operator):
    shape = city_runtime.city.buildings.geometry.iloc[100].representative_point()
    lon, lat = to_lonlat(shape.x, shape.y)
    answer = who_sees(city_runtime, operator, float(lon), float(lat))
    assert answer.moved_m > 0
    moved = metres(answer.lon, answer.lat)
    assert np.hypot(moved[0] - shape.x, moved[1] - shape.y) == pytest.approx(answer.moved_m, abs=0.05)


@pytest.mark.parametrize("role", OTHERS)
def test_only_operators_and_administrators_may_ask(city_runtime, account_of, role):
    account = account_of(city_runtime, role)
    for ask in (
        lambda: who_sees(city_runtime, account, 112.43, -7.47),
        lambda: incidents.list_for(city_runtime, account),
        lambda: incidents.note(city_runtime, account, "I-1", "x"),
        lambda: incident_file(city_runtime, account, "I-1", "pdf", "rapat"),
    ):
        with pytest.raises(AccessError):
            ask()


def test_the_search_is_logged_with_the_place(own_runtime, account_of):
    who_sees(own_runtime, account_of(own_runtime, Role.OPERATOR), 112.4365, -7.4705)
    (line, *_) = access_log.recent_access(own_runtime.registry)
    assert (line.username, line.action, line.target) == ("operator", "cari_kamera", "112.43650 -7.47050")


def test_names_are_streets_places_junctions_and_points_inside_the_city(city_runtime):
    found = places.named_places(city_runtime)
    assert {place.kind for place in found} == {"street", "place", "junction", "point"}
    assert all(112 < place.lon < 113 and -8 < place.lat < -7 for place in found)
    street = next(place for place in found if place.name == "Jl Gajah Mada")
    lines = city_runtime.city.streets
    near = shapely.distance(
        np.asarray(lines[lines["name"] == "Jl Gajah Mada"].geometry.array, dtype=object),
        shapely.Point(metres(street.lon, street.lat)),
    )
    assert near.min() < 0.1
    assert len({(place.name, place.kind) for place in found}) == len(found)


def photo(camera_id, state="fresh"):
    pixels = np.full((360, 640, 3), 90, np.uint8)
    cv2.putText(pixels, camera_id, (40, 200), cv2.FONT_HERSHEY_SIMPLEX, 2, (255, 255, 255), 3)
    return PictureAnswer(state, encode(pixels), datetime(2026, 11, 25, 7, tzinfo=UTC), 0.5)


def test_an_incident_from_opening_to_its_file(own_runtime, account_of, spots, monkeypatch):
    runtime, operator = own_runtime, account_of(own_runtime, Role.OPERATOR)
    sighted = who_sees(runtime, operator, *spots[0])
    opened = incidents.open_at(runtime, operator, "=Tabrakan dua motor", "accident", PLACE, sighted)
    assert opened.cameras[0].camera_id == sighted.cameras[0].camera.camera_id
    seen = [one.camera.camera_id for one in sighted.cameras]
    monkeypatch.setattr(runtime.pictures, "get", lambda camera_id, _address, **_: photo(camera_id))
    assert incidents.keep_now(runtime, operator, opened.incident_id, seen) == len(seen[: incidents.MOST_PICTURES])
    assert incidents.keep_now(runtime, operator, opened.incident_id, seen) == 0  # the same pictures once more
    incidents.note(runtime, operator, opened.incident_id, "petugas tiba")
    incidents.change_state(runtime, operator, opened, "closed")
    with pytest.raises(CctvError):
        incident_file(runtime, operator, opened.incident_id, "pdf", " ")
    with pytest.raises(NotFoundError):
        incident_file(runtime, operator, opened.incident_id, "docx", "penyidikan")
    pdf = incident_file(runtime, operator, opened.incident_id, "pdf", "penyidikan")
    assert pdf.body.startswith(b"%PDF")
    body = incident_file(runtime, operator, opened.incident_id, "zip", "penyidikan").body
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        names = file.namelist()
        pictures = [name for name in names if name.startswith("gambar/")]
        assert len(pictures) == len(seen[: incidents.MOST_PICTURES])
        assert {f"{opened.incident_id}.pdf", "kamera.csv", "catatan.csv", "gambar.csv"} < set(names)
        lines = file.read("catatan.csv").decode("utf-8-sig").splitlines()
        kept = cv2.imdecode(np.frombuffer(file.read(pictures[0]), np.uint8), cv2.IMREAD_COLOR)
    assert kept.shape[0] > 360  # the strip with camera, time and name below the picture
    assert "'=Tabrakan" not in lines[1]  # the words around the title stand first, so nothing begins a formula
    assert [line.split(";")[1] for line in lines[1:]] == ["operator"] * 6
    kinds = [line.kind for line in store.entries(runtime.registry, opened.incident_id)]
    assert kinds == ["opened", "pictures", "note", "closed", "taken", "taken"]
    assert [line.detail for line in access_log.recent_access(runtime.registry) if line.action == "unduh_kejadian"] == [
        "penyidikan", "penyidikan",
    ]  # fmt: skip
    assert doctor.doctor(runtime.registry) == []


def test_old_and_missing_pictures_are_no_evidence(own_runtime, account_of, spots, monkeypatch):
    operator = account_of(own_runtime, Role.OPERATOR)
    sighted = who_sees(own_runtime, operator, *spots[0])
    opened = incidents.open_at(own_runtime, operator, "Api", "fire", PLACE, sighted)
    monkeypatch.setattr(own_runtime.pictures, "get", lambda camera_id, _address, **_: photo(camera_id, "last_good"))
    seen = [one.camera.camera_id for one in sighted.cameras]
    assert incidents.keep_now(own_runtime, operator, opened.incident_id, [*seen, "K-9999"]) == 0


def test_pictures_of_incidents_closed_long_ago_are_forgotten_and_the_record_stays(own_runtime, account_of, spots):
    registry, operator = own_runtime.registry, account_of(own_runtime, Role.OPERATOR)
    sighted = who_sees(own_runtime, operator, *spots[0])
    both = [incidents.open_at(own_runtime, operator, name, "other", PLACE, sighted) for name in ("satu", "dua")]
    for one in both:
        incident_pictures.keep_pictures(registry, "operator", one.incident_id, [("K-0001", datetime.now(UTC), b"jpeg")])
    incidents.change_state(own_runtime, operator, both[0], "closed")
    assert incident_pictures.forget_pictures(registry, "sistem", datetime.now(UTC) - timedelta(days=1)) == 0
    assert incident_pictures.forget_pictures(registry, "sistem", datetime.now(UTC) + timedelta(seconds=1)) == 1
    assert [len(incident_pictures.kept_pictures(registry, one.incident_id)) for one in both] == [0, 1]
    assert len(store.entries(registry, both[0].incident_id)) == 3


def test_what_cannot_be_used_is_named_at_once(own_runtime, account_of, spots):
    operator = account_of(own_runtime, Role.OPERATOR)
    sighted = who_sees(own_runtime, operator, *spots[0])
    with pytest.raises(ValidationError) as caught:
        incidents.open_at(own_runtime, operator, "  ", "party", PLACE, sighted)
    assert [problem.name for problem in caught.value.problems] == ["title", "kind"]
    opened = incidents.open_at(own_runtime, operator, "Api", "fire", PLACE, sighted)
    with pytest.raises(ValidationError):
        incidents.note(own_runtime, operator, opened.incident_id, " ")
    assert set(incident_files.FORMS) == {"pdf", "zip"}

"""Corrections in the preview: what was typed counts, what is not acceptable is named, doubts are looked at again."""

import pytest

from cctv.errors import ImportProblemsError
from cctv.palette import LIGHT
from cctv.registry import cameras, points
from cctv.services import importing
from cctv.services.import_edits import corrected
from cctv.ui.import_table import changes_of, rows_frame, tinted, twins_frame

LIST = b"""Lokasi;Lintang;Bujur;Kondisi;Pemilik;Kelurahan
Gang A;-7,4664;112,43945;aktif;Dinas Antah;Balongsari
Gang B;;;aktif;Dishub;Balongsari
"""
OWNERS = ("dishub", "polres")


@pytest.fixture
def found(city_runtime):
    return importing.preview_upload(city_runtime, "..\\..\\etc/daftar kota?.csv", LIST)


def test_the_name_of_an_upload_never_becomes_a_path(found):
    assert found.file_name == "daftar kota_.csv"


def test_a_problem_is_put_right_by_hand_and_a_far_position_is_doubted(found, city_runtime):
    one, two = found.check.rows
    assert one.state == "problem"
    edits = {one.key: {"agency_id": "polres"}, two.key: {"lon": 112.44395, "lat": -7.4466}}
    first, second = corrected(found.check.rows, edits, city_runtime.city, OWNERS)
    assert (first.text("agency_id"), first.values["agency_id"].state) == ("polres", "read")
    assert (second.spot.lon, second.spot.lat) == (112.44395, -7.4466)
    assert [note.code for note in second.values["position"].notes] == ["outside_city", "kelurahan_differs"]


def test_values_that_cannot_be_are_all_named(found, city_runtime):
    one, two = found.check.rows
    edits = {one.key: {"azimuth_deg": 400.0, "status": "entah"}, two.key: {"lon": 10.0, "lat": -7.4}}
    with pytest.raises(ImportProblemsError) as caught:
        corrected(found.check.rows, edits, city_runtime.city, OWNERS)
    assert {(problem.where, problem.name) for problem in caught.value.problems} == {
        (one.key, "status"), (one.key, "azimuth_deg"), (two.key, "lon"),
    }  # fmt: skip
    half = corrected(found.check.rows, {two.key: {"lon": 112.4}}, city_runtime.city, OWNERS)
    assert half[1].values["position"].notes[0].code == "half_position"


def test_a_camera_that_is_put_on_a_known_one_by_hand_becomes_a_repeat(city_runtime):
    registry = city_runtime.registry
    placed = {point.point_id: point for point in points.list_points(registry) if point.lon is not None}
    camera = next(c for c in cameras.list_cameras(registry) if c.point_id in placed and c.azimuth_deg is not None)
    found = importing.preview_upload(city_runtime, "daftar.csv", LIST)
    assert found.check.pairs == ()
    two, point = found.check.rows[1], placed[camera.point_id]
    typed = {"lon": point.lon, "lat": point.lat, "azimuth_deg": camera.azimuth_deg, "name": camera.name,
             "agency_id": camera.agency_id}  # fmt: skip
    owners = (camera.agency_id,)
    again = importing.with_rows(
        registry, found, corrected(found.check.rows, {two.key: typed}, city_runtime.city, owners)
    )
    assert [pair.first for pair in again.check.pairs] == [two.key]
    assert again.choices[two.key] == "update"


def test_the_table_gives_back_what_a_person_changed(found):
    before = rows_frame(found.check.rows, found.choices)
    after = before.copy()
    after.loc[after.index[1], ["lon", "lat"]] = [112.44, -7.46]
    after.loc[after.index[0], "choice"] = "skip"
    assert changes_of(before, before) == ({}, {})
    edits, choices = changes_of(before, after)
    assert edits == {before.index[1]: {"lon": 112.44, "lat": -7.46}}
    assert choices == {before.index[0]: "skip"}
    html = tinted(before, LIGHT).to_html()
    assert f"{LIGHT.accent}33" in html
    assert twins_frame(found.check.rows, [], {}, {}).empty

"""Right guesses are confirmed once and remembered for the agency; new cameras beside a known pole join its point."""

from datetime import date

import pytest

from cctv.permissions import Role
from cctv.registry import cameras, history, import_records, points
from cctv.services import editing, importing
from cctv.services.import_confirm import confirm_groups, guess_groups
from cctv.services.import_edits import corrected
from cctv.services.import_joins import SAME_NAME_M, SAME_POLE_M
from cctv.ui.import_table import rows_frame

HEAD = "Lokasi;Lintang;Bujur;Arah;Kondisi;Pemilik\n"
LIST = HEAD + "Gang Baru;-7,48123;112,45123;Arah Barat;rusak;Dinas Perhubungan Seksi Lalu Lintas\n"
AS_OF = date(2026, 11, 1)


def taken(runtime, account, text, *, confirm=True):
    found = importing.preview_upload(runtime, "daftar.csv", text.encode())
    if confirm:
        rows = confirm_groups(found.check.rows, guess_groups(found.check.rows))
        found = importing.with_rows(runtime.registry, found, rows)
    record = importing.commit_as(
        runtime.registry, runtime.city, account, found, as_of=AS_OF, choices=found.choices
    )  # fmt: skip
    made = [line for line in history.changes(runtime.registry, "camera", limit=5) if record.import_id in line.reason]
    return found, record, [cameras.get_camera(runtime.registry, line.entity_id) for line in made]


def test_confirmed_words_are_green_and_come_back_for_the_same_agency(own_runtime, account_of):
    editor = account_of(own_runtime, Role.EDITOR)
    first = importing.preview_upload(own_runtime, "daftar.csv", LIST.encode())
    groups = guess_groups(first.check.rows)
    assert {group.field for group in groups} == {"azimuth_deg", "status", "agency_id"}
    assert all(group.is_worded and group.count == 1 for group in groups)
    found, record, (camera,) = taken(own_runtime, editor, LIST)
    assert [row.state for row in found.check.rows] == ["read"]
    assert (camera.azimuth_deg, camera.azimuth_source, camera.agency_id) == (270.0, "words", "dishub")
    flags = {flag.field for flag in import_records.open_flags(own_runtime.registry, record.import_id)}
    assert not flags & {"azimuth_deg", "status", "agency_id"}
    again = importing.preview_upload(own_runtime, "baru.csv", LIST.replace("Gang Baru", "Gang Lain").encode())
    assert [row.state for row in again.check.rows] == ["read"]
    notes = rows_frame(again.check.rows, again.choices)["notes"].iloc[0]
    assert "dipastikan" in notes
    other = importing.preview_upload(own_runtime, "lain.csv", LIST.encode(), "polres")
    assert [row.state for row in other.check.rows] == ["guess"]


def test_what_follows_from_the_row_is_confirmed_for_this_list_only(own_runtime, account_of):
    slip = HEAD + "Gang Baru;7,48123;112,45123;0;aktif;Dishub\n"
    found = importing.preview_upload(own_runtime, "daftar.csv", slip.encode())
    (group,) = [group for group in guess_groups(found.check.rows) if group.field == "position"]
    assert (group.codes, group.is_worded) == (("minus_added",), False)
    key = found.check.rows[0].key
    rows = corrected(found.check.rows, {key: {"right": True}}, own_runtime.city, ())
    assert rows[0].state == "read"
    taken(own_runtime, account_of(own_runtime, Role.EDITOR), slip)
    again = importing.preview_upload(own_runtime, "daftar.csv", slip.encode())
    assert again.check.rows[0].values["position"].state == "guess"


def line(pole, east_m, name):
    lon = pole.lon + east_m / (111_320 * 0.9915)
    return HEAD + f"{name};{pole.lat:.7f};{lon:.7f};37;aktif;Bank (sintetis)\n"


def test_a_new_camera_joins_the_pole_it_stands_beside(own_runtime, account_of):
    registry, city, editor = own_runtime.registry, own_runtime.city, account_of(own_runtime, Role.EDITOR)
    guessed = next(point for point in points.list_points(registry) if point.lon is not None and point.kelurahan)
    text = line(guessed, 0, "Zzz Qqq").encode()
    assert not importing.preview_upload(own_runtime, "daftar.csv", text).joins or guessed.est_error_m <= SAME_NAME_M
    here = {"lon": guessed.lon, "lat": guessed.lat, "version": guessed.version}
    pole = editing.place_point(own_runtime, editor, guessed.point_id, **here, reason="survei")

    def asked(east_m, name, choice="new"):
        found = importing.preview_upload(own_runtime, "daftar.csv", line(pole, east_m, name).encode())
        choices: dict = dict.fromkeys(found.choices, choice)
        return found, choices, importing.plan_of(registry, city, found, choices, AS_OF)

    for east_m, name in ((SAME_POLE_M + 4, "Zzz Qqq"), (30, pole.name)):
        found, _, plan = asked(east_m, name)
        assert (found.joins, len(plan.points), plan.counts["joined"]) == ({}, 1, 0)
    for east_m, name in ((SAME_POLE_M + 4, pole.name), (SAME_POLE_M - 3, "Zzz Qqq")):
        found, choices, plan = asked(east_m, name)
        (join,) = found.joins.values()
        assert (join.point_id, join.is_named_alike) == (pole.point_id, name == pole.name)
        assert join.metres == pytest.approx(east_m, abs=0.2)
        assert pole.point_id in rows_frame(found.check.rows, found.choices, found.joins)["notes"].iloc[0]
        assert (len(plan.points), plan.counts["joined"]) == (0, 1)
    apart = asked(SAME_POLE_M - 3, "Zzz Qqq", "apart")[2]
    assert (len(apart.points), apart.counts["joined"], apart.counts["new"]) == (1, 0, 1)

    n_points = len(points.list_points(registry))
    record = importing.commit_as(registry, city, editor, found, as_of=AS_OF, choices=choices)
    assert len(points.list_points(registry)) == n_points
    flags = import_records.open_flags(registry, record.import_id)
    assert [flag.codes for flag in flags if flag.field == "point_id"] == [("joined_point",)]
    importing.roll_back_as(registry, editor, record.import_id, "salah")
    assert points.get_point(registry, pole.point_id) == pole

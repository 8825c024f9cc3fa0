"""Many cameras at once: preview, refusal row by row, one transaction, one undo; and pages of what a search finds."""

from dataclasses import replace
from datetime import date

import pytest

from cctv.errors import AccessError, ValidationError
from cctv.permissions import Role
from cctv.registry import cameras as camera_store
from cctv.registry.camera_pages import Search, camera_page, count_cameras, offered
from cctv.registry.doctor import doctor
from cctv.registry.history import changes, made_together
from cctv.services import bulk_editing, mapdata, undoing
from cctv.services.mapdata import Filters


@pytest.fixture
def editor(own_runtime, account_of):
    return account_of(own_runtime, Role.EDITOR)


def cameras_of(runtime):
    return [found.camera for found in camera_page(runtime.registry, Search())]


def same_but_version(one, two):
    return [replace(c, version=0) for c in one] == [replace(c, version=0) for c in two]


def test_a_search_finds_what_the_map_filters_find_page_by_page(city_runtime):
    every = mapdata.all_points(city_runtime)
    some = offered(city_runtime.registry)
    searches = [
        Search(), Search(text="simpang UTARA"), Search(statuses=("off", "trouble")), Search(text="tidak ada ini"),
        Search(kelurahan=some.kelurahan[:2], camera_types=("fixed",)), Search("k-00", owners=tuple(some.owners)[:1]),
    ]  # fmt: skip
    for search in searches:
        filters = Filters(
            search.text, frozenset(search.owners), frozenset(search.statuses), frozenset(search.kelurahan),
            frozenset(search.camera_types),
        )  # fmt: skip
        expected = sorted(
            ((item.point, camera) for item in mapdata.filtered(every, filters) for camera in item.cameras),
            key=lambda pair: pair[1].camera_id,
        )
        pages = [camera_page(city_runtime.registry, search, first=at, most=7) for at in range(0, len(expected) + 7, 7)]
        assert [(found.point, found.camera) for page in pages for found in page] == expected
        assert count_cameras(city_runtime.registry, search) == len(expected)
    assert some.owners == mapdata.choices(every).owners


def test_nothing_is_written_by_a_preview_and_bad_values_are_refused_row_by_row(own_runtime, editor):
    every = cameras_of(own_runtime)
    preview = bulk_editing.preview(own_runtime, editor, every, {"height_m": every[0].height_m, "tilt_deg": 15.0})
    assert preview.refused == ()
    assert len(preview.changed) + preview.same == len(every)
    assert all("height_m" not in row.changes for row in preview.changed if row.camera.height_m == every[0].height_m)
    bad = bulk_editing.preview(own_runtime, editor, every, {"height_m": 500.0, "purpose": "hiburan"})
    assert (bad.changed, bad.same, len(bad.refused)) == ((), 0, len(every))
    assert {p.name for p in bad.refused[0].problems} == {"height_m", "purpose"}
    assert cameras_of(own_runtime) == every
    with pytest.raises(ValidationError):
        bulk_editing.preview(own_runtime, editor, every, {"azimuth_deg": 0.0})
    with pytest.raises(ValidationError):
        bulk_editing.save(own_runtime, editor, preview, " ")
    assert cameras_of(own_runtime) == every


def test_many_are_changed_in_one_transaction_and_taken_back_by_one_undo(own_runtime, editor):
    before = cameras_of(own_runtime)
    wanted = {"range_m": 42.0, "status": "maintenance", "installed_on": date(2025, 3, 1), "status_reason": "servis"}
    preview = bulk_editing.preview(own_runtime, editor, before, wanted)
    done = bulk_editing.save(own_runtime, editor, preview, "servis tahunan")
    assert len(done.changed) == len(before)
    after = cameras_of(own_runtime)
    assert all((c.range_m, c.status, c.installed_on) == (42.0, "maintenance", date(2025, 3, 1)) for c in after)
    assert all(c.version == b.version + 1 for c, b in zip(after, before, strict=True))
    assert all(c.status_since for c, b in zip(after, before, strict=True) if b.status != "maintenance")
    newest = changes(own_runtime.registry, limit=1)[0]
    together, is_newest = made_together(own_runtime.registry, newest)
    assert ({c.entity_id for c in together}, is_newest) == ({c.camera_id for c in before}, True)
    assert doctor(own_runtime.registry) == []
    undoing.undo(own_runtime, editor, newest, "belum jadi")
    assert same_but_version(cameras_of(own_runtime), before)
    assert doctor(own_runtime.registry) == []


def test_what_somebody_else_changed_since_the_preview_is_refused_and_the_rest_is_saved(own_runtime, editor):
    preview = bulk_editing.preview(own_runtime, editor, cameras_of(own_runtime)[:5], {"model": "X-100"})
    second = preview.changed[1].camera
    theirs = camera_store.update_camera(
        own_runtime.registry, "admin", second.camera_id, second.version, {"name": "Lain"}, "papan"
    )
    done = bulk_editing.save(own_runtime, editor, preview, "merek dicek")
    assert [row.camera.camera_id for row in done.refused] == [second.camera_id]
    assert [p.code for p in done.refused[0].problems] == ["changed_meanwhile"]
    assert camera_store.get_camera(own_runtime.registry, second.camera_id) == theirs
    assert all(
        camera_store.get_camera(own_runtime.registry, row.camera.camera_id).model == "X-100" for row in done.changed
    )


def test_others_may_not_and_an_account_of_one_agency_changes_its_own_only(own_runtime, editor, account_of):
    every = cameras_of(own_runtime)
    with pytest.raises(AccessError):
        bulk_editing.preview(own_runtime, account_of(own_runtime, Role.OPERATOR), every, {"model": "X"})
    limited = replace(editor, agency_id=every[0].agency_id)
    preview = bulk_editing.preview(own_runtime, limited, every, {"model": "X"})
    assert {row.camera.agency_id for row in preview.changed} == {limited.agency_id}
    assert {p.code for row in preview.refused for p in row.problems} == {"other_agency"}
    moved = bulk_editing.preview(own_runtime, limited, every[:1], {"agency_id": "polres"})
    assert moved.changed == ()

"""Maintenance as people use it: roles and agencies, due days, sums per maintainer, files, and what counts as alive."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from PIL import Image
from python_calamine import CalamineWorkbook

from cctv.errors import AccessError, CctvError
from cctv.permissions import Role
from cctv.registry.access_log import recent_access
from cctv.registry.camera_health import Poll, add_round
from cctv.registry.cameras import get_camera, list_cameras
from cctv.registry.ticket_records import Ticket
from cctv.services import maintenance, mapdata, situation
from cctv.services.knowledge import is_alive
from cctv.services.maintenance_files import tickets_file
from cctv.services.photos import photo_for
from cctv.services.silence import silent_cameras

MINUTE = timedelta(minutes=1)


@pytest.fixture
def working(own_runtime):
    return next(camera for camera in list_cameras(own_runtime.registry) if camera.status == "on")


def silence(runtime, camera, minutes):
    other = next(c for c in list_cameras(runtime.registry) if c.status == "on" and c != camera)
    for at in range(minutes):
        polls = [Poll(camera.camera_id, "silent"), Poll(other.camera_id, "")]
        add_round(runtime.registry, polls, datetime.now(UTC) + at * MINUTE)


def test_a_ticket_from_report_to_proof(own_runtime, account_of, working):
    operator, editor = account_of(own_runtime, Role.OPERATOR), account_of(own_runtime, Role.EDITOR)
    ticket = maintenance.report_fault(own_runtime, operator, working.camera_id, "dead")
    assert ticket.due_on == maintenance.today() + timedelta(days=3)
    assert ticket.source == "person"
    photo = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(photo, "JPEG", exif=b"Exif\0\0rahasia")
    for account in (operator, account_of(own_runtime, Role.PLANNER)):
        with pytest.raises(AccessError):
            maintenance.save_ticket(own_runtime, account, ticket, {"note": "x"}, "")
    with pytest.raises(AccessError):
        maintenance.report_fault(own_runtime, account_of(own_runtime, Role.VIEWER), working.camera_id, "other")
    stranger = replace(editor, agency_id="bukan-pemilik")
    with pytest.raises(AccessError):
        maintenance.report_fault(own_runtime, stranger, working.camera_id, "other")
    assert maintenance.tickets_for(own_runtime, stranger) == []
    closed = maintenance.close_ticket(
        own_runtime, editor, ticket, state="done", is_working=True, cost_idr=500_000, note="", photo=photo.getvalue(),
        reason="selesai",
    )  # fmt: skip
    assert b"rahasia" not in photo_for(own_runtime, editor, closed.photo_id)
    assert get_camera(own_runtime.registry, working.camera_id).status == "on"


def test_silence_counts_as_dead_and_is_proposed_with_its_source(own_runtime, account_of, working):
    operator = account_of(own_runtime, Role.OPERATOR)
    before = situation.fingerprint(own_runtime)
    silence(own_runtime, working, own_runtime.settings.silent_polls - 1)
    assert silent_cameras(own_runtime) == ()
    assert situation.fingerprint(own_runtime) == before
    silence(own_runtime, working, own_runtime.settings.silent_polls)
    assert silent_cameras(own_runtime) == (working.camera_id,)
    assert situation.fingerprint(own_runtime) != before
    pairs = [(item, camera) for item in mapdata.all_points(own_runtime) for camera in item.cameras]
    told = dict(zip((c.camera_id for _, c in pairs), is_alive(pairs, silent_cameras(own_runtime)), strict=True))
    plain = dict(zip((c.camera_id for _, c in pairs), is_alive(pairs), strict=True))
    assert {name for name in plain if plain[name] != told[name]} == {working.camera_id}
    proposed = maintenance.proposals(own_runtime, operator)
    assert [one.camera.camera_id for one in proposed] == [working.camera_id]
    assert maintenance.report_fault(own_runtime, operator, working.camera_id, "dead").source == "poll"
    assert maintenance.proposals(own_runtime, operator) == []
    assert get_camera(own_runtime.registry, working.camera_id).status == "off"


def ticket(number, state, due, **more):
    reported = datetime(2026, 11, 1, tzinfo=UTC)
    values = {
        "ticket_id": f"P-{number:05}", "camera_id": "K-1", "fault": "dead", "state": state, "source": "person",
        "agency_id": "a", "maintainer": "CV A", "reported_by": "x", "reported_at": reported, "due_on": due,
        "cost_idr": None, "note": "", "status_before": "on", "closed_at": None, "closed_by": "", "photo_id": "",
        "version": 1, "agency_name": "A", "camera_name": "k", "camera_status": "off", "place": "p",
    }  # fmt: skip
    return Ticket(**(values | more))


def test_sums_per_maintainer():
    closed_at = datetime(2026, 11, 5, 17, 30, tzinfo=UTC)  # already the 6th in the city
    found = [
        ticket(1, "open", date(2026, 11, 10)),
        ticket(2, "in_work", date(2026, 11, 20), cost_idr=100),
        ticket(3, "done", date(2026, 11, 4), closed_at=closed_at),
        ticket(4, "refused", date(2026, 11, 4), closed_at=closed_at, maintainer="CV B"),
    ]
    day = date(2026, 11, 20)
    assert [maintenance.overdue_days(one, day) for one in found] == [10, 0, 2, 2]
    table = maintenance.by_maintainer(found, day)
    assert table["maintainer"].to_list() == ["CV A", "CV B"]
    row = table.iloc[0]
    assert (row["open"], row["overdue"], row["latest_days"], row["done"]) == (2, 1, 10, 1)
    assert (row["cost_idr"], row["cost_unknown"]) == (100, 1)
    assert row["median_days"] == pytest.approx(4 + 17.5 / 24)
    assert table.iloc[1][["refused", "open"]].to_list() == [1, 0]
    assert maintenance.by_maintainer([], day).empty


def test_files_are_logged_and_safe(own_runtime, account_of, working):
    operator, editor = account_of(own_runtime, Role.OPERATOR), account_of(own_runtime, Role.EDITOR)
    made = maintenance.report_fault(own_runtime, operator, working.camera_id, "other", note='=HYPERLINK("x")')
    maintenance.save_ticket(own_runtime, editor, made, {"cost_idr": 1_250_000, "maintainer": "+CV"}, "")
    with pytest.raises(CctvError):
        tickets_file(own_runtime, operator, "xlsx", " ")
    body = tickets_file(own_runtime, operator, "xlsx", "rapat").body
    book = CalamineWorkbook.from_filelike(io.BytesIO(body))
    assert book.sheet_names == ["Tiket", "Per pemelihara"]
    heads, first = book.get_sheet_by_name("Tiket").to_python()[-2:]
    cells = dict(zip(heads, first, strict=True))
    assert cells["Biaya (Rp)"] == 1_250_000
    assert cells["Catatan"] == '\'=HYPERLINK("x")'
    assert cells["Jatuh tempo"] == made.due_on
    text = tickets_file(own_runtime, operator, "csv", "rapat", "+CV").body.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [(row["Pemelihara"], row["keperluan"]) for row in rows] == [("'+CV", "rapat")]
    assert tickets_file(own_runtime, operator, "csv", "rapat", "lain").body.count(b"\r\n") == 1
    assert recent_access(own_runtime.registry)[0].action == "unduh_tiket"

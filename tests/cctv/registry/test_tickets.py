"""Repair tickets in the register: one open fault of a kind, the camera's status follows, history in the same write."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cctv.errors import StaleEditError, ValidationError
from cctv.registry import camera_health, cameras, history
from cctv.registry.camera_health import Poll, add_round
from cctv.registry.doctor import doctor
from cctv.registry.ticket_records import get_ticket, list_tickets
from cctv.registry.tickets import Closing, Report, close_ticket, report_fault, save_ticket

DUE = date(2026, 11, 28)
NOON = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)
DONE = Closing("done", is_working=True, cost_idr=750_000, note="adaptor diganti", jpeg=b"jpeg")


@pytest.fixture
def working(registry):
    return next(camera for camera in cameras.list_cameras(registry) if camera.status == "on")


def report(registry, camera, fault, **more):
    return report_fault(registry, "operator", Report(camera.camera_id, fault, DUE, **more), "lapor")


def status(registry, camera):
    now = cameras.get_camera(registry, camera.camera_id)
    return now.status, now.status_reason


def test_a_dead_camera_goes_off_and_comes_back_with_a_confirmation(registry, working):
    ticket = report(registry, working, "dead")
    assert (ticket.ticket_id, ticket.maintainer, ticket.agency_id) == (
        "P-00001",
        working.agency_name,
        working.agency_id,
    )
    assert status(registry, working) == ("off", "P-00001")
    closed = close_ticket(registry, "petugas", ticket.ticket_id, ticket.version, DONE, "selesai")
    assert (closed.state, closed.cost_idr, closed.closed_by, bool(closed.photo_id)) == (
        "done",
        750_000,
        "petugas",
        True,
    )
    assert status(registry, working) == ("on", "")
    lines = history.changes(registry, "ticket", ticket.ticket_id)
    assert [(line.op, line.actor) for line in lines] == [("update", "petugas"), ("create", "operator")]
    assert history.changes(registry, "camera", working.camera_id)[0].actor == "petugas"
    assert doctor(registry) == []


def test_without_a_confirmation_the_camera_stays_off(registry, working):
    ticket = report(registry, working, "dead")
    close_ticket(
        registry, "petugas", ticket.ticket_id, 1, Closing("done", is_working=False, cost_idr=None, note=""), ""
    )
    assert status(registry, working)[0] == "off"


def test_the_worst_open_fault_rules(registry, working):
    aim, dead = report(registry, working, "misaimed"), report(registry, working, "dead")
    other = report(registry, working, "other")
    assert status(registry, working)[0] == "off"
    close_ticket(registry, "petugas", dead.ticket_id, 1, DONE, "")
    assert status(registry, working)[0] == "trouble"
    close_ticket(registry, "petugas", other.ticket_id, 1, DONE, "")
    assert status(registry, working)[0] == "trouble"
    close_ticket(registry, "petugas", aim.ticket_id, 1, DONE, "")
    assert status(registry, working)[0] == "on"


def test_a_refused_report_gives_the_status_back_that_was_there(registry, working):
    cameras.update_camera(registry, "petugas", working.camera_id, working.version, {"status": "maintenance"}, "x")
    ticket = report(registry, working, "dead")
    with pytest.raises(ValidationError) as caught:
        close_ticket(
            registry, "petugas", ticket.ticket_id, 1, Closing("refused", is_working=True, cost_idr=None, note=""), ""
        )
    assert [problem.name for problem in caught.value.problems] == ["note"]
    wrong = Closing("refused", is_working=True, cost_idr=None, note="salah lapor")
    close_ticket(registry, "petugas", ticket.ticket_id, 1, wrong, "")
    assert status(registry, working)[0] == "maintenance"


def test_what_cannot_be_reported_or_changed_is_named(registry, working):
    first = report(registry, working, "blocked")
    with pytest.raises(ValidationError) as caught:
        report(registry, working, "blocked")
    assert [(p.code, p.value) for p in caught.value.problems] == [("ticket_open", first.ticket_id)]
    changes = {"maintainer": " ", "cost_idr": "banyak", "due_on": None, "note": "x" * 501, "state": "done"}
    with pytest.raises(ValidationError) as caught:
        save_ticket(registry, "petugas", first.ticket_id, 1, changes, "")
    assert {p.name for p in caught.value.problems} == set(changes)
    saved = save_ticket(registry, "petugas", first.ticket_id, 1, {"state": "in_work", "maintainer": "CV Kabel"}, "")
    with pytest.raises(StaleEditError) as stale:
        save_ticket(registry, "lain", first.ticket_id, 1, {"note": "x"}, "")
    assert stale.value.params["current"].maintainer == "CV Kabel"
    close_ticket(registry, "petugas", first.ticket_id, saved.version, DONE, "")
    with pytest.raises(ValidationError, match="ticket_closed"):
        close_ticket(registry, "petugas", first.ticket_id, saved.version + 1, DONE, "")
    version = cameras.get_camera(registry, working.camera_id).version
    cameras.remove_camera(registry, "petugas", working.camera_id, version, "dicabut")
    with pytest.raises(ValidationError, match="camera_removed"):
        report(registry, working, "dead")
    assert len(list_tickets(registry)) == 1


def test_the_maintainer_is_remembered_for_the_owner(registry, working):
    first = report(registry, working, "other")
    save_ticket(registry, "petugas", first.ticket_id, 1, {"maintainer": "CV Kabel"}, "")
    same = [c for c in cameras.list_cameras(registry) if c.agency_id == working.agency_id and c != working]
    assert report(registry, same[0], "other").maintainer == "CV Kabel"
    assert report(registry, same[0], "dead", maintainer="PT Lain").maintainer == "PT Lain"
    assert get_ticket(registry, first.ticket_id).maintainer == "CV Kabel"


def test_silence_is_counted_only_while_others_answer(registry, working):
    other = next(c for c in cameras.list_cameras(registry) if c.status == "on" and c != working)
    minute = timedelta(minutes=1)

    def ask(at, first, second):
        add_round(registry, [Poll(working.camera_id, first), Poll(other.camera_id, second)], NOON + at * minute)

    ask(0, "", "")
    ask(1, "dead", "")
    ask(2, "dead", "dead")  # nobody: our own network
    ask(3, "blocked_by_policy", "")  # it was not asked
    ask(4, "silent", "")
    said = camera_health.silences(registry)
    assert list(said) == [working.camera_id]
    one = said[working.camera_id]
    assert (one.unanswered, one.silent_since, one.last_answer, one.last_poll) == (
        2, NOON + minute, NOON, NOON + 4 * minute,
    )  # fmt: skip
    assert camera_health.outvoted(registry, 2, timedelta()) == (working.camera_id,)
    assert camera_health.outvoted(registry, 3, timedelta()) == ()
    ask(5, "", "")
    assert camera_health.silences(registry) == {}


def test_a_word_of_a_person_is_newer_than_the_silence_before_it(registry, working):
    other = next(c for c in cameras.list_cameras(registry) if c.status == "on" and c != working)
    start = datetime.now(UTC) - timedelta(minutes=10)

    def ask(minutes):
        polls = [Poll(working.camera_id, "dead"), Poll(other.camera_id, "")]
        add_round(registry, polls, start + timedelta(minutes=minutes))

    for minutes in range(9):
        ask(minutes)
    span = timedelta(minutes=4)
    if working.status_since is None or working.status_since < start:
        assert camera_health.outvoted(registry, 5, span) == (working.camera_id,)
    ticket = report(registry, working, "dead")
    close_ticket(registry, "petugas", ticket.ticket_id, 1, DONE, "menyala lagi")
    ask(11)
    assert camera_health.outvoted(registry, 5, span) == ()
    ask(15)
    assert camera_health.outvoted(registry, 5, span) == (working.camera_id,)

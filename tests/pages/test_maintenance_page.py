"""Maintenance on the screens: a report in two clicks, both words on a silent camera, a ticket closed by an editor."""

from datetime import UTC, datetime, timedelta

import pytest

from cctv.permissions import Role
from cctv.registry.camera_health import Poll, add_round
from cctv.registry.cameras import get_camera, list_cameras
from cctv.registry.ticket_records import list_tickets


@pytest.fixture(scope="module")
def two(runtime):
    return [camera for camera in list_cameras(runtime.registry) if camera.status == "on"][-2:]


def test_an_operator_reports_and_an_editor_closes(screen, runtime, two):
    camera = two[0]
    app = screen("kamera", Role.OPERATOR, camera=camera.camera_id)
    app.button(key=f"fault_dead_{camera.camera_id}").click().run()
    assert not app.exception
    (ticket,) = list_tickets(runtime.registry, camera.camera_id)
    assert ticket.ticket_id in app.toast[0].value
    assert get_camera(runtime.registry, camera.camera_id).status == "off"
    app.button(key=f"fault_dead_{camera.camera_id}").click().run()
    assert ticket.ticket_id in app.error[0].value
    app = screen("pemeliharaan", Role.EDITOR, tiket=ticket.ticket_id)
    assert not app.exception
    assert any(ticket.ticket_id in heading.value for heading in app.subheader)
    next(box for box in app.checkbox if "menyala" in box.label).check()
    next(box for box in app.text_input if box.label == "Biaya (Rp)").set_value("350.000")
    next(button for button in app.button if button.label == "Tutup tiket").click().run()
    assert not app.exception
    (ticket,) = list_tickets(runtime.registry, camera.camera_id)
    assert (ticket.state, ticket.is_open) == ("done", False)
    assert get_camera(runtime.registry, camera.camera_id).status == "on"


def test_a_silent_camera_shows_both_words(screen, runtime, two):
    camera, other = two[1], two[0]
    for at in range(runtime.settings.silent_polls):
        polls = [Poll(camera.camera_id, "dead"), Poll(other.camera_id, "")]
        add_round(runtime.registry, polls, datetime.now(UTC) + timedelta(minutes=at))
    app = screen("pemeliharaan", Role.OPERATOR)
    assert any("1 kamera tidak menjawab" in box.label for box in app.expander)
    said = screen("kamera", Role.VIEWER, camera=camera.camera_id)
    assert "Kata register" in said.warning[0].value
    assert "Kata putaran tanya" in said.warning[0].value
    assert not [button for button in said.button if button.label == "Mati"]
    add_round(runtime.registry, [Poll(camera.camera_id, ""), Poll(other.camera_id, "")], datetime.now(UTC))
    assert not screen("kamera", Role.VIEWER, camera=camera.camera_id).warning

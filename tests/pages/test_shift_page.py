"""The start of a shift: taking over a post, the number in the navigation, and an answer to an alert."""

from datetime import UTC, datetime

from cctv.permissions import Role
from cctv.registry import alerts
from cctv.registry.alerts import NewAlert


def press(app, label):
    return next(button for button in app.button if button.label == label).click().run()


def test_a_shift_is_taken_over_and_its_alerts_answered(screen, runtime):
    app = screen("piket", Role.OPERATOR)
    assert any("Pilih pos" in note.value for note in app.info)
    alerts.raise_alerts(runtime.registry, [NewAlert("K-0001", "dead", "silent")], datetime.now(UTC))
    app = press(app, "Mulai piket")
    assert any("Kamera mati" in text.value and "K-0001" in text.value for text in app.markdown)
    app = press(app, "Benar")
    assert not app.exception
    (alert,) = alerts.alerts_since(runtime.registry, datetime(2026, 1, 1, tzinfo=UTC))
    assert (alert.decision, alert.decided_by) == ("confirmed", "operator")
    while any(button.label == "Sudah diperiksa" for button in app.button):  # what other people did meanwhile
        app = press(app, "Sudah diperiksa")
    assert any("Semua perubahan" in note.value for note in app.success)

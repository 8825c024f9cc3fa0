"""The first result of a day is kept with method and fingerprint; later ones and write faults change nothing."""

from datetime import UTC, datetime, timedelta

from cctv.errors import RegistryError
from cctv.registry import share_history as store
from cctv.services import share_history, situation

EVENING = datetime(2026, 12, 1, 17, 30, tzinfo=UTC)  # half past midnight of the next day in Mojokerto


def test_the_situation_is_kept_once_a_day_by_local_time(city_runtime):
    found = situation.current(city_runtime)
    assert share_history.remember_day(city_runtime, found, now=EVENING - timedelta(hours=1)) > 100
    assert share_history.remember_day(city_runtime, found, now=EVENING - timedelta(hours=1)) == 0
    assert share_history.remember_day(city_runtime, found, now=EVENING) > 100
    days = {row.on_day.isoformat() for row in share_history.shares_over_time(city_runtime)}
    assert {"2026-12-01", "2026-12-02"} <= days


def test_what_is_kept_is_what_was_computed(city_runtime):
    found = situation.current(city_runtime)
    share_history.remember_day(city_runtime, found, now=EVENING + timedelta(days=5))
    rows = [row for row in share_history.shares_over_time(city_runtime) if row.on_day.isoformat() == "2026-12-07"]
    area = next(row for row in rows if (row.measure, row.cameras) == ("area", "alive"))
    assert (area.low, area.high) == (found.alive.covered_area_share.low, found.alive.covered_area_share.high)
    assert (area.fingerprint, area.method_version) == (found.fingerprint, found.method_version)
    assert area.is_synthetic


def test_the_screen_stays_when_the_register_cannot_be_written(city_runtime, monkeypatch):
    def full(*_):
        raise RegistryError("disk_full", "0 bytes")

    monkeypatch.setattr(store, "add_shares", full)
    found = situation.current(city_runtime)
    assert share_history.remember_day(city_runtime, found, now=EVENING + timedelta(days=9)) == 0
    monkeypatch.undo()
    assert share_history.remember_day(city_runtime, found, now=EVENING + timedelta(days=9)) > 100


def row(number, method, low, cameras="alive"):
    return store.ShareOfDay(
        EVENING.date() + timedelta(days=number), method, cameras, "", "area", low, low + 0.1, is_synthetic=True,
        fingerprint="f", computed_at=EVENING,
    )  # fmt: skip


def test_the_line_breaks_where_the_method_changes(monkeypatch):
    from cctv.palette import LIGHT
    from cctv.ui import history_chart, session

    monkeypatch.setattr(session, "palette", lambda: LIGHT)
    days = [row(0, "1.0", 0.1), row(1, "1.0", 0.2), row(1, "1.0", 0.2, "designed"), row(2, "1.1", 0.05)]
    frame = history_chart.history_frame(days)
    assert frame.loc[frame["begins"], "method"].tolist() == ["1.1"]
    drawn = history_chart.share_chart(frame).to_dict()
    lines = [layer for layer in drawn["layer"] if layer["mark"]["type"] in ("line", "area")]
    assert len(lines) == 4
    assert all(layer["encoding"]["detail"]["field"] == "method" for layer in lines)

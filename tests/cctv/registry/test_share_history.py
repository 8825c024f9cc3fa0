"""Shares per day: added once, never changed, read back as they were."""

from dataclasses import replace
from datetime import UTC, date, datetime

import duckdb
import pytest

from cctv.registry import doctor
from cctv.registry.share_history import ShareOfDay, add_shares, list_shares

SHARE = ShareOfDay(
    date(2026, 11, 25), "1.1", "alive", "", "area", 0.1, 0.2, is_synthetic=True, fingerprint="abc",
    computed_at=datetime(2026, 11, 25, 1, tzinfo=UTC),
)  # fmt: skip


def test_a_day_is_added_once_and_then_stays_as_it_is(registry):
    assert add_shares(registry, [SHARE, replace(SHARE, measure="twice")]) == 2
    assert add_shares(registry, [replace(SHARE, low=0.15, fingerprint="later")]) == 0
    assert [(row.measure, row.low, row.fingerprint) for row in list_shares(registry)] == [
        ("area", 0.1, "abc"), ("twice", 0.1, "abc"),
    ]  # fmt: skip


def test_another_day_another_method_and_another_place_are_kept_apart(registry):
    add_shares(registry, [SHARE, replace(SHARE, scope="Wates")])
    add_shares(registry, [replace(SHARE, method_version="1.2")])
    add_shares(registry, [replace(SHARE, on_day=date(2026, 11, 24))])
    assert [(row.on_day.day, row.method_version) for row in list_shares(registry)] == [
        (24, "1.1"), (25, "1.1"), (25, "1.2"),
    ]  # fmt: skip
    assert [row.scope for row in list_shares(registry, "Wates")] == ["Wates"]


def test_a_share_reads_back_as_it_was_and_the_register_stays_sound(registry):
    add_shares(registry, [SHARE])
    (row,) = list_shares(registry)
    assert replace(row, computed_at=SHARE.computed_at) == SHARE
    assert row.computed_at.astimezone(UTC) == SHARE.computed_at
    assert doctor.doctor(registry) == []


@pytest.mark.parametrize("wrong", [{"low": 0.3}, {"high": 1.2}, {"low": float("nan")}, {"measure": "luas"}])
def test_a_wrong_share_is_refused_and_takes_the_whole_day_with_it(registry, wrong):
    with pytest.raises(duckdb.ConstraintException):
        add_shares(registry, [SHARE, replace(SHARE, scope="Wates", **wrong)])
    assert list_shares(registry) == []

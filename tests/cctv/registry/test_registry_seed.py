"""The seed: Dishub's network as the press has it, clearly synthetic cameras of the others, assumed prices."""

from collections import Counter
from pathlib import Path

import pytest

from cctv.registry import Registry, agencies, cameras, history, points, prices, seed
from cctv.registry.models import Camera, Point

WORDS = {"Arah Utara": 0.0, "Arah Timur": 90.0, "Arah Selatan": 180.0, "Arah Barat": 270.0}
#: The press gives a number of cameras for these alone.
COUNTED = {"T-010", "T-011"}


@pytest.fixture
def listed(registry: Registry) -> list[Camera]:
    return cameras.list_cameras(registry)


@pytest.fixture
def places(registry: Registry) -> list[Point]:
    return points.list_points(registry)


def test_the_seed_keeps_the_rules_that_hold_for_people() -> None:
    assert seed.seed_problems() == []


def test_dishub_has_21_points_and_73_cameras(listed: list[Camera], places: list[Point]) -> None:
    real = [camera for camera in listed if camera.kind == "real"]
    assert len([place for place in places if place.kind == "schematic"]) == 21
    assert len(real) == 73
    assert {camera.agency_id for camera in real} == {"dishub"}
    assert {camera.point_id for camera in real} == {place.point_id for place in places if place.kind == "schematic"}


def test_a_number_of_cameras_that_the_press_does_not_give_is_an_assumption(listed: list[Camera]) -> None:
    real = [camera for camera in listed if camera.kind == "real"]
    assert {camera.point_id for camera in real if camera.certainty in ("A", "B")} == COUNTED
    assert all("diasumsikan" in camera.source for camera in real if camera.certainty == "C")


def test_what_the_others_have_is_clearly_synthetic(listed: list[Camera], places: list[Point]) -> None:
    synthetic = {place.point_id for place in places if place.kind == "synthetic"}
    others = [camera for camera in listed if camera.point_id in synthetic]
    assert len(others) == 60
    assert {(camera.kind, camera.certainty) for camera in others} == {("synthetic", "synthetic")}
    assert all("sintetis" in camera.source for camera in others)


def test_unknown_places_have_no_position_and_guessed_ones_an_error(places: list[Point]) -> None:
    assert {place.point_id for place in places if place.lon is None} == {"T-007", "T-008", "T-009"}
    assert all((place.lon is None) == (place.position_certainty == "unknown") for place in places)
    assert all(place.est_error_m for place in places if place.kind == "schematic" and place.lon is not None)


def test_every_fact_has_source_day_and_certainty(registry: Registry, listed: list[Camera], places: list[Point]) -> None:
    facts = [*listed, *places, *agencies.list_agencies(registry), *prices.list_prices(registry)]
    assert [fact for fact in facts if not fact.source or not fact.as_of] == []


def test_directions_are_words_or_unknown_as_in_real_registers(listed: list[Camera]) -> None:
    by_words = [camera for camera in listed if camera.azimuth_source == "words"]
    assert {camera.azimuth_words: camera.azimuth_deg for camera in by_words} == WORDS
    assert all(camera.azimuth_source == "words" for camera in listed if camera.kind == "real")
    assert all((camera.azimuth_deg is None) == (camera.azimuth_source == "unknown") for camera in listed)


def test_the_mess_of_the_synthetic_cameras_is_that_of_real_registers(listed: list[Camera]) -> None:
    synthetic = [camera for camera in listed if camera.kind == "synthetic"]
    n = len(synthetic)
    directed = [camera for camera in synthetic if camera.hfov_deg != 360]
    assert 0.20 <= sum(camera.azimuth_deg is None for camera in directed) / len(directed) <= 0.30
    assert 0.35 <= sum(camera.azimuth_source == "words" for camera in directed) / len(directed) <= 0.50
    assert 0.10 <= sum(camera.status in ("off", "trouble") for camera in synthetic) / n <= 0.20
    assert Counter(camera.name for camera in synthetic).most_common(1)[0][1] > 1
    assert any(camera.height_m is None for camera in synthetic)


def test_what_is_not_on_says_why_and_since_when(listed: list[Camera]) -> None:
    broken = [camera for camera in listed if camera.status != "on"]
    assert broken
    assert all(camera.status_reason and camera.status_since for camera in broken)


def test_every_demo_camera_is_shown_by_the_simulator(registry: Registry, listed: list[Camera]) -> None:
    addresses = {camera.camera_id: cameras.stream_address(registry, camera.camera_id) for camera in listed}
    assert addresses == {camera_id: f"simulasi:{camera_id}" for camera_id in addresses}


def test_every_price_is_called_an_assumption(registry: Registry) -> None:
    listed = prices.list_prices(registry)
    assert all(price.is_assumption and "ASUMSI" in price.source for price in listed)
    amounts = {price.item_id: price.price_idr for price in listed}
    # a new pole with four cameras and 300 m of fibre: about 60 million before tax
    total = 4 * (amounts["camera_fixed"] + amounts["installation"] + amounts["licence"]) + 300 * amounts["fibre_m"]
    total += sum(amounts[item] for item in ("pole_7m", "panel", "pln", "sign"))
    assert 55_000_000 <= total <= 65_000_000


def test_a_rebuilt_register_has_the_same_rows(registry: Registry, tmp_path: Path) -> None:
    other = Registry.open(tmp_path / "other.duckdb", secret_key="z" * 40)
    assert cameras.list_cameras(other) == cameras.list_cameras(registry)
    assert points.list_points(other) == points.list_points(registry)
    assert agencies.list_agencies(other) == agencies.list_agencies(registry)
    assert prices.list_prices(other) == prices.list_prices(registry)
    assert history.data_version(other) == history.data_version(registry)
    other.close()


def test_a_register_without_seed_stays_empty(tmp_path: Path) -> None:
    empty = Registry.open(tmp_path / "empty.duckdb", secret_key="z" * 40, seed=False)
    assert cameras.list_cameras(empty) == []
    assert history.data_version(empty) == 0
    empty.close()

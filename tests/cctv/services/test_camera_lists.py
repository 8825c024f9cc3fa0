"""A camera list beside the city and the register: repeats are found, secrets stay out of what is shown."""

import csv

import pytest

from cctv.cli.main import main
from cctv.errors import ImportProblemsError
from cctv.registry import cameras, points
from cctv.registry.history import changes
from cctv.services.camera_lists import check_list

SECRET = "rtsp://admin:rahasia@10.1.2.3/ch1"


@pytest.fixture
def listed(city_runtime, tmp_path):
    """Write a list that repeats one camera of the register and adds one."""
    registry = city_runtime.registry
    placed = {point.point_id: point for point in points.list_points(registry) if point.lon is not None}
    camera = next(c for c in cameras.list_cameras(registry) if c.point_id in placed and c.azimuth_deg is not None)
    point = placed[camera.point_id]
    path = tmp_path / "daftar.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Lokasi", "Lintang", "Bujur", "Arah", "Kondisi", "Pemilik", "URL"])
        writer.writerow([camera.name, point.lat, point.lon, camera.azimuth_deg, "aktif", camera.agency_name, ""])
        writer.writerow(["Gang Baru", "-7,48", "112,45", "Arah Barat", "mati", "Dishub", SECRET])
        writer.writerow(["=HYPERLINK(1)", "-7,47", "112,44", "", "mati", "Dinas Antah", ""])
    return path, camera


def test_what_the_register_has_is_found_and_nothing_is_written(city_runtime, listed):
    path, camera = listed
    before = changes(city_runtime.registry, limit=1)
    found = check_list(city_runtime.registry, city_runtime.city, path)
    assert [(pair.first, pair.verdict) for pair in found.pairs] == [(":2#1", "likely")]
    (same,) = (c for c in cameras.list_cameras(city_runtime.registry) if c.camera_id == found.pairs[0].second)
    assert same.point_id == camera.point_id
    assert [row.state for row in found.rows][1:] == ["guess", "problem"]
    assert {note.code for value in found.rows[2].values.values() for note in value.notes} >= {
        "formula",
        "owner_unknown",
    }
    assert changes(city_runtime.registry, limit=1) == before


def test_an_owner_that_is_not_there_is_refused(city_runtime, listed):
    with pytest.raises(ImportProblemsError) as caught:
        check_list(city_runtime.registry, city_runtime.city, listed[0], "antah")
    assert caught.value.code == "register_owner"


def test_the_command_tells_all_but_the_secret(listed, tmp_path, monkeypatch, capsys):
    from cctv import settings

    monkeypatch.setenv("CCTV_DATABASE", str(tmp_path / "lain.duckdb"))
    monkeypatch.setenv("CCTV_CACHE_DIR", str(tmp_path))
    settings.get_settings.cache_clear()
    try:
        assert main(["import-check", str(listed[0])]) == 1
    finally:
        monkeypatch.undo()
        settings.get_settings.cache_clear()
    shown = capsys.readouterr()
    assert "Gang Baru" not in shown.err
    assert "3 kamera" in shown.out
    assert "pemilik tidak ada di register" in shown.out
    assert "rahasia@" not in shown.out + shown.err
    assert "10.1.2.3" not in shown.out + shown.err

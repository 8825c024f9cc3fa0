"""Backups while people work, putting them back, and the doctor who examines a register."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cctv.errors import RegistryError
from cctv.registry import Registry, backup, cameras, doctor, history, points

KEY = "k" * 40
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
Opener = Callable[[Path], Registry]


def schema(registry: Registry) -> list[tuple[str, ...]]:
    with registry.cursor() as cursor:
        sql = "select table_name, constraint_type, constraint_text from duckdb_constraints() order by all"
        return cursor.execute(sql).fetchall()


def test_a_backup_holds_the_same_rows_rules_and_counters(registry: Registry, tmp_path: Path, reopen: Opener) -> None:
    cameras.update_camera(registry, "petugas", "K-0001", 1, {"purpose": "sebelum"}, "uji")
    copy = reopen(backup.back_up(registry, tmp_path / "cadangan", NOW))
    assert copy.path.name == "cameras-20261124-030000.duckdb"
    assert cameras.list_cameras(copy) == cameras.list_cameras(registry)
    assert history.changes(copy, limit=9999) == history.changes(registry, limit=9999)
    assert schema(copy) == schema(registry)
    assert cameras.stream_address(copy, "K-0001") == "simulasi:K-0001"
    for either in (copy, registry):
        cameras.update_camera(either, "petugas", "K-0002", 1, {"purpose": "sesudah"}, "uji")
    assert history.data_version(copy) == history.data_version(registry)
    copy.close()


def test_a_backup_can_be_put_back(registry: Registry, tmp_path: Path, reopen: Opener) -> None:
    copy = backup.back_up(registry, tmp_path / "cadangan", NOW)
    cameras.update_camera(registry, "petugas", "K-0001", 1, {"purpose": "sesudah"}, "uji")
    registry.close()
    backup.restore(copy, registry.path, secret_key=KEY)
    again = reopen(registry.path)
    assert cameras.get_camera(again, "K-0001").purpose == "lalu lintas"
    assert doctor.doctor(again) == []
    again.close()
    aside = reopen(tmp_path / "cameras.duckdb.before-restore")
    assert cameras.get_camera(aside, "K-0001").purpose == "sesudah"
    aside.close()


def test_a_damaged_register_is_replaced_together_with_its_log(registry: Registry, tmp_path, reopen: Opener) -> None:
    copy = backup.back_up(registry, tmp_path / "cadangan", NOW)
    cameras.update_camera(registry, "petugas", "K-0001", 1, {"purpose": "di log saja"}, "uji")
    log = tmp_path / "cameras.duckdb.wal"
    left_behind = log.read_bytes()
    registry.close()
    registry.path.write_bytes(b"rusak" * 1000)
    log.write_bytes(left_behind)
    backup.restore(copy, registry.path, secret_key=KEY)
    again = reopen(registry.path)
    assert cameras.get_camera(again, "K-0001").purpose == "lalu lintas", "the old log was not played into the copy"
    again.close()
    assert (tmp_path / "cameras.duckdb.before-restore.wal").read_bytes() == left_behind


def test_nothing_is_replaced_by_something_unsound(registry: Registry, tmp_path: Path) -> None:
    copy = backup.back_up(registry, tmp_path / "cadangan", NOW)
    with pytest.raises(RegistryError, match="no_backup"):
        backup.restore(tmp_path / "tidak-ada.duckdb", registry.path, secret_key=KEY)
    (tmp_path / "teks.duckdb").write_text("bukan register")
    with pytest.raises(RegistryError, match="damaged"):
        backup.restore(tmp_path / "teks.duckdb", registry.path, secret_key=KEY)
    forged = Registry.open(copy, secret_key=KEY)
    with forged.transaction("penyusup") as cursor:
        cursor.execute("delete from camera where camera_id = 'K-0001'")
    forged.close()
    with pytest.raises(RegistryError, match="bad_backup"):
        backup.restore(copy, registry.path, secret_key=KEY)
    assert len(cameras.list_cameras(registry)) == 133
    assert sorted(path.name for path in tmp_path.glob("cameras.duckdb*")) in (
        ["cameras.duckdb"], ["cameras.duckdb", "cameras.duckdb.wal"],
    )  # fmt: skip


def test_a_backup_that_cannot_be_written_leaves_nothing(registry: Registry, tmp_path: Path) -> None:
    (tmp_path / "berkas").write_text("x")
    with pytest.raises(RegistryError, match="backup_failed"):
        backup.back_up(registry, tmp_path / "berkas", NOW)
    (tmp_path / "cadangan" / "cameras-20261124-030000.duckdb").mkdir(parents=True)
    with pytest.raises(RegistryError, match="backup_failed"):
        backup.back_up(registry, tmp_path / "cadangan", NOW)
    assert [path.name for path in (tmp_path / "cadangan").iterdir()] == ["cameras-20261124-030000.duckdb"]
    assert backup.back_up(registry, tmp_path / "lain", NOW).is_file(), "the register is as good as before"


def test_the_doctor_finds_nothing_in_a_sound_register(registry: Registry) -> None:
    cameras.update_camera(registry, "petugas", "K-0001", 1, {"status": "off", "stream_address": "http://x"}, "uji")
    cameras.remove_camera(registry, "petugas", "K-0002", 1, "dibongkar")
    point = {**vars(points.get_point(registry, "T-001")), "point_id": "T-900"}
    del point["version"]
    points.create_point(registry, "petugas", point, "uji")
    points.remove_point(registry, "petugas", "T-900", 1, "salah catat")
    assert doctor.doctor(registry) == []


@pytest.mark.parametrize(
    ("sql", "code", "value"),
    [
        ("update camera set height_m = 99 where camera_id = 'K-0001'", "history", "K-0001"),
        ("delete from point where point_id = 'T-030'", "lost_row", "T-030"),
        ("update camera set point_id = 'T-999' where camera_id = 'K-0002'", "reference", "T-999"),
        ("delete from history where entity_id = 'pln'", "history", "pln"),
        ("update price set price_idr = 1 where item_id = 'pln'", "history", "pln"),
    ],
)
def test_the_doctor_finds_what_went_round_the_store(registry: Registry, sql: str, code: str, value: str) -> None:
    with registry.transaction("penyusup") as cursor:
        cursor.execute(sql)
    assert (code, value) in {(problem.code, problem.value) for problem in doctor.doctor(registry)}

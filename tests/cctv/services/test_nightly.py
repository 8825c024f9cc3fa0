"""Copies of each night: when one is due, what it holds, which stay, what is said when none could be made."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from cctv.errors import AccessError, RegistryError
from cctv.permissions import Role
from cctv.registry import cameras
from cctv.registry.access_log import recent_access
from cctv.registry.archive import read_archive
from cctv.services import nightly

#: 03.00 in Mojokerto on 25 November.
NOW = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)


def named(folder: Path, moments: list[datetime]) -> None:
    folder.mkdir(exist_ok=True)
    for at in moments:
        (folder / f"cameras-{at:%Y%m%d-%H%M%S}.duckdb").write_bytes(b"x")


def test_a_copy_is_due_once_a_night_and_after_a_night_switched_off(own_runtime) -> None:
    folder = own_runtime.settings.backup_dir
    assert folder.name == "cadangan"
    assert nightly.is_due(own_runtime, NOW)
    named(folder, [NOW - timedelta(minutes=59)])
    assert not nightly.is_due(own_runtime, NOW)
    assert not nightly.is_due(own_runtime, NOW + timedelta(hours=22))
    assert nightly.is_due(own_runtime, NOW + timedelta(hours=23))
    assert nightly.last_night(NOW - timedelta(hours=2), 2) == datetime(2026, 11, 23, 19, 0, tzinfo=UTC)


def test_the_archive_gives_the_register_back_to_another_program(own_runtime) -> None:
    copy = nightly.make_copy(own_runtime, NOW)
    assert copy.has_archive
    assert copy.made_at == NOW
    assert copy.path.stat().st_mode & 0o077 == 0
    archive = nightly.archive_of(copy.path)
    with duckdb.connect() as elsewhere:  # noqa: TID251 - another program, without ours
        read_archive(elsewhere, archive)
        found = elsewhere.execute("select count(*), max(version) from camera").fetchone()
        following = elsewhere.execute("select nextval('history_id')").fetchone()
        with pytest.raises(duckdb.ConstraintException):
            elsewhere.execute("update camera set height_m = -1")
    camera = cameras.get_camera(own_runtime.registry, "K-0001")
    assert found == (133, 1)
    with own_runtime.registry.cursor() as cursor:
        assert cursor.execute("select max(change_id) + 1 from history").fetchone() == following
    assert b"simulasi:" not in b"".join(path.read_bytes() for path in archive.iterdir()), "addresses stay encrypted"
    assert camera.version == 1


def test_copies_are_made_while_people_edit(own_runtime) -> None:
    ending = threading.Event()

    def edit() -> None:
        number = 0
        while not ending.is_set():
            camera = cameras.get_camera(own_runtime.registry, "K-0001")
            cameras.update_camera(
                own_runtime.registry, "uji", "K-0001", camera.version, {"purpose": f"{(number := number + 1)}"}, "uji"
            )

    editor = threading.Thread(target=edit)
    editor.start()
    try:
        made = [nightly.make_copy(own_runtime, NOW + timedelta(seconds=second)) for second in range(3)]
    finally:
        ending.set()
        editor.join()
    assert [one.has_archive for one in made] == [True] * 3
    assert cameras.get_camera(own_runtime.registry, "K-0001").version > 3


def test_what_a_killed_copy_left_behind_goes_with_the_next(own_runtime) -> None:
    folder = own_runtime.settings.backup_dir
    (folder / "cameras-20261120-190000-parquet.part").mkdir(parents=True)
    (folder / "cameras-20261120-190000.part").write_bytes(b"x")
    (folder / "cameras-20261120-190000.part.wal").write_bytes(b"x")
    made = nightly.make_copy(own_runtime, NOW)
    assert {path.name for path in folder.iterdir()} == {made.path.name, nightly.archive_of(made.path).name}


def test_the_newest_stay_and_the_first_of_each_month(tmp_path: Path) -> None:
    days = [NOW - timedelta(days=number) for number in range(500)]
    named(tmp_path, days)
    (tmp_path / "catatan.txt").write_text("bukan cadangan")
    (tmp_path / "cameras-lama.duckdb").write_text("bukan cadangan")
    found = nightly.copies_in(tmp_path)
    assert len(found) == 500
    kept = sorted(path.name[8:16] for path in nightly.kept_of(found, 14))
    assert kept[-14:] == [f"{NOW - timedelta(days=number):%Y%m%d}" for number in reversed(range(14))]
    # The day of a copy is the day in Mojokerto: the night of the 1st is still the last of the month before in UTC.
    firsts = ["20251130", "20251231", "20260131", "20260228", "20260331", "20260430"]
    assert kept[:-14] == [*firsts, "20260531", "20260630", "20260731", "20260831", "20260930", "20261031"]


def test_a_failure_is_shown_loses_nothing_and_passes(own_runtime, account_of) -> None:
    admin = account_of(own_runtime, Role.ADMIN)
    folder = own_runtime.settings.backup_dir
    folder.write_text("a file where the folder should be")
    with pytest.raises(RegistryError, match="backup_failed"):
        nightly.copy_now(own_runtime, admin)
    found = nightly.copies(own_runtime, admin)
    assert found.failure is not None
    assert found.failure.code == "backup_failed"
    assert found.kept == []
    folder.unlink()
    name = nightly.copy_now(own_runtime, admin).path.name
    found = nightly.copies(own_runtime, admin)
    assert (found.failure, found.is_old) == (None, False)
    assert nightly.copies(own_runtime, admin, datetime.now(UTC) + nightly.OLD).is_old
    assert [(line.username, line.target) for line in recent_access(own_runtime.registry)] == [("admin", name)]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_the_administrator_sees_and_makes_copies(own_runtime, account_of, role: Role) -> None:
    account = account_of(own_runtime, role)
    with pytest.raises(AccessError):
        nightly.copies(own_runtime, account)
    with pytest.raises(AccessError):
        nightly.copy_now(own_runtime, account)
    assert not own_runtime.settings.backup_dir.exists()

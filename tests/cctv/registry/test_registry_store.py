"""The register: seed, checked writes with history, two editors, accounts, encryption, backup, doctor."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cctv.errors import AccessError, NotFoundError, RegistryError, StaleEditError, ValidationError
from cctv.permissions import Role
from cctv.registry import Registry, accounts, backup, cameras, doctor, history, points, sessions
from cctv.registry.access_log import log_access, recent_access

KEY = "k" * 40
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture
def registry(tmp_path: Path):
    opened = Registry.open(tmp_path / "cameras.duckdb", secret_key=KEY)
    yield opened
    opened.close()


def test_the_seed_holds_the_documented_network_and_the_synthetic_rest(registry):
    dishub = [p for p in points.list_points(registry) if p.kind == "schematic"]
    listed = cameras.list_cameras(registry)
    assert len(dishub) == 21
    assert sum(camera.kind == "real" for camera in listed) == 73
    assert sum(camera.kind == "synthetic" for camera in listed) == 60
    assert [p.name for p in dishub if p.lon is None] and all(
        p.position_certainty == "unknown" for p in dishub if p.lon is None
    )


def test_every_seeded_fact_has_source_date_and_certainty(registry):
    assert all(p.source and p.as_of for p in points.list_points(registry))
    assert all(c.source and c.as_of and c.certainty for c in cameras.list_cameras(registry))


def test_north_is_zero_and_unknown_is_none(registry):
    listed = cameras.list_cameras(registry)
    assert any(c.azimuth_deg == 0 for c in listed)
    assert all(c.azimuth_deg is None for c in listed if c.azimuth_source == "unknown")


def test_rebuilding_from_the_seed_gives_the_same_rows(registry, tmp_path):
    other = Registry.open(tmp_path / "other.duckdb", secret_key="z" * 40)
    try:
        assert cameras.list_cameras(other) == cameras.list_cameras(registry)
        assert points.list_points(other) == points.list_points(registry)
    finally:
        other.close()


def test_an_edit_writes_the_value_and_its_history_together(registry):
    before = cameras.get_camera(registry, "K-0001")
    after = cameras.update_camera(registry, "petugas", "K-0001", before.version, {"height_m": 7.5}, "diukur")
    assert after.height_m == 7.5
    assert after.version == before.version + 1
    (change,) = history.changes(registry, "camera", "K-0001", limit=1)
    assert (change.actor, change.reason, change.op) == ("petugas", "diukur", "update")
    assert (change.before["height_m"], change.after["height_m"]) == (before.height_m, 7.5)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"azimuth_deg": 400.0}, "out_of_range"),
        ({"azimuth_deg": 360.0}, "out_of_range"),
        ({"height_m": -1.0}, "out_of_range"),
        ({"height_m": float("nan")}, "not_number"),
        ({"status": "hidup"}, "choice"),
        ({"agency_id": "tidak-ada"}, "reference"),
        ({"warna": "merah"}, "unknown_field"),
        ({"name": " "}, "required"),
        ({"azimuth_deg": None, "azimuth_source": "measured"}, "source_without_azimuth"),
        ({"azimuth_deg": 10.0, "azimuth_source": "unknown"}, "azimuth_without_source"),
    ],
)
def test_a_bad_camera_value_is_refused_and_nothing_is_written(registry, changes, code):
    before = cameras.get_camera(registry, "K-0001")
    with pytest.raises(ValidationError, match="invalid") as caught:
        cameras.update_camera(registry, "petugas", "K-0001", before.version, {"purpose": "x", **changes}, "coba")
    assert code in {problem.code for problem in caught.value.problems}
    assert cameras.get_camera(registry, "K-0001") == before


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"lon": -7.47, "lat": 112.43}, "swapped"),
        ({"lon": 12.0, "lat": -7.4}, "out_of_range"),
        ({"lon": None}, "half_position"),
    ],
)
def test_a_bad_position_is_refused(registry, changes, code):
    point = next(p for p in points.list_points(registry) if p.lon is not None)
    with pytest.raises(ValidationError) as caught:
        points.update_point(registry, "petugas", point.point_id, point.version, changes, "coba")
    assert code in {problem.code for problem in caught.value.problems}
    assert points.get_point(registry, point.point_id) == point


def test_all_problems_are_listed_at_once(registry):
    with pytest.raises(ValidationError) as caught:
        cameras.update_camera(registry, "petugas", "K-0001", 1, {"height_m": -1.0, "azimuth_deg": 400.0}, "coba")
    assert {problem.name for problem in caught.value.problems} == {"height_m", "azimuth_deg"}


def test_the_second_editor_sees_the_first_ones_version(registry):
    seen = cameras.get_camera(registry, "K-0002")
    cameras.update_camera(registry, "petugas", "K-0002", seen.version, {"purpose": "pertama"}, "a")
    with pytest.raises(StaleEditError, match="stale") as caught:
        cameras.update_camera(registry, "admin", "K-0002", seen.version, {"purpose": "kedua"}, "b")
    assert caught.value.params["current"].purpose == "pertama"


def test_many_editors_lose_no_edit(registry):
    def edit(name: str) -> None:
        for _ in range(10):
            while True:
                camera = cameras.get_camera(registry, "K-0003")
                try:
                    cameras.update_camera(registry, name, "K-0003", camera.version, {"purpose": f"{name}"}, "uji")
                except StaleEditError:
                    continue
                break

    threads = [threading.Thread(target=edit, args=(f"petugas{i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert cameras.get_camera(registry, "K-0003").version == 41
    assert len(history.changes(registry, "camera", "K-0003")) == 41


def test_a_write_without_a_name_is_refused(registry):
    with pytest.raises(RegistryError, match="no_actor"):
        cameras.update_camera(registry, " ", "K-0001", 1, {"purpose": "x"}, "uji")


def test_whatever_is_raised_inside_undoes_everything(registry):
    def half_an_edit() -> None:
        with registry.transaction("petugas") as cursor:
            cursor.execute("update camera set purpose = 'hilang'")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_an_edit()
    assert all(c.purpose != "hilang" for c in cameras.list_cameras(registry))


def test_a_removed_camera_stays_with_its_reason(registry):
    camera = cameras.remove_camera(registry, "petugas", "K-0004", 1, "tiang dibongkar")
    assert (camera.status, camera.status_reason) == ("removed", "tiang dibongkar")
    assert history.changes(registry, "camera", "K-0004", limit=1)[0].op == "remove"
    with pytest.raises(ValidationError):
        cameras.remove_camera(registry, "petugas", "K-0005", 1, " ")


def test_stream_addresses_are_unreadable_in_the_file(registry, tmp_path):
    secret = "http://10.9.8.7/rahasia-sekali"
    cameras.update_camera(registry, "petugas", "K-0001", 1, {"stream_address": secret}, "uji")
    assert cameras.stream_address(registry, "K-0001") == secret
    assert not hasattr(cameras.get_camera(registry, "K-0001"), "stream_address")
    assert all("rahasia-sekali" not in str(change) for change in history.changes(registry))
    registry.close()
    assert b"rahasia-sekali" not in (tmp_path / "cameras.duckdb").read_bytes()


def test_unknown_ids_are_named(registry):
    with pytest.raises(NotFoundError, match="K-9999"):
        cameras.get_camera(registry, "K-9999")


def test_data_version_grows_with_edits_and_not_with_sign_ins(registry):
    before = history.data_version(registry)
    accounts.ensure_demo_accounts(registry, "sandi-contoh-1")
    log_access(registry, "operator", "lihat_gambar", "K-0001")
    assert history.data_version(registry) == before
    cameras.update_camera(registry, "petugas", "K-0001", 1, {"purpose": "x"}, "uji")
    assert history.data_version(registry) > before


def test_five_failures_lock_the_account_for_a_while(registry):
    accounts.ensure_demo_accounts(registry, "sandi-contoh-1")
    for _ in range(4):
        with pytest.raises(AccessError, match="wrong_password"):
            accounts.check_password(registry, "operator", "salah", NOW)
    with pytest.raises(AccessError, match="locked"):
        accounts.check_password(registry, "operator", "salah", NOW)
    with pytest.raises(AccessError, match="locked"):
        accounts.check_password(registry, "operator", "sandi-contoh-1", NOW)
    later = NOW + accounts.LOCKED_FOR + timedelta(seconds=1)
    assert accounts.check_password(registry, "operator", "sandi-contoh-1", later).role is Role.OPERATOR


def test_an_unknown_name_is_refused_like_a_wrong_password(registry):
    with pytest.raises(AccessError, match="wrong_password"):
        accounts.check_password(registry, "tidak.ada", "apa saja", NOW)


def test_sessions_end_by_time_sign_out_and_role_change(registry):
    accounts.ensure_demo_accounts(registry, "sandi-contoh-1")
    hour = timedelta(hours=1)
    first = sessions.open_session(registry, "operator", hour, NOW)
    assert sessions.session_account(registry, first, NOW).username == "operator"
    assert sessions.session_account(registry, first, NOW + hour) is None
    sessions.close_session(registry, first)
    assert sessions.session_account(registry, first, NOW) is None
    second = sessions.open_session(registry, "operator", hour, NOW)
    accounts.set_role(registry, "admin", "operator", Role.VIEWER)
    assert sessions.session_account(registry, second, NOW) is None


def test_the_set_up_token_works_once(registry):
    token = accounts.first_admin_token(registry, NOW)
    accounts.use_admin_token(
        registry, token, username="kepala", display_name="Kepala", password="sandi-panjang", now=NOW
    )
    with pytest.raises(AccessError, match="setup_token"):
        accounts.use_admin_token(
            registry, token, username="lain", display_name="Lain", password="sandi-panjang", now=NOW
        )
    assert accounts.first_admin_token(registry, NOW) is None


def test_access_is_remembered_newest_first(registry):
    log_access(registry, "operator", "lihat_gambar", "K-0001")
    log_access(registry, "pimpinan", "lihat_lapisan", "celah")
    assert [line.username for line in recent_access(registry)] == ["pimpinan", "operator"]


def test_a_backup_opens_and_can_be_put_back(registry, tmp_path):
    copy = backup.back_up(registry, tmp_path / "cadangan", NOW)
    cameras.update_camera(registry, "petugas", "K-0001", 1, {"purpose": "sesudah"}, "uji")
    registry.close()
    backup.restore(copy, tmp_path / "cameras.duckdb", secret_key=KEY)
    again = Registry.open(tmp_path / "cameras.duckdb", secret_key=KEY)
    try:
        assert cameras.get_camera(again, "K-0001").purpose != "sesudah"
        assert len(cameras.list_cameras(again)) == 133
        cameras.update_camera(again, "petugas", "K-0001", 1, {"purpose": "lagi"}, "uji")
    finally:
        again.close()


def test_a_sound_register_has_no_findings_and_a_forged_one_has(registry):
    assert doctor.doctor(registry) == []
    with registry.transaction("penyusup") as cursor:
        cursor.execute("update camera set height_m = 99 where camera_id = 'K-0001'")
        cursor.execute("update camera set point_id = 'T-999' where camera_id = 'K-0002'")
    assert {problem.code for problem in doctor.doctor(registry)} == {"history", "reference"}


def test_a_register_held_by_another_process_is_named(tmp_path, registry):
    import subprocess
    import sys

    code = (
        "import sys; from pathlib import Path; from cctv.registry import Registry\n"
        "try: Registry.open(Path(sys.argv[1]), secret_key='k' * 40)\n"
        "except Exception as error: print(error.code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(registry.path)], capture_output=True, text=True, check=False,
        cwd=Path(__file__).resolve().parents[3],
    )  # fmt: skip
    assert done.stdout.strip() == "locked", done.stderr


def test_a_file_that_is_no_register_is_called_damaged(tmp_path):
    path = tmp_path / "cameras.duckdb"
    path.write_bytes(b"bukan register" * 1000)
    with pytest.raises(RegistryError, match="damaged"):
        Registry.open(path, secret_key=KEY)

"""Points, cameras, agencies, prices: checked writes with history, two editors, all or nothing."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from cctv.errors import NotFoundError, RegistryError, StaleEditError, ValidationError
from cctv.registry import Registry, agencies, backup, cameras, history, points, prices
from cctv.registry.access_log import log_access, recent_access
from cctv.registry.models import Camera

NEW_POINT = {
    "point_id": "T-900", "name": "Pos baru", "lon": 112.44, "lat": -7.47, "position_certainty": "B",
    "est_error_m": 5.0, "mount": "pole", "kelurahan": "Miji", "street": "", "kind": "real", "source": "uji",
    "as_of": date(2026, 11, 24), "note": "",
}  # fmt: skip
NEW_AGENCY = {
    "agency_id": "baru", "name": "Instansi baru", "kind": "opd", "source": "uji", "as_of": date(2026, 11, 24),
    "certainty": "A",
}  # fmt: skip
NEW_PRICE = {
    "item_id": "baru", "name": "Barang baru", "unit": "unit", "price_idr": 1000, "source": "uji",
    "as_of": date(2026, 11, 24), "is_assumption": False, "note": "",
}  # fmt: skip


def new_camera(registry: Registry, camera_id: str = "K-900") -> dict[str, object]:
    known = vars(cameras.get_camera(registry, "K-0001")) | {"camera_id": camera_id, "stream_address": ""}
    return {name: value for name, value in known.items() if name not in ("agency_name", "has_stream", "version")}


#: Every way to write, by its name in the history: entity, id, op.
WRITES: dict[tuple[str, str, str], Callable[[Registry, str], object]] = {
    ("agency", "baru", "create"): lambda r, who: agencies.create_agency(r, who, NEW_AGENCY, "uji"),
    ("price", "baru", "create"): lambda r, who: prices.create_price(r, who, NEW_PRICE, "uji"),
    ("price", "pln", "update"): lambda r, who: prices.update_price(r, who, "pln", 1, {"price_idr": 7}, "uji"),
    ("point", "T-900", "create"): lambda r, who: points.create_point(r, who, NEW_POINT, "uji"),
    ("point", "T-001", "update"): lambda r, who: points.update_point(r, who, "T-001", 1, {"note": "x"}, "uji"),
    ("camera", "K-900", "create"): lambda r, who: cameras.create_camera(r, who, new_camera(r), "uji"),
    ("camera", "K-0001", "update"): lambda r, who: cameras.update_camera(r, who, "K-0001", 1, {"model": "x"}, "uji"),
    ("camera", "K-0001", "remove"): lambda r, who: cameras.remove_camera(r, who, "K-0001", 1, "uji"),
}


def hurried(registry: Registry, camera_id: str, name: str, count: int) -> None:
    """Edit a camera some times, each time on top of what is there."""
    for number in range(count):
        while True:
            camera = cameras.get_camera(registry, camera_id)
            try:
                cameras.update_camera(registry, name, camera_id, camera.version, {"purpose": f"{name} {number}"}, "uji")
            except StaleEditError:
                continue
            break


@pytest.mark.parametrize("what", WRITES, ids=" ".join)
def test_every_write_leaves_one_line_with_name_and_reason(registry: Registry, what: tuple[str, str, str]) -> None:
    entity, entity_id, op = what
    before, n_before = history.data_version(registry), len(history.changes(registry, limit=10_000))
    WRITES[what](registry, "petugas")
    newest = history.changes(registry, entity, entity_id)[0]
    assert (newest.op, newest.actor, newest.reason) == (op, "petugas", "uji")
    assert newest.before == ({} if op == "create" else {**newest.before, "version": 1})
    assert len(history.changes(registry, limit=10_000)) == n_before + 1
    assert history.data_version(registry) > before


@pytest.mark.parametrize("what", WRITES, ids=" ".join)
def test_a_second_editor_is_told_both_versions(registry: Registry, what: tuple[str, str, str]) -> None:
    WRITES[what](registry, "petugas")
    with pytest.raises((StaleEditError, ValidationError)) as caught:
        WRITES[what](registry, "petugas")
    if what[2] == "create":
        assert [problem.code for problem in caught.value.problems] == ["taken"]
    else:
        params = caught.value.params
        assert (params["seen"], params["now"]) == (1, 2)
        assert getattr(params["current"], "version", None) == 2


def test_an_edit_writes_the_value_and_its_history_together(registry: Registry) -> None:
    before = cameras.get_camera(registry, "K-0001")
    after = cameras.update_camera(registry, "petugas", "K-0001", before.version, {"height_m": 7.5}, "diukur")
    assert after == replace(before, height_m=7.5, version=2)
    (change,) = history.changes(registry, "camera", "K-0001", limit=1)
    assert (change.before["height_m"], change.after["height_m"]) == (before.height_m, 7.5)


def test_a_change_of_nothing_writes_nothing(registry: Registry) -> None:
    before, version = cameras.get_camera(registry, "K-0001"), history.data_version(registry)
    same = {"name": before.name, "status": before.status, "height_m": before.height_m}
    assert cameras.update_camera(registry, "petugas", "K-0001", before.version, same, "uji") == before
    assert history.data_version(registry) == version


def test_a_new_status_counts_from_now_and_an_old_one_goes_on(registry: Registry) -> None:
    start = datetime.now(UTC)
    off = cameras.update_camera(registry, "petugas", "K-0001", 1, {"status": "off"}, "mati")
    assert off.status_since is not None
    assert start <= off.status_since <= datetime.now(UTC)
    again = cameras.update_camera(registry, "petugas", "K-0001", 2, {"status": "off", "status_reason": "kabel"}, "cek")
    assert again.status_since == off.status_since


def test_north_and_unknown_stay_apart_through_every_write(registry: Registry) -> None:
    def turn(version: int, azimuth_deg: float | None, source: str) -> Camera:
        changes = {"azimuth_deg": azimuth_deg, "azimuth_source": source}
        cameras.update_camera(registry, "petugas", "K-0002", version, changes, "uji")
        return cameras.get_camera(registry, "K-0002")

    assert turn(1, 0.0, "measured").azimuth_deg == 0.0
    assert turn(2, None, "unknown").azimuth_deg is None
    assert turn(3, 0.0, "aimed").azimuth_deg == 0.0
    written = [change.after["azimuth_deg"] for change in history.changes(registry, "camera", "K-0002", limit=3)]
    assert written == [0.0, None, 0.0]


def test_all_editors_at_once_lose_no_edit(registry: Registry, tmp_path) -> None:
    reads: list[int] = []
    failures: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - whatever happens in a thread must fail the test
            failures.append(error)

    tasks: list[Callable[[], object]] = [
        *(lambda i=i: hurried(registry, "K-0003", f"petugas{i}", 10) for i in range(4)),
        *(lambda: reads.append(len(cameras.list_cameras(registry))) for _ in range(6)),
        lambda: [log_access(registry, "operator", "lihat", str(i)) for i in range(30)],
        lambda: backup.back_up(registry, tmp_path, datetime(2026, 11, 24, tzinfo=UTC)),
    ]
    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert set(reads) == {133}
    assert cameras.get_camera(registry, "K-0003").version == 41
    texts = {str(change.after["purpose"]) for change in history.changes(registry, "camera", "K-0003") if change.before}
    assert texts == {f"petugas{i} {number}" for i in range(4) for number in range(10)}
    assert len(recent_access(registry)) == 30


@pytest.mark.parametrize("what", WRITES, ids=" ".join)
def test_a_write_without_a_name_is_refused(registry: Registry, what: tuple[str, str, str]) -> None:
    version = history.data_version(registry)
    with pytest.raises(RegistryError, match="no_actor"):
        WRITES[what](registry, " ")
    assert history.data_version(registry) == version


def test_whatever_is_raised_inside_undoes_everything(registry: Registry) -> None:
    def half_an_edit() -> None:
        with registry.transaction("petugas") as cursor:
            cursor.execute("update camera set purpose = 'hilang'")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_an_edit()
    assert all(c.purpose != "hilang" for c in cameras.list_cameras(registry))


def test_a_cursor_keeps_nothing_that_was_not_committed(registry: Registry) -> None:
    with registry.cursor() as cursor:
        cursor.execute("begin")
        cursor.execute("update camera set purpose = 'hilang'")
    assert all(c.purpose != "hilang" for c in cameras.list_cameras(registry))


def test_a_removed_camera_stays_with_its_reason(registry: Registry) -> None:
    camera = cameras.remove_camera(registry, "petugas", "K-0004", 1, "tiang dibongkar")
    assert (camera.status, camera.status_reason) == ("removed", "tiang dibongkar")
    with pytest.raises(ValidationError):
        cameras.remove_camera(registry, "petugas", "K-0005", 1, " ")


def test_a_point_goes_only_if_no_camera_needs_it(registry: Registry) -> None:
    with pytest.raises(ValidationError) as caught:
        points.remove_point(registry, "petugas", "T-001", 1, "salah catat")
    assert [(problem.code, problem.value) for problem in caught.value.problems] == [
        ("has_camera", f"K-000{number}") for number in range(1, 5)
    ]
    points.create_point(registry, "petugas", NEW_POINT, "uji")
    points.remove_point(registry, "petugas", "T-900", 1, "salah catat")
    assert history.changes(registry, "point", "T-900", limit=1)[0].op == "remove"
    with pytest.raises(NotFoundError):
        points.get_point(registry, "T-900")


def test_a_point_outside_the_city_is_kept_and_flagged(registry: Registry) -> None:
    outside = {**NEW_POINT, "point_id": "T-901", "lat": -7.452238, "lon": 112.459737, "kelurahan": ""}
    assert points.create_point(registry, "petugas", outside, "halte di luar kota").is_outside_city
    assert not points.create_point(registry, "petugas", NEW_POINT, "uji").is_outside_city
    assert not points.get_point(registry, "T-008").is_outside_city, "not placed is not outside"


def test_stream_addresses_are_unreadable_wherever_the_register_writes(registry: Registry, tmp_path) -> None:
    secret = "http://10.9.8.7/rahasia-sekali"
    cameras.update_camera(registry, "petugas", "K-0001", 1, {"stream_address": secret}, "uji")
    assert cameras.stream_address(registry, "K-0001") == secret
    assert not hasattr(cameras.get_camera(registry, "K-0001"), "stream_address")
    assert all("rahasia-sekali" not in str(change) for change in history.changes(registry))
    log = tmp_path / "cameras.duckdb.wal"
    assert log.stat().st_size > 0, "the edit is still in the log alone"
    written = log.read_bytes()
    registry.close()
    written += registry.path.read_bytes()
    assert b"rahasia-sekali" not in written
    assert b"simulasi:" not in written


def test_an_address_under_another_key_is_named(registry: Registry) -> None:
    registry.close()
    other = Registry.open(registry.path, secret_key="z" * 40)
    with pytest.raises(RegistryError, match="other_key"):
        cameras.stream_address(other, "K-0001")
    other.close()


@pytest.mark.parametrize("read", [cameras.get_camera, cameras.stream_address, points.get_point])
def test_unknown_ids_are_named(registry: Registry, read: Callable[[Registry, str], Any]) -> None:
    with pytest.raises(NotFoundError, match="X-9999"):
        read(registry, "X-9999")


def test_access_is_remembered_newest_first(registry: Registry) -> None:
    log_access(registry, "operator", "lihat_gambar", "K-0001")
    log_access(registry, "pimpinan", "lihat_lapisan", "celah")
    assert [line.username for line in recent_access(registry)] == ["pimpinan", "operator"]

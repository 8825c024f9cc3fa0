"""The half of ``benchmarks.endurance`` that is killed: works on a register and says what was acknowledged.

It waits for orders on its input; each is done by a child of its own, so that a round costs no new interpreter.
"""

import os
import sys
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

from cctv.errors import AccessError
from cctv.registry import Registry, accounts, backup, cameras, imports, points, ticket_records, tickets

KEY = "k" * 40
ID_COUNT = 40
LIST_ROWS = 10
TEXT = "catatan panjang " * 100
#: Every other round writes its log into the file again and again; the default is every 16 MiB.
SHORT_LOG = "set global wal_autocheckpoint = '64KB'"


def say(*words: object) -> None:
    """Acknowledge: whatever has been said must survive."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def edit(registry: Registry, number: int) -> None:
    """Do one edit of one of several kinds, and say so once it is committed."""
    now = datetime.now(UTC)
    camera = cameras.get_camera(registry, f"K-{1 + number % ID_COUNT:04d}")
    changed = cameras.update_camera(registry, "uji", camera.camera_id, camera.version,
                                    {"purpose": f"{number} {TEXT}"}, "uji")  # fmt: skip
    say("camera", changed.camera_id, changed.version)
    if number % 3 == 0:
        point = points.get_point(registry, f"T-{1 + number % 20:03d}")
        moved = points.update_point(registry, "uji", point.point_id, point.version, {"note": str(number)}, "uji")
        say("point", moved.point_id, moved.version)
    if number % 4 == 0:
        repair(registry, changed.camera_id)
    if number % 5 == 0:
        with suppress(AccessError):
            accounts.check_password(registry, f"orang{number}", "salah", now)


def repair(registry: Registry, camera_id: str) -> None:
    """Report a fault and close it, or close the one that a killed round left open."""
    left = [one for one in ticket_records.list_tickets(registry, camera_id) if one.is_open]
    report = tickets.Report(camera_id, "dead", date(2026, 1, 1))
    ticket = left[0] if left else tickets.report_fault(registry, "uji", report, "uji")
    say("ticket", ticket.ticket_id, 1)
    done = tickets.Closing("done", is_working=True, cost_idr=1, note="", jpeg=b"foto")
    say("ticket", tickets.close_ticket(registry, "uji", ticket.ticket_id, 1, done, "uji").ticket_id, 2)


def take_list_over(registry: Registry, number: int) -> None:
    """Import a list of new points and cameras that also updates one camera."""
    facts = {"source": "daftar uji", "as_of": date(2026, 1, 1)}
    place = {"name": "Titik uji", "lon": 112.43, "lat": -7.47, "position_certainty": "guess", "est_error_m": 15.0,
             "mount": "pole", "kelurahan": "", "street": "", "kind": "real", "note": "", **facts}  # fmt: skip
    camera = {
        "name": "Kamera uji", "agency_id": "dishub", "model": "", "camera_type": "fixed", "height_m": None,
        "azimuth_deg": None, "azimuth_source": "unknown", "azimuth_words": "", "tilt_deg": None, "hfov_deg": None,
        "vfov_deg": None, "range_m": None, "resolution_px": None, "infrared_range_m": None, "status": "off",
        "status_since": None, "status_reason": "", "stream_address": f"rtsp://{number}", "purpose": "", "sign": None,
        "installed_on": None, "kind": "real", "certainty": "C", **facts,
    }  # fmt: skip
    one = cameras.get_camera(registry, "K-0041")
    flags = {"name": ("possible_twin",)}
    batch = imports.Batch(
        f"impor-{number}", "uji.csv", "0" * 64, "dishub", date(2026, 1, 1), {"nama": "name"}, {"new": LIST_ROWS},
        [imports.NewPoint(place, flags, str(at)) for at in range(LIST_ROWS)],
        [imports.NewCamera(at, camera, flags, str(at)) for at in range(LIST_ROWS)],
        [imports.CameraUpdate("K-0041", one.version, {"model": f"model {number}"}, "1")], remember=True,
    )  # fmt: skip
    say("import_record", imports.take_over(registry, "uji", batch).import_id, 1)


def work(path: Path, number: int, kind: str) -> None:
    """Do one kind of work until killed; opening the register is part of it (a first start, a migration)."""
    registry = Registry.open(path, secret_key=KEY)
    say("ready", "-", 0)
    if number // 10_000 % 2:
        with registry.cursor() as cursor:
            cursor.execute(SHORT_LOG)
    while True:
        if kind == "import":
            take_list_over(registry, number)
        if kind == "backup":
            backup.back_up(registry, path.parent / "cadangan", datetime.now(UTC))
        edit(registry, number)
        number += 1


def main() -> None:
    """Do what is ordered, one round after the other: ``path, number, kind`` with tabs between them."""
    for line in sys.stdin:
        path, number, kind = line.rstrip("\n").split("\t")
        if (child := os.fork()) == 0:
            say("born", os.getpid(), 0)
            work(Path(path), int(number), kind)
        _, status = os.waitpid(child, 0)
        say("gone", child, os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()

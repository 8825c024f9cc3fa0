"""Run by the crash tests in a process of its own: open the register, edit, say what was acknowledged, until killed."""

import sys
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

from cctv.errors import AccessError
from cctv.registry import Registry, accounts, backup, cameras, imports, points

ID_COUNT = 40
LIST_ROWS = 25
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
    if number % 5 == 0:
        with suppress(AccessError):
            accounts.check_password(registry, f"orang{number}", "salah", now)
    if number % 7 == 0:
        take_list_over(registry, number)
    if number % 17 == 0:
        backup.back_up(registry, registry.path.parent / "cadangan", now)


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


def main() -> None:
    """Edit until killed."""
    registry = Registry.open(Path(sys.argv[1]), secret_key="k" * 40)
    number = int(sys.argv[2])
    if number % 2:
        with registry.cursor() as cursor:
            cursor.execute(SHORT_LOG)
    say("ready", "-", "0")
    while True:
        edit(registry, number)
        number += 1


if __name__ == "__main__":
    main()

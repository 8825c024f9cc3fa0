"""Run by the crash tests in a process of its own: open the register, edit, say what was acknowledged, until killed."""

import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from cctv.errors import AccessError
from cctv.registry import Registry, accounts, backup, cameras, points

ID_COUNT = 40
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
    if number % 17 == 0:
        backup.back_up(registry, registry.path.parent / "cadangan", now)


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

"""What survives: kill -9 in the middle of edits, imports, copies, migrations and the first start; a full disk."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.endurance import KINDS, Endurance, endure
from cctv.registry import Registry, cameras, doctor

ROOT = Path(__file__).resolve().parents[3]
#: Two of each kind; ``python -m benchmarks.endurance`` does a thousand.
ROUNDS = 2 * len(KINDS)
Opener = Callable[[Path], Registry]
FILLS_THE_DISK = """
import json, resource, signal, sys
from pathlib import Path
from cctv.errors import RegistryError
from cctv.registry import Registry, cameras, doctor
path, room, log_limit = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
registry = Registry.open(path, secret_key="k" * 40)
with registry.cursor() as cursor:
    cursor.execute(f"set global wal_autocheckpoint = '{log_limit}'")

def edit(text):
    camera = cameras.get_camera(registry, "K-0001")
    return cameras.update_camera(registry, "uji", "K-0001", camera.version, {"purpose": text}, "uji").version

def limit(n_bytes):
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, resource.RLIM_INFINITY))

acknowledged, codes = 1, []
limit(path.stat().st_size + room if log_limit == "64KB" else room)
import random
random.seed(1)
for number in range(200):
    try:
        acknowledged = edit(f"{number} " + random.randbytes(5000).hex())
    except RegistryError as error:
        codes.append(error.code)
        if len(codes) == 3:
            break
limit(resource.RLIM_INFINITY)
after = edit("ada ruang lagi")
found = [str(problem) for problem in doctor.doctor(registry)]
registry.close()
print(json.dumps([codes, acknowledged, after, found]))
"""


def python(*arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}  # noqa: TID251 - a child of the test, not the program
    return subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, text=True, env=environment)


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    tally = endure(tmp_path, ROUNDS)
    assert set(tally.rounds) == set(KINDS)
    assert tally.is_clean, tally
    assert tally.acknowledged > 0


def test_the_harness_sees_what_was_lost(tmp_path: Path, register_path: Path, reopen: Opener) -> None:
    with Endurance(tmp_path) as harness:
        registry = reopen(register_path)
        harness.said.add(("camera", "K-0001", 99))
        harness.examine(registry, "uji")
        registry.close()
    assert harness.tally.lost == [("camera", "K-0001", 99)]
    assert not harness.tally.is_clean


@pytest.mark.skipif(not hasattr(os, "fork"), reason="file size limits are a Unix thing")
@pytest.mark.parametrize(("room", "log_limit", "code"), [(60_000, "1GB", "disk_full"), (0, "64KB", "interrupted")])
def test_a_full_disk_loses_nothing_and_work_goes_on_in_the_same_process(
    register_path: Path, reopen: Opener, room: int, log_limit: str, code: str
) -> None:
    with python("-c", FILLS_THE_DISK, str(register_path), str(room), log_limit) as process:
        answer, _ = process.communicate()
    codes, acknowledged, after, found = json.loads(answer)
    assert code in codes
    assert set(codes) <= {"disk_full", "interrupted"}
    assert after > acknowledged
    assert found == []
    registry = reopen(register_path)
    assert cameras.get_camera(registry, "K-0001").version == after
    assert doctor.doctor(registry) == []
    registry.close()

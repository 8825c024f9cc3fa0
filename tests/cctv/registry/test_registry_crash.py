"""What survives: kill -9 in the middle of edits and of the first start, a full disk in the middle of a commit."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cctv.registry import Registry, backup, cameras, doctor, history, import_records

ROOT = Path(__file__).resolve().parents[3]
WRITER = Path(__file__).with_name("crash_writer.py")
KILLS, KILLS_AT_BIRTH = 30, 8
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


def size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def killed_after(path: Path, first: int, n_lines: int) -> list[tuple[str, str, int]]:
    """Let the writer work until it has acknowledged some edits, kill it, and give all that it acknowledged."""
    with python(str(WRITER), str(path), str(first)) as writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(n_lines)]
        writer.kill()
        lines += writer.stdout.readlines()
    whole = [line.split() for line in lines if line.endswith("\n")]
    assert len(whole) >= n_lines, "the writer died by itself"
    return [(entity, entity_id, int(version)) for entity, entity_id, version in whole if entity != "ready"]


def written_by_lists(registry: Registry) -> dict[str, tuple[int, int]]:
    """Count what each import wrote and flagged: 25 points, 25 cameras, one update; a flag on each new record."""
    sql = """select import_id, count(*), (select count(*) from import_flag f where f.import_id = i.import_id)
             from import_item i group by import_id"""
    with registry.cursor() as cursor:
        return {str(row[0]): (int(row[1]), int(row[2])) for row in cursor.execute(sql).fetchall()}


@pytest.mark.slow
def test_no_acknowledged_edit_is_lost_when_the_process_is_killed(
    register_path: Path, reopen: Opener, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(7)
    acknowledged: set[tuple[str, str, int]] = set()
    most_log = 0
    for _ in range(KILLS):
        acknowledged |= set(killed_after(register_path, len(acknowledged), chance.randint(2, 40)))
        log = register_path.with_name("cameras.duckdb.wal")
        most_log = max(most_log, size(log))
        registry = reopen(register_path)
        assert doctor.doctor(registry) == []
        kept = {
            (change.entity, change.entity_id, int(str(change.after["version"])))
            for change in history.changes(registry, limit=1_000_000)
        }
        assert acknowledged - kept == set()
        lists = import_records.list_imports(registry)
        assert len(cameras.list_cameras(registry)) == 133 + 25 * len(lists)
        assert written_by_lists(registry) == dict.fromkeys((one.import_id for one in lists), (51, 50))
        registry.close()
    finished = list((register_path.parent / "cadangan").glob("*.duckdb"))
    backup.restore(finished[-1], register_path, secret_key="k" * 40)
    with capsys.disabled():
        print(f"\n{KILLS} kills, {len(acknowledged)} acknowledged edits, 0 lost, longest log {most_log / 1e6:.1f} MB")  # noqa: T201


def test_a_first_start_that_is_killed_is_finished_by_the_next(tmp_path: Path, reopen: Opener) -> None:
    for number in range(KILLS_AT_BIRTH):
        path = tmp_path / f"{number}.duckdb"
        log = path.with_name(f"{path.name}.wal")
        with python(str(WRITER), str(path), "0") as writer:
            while writer.poll() is None and size(log) < number * 4000 + 1:
                pass
            writer.kill()
        registry = reopen(path)
        assert len(cameras.list_cameras(registry)) == 133
        assert doctor.doctor(registry) == []
        registry.close()


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

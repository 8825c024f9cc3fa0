"""Opening: migrations, and every way it can fail, each with its own code and nothing half done."""

import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from cctv.errors import RegistryError
from cctv.registry import Registry, accounts, cameras, doctor, failures, migrations

ROOT = Path(__file__).resolve().parents[3]
Opener = Callable[[Path], Registry]
OPEN_IN_A_PROCESS = """
import os, sys
from pathlib import Path
from cctv.errors import RegistryError
from cctv.registry import Registry
if len(sys.argv) > 2 and os.getuid() == 0:
    os.setgid(65534), os.setuid(65534)
try:
    Registry.open(Path(sys.argv[1]), secret_key="k" * 40)
except RegistryError as error:
    print(error.code, error.params)
"""


def opened_elsewhere(*arguments: str) -> str:
    command = [sys.executable, "-c", OPEN_IN_A_PROCESS, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout.strip()


def folder_of(tmp_path: Path, **more: str) -> Path:
    """Take the first step of the real migrations, and more of one's own."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    first = migrations.FOLDER / "0001_start.sql"
    shutil.copyfile(first, folder / first.name)
    for name, sql in more.items():
        (folder / f"{name[1:]}.sql").write_text(sql)
    return folder


def tables(cursor: duckdb.DuckDBPyConnection) -> set[str]:
    return {str(row[0]) for row in cursor.execute("select table_name from duckdb_tables()").fetchall()}


def test_a_register_of_the_first_version_is_brought_up_to_date(tmp_path: Path, reopen: Opener) -> None:
    path = tmp_path / "cameras.duckdb"
    old = Registry.open(path, secret_key="k" * 40, seed=False)
    with old.cursor() as cursor:  # back to the first step
        for table in tables(cursor):
            cursor.execute(f"drop table {table}")
        for (sequence,) in cursor.execute("select sequence_name from duckdb_sequences()").fetchall():
            cursor.execute(f"drop sequence {sequence}")
        migrations.migrate(cursor, path, folder_of(tmp_path))
        cursor.execute("insert into account values ('lama', 'Lama', 'admin', null, true, false, 'x', 3, now(), 7)")
    old.close()

    registry = reopen(path)
    account = accounts.require_account(registry, "lama")
    assert (account.role, account.version, account.active) == ("admin", 7, True)
    assert len(cameras.list_cameras(registry)) == 133, "nothing had been written, so the seed comes in"
    with registry.cursor() as cursor:
        done = [row[0] for row in cursor.execute("select name from migration order by name").fetchall()]
    registry.close()
    assert done == [path.stem for path in sorted(migrations.FOLDER.glob("*.sql"))]
    before = migrations.copy_before(path, "0002_sign_in_attempts")
    assert before.is_file(), "the state before the step is kept"


def test_a_step_that_fails_leaves_everything_as_it_was(register_path: Path, reopen: Opener, tmp_path: Path) -> None:
    done = {f"_{name}": "select 1" for name, _ in migrations.steps() if name != "0001_start"}
    steps = folder_of(tmp_path, **done, _9999_bad="create table half(i int); select nonsense")
    registry = reopen(register_path)
    with pytest.raises(duckdb.BinderException), registry.cursor() as cursor:
        migrations.migrate(cursor, register_path, steps)
    with registry.cursor() as cursor:
        assert "half" not in tables(cursor)
        assert cursor.execute("select count(*) from migration where name = '0003_bad'").fetchone() == (0,)
    registry.close()
    registry = reopen(register_path)
    assert doctor.doctor(registry) == []
    registry.close()


def test_opening_again_changes_nothing(register_path: Path, reopen: Opener) -> None:
    reopen(register_path).close()
    first = register_path.read_bytes()
    reopen(register_path).close()
    assert register_path.read_bytes() == first
    assert [path.name for path in register_path.parent.iterdir()] == ["cameras.duckdb"]


def test_a_register_in_use_names_the_process(registry: Registry) -> None:
    assert opened_elsewhere(str(registry.path)) == f"in_use {{'path': 'cameras.duckdb', 'pid': '{os.getpid()}'}}"


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "tertutup"
    folder.mkdir(mode=0o555)
    for parent in tmp_path.parents:
        if parent.stat().st_uid == os.getuid() and parent != Path("/") and parent.name.startswith("pytest"):
            parent.chmod(0o755)
    tmp_path.chmod(0o755)
    assert opened_elsewhere(str(folder / "cameras.duckdb"), "as nobody").startswith("read_only")
    assert list(folder.iterdir()) == []


def test_a_path_through_a_file_is_named(tmp_path: Path, reopen: Opener) -> None:
    (tmp_path / "berkas").write_text("x")
    with pytest.raises(RegistryError, match="read_only"):
        reopen(tmp_path / "berkas" / "cameras.duckdb")


def test_too_little_room_is_named_before_anything_is_written(
    register_path: Path, reopen: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = reopen(register_path)
    monkeypatch.setattr(failures, "SMALLEST_FREE_BYTES", 1 << 60)
    with pytest.raises(RegistryError, match="disk_full"):
        cameras.update_camera(registry, "petugas", "K-0001", 1, {"purpose": "x"}, "uji")
    assert cameras.get_camera(registry, "K-0001").version == 1, "reading goes on"
    registry.close()
    with pytest.raises(RegistryError, match="disk_full"):
        reopen(register_path)


@pytest.mark.parametrize("what", ["no register", "empty", "cut", "header", "first block", "half"])
def test_a_damaged_file_is_called_damaged(register_path: Path, reopen: Opener, what: str) -> None:
    whole = register_path.read_bytes()
    flipped = bytes(255 - byte for byte in whole[4096:12288])
    register_path.write_bytes(
        {
            "no register": b"bukan register" * 1000,
            "empty": b"",
            "cut": whole[:5000],
            "header": whole[:4096] + flipped + whole[12288:],
            "first block": whole[:12288] + flipped + whole[20480:],
            "half": whole[: len(whole) // 2],
        }[what]
    )
    # DuckDB reads what it needs when it needs it: damage may show only when somebody looks there.
    with pytest.raises(RegistryError, match="damaged"), closing(reopen(register_path)) as registry:
        doctor.doctor(registry)


def test_a_file_of_a_newer_duckdb_is_called_newer(register_path: Path, reopen: Opener) -> None:
    whole = bytearray(register_path.read_bytes())
    whole[12:20] = struct.pack("<Q", 5000)
    whole[:8] = struct.pack("<Q", header_checksum(bytes(whole[8:4096])))
    register_path.write_bytes(whole)
    with pytest.raises(RegistryError, match="newer_format"):
        reopen(register_path)


def test_a_register_of_a_newer_program_is_called_newer(register_path: Path, reopen: Opener) -> None:
    registry = reopen(register_path)
    with registry.transaction("nanti") as cursor:
        cursor.execute("insert into migration values ('9999_later', now())")
    registry.close()
    with pytest.raises(RegistryError, match="newer_format") as caught:
        reopen(register_path)
    assert caught.value.params == {"path": "cameras.duckdb"}
    with pytest.raises(RegistryError, match="newer_format"):
        reopen(register_path)  # the failed try has let the file go


def header_checksum(block: bytes) -> int:
    """Sum up a header block as DuckDB does."""
    total = 5381
    for (word,) in struct.iter_unpack("<Q", block):
        total ^= word * 0xBF58476D1CE4E5B9 & (1 << 64) - 1
    return total

"""Kill -9 in the middle of everything: ``python -m benchmarks.endurance --rounds 1000 --seconds 900``.

Each round lets a process work on a register (edits and tickets, an import, a copy, a migration, the first start), kills
it at a random moment, opens the register again, and compares it with what had been acknowledged.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from benchmarks.endurance_writer import KEY, LIST_ROWS
from cctv.errors import CctvError
from cctv.registry import Registry, cameras, doctor, history, import_records
from cctv.registry.migrations import steps

ROOT = Path(__file__).resolve().parents[1]
KINDS = ("edit", "import", "backup", "migrate", "birth")
#: Steps that a migration round has still to do, with what they made.
UNDONE = {"0018_tickets": ("table ticket", "table camera_silence", "sequence ticket_number"),
          "0025_value_choices": ("table value_choice",)}  # fmt: skip
ROUNDS_PER_REGISTER = 8
#: Kinds that are killed from their first moment on, the others once the register is open.
WHILE_OPENING = ("migrate", "birth")
LONGEST_S = {"edit": 0.8, "import": 0.8, "backup": 0.8, "migrate": 0.5, "birth": 1.0}


@dataclass
class Tally:
    """What was found.

    Attributes
    ----------
    rounds : Counter
        Rounds by kind.
    acknowledged : int
        Commits that the writers had said.
    lost : list of tuple
        Those that the register does not hold.
    unopened, half, unsound, died : list of str
        Registers that did not open, imports that are there in part, what the doctor said, writers that ended by
        themselves.
    copies : int
        Finished copies, each opened and examined.
    """

    rounds: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    lost: list[tuple[str, str, int]] = field(default_factory=list)
    unopened: list[str] = field(default_factory=list)
    half: list[str] = field(default_factory=list)
    unsound: list[str] = field(default_factory=list)
    died: list[str] = field(default_factory=list)
    copies: int = 0

    @property
    def is_clean(self) -> bool:
        """Whether nothing at all went wrong."""
        return not (self.lost or self.unopened or self.half or self.unsound or self.died)


class Endurance:
    """Kills writers on registers of its own; a context manager.

    Parameters
    ----------
    folder : Path
        Where the registers stand.
    seed : int
        Of the moments and the order.
    """

    def __init__(self, folder: Path, seed: int = 7) -> None:
        self.folder, self.tally = folder, Tally()
        self._chance = random.Random(seed)  # noqa: S311 - moments, not secrets
        self._fresh, self._old = folder / "awal.duckdb", folder / "lama.duckdb"
        self._path = folder / "0" / "cameras.duckdb"
        self.said: set[tuple[str, str, int]] = set()

    def __enter__(self) -> Self:
        """Make the registers that rounds begin with, and start the writer."""
        seeded = Registry.open(self._fresh, secret_key=KEY)
        self._n_seeded = len(cameras.list_cameras(seeded))
        seeded.close()
        shutil.copyfile(self._fresh, self._old)
        before_last_steps(self._old)
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}  # noqa: TID251 - a child of the bench, not the program
        self._writer = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.endurance_writer"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, env=environment, cwd=ROOT,
        )  # fmt: skip
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the writer go."""
        assert self._writer.stdin is not None  # noqa: S101
        assert self._writer.stdout is not None  # noqa: S101
        self._writer.stdin.close()
        self._writer.wait()
        self._writer.stdout.close()

    def round(self, number: int) -> None:
        """Kill one writer and look at what is left."""
        kind = KINDS[number % len(KINDS)]
        self.tally.rounds[kind] += 1
        if kind in ("migrate", "birth") or number % ROUNDS_PER_REGISTER == 0:
            self._begin(number, kind)
        said, died = self._killed(number, kind)
        self.said |= said
        self.tally.acknowledged += len(said)
        if died:
            self.tally.died.append(f"{number} {kind}")
        try:
            registry = Registry.open(self._path, secret_key=KEY)
        except CctvError as error:
            self.tally.unopened.append(f"{number} {kind}: {error}")
            self._begin(number, "edit")
            return
        self.examine(registry, f"{number} {kind}")
        registry.close()

    def _begin(self, number: int, kind: str) -> None:
        """Go on with a register of its own; what was said of the last one has been compared."""
        self.said = set()
        shutil.rmtree(self._path.parent, ignore_errors=True)
        self._path = self.folder / str(number) / "cameras.duckdb"
        self._path.parent.mkdir()
        if kind != "birth":
            shutil.copyfile(self._old if kind == "migrate" else self._fresh, self._path)

    def _killed(self, number: int, kind: str) -> tuple[set[tuple[str, str, int]], bool]:
        """Order a round, kill it at a random moment; give what it acknowledged, and whether it had died before."""
        assert self._writer.stdin is not None  # noqa: S101
        assert self._writer.stdout is not None  # noqa: S101
        self._writer.stdin.write(f"{self._path}\t{number * 10_000}\t{kind}\n")
        self._writer.stdin.flush()
        child, line = int(self._writer.stdout.readline().split()[1]), ""
        if kind not in WHILE_OPENING:
            line = self._writer.stdout.readline()  # it is open now
        time.sleep(self._chance.uniform(0.0, LONGEST_S[kind]))
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        lines: list[str] = []
        while not line.startswith("gone "):
            line = self._writer.stdout.readline()
            lines += [line] if line[:5] not in ("gone ", "ready") else []
        found = [line.split() for line in lines]
        code = int(line.split()[2])
        return {(entity, key, int(version)) for entity, key, version in found}, code != -signal.SIGKILL

    def examine(self, registry: Registry, where: str) -> None:
        """Compare a register with what was acknowledged, and count what is half or unsound."""
        kept = {
            (change.entity, change.entity_id, int(str(change.after.get("version", 1))))
            for change in history.changes(registry, limit=1_000_000)
        }
        self.tally.lost += sorted(self.said - kept)
        self.tally.unsound += [f"{where}: {problem}" for problem in doctor.doctor(registry)]
        lists = [one.import_id for one in import_records.list_imports(registry)]
        n_cameras = len(cameras.list_cameras(registry))
        if n_cameras != self._n_seeded + LIST_ROWS * len(lists) or written_by_lists(registry) != dict.fromkeys(
            lists, (2 * LIST_ROWS + 1, 2 * LIST_ROWS)
        ):
            self.tally.half.append(f"{where}: {n_cameras} cameras, {len(lists)} lists")
        for copy in sorted((self._path.parent / "cadangan").glob("*.duckdb")):
            self._examine_copy(copy, where)
            copy.unlink()

    def _examine_copy(self, copy: Path, where: str) -> None:
        try:
            opened = Registry.open(copy, secret_key=KEY, seed=False)
        except CctvError as error:
            self.tally.unopened.append(f"{where} {copy.name}: {error}")
            return
        self.tally.unsound += [f"{where} {copy.name}: {problem}" for problem in doctor.doctor(opened)]
        self.tally.copies += 1
        opened.close()


def before_last_steps(path: Path) -> None:
    """Take a register back to how it was before its last steps, so that opening it migrates it."""
    known = {name for name, _ in steps()}
    registry = Registry.open(path, secret_key=KEY)
    with registry.cursor() as cursor:
        for name, made in UNDONE.items():
            if name not in known:
                raise ValueError(name)
            for what in made:
                cursor.execute(f"drop {what}")
            cursor.execute("delete from migration where name = ?", [name])
    registry.close()


def written_by_lists(registry: Registry) -> dict[str, tuple[int, int]]:
    """Count what each import wrote and flagged: points, cameras, one update; a flag on each new record."""
    sql = """select import_id, count(*), (select count(*) from import_flag f where f.import_id = i.import_id)
             from import_item i group by import_id"""
    with registry.cursor() as cursor:
        return {str(row[0]): (int(row[1]), int(row[2])) for row in cursor.execute(sql).fetchall()}


def endure(folder: Path, rounds: int, seconds: float = float("inf"), seed: int = 7) -> Tally:
    """Do so many rounds, or as many as the time permits."""
    started = time.monotonic()
    with Endurance(folder, seed) as harness:
        for number in range(rounds):
            if time.monotonic() - started > seconds:
                break
            harness.round(number)
        return harness.tally


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="kill -9 in the middle of everything")
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=1800.0)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="cctv-tahan-") as folder:
        tally = endure(Path(folder), arguments.rounds, arguments.seconds, arguments.seed)
    print(f"{sum(tally.rounds.values())} rounds {dict(tally.rounds)} in {time.monotonic() - started:.0f} s")
    print(f"{tally.acknowledged} acknowledged commits, {len(tally.lost)} lost; {len(tally.unopened)} open failures; "
          f"{len(tally.half)} half imports; {len(tally.unsound)} unsound; "
          f"{len(tally.died)} writers died by themselves; {tally.copies} finished copies, all examined")  # fmt: skip
    for name in ("lost", "unopened", "half", "unsound", "died"):
        for one in getattr(tally, name)[:20]:
            print(f"  {name}: {one}")
    sys.exit(0 if tally.is_clean else 1)


if __name__ == "__main__":
    main()

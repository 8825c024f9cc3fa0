"""Fill the disk in the middle of commits: ``python -m benchmarks.endurance_disk FOLDER``, on a small disk of its own.

The disk is filled bit by bit in one round and at once in the next, while a thread commits as fast as it can. Nothing
that was acknowledged may be missing, every refusal must have a name, and work must go on in the same process.
"""

import argparse
import os
import random
import shutil
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.endurance_writer import KEY
from cctv.errors import RegistryError
from cctv.registry import Registry, cameras, doctor

CAMERA = "K-0001"
TEXT_BYTES = 20_000
ROUNDS_PER_REGISTER, LONGEST_S = 4, 10.0
LARGEST_DISK_BYTES = 1_000_000_000
NAMES = frozenset({"disk_full", "interrupted"})


@dataclass
class DiskTally:
    """What was found.

    Attributes
    ----------
    rounds, acknowledged : int
        Times the disk was filled, and commits that were acknowledged.
    codes : Counter
        Names of the refusals.
    lost : int
        Times that the record was older than what had been acknowledged.
    unsound : list of str
        What the doctor said.
    longest_s : float
        Longest time from free room to the next commit.
    """

    rounds: int = 0
    acknowledged: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    unsound: list[str] = field(default_factory=list)
    longest_s: float = 0.0

    @property
    def is_clean(self) -> bool:
        """Whether nothing at all went wrong."""
        return not (self.lost or self.unsound or set(self.codes) - NAMES)


def edit(registry: Registry, chance: random.Random) -> int:
    """Commit a text that cannot be packed, and give the version that was acknowledged."""
    version = cameras.get_camera(registry, CAMERA).version
    text = chance.randbytes(TEXT_BYTES // 2).hex()
    return cameras.update_camera(registry, "uji", CAMERA, version, {"purpose": text}, "uji").version


def edit_until_refused(registry: Registry, chance: random.Random) -> tuple[int, str]:
    """Commit until there is no room; give the last version and the name of the refusal."""
    version = 0
    while True:
        try:
            version = edit(registry, chance)
        except RegistryError as error:
            return version, error.code


def fill(folder: Path, *, at_once: bool) -> Path:
    """Take all the room that is left."""
    path = folder / "isi"
    with suppress(OSError), path.open("wb") as file:
        if at_once:
            os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(folder).free)
        while True:
            file.write(bytes(1 << 16))
            file.flush()
    return path


def fill_once(registry: Registry, tally: DiskTally, chance: random.Random, *, at_once: bool) -> None:
    """Fill the disk under a thread that commits, free it, and go on in the same process."""
    first = edit(registry, chance)
    with ThreadPoolExecutor(1) as pool:
        editing = pool.submit(edit_until_refused, registry, chance)
        time.sleep(chance.uniform(0.0, 0.1))
        filler = fill(registry.path.parent, at_once=at_once)
        version, code = editing.result()
    filler.unlink(missing_ok=True)
    freed = time.monotonic()
    tally.codes[code] += 1
    kept = after = 0
    while not after and time.monotonic() - freed < LONGEST_S:
        try:
            kept = cameras.get_camera(registry, CAMERA).version
            after = edit(registry, chance)
        except RegistryError as error:
            tally.codes[error.code] += 1
    tally.longest_s = max(tally.longest_s, time.monotonic() - freed)
    tally.rounds += 1
    tally.lost += kept < max(version, first)
    tally.acknowledged += max(0, after - first + 1)
    tally.unsound += (
        [str(problem) for problem in doctor.doctor(registry)] if after else ["no commit after the disk was freed"]
    )


def fill_again_and_again(folder: Path, rounds: int, seed: int = 7) -> DiskTally:
    """Fill and free the disk so many times; a new register now and then, because the history grows."""
    chance, tally = random.Random(seed), DiskTally()  # noqa: S311 - texts, not secrets
    for block in range(0, rounds, ROUNDS_PER_REGISTER):
        path = folder / str(block) / "cameras.duckdb"
        registry = Registry.open(path, secret_key=KEY)
        for number in range(block, min(rounds, block + ROUNDS_PER_REGISTER)):
            fill_once(registry, tally, chance, at_once=bool(number % 2))
        last = cameras.get_camera(registry, CAMERA).version
        registry.close()
        again = Registry.open(path, secret_key=KEY)
        tally.lost += cameras.get_camera(again, CAMERA).version < last
        again.close()
        shutil.rmtree(path.parent)
    return tally


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="fill the disk in the middle of commits")
    parser.add_argument("folder", type=Path, help="on a disk of its own of at most 1 GB: it will be filled")
    parser.add_argument("--rounds", type=int, default=20)
    arguments = parser.parse_args()
    if shutil.disk_usage(arguments.folder).total > LARGEST_DISK_BYTES:
        parser.error("this disk is larger than 1 GB: mount a small one, it will be filled to the last byte")
    with TemporaryDirectory(dir=arguments.folder) as folder:
        tally = fill_again_and_again(Path(folder), arguments.rounds)
    print(f"{tally.rounds} times full, {tally.acknowledged} acknowledged commits, {tally.lost} lost; refusals "
          f"{dict(tally.codes)}; longest {tally.longest_s:.2f} s from free room to the next commit; "
          f"{len(tally.unsound)} unsound")  # fmt: skip
    sys.exit(0 if tally.is_clean else 1)


if __name__ == "__main__":
    main()

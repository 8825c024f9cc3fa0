"""A filled register per test: made once, copied for each."""

import shutil
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from cctv.registry import Registry

KEY = "k" * 40


@pytest.fixture(scope="session")
def seeded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register as the first start makes it."""
    path = tmp_path_factory.mktemp("register") / "cameras.duckdb"
    Registry.open(path, secret_key=KEY).close()
    return path


@pytest.fixture
def register_path(seeded_file: Path, tmp_path: Path) -> Path:
    """A closed register of one's own."""
    path = tmp_path / "cameras.duckdb"
    shutil.copyfile(seeded_file, path)
    return path


@pytest.fixture
def registry(register_path: Path) -> Generator[Registry]:
    """An open register of one's own."""
    opened = Registry.open(register_path, secret_key=KEY)
    yield opened
    opened.close()


@pytest.fixture
def reopen() -> Callable[[Path], Registry]:
    """Open a register with the key that all tests use."""
    return lambda path: Registry.open(path, secret_key=KEY)

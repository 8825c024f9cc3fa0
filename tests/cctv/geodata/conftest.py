"""The shipped city, and copies of it that a test may spoil."""

import shutil
from pathlib import Path

import pytest

from cctv.geodata import CityLayers, load_city

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def geo_dir() -> Path:
    return ROOT / "data" / "geo"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder of collected figures does not stand beside the repository")
    return folder


@pytest.fixture(scope="session")
def city(geo_dir: Path) -> CityLayers:
    return load_city(geo_dir)


@pytest.fixture
def copied(geo_dir: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(geo_dir, tmp_path / "geo"))

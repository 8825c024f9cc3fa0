"""The real app, once for all tests of this folder."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from served import serve


@pytest.fixture(scope="session")
def app(tmp_path_factory):
    with serve(tmp_path_factory.mktemp("app")) as served:
        yield served

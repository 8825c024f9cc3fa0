"""An open process on the real city layers: one to read for all tests of a file, one to write per test."""

import shutil

import pytest

from cctv.permissions import Role
from cctv.registry import accounts
from cctv.services.runtime import open_runtime
from cctv.settings import read_settings

BY_ROLE = {role: username for username, _, role in accounts.DEMO_ACCOUNTS}


def _open(folder):
    return open_runtime(
        read_settings(
            {"CCTV_DATABASE": f"{folder}/cameras.duckdb", "CCTV_CACHE_DIR": f"{folder}", "CCTV_DEMO_PASSWORD": "x" * 12}
        )
    )


@pytest.fixture(scope="session")
def seeded(tmp_path_factory):
    """A closed register as the first start makes it."""
    folder = tmp_path_factory.mktemp("services")
    _open(folder).registry.close()
    return folder


@pytest.fixture(scope="module")
def city_runtime(seeded, tmp_path_factory):
    """For tests that only read."""
    folder = tmp_path_factory.mktemp("shared")
    shutil.copytree(seeded, folder, dirs_exist_ok=True)
    opened = _open(folder)
    yield opened
    opened.registry.close()


@pytest.fixture
def own_runtime(seeded, tmp_path):
    """For a test that writes."""
    shutil.copytree(seeded, tmp_path, dirs_exist_ok=True)
    opened = _open(tmp_path)
    yield opened
    opened.registry.close()


@pytest.fixture
def account_of():
    """Give a function that finds the demo account of a role."""

    def find(runtime, role: Role):
        return accounts.require_account(runtime.registry, BY_ROLE[role])

    return find

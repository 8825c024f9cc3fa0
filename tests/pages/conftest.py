"""The screens without a browser: every page in every role, on a register of its own."""

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cctv.permissions import Role
from cctv.registry import accounts
from cctv.services import runtime as runtime_module
from cctv.settings import page_file, read_settings
from cctv.ui import session

ROOT = Path(__file__).resolve().parents[2]
BY_ROLE = {role: username for username, _, role in accounts.DEMO_ACCOUNTS}


@pytest.fixture(scope="session")
def runtime(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    settings = read_settings(
        {"CCTV_DATABASE": str(folder / "cameras.duckdb"), "CCTV_CACHE_DIR": str(folder), "CCTV_DEMO_PASSWORD": "x" * 12}
    )
    opened = runtime_module.open_runtime(replace(settings))
    yield opened
    opened.registry.close()


@pytest.fixture
def screen(runtime, monkeypatch):
    """Give a function that runs a page as somebody with a role."""
    monkeypatch.setattr(runtime_module, "_runtime", runtime)

    def run(page: str, role: Role, **query: str) -> AppTest:
        account = accounts.require_account(runtime.registry, BY_ROLE[role])
        monkeypatch.setattr(session, "signed_in", lambda: account)
        app = AppTest.from_file(str(ROOT / "cctv" / "ui" / "start" / "main.py"), default_timeout=120)
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        return app if page == "peta" else app.switch_page(page_file(page)).run()

    return run

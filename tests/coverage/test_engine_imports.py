"""The engine alone: what a fresh interpreter has loaded after importing every module of it."""

import subprocess
import sys
from pathlib import Path

import coverage

FOLDER = Path(coverage.__file__).parent
FOREIGN = ["cctv", "streamlit", "pydeck", "duckdb", "cv2", "numba"]
NAMES_OF_THE_TOOL = [
    "annotate",
    "bytecode",
    "cmdline",
    "collector",
    "config",
    "context",
    "control",
    "core",
    "data",
    "debug",
    "disposition",
    "env",
    "exceptions",
    "execfile",
    "files",
    "html",
    "inorout",
    "misc",
    "multiproc",
    "numbits",
    "parser",
    "patch",
    "phystokens",
    "plugin",
    "python",
    "pytracer",
    "regions",
    "report",
    "results",
    "sqldata",
    "sqlitedb",
    "sysmon",
    "templite",
    "types",
    "version",
]


def modules() -> list[str]:
    return sorted(f"coverage.{path.stem}" for path in FOLDER.glob("*.py") if path.stem != "__init__")


def run(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], cwd=FOLDER.parent, capture_output=True, text=True, check=True
    ).stdout


def test_nothing_of_the_product_or_of_its_screens_is_loaded():
    assert "coverage.viewshed" in modules()
    loaded = run(f"import sys, {', '.join(modules())}; print([name for name in {FOREIGN} if name in sys.modules])")
    assert loaded.strip() == "[]"


def test_the_package_itself_loads_nothing_heavy():
    assert run("import sys, coverage; print('numpy' in sys.modules, coverage.METHOD_VERSION)").split() == [
        "False",
        "1.3",
    ]


def test_no_module_bears_a_name_of_the_coverage_tool():
    stems = {path.stem for path in FOLDER.glob("*.py")}
    assert stems.isdisjoint(NAMES_OF_THE_TOOL)

"""The documents say what the code offers: settings, commands, terms, decisions, texts in both languages, colours."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from cctv.i18n import LANGUAGES, catalogue, texts_of
from cctv.palette import PALETTES
from cctv.settings import VARIABLES

ROOT = Path(__file__).resolve().parents[1]
TERMS = (
    "observer", "target_height_m", "azimuth_deg", "tilt_deg", "hfov_deg", "range_m", "viewshed", "obstacles", "demand",
    "corridor", "k_coverage", "gap", "candidate", "covers", "siting", "marginal_gain", "upper_bound", "fingerprint",
)  # fmt: skip
CODE = sorted([*ROOT.glob("cctv/**/*.py"), *ROOT.glob("coverage/**/*.py")])


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", list(VARIABLES))
def test_every_setting_is_documented(name):
    assert f"`{name}`" in read("docs/operations.md")


def test_every_command_is_documented():
    done = subprocess.run(
        [sys.executable, "-m", "cctv", "--help"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    names = re.findall(r"^    ([a-z][a-z-]+)(?: |$)", done.stdout.split("PERINTAH\n")[-1], re.MULTILINE)
    missing = [name for name in names if f"`{name.strip()}" not in read("docs/operations.md")]
    assert names
    assert missing == []


@pytest.mark.parametrize("term", TERMS)
def test_every_term_is_in_the_glossary(term):
    assert f"`{term}`" in read("docs/glossary.md")


def test_every_decision_is_listed():
    listed = read("docs/decisions/README.md")
    assert [path.name for path in (ROOT / "docs/decisions").glob("0*.md") if path.name not in listed] == []


def test_both_languages_have_the_same_texts():
    assert set(catalogue("id")) == set(catalogue("en"))


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            yield name, node


def _text_keys() -> Iterator[str]:
    for path in CODE:
        for name, call in _calls(ast.parse(path.read_text(encoding="utf-8"))):
            first = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
            if name.endswith("Error") and isinstance(first, str) and first.isidentifier():
                yield f"error.{first}"
            if name == "Problem" and isinstance(first, str):
                yield f"problem.{first}"
            if name == "raise_if_any":
                yield from (
                    f"error.{word.value.value}"
                    for word in call.keywords
                    if word.arg == "code" and isinstance(word.value, ast.Constant)
                )


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_hides_another(language):
    """Areas are spread over files; two texts of one key would leave people with the wrong sentence."""
    files = sorted((ROOT / "cctv" / "i18n" / "text" / language).glob("*.toml"))
    assert sum(len(texts_of(path)) for path in files) == len(catalogue(language))


@pytest.mark.parametrize("key", sorted(set(_text_keys())))
def test_every_error_and_problem_has_a_sentence(key):
    assert key in catalogue("id")


def test_the_theme_has_the_colours_of_the_palette():
    theme = tomllib.loads(read(".streamlit/config.toml"))["theme"]
    for scheme, colours in PALETTES.items():
        names = {"primaryColor": "accent", "backgroundColor": "background", "secondaryBackgroundColor": "surface",
                 "textColor": "text", "borderColor": "border"}  # fmt: skip
        assert {key: theme[scheme][key] for key in names} == {key: getattr(colours, n) for key, n in names.items()}

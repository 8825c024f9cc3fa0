"""Every error and problem of the engine has an Indonesian and an English text that can be filled in."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import coverage
from cctv.i18n import LANGUAGES, Language, catalogue, use_language
from cctv.i18n.messages import error_hint, error_text, problem_text
from coverage.errors import InvalidObserverError
from coverage.observers import Observers

PROBLEM_FIELDS = {"where", "name", "value", "expected"}


def calls() -> Iterator[ast.Call]:
    for path in sorted(Path(coverage.__file__).parent.glob("*.py")):
        yield from (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))


def literals(nodes: list[ast.expr]) -> list[str]:
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def error_params() -> dict[str, set[str]]:
    """Collect the codes of errors with the names that their texts may use."""
    found: dict[str, set[str]] = {}
    for call in calls():
        name = getattr(call.func, "id", "")
        if name == "raise_if_any":
            keywords = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
            [code] = literals([keywords.pop("code")])
            params = {*keywords, "count"}
        elif name.endswith("Error") and literals(call.args[:1]):
            [code] = literals(call.args[:1])
            params = {
                key for arg in call.args if isinstance(arg, ast.Dict) for key in literals([k for k in arg.keys if k])
            }
        else:
            continue
        found[code] = found[code] & params if code in found else params
    return found


def problem_codes() -> set[str]:
    """Collect the codes of problems; cameras list theirs through a helper, as its fourth argument."""
    position = {"Problem": 0, "_listed": 3}
    named = ((getattr(call.func, "id", ""), call) for call in calls())
    return {code for name, call in named if name in position for code in literals([call.args[position[name]]])}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_the_codes_are_found_in_the_code():
    assert {"crs_wrong", "observer_invalid", "scale_unknown", "grid_geometry"} <= set(error_params())
    assert {"azimuth_unknown", "out_of_range", "geometry_empty"} <= problem_codes()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(error_params()))
def test_every_error_has_a_sentence_and_a_hint(code: str, language: Language):
    texts = catalogue(language)
    for key in (f"error.{code}", f"error.{code}_hint"):
        assert key in texts
        assert placeholders(texts[key]) <= error_params()[code]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(problem_codes()))
def test_every_problem_has_a_sentence(code: str, language: Language):
    text = catalogue(language).get(f"problem.{code}")
    assert text is not None
    assert placeholders(text) <= PROBLEM_FIELDS


def test_a_person_reads_indonesian():
    with pytest.raises(InvalidObserverError, match="observer_invalid") as caught:
        Observers([0.0], [0.0], [6.0], [np.nan], [90.0], [50.0])
    use_language("id")
    assert error_text(caught.value) == "Area pandang tidak dapat dihitung: 1 nilai kamera tidak dapat dipakai."
    assert error_hint(caught.value) == "Perbaiki nilai yang disebut di bawah pada data kamera."
    assert problem_text(caught.value.problems[0]).startswith("[0]: arah kamera belum diketahui")

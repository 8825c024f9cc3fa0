"""Every note that a value can carry has its sentence."""

import ast
from pathlib import Path

import pytest

from cctv.i18n import catalogue

FOLDER = Path(__file__).resolve().parents[3] / "cctv" / "importers" / "cameras"
POSITION = {"guess": 2, "problem": 1, "noted": 1, "Note": 0}


def codes():
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in POSITION:
                at = POSITION[node.func.id]
                if len(node.args) > at and isinstance(node.args[at], ast.Constant):
                    area = "twin" if path.stem == "duplicates" else "kind"
                    yield f"importing.{area}.{node.args[at].value}"


@pytest.mark.parametrize("key", sorted(set(codes())))
def test_every_note_has_a_sentence(key):
    assert key in catalogue("id")

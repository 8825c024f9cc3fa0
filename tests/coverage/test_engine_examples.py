"""The examples in the docstrings of the engine give the output they show."""

import doctest
import importlib
from pathlib import Path

import pytest

import coverage

MODULES = sorted(f"coverage.{path.stem}" for path in Path(coverage.__file__).parent.glob("[!_]*.py"))


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str):
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0


def test_there_are_examples():
    finder = doctest.DocTestFinder()
    examples = [test for name in MODULES for test in finder.find(importlib.import_module(name)) if test.examples]
    assert len(examples) >= 8

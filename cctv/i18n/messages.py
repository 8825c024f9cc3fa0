"""Turn errors and problems into sentences a civil servant understands."""

from collections.abc import Sequence
from typing import Protocol

from cctv.i18n import has_text, t


class _Problem(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def where(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def expected(self) -> str: ...


class _Error(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def params(self) -> dict[str, object]: ...
    @property
    def problems(self) -> Sequence[_Problem]: ...


def error_text(error: _Error) -> str:
    """Say what went wrong.

    Parameters
    ----------
    error : CctvError or CoverageError
        Any error with a code, parameters and problems.

    Returns
    -------
    str
        One sentence in the current language.
    """
    return t(f"error.{error.code}", **error.params)


def error_hint(error: _Error) -> str:
    """Say what to do about it.

    Parameters
    ----------
    error : CctvError or CoverageError
        Any error with a code, parameters and problems.

    Returns
    -------
    str
        One sentence, empty if there is nothing to add.
    """
    key = f"error.{error.code}_hint"
    return t(key, **error.params) if has_text(key) else ""


def _label(name: str) -> str:
    """Name a column as people know it."""
    return t(f"registry.{name}") if has_text(f"registry.{name}") else name


def problem_text(problem: _Problem) -> str:
    """Say what is wrong with one value.

    Parameters
    ----------
    problem : Problem
        Code, place, value and what was expected.

    Returns
    -------
    str
        One line in the current language.
    """
    sentence = t(
        f"problem.{problem.code}",
        where=problem.where, name=_label(problem.name), value=problem.value, expected=problem.expected,
    )  # fmt: skip
    return f"{problem.where}: {sentence}" if problem.where else sentence

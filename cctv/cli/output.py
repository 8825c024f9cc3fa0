"""Lines on the terminal: steps, findings, and errors as a sentence with a hint."""

import sys
from collections.abc import Sequence

from cctv.errors import CctvError, Problem
from cctv.i18n import t
from cctv.i18n.messages import error_hint, error_text, problem_text
from coverage.errors import CoverageError

MOST_PROBLEMS = 20


def say(text: str = "") -> None:
    """Print a line at once.

    Parameters
    ----------
    text : str
        The line.
    """
    print(text, flush=True)


def step(number: int, total: int, text: str) -> None:
    """Print a line of a step list.

    Parameters
    ----------
    number, total : int
        Which step of how many.
    text : str
        What is being done.
    """
    say(f"[{number}/{total}] {text}")


def show_problems(problems: Sequence[Problem]) -> None:
    """Print what is wrong, the first twenty and how many more.

    Parameters
    ----------
    problems : sequence of Problem
        What was found.
    """
    for problem in problems[:MOST_PROBLEMS]:
        print(f"  - {problem_text(problem)}", file=sys.stderr)
    if len(problems) > MOST_PROBLEMS:
        print(f"  {t('cli.more_problems', n=len(problems) - MOST_PROBLEMS)}", file=sys.stderr)


def show_error(error: CctvError | CoverageError) -> None:
    """Print an error: what happened, what is wrong, what to do.

    Parameters
    ----------
    error : CctvError or CoverageError
        What was raised.
    """
    print(f"{t('cli.failed')} {error_text(error)}", file=sys.stderr)
    show_problems([Problem(p.code, p.where, p.name, p.value, p.expected) for p in error.problems])
    hint = error_hint(error)
    if hint:
        print(hint, file=sys.stderr)


def show_system_error(error: OSError) -> None:
    """Print what the operating system refused.

    Parameters
    ----------
    error : OSError
        What was raised.
    """
    text = t("cli.system_error", path=error.filename or "-", reason=error.strerror or str(error))
    print(f"{t('cli.failed')} {text}", file=sys.stderr)

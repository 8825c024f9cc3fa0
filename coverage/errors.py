"""The error tree of the engine.

    CoverageError
    +-- InvalidObserverError     a camera has a value no viewshed can be computed from
    +-- InvalidObstacleError     a building has no usable footprint or height
    +-- CrsError                 coordinates are not metres in the one projected CRS
    +-- GridError                a grid or a geometry to be laid on it cannot be used
    +-- InvalidDemandError       demand or weights cannot be used
    +-- InfeasibleBudgetError    no plan fits the budget and the conditions
    +-- DistributionError        a job cannot be spread over processes

Every class but the last, a ``RuntimeError``, is also a ``ValueError``. Validators collect all problems and raise once.
The code is stable and is the key of the Indonesian and English text (``error.<code>`` and ``error.<code>_hint``).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one value.

    Attributes
    ----------
    code : str
        Stable name; the text is ``problem.<code>``.
    where : str
        Row, building or layer the value stands in; ``[3]`` is array position 3, counted from 0.
    name : str
        Column or argument.
    value : str
        The value as it was given.
    expected : str
        What would have been acceptable.
    """

    code: str
    where: str = ""
    name: str = ""
    value: str = ""
    expected: str = ""


@dataclass(eq=False)
class CoverageError(Exception):
    """Base of all errors of the engine.

    Attributes
    ----------
    code : str
        Stable name, key of the text people read.
    message : str
        For the log: what value, where, what was expected.
    params : dict
        Values that the text people read has in it.
    problems : tuple of Problem
        Everything that is wrong, where several things can be.
    """

    code: str
    message: str = ""
    params: dict[str, object] = field(default_factory=dict[str, object])
    problems: tuple[Problem, ...] = ()

    def __post_init__(self) -> None:
        super().__init__(self.code, self.message)

    def __str__(self) -> str:
        lines = [f"[{self.code}] {self.message}".rstrip()]
        lines += [f"  - {p.where} {p.name}={p.value!r}: {p.code}, expected {p.expected}" for p in self.problems]
        return "\n".join(lines)


class InvalidObserverError(CoverageError, ValueError):
    """A camera has a value no viewshed can be computed from."""


class InvalidObstacleError(CoverageError, ValueError):
    """A building has no usable footprint or height."""


class CrsError(CoverageError, ValueError):
    """Coordinates are not metres in the one projected CRS."""


class GridError(CoverageError, ValueError):
    """A grid, or a geometry to be laid on it, cannot be used."""


class InvalidDemandError(CoverageError, ValueError):
    """Demand or weights cannot be used."""


class InfeasibleBudgetError(CoverageError, ValueError):
    """No plan fits the budget and the conditions."""


class DistributionError(CoverageError, RuntimeError):
    """A job cannot be spread over processes."""


def raise_if_any(
    problems: Iterable[Problem], error: type[CoverageError], *, code: str, message: str, **params: object
) -> None:
    """Raise one error that lists all problems, or return if there are none.

    Parameters
    ----------
    problems : iterable of Problem
        What a validator found.
    error : type
        Class to raise.
    code, message : str
        As in :class:`CoverageError`.
    **params : object
        As in :class:`CoverageError`; ``count`` is added.

    Raises
    ------
    CoverageError
        Of the given class, if there is at least one problem.
    """
    found = tuple(problems)
    if found:
        raise error(code, message, {**params, "count": len(found)}, found)

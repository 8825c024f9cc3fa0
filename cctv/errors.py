"""The error tree of everything outside the engine.

    CctvError
    +-- SettingsError            a setting has a value that cannot be used
    +-- GeodataError             a city layer is missing, damaged or not what the manifest says
    +-- ImportProblemsError      a file could not be taken over; lists every problem at once
    +-- RegistryError            the register cannot be opened, read or written
    |   +-- ValidationError      values of a form or row are not acceptable; lists every problem at once
    |   +-- StaleEditError       somebody else changed the record in the meantime
    |   +-- NotFoundError        no such record
    +-- AccessError              signed out, locked out, or not permitted
    +-- SnapshotError            no picture; ``code`` says why

The code is stable and is the key of the Indonesian and English text (``error.<code>`` and ``error.<code>.hint``).
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
        Row, record or layer the value stands in.
    name : str
        Column, field or attribute.
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


@dataclass
class CctvError(Exception):
    """Base of all our errors.

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


class SettingsError(CctvError, ValueError):
    """A setting has a value that cannot be used."""


class GeodataError(CctvError, ValueError):
    """A city layer is missing, damaged or not what the manifest says."""


class ImportProblemsError(CctvError, ValueError):
    """A file could not be taken over."""


class RegistryError(CctvError, RuntimeError):
    """The register cannot be opened, read or written."""


class ValidationError(RegistryError, ValueError):
    """Values of a form or row are not acceptable."""


class StaleEditError(RegistryError):
    """Somebody else changed the record in the meantime."""


class NotFoundError(RegistryError, LookupError):
    """No such record."""


class AccessError(CctvError, PermissionError):
    """Signed out, locked out, or not permitted."""


class SnapshotError(CctvError, OSError):
    """No picture could be had from a camera."""


def raise_if_any(
    problems: Iterable[Problem], error: type[CctvError], *, code: str, message: str, **params: object
) -> None:
    """Raise one error that lists all problems, or return if there are none.

    Parameters
    ----------
    problems : iterable of Problem
        What a validator found.
    error : type
        Class to raise.
    code, message : str
        As in :class:`CctvError`.
    **params : object
        As in :class:`CctvError`.

    Raises
    ------
    CctvError
        Of the given class, if there is at least one problem.
    """
    found = tuple(problems)
    if found:
        raise error(code, message, {**params, "count": len(found)}, found)

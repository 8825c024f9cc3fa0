"""One understood cell: its value, how sure it is, and a note for every guess."""

from dataclasses import dataclass, field
from typing import Literal

#: read as written; guessed, a person should look; not given; cannot be used.
State = Literal["read", "guess", "unknown", "problem"]


@dataclass(frozen=True, slots=True)
class Note:
    """Why a value is a guess or a problem; the text is ``importing.note.<code>``."""

    code: str
    params: dict[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class Value:
    """One understood value.

    Attributes
    ----------
    value : object
        None where it is unknown or cannot be used.
    state : str
        How sure it is.
    notes : tuple of Note
        At least one where the state is ``guess`` or ``problem``.
    raw : str
        What stood in the file.
    """

    value: object = None
    state: State = "unknown"
    notes: tuple[Note, ...] = ()
    raw: str = ""


def read(value: object, raw: object = "") -> Value:
    """Give a value that stood there as it is.

    Parameters
    ----------
    value : object
        The value.
    raw : object
        What stood in the file.

    Returns
    -------
    Value
        State ``read``.
    """
    return Value(value, "read", (), str(raw))


def guess(value: object, raw: object, code: str, /, **params: object) -> Value:
    """Give a value that a person should look at.

    Parameters
    ----------
    value : object
        The value.
    raw : object
        What stood in the file.
    code : str
        Why it is a guess.
    **params : object
        Values of the note.

    Returns
    -------
    Value
        State ``guess``.
    """
    return Value(value, "guess", (Note(code, params),), str(raw))


def problem(raw: object, code: str, /, **params: object) -> Value:
    """Say that a cell cannot be used.

    Parameters
    ----------
    raw : object
        What stood in the file.
    code : str
        Why not.
    **params : object
        Values of the note.

    Returns
    -------
    Value
        State ``problem``, no value.
    """
    return Value(None, "problem", (Note(code, params),), str(raw))


def noted(value: Value, code: str, /, **params: object) -> Value:
    """Add a note; what was read becomes a guess.

    Parameters
    ----------
    value : Value
        The value.
    code : str
        What to look at.
    **params : object
        Values of the note.

    Returns
    -------
    Value
        With the note.
    """
    state: State = "problem" if value.state == "problem" else "guess"
    return Value(value.value, state, (*value.notes, Note(code, params)), value.raw)


def confirmed(value: Value) -> Value:
    """Take a guess as right, because a person says so; the notes stay and tell how it was understood.

    Parameters
    ----------
    value : Value
        A guess.

    Returns
    -------
    Value
        State ``read``.
    """
    return Value(value.value, "read", value.notes, value.raw)

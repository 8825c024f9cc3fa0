"""Right guesses: a person confirms them, and what words of an agency mean is remembered for its next list.

What can be remembered is what follows from the words alone (an owner's spelling, a word for a status, "Arah Utara").
A repaired position or the direction to a landmark follows from the row and is confirmed for this list only.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from cctv.importers.cameras.rows import CameraRow
from cctv.importers.cameras.values import Value, confirmed

#: Field to the kinds of guess that follow from the words alone.
WORDED: dict[str, frozenset[str]] = {
    "agency_id": frozenset({"owner_like"}),
    "status": frozenset({"status_wide", "status_words", "status_unknown"}),
    "azimuth_deg": frozenset({"azimuth_words", "azimuth_360"}),
    "camera_type": frozenset({"type_several"}),
    "resolution_px": frozenset({"resolution_class"}),
}
Words = Mapping[tuple[str, str], str]
"""Field and words of the list, in lower case, to what they mean."""


@dataclass(frozen=True)
class GuessGroup:
    """Guesses of one kind.

    Attributes
    ----------
    field : str
        Field of the rows.
    codes : tuple of str
        Why they are guesses.
    raw, meaning : str
        What stood in the list and what was understood; the first one where they differ.
    is_worded : bool
        Whether all have the same words and the same meaning, so that they can be remembered.
    count : int
        How many.
    """

    field: str
    codes: tuple[str, ...]
    raw: str
    meaning: str
    is_worded: bool
    count: int


def guess_groups(rows: Sequence[CameraRow]) -> list[GuessGroup]:
    """Gather the guesses that are still open.

    Parameters
    ----------
    rows : sequence of CameraRow
        Understood rows.

    Returns
    -------
    list of GuessGroup
        The most frequent first.
    """
    found: dict[tuple[object, ...], list[Value]] = {}
    for row in rows:
        for field, value in row.values.items():
            if value.state == "guess":
                found.setdefault(_key(field, value), []).append(value)
    groups = [_group(str(key[0]), values) for key, values in found.items()]
    return sorted(groups, key=lambda group: (-group.count, group.field, group.codes, group.raw))


def confirm_groups(rows: Sequence[CameraRow], groups: Collection[GuessGroup]) -> list[CameraRow]:
    """Take all guesses of some kinds as right.

    Parameters
    ----------
    rows : sequence of CameraRow
        Understood rows.
    groups : collection of GuessGroup
        Confirmed kinds.

    Returns
    -------
    list of CameraRow
        All rows.
    """
    wanted = {_group_key(group) for group in groups}

    def right(row: CameraRow) -> list[str]:
        return [name for name, value in row.values.items() if value.state == "guess" and _key(name, value) in wanted]

    return [_settled(row, right(row)) for row in rows]


def with_remembered(rows: Sequence[CameraRow], known: Words) -> list[CameraRow]:
    """Take as right what a person confirmed in an earlier list of the same agency.

    Parameters
    ----------
    rows : sequence of CameraRow
        Understood rows.
    known : mapping
        Remembered words.

    Returns
    -------
    list of CameraRow
        All rows; words that are understood otherwise than they were confirmed stay guesses.
    """
    if not known:
        return list(rows)

    def is_known(name: str, value: Value) -> bool:
        return (
            value.state == "guess" and known.get((name, _words(value))) == str(value.value) and is_worded(name, value)
        )

    return [_settled(row, [name for name in WORDED if is_known(name, row.values[name])]) for row in rows]


def to_remember(rows: Sequence[CameraRow]) -> dict[tuple[str, str], str]:
    """Give the words that a person has confirmed in this list.

    Parameters
    ----------
    rows : sequence of CameraRow
        Rows as they are taken over.

    Returns
    -------
    dict
        Field and words to meaning; words that were given two meanings are left out.
    """
    found: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        for name in WORDED:
            value = row.values[name]
            if value.state == "read" and is_worded(name, value):
                found.setdefault((name, _words(value)), set()).add(str(value.value))
    return {key: meanings.pop() for key, meanings in sorted(found.items()) if len(meanings) == 1}


def is_worded(field: str, value: Value) -> bool:
    """Tell whether what was understood follows from the words alone.

    Parameters
    ----------
    field : str
        Field.
    value : Value
        Its value.

    Returns
    -------
    bool
        False if there is no word, or a note that depends on the row.
    """
    kinds = WORDED.get(field, frozenset())
    return bool(value.notes) and bool(_words(value)) and all(note.code in kinds for note in value.notes)


def _settled(row: CameraRow, names: Sequence[str]) -> CameraRow:
    return row.with_values({name: confirmed(row.values[name]) for name in names}) if names else row


def _words(value: Value) -> str:
    return " ".join(value.raw.lower().split())


def _key(field: str, value: Value) -> tuple[object, ...]:
    codes = tuple(dict.fromkeys(note.code for note in value.notes))
    return (field, codes, _words(value), str(value.value)) if is_worded(field, value) else (field, codes, "", "")


def _group(field: str, values: Sequence[Value]) -> GuessGroup:
    first = values[0]
    codes = tuple(dict.fromkeys(note.code for note in first.notes))
    return GuessGroup(field, codes, first.raw, str(first.value), is_worded(field, first), len(values))


def _group_key(group: GuessGroup) -> tuple[object, ...]:
    words = " ".join(group.raw.lower().split())
    return (group.field, group.codes, *((words, group.meaning) if group.is_worded else ("", "")))

"""The same camera twice, in the file or against the register: evidence added up, with the reasons in words.

No single sign decides. On one junction cameras stand five metres apart under one name; a list that was copied gives
one camera two names. So distance, direction, owner, stream and name are weighed together (as in record linkage,
Fellegi and Sunter 1969: the weights are rounded log-odds), and a name alone never makes a pair.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from rapidfuzz import fuzz
from scipy.spatial import cKDTree

from cctv.importers.cameras.directions import direction_text
from cctv.importers.cameras.values import Note

LIKELY, POSSIBLE = 3.5, 2.0
FAR_M = 40.0
_DISTANCE = ((1.0, 3.0), (4.0, 2.5), (8.0, 2.0), (15.0, 1.0), (25.0, -1.0), (FAR_M, -2.5))
_SAME_WAY_DEG, _OTHER_WAY_DEG = 30.0, 60.0
_ALIKE, _UNLIKE = 88, 60
#: An address that more than this many cameras give is that of a recorder or a portal, not of a camera.
_MOST_SHARING = 3


@dataclass(frozen=True)
class Twin:
    """One camera as far as duplicates go.

    Attributes
    ----------
    key : str
        Row of the file, or id in the register.
    name : str
        Name of the camera with its direction.
    x_m, y_m : float
        EPSG:32749 [m]; NaN if it has no position.
    error_m : float
        How far the position may be off [m].
    azimuth_deg : float
        NaN if unknown.
    agency_id : str
        Owner; empty if unknown.
    stream : str
        Address, or anything that is equal for equal addresses; empty if unknown.
    group : str
        Cameras of one record or one point of the register are never duplicates of each other.
    """

    key: str
    name: str
    x_m: float
    y_m: float
    error_m: float
    azimuth_deg: float
    agency_id: str
    stream: str
    group: str


@dataclass(frozen=True)
class Pair:
    """Two that may be one.

    Attributes
    ----------
    first, second : str
        Keys; ``first`` is a row of the file, ``second`` an earlier row or a camera of the register.
    verdict : {"likely", "possible"}
        How sure it is.
    score : float
        Sum of the evidence.
    reasons : tuple of Note
        ``importing.twin.<code>``.
    """

    first: str
    second: str
    verdict: Literal["likely", "possible"]
    score: float
    reasons: tuple[Note, ...]


def find_pairs(rows: Sequence[Twin], register: Sequence[Twin]) -> list[Pair]:
    """Find the rows that are in the register already, or earlier in the file.

    Parameters
    ----------
    rows : sequence of Twin
        Cameras of the file, in its order.
    register : sequence of Twin
        Cameras of the register.

    Returns
    -------
    list of Pair
        By row, the strongest first; each row at most with one camera of the register and one earlier row.
    """
    everyone = [*register, *rows]
    shared = Counter(twin.stream for twin in everyone if twin.stream)
    order = {id(twin): at for at, twin in enumerate(everyone)}
    best: dict[tuple[str, bool], Pair] = {}
    n_register = len(register)
    for one, two in _neighbours(everyone):
        late, early = (one, two) if order[id(one)] > order[id(two)] else (two, one)
        if order[id(late)] < n_register or late.group == early.group:
            continue
        pair = _weighed(late, early, shared)
        place = (late.key, order[id(early)] < n_register)
        if pair is not None and _is_better(pair, best.get(place)):
            best[place] = pair
    rank = {row.key: at for at, row in enumerate(rows)}
    return sorted(best.values(), key=lambda pair: (rank[pair.first], -pair.score, pair.second))


def _is_better(pair: Pair, known: Pair | None) -> bool:
    """Prefer the stronger pair; of two equal ones the one with the smaller key."""
    return known is None or (pair.score, known.second) > (known.score, pair.second)


def _neighbours(everyone: Sequence[Twin]) -> Iterable[tuple[Twin, Twin]]:
    """Give all pairs worth a look: near each other, or with one stream, or both without a place and of one name."""
    placed = [twin for twin in everyone if not math.isnan(twin.x_m)]
    seen: set[tuple[int, int]] = set()
    pairs: list[tuple[Twin, Twin]] = []
    if placed:
        tree = cKDTree(np.array([[twin.x_m, twin.y_m] for twin in placed]))
        pairs += [(placed[i], placed[j]) for i, j in sorted(tree.query_pairs(FAR_M))]
    by_stream: dict[str, list[Twin]] = defaultdict(list)
    by_name: dict[tuple[str, str], list[Twin]] = defaultdict(list)
    for twin in everyone:
        if twin.stream:
            by_stream[twin.stream].append(twin)
        if math.isnan(twin.x_m):
            by_name[" ".join(twin.name.lower().split()), twin.agency_id].append(twin)
    for group in [*by_stream.values(), *by_name.values()]:
        if 1 < len(group) <= 2 * _MOST_SHARING:
            pairs += [(one, two) for at, one in enumerate(group) for two in group[at + 1 :]]
    for one, two in pairs:
        mark = (id(one), id(two))
        if mark not in seen:
            seen.add(mark)
            yield one, two


def _weighed(late: Twin, early: Twin, shared: Counter[str]) -> Pair | None:
    reasons: list[tuple[float, Note]] = [
        evidence
        for evidence in (
            _stream(late, early, shared), _distance(late, early), _direction(late, early), _owner(late, early),
            _names(late, early),
        )
        if evidence is not None
    ]  # fmt: skip
    codes = {note.code for _, note in reasons}
    score = sum(weight for weight, _ in reasons)
    if "same_stream" not in codes and "distance" not in codes:
        # Neither place nor address: equal name, direction and owner are worth a look and never more.
        score = POSSIBLE if {"same_direction", "same_owner"} <= codes and score > 0 else 0.0
    if score < POSSIBLE:
        return None
    verdict: Literal["likely", "possible"] = "likely" if score >= LIKELY else "possible"
    return Pair(late.key, early.key, verdict, score, tuple(note for _, note in reasons))


def _stream(one: Twin, two: Twin, shared: Counter[str]) -> tuple[float, Note] | None:
    if not one.stream or not two.stream or max(shared[one.stream], shared[two.stream]) > _MOST_SHARING:
        return None
    if one.stream == two.stream:
        return 8.0, Note("same_stream")
    return -5.0, Note("other_stream")


def _distance(one: Twin, two: Twin) -> tuple[float, Note] | None:
    if math.isnan(one.x_m) or math.isnan(two.x_m):
        return None
    metres = math.hypot(one.x_m - two.x_m, one.y_m - two.y_m)
    # Positions that are rounded or guessed say less, for and against.
    weight = next((weight for limit, weight in _DISTANCE if metres <= limit), -4.0)
    if max(one.error_m, two.error_m) > 2 * FAR_M:
        weight = min(weight, 0.5)
    return weight, Note("distance", {"m": round(metres)})


def _direction(one: Twin, two: Twin) -> tuple[float, Note] | None:
    if math.isnan(one.azimuth_deg) or math.isnan(two.azimuth_deg):
        return None
    turn = abs((one.azimuth_deg - two.azimuth_deg + 180) % 360 - 180)
    if turn <= _SAME_WAY_DEG:
        return 1.5, Note("same_direction")
    return (-6.0 if turn >= _OTHER_WAY_DEG else -2.0), Note("other_direction", {"degrees": round(turn)})


def _owner(one: Twin, two: Twin) -> tuple[float, Note] | None:
    if not one.agency_id or not two.agency_id:
        return None
    return (0.5, Note("same_owner")) if one.agency_id == two.agency_id else (-2.5, Note("other_owner"))


def _names(one: Twin, two: Twin) -> tuple[float, Note] | None:
    plain = [direction_text(twin.name)[0].lower() for twin in (one, two)]
    if not all(plain):
        return None
    likeness = fuzz.token_set_ratio(*plain)
    if likeness >= _ALIKE:
        return 1.0, Note("same_name")
    return (-1.5, Note("other_name")) if likeness < _UNLIKE else (0.0, Note("similar_name"))

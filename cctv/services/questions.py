"""Questions about coverage: from which level, by day or at night, which cameras count; answered from one situation."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from cctv.errors import CctvError
from cctv.services import situation
from cctv.services.runtime import Runtime
from cctv.services.situation import Situation
from coverage.conditions import Conditions, limits_of
from coverage.counted import Counted
from coverage.levels import Scale, level_scale
from coverage.shares import CoverageState, measure

Basis = Literal["alive", "designed"]
SCALE: Scale = "iec-2025"
LEVELS = tuple(level.key for level in level_scale(SCALE).levels)
MOST_KEPT = 32


@dataclass(frozen=True)
class Question:
    """What is asked about coverage.

    Attributes
    ----------
    level : str
        Coarsest level of IEC 62676-4:2025 that is enough; empty for any picture.
    is_night : bool
        Whether only the light of the cameras themselves helps.
    basis : {"alive", "designed"}
        Cameras that work, or all that are not removed.
    owners : frozenset of str
        Agencies whose cameras count; empty for all.
    """

    level: str = ""
    is_night: bool = False
    basis: Basis = "alive"
    owners: frozenset[str] = frozenset()

    @property
    def conditions(self) -> Conditions:
        """The same for the engine."""
        return Conditions(self.level or None, SCALE, self.is_night)

    def query(self) -> dict[str, str]:
        """Write the question for the address of a map layer.

        Returns
        -------
        dict of str to str
            Names and values; what is usual is left out.
        """
        words = {
            "tingkat": self.level, "malam": "1" if self.is_night else "",
            "dasar": "" if self.basis == "alive" else self.basis, "pemilik": ",".join(sorted(self.owners)),
        }  # fmt: skip
        return {name: value for name, value in words.items() if value}

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Question":
        """Read a question from the address of a map layer.

        Parameters
        ----------
        query : mapping of str to str
            Names and values.

        Returns
        -------
        Question
            What they ask.

        Raises
        ------
        CctvError
            If a level or a basis is not known (``bad_query``).
        """
        level, basis = query.get("tingkat", ""), query.get("dasar", "") or "alive"
        if level and level not in LEVELS:
            raise CctvError("bad_query", f"tingkat={level!r}, expected {LEVELS}")
        if basis not in ("alive", "designed"):
            raise CctvError("bad_query", f"dasar={basis!r}, expected alive or designed")
        owners = frozenset(name for name in query.get("pemilik", "").split(",") if name)
        return cls(level, query.get("malam") == "1", basis, owners)

    def __str__(self) -> str:
        return urlencode(self.query())


USUAL = Question()


@dataclass(frozen=True, eq=False)
class Answer:
    """What a question finds.

    Attributes
    ----------
    question : Question
        What was asked.
    situation : Situation
        What it was asked about.
    chosen : ndarray of bool, shape (n,)
        Cameras that count.
    state : CoverageState
        How much they watch.
    designed : CoverageState
        The same if all cameras of these owners worked.
    gaps : GeoDataFrame
        Ranked gaps.
    """

    question: Question
    situation: Situation
    chosen: NDArray[np.bool_]
    state: CoverageState
    designed: CoverageState
    gaps: gpd.GeoDataFrame

    def counted(self, chosen: NDArray[np.bool_] | None = None) -> Counted:
        """Count again under the same conditions.

        Parameters
        ----------
        chosen : ndarray of bool, shape (n,), optional
            Other cameras than those of the question.

        Returns
        -------
        Counted
            What they see.
        """
        found = self.situation
        limits = limits_of(found.sightings, self.question.conditions)
        return Counted(found.base.public, found.sightings, self.chosen if chosen is None else chosen, limits)


_answers: OrderedDict[tuple[str, Question], Answer] = OrderedDict()


def ask(runtime: Runtime, question: Question = USUAL) -> Answer:
    """Answer a question about the present situation; the same question is answered once.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    question : Question
        What is asked.

    Returns
    -------
    Answer
        Shared by all sessions.

    Raises
    ------
    GeodataError
        If the city layers cannot be read.
    CoverageError
        If a camera or a layer cannot be used.
    """
    with runtime.lock:
        found = situation.current(runtime)
        key = (found.fingerprint, question)
        if key not in _answers:
            _answers[key] = _answer(found, question)
            while len(_answers) > MOST_KEPT:
                _answers.popitem(last=False)
        return _answers[key]


def _answer(found: Situation, question: Question) -> Answer:
    wanted = _of_owners(found, question)
    chosen = wanted & found.is_alive if question.basis == "alive" else wanted
    if question == USUAL:
        return Answer(question, found, chosen, found.alive, found.designed, found.gaps)
    public, sightings, conditions = found.base.public, found.sightings, question.conditions
    state = measure(public, sightings, chosen, conditions)
    designed = state if question.basis == "designed" else measure(public, sightings, wanted, conditions)
    gaps = found.base.gap_finder.find(state.n_certain + state.n_possible > 0)
    return Answer(question, found, chosen, state, designed, gaps)


def _of_owners(found: Situation, question: Question) -> NDArray[np.bool_]:
    if not question.owners:
        return np.ones(len(found.cameras), np.bool_)
    return np.array([camera.agency_id in question.owners for _, camera in found.cameras], np.bool_)

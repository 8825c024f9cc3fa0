"""Incidents in words: how a camera sees the place, whether it works, what a line of the time line says."""

from typing import Protocol

from cctv.i18n import number, t
from cctv.registry.incidents import Entry


class Sees(Protocol):
    """A camera and how it sees a place."""

    @property
    def sight(self) -> str: ...  # noqa: D102
    @property
    def distance_m(self) -> float: ...  # noqa: D102
    @property
    def level(self) -> str: ...  # noqa: D102


def sight_words(one: Sees) -> str:
    """Say how a camera sees a place.

    Parameters
    ----------
    one : Sees
        A camera found for the place.

    Returns
    -------
    str
        How surely, from how far, how finely.
    """
    words = f"{t(f'incident.sight_{one.sight}')}, {number(one.distance_m)} m"
    return f"{words}, {one.level.capitalize()}" if one.level else words


def state_words(*, works: bool) -> str:
    """Say whether a camera works.

    Parameters
    ----------
    works : bool
        Whether it does.

    Returns
    -------
    str
        In words.
    """
    return t("incident.works" if works else "incident.works_not")


def entry_words(one: Entry) -> str:
    """Say what a line of the time line says.

    Parameters
    ----------
    one : Entry
        The line.

    Returns
    -------
    str
        A note as it was written; what was done in words.
    """
    return one.words if one.kind == "note" else t(f"incident.entry_{one.kind}", words=one.words)

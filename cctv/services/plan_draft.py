"""A plan while somebody arranges its points on the map: which are free, locked, forbidden, moved or added."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from cctv.registry.plan_models import Hand, Plan, Spot

State = Literal["free", "forced", "forbidden", "placed"]


@dataclass(frozen=True)
class Mark:
    """A camera on the map.

    Attributes
    ----------
    key : str
        Name that stays while it is arranged.
    spot : Spot
        Where it stands now.
    state : {"free", "forced", "forbidden", "placed"}
        Chosen by the computation, locked, not wanted, or put there by a person.
    rank : int
        In the plan; 0 for one that it does not have.
    origin : Spot or None
        Candidate that it was before somebody moved it.
    """

    key: str
    spot: Spot
    state: State
    rank: int = 0
    origin: Spot | None = None


def marks_of(plan: Plan) -> tuple[Mark, ...]:
    """Lay out the points of a plan, and the candidates that were forbidden in it.

    Parameters
    ----------
    plan : Plan
        Which plan.

    Returns
    -------
    tuple of Mark
        By rank, then the forbidden ones.
    """
    hand = plan.run.hand
    states: dict[Spot, State] = {**dict.fromkeys(hand.forced, "forced"), **dict.fromkeys(hand.placed, "placed")}
    points = [Mark(f"t{p.rank}", p.spot, states.get(p.spot, "free"), p.rank) for p in plan.points]
    return (*points, *(Mark(f"x{n}", spot, "forbidden") for n, spot in enumerate(hand.forbidden)))


def added(marks: Sequence[Mark], spot: Spot) -> tuple[Mark, ...]:
    """Add a camera by hand.

    Parameters
    ----------
    marks : sequence of Mark
        What is there.
    spot : Spot
        The camera.

    Returns
    -------
    tuple of Mark
        With the new one last.
    """
    number = 1 + max((int(mark.key[1:]) for mark in marks if mark.key.startswith("b")), default=0)
    return (*marks, Mark(f"b{number}", spot, "placed"))


def changed(marks: Sequence[Mark], key: str, spot: Spot) -> tuple[Mark, ...]:
    """Move a camera, turn it, or make it another model: from now on it is one that a person has placed.

    Parameters
    ----------
    marks : sequence of Mark
        What is there.
    key : str
        Which one.
    spot : Spot
        What it is now.

    Returns
    -------
    tuple of Mark
        In the same order.
    """
    return tuple(
        replace(mark, spot=spot, state="placed",
                origin=mark.origin or (None if mark.state == "placed" else mark.spot))
        if mark.key == key else mark
        for mark in marks
    )  # fmt: skip


def marked(marks: Sequence[Mark], key: str, state: State) -> tuple[Mark, ...]:
    """Lock, forbid or free a camera; one that a person has added is taken away when it is forbidden.

    Parameters
    ----------
    marks : sequence of Mark
        What is there.
    key : str
        Which one.
    state : {"free", "forced", "forbidden"}
        What it becomes. A moved one that is freed or forbidden stands where it was before.

    Returns
    -------
    tuple of Mark
        In the same order.
    """
    kept: list[Mark] = []
    for mark in marks:
        if mark.key != key:
            kept.append(mark)
        elif mark.state != "placed" or mark.origin is not None:
            kept.append(replace(mark, spot=mark.origin or mark.spot, state=state, origin=None))
    return tuple(kept)


def hand_of(marks: Sequence[Mark], *, keeps_others: bool) -> Hand:
    """Say what the next computation is asked for.

    Parameters
    ----------
    marks : sequence of Mark
        What is there.
    keeps_others : bool
        Whether the free points of the plan stay as well.

    Returns
    -------
    Hand
        The pole that a moved point has left is not used again.
    """
    locked = ("forced", "free") if keeps_others else ("forced",)
    left = [mark.origin for mark in marks if mark.origin is not None]
    return Hand(
        forced=tuple(mark.spot for mark in marks if mark.state in locked),
        forbidden=(*(mark.spot for mark in marks if mark.state == "forbidden"), *left),
        placed=tuple(mark.spot for mark in marks if mark.state == "placed"),
    )

"""From the list of owners to the cameras that are joined: how many have come how far, in all and per kelurahan."""

from collections.abc import Sequence

import pandas as pd

from cctv.registry.owner_steps import OwnerStep
from cctv.registry.owners import Owner

#: Stages of the way, each with the states that have come at least so far and have not turned back.
STAGES = {
    "recorded": ("recorded", "letter_sent", "agreed", "declined", "technical_check", "integrated", "withdrawn"),
    "letter_sent": (),
    "agreed": ("agreed", "technical_check", "integrated"),
    "technical_check": ("technical_check", "integrated"),
    "integrated": ("integrated",),
}


def funnel(owners: Sequence[Owner], steps: Sequence[OwnerStep]) -> pd.DataFrame:
    """Count owners per stage: a yes that was taken back does not count, a letter that was sent does.

    Parameters
    ----------
    owners : sequence of Owner
        Whom to count.
    steps : sequence of OwnerStep
        Their steps.

    Returns
    -------
    DataFrame
        ``stage``, ``owners``, ``share`` of those that were recorded (0 to 1, 0 without any), ``stated`` and
        ``unstated``: cameras these owners say they have, and owners that have not said.
    """
    lettered = {step.owner_id for step in steps if step.stands and step.to_state == "letter_sent"}
    rows: list[dict[str, object]] = []
    for stage, states in STAGES.items():
        there = [o for o in owners if (o.owner_id in lettered if stage == "letter_sent" else o.state in states)]
        rows.append(
            {
                "stage": stage, "owners": len(there), "share": len(there) / len(owners) if owners else 0.0,
                "stated": sum(owner.cameras_stated or 0 for owner in there),
                "unstated": sum(owner.cameras_stated is None for owner in there),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def by_kelurahan(owners: Sequence[Owner]) -> pd.DataFrame:
    """Count owners per kelurahan and present state.

    Parameters
    ----------
    owners : sequence of Owner
        Whom to count.

    Returns
    -------
    DataFrame
        ``kelurahan`` (empty where nobody has said), ``state``, ``owners``; only what occurs, by name and state.
    """
    frame = pd.DataFrame([(o.kelurahan, o.state) for o in owners], columns=["kelurahan", "state"])
    return frame.groupby(["kelurahan", "state"], as_index=False).size().rename(columns={"size": "owners"})

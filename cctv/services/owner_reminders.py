"""Whose next step is due: letters without an answer, checks that have not begun or not ended."""

from dataclasses import dataclass
from datetime import timedelta

from cctv.registry.letters import letter_rule
from cctv.registry.models import Account
from cctv.registry.owners import Owner
from cctv.services.owners import owners_for
from cctv.services.price_list import today_here
from cctv.services.runtime import Runtime


@dataclass(frozen=True)
class Reminder:
    """An owner whose next step is due.

    Attributes
    ----------
    owner : Owner
        Whose.
    kind : {"reply", "check", "integrate"}
        What is waited for: an answer, the technical check, its end.
    days_over : int
        Days since it was due.
    """

    owner: Owner
    kind: str
    days_over: int


def reminders(runtime: Runtime, account: Account) -> list[Reminder]:
    """List whose next step is due.

    Parameters
    ----------
    runtime : Runtime
        Open process.
    account : Account
        Who asks.

    Returns
    -------
    list of Reminder
        The longest overdue first.

    Raises
    ------
    AccessError
        If the role does not allow it.
    """
    rule, today = letter_rule(runtime.registry), today_here()
    waits = {
        "letter_sent": ("reply", rule.reply_days), "agreed": ("check", rule.reply_days),
        "technical_check": ("integrate", rule.check_days),
    }  # fmt: skip
    found: list[Reminder] = []
    for owner in owners_for(runtime, account):
        if owner.state in waits:
            kind, days = waits[owner.state]
            over = (today - owner.state_on - timedelta(days=days)).days
            found += [Reminder(owner, kind, over)] if over >= 0 else []
    return sorted(found, key=lambda reminder: (-reminder.days_over, reminder.owner.name, reminder.owner.owner_id))

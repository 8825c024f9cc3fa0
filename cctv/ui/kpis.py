"""The strip of numbers above a map: each named in full, with what it means and where it comes from."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from cctv.i18n import percent, t
from cctv.services import situation
from cctv.ui import session


@dataclass(frozen=True)
class Kpi:
    """One number.

    Attributes
    ----------
    value : str
        The number as written for people.
    label : str
        What is counted or measured.
    note : str
        Interval, kind or date that must not be read without it.
    meaning : str
        One sentence, shown on hover.
    """

    value: str
    label: str
    note: str = ""
    meaning: str = ""


def kpi_strip(kpis: Sequence[Kpi]) -> None:
    """Draw the strip.

    Parameters
    ----------
    kpis : sequence of Kpi
        Numbers, most important first.
    """
    cells = "".join(
        f'<div class="kpi" title="{escape(kpi.meaning)}"><b>{escape(kpi.value)}</b><span>{escape(kpi.label)}</span>'
        + (f"<small>{escape(kpi.note)}</small>" if kpi.note else "")
        + "</div>"
        for kpi in kpis
    )
    st.html(f'<div class="kpis">{cells}</div>')


def watched_kpi() -> Kpi:
    """Give the share of public space that is watched, or that it is still being computed.

    Returns
    -------
    Kpi
        With its interval; never a number without it.
    """
    found = situation.peek(session.runtime())
    if found is None:
        return Kpi(t("kpi.watched_wait"), t("kpi.watched"), t("kpi.watched_wait_note"))
    share = found.alive.covered_area_share
    value = t("gaps.interval", low=percent(share.low), high=percent(share.high))
    return Kpi(value, t("kpi.watched"), t("kpi.watched_note"), t("kpi.watched_meaning"))

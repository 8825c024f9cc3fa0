"""The strip of numbers above a map: each named in full, with what it means and where it comes from."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st


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
